from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.cells import CellRef
from jixiao.domain.quantities import Comparator
from jixiao.domain.supplements import Agreement, Answer, Question, SurveyRate
from tests.builders.supplements import answer_sheet, evaluated, reporting
from tests.builders.targets import figure, nothing, said

if TYPE_CHECKING:
    from random import Random

    from jixiao.domain.quantities import Actual
    from jixiao.domain.submissions import Submission

TEN = answer_sheet((10,)).questions[0].scale
TWO = ("您对服务的满意程度（满分10分）", "您对效率的满意程度（1-5分）")
UNCERTAIN = ("您对服务的满意程度（满分10分）", "您对效率的满意程度")


def asked(points: list[int]) -> Submission:
    """One ten-point question with these answers."""
    answers = tuple(
        Answer(CellRef("问卷.xlsx", "Sheet1", row, 1), str(each), Decimal(each) / 10)
        for row, each in enumerate(points, start=1)
    )
    question = Question(CellRef("问卷.xlsx", "Sheet1", 0, 1), "满意度", answers, TEN)
    return replace(answer_sheet((10,)), questions=(question,))


def test_rates_of_questions_and_their_composite() -> None:
    survey = evaluated(answer_sheet((10, 5), (8, 4), (9, "(跳过)"), headers=TWO))
    assert survey.count == 3
    assert [rate for _, rate in survey.questions] == [
        SurveyRate(3, Decimal(90), Decimal(100)),
        SurveyRate(2, Decimal(90), Decimal(100)),
    ]
    assert survey.composite == SurveyRate(5, Decimal(90), Decimal(100))
    assert survey.question_mean == Decimal(90)


def test_the_composite_pools_answers_not_questions() -> None:
    survey = evaluated(answer_sheet((10, 5), (10, None), (10, 2), headers=TWO))
    assert (survey.composite.rate, survey.question_mean) == (Decimal(88), Decimal(85))
    assert survey.composite.satisfied == Decimal(80)


def test_blank_questionnaires_do_not_count() -> None:
    assert evaluated(answer_sheet((10, 5), (None, ""), ("(空)", "跳过"), headers=TWO)).count == 1


def test_one_question_of_unknown_scale_leaves_the_composite_unknown() -> None:
    survey = evaluated(answer_sheet((10, 5), (9, 4), headers=UNCERTAIN), reporting(figure("97", "%")))
    assert [rate.rate for _, rate in survey.questions] == [Decimal(95), None]
    assert survey.composite == SurveyRate(4, None, None)
    assert survey.question_mean is None
    assert survey.comparison.agreement is Agreement.OPEN
    assert survey.comparison.reading == "有题目的满分或档次无法确定，综合满意度不掌握"


@pytest.mark.parametrize(
    ("actual", "reading"),
    [
        (figure("97", "%"), "综合满意度"),
        (figure("97.0", "%"), "综合满意度"),
        (figure("97.03", "%"), "综合满意度"),
        (figure("97.03"), "综合满意度"),
        (figure("0.9703"), "综合满意度"),
        (figure("100", "%"), "满意答案的占比"),
    ],
)
def test_a_form_agrees_to_the_digits_it_prints(actual: Actual, reading: str) -> None:
    worked = evaluated(asked([10] * 187 + [9] * 79), reporting(actual))
    assert round(worked.composite.rate or Decimal(0), 4) == Decimal("97.0301")
    assert (worked.comparison.agreement, worked.comparison.reading) == (Agreement.AGREES, reading)


@pytest.mark.parametrize("text", ["96", "98", "97.1", "97.04", "97.02"])
def test_a_form_that_states_another_figure_differs(text: str) -> None:
    comparison = evaluated(asked([10] * 187 + [9] * 79), reporting(figure(text, "%"))).comparison
    assert comparison.agreement is Agreement.DIFFERS
    assert comparison.indicator is not None
    assert comparison.indicator.actual.text == f"{text}%"


@pytest.mark.parametrize(
    "actual", [said("满意"), nothing(), figure("90", "%", Comparator.AT_LEAST), figure("97", "人")]
)
def test_what_states_no_rate_is_not_compared(actual: Actual) -> None:
    comparison = evaluated(asked([5, 5]), reporting(actual)).comparison
    assert (comparison.agreement, comparison.indicator) == (Agreement.OPEN, None)
    assert comparison.reading == "自评表上没有可以对照的满意度指标"


def test_of_several_indicators_any_may_be_the_survey_s_but_none_is_accused() -> None:
    both = reporting(figure("97", "%"), figure("91", "%"))
    agreeing = evaluated(asked([10] * 187 + [9] * 79), both).comparison
    assert (agreeing.agreement, agreeing.indicator) == (Agreement.AGREES, both.indicators[1])
    neither = evaluated(asked([5, 5]), both).comparison
    assert (neither.agreement, neither.indicator) == (Agreement.OPEN, None)
    assert neither.reading == "自评表上有多个满意度指标，无法确定问卷对应哪一个"


def test_the_question_on_the_whole_may_be_what_the_form_states() -> None:
    headers = ("您对效率的满意程度（满分10分）", "您的总体满意程度（满分10分）")
    survey = evaluated(answer_sheet((6, 10), (6, 9), headers=headers), reporting(figure("95", "%")))
    assert survey.comparison.reading == "总体评价题的满意度"


def test_a_department_s_survey_is_held_against_its_overall_form() -> None:
    overall, project = reporting(figure("90", "%")), reporting(figure("97", "%"), project="示例项目")
    comparison = evaluated(asked([9, 9]), project, overall).comparison
    assert (comparison.agreement, comparison.form) == (Agreement.AGREES, overall)


def test_a_project_s_survey_is_held_against_that_project() -> None:
    overall, project = reporting(figure("90", "%")), reporting(figure("97", "%"), project="示例项目")
    sheet = answer_sheet((9,), (9,), project="示例项目")
    comparison = evaluated(sheet, overall, project).comparison
    assert (comparison.agreement, comparison.form) == (Agreement.DIFFERS, project)
    other = evaluated(answer_sheet((9,), (9,), project="另一项目"), overall, project).comparison
    assert other.agreement is Agreement.OPEN


def test_without_an_overall_form_only_a_single_project_form_can_be_meant() -> None:
    one, two = (reporting(figure("80", "%"), project=name) for name in ("甲项目", "乙项目"))
    two = replace(two, submission_id="乙")
    assert evaluated(asked([9, 9]), one).comparison.agreement is Agreement.DIFFERS
    assert evaluated(asked([9, 9]), one, two).comparison.agreement is Agreement.OPEN


POINTS = st.lists(st.integers(0, 10), min_size=1, max_size=60)


@given(POINTS)
def test_a_rate_lies_between_nothing_and_all(points: list[int]) -> None:
    survey = evaluated(asked(points))
    for rate in (survey.composite.rate, survey.composite.satisfied, survey.question_mean):
        assert rate is not None
        assert 0 <= rate <= 100


@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_questionnaires_changes_nothing(points: list[int], chance: Random) -> None:
    shuffled = chance.sample(points, len(points))
    first, second = evaluated(asked(points)), evaluated(asked(shuffled))
    assert (first.composite, first.question_mean, first.count) == (
        second.composite,
        second.question_mean,
        second.count,
    )


@given(st.integers(1, 200))
def test_the_best_answer_from_everybody_is_all_of_it(count: int) -> None:
    assert evaluated(asked([10] * count)).composite == SurveyRate(count, Decimal(100), Decimal(100))
