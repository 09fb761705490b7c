from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.audit.settling.corrections import Corrector, most_audits
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.cells import CellRef
from jixiao.domain.findings import Finding, Judged, Place, Severity
from jixiao.pipeline.settings import wordings_of
from tests.builders.audits import errors, follow, proposals, settle
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_funds, with_indicator, with_total
from tests.builders.targets import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.submissions import Submission

GOOD = good_project(PROJECT)
WORDINGS = wordings_of((seeds_folder(),))


def cells(form: Submission, *more: Finding) -> dict[str, str]:
    return {ref.a1: value for ref, value in proposals(settle(form, more=more)).items()}


def booked(form: Submission, value: str) -> Finding:
    """X130 at the executed total, as the books' comparison gives it."""
    at = form.lines[0].entries["executed"].ref
    return Finding(
        code="X130", place=Place.at(at), subject=form.submission_id, label="全年执行数", expected=value
    )


def test_a_mended_score_is_carried_to_the_total() -> None:
    missed = with_indicator(GOOD, 0, actual=figure("9", "次"), reason="设备故障。")
    assert cells(missed) == {"E21": "15.00", "E26": "92.55"}


def test_a_booked_figure_is_carried_to_parts_rate_score_and_total() -> None:
    form = with_funds(GOOD, "carryover", initial_budget=None, annual_budget="—", executed=None)
    form = with_funds(form, "fiscal", initial_budget="410.50", annual_budget="400.00", executed="382.17")
    found = cells(form, booked(form, "372.17"))
    assert found == {"C11": "372.17", "C12": "372.17", "E11": "93.04%", "F11": "9.30", "E26": "97.30"}


def test_a_proposal_that_presumes_another_says_so() -> None:
    form = with_funds(GOOD, "carryover", initial_budget=None, annual_budget="—", executed=None)
    form = with_funds(form, "fiscal", initial_budget="410.50", annual_budget="400.00", executed="382.17")
    form = with_total(with_funds(form, "total", self_score="10"), self_score="98")
    judged = {each.finding.code: each for each in settle(form, more=[booked(form, "372.17")])}
    score = judged["S104"]
    assert (score.finding.expected, score.proposal) == ("9.55", "9.30")
    assert [(each.ref.a1, each.figure) for each in score.given] == [("C11", "372.17")]


def test_where_nobody_can_tell_which_part_to_change_no_figure_is_proposed() -> None:
    (judged,) = errors(settle(GOOD, more=[booked(GOOD, "372.17")]))
    assert (judged.finding.code, judged.is_open) == ("X130", True)
    assert proposals([judged]) == {}


def test_a_rate_that_fits_the_booked_figure_follows_from_the_executed_one() -> None:
    form = with_funds(GOOD, "fiscal", initial_budget=None, annual_budget=None, executed=None)
    form = with_funds(form, "carryover", initial_budget=None, annual_budget=None, executed=None)
    form = with_funds(form, "total", executed="372.17")
    (judged,) = errors(settle(form, more=[booked(form, "382.17")]))
    assert judged.finding.code == "X130"
    assert {each.finding.code for each in judged.consequences} >= {"A103", "S104"}


def test_a_total_that_was_added_up_with_the_right_score_follows_from_the_wrong_one() -> None:
    form = with_indicator(GOOD, 0, actual=figure("9", "次"), reason="设备故障。")
    (judged,) = errors(settle(with_total(form, self_score="92.55")))
    assert (judged.finding.code, judged.finding.expected) == ("S105", "15.00")
    assert [(each.finding.code, each.finding.place.cell) for each in judged.consequences] == [("S106", "E26")]
    assert judged.corrections == ()


AMOUNT = st.decimals(Decimal(1), Decimal(500), places=2).map(str)
POINTS = st.decimals(Decimal(0), Decimal(10), places=2).map(str)


@st.composite
def faulty(draw: st.DrawFn) -> Submission:
    """The good form with one or two faults in it."""
    form = GOOD
    for fault in draw(st.lists(st.sampled_from(range(6)), min_size=1, max_size=2, unique=True)):
        match fault:
            case 0:
                form = with_funds(form, "total", executed=draw(AMOUNT))
            case 1:
                form = with_funds(form, draw(st.sampled_from(["fiscal", "carryover"])), executed=draw(AMOUNT))
            case 2:
                form = with_funds(form, "total", execution_rate=draw(AMOUNT))
            case 3:
                form = with_funds(form, "total", self_score=draw(POINTS))
            case 4:
                actual = figure(str(draw(st.integers(1, 20))), "次")
                form = with_indicator(form, 0, actual=actual, reason="设备故障。")
            case _:
                form = with_total(form, self_score=draw(AMOUNT))
    return form


@settings(max_examples=60, deadline=None)
@given(faulty())
def test_who_follows_the_whole_list_has_no_error_left_that_a_figure_would_mend(form: Submission) -> None:
    judged = settle(form)
    opened = {(each.finding.code, each.finding.place) for each in errors(judged) if each.is_open}
    left = errors(settle(*follow([form], judged)))
    unexpected = [
        each.finding
        for each in left
        if WORDINGS[each.finding.code].figure and (each.finding.code, each.finding.place) not in opened
    ]
    assert unexpected == []


@settings(max_examples=30, deadline=None)
@given(faulty())
def test_whatever_is_wrong_nothing_is_lost(form: Submission) -> None:
    """Every finding of the checks is told: by itself, as a repeat or as a consequence."""
    judged = settle(form)
    told = {
        (one.code, one.place)
        for each in judged
        for part in (each, *each.consequences)
        for one in part.findings
    }
    assert told >= {(each.finding.code, each.finding.place) for each in settle(replace(form))}


def test_errors_that_lead_to_ever_more_cost_so_many_audits_and_stay_open() -> None:
    (found,) = errors(settle(GOOD, more=[booked(GOOD, "372.17")]))

    def at(cell: str) -> Judged:
        return replace(found, finding=replace(found.finding, place=Place("表.xlsx", "表", cell)))

    roots, asked = [at(f"B{row}") for row in range(1, 13)], count(1)

    def audit(figures: Mapping[CellRef, str]) -> list[Judged]:
        number = next(asked)
        open_yet = [each for each in roots if each.finding.ref not in figures]
        return [*open_yet, *([at(f"C{number}")] if figures else ())]

    judged = Corrector(audit, WORDINGS).correct(roots)
    assert [each.is_open for each in judged] == [True] * len(roots)
    assert next(asked) == 58


def _told(sheet: str, cell: str, expected: str, *evidence: CellRef, severity: Severity) -> Judged:
    """A finding that names a figure for its cell; S106 as an error, X106 as a doubt."""
    code = "S106" if severity is Severity.ERROR else "X106"
    at = Place("表.xlsx", sheet, cell)
    return Judged(
        finding=Finding(code=code, place=at, expected=expected, evidence=evidence), severity=severity
    )


@pytest.mark.parametrize(
    ("fixed", "further"),
    [(False, [("B1", "20"), ("C1", "20")]), (True, [("B1", "")])],
    ids=["goes on from form to form", "ends at a figure that is confirmed"],
)
def test_what_disagrees_once_an_error_is_mended_is_told_with_it(
    fixed: bool,  # noqa: FBT001 a case
    further: list[tuple[str, str]],
) -> None:
    own, other, whole = (CellRef("表.xlsx", sheet, 0, at) for at, sheet in enumerate(("甲", "乙", "乙")))
    root = _told("甲", "A1", "20", severity=Severity.ERROR)
    doubt = _told("乙", "B1", "20", own, severity=Severity.WARNING)
    sum_ = _told("乙", "C1", "20", other, severity=Severity.ERROR)

    def audit(figures: Mapping[CellRef, str]) -> list[Judged]:
        held = {own, other, whole} & figures.keys()
        found = [] if own in held else [root]
        found += [doubt] if own in held and other not in held else []
        return [*found, *([sum_] if other in held and whole not in held else [])]

    corrector = Corrector(audit, WORDINGS, frozenset({whole}) if fixed else frozenset())
    (judged,) = corrector.correct([root])
    assert [(each.ref.a1, each.figure) for each in judged.further] == further
    assert judged.corrections == ()


@pytest.mark.parametrize(("cells", "most"), [(0, 60), (1130, 60), (2000, 60), (4000, 30), (50_000, 8)])
def test_a_department_with_many_cells_costs_no_more_than_others(cells: int, most: int) -> None:
    assert most_audits(cells) == most


def test_audits_are_spent_and_what_is_open_then_stays_open() -> None:
    missed = with_indicator(GOOD, 0, actual=figure("9", "次"), reason="设备故障。")
    asked = [each for each in settle(missed) if each.finding.ref]
    spent: list[Mapping[CellRef, str]] = []

    def audit(figures: Mapping[CellRef, str]) -> list[Judged]:
        spent.append(figures)
        return asked

    found = Corrector(audit, WORDINGS, most=3).correct(asked)
    assert len(spent) <= 3
    assert [each.finding for each in found] == [each.finding for each in asked]
    assert all(each.is_open for each in errors(found))
