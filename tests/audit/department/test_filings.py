from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from jixiao.audit.department.filings import (
    check_filing,
    check_lateness,
    check_overall_forms,
    check_projects,
    check_years,
    compare_filing,
    late_submissions,
)
from jixiao.domain.cells import CellRef
from jixiao.domain.references import Due
from jixiao.schemas.entries import validate_entries
from tests.builders.audits import SCHEME
from tests.builders.lists import roster, roster_entry
from tests.builders.schemes import OVERALL, PROJECT, scheme
from tests.builders.submissions import good_project

if TYPE_CHECKING:
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.references import FilingRecord
    from jixiao.domain.submissions import Submission

FARMS, WATER = "云梦泽省虚构农事局", "云梦泽省虚构水务局"
DEADLINE = date(2025, 4, 30)
NONE: frozenset[str] = frozenset()


def form(
    number: str, project: str = "", *, department: str = FARMS, layout: FormLayout = PROJECT
) -> Submission:
    filled = good_project(layout, number)
    return replace(filled, department=department, project=project, file=f"{number}.xlsx")


def brief(records: tuple[FilingRecord, ...]) -> list[tuple[str, str, str, int, tuple[str, ...], str]]:
    return [(each.department, each.form, each.project, each.due, each.filed, each.state) for each in records]


def test_counts_by_kind_of_form() -> None:
    owed = roster(roster_entry(FARMS, Due(OVERALL.id), Due(PROJECT.id, count=2), code="351"))
    sent = [form("a", layout=OVERALL), form("b", "虚构项目甲")]
    records = compare_filing(sent, owed, NONE)
    assert brief(records) == [
        (FARMS, OVERALL.id, "", 1, ("a",), "filed"),
        (FARMS, PROJECT.id, "", 2, ("b",), "missing"),
    ]
    assert {record.code for record in records} == {"351"}
    (finding,) = check_filing(records, scheme(), "2025-04-30")
    assert (finding.code, finding.reported, finding.expected, finding.department) == ("P110", "1", "2", FARMS)
    assert finding.figures["owed"] == f"{PROJECT.title} 2 张"


def test_named_projects_take_their_own_forms_before_numbers_do() -> None:
    owed = roster(roster_entry(FARMS, Due(PROJECT.id, "虚构监测经费"), Due(PROJECT.id)))
    sent = [form("a", "虚构培训经费"), form("b", "虚构监测经费")]
    assert brief(compare_filing(sent, owed, NONE)) == [
        (FARMS, PROJECT.id, "", 1, ("a",), "filed"),
        (FARMS, PROJECT.id, "虚构监测经费", 1, ("b",), "filed"),
    ]


def test_a_project_of_a_similar_name_counts_and_is_said() -> None:
    owed = roster(roster_entry(FARMS, Due(PROJECT.id, "虚构病虫害监测经费")))
    sent = [form("a", "虚构病虫害监测工作经费")]
    records = compare_filing(sent, owed, NONE)
    assert [record.filed for record in records] == [("a",)]
    (finding,) = check_projects(records, sent, owed)
    assert (finding.code, finding.reported, finding.figures["other"]) == (
        *("X104", "虚构病虫害监测工作经费", "虚构病虫害监测经费"),
    )


def test_another_project_does_not_count_for_a_named_one() -> None:
    owed = roster(roster_entry(FARMS, Due(PROJECT.id, "虚构监测经费")))
    records = compare_filing([form("a", "虚构培训经费")], owed, NONE)
    assert brief(records) == [
        (FARMS, PROJECT.id, "", 0, ("a",), "extra"),
        (FARMS, PROJECT.id, "虚构监测经费", 1, (), "missing"),
    ]


def test_a_department_that_sent_nothing_has_one_finding_for_all_its_forms() -> None:
    owed = roster(
        roster_entry(WATER, Due(OVERALL.id), Due(PROJECT.id, "虚构监测经费"), Due(PROJECT.id, count=2))
    )
    (finding,) = check_filing(compare_filing([], owed, NONE), scheme(), "")
    assert (finding.department, finding.reported, finding.expected) == (WATER, "0", "4")
    assert finding.figures["owed"] == (
        f"{OVERALL.title} 1 张、{PROJECT.title} 2 张、{PROJECT.title}（虚构监测经费）1 张"
    )


def test_where_the_roster_does_not_say_what_is_owed_any_form_will_do() -> None:
    owed = roster(roster_entry(FARMS, Due("")), roster_entry(WATER, Due("")))
    records = compare_filing([form("a", "虚构培训经费"), form("b", layout=OVERALL)], owed, NONE)
    assert brief(records) == [
        (FARMS, "", "", 1, ("a", "b"), "filed"),
        (WATER, "", "", 1, (), "missing"),
    ]


def test_what_an_unlisted_department_sent_is_recorded() -> None:
    (record,) = compare_filing([form("a", "虚构培训经费", department=WATER)], roster(), NONE)
    assert (record.department, record.state, record.filed) == (WATER, "unlisted", ("a",))
    assert list(check_filing((record,), scheme(), "")) == []


def test_late_by_the_workbooks_own_stamp() -> None:
    sent = [form("a", "虚构甲"), form("b", "虚构乙"), form("c", "虚构丙")]
    stamps = {"a.xlsx": "2025-05-02T09:30:00Z", "b.xlsx": "2025-04-30T23:00:00Z"}
    late = late_submissions(sent, stamps, DEADLINE)
    assert late == {"a"}
    (finding,) = check_lateness(sent, late, stamps, "2025-04-30")
    assert (finding.code, finding.place.file, finding.department) == ("P111", "a.xlsx", FARMS)
    assert finding.figures == {"saved": "2025-05-02 09:30", "deadline": "2025-04-30"}


def test_who_corrects_a_form_later_was_in_time() -> None:
    sent = [form("a", "虚构甲"), form("b", "虚构甲")]
    stamps = {"a.xlsx": "2025-04-20T09:30:00Z", "b.xlsx": "2025-05-20T09:30:00Z"}
    assert late_submissions(sent, stamps, DEADLINE) == NONE


def test_without_a_deadline_nothing_is_late() -> None:
    assert late_submissions([form("a")], {"a.xlsx": "2099-01-01T00:00:00Z"}, None) == NONE


def test_a_record_knows_which_forms_were_late() -> None:
    owed = roster(roster_entry(FARMS, Due(PROJECT.id, count=2)))
    (record,) = compare_filing([form("a", "虚构甲"), form("b", "虚构乙")], owed, frozenset({"b"}))
    assert (record.filed, record.late, record.state) == (("a", "b"), ("b",), "late")


FORMS = [
    replace(
        good_project(PROJECT, f"项目{at}"), department=f"第{at}局", title=CellRef(f"{at}.xlsx", "表", 0, 0)
    )
    for at in range(5)
]
WHOLE = replace(good_project(OVERALL, "整体"), department="第0局", project="")


def years(*printed: int) -> list[tuple[str, str]]:
    forms = [replace(form, year=year) for form, year in zip(FORMS, printed, strict=False)]
    found = [each for each in validate_entries(forms, 2024, SCHEME) if each.code == "X101"]
    doubt = check_years(forms, 2024)
    return [(each.code, each.subject) for each in ([doubt] if doubt else found)]


def test_one_form_of_another_year_is_its_own_fault() -> None:
    assert years(2023, 2024, 2024) == [("X101", "项目0")]


def test_where_most_forms_are_of_other_years_the_round_is_in_doubt() -> None:
    assert years(2023, 2022, 2024, 2021) == [("X139", "")]


def test_half_of_the_forms_are_not_most() -> None:
    assert years(2023, 2022, 2024, 2024) == [("X101", "项目0"), ("X101", "项目1")]


def test_of_two_forms_nobody_can_tell() -> None:
    assert years(2023, 2022) == [("X101", "项目0"), ("X101", "项目1")]


def test_a_round_without_overall_forms_is_said_once() -> None:
    (finding,) = check_overall_forms(FORMS, SCHEME)
    assert (finding.code, finding.subject, finding.figures["count"]) == ("P113", "", "5")


def test_one_department_without_its_overall_form_is_asked_for_it() -> None:
    forms = [*FORMS[:2], WHOLE]
    assert [(each.code, each.subject) for each in check_overall_forms(forms, SCHEME)] == [("P105", "项目1")]


def test_a_scheme_without_an_overall_form_misses_none() -> None:
    assert list(check_overall_forms(FORMS, replace(SCHEME, forms=(PROJECT,)))) == []
