"""Answer sheets of a survey: how their questions are known (layout), and what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import CellRef


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
