"""indicators.csv and the sheet 指标明细: every indicator with its score, its band, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.consolidation.submissions import subject
from jixiao.consolidation.words import VERDICTS
from jixiao.domain.amounts import round_half_up
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import Verdict
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.language import say
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.quantities import Comparison
    from jixiao.domain.report import Content, Row
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scores import IndicatorScore
    from jixiao.domain.submissions import Submission

_SCOPES = [each.value for each in Scope]
_VERDICTS = [each.value for each in Verdict]
_ATTAINMENT_PLACES = 4


class Indicators(TidyTable, table="indicators"):
    """indicators.csv: one score, a band, or neither where a person must judge."""

    department: str
    scope: str
    project: str
    form: str
    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    reason: str
    weight: Figure = pa.Field(nullable=True)
    self_score: Figure = pa.Field(nullable=True)
    computed_score: Figure = pa.Field(nullable=True)
    score_low: Figure = pa.Field(nullable=True)
    score_high: Figure = pa.Field(nullable=True)
    verdict: str
    attainment: Figure = pa.Field(nullable=True)
    rule: str
    derivation: str
    file: str
    sheet: str
    cell: str

    @pa.dataframe_check(name="indicators.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        score, low, high = (pl.col(name) for name in ("computed_score", "score_low", "score_high"))
        return holds(
            data,
            *(pl.col("scope").is_in(_SCOPES), pl.col("verdict").is_in(_VERDICTS)),
            pl.col("cell").str.contains(CELL),
            *(low.is_null() == high.is_null(), score.is_null() | low.is_null(), low <= high),
        )


def indicator_rows(evaluation: Evaluation) -> list[Row]:
    """Every indicator of every card, with target and actual as the department wrote them."""
    return [
        _indicator_row(card.submission, scored, weight)
        for card in evaluation.cards
        for stake in card.all_stakes
        for scored, weight in stake.rows
    ]


def _indicator_row(submission: Submission, scored: IndicatorScore, weight: Decimal | None) -> Row:
    indicator, comparison, award = scored.indicator, scored.comparison, scored.award
    return (
        *subject(submission),
        *(indicator.level1, indicator.level2, indicator.level3),
        *(indicator.target.text, indicator.actual.text, indicator.reason),
        *(weight, indicator.self_score, award.score, award.low, award.high),
        *(comparison.verdict.value, _attainment(comparison), award.rule, award.derivation),
        *(indicator.ref.file, indicator.ref.sheet, indicator.ref.a1),
    )


def _attainment(comparison: Comparison) -> Decimal | None:
    value = comparison.attainment
    return None if value is None else round_half_up(value, _ATTAINMENT_PLACES)


def indicator_sheet(dossiers: Sequence[Dossier], edition: Edition) -> SheetSpec:
    """指标明细: one indicator a row, with how its score came about."""
    columns = (
        *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("一级", wrap=12)),
        *(ColumnSpec("二级", wrap=14), ColumnSpec("三级指标", wrap=26)),
        *(ColumnSpec("年度指标值", wrap=18), ColumnSpec("实际完成值", wrap=18)),
        *(ColumnSpec(title, Kind.SCORE) for title in ("分值", "自评得分", "核算得分")),
        *(ColumnSpec("结论", Kind.MARK), ColumnSpec("核算过程"), ColumnSpec("偏差原因", wrap=30)),
        SOURCES,
    )
    return SheetSpec(
        name="指标明细",
        about=say("一行一个绩效指标：目标、实际、得分和核算过程"),
        title=edition.title(say("指标明细")),
        note=edition.note(
            say("核算得分空白的，按规则只能给出区间或须由人工判断，见“核算过程”。"), unit=say("分")
        ),
        columns=columns,
        rows=tuple(
            _sheet_row(card.submission, scored, weight, edition)
            for dossier in dossiers
            for card in dossier.cards
            for stake in card.all_stakes
            for scored, weight in stake.rows
        ),
        fixed=2,
        empty=say("本批次没有绩效指标。"),
        banded=True,
    )


def _sheet_row(
    submission: Submission, scored: IndicatorScore, weight: Decimal | None, edition: Edition
) -> tuple[Content, ...]:
    indicator, ref = scored.indicator, scored.indicator.ref
    return (
        *(shown_department(submission.department), submission.project),
        *(indicator.level1, indicator.level2, indicator.level3, indicator.target.text, indicator.actual.text),
        *(weight, indicator.self_score, scored.award.score, VERDICTS[scored.comparison.verdict]),
        *(scored.award.derivation, indicator.reason, edition.source(ref.file, ref.sheet, ref.a1)),
    )
