"""Satisfaction surveys as evaluated: a rate for every question, their composite, the form's own figure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from jixiao.domain.answers import Question
    from jixiao.domain.forms import Indicator, Submission


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
