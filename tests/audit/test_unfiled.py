"""Which listed projects have no form of their own."""

from dataclasses import replace

from jixiao.audit.unfiled import check_unfiled, unfiled_projects
from jixiao.domain.scheme import Scheme
from tests.builders.details import LIST, list_scheme, project_list
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project


def budget_scheme() -> Scheme:
    """The test scheme whose list is a budget table."""
    (table,) = LIST.tables
    layout = replace(LIST, tables=(replace(table, budget=True),))
    return replace(list_scheme(), forms=(*list_scheme().forms[:-1], layout))


def names(*forms: str) -> list[str]:
    submissions = [project_list(), *(good_project(PROJECT, name) for name in forms)]
    return [line.item for line in unfiled_projects(submissions, budget_scheme())]


def test_projects_with_a_form_are_left_out() -> None:
    assert names("示例甲") == ["示例乙", "示例丙"]
    assert names("示例甲", "示例乙", "示例丙") == []


def test_names_match_as_everywhere() -> None:
    assert names("（示例）甲") == ["示例乙", "示例丙"]


def test_of_two_lists_nobody_knows_which_is_meant() -> None:
    lists = [project_list(), project_list(submission_id="另一份")]
    assert unfiled_projects(lists, budget_scheme()) == ()


def test_a_list_that_is_no_budget_lists_no_projects() -> None:
    assert unfiled_projects([project_list()], list_scheme()) == ()


def owing(*forms: str, asked: bool = True) -> list[tuple[str, str, str]]:
    rules = replace(budget_scheme(), every_project_reports=asked)
    submissions = [project_list(), *(good_project(PROJECT, name) for name in forms)]
    return [(each.code, each.place.cell, each.label) for each in check_unfiled(submissions, rules)]


def test_a_listed_project_with_money_of_the_year_owes_a_form() -> None:
    assert owing("示例甲", "示例乙") == [("P108", "A6", "示例丙")]


def test_a_department_without_any_project_form_is_told_elsewhere() -> None:
    assert owing() == []


def test_a_scheme_that_does_not_ask_says_nothing() -> None:
    assert owing("示例甲", asked=False) == []
