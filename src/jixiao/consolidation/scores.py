"""scores.csv, composite.csv, the sheet 综合得分: what forms and departments come to, part by part."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.submissions import subject
from jixiao.consolidation.totals import reported_total
from jixiao.domain.amounts import HUNDRED, ZERO, plain, round_half_up, rounding_slack, show
from jixiao.domain.forms import Scope
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec
from jixiao.domain.scheme import CarryoverTreatment
from jixiao.domain.scores import CompositeItem
from jixiao.language import say
from jixiao.schemas.tidy import Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content, Row
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import CompositeRule
    from jixiao.domain.scores import ComponentScore, Composite, ScoreCard
    from jixiao.domain.submissions import Entry, Line

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


def composite_sheet(
    composites: Sequence[Composite],
    edition: Edition,
    unfiled: Mapping[str, Sequence[Line]] = MappingProxyType({}),
) -> SheetSpec:
    """The sheet; a formula stands only where it gives the computed figure back, otherwise the figure.

    `unfiled` are by department the listed projects that have no form of their own.
    """
    columns = (
        *(ColumnSpec("部门"), ColumnSpec("项目"), ColumnSpec("资金", Kind.AMOUNT)),
        *(ColumnSpec("占比", Kind.RATE), ColumnSpec("得分", Kind.SCORE), ColumnSpec("加权得分", Kind.SCORE)),
        ColumnSpec("备注"),
    )
    rows: list[tuple[Content, ...]] = []
    subtotals: set[int] = set()
    rule = edition.round.scheme.composite
    for composite in composites:
        own = unfiled.get(composite.department, ())
        rows += _block(spread_carryover(composite, own, rule), len(rows), rule) if rule else []
        subtotals.add(len(rows) - 1)
    return SheetSpec(
        name="综合得分",
        about=say("各部门综合得分的计算：资金占比和加权得分"),
        title=edition.title(say("综合得分")),
        note=edition.note(
            say(
                "每个部门一组：占比＝资金÷合计，尾差并入资金最大的一项；加权得分＝得分×占比，合计即综合得分；没有自评表的结转项目逐个列出。"
            )
        ),
        columns=columns,
        rows=tuple(rows),
        strong=frozenset(subtotals),
        fixed=2,
        empty=say("本批次没有可计算综合得分的部门。"),
    )


def _block(composite: Composite, start: int, rule: CompositeRule) -> list[tuple[Content, ...]]:
    """The rows of one department; `start` is the data row of its first item."""
    items, total = composite.items[:-1], composite.items[-1]
    end = start + len(items) - 1
    shares = _shares(items, start, rule)
    name = shown_department(composite.department)
    rows: list[tuple[Content, ...]] = [
        (name, item.item, item.funds, share, item.score, _weighted(item, items, start, rule), item.note)
        for item, share in zip(items, shares, strict=True)
    ]
    rows.append(
        (
            *(name, say("合计")),
            _sum("资金", start, end, total.funds, [item.funds for item in items]),
            _sum(
                "占比",
                start,
                end,
                total.share_percent / HUNDRED,
                [item.share_percent / HUNDRED for item in items],
            ),
            None,
            _sum("加权得分", start, end, total.weighted_score, [item.weighted_score for item in items]),
            _remark(composite, total),
        )
    )
    return rows


def _shares(items: Sequence[CompositeItem], start: int, rule: CompositeRule) -> list[Content]:
    """Rounded quotients, and for the one item that takes the residual: one less all others.

    Carry-over that is spread over its projects may take a small residual of its own.
    """
    end, places = start + len(items) - 1, rule.share_places
    whole = sum((item.funds for item in items), ZERO)
    odd = [
        item
        for item in items
        if not whole or round_half_up(item.funds / whole * HUNDRED, places) != item.share_percent
    ]
    residual = sum((item.share_percent for item in items), ZERO) == HUNDRED
    takers = [item for item in odd if item.kind != CARRYOVER] if len(odd) > 1 else odd
    shares: list[Content] = []
    for row, item in enumerate(items, start):
        value = item.share_percent / HUNDRED
        if item not in odd:
            shares.append(Formula(f"ROUND([资金]/SUM([资金@{start}:{end}]),{places + 2})", value))
        elif residual and takers == [item]:
            others = [f"-SUM([占比@{a}:{b}])" for a, b in ((start, row - 1), (row + 1, end)) if a <= b]
            shares.append(Formula(f"ROUND(1{''.join(others)},{places + 2})", value))
        else:
            shares.append(value)
    return shares


def _weighted(
    item: CompositeItem, items: Sequence[CompositeItem], start: int, rule: CompositeRule
) -> Content:
    if item.score is None or item.weighted_score is None:
        return item.weighted_score
    share, text = item.share_percent, "[占比]"
    if item.kind == "overall" and rule.carryover is CarryoverTreatment.TO_OVERALL:
        for row, other in enumerate(items, start):
            if other.kind == CARRYOVER:
                share, text = share + other.share_percent, f"{text}+[占比@{row}]"
    if round_half_up(item.score * share / HUNDRED, rule.score_places) != item.weighted_score:
        return item.weighted_score
    return Formula(f"ROUND([得分]*({text}),{rule.score_places})", item.weighted_score)


def _sum(title: str, start: int, end: int, value: Decimal | None, parts: Sequence[Decimal | None]) -> Content:
    known = [part for part in parts if part is not None]
    if value is None or not known or sum(known, ZERO) != value:
        return value
    return Formula(f"SUM([{title}@{start}:{end}])", value)


def _remark(composite: Composite, total: CompositeItem) -> str:
    parts = [say("等级：{grade}", grade=composite.grade)] if composite.grade else []
    parts += [f"{name} {plain(score)}" for name, score in composite.variants]
    parts += [total.note] if total.note else []
    return say("；").join(parts)


CARRYOVER = "carryover"


def spread_carryover(composite: Composite, unfiled: Sequence[Line], rule: CompositeRule) -> Composite:
    """The composite with an item for each listed project that makes up its carry-over.

    Their shares add up to the carry-over's, what rounding leaves is the largest one's. Where the listed
    projects do not make up the carry-over's funds, it stays as it is and says so.
    """
    column = rule.project_funds.column
    listed = [(line.label, amount) for line in unfiled if (amount := line.value(column)) and amount > 0]
    items = [each for item in composite.items for each in _spread(item, listed, rule)]
    return replace(composite, items=tuple(items))


def _spread(
    item: CompositeItem, listed: Sequence[tuple[str, Decimal]], rule: CompositeRule
) -> Iterator[CompositeItem]:
    whole = sum((amount for _, amount in listed), ZERO)
    if item.kind != CARRYOVER or not listed:
        yield item
    elif abs(whole - item.funds) > rounding_slack(len(listed)):
        said = say(
            "项目明细表上没有自评表的 {count} 个项目合计 {whole}，与此数不符，未逐项列出",
            count=len(listed),
            whole=show(whole),
        )
        yield replace(item, note=say("；").join(filter(None, (item.note, said))))
    else:
        for (name, amount), share in zip(
            listed, _listed_shares(item, listed, rule.share_places), strict=True
        ):
            yield CompositeItem(name, CARRYOVER, amount, share, None, None, item.note)


def _listed_shares(item: CompositeItem, listed: Sequence[tuple[str, Decimal]], places: int) -> list[Decimal]:
    """Each one's share of all funds, as the carry-over's own share tells how much that is."""
    amounts = [amount for _, amount in listed]
    if not item.share_percent:
        return [ZERO] * len(amounts)
    funds = item.funds * HUNDRED / item.share_percent
    shares = [round_half_up(amount * HUNDRED / funds, places) for amount in amounts]
    shares[amounts.index(max(amounts))] += item.share_percent - sum(shares, ZERO)
    return shares
