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
from tests.layouts.parts import PARTS, draw
from tests.layouts.trial import try_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.layouts.known_failures import KnownFailure
    from tests.layouts.parts import Plan
    from tests.layouts.trial import Trial

_COLUMN = "a column that this kind of form does not have is called missing"
_NO_END = "rows below a block without a total are read as indicators"
_GOALS = "实际完成情况 in the row above the header is taken for the header of the actuals"
_WORD = "a word that no list knows costs what it stands for"
_BESIDES = "the fault's consequences are said beside it"
_BLANK = "a blank that is asked for everywhere is not named"

UNSUPPORTED: Final[Sequence[tuple[Mapping[str, str], str]]] = (
    ({"department": "title"}, "a department that only the title names is not found"),
    ({"department": "file name"}, "the label of a department that the file name gives is called missing"),
    ({"department": "implementer only"}, "a department named as 实施单位 only is not found"),
    ({"department": "reporting line"}, "a project's department named as 填报单位 only is not found"),
    ({"division": "no execution"}, _COLUMN),
    ({"division": "90 without it"}, _COLUMN),
    ({"funds columns": "no points"}, _COLUMN),
    ({"funds columns": "no rate"}, _COLUMN),
    ({"funds shape": "below"}, "figures below their headers, in a row without a name, are not read"),
    ({"funds shape": "beside"}, "figures beside their headers are not read"),
    ({"funds words": "invented"}, _WORD),
    ({"funds words": "one invented"}, _WORD),
    ({"indicator words": "invented"}, _WORD),
    ({"indicator words": "one invented"}, _WORD),
    ({"item words": "invented"}, _WORD),
    ({"item words": "one invented"}, _WORD),
    ({"names": "invented"}, _WORD),
    ({"names": "one invented"}, _WORD),
    ({"total words": "invented"}, _WORD),
    ({"total words": "one invented"}, _WORD),
    ({"levels": "no first"}, _COLUMN),
    ({"levels": "no second"}, _COLUMN),
    ({"levels": "none"}, _COLUMN),
    ({"levels": "one header"}, "three levels under one header are not told apart"),
    ({"points": "level headings"}, _COLUMN),
    ({"points": "no scores"}, _COLUMN),
    ({"points": "none"}, _COLUMN),
    ({"sources": "free"}, "sources of money that no list knows are no lines of their own"),
    ({"sources": "of which"}, "sources of money that no list knows are no lines of their own"),
    ({"target": "unit twice"}, "a unit in the figure's cell and in its own is joined twice"),
    ({"total": "head"}, "a total in the head of the form is not read"),
    ({"total": "none", "foot": "remarks"}, _NO_END),
    ({"total": "none", "foot": "all"}, _NO_END),
    ({"total": "none", "grade": "row"}, _NO_END),
    ({"total": "none", "goals": "after indicators"}, _NO_END),
    ({"goals": "beside", "widths": "wide"}, _GOALS),
    ({"goals": "beside", "widths": "merged"}, _GOALS),
    ({"goals": "beside", "columns": "further"}, _GOALS),
    ({"company": "beside", "title": "annex above"}, "of two forms side by side one is lost"),
    ({"company": "beside", "heading": "inline"}, "of two forms side by side one is lost"),
    ({"company": "stacked", "heading": "inline"}, "of two forms under each other one is lost"),
    ({"grade": "head", "total words": "synonyms"}, "a grade beside the total in the head is not read"),
    ({"actual": "percent format", "target": "three cells"}, "a percentage beside a unit column reads 92%%"),
)
"""Options, alone or together, with what goes wrong."""

UNSUPPORTED_FAULTS: Final[Mapping[str, str]] = {
    "blank annual budget": _BLANK,
    "blank executed": _BLANK,
    "blank rate": _BLANK,
    "blank total": _BLANK,
    "blank grade": _BLANK,
    "blank project": _BLANK,
    "hint in a project's name": "a hint anywhere in a text is not named",
    "hint in a target": "a hint anywhere in a text is not named",
    "hint in an actual": "a hint anywhere in a text is not named",
    "decimal slip": _BESIDES,
    "negative score": _BESIDES,
    "negative amount": _BESIDES,
    "wrong total": _BESIDES,
    "unit slip": _BESIDES,
    "row gone": _BESIDES,
    "no budget": _BESIDES,
    "execution score too high, total right": _BESIDES,
    "execution score above weight": _BESIDES,
    "no reason for a low rate": "the national scheme asks for none yet",
    "row twice": "a row that says what another says is not named",
    "words for a number": "words beside a target in figures are left to a person",
}
"""Kinds of fault that are not found exactly, with what goes wrong."""

UNSUPPORTED_WITH: Final[Sequence[tuple[str, Mapping[str, str], str]]] = (
    ("weights do not add up", {"breakdown": "rows without points"}, "rows without points hide it"),
    ("row gone", {"breakdown": "rows without points"}, "rows without points hide it"),
    ("total too low", {"breakdown": "rows without points"}, "rows without points hide it"),
    ("total is full marks", {"breakdown": "rows without points"}, "rows without points hide it"),
    ("wrong total of weights", {"breakdown": "rows without points"}, "rows without points hide it"),
    ("another year", {"offset": "columns"}, "named at the first column, not at the title"),
    ("another year", {"offset": "both"}, "named at the first column, not at the title"),
    ("blank department", {"company": "stacked"}, "filled with that of the other form in the sheet"),
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
    assert all(option in PARTS[part] for options in AVOIDED for part, option in options.items())
    assert set(UNSUPPORTED_FAULTS) <= set(FAULTS)
