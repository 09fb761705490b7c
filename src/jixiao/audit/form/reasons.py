"""Procedure on one form: reasons that are missing, and more executed than there was budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, percentage, round_half_up, show
from jixiao.domain.findings import declare
from jixiao.domain.quantities import Verdict
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import compact, compact_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.audit.subject import Subject
    from jixiao.domain.findings import Finding
    from jixiao.domain.submissions import Entry, Indicator, Line

NO_BUDGET = declare("A107", "reported", "executed")
MISS_UNEXPLAINED = declare("P101", "label")
LOW_RATE_UNEXPLAINED = declare("P102", "threshold")
OVERSPENT = declare("P106", "label", "reported")

_TEXTS = ("missed", "problems")
"""Fields below the indicators that may give a reason: for unmet targets, and the form's problems."""
_DUST = 6
"""Decimals of 万元 that a figure can mean: the sixth is a 分."""


def check_missed_reasons(subject: Subject) -> Iterator[Finding]:
    """P101 (column 偏差原因分析及改进措施): a missed target needs a reason, beside it or on the form.

    A row that breaks down the one above (其中) owes none of its own, nor does one for points on top of the
    whole, or taken from it.
    """
    extras = subject.scheme.lexicon.extras
    for scored in subject.card.indicators:
        indicator = scored.indicator
        if scored.comparison.verdict is not Verdict.MISSED or scored.evidence is not None:
            continue
        own = not indicator.detail and not indicator.is_extra(extras)
        if own and indicator is not subject.execution_row and not is_explained(indicator, subject):
            yield subject.finding(
                MISS_UNEXPLAINED,
                indicator.cell("reason"),
                indicator.name,
                evidence=(
                    *map(indicator.entries.get, ("target", "actual")),
                    subject.completing_year(indicator),
                ),
                reported=indicator.actual.text,
                expected=indicator.target.text,
            )


def check_execution_reason(subject: Subject) -> Iterator[Finding]:
    """P102 (scheme's execution rule): a low execution rate needs a reason, in its row or on the form.

    Many forms have no cell for it but the indicators' reasons: one that says why money was not spent will do,
    one that only says how it was (由省厅直接拨付) does not. A form without points
    for execution owes the reason all the same; where its amounts do not give a rate, the printed one counts.
    """
    line, threshold = _executing_line(subject), subject.scheme.execution.reason_below
    rate = _rate_of(line, subject) if line else None
    if line is None or rate is None or threshold is None or rate >= threshold:
        return
    entries = line.entries
    if has_reason(entries.get("reason")) or has_reason(subject.submission.fields.get("reason")):
        return
    texts = (entry.text for name in _TEXTS if (entry := subject.submission.fields.get(name)))
    reasons = (*(each.reason for each in subject.submission.indicators), *texts)
    if any(_explains_spending(each, subject) for each in reasons):
        return
    entry = entries.get("execution_rate") or entries.get("executed")
    yield subject.finding(
        LOW_RATE_UNEXPLAINED,
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
    """P106 (scheme's overspent_beyond): 全年执行数 is at most 全年预算数, the budget after all adjustments.

    In every budget line; what the rounding of two printed figures explains is no overspending.
    A107 where a form's total line says that money was executed without any budget.
    """
    budgets = {table.name: table for table in subject.layout.tables if table.budget}
    slack = subject.scheme.execution.overspent_beyond
    for line in subject.spending_lines:
        annual, executed = line.value("annual_budget") or ZERO, line.value("executed") or ZERO
        within_rounding = annual > 0 and executed - annual <= slack
        if within_rounding or round_half_up(executed, _DUST) <= round_half_up(annual, _DUST):
            continue
        required = {item.name for item in budgets[line.table].items if item.required}
        kind, column, other = (
            (NO_BUDGET, "annual_budget", "executed")
            if annual == 0 and line.item in required
            else (OVERSPENT, "executed", "annual_budget")
        )
        figures = {"executed": show(executed)} if kind is NO_BUDGET else {"expected": show(annual)}
        yield subject.finding(
            kind,
            line.entries[column].ref,
            subject.line_label(line, column),
            evidence=(line.entries[other],),
            reported=show(line.value(column) or ZERO),
            **figures,
        )


def is_explained(indicator: Indicator, subject: Subject) -> bool:
    """Whether a reason stands beside an indicator, or in a text of the form that speaks of it.

    What is told as the reason for unmet targets (偏差大或目标未完成原因分析) speaks of all of them, the
    form's problems (存在问题) of those that they name. The execution's reason by its label speaks of
    indicators where it says so, where it names this one, or where it stands under a label that nobody knows.
    """
    if indicator.reason.strip():
        return True
    fields, name = subject.submission.fields, compact_name(indicator.name)
    if _says_why(fields.get("missed"), subject):
        return True
    problems, entry = fields.get("problems"), fields.get("reason")
    if problems is not None and name and name in compact_name(problems.text):
        return True
    if entry is None or not has_reason(entry):
        return False
    inferred = any(each.address == "reason" for each in subject.submission.inferences)
    words = (*subject.scheme.lexicon.indicator_words, *filter(None, [name]))
    return inferred or any(word in compact_name(entry.text) for word in words)


def _says_why(entry: Entry | None, subject: Subject) -> bool:
    """Whether a field gives a reason; a word that means nothing (无) gives none."""
    return (
        entry is not None
        and has_reason(entry)
        and compact(entry.text).strip("。.") not in subject.scheme.lexicon.nothings
    )


def _explains_spending(reason: str, subject: Subject) -> bool:
    words = subject.scheme.lexicon
    return all(any(word in reason for word in kind) for kind in (words.spending, words.shortfalls))


def has_reason(entry: Entry | None) -> bool:
    """Whether a cell gives a reason: a dash does not."""
    return entry is not None and entry.state in {State.TEXT, State.NUMBER} and bool(entry.text.strip())
