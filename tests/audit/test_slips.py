from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.slips import find_slips
from jixiao.domain.forms import Scope
from tests.builders.schemes import OVERALL, PROJECT
from tests.builders.submissions import good_project, submission, with_fields

if TYPE_CHECKING:
    from jixiao.domain.forms import Submission

OWNER, OTHER = "云梦泽省虚构农事局", "云梦泽省虚构水务局"


def form(
    name: str, department: str, *, file: str = "农事局.xlsx", scope: Scope = Scope.PROJECT
) -> Submission:
    layout = OVERALL if scope is Scope.OVERALL else PROJECT
    made = (
        submission(layout, name, {}, (), total=None) if scope is Scope.OVERALL else good_project(layout, name)
    )
    named = with_fields(made, department=department)
    return replace(named, submission_id=name, department=department, file=file, scope=scope)


OWN = (form("整体", OWNER, scope=Scope.OVERALL), form("甲", OWNER))


def slips(*forms: Submission, listed: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(each.submission.submission_id, each.owner) for each in find_slips(forms, listed)]


def test_a_name_that_stands_on_one_sheet_of_another_s_workbook_is_a_slip() -> None:
    assert slips(*OWN, form("乙", OTHER)) == [("乙", OWNER)]
    (slip,) = find_slips((*OWN, form("乙", OTHER)))
    found = slip.finding()
    assert (found.code, found.place.cell, found.reported, found.expected) == ("X138", "B2", OTHER, OWNER)


@pytest.mark.parametrize(
    "others",
    [
        (form("乙", OTHER), form("丙", OTHER)),
        (form("乙", OTHER), form("丙", OTHER, file="水务局.xlsx")),
        (form("乙", OTHER, scope=Scope.OVERALL),),
        (form("乙", ""),),
        (form("乙", OTHER, file="水务局.xlsx"),),
    ],
    ids=["twice", "elsewhere too", "an overall form", "no name", "another workbook"],
)
def test_names_that_are_departments(others: tuple[Submission, ...]) -> None:
    assert slips(*OWN, *others) == []


def test_a_department_of_the_roster_is_one() -> None:
    assert slips(*OWN, form("乙", OTHER), listed=(OTHER,)) == []


def test_a_workbook_of_project_forms_is_nobody_s_own() -> None:
    assert slips(form("甲", OWNER), form("丁", OWNER), form("乙", OTHER)) == []
