"""`jixiao status`: who has sent what in a round. Reads everything, writes no results."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao.commands.evaluating import evaluate_round
from jixiao.commands.terminal import screen
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.filings import count_filings, department_status
from jixiao.consolidation.words import STATUSES, UNKNOWN_DEPARTMENT
from jixiao.domain.findings import Severity
from jixiao.domain.report import Tone
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.rounds import Evaluation

_STYLES = {Tone.BAD: "red", Tone.DOUBT: "yellow", Tone.NOTE: "", Tone.GOOD: "green"}


def print_status(inputs: Path, round_name: str, seeds: Path | None = None) -> None:
    """Print departments by forms, with what is wrong with them, then what could not be used.

    With a roster each form reads sent/owed, departments that sent nothing are listed, and so is what is late.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    evaluation = evaluate_round(inputs, round_name, seeds)
    console = screen()
    _print_departments(console, evaluation)
    _print_rest(console, evaluation)


def _print_departments(console: Console, evaluation: Evaluation) -> None:
    owed = count_filings(evaluation.filings)
    sent = say("{name}：{count} 个部门已报送", name=evaluation.round.name, count=len(evaluation.departments))
    console.print(Text(say("{sent}；{owed}", sent=sent, owed=owed) if owed else sent, style="bold"))
    dossiers = gather_dossiers(evaluation)
    if not dossiers:
        return
    forms = _forms(evaluation)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(say("部门"), overflow="fold", min_width=16)
    for title in forms.values():
        table.add_column(title, justify="right", overflow="fold")
    for header in (*_owed_headers(evaluation), say("须改正"), say("提示")):
        table.add_column(header, justify="right")
    table.add_column(say("状态"), justify="center", no_wrap=True)
    for dossier in dossiers:
        table.add_row(*_department_row(dossier, list(forms), evaluation))
    console.print(table)


def _forms(evaluation: Evaluation) -> dict[str, str]:
    """Titles of the forms that are owed, without a roster of those sent; in the scheme's order.

    The id "" is for any form at all.
    """
    owed = {record.form for record in evaluation.filings if record.due}
    seen = owed or {submission.form for submission in evaluation.submissions}
    titles = {form.id: form.title for form in evaluation.round.scheme.forms}
    return {form: title for form, title in {**titles, "": say("任何报送表")}.items() if form in seen}


def _owed_headers(evaluation: Evaluation) -> tuple[str, ...]:
    return (say("其他表"), say("应报"), say("已报"), say("未报"), say("迟报")) if evaluation.filings else ()


def _department_row(dossier: Dossier, forms: Sequence[str], evaluation: Evaluation) -> list[str | Text]:
    status = department_status(dossier)
    sent = Counter(submission.form for submission in dossier.submissions)
    due = Counter[str]()
    for record in dossier.filings:
        due[record.form] += record.due
    owed = [record for record in dossier.filings if record.due]
    total, missing = sum(due.values()), dossier.missing
    other = sum(sent.values()) - sum(sent[form] for form in forms)
    counts = (other, total, total - missing, missing, sum(len(record.late) for record in owed))
    return [
        Text(dossier.department or UNKNOWN_DEPARTMENT),
        *(f"{sent[form]}/{due[form]}" if due[form] else str(sent[form] or "") for form in forms),
        *(str(count or "") for count in counts if evaluation.filings),
        str(dossier.mend),
        str(dossier.count(Severity.WARNING)),
        Text(status.text, style=_STYLES[status.tone]),
    ]


def _print_rest(console: Console, evaluation: Evaluation) -> None:
    for outcome in evaluation.outcomes:
        place = f"{outcome.file} › {outcome.sheet}" if outcome.sheet else outcome.file
        console.print(
            say(
                "{text}  {place}：{reason}",
                text=STATUSES[outcome.status].text,
                place=place,
                reason=outcome.reason,
            )
        )
