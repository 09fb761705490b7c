"""Procedure on one form: reasons that are missing, and more executed than there was budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, percentage, round_half_up, rounding_slack, show
from jixiao.domain.quantities import Verdict
from jixiao.domain.submissions import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.audit.subject import Subject
    from jixiao.domain.findings import Finding
    from jixiao.domain.submissions import Entry, Line

_DUST = 6
"""Decimals of 万元 that a figure can mean: the sixth is a 分."""


def check_missed_reasons(subject: Subject) -> Iterator[Finding]:
    """P101 (column 偏差原因分析及改进措施): a missed target needs a reason, beside it or on the form.

    A row that breaks down the one above (其中) owes none of its own.
    """
    if has_reason(subject.submission.fields.get("reason")):
        return
    for scored in subject.card.indicators:
        indicator = scored.indicator
        missed = scored.comparison.verdict is Verdict.MISSED and scored.evidence is None
        if missed and not indicator.detail and not indicator.reason.strip():
            entry = indicator.entries.get("reason")
            yield subject.finding(
                "P101",
                entry.ref if entry else indicator.ref,
                indicator.name,
                evidence=(indicator.entries.get("target"), indicator.entries.get("actual")),
                reported=indicator.actual.text,
                expected=indicator.target.text,
            )


def check_execution_reason(subject: Subject) -> Iterator[Finding]:
    """P102 (scheme's execution rule): a low execution rate needs a reason, in its row or on the form.

    Many forms have no cell for it but the indicators' reasons: one that speaks of spending will do. A form
    without points for execution owes the reason all the same; where its amounts do not give a rate, the
    printed one counts.
    """
    line, threshold = _executing_line(subject), subject.scheme.execution.reason_below
    rate = _rate_of(line, subject) if line else None
    if line is None or rate is None or threshold is None or rate >= threshold:
        return
    entries = line.entries
    if has_reason(entries.get("reason")) or has_reason(subject.submission.fields.get("reason")):
        return
    words = subject.scheme.lexicon.spending
    if any(word in indicator.reason for indicator in subject.submission.indicators for word in words):
        return
    entry = entries.get("execution_rate") or entries.get("executed")
    yield subject.finding(
        "P102",
        entry.ref if entry else line.ref,
        subject.line_label(line, "execution_rate"),
        evidence=(entries.get(subject.layout.budget_column(line)), entries.get("executed")),
        reported=f"{show(rate)}%",
        threshold=f"{show(threshold)}%",
    )


def _executing_line(subject: Subject) -> Line | None:
    """The budget line that carries the execution's points, else the total line of a form that is scored."""
    if subject.card.execution:
        return subject.card.execution.line
    if not subject.layout.scope.is_scored:
        return None
    required = (
        (table.name, item.name)
        for table in subject.layout.tables
        if table.budget
        for item in table.items
        if item.required
    )
    return next((line for place in required if (line := subject.submission.line(*place))), None)


def _rate_of(line: Line, subject: Subject) -> Decimal | None:
    """Executed by budgeted in percent; the printed rate where one of the two is not known."""
    base = subject.layout.budget_column(line)
    budget, executed = line.value(base), line.value("executed")
    if budget is None or executed is None:
        return line.value("execution_rate")
    return percentage(executed, budget, subject.scheme.execution.rate_places)


def check_overspending(subject: Subject) -> Iterator[Finding]:
    """P106: 全年执行数 is at most 全年预算数, the budget after all adjustments, in every budget line.

    What the rounding of two printed figures explains is no overspending.
    A107 where a form's total line says that money was executed without any budget.
    """
    budgets = {table.name: table for table in subject.layout.tables if table.budget}
    slack = rounding_slack(1)
    for line in subject.submission.lines:
        annual, executed = line.value("annual_budget"), line.value("executed")
        if line.table not in budgets or annual is None or executed is None:
            continue
        within_rounding = annual > 0 and executed - annual <= slack
        if within_rounding or round_half_up(executed, _DUST) <= round_half_up(annual, _DUST):
            continue
        required = {item.name for item in budgets[line.table].items if item.required}
        code, column, other = (
            ("A107", "annual_budget", "executed")
            if annual == 0 and line.item in required
            else ("P106", "executed", "annual_budget")
        )
        figures = {"executed": show(executed)} if code == "A107" else {"expected": show(annual)}
        yield subject.finding(
            code,
            line.entries[column].ref,
            subject.line_label(line, column),
            evidence=(line.entries[other],),
            reported=show(line.value(column) or ZERO),
            **figures,
        )


def has_reason(entry: Entry | None) -> bool:
    """Whether a cell gives a reason: a dash does not."""
    return entry is not None and entry.state in {State.TEXT, State.NUMBER} and bool(entry.text.strip())
