from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.checks import audit_department
from jixiao.audit.department.crosschecks import check_cross_figures
from jixiao.scoring.cards import score
from tests.builders.audits import subject_of
from tests.builders.details import COLUMNS, GOOD_ROWS, LIST, Rows, check, list_scheme, project_list
from tests.builders.schemes import OVERALL, PROJECT, scheme
from tests.builders.submissions import good_project, submission, with_fields, with_funds
from tests.builders.worked import worked_overall, worked_projects

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.domain.relations import CrossCheck
    from jixiao.domain.submissions import Submission

ANNUAL = check("project:funds.total.annual_budget", "project-list:projects.{project}.annual_budget")
EXECUTED = check("project:funds.total.executed", "project-list:projects.{project}.executed")
CARRYOVER = check(
    "project:funds.carryover.annual_budget",
    "project-list:projects.{project}.carryover",
    strict=False,
    explained_by="project-list:projects.{project}.adjustment",
)
TOTAL = check(
    "overall:project_expenditure",
    "project-list:projects.total.executed",
    alternatives=("project-list:projects.total.annual_budget",),
)


def project(name: str, annual: str | None = "260.00", executed: str = "230.00") -> Submission:
    form = with_funds(good_project(PROJECT, name), "total", annual_budget=annual, executed=executed)
    return with_fields(form, project=name)


def overall(amount: str | None) -> Submission:
    form = submission(OVERALL, "整体", {"total": {"executed": "900.00"}}, (), total=None)
    return with_fields(form, project_expenditure=amount)


def found(forms: tuple[Submission, ...], *checks: CrossCheck) -> list[Finding]:
    return list(check_cross_figures(forms, replace(list_scheme(), cross_checks=checks)))


def marks(forms: tuple[Submission, ...], *checks: CrossCheck) -> set[tuple[str, str, str]]:
    return {(each.code, each.subject, each.place.cell) for each in found(forms, *checks)}


def test_forms_that_agree_are_left_alone() -> None:
    assert marks((project("示例乙"), project_list()), ANNUAL, EXECUTED) == set()


def test_a_figure_that_the_list_has_differently() -> None:
    (finding,) = found((project("示例乙", annual="206.00"), project_list()), ANNUAL, EXECUTED)
    assert (finding.code, finding.subject, finding.place.cell) == ("X105", "示例乙", "B11")
    assert (finding.label, finding.reported, finding.expected) == (
        "年度资金总额·全年预算数",
        "206.00",
        "260.00",
    )
    assert finding.figures == {
        "rule": "两处应一致",
        "others": "《明细表》E5",
        "gap": "54.00",
        "explanation": "",
    }


@pytest.mark.parametrize(
    ("annual", "told"),
    [("260.01", False), ("260.02", True), (None, False), ("—", True), ("见附件", False)],
    ids=["rounding", "more than rounding", "blank", "a dash is nothing", "words"],
)
def test_what_counts_as_a_difference(annual: str | None, *, told: bool) -> None:
    assert bool(found((project("示例乙", annual=annual), project_list()), ANNUAL)) is told


def test_a_looser_check_asks_and_says_what_explains_the_gap() -> None:
    form = with_funds(project("示例乙"), "carryover", annual_budget="10.00")
    (finding,) = found((form, project_list()), CARRYOVER)
    assert (finding.code, finding.reported, finding.expected) == ("X106", "10.00", "30.00")
    assert finding.figures["explanation"] == "调整计入了结转"


def test_another_gap_is_not_explained() -> None:
    form = with_funds(project("示例乙"), "carryover", annual_budget="30.80")
    (finding,) = found((form, project_list()), CARRYOVER)
    assert (finding.figures["gap"], finding.figures["explanation"]) == ("0.80", "")


def renamed(old: str, new: str) -> Rows:
    return {new if name == old else name: row for name, row in GOOD_ROWS.items()}


def test_a_similar_name_is_believed_where_a_figure_agrees_and_said() -> None:
    rows = renamed("示例乙", "虚构示例专项乙经费")
    form = project("虚构示例专项乙工作经费", annual="206.00")
    findings = found((form, project_list(rows)), ANNUAL, EXECUTED)
    assert {(each.code, each.place.cell) for each in findings} == {("X104", "C1"), ("X105", "B11")}
    (name,) = (each for each in findings if each.code == "X104")
    assert (name.reported, name.figures["other"]) == ("虚构示例专项乙工作经费", "虚构示例专项乙经费")


def test_a_similar_name_without_an_agreeing_figure_is_another_project() -> None:
    rows = renamed("示例乙", "虚构示例专项乙经费")
    form = project("虚构示例专项乙工作经费", annual="206.00", executed="99.00")
    assert found((form, project_list(rows)), ANNUAL, EXECUTED) == []


def test_a_project_that_the_list_lacks_is_not_compared() -> None:
    assert found((project("别的项目", annual="1.00"), project_list()), ANNUAL) == []


def test_of_two_lists_nobody_can_tell_which_is_meant() -> None:
    forms = (project("示例乙", annual="1.00"), project_list(), project_list(submission_id="另一份"))
    assert found(forms, ANNUAL) == []


@pytest.mark.parametrize(
    ("amount", "told"),
    [("650.00", False), ("720.00", False), ("700.00", True), (None, False)],
    ids=["executed", "the other total", "neither", "not known"],
)
def test_totals_without_a_name(amount: str | None, *, told: bool) -> None:
    expected = {("X105", "整体", "C1")} if told else set()
    assert marks((overall(amount), project_list()), TOTAL) == expected


def test_several_figures_may_make_one_up() -> None:
    both = check(
        "overall:project_expenditure", "project-list:projects.total.executed", "overall:basic_expenditure"
    )
    form = with_fields(overall("900.00"), basic_expenditure="250.00")
    assert found((form, project_list()), both) == []
    wrong = with_fields(overall("900.00"), basic_expenditure="240.00")
    (finding,) = found((wrong, project_list()), both)
    assert (finding.expected, finding.figures["others"]) == ("890.00", "《明细表》F3、《自评表》C1")


def test_one_check_may_compare_many_cells() -> None:
    rule = check(
        "project-list:projects.{item}.{column}",
        "project:funds.{item}.{column}",
        items=("total",),
        columns=("annual_budget", "executed"),
    )
    form = project("示例乙", annual="700.00", executed="650.00")
    assert marks((form, project_list()), rule) == {("X105", "明细", "E3")}


def test_whole_figures_are_right_to_their_own_unit() -> None:
    rows: Rows = {
        name: [None if each is None else each.replace(".00", "") for each in row]
        for name, row in GOOD_ROWS.items()
    }
    assert found((project("示例乙", annual="260.40"), project_list(rows)), ANNUAL) == []
    assert len(found((project("示例乙", annual="262.00"), project_list(rows)), ANNUAL)) == 1


def test_the_list_has_the_columns_that_the_tests_speak_of() -> None:
    assert [column.name for column in LIST.tables[0].columns] == ["item", *COLUMNS]


SCHEME = scheme()
WHOLE, PARTS = worked_overall(), worked_projects()


def audit(*forms: Submission) -> list[Finding]:
    return list(audit_department([subject_of(score(form, SCHEME), SCHEME) for form in forms], SCHEME))


def called(form: Submission, name: str) -> Submission:
    return replace(with_fields(form, department=name), department=name)


def test_forms_that_fit_together_have_no_finding() -> None:
    assert audit(WHOLE, *PARTS) == []


def test_a_department_under_two_names() -> None:
    (finding,) = audit(WHOLE, called(PARTS[0], "虚构市示列局"), *PARTS[1:])
    assert (finding.code, finding.place.cell, finding.subject) == ("X102", "B2", "风险防范")
    assert (finding.reported, finding.expected) == ("虚构市示列局", "虚构市示例局")
    assert finding.figures == {"other": "虚构市示例局"}


def test_without_an_overall_form_the_most_common_name_counts() -> None:
    found = audit(called(PARTS[0], "虚构市示列局"), *PARTS[1:])
    assert [(each.code, each.subject) for each in found] == [("X102", "风险防范")]


def test_a_form_without_a_name_is_told_elsewhere() -> None:
    assert audit(WHOLE, replace(PARTS[0], department="")) == []


def test_a_name_without_its_cell_points_to_the_title() -> None:
    bare = replace(called(PARTS[0], "虚构市示列局"), fields={})
    (finding,) = audit(WHOLE, bare)
    assert (finding.code, finding.place.cell) == ("X102", "A1")


def test_projects_that_exceed_the_overall_form() -> None:
    (finding,) = audit(WHOLE, *PARTS[:5], with_funds(PARTS[5], "total", executed="168.83"))
    assert (finding.code, finding.place.cell, finding.label) == ("X103", "C11", "全年执行数")
    assert (finding.reported, finding.expected) == ("4,943.35", "4,988.45")
    assert finding.figures == {"sum": "4,988.45", "gap": "45.10"}


@pytest.mark.parametrize(("executed", "found"), [("123.77", []), ("123.78", ["X103"])])
def test_rounding_of_seven_items_excuses_four_cents(executed: str, found: list[str]) -> None:
    findings = audit(WHOLE, *PARTS[:5], with_funds(PARTS[5], "total", executed=executed))
    assert [finding.code for finding in findings] == found


def test_what_is_known_already_exceeds() -> None:
    unknown = with_fields(WHOLE, basic_expenditure=None)
    assert [each.code for each in audit(unknown, with_funds(PARTS[0], "total", executed="5000"))] == ["X103"]


def test_an_unknown_total_is_not_exceeded() -> None:
    assert audit(with_funds(WHOLE, "total", executed=None), *PARTS) == []
