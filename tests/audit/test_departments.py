from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.checks import audit_department
from jixiao.scoring.cards import score
from tests.builders.schemes import scheme
from tests.builders.submissions import with_fields, with_funds
from tests.builders.worked import worked_overall, worked_projects

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Submission

SCHEME = scheme()
OVERALL, PROJECTS = worked_overall(), worked_projects()


def audit(*forms: Submission) -> list[Finding]:
    return list(audit_department([score(form, SCHEME) for form in forms], SCHEME))


def renamed(form: Submission, name: str) -> Submission:
    return replace(with_fields(form, department=name), department=name)


def test_forms_that_fit_together_have_no_finding() -> None:
    assert audit(OVERALL, *PROJECTS) == []


def test_a_department_under_two_names() -> None:
    (finding,) = audit(OVERALL, renamed(PROJECTS[0], "虚构市示列局"), *PROJECTS[1:])
    assert (finding.code, finding.place.cell, finding.subject) == ("X102", "B2", "风险防范")
    assert (finding.reported, finding.expected) == ("虚构市示列局", "虚构市示例局")
    assert finding.figures == {"other": "虚构市示例局"}


def test_without_an_overall_form_the_most_common_name_counts() -> None:
    found = audit(renamed(PROJECTS[0], "虚构市示列局"), *PROJECTS[1:])
    assert [(each.code, each.subject) for each in found] == [("X102", "风险防范")]


def test_a_form_without_a_name_is_told_elsewhere() -> None:
    assert audit(OVERALL, replace(PROJECTS[0], department="")) == []


def test_a_name_without_its_cell_points_to_the_title() -> None:
    bare = replace(renamed(PROJECTS[0], "虚构市示列局"), fields={})
    (finding,) = audit(OVERALL, bare)
    assert (finding.code, finding.place.cell) == ("X102", "A1")


def test_projects_that_exceed_the_overall_form() -> None:
    (finding,) = audit(OVERALL, *PROJECTS[:5], with_funds(PROJECTS[5], "total", executed="168.83"))
    assert (finding.code, finding.place.cell, finding.label) == ("X103", "C11", "全年执行数")
    assert (finding.reported, finding.expected) == ("4,943.35", "4,988.45")
    assert finding.figures == {"sum": "4,988.45", "gap": "45.10"}


@pytest.mark.parametrize(("executed", "found"), [("123.77", []), ("123.78", ["X103"])])
def test_rounding_of_seven_items_excuses_four_cents(executed: str, found: list[str]) -> None:
    findings = audit(OVERALL, *PROJECTS[:5], with_funds(PROJECTS[5], "total", executed=executed))
    assert [finding.code for finding in findings] == found


def test_what_is_known_already_exceeds() -> None:
    unknown = with_fields(OVERALL, basic_expenditure=None)
    assert [each.code for each in audit(unknown, with_funds(PROJECTS[0], "total", executed="5000"))] == [
        "X103"
    ]


def test_an_unknown_total_is_not_exceeded() -> None:
    assert audit(with_funds(OVERALL, "total", executed=None), *PROJECTS) == []
