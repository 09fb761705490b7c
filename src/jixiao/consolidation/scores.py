"""scores.csv and composite.csv: what forms and departments come to, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.submissions import subject
from jixiao.consolidation.totals import reported_total
from jixiao.domain.forms import Scope
from jixiao.schemas.tidy import Figure, TidyTable, holds

if TYPE_CHECKING:
    from pandera.api.polars.types import PolarsData

    from jixiao.domain.report import Row
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scores import ComponentScore, ScoreCard
    from jixiao.domain.submissions import Entry

_SCOPES = [each.value for each in Scope]
_KINDS = ["overall", "project", "carryover", "total"]


class Scores(TidyTable, table="scores"):
    """scores.csv: components of a form, their total, and a department's composite."""

    department: str
    scope: str
    project: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    component: str
    weight: Figure = pa.Field(nullable=True)
    self_score: Figure = pa.Field(nullable=True)
    computed_score: Figure = pa.Field(nullable=True)
    accepted_score: Figure = pa.Field(nullable=True)
    verified_share: Figure = pa.Field(nullable=True)
    self_grade: str = pa.Field(nullable=True)
    computed_grade: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="scores.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("scope").is_in(_SCOPES), pl.col("verified_share").is_between(0, 100)),
        )


class CompositeItems(TidyTable, table="composite"):
    """composite.csv: the items of a department and their total."""

    department: str
    item: str
    kind: str
    funds: Figure = pa.Field(nullable=True)
    share_percent: Figure = pa.Field(nullable=True)
    score: Figure = pa.Field(nullable=True)
    weighted_score: Figure = pa.Field(nullable=True)
    note: str

    @pa.dataframe_check(name="composite.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("kind").is_in(_KINDS), pl.col("funds") >= 0, pl.col("share_percent").is_between(0, 100)),
        )


def score_rows(evaluation: Evaluation) -> list[Row]:
    """The components of every card, then the composite of every department as one row of scope composite."""
    scored = (card for card in evaluation.cards if card.submission.scope.is_scored)
    rows = [_score_row(card, component) for card in scored for component in card.components]
    rows += [
        (
            *(composite.department, Scope.COMPOSITE.value, None, None, "total", None, None),
            *(composite.score, composite.score, None, None, composite.grade),
        )
        for composite in evaluation.composites
    ]
    return rows


def _score_row(card: ScoreCard, component: ComponentScore) -> Row:
    """A total, and a grade by it, is self-reported only where the form prints one."""
    self_score = component.self_score
    grades: tuple[str | None, str | None] = (None, None)
    if component is card.total:
        self_score = reported_total(card)
        graded = self_score is not None or not _is_blank(card.submission.fields.get("grade"))
        grades = (card.self_grade if graded else None, card.computed_grade)
    return (
        *subject(card.submission),
        component.component,
        *(component.weight, self_score, component.computed_score, component.accepted_score),
        component.verified_share,
        *grades,
    )


def _is_blank(entry: Entry | None) -> bool:
    return entry is None or entry.is_empty


def composite_rows(evaluation: Evaluation) -> list[Row]:
    """The items of every composite, its total last."""
    return [
        (
            *(composite.department, item.item, item.kind, item.funds, item.share_percent),
            *(item.score, item.weighted_score, item.note),
        )
        for composite in evaluation.composites
        for item in composite.items
    ]
