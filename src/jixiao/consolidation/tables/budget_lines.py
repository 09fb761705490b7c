"""budget_lines.csv: every line of money, with its rate and what the rule gives for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.tables.submissions import current_submissions, subject
from jixiao.domain.amounts import HUNDRED, round_half_up
from jixiao.domain.forms import Scope
from jixiao.schemas.frames import Figure
from jixiao.schemas.tidy import CELL, TidyTable, holds

if TYPE_CHECKING:
    from decimal import Decimal

    from pandera.api.polars.types import PolarsData

    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Line, Submission
    from jixiao.domain.tables import Row

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
    return [
        _budget_row(submission, line, cards.get(submission.submission_id))
        for submission in current_submissions(evaluation)
        for line in budget_lines(submission, evaluation)
    ]


def _budget_row(submission: Submission, line: Line, card: ScoreCard | None) -> Row:
    execution = card.execution if card else None
    scored = execution is not None and execution.line.ref == line.ref
    return (
        *subject(submission),
        line.item,
        *(line.value(amount) for amount in _AMOUNTS),
        execution_rate(line),
        line.value("weight"),
        line.value("self_score"),
        execution.award.score if execution is not None and scored else None,
        *(line.ref.file, line.ref.sheet, line.ref.a1),
    )


def budget_lines(submission: Submission, evaluation: Evaluation) -> tuple[Line, ...]:
    """The lines of the tables that the form's layout marks as budget tables."""
    layout = evaluation.round.scheme.form(submission.form)
    budgets = {table.name for table in layout.tables if table.budget}
    return tuple(line for line in submission.lines if line.table in budgets)


def execution_rate(line: Line) -> Decimal | None:
    """Executed of the annual budget in percent, two decimals.

    None where either is not known or the budget is not above 0.
    """
    annual, executed = line.value("annual_budget"), line.value("executed")
    if annual is None or executed is None or annual <= 0:
        return None
    return round_half_up(executed / annual * HUNDRED, _RATE_PLACES)
