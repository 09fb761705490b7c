from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.audits import SCHEME, marks, only
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_fields, with_funds, with_indicator, with_total

GOOD = good_project(PROJECT)
FREE = replace(SCHEME, weights=tuple(replace(each, fixed=False) for each in SCHEME.weights))
"""9.55 + 20 + 20 + 10 + 28 + 10 = 97.55"""


def test_a_total_that_is_not_the_sum() -> None:
    finding = only(with_total(GOOD, self_score="98.03"))
    assert (finding.code, finding.place.cell, finding.label) == ("S106", "E26", "总分")
    assert (finding.reported, finding.expected) == ("98.03", "97.55")
    assert finding.figures == {"partial": "", "sum": "97.55", "gap": "0.48"}


@pytest.mark.parametrize("total", ["97.54", "97.56", "97.5", "97.7", "97", "99", "100"])
def test_adding_scores_excuses_nothing(total: str) -> None:
    assert marks(with_total(GOOD, self_score=total)) == {("S106", "E26")}


@pytest.mark.parametrize("total", ["97.55", "97.550", "97.6", "98", "97.55000000000001"])
def test_a_total_printed_coarser_is_the_rounded_sum(total: str) -> None:
    assert marks(with_total(GOOD, self_score=total)) == set()


def test_rounding_never_makes_up_the_full_total() -> None:
    full = with_indicator(GOOD, 3, self_score="30")
    assert marks(with_total(full, self_score="99.55")) == set()
    assert marks(with_total(full, self_score="100")) == {("S106", "E26")}


@pytest.mark.parametrize("total", ["97.55425", "97.55", "97.554"])
def test_a_sum_of_formulas_counts_with_and_without_hidden_digits(total: str) -> None:
    hidden = with_funds(GOOD, "total", self_score="9.55425")
    assert marks(with_total(hidden, self_score=total)) == set()


@pytest.mark.parametrize("total", [None, "—", "#"])
def test_a_total_that_is_not_known_is_told_elsewhere(total: str | None) -> None:
    assert marks(with_total(GOOD, self_score=total)) == set()


@pytest.mark.parametrize("total", ["77.55", "80", "97.55"])
def test_a_sum_with_a_blank_can_be_anything_above_what_is_known(total: str) -> None:
    assert marks(with_total(with_indicator(GOOD, 0, self_score=None), self_score=total)) == set()


def test_a_total_below_the_scores_that_are_known() -> None:
    finding = only(with_total(with_indicator(GOOD, 0, self_score=None), self_score="50"))
    assert (finding.code, finding.place.cell, finding.reported, finding.expected) == (
        "S106",
        "E26",
        "50.00",
        "",
    )
    assert finding.figures == {"partial": "已填的", "sum": "77.55", "gap": "27.55"}


def test_where_execution_stands_elsewhere_the_total_may_hold_it() -> None:
    bare = replace(GOOD, lines=())
    assert marks(bare) == set()
    assert marks(with_total(bare, self_score="88")) == set()
    assert marks(with_total(bare, self_score="87.99")) == {("S106", "E26")}


def test_without_execution_points_weights_of_a_hundred_are_the_whole() -> None:
    """No execution weight, and the indicators share all hundred points: their scores are the total."""
    bare = replace(with_indicator(GOOD, 0, weight="30", self_score="30"), lines=(), groups=())
    assert marks(with_total(bare, self_score="98"), FREE) == set()
    assert marks(with_total(bare, self_score="98.5"), FREE) == {("S106", "E26")}


def test_weights_beyond_the_total_are_found_without_the_execution() -> None:
    heavy = replace(with_indicator(GOOD, 0, weight="60", self_score="60"), lines=(), groups=())
    assert marks(with_total(heavy, self_score="128"), FREE) == {("S101", "D26")}


def test_a_total_weight_that_is_not_the_sum() -> None:
    finding = only(with_total(GOOD, weight="90"))
    assert (finding.code, finding.place.cell) == ("S106", "D26")
    assert (finding.reported, finding.expected, finding.figures["gap"]) == ("90.00", "100.00", "10.00")


@pytest.mark.parametrize("grade", ["优", "优秀（90分以上）", "优□ 良☑ 中□ 差□", "甲", None, "—"])
def test_a_grade_that_fits_or_is_not_read(grade: str | None) -> None:
    assert marks(with_fields(GOOD, grade=grade)) == set()


def test_a_grade_that_does_not_fit() -> None:
    finding = only(with_fields(GOOD, grade="良好"))
    assert (finding.code, finding.place.cell, finding.label) == ("S107", "C1", "评价等级")
    assert (finding.reported, finding.expected, finding.figures) == ("良好", "优", {"score": "97.55"})


def test_a_block_that_could_not_be_read_accuses_no_total() -> None:
    """What is missing is told (L106); neither the sum of what is left nor its grade says anything."""
    unread = with_fields(replace(GOOD, indicators=(), groups=()), grade="优")
    assert marks(unread) == set()
    assert marks(replace(unread, total={})) == set()


@pytest.mark.parametrize(("printed", "found"), [("100", set()), ("97", {("S106", "D26")})])
def test_a_total_of_weights_may_have_the_execution_s_more_than_the_rows(
    printed: str, found: set[tuple[str, str]]
) -> None:
    """A form without points for its execution: 100 above rows of 90 is usual, 97 is asked about."""
    form = replace(with_funds(GOOD, "total", weight=None, self_score=None), groups=())
    form = with_total(form, weight=printed, self_score="88")
    assert {mark for mark in marks(form, FREE) if mark[0] == "S106"} == found
