from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.catalog.loading.seeds import form_ids, form_path, scheme_ids, scheme_path, seeds_folder
from jixiao.catalog.loading.sources import Source, merge_layers
from jixiao.catalog.toml_writing import difference, same, toml_text, updated_text

SEEDS = seeds_folder()
SHIPPED = [
    *(scheme_path(each, SEEDS) for each in scheme_ids(SEEDS)),
    *(form_path(each, SEEDS) for each in form_ids(SEEDS)),
    SEEDS / "findings.toml",
    SEEDS / "lexicon.toml",
]
WRITTEN = """\
# 本方案由绩效处维护
score_places = 2  # 厅长办公会定的

# ---- 预算执行 ----
[execution]
# 执行率低于此数要说明
reason_below = 90
rate_places = 2

# ---- 等级 ----
[[grades]]
grade = "优"
low = 90  # 比国家高

[[grades]]
grade = "差"
low = 0
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_data_come_back_from_their_text(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]  # a path of SHIPPED
    data = tomllib.loads(text, parse_float=Decimal)
    assert tomllib.loads(toml_text(data), parse_float=Decimal) == data
    assert updated_text(text, data, {}) == text


def test_a_new_text_has_values_before_tables_and_long_arrays_in_lines() -> None:
    data = {
        "rules": {"one": {"steps": [{"bound": Decimal("0.90"), "inner": {"x": 1}, "score": 2}]}},
        "title": "甲",
        "mixed": [{"a": 1}, 2],
        "forms": ["long-name-of-a-form"] * 5,
    }
    assert toml_text(data) == "\n".join(
        [
            'title = "甲"',
            "mixed = [{a = 1}, 2]",
            "forms = [",
            *(['    "long-name-of-a-form",'] * 5),
            "]",
            "",
            "[[rules.one.steps]]",
            "bound = 0.90",
            "score = 2",
            "",
            "[rules.one.steps.inner]",
            "x = 1",
        ]
    )


def test_only_what_changes_is_touched() -> None:
    wanted = {
        "score_places": 1,
        "execution": {"reason_below": Decimal("85.5"), "rate_places": 2},
        "grades": [{"grade": "优", "low": 92}, {"grade": "差", "low": 0}],
    }
    assert updated_text(WRITTEN, wanted, {}) == (
        WRITTEN.replace("score_places = 2", "score_places = 1")
        .replace("reason_below = 90", "reason_below = 85.5")
        .replace("low = 90", "low = 92")
    )


def test_what_need_not_be_said_stays_where_it_is_true() -> None:
    also = {"score_places": Decimal("2.0"), "execution": {"reason_below": 80, "rate_places": 2}, "other": 1}
    assert updated_text(WRITTEN, {}, also) == (
        "# 本方案由绩效处维护\nscore_places = 2  # 厅长办公会定的\n\n# ---- 预算执行 ----\n[execution]\n"
        "# 执行率低于此数要说明\nrate_places = 2\n\n# ---- 等级 ----\n"
    )


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (Decimal("80.0"), 80, True),
        ("1.25", Decimal("1.250"), True),
        ("一", "二", False),
        (True, 1, False),
        ({"a": [1]}, {"a": [Decimal(1)]}, True),
        ([1, 2], [1], False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_values_are_compared_by_what_they_mean(one: object, other: object, *, equal: bool) -> None:
    assert same(one, other) is equal


def test_tables_within_arrays_of_arrays_have_no_header() -> None:
    data: dict[str, object] = {"rows": [[{"a": "0"}], [{"b": [{"c": 1}]}]]}
    assert tomllib.loads(toml_text(data)) == data


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
