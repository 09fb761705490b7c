from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.domain.quantities import Target, TargetKind, Verdict
from jixiao.scoring.indicators import score_indicator
from tests.builders.schemes import scheme
from tests.builders.submissions import indicator
from tests.builders.targets import at_least, figure, said

SCHEME = scheme()


def test_an_indicator_is_compared_and_scored() -> None:
    scored = score_indicator(
        indicator(20, ("产出指标", "示例", at_least("5", "%"), figure("-89.29", "%"), "3", "0")), SCHEME
    )
    assert (scored.comparison.verdict, scored.comparison.attainment) == (Verdict.MISSED, Decimal("-17.858"))
    assert scored.award.score == Decimal("0.00")


def test_the_step_of_the_self_score_reaches_the_rule() -> None:
    row = ("产出指标", "示例", at_least("12"), figure("11"), "10", "9.2")
    scored = score_indicator(indicator(20, row), SCHEME)
    assert scored.award.score == Decimal("9.17")
    assert scored.award.supports(Decimal("9.2"))


def test_nothing_is_decided_without_a_weight() -> None:
    row = ("产出指标", "示例", at_least("12"), figure("13"), None, "9.2")
    scored = score_indicator(indicator(20, row), SCHEME)
    assert scored.comparison.verdict is Verdict.MET
    assert (scored.award.score, scored.award.derivation) == (None, "分值不明，无法核算")


def test_nothing_is_decided_without_a_rule() -> None:
    unreadable = Target("5-3-2", TargetKind.UNREADABLE)
    scored = score_indicator(
        indicator(20, ("产出指标", "示例", unreadable, figure("13"), "10", "10")), SCHEME
    )
    assert (scored.award.rule, scored.award.score) == ("", None)
    assert scored.award.derivation


def test_a_weight_of_nothing_earns_nothing() -> None:
    scored = score_indicator(
        indicator(20, ("产出指标", "示例", at_least("1"), figure("1"), "0", "0")), SCHEME
    )
    assert scored.award.score == 0


def test_an_actual_that_says_the_target_again_has_reached_it() -> None:
    text = "完成1部宣传片,2套方案"
    row = ("产出指标", "示例", Target(text, TargetKind.UNREADABLE), said(text, ""), "10", "10")
    item = indicator(20, row)
    scored = score_indicator(replace(item, actual=replace(item.actual, repeats=True)), SCHEME)
    assert (scored.comparison.verdict, scored.award.rule) == (Verdict.MET, "qualitative-band")
    assert (scored.award.low, scored.award.high) == (Decimal("8.0"), Decimal(10))


def test_a_figure_in_the_targets_own_words_is_scored_as_a_figure() -> None:
    wanted = at_least("300", "元")
    target = Target("亩均增收≥300元", TargetKind.UNREADABLE, words="亩均增收", beside=wanted)
    actual = replace(figure("150", "元"), words="亩均增收", echoes=True)
    scored = score_indicator(indicator(20, ("产出指标", "示例", target, actual, "10", "10")), SCHEME)
    assert (scored.comparison.verdict, scored.award.score) == (Verdict.MISSED, Decimal("5.00"))
