"""Cells that are wrong across forms: named where figures of two forms have to agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.findings import Severity
from jixiao.domain.submissions import Basis, Inference, put_figures
from tests.audit.arithmetic.faults import NAMED, TIED, WRONG, count_across, pair
from tests.builders.audits import errors, proposals, settle
from tests.builders.details import BUDGET, GOOD_ROWS, Rows, check, list_scheme, project_list
from tests.builders.schemes import OVERALL
from tests.builders.submissions import submission, with_fields

if TYPE_CHECKING:
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Judged

FORMS, SCHEME, _ = pair()
KNOWN = {(each.finding.code, each.finding.place) for each in settle(*FORMS, rules=SCHEME)}


def cell(sheet: str, a1: str) -> CellRef:
    return next(ref for ref, _ in pair()[2] if (ref.sheet, ref.a1) == (sheet, a1))


def told(figures: dict[tuple[str, str], str]) -> tuple[Judged, ...]:
    """What is new once cells hold other figures."""
    changed = {cell(*place): figure for place, figure in figures.items()}
    forms = [put_figures(form, changed) for form in FORMS]
    found = settle(*forms, rules=SCHEME)
    return tuple(each for each in found if (each.finding.code, each.finding.place) not in KNOWN)


def test_a_part_of_a_sum_that_another_form_has_right_is_named_and_nobody_else_is_accused() -> None:
    (judged,) = told({("附件1", "D7"): "88"})
    finding = judged.finding
    assert (finding.code, finding.place.sheet, finding.place.cell) == ("X141", "附件1", "D7")
    assert (judged.severity, finding.reported, finding.expected) == (Severity.ERROR, "88.00", "18.00")
    assert finding.figures == {"source": "《三公经费明细》C5", "total": "“三公经费·本年预算数”"}
    assert [each.finding.code for each in judged.consequences] == ["A101"]
    assert not judged.corrections


def test_two_of_them_are_both_named() -> None:
    found = told({("附件1", "D7"): "88", ("附件1", "D11"): "15"})
    assert {(each.finding.code, each.finding.place.cell, each.finding.expected) for each in found} == {
        ("X141", "D7", "18.00"),
        ("X141", "D11", "14.00"),
    }
    others = {each.finding.figures["others"] for each in found}
    assert {each.partition("“")[0] for each in others} == {"《附件1》D7", "《附件1》D11"}
    assert {each.finding.figures["count"] for each in found} == {"2"}


def test_doing_what_is_asked_leaves_nothing() -> None:
    changed = {cell("附件1", "D7"): "88", cell("三公经费明细", "B10"): "7"}
    forms = [put_figures(form, changed) for form in FORMS]
    asked = proposals(settle(*forms, rules=SCHEME))
    mended = [
        put_figures(form, {ref: figure for ref, figure in asked.items() if ref in changed}) for form in forms
    ]
    assert {(each.finding.code, each.finding.place) for each in settle(*mended, rules=SCHEME)} == KNOWN


def test_where_one_sum_names_its_own_total_nothing_is_added() -> None:
    (judged,) = told({("附件1", "D6"): "46"})
    assert (judged.finding.code, judged.finding.place.cell, judged.finding.expected) == (
        "A101",
        "D6",
        "66.00",
    )


def test_where_both_forms_have_it_wrong_alike_they_agree_and_the_sums_are_told() -> None:
    found = told({("附件1", "D7"): "88", ("三公经费明细", "C5"): "88"})
    assert "X141" not in {each.finding.code for each in found}
    assert {each.finding.code for each in errors(found)} <= {"A101", "A103", "A105"}


def test_what_is_inferred_makes_no_error() -> None:
    """A column of the other form that was only guessed: a warning that says so."""
    changed = [put_figures(form, {cell("附件1", "D7"): "88"}) for form in FORMS]
    place = cell("三公经费明细", "C5")
    guessed = Inference(Basis.STRUCTURE, place, "预算", "expenses..annual_budget", "本年预算数", "按位置", 80)
    forms = [replace(form, inferences=(guessed,)) if form.form != "basic-data" else form for form in changed]
    (told,) = [each for each in settle(*forms, rules=SCHEME) if each.finding.place.cell == "D6"]
    (likely,) = told.related
    assert (told.finding.code, told.is_open) == ("A101", True)
    assert (likely.finding.code, likely.finding.place.cell) == ("X141", "D7")
    assert likely.severity is Severity.WARNING
    assert likely.finding.assumed


SOFT = check("overall:project_expenditure", "project-list:projects.示例乙.initial_budget", strict=False)
ROW_ONLY = replace(list_scheme(BUDGET), cross_checks=(SOFT,))
"""A list whose rows add up, and a figure of another form that may mean something else."""


def listed(initial: str, elsewhere: str) -> tuple[Judged, ...]:
    rows: Rows = {**GOOD_ROWS, "示例乙": [initial, "30.00", "−20.00", "260.00", "230.00", "30.00"]}
    form = submission(OVERALL, "整体", {"total": {"executed": "900.00"}}, (), total=None)
    other = with_fields(form, project_expenditure=elsewhere)
    found = settle(other, project_list(rows), rules=ROW_ONLY)
    return tuple(
        each for each in found if each.finding.code in {"A101", "A105", "X105", "X106", "X141", "X142"}
    )


def test_a_figure_that_may_rightly_differ_only_breaks_a_tie_and_says_what_it_assumes() -> None:
    (judged,) = listed("350.00", "250.00")
    assert (judged.finding.code, judged.finding.place.cell, judged.severity) == ("A101", "E5", Severity.ERROR)
    assert judged.is_open
    (likely,) = judged.related
    finding = likely.finding
    assert (finding.code, finding.place.cell, finding.expected) == ("X142", "B5", "250.00")
    assert likely.severity is Severity.WARNING
    assert finding.assumed == ("假定两张表口径相同：两处应一致",)


def test_where_it_agrees_with_no_way_to_mend_the_sum_both_are_told_as_they_are() -> None:
    found = listed("350.00", "777.00")
    assert {(each.finding.code, each.severity) for each in found} == {
        ("A101", Severity.ERROR),
        ("X106", Severity.WARNING),
    }


def test_where_the_sum_holds_nothing_is_said_but_that_they_differ() -> None:
    assert [each.finding.code for each in listed("250.00", "777.00")] == ["X106"]
    assert listed("250.00", "250.00") == ()


@pytest.mark.parametrize(("cells", "named"), [(1, 5), (2, 4)])
def test_injected_faults_on_forms_that_have_to_agree(cells: int, named: int) -> None:
    """Of five each. Before forms were searched together 36 of sixty pairs were named, ten asked others."""
    counts = count_across(3, cells, 5)
    assert counts[NAMED] >= named
    assert counts[WRONG] == 0
    assert counts.total() - counts[NAMED] - counts[TIED] <= 1
