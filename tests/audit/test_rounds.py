from __future__ import annotations

from dataclasses import replace

from jixiao.audit.rounds import check_overall_forms, check_years
from jixiao.domain.cells import CellRef
from jixiao.schemas.entries import validate_entries
from tests.builders.audits import SCHEME
from tests.builders.schemes import OVERALL, PROJECT
from tests.builders.submissions import good_project

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
    return [(each.code, each.subject) for each in check_years(found, forms, 2024)]


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
