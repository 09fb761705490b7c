"""The tidy tables of `data/`: an evaluation as rows, column by column as the contract promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.appraisals import appraisal_table
from jixiao.consolidation.counts import FindingCounts
from jixiao.consolidation.figures import figure_table
from jixiao.consolidation.filings import roster_table
from jixiao.consolidation.key_figures import measure_table
from jixiao.consolidation.reconciliations import reconciliation_table
from jixiao.consolidation.surveys import survey_table
from jixiao.consolidation.totals import reported_total
from jixiao.domain.amounts import HUNDRED, round_half_up
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.domain.scores import Stake
from jixiao.domain.submissions import Status
from jixiao.domain.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.domain.quantities import Comparison
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scores import ComponentScore, IndicatorScore, ScoreCard
    from jixiao.domain.submissions import Entry, Line, Submission
    from jixiao.domain.tables import Row

SUBMISSION_COLUMNS = (
    "submission_id",
    "department",
    "form",
    "scope",
    "project",
    "year",
    "file",
    "sheet",
    "sha256",
    "status",
    "blocking",
    "errors",
    "warnings",
    "implementer",
)
BUDGET_COLUMNS = (
    "department",
    "scope",
    "project",
    "form",
    "item",
    "prior_executed",
    "initial_budget",
    "carryover",
    "adjustment",
    "annual_budget",
    "executed",
    "balance",
    "execution_rate",
    "weight",
    "self_score",
    "computed_score",
    "file",
    "sheet",
    "cell",
)
INDICATOR_COLUMNS = (
    "department",
    "scope",
    "project",
    "form",
    "level1",
    "level2",
    "level3",
    "target",
    "actual",
    "reason",
    "weight",
    "self_score",
    "computed_score",
    "score_low",
    "score_high",
    "verdict",
    "attainment",
    "rule",
    "derivation",
    "file",
    "sheet",
    "cell",
)
SCORE_COLUMNS = (
    "department",
    "scope",
    "project",
    "form",
    "component",
    "weight",
    "self_score",
    "computed_score",
    "accepted_score",
    "verified_share",
    "self_grade",
    "computed_grade",
)
COMPOSITE_COLUMNS = (
    "department",
    "item",
    "kind",
    "funds",
    "share_percent",
    "score",
    "weighted_score",
    "note",
)
FINDING_COLUMNS = (
    "finding_id",
    "code",
    "severity",
    "department",
    "scope",
    "project",
    "form",
    "file",
    "sheet",
    "cell",
    "label",
    "reported",
    "expected",
    "message",
    "suggestion",
    "assumed",
    "cells",
    "consequences",
    "corrections",
)

_AMOUNTS = BUDGET_COLUMNS[5:12]
_COUNTED = (Severity.BLOCKING, Severity.ERROR, Severity.WARNING)
_RATE_PLACES = 2  # the contract's, whatever the scheme rounds to for scoring
_ATTAINMENT_PLACES = 4


def tidy_tables(evaluation: Evaluation) -> tuple[Table, ...]:
    """All tables, named as their files are: the seven of every round, then those that it has rows for."""
    further = (
        measure_table(evaluation),
        *(appraisal_table(evaluation), survey_table(evaluation)),
        *(roster_table(evaluation), reconciliation_table(evaluation)),
    )
    return (
        Table("submissions", SUBMISSION_COLUMNS, tuple(submission_rows(evaluation))),
        Table("budget_lines", BUDGET_COLUMNS, tuple(budget_rows(evaluation))),
        Table("indicators", INDICATOR_COLUMNS, tuple(indicator_rows(evaluation))),
        Table("scores", SCORE_COLUMNS, tuple(score_rows(evaluation))),
        Table("composite", COMPOSITE_COLUMNS, tuple(composite_rows(evaluation))),
        Table("findings", FINDING_COLUMNS, tuple(finding_rows(evaluation))),
        figure_table(evaluation),
        *(table for table in further if table.rows),
    )


def submission_rows(evaluation: Evaluation) -> list[Row]:
    """Submissions in the round's order, then the files and sheets that gave none."""
    counts = FindingCounts(evaluation.findings)
    rows: list[Row] = [
        (
            *(submission.submission_id, submission.department, submission.form, submission.scope.value),
            *(submission.project, submission.year, submission.file, submission.sheet, submission.sha256),
            evaluation.statuses[submission.submission_id].value,
            *(counts.on_form(submission, severity) for severity in _COUNTED),
            submission.implementer,
        )
        for submission in evaluation.submissions
    ]
    rows += [
        (
            *(None, None, None, None, None, None),
            *(outcome.file, outcome.sheet, outcome.sha256, outcome.status.value),
            *(counts.on_sheet(outcome.file, outcome.sheet, severity) for severity in _COUNTED),
            None,
        )
        for outcome in evaluation.outcomes
    ]
    return rows


def current_submissions(evaluation: Evaluation) -> Iterator[Submission]:
    """The submissions that count: a superseded one is listed but never totalled."""
    for submission in evaluation.submissions:
        if evaluation.statuses[submission.submission_id] is not Status.SUPERSEDED:
            yield submission


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
        *_subject(submission),
        line.item,
        *(line.value(amount) for amount in _AMOUNTS),
        execution_rate(line),
        line.value("weight"),
        line.value("self_score"),
        execution.award.score if execution is not None and scored else None,
        *(line.ref.file, line.ref.sheet, line.ref.a1),
    )


def indicator_rows(evaluation: Evaluation) -> list[Row]:
    """Every indicator of every card, with target and actual as the department wrote them."""
    return [
        _indicator_row(card.submission, scored, weight)
        for card in evaluation.cards
        for stake in Stake.of(card.indicators)
        for scored, weight in stake.rows
    ]


def _indicator_row(submission: Submission, scored: IndicatorScore, weight: Decimal | None) -> Row:
    indicator, comparison, award = scored.indicator, scored.comparison, scored.award
    return (
        *_subject(submission),
        *(indicator.level1, indicator.level2, indicator.level3),
        *(indicator.target.text, indicator.actual.text, indicator.reason),
        *(weight, indicator.self_score, award.score, award.low, award.high),
        *(comparison.verdict.value, _attainment(comparison), award.rule, award.derivation),
        *(indicator.ref.file, indicator.ref.sheet, indicator.ref.a1),
    )


def _attainment(comparison: Comparison) -> Decimal | None:
    value = comparison.attainment
    return None if value is None else round_half_up(value, _ATTAINMENT_PLACES)


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
        *_subject(card.submission),
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


def finding_rows(evaluation: Evaluation) -> list[Row]:
    """Every finding in words, in the round's order."""
    return [
        (
            *(finding.finding_id, finding.code, finding.severity.value, finding.department),
            *(finding.scope.value if finding.scope else None, finding.project, finding.form),
            *(finding.file, finding.sheet, finding.cell, finding.label, finding.reported, finding.expected),
            *(finding.message, finding.suggestion, finding.assumed, finding.cells, finding.consequences),
            "；".join(f"{each.ref.sheet}!{each.ref.a1}={each.figure}" for each in finding.corrections),
        )
        for finding in evaluation.findings
    ]


def _subject(submission: Submission) -> tuple[str, str, str, str]:
    return submission.department, submission.scope.value, submission.project, submission.form
