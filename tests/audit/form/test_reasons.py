from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.audits import SCHEME, audit, marks, only
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_fields, with_funds, with_indicator, with_total
from tests.builders.targets import figure

GOOD = good_project(PROJECT)
MISSED = with_total(with_indicator(GOOD, 0, actual=figure("9", "次"), self_score="15"), self_score="92.55")
LOW = with_total(
    with_funds(GOOD, "total", executed="352.17", execution_rate="88.04", self_score="8.8"), self_score="96.8"
)
LOW_RATE = with_funds(LOW, "carryover", executed="—")


def test_a_miss_without_a_reason() -> None:
    finding = only(MISSED)
    assert (finding.code, finding.place.cell, finding.label) == ("P101", "F21", "示例次数")
    assert (finding.reported, finding.expected) == ("9次", "≥12次")


@pytest.mark.parametrize("reason", ["—", None])
def test_a_dash_is_no_reason(reason: str | None) -> None:
    assert marks(with_indicator(MISSED, 0, reason=reason)) == {("P101", "F21")}


def test_a_reason_beside_the_miss_or_on_the_form_will_do() -> None:
    assert marks(with_indicator(MISSED, 0, reason="设备故障。")) == set()
    name = MISSED.indicators[0].name
    assert marks(with_fields(MISSED, reason=f"{name}因设备故障没有完成。")) == set()
    rules = replace(SCHEME, lexicon=replace(SCHEME.lexicon, indicator_words=("指标",)))
    assert marks(with_fields(MISSED, reason="部分指标因设备故障没有完成。"), rules) == set()


def test_a_reason_of_the_execution_says_nothing_of_an_indicator() -> None:
    """The form's one reason is that of its execution; what was missed is explained where it says so."""
    assert marks(with_fields(MISSED, reason="部分合同跨年支付。")) == {("P101", "F21")}


def test_a_form_without_the_column_is_pointed_to_by_row() -> None:
    entries = {name: entry for name, entry in MISSED.indicators[0].entries.items() if name != "reason"}
    form = replace(
        MISSED, indicators=(replace(MISSED.indicators[0], entries=entries), *MISSED.indicators[1:])
    )
    assert marks(form) == {("P101", "A21")}


def test_a_low_rate_without_a_reason() -> None:
    finding = only(LOW_RATE)
    assert (finding.code, finding.place.cell, finding.label) == ("P102", "E11", "年度资金总额·执行率")
    assert (finding.reported, finding.figures) == ("88.04%", {"threshold": "90.00%"})


def test_a_form_without_points_for_execution_owes_the_reason_all_the_same() -> None:
    bare = with_funds(LOW_RATE, "total", weight=None, self_score=None)
    assert ("P102", "E11") in marks(bare)


def test_a_printed_rate_counts_where_the_amounts_give_none() -> None:
    bare = with_funds(LOW_RATE, "total", annual_budget=None, execution_rate="76.00")
    finding = next(each for each in audit(bare) if each.code == "P102")
    assert (finding.place.cell, finding.reported) == ("E11", "76.00%")


def test_a_low_rate_with_a_reason_in_its_row_or_on_the_form() -> None:
    assert marks(with_funds(LOW_RATE, "total", reason="项目延期。")) == set()
    assert marks(with_fields(LOW_RATE, reason="项目延期。")) == set()


def test_the_reason_for_a_missed_target_is_none_for_the_rate() -> None:
    assert marks(with_indicator(LOW_RATE, 0, reason="设备故障。")) == {("P102", "E11")}


@pytest.mark.parametrize("reason", ["项目延期，年底前未支付", "资金结余结转下年", "财政未下达"])
def test_an_indicator_s_reason_that_speaks_of_spending_will_do(reason: str) -> None:
    """Where the form has no other cell for it."""
    rules = replace(
        SCHEME, lexicon=replace(SCHEME.lexicon, spending=("支付", "结余", "财政"), shortfalls=("未", "结余"))
    )
    assert marks(with_indicator(LOW_RATE, 3, reason=reason), rules) == set()


@pytest.mark.parametrize("reason", ["由省厅直接支付", "设备未到货"])
def test_a_reason_that_does_not_say_why_money_was_left_will_not_do(reason: str) -> None:
    """It has to speak of spending, and of why it fell short."""
    words = replace(SCHEME.lexicon, spending=("支付",), shortfalls=("未", "结余"))
    assert marks(with_indicator(LOW_RATE, 3, reason=reason), replace(SCHEME, lexicon=words)) == {
        ("P102", "E11")
    }


def test_money_without_any_budget() -> None:
    """One finding at the budget: neither overspending nor an undefined rate is a fault of its own."""
    bare = with_funds(GOOD, "total", annual_budget="0", execution_rate=None)
    bare = replace(bare, lines=bare.lines[:1])
    finding = only(bare)
    assert (finding.code, finding.place.cell, finding.label) == ("A107", "B11", "年度资金总额·全年预算数")
    assert (finding.reported, finding.expected, finding.figures) == ("0.00", "", {"executed": "382.17"})


def test_a_source_that_paid_without_being_planned_is_a_question() -> None:
    form = with_funds(GOOD, "other", annual_budget="0", executed="5.00")
    form = with_funds(with_funds(form, "carryover", executed="25.00"), "carryover")
    assert marks(form) == {("P106", "C14")}


def test_a_scheme_may_want_no_reason() -> None:
    rules = replace(SCHEME, execution=replace(SCHEME.execution, reason_below=None))
    assert marks(LOW_RATE, rules) == set()


def test_overspending() -> None:
    form = with_funds(GOOD, "total", annual_budget="400.00", executed="400.02", execution_rate="100.01")
    form = with_funds(form, "total", self_score="10")
    form = with_funds(form, "fiscal", executed="370.01")
    form = with_funds(form, "carryover", executed="30.01")
    finding = only(with_total(form, self_score="98"))
    assert (finding.code, finding.place.cell, finding.label) == ("P106", "C11", "年度资金总额·全年执行数")
    assert (finding.reported, finding.expected) == ("400.02", "400.00")


def test_overspending_of_a_part_is_told_at_that_part() -> None:
    form = with_funds(GOOD, "carryover", annual_budget="47.85")
    form = with_funds(form, "fiscal", annual_budget="352.15")
    assert marks(form) == {("P106", "C12")}


def test_what_rounding_explains_is_no_overspending() -> None:
    form = with_funds(GOOD, "carryover", annual_budget="47.84")
    form = with_funds(form, "fiscal", annual_budget="352.16")
    assert marks(form) == set()


def test_binary_dust_is_no_overspending() -> None:
    form = with_funds(GOOD, "carryover", executed="30.00000000000001")
    assert marks(form) == set()
