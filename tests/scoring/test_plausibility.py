from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.domain.quantities import Comparison, Doubt, Target, TargetKind, Verdict
from jixiao.scoring.indicators import impossible, score_indicator
from tests.builders.lexicon import LEXICON
from tests.builders.schemes import scheme
from tests.builders.submissions import indicator
from tests.builders.targets import at_least, between, figure, quantity


def compared(name: str, target: Target, actual: str, unit: str = "%") -> Comparison | None:
    return impossible(indicator(20, ("产出指标", name, target, figure(actual, unit), "10", "10")), LEXICON)


@pytest.mark.parametrize(
    ("name", "target", "actual", "doubt"),
    [
        ("群众满意度", at_least("290", "%"), "100", Doubt.IMPOSSIBLE_TARGET),
        ("群众满意度", at_least("90", "%"), "290", Doubt.IMPOSSIBLE_ACTUAL),
        ("政策覆盖率", at_least("100", "%"), "120", Doubt.IMPOSSIBLE_ACTUAL),
        ("政策覆盖率", at_least("100", "%"), "100.01", Doubt.IMPOSSIBLE_ACTUAL),
        ("群众满意度", between("90", "110", "%"), "95", Doubt.IMPOSSIBLE_TARGET),
        ("群众满意度", at_least("120", "%"), "130", Doubt.IMPOSSIBLE_TARGET),
    ],
)
def test_more_than_all_cannot_be(name: str, target: Target, actual: str, doubt: Doubt) -> None:
    found = compared(name, target, actual)
    assert found is not None
    assert (found.verdict, found.doubt) == (Verdict.UNDETERMINED, doubt)


@pytest.mark.parametrize(
    ("name", "target", "actual", "unit"),
    [
        ("群众满意度", at_least("90", "%"), "100", "%"),
        ("预算执行率", at_least("90", "%"), "120", "%"),
        ("项目完成率", at_least("100", "%"), "130", "%"),
        ("满意度提升率", at_least("10", "%"), "120", "%"),
        ("群众满意度", at_least("90"), "290", ""),
        ("群众满意度", at_least("200", "人"), "290", "人"),
    ],
)
def test_what_may_be(name: str, target: Target, actual: str, unit: str) -> None:
    assert compared(name, target, actual, unit) is None


def test_a_change_of_a_rate_is_no_share() -> None:
    grown = Target("增长120%", TargetKind.UNSIGNED, low=quantity("120", "增长:%"))
    assert compared("群众满意度", grown, "130", "增长:%") is None


def test_an_impossible_target_accuses_no_actual() -> None:
    row = ("满意度指标", "群众满意度", at_least("290", "%"), figure("100", "%"), "10", "10")
    scored = score_indicator(indicator(20, row), replace(scheme(), lexicon=LEXICON))
    assert scored.comparison.reason == "年度指标值“≥290%”超过 100%"
    assert (scored.award.score, scored.award.low) == (None, None)
