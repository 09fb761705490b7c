"""What is scored beside the forms: the internal execution appraisal, and satisfaction surveys."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, Interval, plain, round_half_up, show
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import ActualKind
from jixiao.domain.supplements import Agreement, Appraisal, DivisionRate, Survey, SurveyComparison, SurveyRate
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.quantities import Quantity
    from jixiao.domain.submissions import Indicator, Line, Submission
    from jixiao.domain.supplements import AppraisalRule, Question, SurveyRule

_TOTAL = "total"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def appraise(submission: Submission, rule: AppraisalRule) -> Appraisal:
    """Annual rate = sum of period rate × weight, rounded half-up; divisions of one rate share a rank.

    A division without one of the rates, or with one that no execution can have, has neither annual rate nor
    rank: what is not known is not nought.
    """
    lines = [each for each in submission.lines if each.table == rule.table and each.item != _TOTAL]
    annual = [_annual_rate(line, rule) for line in lines]
    known = [rate for rate in annual if rate is not None]
    divisions = tuple(
        DivisionRate(
            line=line,
            annual=rate,
            rank=None if rate is None else 1 + sum(other > rate for other in known),
            printed_rank=_printed_rank(line, rule),
            missing=tuple(column for column in rule.weights if _period_rate(line, column) is None),
            derivation=_derive(line, rate, rule),
        )
        for line, rate in zip(lines, annual, strict=True)
    )
    return Appraisal(submission, divisions)


def _annual_rate(line: Line, rule: AppraisalRule) -> Decimal | None:
    parts = _parts(line, rule)
    if any(rate is None for rate, _ in parts):
        return None
    return round_half_up(
        sum((rate * weight for rate, weight in parts if rate is not None), ZERO), rule.places
    )


def _parts(line: Line, rule: AppraisalRule) -> Sequence[tuple[Decimal | None, Decimal]]:
    return [(_period_rate(line, column), weight) for column, weight in rule.weights.items()]


def _period_rate(line: Line, column: str) -> Decimal | None:
    """A period's rate; None where it is not known, or lies outside 0 and 100 and so is another figure."""
    rate = line.value(column)
    return rate if rate is not None and ZERO <= rate <= HUNDRED else None


def _printed_rank(line: Line, rule: AppraisalRule) -> int | None:
    """The one whole number that the cell holds: 3, or 第3名."""
    entry = line.entries.get(rule.rank)
    numbers = _NUMBER.findall(entry.text) if entry else []
    return int(numbers[0]) if len(numbers) == 1 and numbers[0].isdecimal() else None


def _derive(line: Line, rate: Decimal | None, rule: AppraisalRule) -> str:
    """One line with the figures: 80.00% × 0.1 + 90.00% × 0.9 = 89.00%."""
    if rate is None:
        return ""
    terms = (f"{show(each)}% × {plain(weight)}" for each, weight in _parts(line, rule) if each is not None)
    return f"{' + '.join(terms)} = {show(rate)}%"


_PERCENT = "%"


def evaluate_survey(submission: Submission, siblings: Sequence[Submission], rule: SurveyRule) -> Survey:
    """Rates of one survey; `siblings` are the other current forms of its department.

    The composite pools all answers that could be read. Where the scale of one question is not known, neither
    is the composite: the rest would be another survey.
    """
    questions = tuple((each, _rate([each])) for each in submission.questions)
    composite = _rate(submission.questions)
    rates = [rate.rate for _, rate in questions]
    known = [rate for rate in rates if rate is not None]
    mean = sum(known, ZERO) / len(known) if known and len(known) == len(rates) else None
    rows = {answer.ref.row for each in submission.questions for answer in each.answers}
    survey = Survey(
        submission=submission,
        count=len(rows),
        questions=questions,
        composite=composite,
        question_mean=mean,
        comparison=SurveyComparison(Agreement.OPEN, ""),
        places=rule.places,
    )
    return replace(survey, comparison=_compare(survey, siblings, rule))


def _rate(questions: Sequence[Question]) -> SurveyRate:
    """Mean share of the scale in percent, and the share of answers that count as satisfied."""
    answers = sum(len(each.answers) for each in questions)
    shares = [(share, each.scale.satisfied) for each in questions if each.scale for share in each.shares]
    if not shares or any(each.scale is None for each in questions if each.answers):
        return SurveyRate(answers, None, None)
    total = sum((share for share, _ in shares), ZERO)
    satisfied = sum(share >= least for share, least in shares)
    return SurveyRate(answers, total * HUNDRED / len(shares), satisfied * HUNDRED / len(shares))


def _compare(survey: Survey, siblings: Sequence[Submission], rule: SurveyRule) -> SurveyComparison:
    """The one satisfaction indicator of the form that the survey is about against the survey.

    A survey that names a project is about that project, any other about the department as a whole: compared
    with its overall form, else with the only form that reports satisfaction at all.
    """
    if survey.composite.rate is None:
        return SurveyComparison(Agreement.OPEN, say("有题目的满分或档次无法确定，综合满意度不掌握"))
    found = [(form, each) for form in siblings for each in _indicators(form, rule)]
    own = [pair for pair in found if _concerns(survey.submission, pair[0])]
    if not own and not survey.submission.project and len({form.submission_id for form, _ in found}) == 1:
        own = found
    stated = [(form, each, actual) for form, each in own if (actual := _stated(each)) is not None]
    if not stated:
        return SurveyComparison(Agreement.OPEN, say("自评表上没有可以对照的满意度指标"))
    for form, each, actual in stated:
        if reading := next(_agreeing(survey, actual), ""):
            return SurveyComparison(Agreement.AGREES, reading, form, each)
    if len(own) > 1:
        return SurveyComparison(Agreement.OPEN, say("自评表上有多个满意度指标，无法确定问卷对应哪一个"))
    form, indicator, _ = stated[0]
    return SurveyComparison(Agreement.DIFFERS, "", form, indicator)


def _indicators(form: Submission, rule: SurveyRule) -> list[Indicator]:
    return [each for each in form.indicators if {each.level1, each.level2} & set(rule.levels)]


def _concerns(survey: Submission, form: Submission) -> bool:
    if survey.project:
        return form.scope is Scope.PROJECT and form.project == survey.project
    return form.scope in {Scope.OVERALL, Scope.SCORING_TABLE}


def _stated(indicator: Indicator) -> Quantity | None:
    """The percentage that a form states; None for words, bounds (≥90%) and figures of another kind."""
    actual = indicator.actual
    if actual.kind is not ActualKind.FIGURE or actual.sign is not None or actual.words:
        return None
    quantity = actual.quantity
    return quantity if quantity and (quantity.dimension == _PERCENT or quantity.is_bare) else None


def _agreeing(survey: Survey, actual: Quantity) -> Iterator[str]:
    """Every way of counting by which the form's figure, as finely as it is printed, is the survey's."""
    scales = (1, 100) if actual.is_bare and abs(actual.value) <= 1 else (1,)
    for name, rate in readings(survey):
        shown = round_half_up(rate, survey.places)
        for scale in scales:
            stated = Interval.around(actual.value * scale, actual.step * scale)
            if any(stated.low <= value <= stated.high for value in (rate, shown)):
                yield name


def readings(survey: Survey) -> Iterator[tuple[str, Decimal]]:
    """The figures that a department may rightly call its satisfaction rate, the composite first."""
    rates: list[tuple[str, Decimal | None]] = [
        (say("综合满意度"), survey.composite.rate),
        (say("各题满意度的平均"), survey.question_mean),
        (say("满意答案的占比"), survey.composite.satisfied),
    ]
    rates += [
        (say("总体评价题的满意度"), rate.rate) for question, rate in survey.questions if question.overall
    ]
    yield from ((name, rate) for name, rate in rates if rate is not None)
