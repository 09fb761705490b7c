"""What is sent beside the forms: answer sheets of a survey with their rates, and the internal appraisal."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import CellRef
    from jixiao.domain.submissions import Indicator, Line, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerScale:
    """A scale that questions are answered on: points up to `top`, or words with their shares of the scale.

    `labels` in a question's header or in the sheet's heading name a scale in points, its options listed there
    one in words. A scale with `only` is used for headers that hold one of these words and for no others.
    Points go from `lowest` to `top` in steps of `step`. An answer with a share from `satisfied` on counts as
    satisfied.
    """

    id: str
    title: str
    satisfied: Decimal
    labels: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    lowest: Decimal = Decimal(0)
    top: Decimal | None = None
    step: Decimal = Decimal(1)
    words: Mapping[str, Decimal] = field(default_factory=dict)

    def share(self, points: Decimal) -> Decimal | None:
        """Points as a share of the scale, 1 at its top; None for points that it does not have."""
        if self.top is None or not self.lowest <= points <= self.top or points % self.step:
            return None
        return points / self.top


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersLayout:
    """How an answer sheet is known, one questionnaire a row: words of its headers, answers and scales.

    `questions` are words of a header over rated answers, `excludes` words that rule such a header out,
    `marks` words by which a header is a question in itself (您). `stamps` head columns that only an export of
    questionnaires has (submission time, IP), `skipped` other columns that are no questions; both are whole
    headers, stamps also beginnings of one. `hints` in the heading or the sheet's name say that it is a
    survey. `blanks` are texts of an answer not given; `suffixes` stand after points (分), `neutral` words
    hold a scale's label by accident (分钟); `reversed` words say that fewer points are better. `overall` in
    a header marks the question on satisfaction as a whole.
    """

    questions: tuple[str, ...]
    scales: tuple[AnswerScale, ...]
    excludes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    reversed: tuple[str, ...] = ()
    overall: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that was given. `share` of the scale, 1 at its top; None where it can't be read on it."""

    ref: CellRef
    text: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the answers given to it, from top to bottom.

    `scale` is None where it is not certain on which one was answered, `reason` says why in Chinese. `overall`
    marks the question on satisfaction as a whole.
    """

    ref: CellRef
    text: str
    answers: tuple[Answer, ...]
    scale: AnswerScale | None = None
    reason: str = ""
    overall: bool = False

    @property
    def shares(self) -> tuple[Decimal, ...]:
        """The shares of the answers that could be read."""
        return tuple(answer.share for answer in self.answers if answer.share is not None)


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """How surveys are evaluated: decimals of the rates (percent points), half-up.

    `levels` are the usual names of the first- or second-level indicators that report satisfaction.
    """

    id: str
    title: str
    basis: str
    places: int
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurveyRate:
    """Of one question or a whole survey, in percent, exact; None where it is not known.

    `rate` is the mean share of the scale that the answers reach, `satisfied` the share of answers that count
    as satisfied.
    """

    answers: int
    rate: Decimal | None
    satisfied: Decimal | None


class Agreement(StrEnum):
    """Whether a form's satisfaction figure is what the survey gives."""

    AGREES = "agrees"
    DIFFERS = "differs"
    OPEN = "open"
    """It can't be told, for the reason given."""


@dataclass(frozen=True, slots=True)
class SurveyComparison:
    """The survey held against the department's forms. `form` and `indicator` None: nothing to compare with.

    `reading` says in Chinese by which way of counting the form agrees, or why nothing could be said.
    """

    agreement: Agreement
    reading: str
    form: Submission | None = None
    indicator: Indicator | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey: `count` questionnaires with at least one answer, rates by question, all of them pooled.

    `question_mean` is the plain mean of the questions' rates, in percent.
    """

    submission: Submission
    count: int
    questions: tuple[tuple[Question, SurveyRate], ...]
    composite: SurveyRate
    question_mean: Decimal | None
    comparison: SurveyComparison
    places: int


@dataclass(frozen=True, slots=True)
class AppraisalRule:
    """How an annual rate comes of the rates of periods: `weights` by column of the table, adding up to 1.

    `annual` and `rank` are the columns where a department may print what it worked out itself. `places`
    decimals of a percent, half-up.
    """

    id: str
    title: str
    basis: str
    form: str
    table: str
    weights: Mapping[str, Decimal]
    annual: str
    rank: str
    places: int


@dataclass(frozen=True, slots=True)
class DivisionRate:
    """One division: its printed line, the annual rate (percent, rounded) and its rank among the department's.

    Both are None where a period's rate is not known; ties share a rank. `printed_rank` is the department's
    own. `missing` are the columns without a rate, `derivation` is one Chinese line with the figures.
    """

    line: Line
    annual: Decimal | None
    rank: int | None
    printed_rank: int | None
    missing: tuple[str, ...]
    derivation: str


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The divisions of one department in their printed order."""

    submission: Submission
    divisions: tuple[DivisionRate, ...]
