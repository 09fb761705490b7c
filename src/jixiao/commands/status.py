"""`jixiao status`: who has sent what in a round. Reads everything, writes no results."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao import pipeline
from jixiao.commands.terminal import UsageError, screen
from jixiao.consolidation.words import STATUSES, UNKNOWN_DEPARTMENT
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Status

if TYPE_CHECKING:
    from rich.console import Console

    from jixiao.domain.rounds import Evaluation


def print_status(inputs: Path, round_name: str) -> None:
    """Print departments by forms, with what is wrong with them, then what could not be used.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    try:
        (folder,) = pipeline.find_rounds(inputs, (round_name,))
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    evaluation = _evaluate(folder)
    console = screen()
    _print_departments(console, evaluation)
    _print_rest(console, evaluation)


def _evaluate(folder: pipeline.RoundFolder) -> Evaluation:
    with tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True) as spool:
        batches = pipeline.batches(pipeline.list_files(folder))
        return pipeline.evaluate(
            folder, [pipeline.read_batch(folder, batch, Path(spool)) for batch in batches]
        )


def _print_departments(console: Console, evaluation: Evaluation) -> None:
    console.print(Text(f"{evaluation.round.name}：{len(evaluation.departments)} 个部门已报送", style="bold"))
    if not evaluation.submissions:
        return
    forms = evaluation.round.scheme.forms
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("部门", overflow="fold")
    for form in forms:
        table.add_column(form.title, justify="right", overflow="fold")
    for header in ("须改正", "提示"):
        table.add_column(header, justify="right")
    table.add_column("状态", justify="center")
    for department in evaluation.departments:
        table.add_row(*_department_row(department, evaluation))
    console.print(table)


def _department_row(department: str, evaluation: Evaluation) -> list[str | Text]:
    own = [s for s in evaluation.submissions if s.department == department]
    statuses = {evaluation.statuses[submission.submission_id] for submission in own}
    status = Status.RETURNED if Status.RETURNED in statuses else Status.ACCEPTED
    sent = Counter(submission.form for submission in own)
    found = Counter(finding.severity for finding in evaluation.findings_of(department))
    return [
        Text(department or UNKNOWN_DEPARTMENT),
        *(str(sent[form.id] or "") for form in evaluation.round.scheme.forms),
        str(found[Severity.BLOCKING] + found[Severity.ERROR]),
        str(found[Severity.WARNING]),
        Text(STATUSES[status].text, style="red" if status is Status.RETURNED else "green"),
    ]


def _print_rest(console: Console, evaluation: Evaluation) -> None:
    for outcome in evaluation.outcomes:
        place = f"{outcome.file} › {outcome.sheet}" if outcome.sheet else outcome.file
        console.print(f"{STATUSES[outcome.status].text}  {place}：{outcome.reason}")
