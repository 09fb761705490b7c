"""The laws of layouts: right forms are read as filled in and accused of nothing; one fault, one finding.

`UNSUPPORTED` is what the program does not do yet, to be emptied. A failure prints the fewest parts that still
fail and how to look at that form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.layouts.failures import classify, described
from tests.layouts.faults import FAULTS
from tests.layouts.known_failures import known_failures
from tests.layouts.nightly import needed, plain_plan
from tests.layouts.parts import OVERALL, PARTS, PROJECT, TRANSFER, draw
from tests.layouts.trial import try_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.layouts.known_failures import KnownFailure
    from tests.layouts.parts import Plan
    from tests.layouts.trial import Trial

_PLACE = "named at the first column, not at the title"
_UNTOLD = "an unknown word over a column without a fitting figure is not told"
_BESIDES = "the fault's consequences are said beside it"

UNSUPPORTED: Final[Sequence[tuple[Mapping[str, str], str]]] = (
    (
        {"blocks": "two with headers", "captions": "all", "indicator words": "invented"},
        "the second block's header is read as a row",
    ),
    (
        {"breakdown": "rows without points", "nil": "blank", "total": "head"},
        "其中 rows are asked for weights",
    ),
)
"""Options, alone or together, with what goes wrong."""

UNSUPPORTED_FAULTS: Final[Mapping[str, str]] = {
    "blank department": "the implementer is taken for it",
    "hint in an actual": _BESIDES,
    "row twice": "a row that says what another says is not named",
}
"""Kinds of fault that are not found exactly, with what goes wrong."""

UNSUPPORTED_WITH: Final[Sequence[tuple[str, Mapping[str, str], str]]] = (
    ("wrong total", {"item words": "invented"}, _BESIDES),
    ("amount for a rate", {"funds words": "invented"}, _UNTOLD),
    ("text for a rate", {"funds words": "invented"}, _UNTOLD),
    ("blank rate", {"funds words": "invented"}, _UNTOLD),
    ("blank annual budget", {"funds words": "one invented", "funds shape": "below"}, _UNTOLD),
    ("negative amount", {"funds shape": "below"}, _BESIDES),
    ("unit slip", {"item words": "invented"}, _BESIDES),
    ("row gone", {"level words": "points"}, _BESIDES),
    ("row gone", {"level words": "points in a line"}, _BESIDES),
    ("weights do not add up", {"level words": "points"}, _BESIDES),
    ("weights do not add up", {"level words": "points in a line"}, _BESIDES),
    ("blank project", {"kind": "transfer"}, "not asked for"),
    ("another year", {"offset": "both"}, _PLACE),
    ("another year", {"offset": "columns"}, _PLACE),
    ("total is full marks", {"kind": "overall", "breakdown": "rows without points"}, "not found"),
    ("total is full marks", {"breakdown": "rows without points"}, "rows without points hide it"),
)
"""Kinds of fault that are not found exactly on some forms, with what goes wrong."""

AVOIDED: Final = tuple(options for options, _ in UNSUPPORTED)
_FORMS, _AT_ONCE, _PER_FAULT = 300, 25, 3


def _pass(tried: Sequence[Trial]) -> None:
    failed = [trial for trial in tried if not trial.passes]
    if failed:
        pytest.fail("\n".join(described(classify(failed))), pytrace=False)


@pytest.mark.parametrize("first", range(0, _FORMS, _AT_ONCE))
def test_right_forms_are_read_as_filled_in_and_accused_of_nothing(first: int) -> None:
    _pass([try_form(draw(seed, AVOIDED)) for seed in range(first, first + _AT_ONCE)])


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in UNSUPPORTED_FAULTS])
def test_one_fault_gives_one_finding(fault: str) -> None:
    plain = [try_form(plain_plan(seed, needed(fault)), fault) for seed in range(_PER_FAULT)]
    plans = [draw(seed, AVOIDED) for seed in range(_PER_FAULT)]
    drawn = [try_form(plan, fault) for plan in plans if _is_supported(plan, fault)]
    assert any(trial.verdict for trial in plain), "no form has a place for the fault"
    _pass([*plain, *drawn])


@pytest.mark.parametrize("failure", known_failures(), ids=lambda failure: failure.name)
def test_what_failed_once(failure: KnownFailure) -> None:
    if _is_supported(failure.plan, failure.fault):
        _pass([try_form(failure.plan, failure.fault)])


def _is_supported(plan: Plan, fault: str) -> bool:
    together = [options for kind, options, _ in UNSUPPORTED_WITH if kind == fault]
    return fault not in UNSUPPORTED_FAULTS and not any(_uses(plan, each) for each in (*AVOIDED, *together))


def _uses(plan: Plan, options: Mapping[str, str]) -> bool:
    return all(plan.of(part) == option for part, option in options.items())


def test_what_is_unsupported_exists() -> None:
    known = {**PARTS, "kind": (PROJECT, OVERALL, TRANSFER)}
    assert all(option in known[part] for options in AVOIDED for part, option in options.items())
    assert set(UNSUPPORTED_FAULTS) <= set(FAULTS)
