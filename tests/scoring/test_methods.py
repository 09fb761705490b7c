from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.quantities import Comparison, TargetKind, Verdict
from jixiao.domain.scheme import Method
from jixiao.domain.scores import Award
from jixiao.scoring.methods import METHODS, Case, award, clip, coarser, round_score
from tests.builders.schemes import BANDS, rule
from tests.builders.targets import at_least, at_most, between, equal, figure, said, words, zero

if TYPE_CHECKING:
    from jixiao.domain.quantities import Actual, Target

POINTS = st.decimals(0, 50, places=2)


def case(
    method: Method,
    target: Target,
    actual: Actual,
    verdict: Verdict,
    attainment: str | None = None,
    *,
    weight: str = "10",
    step: str | None = None,
    reason: str = "",
) -> Case:
    comparison = Comparison(verdict, None if attainment is None else Decimal(attainment), reason)
    return Case(
        weight=Decimal(weight),
        target=target,
        actual=actual,
        comparison=comparison,
        rule=rule(target.kind, method),
        bands=BANDS,
        places=2,
        step=None if step is None else Decimal(step),
    )


def test_every_method_has_its_function() -> None:
    assert set(METHODS) == set(Method)


@pytest.mark.parametrize(
    "method",
    [
        Method.PROPORTIONAL,
        Method.INVERSE_RATIO,
        Method.INVERSE_EXCESS,
        Method.ALL_OR_NOTHING,
        Method.BELOW_FULL,
    ],
)
def test_a_met_target_earns_the_full_weight(method: Method) -> None:
    given_award = award(case(method, at_least("5", "%"), figure("9.86", "%"), Verdict.MET, weight="3"))
    assert given_award.score == Decimal("3.00")
    assert given_award.derivation == "实际 9.86%，目标 ≥5%，达成，得满分 3.00"


def test_a_target_exceeded_by_far_loses_nothing() -> None:
    given_award = award(case(Method.PROPORTIONAL, at_least("8"), figure("93"), Verdict.EXCEEDED, "11.625"))
    assert given_award.score == Decimal("10.00")
    assert given_award.derivation == "实际 93，目标 ≥8，达成，远超目标，得满分 10.00"


def test_a_missed_minimum_earns_its_share() -> None:
    given_award = award(case(Method.PROPORTIONAL, at_least("12"), figure("11"), Verdict.MISSED, "0.91666667"))
    assert given_award.score == Decimal("9.17")
    assert given_award.derivation == "实际 11，目标 ≥12，未达成，10 × 91.6667% = 9.17"


def test_a_negative_attainment_earns_nothing() -> None:
    missed = case(
        Method.PROPORTIONAL,
        at_least("5", "%"),
        figure("-89.29", "%"),
        Verdict.MISSED,
        "-17.858",
        weight="3",
    )
    assert award(missed).score == Decimal("0.00")
    assert award(missed).derivation == "实际 -89.29%，目标 ≥5%，未达成，3 × −1,785.80% 不足 0，得 0.00"


def test_a_quotient_that_only_lacks_digits_rounds_as_exact() -> None:
    third = str(Decimal(1) / 3)
    missed = case(Method.PROPORTIONAL, at_least("3"), figure("1"), Verdict.MISSED, third, weight="0.045")
    assert award(missed).score == Decimal("0.02")


@pytest.mark.parametrize(
    ("method", "attainment", "score"),
    [
        (Method.INVERSE_RATIO, "0.8", "8.00"),
        (Method.INVERSE_EXCESS, "0.8", "7.50"),
        (Method.INVERSE_EXCESS, "0.5", "0.00"),
        (Method.INVERSE_EXCESS, "0.25", "0.00"),
        (Method.ALL_OR_NOTHING, "0.8", "0.00"),
    ],
)
def test_a_missed_maximum(method: Method, attainment: str, score: str) -> None:
    actual = figure(str(2 / Decimal(attainment)))
    assert award(case(method, at_most("2"), actual, Verdict.MISSED, attainment)).score == Decimal(score)


def test_a_missed_zero_target_says_so() -> None:
    given_award = award(case(Method.ALL_OR_NOTHING, zero(), figure("1"), Verdict.MISSED))
    assert given_award.derivation == "实际 1，目标 0，未达成，得 0.00"


def test_a_missed_deadline_is_below_full_marks_and_no_more_is_said() -> None:
    given_award = award(case(Method.BELOW_FULL, words("9月前"), said("10月完成"), Verdict.MISSED, weight="5"))
    assert (given_award.score, given_award.low, given_award.high) == (None, Decimal(0), Decimal("4.99"))
    assert given_award.derivation == "实际 10月完成，目标 9月前，未达成，应低于满分 5.00，分值由人工判定"


@pytest.mark.parametrize(
    ("level", "low", "high"), [("reached", "8", "10"), ("partly", "6", "8"), ("missed", "0", "6")]
)
def test_words_earn_a_band(level: str, low: str, high: str) -> None:
    given_award = award(case(Method.BAND, words("提高"), said("略有提高", level), Verdict.QUALITATIVE))
    assert (given_award.score, given_award.low, given_award.high) == (None, Decimal(low), Decimal(high))


def test_a_band_names_itself() -> None:
    given_award = award(case(Method.BAND, words("提高"), said("提高"), Verdict.QUALITATIVE))
    assert given_award.derivation == "实际 提高，目标 提高，属“达成”，得分应在 8.00 至 10.00 之间"


@pytest.mark.parametrize(
    "undecidable",
    [
        case(Method.BAND, words("提高"), said("详见附件", ""), Verdict.QUALITATIVE, reason="看不出完成程度"),
        case(Method.PROPORTIONAL, words("提高"), said("提高"), Verdict.QUALITATIVE),
        case(Method.ALL_OR_NOTHING, words("提高"), said("提高"), Verdict.QUALITATIVE),
        case(Method.BELOW_FULL, words("提高"), said("提高"), Verdict.QUALITATIVE),
        case(Method.JUDGED, at_least("2"), figure("3"), Verdict.MET),
        case(Method.PROPORTIONAL, at_least("2"), said("完成"), Verdict.UNDETERMINED, reason="没有数值"),
        case(Method.PROPORTIONAL, at_least("2"), said(""), Verdict.BLANK),
    ],
)
def test_what_a_method_cannot_decide_it_leaves_to_a_person(undecidable: Case) -> None:
    given_award = award(undecidable)
    assert (given_award.score, given_award.low, given_award.high) == (None, None, None)
    assert given_award.derivation.endswith("由人工判定")


@pytest.mark.parametrize(
    "missed",
    [
        case(Method.PROPORTIONAL, at_least("0"), figure("-1"), Verdict.MISSED),
        case(Method.PROPORTIONAL, at_least("-5"), figure("-10"), Verdict.MISSED, "2"),
        case(Method.PROPORTIONAL, equal("10"), figure("12"), Verdict.MISSED, "1.2"),
        case(Method.PROPORTIONAL, at_least("10"), figure("5"), Verdict.MISSED),
        case(Method.PROPORTIONAL, between("10", "20"), figure("9"), Verdict.MISSED),
        case(Method.INVERSE_RATIO, at_most("2"), figure("3"), Verdict.MISSED),
        case(Method.INVERSE_EXCESS, at_most("2"), figure("3"), Verdict.MISSED),
    ],
)
def test_a_miss_without_a_share_is_still_below_full_marks(missed: Case) -> None:
    given_award = award(missed)
    assert (given_award.score, given_award.low, given_award.high) == (None, Decimal(0), Decimal("9.99"))


def test_the_reason_of_an_undetermined_comparison_is_passed_on() -> None:
    open_case = case(Method.PROPORTIONAL, at_least("2"), said(""), Verdict.UNDETERMINED, reason="没有数值")
    assert award(open_case).derivation == "实际 （空），目标 ≥2，没有数值，由人工判定"


def test_long_texts_are_shortened_to_one_line() -> None:
    told = said("开展\n" + "多" * 60)
    given_award = award(case(Method.BAND, words("提高"), told, Verdict.QUALITATIVE))
    assert given_award.derivation.startswith("实际 开展 " + "多" * 37 + "…，目标 提高，")


def test_a_self_score_printed_coarser_stands() -> None:
    missed = case(Method.PROPORTIONAL, at_least("12"), figure("11"), Verdict.MISSED, "0.91666667", step="0.1")
    assert award(missed).supports(Decimal("9.2"))
    assert not award(missed).supports(Decimal("9.3"))


def test_rounding_never_makes_up_full_marks() -> None:
    missed = case(Method.PROPORTIONAL, at_least("95"), figure("93"), Verdict.MISSED, "0.97894737", step="1")
    assert award(missed).score == Decimal("9.79")
    assert not award(missed).supports(Decimal(10))


@given(POINTS, st.decimals("0.01", "1e6", places=2), st.decimals("-1e6", "1e6", places=2))
def test_a_proportional_score_lies_within_the_weight(
    weight: Decimal, bound: Decimal, actual: Decimal
) -> None:
    verdict = Verdict.MET if actual >= bound else Verdict.MISSED
    scored = case(
        Method.PROPORTIONAL, at_least(str(bound)), figure(str(actual)), verdict, str(actual / bound)
    )
    score = award(replace(scored, weight=weight)).score
    assert score is not None
    assert 0 <= score <= weight


@given(
    POINTS, st.decimals("0.01", "1e4", places=2), st.lists(st.decimals("-1e4", "1e4", places=2), min_size=2)
)
def test_a_better_actual_never_scores_less(weight: Decimal, bound: Decimal, actuals: list[Decimal]) -> None:
    scores = []
    for actual in sorted(actuals):
        verdict = Verdict.MET if actual >= bound else Verdict.MISSED
        scored = case(
            Method.PROPORTIONAL, at_least(str(bound)), figure(str(actual)), verdict, str(actual / bound)
        )
        scores.append(award(replace(scored, weight=weight)).score or Decimal(0))
    assert scores == sorted(scores)


@given(
    st.sampled_from([Method.INVERSE_RATIO, Method.INVERSE_EXCESS]),
    POINTS,
    st.decimals("0.01", "1e4", places=2),
    st.lists(st.decimals("0.01", "1e4", places=2), min_size=2),
)
def test_a_lower_actual_never_scores_less_under_a_maximum(
    method: Method, weight: Decimal, bound: Decimal, actuals: list[Decimal]
) -> None:
    scores = []
    for actual in sorted(actuals, reverse=True):
        verdict = Verdict.MET if actual <= bound else Verdict.MISSED
        scored = case(method, at_most(str(bound)), figure(str(actual)), verdict, str(bound / actual))
        score = award(replace(scored, weight=weight)).score
        assert score is not None
        assert 0 <= score <= weight
        scores.append(score)
    assert scores == sorted(scores)


def test_the_kind_of_target_is_in_the_rule_of_the_award() -> None:
    met = case(Method.PROPORTIONAL, at_least("1"), figure("1"), Verdict.MET)
    assert award(met).rule == f"{TargetKind.AT_LEAST}-{Method.PROPORTIONAL}"


TEN = Decimal(10)


@pytest.mark.parametrize(("score", "clipped"), [("-1", "0"), ("0", "0"), ("4.5", "4.5"), ("11", "10")])
def test_clip(score: str, clipped: str) -> None:
    assert clip(Decimal(score), TEN) == Decimal(clipped)


@pytest.mark.parametrize(
    ("exact", "rounded"), [("8.715", "8.72"), ("8.7149", "8.71"), ("0.01499999999999999", "0.02")]
)
def test_round_score(exact: str, rounded: str) -> None:
    assert round_score(Decimal(exact), 2) == Decimal(rounded)


@pytest.mark.parametrize(
    ("exact", "step", "expected"),
    [
        ("9.554", "0.1", ["9.6"]),
        ("8.4", "1", ["8"]),
        ("9.554", "1", []),
        ("9.99", "0.1", []),
        ("10", "1", []),
        ("9.554", "0.01", []),
        ("9.554", "0.0001", []),
        ("9.554", None, []),
    ],
)
def test_coarser(exact: str, step: str | None, expected: list[str]) -> None:
    found = coarser([Decimal(exact)], TEN, None if step is None else Decimal(step), 2)
    assert found == tuple(Decimal(each) for each in expected)


@pytest.mark.parametrize(
    ("self_score", "stands"),
    [
        ("8.72", True),
        ("8.71", True),
        ("8.715", True),
        ("8.7145534649", True),
        ("8.70", False),
        ("8.73", False),
    ],
)
def test_digits_that_a_form_hides_do_not_refute_a_score(self_score: str, *, stands: bool) -> None:
    award = Award("r", "", Decimal("8.72"), alternatives=(Decimal("8.71"),))
    assert award.supports(Decimal(self_score)) is stands


def test_a_band_end_with_binary_dust_stands() -> None:
    assert Award("r", "", low=Decimal("1.8"), high=Decimal("2.4")).supports(Decimal("1.7999999999999998"))
