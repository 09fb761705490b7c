from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.scoring.cards import score_execution
from tests.builders.schemes import PROJECT, scheme
from tests.builders.submissions import good_project, with_funds
from tests.builders.worked import worked_forms

if TYPE_CHECKING:
    from jixiao.domain.scores import ExecutionScore

SCHEME = scheme()
MONEY = st.decimals(0, 100_000, places=2)


def scored(**texts: str | None) -> ExecutionScore:
    execution = score_execution(with_funds(good_project(PROJECT), "total", **texts), SCHEME)
    assert execution is not None
    return execution


def test_the_worked_rates_and_scores() -> None:
    executions = [score_execution(form, SCHEME) for form in worked_forms()]
    figures = [(str(each.rate), str(each.award.score)) for each in executions if each]
    assert figures == [
        ("95.54", "9.55"),
        ("87.15", "8.72"),
        ("96.53", "9.65"),
        ("79.33", "7.93"),
        ("76.27", "7.63"),
        ("100.00", "10.00"),
        ("100.00", "10.00"),
    ]


def test_both_conventions_stand_and_the_derivation_says_which() -> None:
    award = scored(annual_budget="410.83", executed="358.02", self_score="8.71").award
    assert award.supports(Decimal("8.72"))
    assert award.supports(Decimal("8.71"))
    assert not award.supports(Decimal("8.70"))
    assert award.derivation == (
        "执行率 358.02 ÷ 410.83 = 87.15%，10 × 87.15% = 8.72（执行率不取整则为 8.71，同样认可）"
    )


def test_the_exact_quotient_stands_only_where_the_scheme_accepts_it() -> None:
    strict = replace(SCHEME, execution=replace(SCHEME.execution, exact_accepted=False))
    form = with_funds(good_project(PROJECT), "total", annual_budget="410.83", executed="358.02")
    execution = score_execution(form, strict)
    assert execution is not None
    assert not execution.award.supports(Decimal("8.71"))
    assert execution.award.derivation == "执行率 358.02 ÷ 410.83 = 87.15%，10 × 87.15% = 8.72"


def test_a_score_printed_with_one_decimal_stands() -> None:
    assert scored(self_score="9.6").award.supports(Decimal("9.6"))
    assert not scored(self_score="9.7").award.supports(Decimal("9.7"))


def test_whole_points_never_make_up_a_full_execution() -> None:
    assert not scored(self_score="10").award.supports(Decimal(10))


@pytest.mark.parametrize(
    ("annual", "executed", "rate", "score", "derivation"),
    [
        (
            "100",
            "120",
            "120.00",
            "10.00",
            "执行率 120.00 ÷ 100.00 = 120.00%，10 × 120.00% 超过分值，按满分 10.00",
        ),
        ("100", "0", "0.00", "0.00", "执行率 0.00 ÷ 100.00 = 0.00%，10 × 0.00% = 0.00"),
        ("100", "-5", "-5.00", "0.00", "执行率 −5.00 ÷ 100.00 = −5.00%，10 × −5.00% 不足 0，得 0.00"),
    ],
)
def test_the_score_lies_within_the_weight(
    annual: str, executed: str, rate: str, score: str, derivation: str
) -> None:
    execution = scored(annual_budget=annual, executed=executed)
    assert (execution.rate, execution.award.score) == (Decimal(rate), Decimal(score))
    assert execution.award.derivation == derivation


@pytest.mark.parametrize(
    "texts",
    [
        {"annual_budget": "0"},
        {"annual_budget": "-1"},
        {"annual_budget": None},
        {"annual_budget": "—"},
        {"executed": None},
        {"executed": "#"},
        {"executed": "约300"},
        {"weight": None},
    ],
)
def test_nothing_is_decided_without_the_figures(texts: dict[str, str | None]) -> None:
    assert scored(**texts).award.score is None


def test_the_first_line_with_a_weight_is_the_scored_one() -> None:
    merged = with_funds(good_project(PROJECT), "fiscal", weight="10", self_score="9.55")
    execution = score_execution(merged, SCHEME)
    assert execution is not None
    assert execution.line is merged.lines[0]


def test_a_form_without_weight_and_score_has_no_execution() -> None:
    bare = with_funds(good_project(PROJECT), "total", weight="—", self_score=None)
    assert score_execution(bare, SCHEME) is None


@given(MONEY.filter(bool), MONEY, MONEY)
def test_more_executed_never_scores_less(annual: Decimal, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    scores = [
        scored(annual_budget=str(annual), executed=str(executed)).award.score or Decimal(0)
        for executed in (low, high)
    ]
    assert 0 <= scores[0] <= scores[1] <= 10
