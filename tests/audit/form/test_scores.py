from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.domain.quantities import Actual, Comparator, Target, TargetKind
from tests.builders.audits import SCHEME, audit, marks, only
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_fields, with_funds, with_indicator, with_total
from tests.builders.targets import at_least, figure, nothing, relative, said

GOOD = good_project(PROJECT)
REASON = "设备故障。"


def test_a_refuted_score() -> None:
    form = with_indicator(GOOD, 0, actual=figure("9", "次"), self_score="16", reason=REASON)
    finding = only(with_total(form, self_score="93.55"))
    assert (finding.code, finding.place.cell, finding.label) == ("S103", "E21", "示例次数")
    assert (finding.reported, finding.expected) == ("16.00", "15.00")
    assert finding.figures == {"derivation": "实际 9次，目标 ≥12次，未达成，20 × 75.00% = 15.00"}


def test_a_miss_with_full_marks() -> None:
    finding = only(with_indicator(GOOD, 0, actual=figure("9", "次"), reason=REASON))
    assert (finding.code, finding.place.cell) == ("S105", "E21")
    assert (finding.reported, finding.expected) == ("20.00", "15.00")
    assert finding.figures == {"derivation": "实际 9次，目标 ≥12次，未达成，20 × 75.00% = 15.00"}


def test_a_near_miss_with_full_marks_in_whole_points() -> None:
    form = with_indicator(GOOD, 4, actual=figure("89.7", "%"), reason=REASON)
    assert marks(form) == {("S105", "E25")}


def test_a_miss_that_is_only_bounded_is_no_hit_either() -> None:
    below = replace(figure("10", "次"), text="＜10次", sign=Comparator.LESS)
    finding, doubt = audit(with_indicator(GOOD, 0, actual=below, reason=REASON))
    assert (finding.code, finding.place.cell, finding.expected) == ("S105", "E21", "")
    assert (doubt.code, doubt.place.cell) == ("Q102", "C21")


def test_a_score_above_the_weight_is_told_elsewhere_but_a_miss_is_not() -> None:
    above = with_total(with_indicator(GOOD, 0, self_score="25"), self_score="102.55")
    assert marks(above) == set()
    missed = with_indicator(above, 0, actual=figure("9", "次"), reason=REASON)
    assert marks(missed) == {("S105", "E21")}


def test_an_execution_score_that_fits_no_rounding() -> None:
    form = with_total(with_funds(GOOD, "total", self_score="9.65"), self_score="97.65")
    finding = only(form)
    assert (finding.code, finding.place.cell, finding.label) == ("S104", "F11", "年度资金总额·得分")
    assert (finding.reported, finding.expected) == ("9.65", "9.55")
    assert finding.figures == {"derivation": "执行率 382.17 ÷ 400.00 = 95.54%，10 × 95.54% = 9.55"}


@pytest.mark.parametrize(("points", "total"), [("8.72", "96.72"), ("8.71", "96.71")])
def test_both_rounding_conventions_stand(points: str, total: str) -> None:
    form = with_funds(
        GOOD,
        "total",
        annual_budget="410.83",
        executed="358.02",
        execution_rate="87.15",
        self_score=points,
        reason=REASON,
    )
    form = with_funds(form, "fiscal", annual_budget=None, executed=None)
    form = with_funds(form, "carryover", annual_budget=None, executed=None)
    assert marks(with_total(form, self_score=total)) == set()


def test_a_lower_score_stands_with_a_warning() -> None:
    form = with_total(with_indicator(GOOD, 0, self_score="15"), self_score="92.55")
    finding = only(form)
    assert (finding.code, finding.place.cell) == ("S113", "E21")
    assert (finding.reported, finding.expected) == ("15.00", "20.00")


def test_a_lower_score_with_a_word_about_it_is_meant() -> None:
    form = with_total(with_indicator(GOOD, 0, self_score="15", reason=REASON), self_score="92.55")
    assert marks(form) == set()


def test_an_execution_score_below_the_rate_is_modesty() -> None:
    form = with_total(with_funds(GOOD, "total", self_score="9.5"), self_score="97.5")
    assert marks(form) == set()


def test_execution_in_full_without_full_marks_is_asked_about() -> None:
    form = with_total(
        with_funds(GOOD, "total", executed="400", execution_rate="100", self_score="9"), self_score="97"
    )
    form = with_funds(form, "fiscal", executed="370")
    assert marks(form) == {("S113", "F11")}


def test_a_score_below_zero_is_told_elsewhere() -> None:
    assert marks(with_total(with_indicator(GOOD, 0, self_score="-1"), self_score="76.55")) == set()


def test_a_blank_score_is_told_elsewhere() -> None:
    assert marks(with_indicator(GOOD, 0, self_score=None)) == set()


@pytest.mark.parametrize(("points", "total"), [("24", "93.55"), ("30", "99.55")])
def test_a_score_within_its_band_stands(points: str, total: str) -> None:
    assert marks(with_total(with_indicator(GOOD, 3, self_score=points), self_score=total)) == set()


def test_a_score_outside_its_band() -> None:
    form = with_indicator(GOOD, 3, actual=said("有所提高", "partly"))
    finding = only(form)
    assert (finding.code, finding.place.cell) == ("S108", "E24")
    assert (finding.reported, finding.expected) == ("28.00", "18.00 至 24.00")
    assert finding.figures == {
        "derivation": "实际 有所提高，目标 提高，属“部分达成”，得分应在 18.00 至 24.00 之间",
    }


def test_a_score_below_its_band() -> None:
    form = with_total(with_indicator(GOOD, 3, self_score="20"), self_score="89.55")
    assert marks(form) == {("S108", "E24")}


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        (relative("≥全省平均水平"), said("≥全省平均水平", "")),
        (at_least("100", "%"), said("完成", "")),
        (Target("12—10—8", TargetKind.UNREADABLE), figure("12")),
    ],
)
def test_what_no_rule_decides_is_left_to_a_person(target: Target, actual: Actual) -> None:
    finding = only(with_indicator(GOOD, 0, target=target, actual=actual))
    assert (finding.code, finding.place.cell, finding.reported) == ("S111", "E21", "20.00")
    assert finding.figures["reason"]


def test_a_blank_actual_is_told_elsewhere() -> None:
    assert marks(with_indicator(GOOD, 0, actual=nothing())) == set()


def test_nothing_is_judged_without_a_weight() -> None:
    assert marks(with_indicator(GOOD, 0, weight=None, target=relative("≥全省平均"))) == set()


def test_an_annual_budget_of_nothing_is_left_to_a_person() -> None:
    form = with_funds(GOOD, "total", annual_budget="0", executed="0", execution_rate=None)
    form = with_funds(form, "fiscal", annual_budget=None, executed=None)
    form = with_funds(form, "carryover", annual_budget=None, executed=None)
    finding = only(form)
    assert (finding.code, finding.place.cell, finding.label) == ("S114", "B11", "年度资金总额·全年预算数")


def test_the_reason_of_the_execution_does_not_explain_an_indicator() -> None:
    """Points lost on a target that was met are asked about, though the form says why money was left."""
    modest = with_total(with_indicator(GOOD, 0, self_score="15"), self_score="92.55")
    told = with_fields(modest, reason="部分合同跨年支付。")
    assert marks(told) == marks(modest) == {("S113", "E21")}


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
