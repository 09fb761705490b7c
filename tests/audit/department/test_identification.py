from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.filings import check_namesakes, find_slips, identify_departments
from jixiao.domain.forms import Scope
from tests.builders.lists import roster, roster_entry
from tests.builders.schemes import OVERALL, PROJECT
from tests.builders.submissions import good_project, submission, with_fields

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.domain.submissions import Submission

FARMS, WATER = "云梦泽省虚构农事局", "云梦泽省虚构水务局"
ROSTER = roster(
    roster_entry(FARMS, code="351", aliases=("农事局",)),
    roster_entry(WATER, code="352"),
)


def sent_by(name: str, printed: str = "", form: str = "甲") -> Submission:
    """A form under a department's name; `printed` is what stands in its cell, B2."""
    return replace(with_fields(good_project(PROJECT, form), department=printed or name), department=name)


def marks(findings: tuple[Finding, ...]) -> list[tuple[str, str, str, str]]:
    return [(each.code, each.place.cell, each.reported, each.figures.get("other", "")) for each in findings]


@pytest.mark.parametrize("name", [FARMS, "云梦泽省 虚构农事局", "农事局"])
def test_names_and_aliases_are_known_without_a_word(name: str) -> None:
    found = identify_departments([sent_by(name)], ROSTER)
    assert (found.spellings[name], found.findings) == (FARMS, ())


@pytest.mark.parametrize("printed", ["352 水务处", "[352]水务处", "（３５２）水务处"])
def test_a_code_before_another_name_is_said(printed: str) -> None:
    found = identify_departments([sent_by("水务处", printed)], ROSTER)
    assert found.spellings["水务处"] == WATER
    assert marks(found.findings) == [("X104", "B2", "水务处", WATER)]
    assert found.findings[0].figures["likeness"] == "部门编码相同"


def test_a_longer_code_is_another_one() -> None:
    found = identify_departments([sent_by("水务处", "3520水务处")], ROSTER)
    assert marks(found.findings) == [("P112", "B2", "水务处", "")]
    assert "水务处" not in found.spellings


def test_a_similar_name_is_said_once() -> None:
    name = "云梦泽虚构水务局"
    found = identify_departments([sent_by(name), sent_by(name, form="乙")], ROSTER)
    assert found.spellings[name] == WATER
    assert marks(found.findings) == [("X104", "B2", name, WATER)]
    assert found.findings[0].figures == {"other": WATER, "likeness": "", "source": "名册"}


def test_a_similar_name_is_not_merged_with_a_department_that_sent_its_own() -> None:
    name = "云梦泽虚构水务局"
    found = identify_departments([sent_by(WATER), sent_by(name, form="乙")], ROSTER)
    assert marks(found.findings) == [("P112", "B2", name, "")]


def test_forms_without_a_name_are_left_to_others() -> None:
    assert identify_departments([sent_by("")], ROSTER).findings == ()


def test_namesakes_are_reported_at_the_rarer_name_and_not_merged() -> None:
    forms = [
        sent_by(FARMS),
        sent_by(FARMS, form="乙"),
        sent_by("云梦泽虚构农事局", form="丙"),
        sent_by(WATER),
    ]
    assert marks(tuple(check_namesakes(forms))) == [("X133", "B2", "云梦泽虚构农事局", FARMS)]


def test_two_departments_of_the_roster_are_no_namesakes() -> None:
    names = ("云梦泽省虚构农事局", "云梦泽虚构农事局")
    assert list(check_namesakes([sent_by(name) for name in names], names)) == []


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
