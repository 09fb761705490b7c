from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.cells import CellRef
from jixiao.domain.quantities import Side
from jixiao.domain.relations import MeasureKind
from jixiao.domain.scheme import (
    CheckItem,
    Criterion,
    CriterionMethod,
    Evidence,
    Operands,
    Step,
)
from jixiao.domain.submissions import Entry, State
from jixiao.scoring.criteria import CRITERION_METHODS, CriterionCase, apply

if TYPE_CHECKING:
    from jixiao.domain.scores import Award

REF = CellRef("虚构局.xlsx", "表", 0, 0)
HUNDRED = Decimal(100)
AMOUNTS = st.decimals(min_value=0, max_value=1000, places=2)
WEIGHT = Decimal(5)
BANDS = (Step(Decimal(90), Decimal(5)), Step(Decimal(80), Decimal(4)), Step(Decimal(60), Decimal(2)))
CEILINGS = (Step(Decimal(0), Decimal(5)), Step(Decimal(10), Decimal(2)), Step(Decimal(20), Decimal(1)))


def criterion(
    method: CriterionMethod,
    worse: Side = Side.BELOW,
    *,
    pro_rata: bool = False,
    steps: tuple[Step, ...] = (),
    kind: MeasureKind = MeasureKind.RATIO,
    **parameters: str,
) -> Criterion:
    return Criterion(
        id="c",
        title="示例标准",
        labels=("示例",),
        weight=WEIGHT,
        method=method,
        basis="测试依据",
        operands=Operands("示例率", kind, None, None),
        parameters={name: Decimal(value) for name, value in parameters.items()},
        worse=worse,
        pro_rata=pro_rata,
        steps=steps,
        items=(CheckItem("有制度", Decimal(3)), CheckItem("执行", Decimal(2))),
    )


def cell(value: Decimal | str | None) -> Entry | None:
    if value is None:
        return None
    if value in {"", "—"}:
        return Entry(REF, State.DASH if value else State.BLANK, str(value))
    return Entry(REF, State.NUMBER, str(value), Decimal(value))


def judge(standard: Criterion, of: Decimal | str | None, base: Decimal | str | None = None) -> Award:
    return apply(CriterionCase(Evidence(standard, cell(of), cell(base)), "分子", "分母", 2))


def score(standard: Criterion, of: Decimal | str, base: Decimal | str = HUNDRED) -> Decimal:
    award = judge(standard, of, base)
    assert award.score is not None
    return award.score


ABOVE_100 = criterion(CriterionMethod.POINTS_OFF, Side.ABOVE, standard="100", points="0.5")
ABOVE_0 = criterion(
    CriterionMethod.POINTS_OFF, Side.ABOVE, kind=MeasureKind.CHANGE, standard="0", points="0.5"
)
BELOW_100 = criterion(CriterionMethod.POINTS_OFF, Side.BELOW, standard="100", points="0.2")
BELOW_50 = criterion(CriterionMethod.POINTS_OFF, Side.BELOW, standard="50", points="0.2")
PRO_RATA = criterion(CriterionMethod.POINTS_OFF, Side.ABOVE, pro_rata=True, standard="100", points="0.5")


@pytest.mark.parametrize(
    ("standard", "of", "expected"),
    [
        (ABOVE_100, "100", "5.00"),
        (ABOVE_100, "87", "5.00"),
        (ABOVE_100, "100.99", "5.00"),
        (ABOVE_100, "101", "4.50"),
        (ABOVE_100, "105.6", "2.50"),
        (ABOVE_100, "109.99", "0.50"),
        (ABOVE_100, "110", "0.00"),
        (ABOVE_100, "300", "0.00"),
        (ABOVE_0, "100", "5.00"),
        (ABOVE_0, "99", "5.00"),
        (ABOVE_0, "103", "3.50"),
        (BELOW_100, "100", "5.00"),
        (BELOW_100, "110", "5.00"),
        (BELOW_100, "98", "4.60"),
        (BELOW_100, "75", "0.00"),
        (BELOW_100, "0", "0.00"),
        (BELOW_50, "50", "5.00"),
        (BELOW_50, "49.01", "5.00"),
        (BELOW_50, "49", "4.80"),
        (BELOW_50, "25", "0.00"),
        (PRO_RATA, "100.5", "4.75"),
        (PRO_RATA, "105.6", "2.20"),
        (PRO_RATA, "120", "0.00"),
    ],
)
def test_points_off_for_each_percentage_point(standard: Criterion, of: str, expected: str) -> None:
    assert score(standard, of) == Decimal(expected)


@pytest.mark.parametrize(
    ("steps", "worse", "of", "expected"),
    [
        (BANDS, Side.BELOW, "100", "5"),
        (BANDS, Side.BELOW, "90", "5"),
        (BANDS, Side.BELOW, "89.99", "4"),
        (BANDS, Side.BELOW, "80", "4"),
        (BANDS, Side.BELOW, "79.99", "2"),
        (BANDS, Side.BELOW, "60", "2"),
        (BANDS, Side.BELOW, "59.99", "0"),
        (CEILINGS, Side.ABOVE, "0", "5"),
        (CEILINGS, Side.ABOVE, "0.01", "2"),
        (CEILINGS, Side.ABOVE, "10", "2"),
        (CEILINGS, Side.ABOVE, "10.01", "1"),
        (CEILINGS, Side.ABOVE, "20", "1"),
        (CEILINGS, Side.ABOVE, "20.01", "0"),
    ],
)
def test_bounds_belong_to_their_band(steps: tuple[Step, ...], worse: Side, of: str, expected: str) -> None:
    standard = criterion(CriterionMethod.BANDS, worse, steps=steps, otherwise="0")
    assert score(standard, of) == Decimal(expected)


COMPARISON = criterion(CriterionMethod.COMPARISON, none="5", within="3", above="0")


@pytest.mark.parametrize(
    ("of", "base", "expected"),
    [
        ("0", "10", "5"),
        ("—", "10", "5"),
        ("0", None, "5"),
        ("22.11", "60.29", "3"),
        ("60.29", "60.29", "3"),
        ("60.30", "60.29", "0"),
        ("1", "—", "0"),
    ],
)
def test_a_balance_is_held_against_last_years(of: str, base: str | None, expected: str) -> None:
    assert judge(COMPARISON, of, base).score == Decimal(expected)


@pytest.mark.parametrize(("of", "base"), [(None, "10"), ("", "10"), ("5", None), ("5", ""), ("-1", "10")])
def test_a_balance_that_is_not_known_or_below_nothing_is_left_open(of: str | None, base: str | None) -> None:
    assert judge(COMPARISON, of, base).score is None


@pytest.mark.parametrize(("count", "expected"), [("0", "5"), ("1", "3"), ("2", "1"), ("3", "0"), ("9", "0")])
def test_points_off_for_each_case(count: str, expected: str) -> None:
    assert judge(criterion(CriterionMethod.PER_OCCURRENCE, points="2"), count).score == Decimal(expected)


@pytest.mark.parametrize("count", [None, "", "-1"])
def test_an_unknown_number_of_cases_is_left_open(count: str | None) -> None:
    assert judge(criterion(CriterionMethod.PER_OCCURRENCE, points="2"), count).score is None


@pytest.mark.parametrize(
    ("method", "derivation"),
    [
        (CriterionMethod.CHECKLIST, "分项自报（有制度 3 分，执行 2 分），未能核实，暂按自评得分计"),
        (CriterionMethod.JUDGED, "由人工判断，最高 5 分，未能核实，暂按自评得分计"),
        (CriterionMethod.MERGED, "几项合用 5 分，由人工判断，未能核实，暂按自评得分计"),
    ],
)
def test_what_a_person_must_judge_is_left_open(method: CriterionMethod, derivation: str) -> None:
    award = judge(criterion(method), "1", "1")
    assert (award.rule, award.score, award.low, award.derivation) == ("c", None, None, derivation)


@pytest.mark.parametrize(
    ("of", "base", "derivation"),
    [
        (None, None, "报送表上没有计算示例率所需的数据，未能核实，暂按自评得分计"),
        ("6.37", None, "分子 6.37，报送表上没有计算示例率所需的另一个数，未能核实，暂按自评得分计"),
        ("6.37", "", "“分母”为空或为 0，示例率无从计算，未能核实，暂按自评得分计"),
        (None, "0", "“分母”为空或为 0，示例率无从计算，未能核实，暂按自评得分计"),
        (None, "7", "报送表上没有计算示例率所需的数据，未能核实，暂按自评得分计"),
    ],
)
def test_a_percentage_that_is_not_known_says_why(of: str | None, base: str | None, derivation: str) -> None:
    for standard in (ABOVE_100, criterion(CriterionMethod.BANDS, steps=BANDS, otherwise="0")):
        award = judge(standard, of, base)
        assert (award.score, award.derivation) == (None, derivation)


@pytest.mark.parametrize(
    ("standard", "of", "base", "derivation"),
    [
        (ABOVE_100, "16", "16", "分子 16 ÷ 分母 16 = 100.00%，不高于 100%，得满分 5.00"),
        (
            ABOVE_100,
            "42",
            "40",
            "分子 42 ÷ 分母 40 = 105.00%，高于 100% 计 5 个百分点，每个百分点扣 0.5 分，得 2.50",
        ),
        (
            ABOVE_0,
            "14.5",
            "13.95",
            (
                "（分子 14.50 − 分母 13.95）÷ 分母 13.95 = 3.94%，"
                "高于 0% 计 3 个百分点，每个百分点扣 0.5 分，得 3.50"
            ),
        ),
        (COMPARISON, "22.11", "60.29", "分子 22.11，不超过分母 60.29，得 3.00"),
        (COMPARISON, "70", "60.29", "分子 70，超过分母 60.29，得 0.00"),
        (COMPARISON, "0", "60.29", "分子 0，得满分 5.00"),
    ],
)
def test_a_score_says_how_it_came_about(standard: Criterion, of: str, base: str, derivation: str) -> None:
    assert judge(standard, of, base).derivation == derivation


def test_a_whole_point_self_score_may_print_a_fraction_coarser() -> None:
    case = CriterionCase(Evidence(ABOVE_100, cell("105.6"), cell("100")), "分子", "分母", 2, Decimal(1))
    assert apply(case).alternatives == (Decimal(3),)


def test_every_method_has_its_function() -> None:
    assert set(CRITERION_METHODS) == set(CriterionMethod)


@given(AMOUNTS, AMOUNTS, st.sampled_from([ABOVE_100, ABOVE_0, PRO_RATA, BELOW_100, BELOW_50]))
def test_a_worse_percentage_never_scores_more(first: Decimal, second: Decimal, standard: Criterion) -> None:
    better, worse = sorted((first, second), reverse=standard.worse is Side.BELOW)
    assert 0 <= score(standard, worse) <= score(standard, better) <= WEIGHT


@given(AMOUNTS, AMOUNTS)
def test_whole_points_never_cost_more_than_their_parts(of: Decimal, points: Decimal) -> None:
    whole = criterion(CriterionMethod.POINTS_OFF, Side.ABOVE, standard="100", points=str(points))
    parts = criterion(
        CriterionMethod.POINTS_OFF, Side.ABOVE, pro_rata=True, standard="100", points=str(points)
    )
    assert score(whole, of) >= score(parts, of)


@given(AMOUNTS, AMOUNTS)
def test_a_higher_percentage_never_lies_in_a_lower_band(first: Decimal, second: Decimal) -> None:
    low, high = sorted((first, second))
    rising = criterion(CriterionMethod.BANDS, Side.BELOW, steps=BANDS, otherwise="0")
    falling = criterion(CriterionMethod.BANDS, Side.ABOVE, steps=CEILINGS, otherwise="0")
    assert score(rising, low) <= score(rising, high)
    assert score(falling, low) >= score(falling, high)


@given(AMOUNTS, AMOUNTS, st.integers(min_value=1, max_value=1000))
def test_the_unit_of_both_figures_does_not_matter(of: Decimal, base: Decimal, factor: int) -> None:
    for standard in (ABOVE_100, COMPARISON):
        assert judge(standard, of, base).score == judge(standard, of * factor, base * factor).score


@given(st.integers(min_value=0, max_value=50), st.integers(min_value=0, max_value=50))
def test_more_cases_never_score_more(first: int, second: int) -> None:
    fewer, more = sorted((first, second))
    standard = criterion(CriterionMethod.PER_OCCURRENCE, points="0.5")
    left = judge(standard, Decimal(more)).score
    right = judge(standard, Decimal(fewer)).score
    assert left is not None
    assert right is not None
    assert left <= right
