"""budget_lines.csv and the sheet 预算执行: every line of money, with its rate and its score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.consolidation.submissions import current_submissions, subject
from jixiao.consolidation.totals import balance, quotient, rate, rate_column
from jixiao.domain.amounts import percentage
from jixiao.domain.forms import Scope
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec
from jixiao.domain.submissions import Status
from jixiao.language import say
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.report import Content, Row
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Line, Submission

_SCOPES = [each.value for each in Scope]
_AMOUNTS = (
    "prior_executed",
    "initial_budget",
    "carryover",
    "adjustment",
    "annual_budget",
    "executed",
    "balance",
)
_RATE_PLACES = 2  # the contract's, whatever the scheme rounds to for scoring


class BudgetLines(TidyTable, table="budget_lines"):
    """budget_lines.csv: amounts in 万元, the rate in percent."""

    department: str
    scope: str
    project: str
    form: str
    item: str
    prior_executed: Figure = pa.Field(nullable=True)
    initial_budget: Figure = pa.Field(nullable=True)
    carryover: Figure = pa.Field(nullable=True)
    adjustment: Figure = pa.Field(nullable=True)
    annual_budget: Figure = pa.Field(nullable=True)
    executed: Figure = pa.Field(nullable=True)
    balance: Figure = pa.Field(nullable=True)
    execution_rate: Figure = pa.Field(nullable=True)
    weight: Figure = pa.Field(nullable=True)
    self_score: Figure = pa.Field(nullable=True)
    computed_score: Figure = pa.Field(nullable=True)
    file: str
    sheet: str
    cell: str

    @pa.dataframe_check(name="budget_lines.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("scope").is_in(_SCOPES), pl.col("cell").str.contains(CELL)),
        )


def budget_rows(evaluation: Evaluation) -> list[Row]:
    """Every budget line; the one that carries the execution score also has what the rule gives for it."""
    cards = {card.submission.submission_id: card for card in evaluation.cards}
    layouts = {form.id: form for form in evaluation.round.scheme.forms}
    return [
        _budget_row(submission, line, cards.get(submission.submission_id))
        for submission in current_submissions(evaluation)
        for line in submission.lines
        if line.table in layouts[submission.form].budget_tables
    ]


def _budget_row(submission: Submission, line: Line, card: ScoreCard | None) -> Row:
    execution = card.execution if card else None
    scored = execution is not None and execution.line.ref == line.ref
    return (
        *subject(submission),
        line.item,
        *(line.value(amount) for amount in _AMOUNTS),
        percentage(line.value("executed"), line.value("annual_budget"), _RATE_PLACES),
        line.value("weight"),
        line.value("self_score"),
        execution.award.score if execution is not None and scored else None,
        *(line.ref.file, line.ref.sheet, line.ref.a1),
    )


_MONEY = ("执行", "全年预算")
_SHOWN = ("initial_budget", "carryover", "adjustment", "annual_budget", "executed", "balance")


def budget_sheet(dossiers: Sequence[Dossier], edition: Edition) -> SheetSpec:
    """预算执行: one budget line a row; lines without any figure are left out."""
    layouts = {form.id: form for form in edition.round.scheme.forms}
    columns = (
        *(ColumnSpec("部门"), ColumnSpec("项目"), ColumnSpec("资金行")),
        *(ColumnSpec("年初", Kind.AMOUNT), ColumnSpec("结转", Kind.AMOUNT), ColumnSpec("调整", Kind.AMOUNT)),
        *(
            ColumnSpec("全年预算", Kind.AMOUNT),
            ColumnSpec("执行", Kind.AMOUNT),
            ColumnSpec("结余", Kind.AMOUNT),
        ),
        *(rate_column("执行率", edition.round.scheme), ColumnSpec("差异率", Kind.RATE), SOURCES),
    )
    return SheetSpec(
        name="预算执行",
        about=say("一行一个资金行：预算、执行、结余和执行率"),
        title=edition.title(say("预算执行")),
        note=edition.note(
            say("一行一个资金行，“其中”行已含在总额内，不再合计；差异率＝结余÷全年预算；执行率过低的标“低”。")
        ),
        columns=columns,
        rows=tuple(row for dossier in dossiers for row in _sheet_rows(dossier, layouts, edition)),
        fixed=2,
        empty=say("本批次没有资金数据。"),
        banded=True,
    )


def _sheet_rows(
    dossier: Dossier, layouts: Mapping[str, FormLayout], edition: Edition
) -> Iterator[tuple[Content, ...]]:
    for submission in dossier.submissions:
        if dossier.statuses[submission.submission_id] is Status.SUPERSEDED:
            continue
        for line in submission.lines:
            if line.table in layouts[submission.form].budget_tables:
                yield from _sheet_row(submission, line, edition)


def _sheet_row(submission: Submission, line: Line, edition: Edition) -> Iterator[tuple[Content, ...]]:
    initial, carryover, adjustment, annual, executed, left = (line.value(name) for name in _SHOWN)
    if all(amount is None for amount in (initial, carryover, adjustment, annual, executed, left)):
        return
    yield (
        *(shown_department(submission.department), submission.project, line.label),
        *(initial, carryover, adjustment, annual, executed),
        balance(executed, annual, _MONEY) if left is None else left,
        rate(executed, annual, _MONEY),
        _gap(executed, annual),
        edition.source(line.ref.file, line.ref.sheet, line.ref.a1),
    )


def _gap(executed: Decimal | None, annual: Decimal | None) -> Content:
    """What was not spent of the annual budget, as a fraction of it."""
    spent = quotient(executed, annual)
    if spent is None:
        return None
    return Formula('IF([全年预算]>0,([全年预算]-[执行])/[全年预算],"")', 1 - spent)
