from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.catalog.loading.sources import Source, merge_layers
from jixiao.catalog.toml_writing import difference, same

NAMES = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.one_of(st.integers(0, 3), st.booleans(), st.lists(st.integers(0, 2), max_size=2))
MEMBERS = st.dictionaries(NAMES, VALUES, max_size=3)
SECTIONS = st.dictionaries(NAMES, st.one_of(VALUES, st.dictionaries(NAMES, MEMBERS, max_size=4)), max_size=4)


def merged(own: dict[str, object], parent: dict[str, object]) -> dict[str, object]:
    result, problems = merge_layers([Source("own.toml", "", own), Source("parent.toml", "", parent)])
    assert problems == ()
    result.pop("remove", None)
    return result


def in_order(value: object) -> object:
    """Tables of tables as lists, so that their order counts when they are compared."""
    if isinstance(value, dict):
        ordered = all(isinstance(each, dict) for each in value.values())
        inner = {key: in_order(each) for key, each in value.items()}
        return list(inner.items()) if ordered else inner
    return (type(value) is bool, value)


@given(SECTIONS, SECTIONS)
def test_what_differs_gives_the_whole_when_merged_again(
    wanted: dict[str, object], parent: dict[str, object]
) -> None:
    result = merged(difference(wanted, parent), parent)
    assert result.keys() == wanted.keys()
    assert {key: in_order(result[key]) for key in wanted} == {key: in_order(wanted[key]) for key in wanted}


@given(SECTIONS)
def test_nothing_differs_from_itself(data: dict[str, object]) -> None:
    assert difference(data, data) == {}


def test_only_what_differs_is_said() -> None:
    parent = {"places": 2, "rules": {"a": {"method": "x", "basis": "y"}, "b": {"method": "x"}}}
    wanted = {"places": 2, "rules": {"a": {"method": "z", "basis": "y"}}}
    assert difference(wanted, parent) == {"rules": {"a": {"method": "z"}}, "remove": ["rules.b"]}


def test_another_order_of_rules_is_kept() -> None:
    parent = {"rules": {"a": {"n": 1}, "b": {"n": 2}}}
    wanted = {"rules": {"b": {"n": 2}, "a": {"n": 1}}}
    assert difference(wanted, parent) == {"rules": {"a": {"n": 1}}, "remove": ["rules.a"]}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (Decimal("80.0"), 80, True),
        (True, 1, False),
        ({"a": [1]}, {"a": [Decimal(1)]}, True),
        ([1, 2], [1], False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_values_are_compared_by_what_they_mean(one: object, other: object, *, equal: bool) -> None:
    assert same(one, other) is equal
