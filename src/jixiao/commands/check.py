"""`jixiao check`: the self-check of workbooks before they are sent. Writes nothing, needs no server."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao import pipeline
from jixiao.commands.rounds import outcome_line
from jixiao.commands.terminal import STYLES, UsageError, fold_lines, near, screen
from jixiao.consolidation.findings import Findings
from jixiao.consolidation.scores import Scores
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.amounts import plain, show
from jixiao.domain.findings import Severity
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.scores import ComponentScore, ScoreCard

Record = dict[str, str | None]
_PLACE_WIDTH = 16
_LEVEL_WIDTH = 18
"""Columns of the screen that a finding's level and code and the space around them take."""
_WRONG = {Severity.BLOCKING, Severity.ERROR}


def check_workbooks(
    files: Sequence[Path], scheme_id: str | None, seeds: Path | None = None, *, as_json: bool
) -> int:
    """Check and print; the exit code: 0 clean (warnings allowed), 1 errors found, 2 something unreadable.

    Raises:
        UsageError: a file or the scheme does not exist.
    """
    files = [path for file in files for path in _matching(file)]
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise UsageError(say("没有这个文件：{missing}", missing=say("、").join(missing)))
    try:
        result = pipeline.check_files(files, scheme_id, seeds)
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    if as_json:
        _print_json(result)
    else:
        _print_result(screen(), result)
    if result.unreadable:
        return 2
    return 1 if any(finding.severity in _WRONG for finding in result.findings) else 0


def _matching(path: Path) -> list[Path]:
    """What a pattern (*.xlsx) stands for, where no shell has said so; a path that is there is itself."""
    if path.exists() or not any(sign in path.name for sign in "*?"):
        return [path]
    return sorted(path.parent.glob(path.name)) or [path]


def _print_json(result: pipeline.CheckResult) -> None:
    """Findings and scores with the columns of the tidy tables; decimals as exact text, null for not known."""
    content: Mapping[str, list[Record]] = {
        "findings": [_record(finding, Findings.columns()) for finding in result.findings],
        "scores": [_score_record(card, component) for card in result.cards for component in card.components],
    }
    json.dump(content, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _record(source: object, columns: Iterable[str]) -> Record:
    return {column: _plain(getattr(source, column, None)) for column in columns}


def _score_record(card: ScoreCard, component: ComponentScore) -> Record:
    submission = card.submission
    grades = card if component is card.total else None
    return {
        column: _plain(getattr(owner, column))
        if (owner := next((o for o in (component, submission, grades) if hasattr(o, column)), None))
        else None
        for column in Scores.columns()
    }


def _plain(value: object) -> str | None:
    if isinstance(value, Decimal):
        return plain(value)
    return None if value is None else str(value)


def _print_result(console: Console, result: pipeline.CheckResult) -> None:
    if len(result.forms) > 1:
        console.print(_file_table(result))
    findings = sorted(result.findings, key=lambda finding: (finding.file, finding.severity.rank))
    for file, group in groupby(findings, key=lambda finding: finding.file):
        console.print(Text(f"{near(Path(file))}", style="bold"))
        console.print(_finding_table(group, console.width - _LEVEL_WIDTH))
    explained = {(finding.file, finding.sheet) for finding in findings}
    for outcome in result.outcomes:
        if (outcome.file, outcome.sheet) not in explained:
            console.print(outcome_line(outcome))
    scored = [card for card in result.cards if _is_scored(card)]
    if scored:
        console.print(_score_table(scored))
    _print_verdict(console, result)


def _file_table(result: pipeline.CheckResult) -> Table:
    """A line for each file: how many forms it holds and how many findings of which kind are on them."""
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column(say("文件"), overflow="fold", ratio=1)
    for title in (say("报送表"), say("须改正"), say("提示")):
        table.add_column(title, justify="right", no_wrap=True)
    for file, forms in result.forms.items():
        own = [finding.severity for finding in result.findings if finding.file == file]
        wrong, doubtful = sum(each in _WRONG for each in own), own.count(Severity.WARNING)
        table.add_row(Text(f"{near(Path(file))}"), *map(_count, (forms, wrong, doubtful)))
    return table


def _count(number: int) -> str:
    return str(number) if number else ""


def _is_scored(card: ScoreCard) -> bool:
    """Whether there is a score to show: a table of expenditure has none."""
    return bool(card.components) and (card.total.self_score, card.total.computed_score) != (None, None)


def _finding_table(findings: Iterable[ReportedFinding], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column(say("级别"), no_wrap=True)
    table.add_column(say("编号"), no_wrap=True)
    table.add_column(say("问题和建议"), overflow="fold", ratio=1)
    for finding in findings:
        words = Text(fold_lines(finding.message, width))
        words.append(
            "\n" + fold_lines(say("建议：{suggestion}", suggestion=finding.suggestion), width), style="dim"
        )
        level = Text(SEVERITIES[finding.severity].text, style=STYLES[finding.severity])
        table.add_row(level, finding.code, words)
    return table


def _score_table(cards: Iterable[ScoreCard]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=say("得分"), title_justify="left", expand=True)
    table.add_column(say("报送表"), overflow="fold", max_width=_PLACE_WIDTH)
    table.add_column(say("名称"), overflow="fold", ratio=1)
    for title in (say("自评得分"), say("核算得分"), say("可核实")):
        table.add_column(title, justify="right", no_wrap=True)
    for title in (say("自评等级"), say("核算等级")):
        table.add_column(title, justify="center", no_wrap=True)
    for card in cards:
        total = card.total
        table.add_row(
            Text(card.submission.sheet),
            Text(card.submission.subject_name),
            _score(total.self_score),
            _score(total.computed_score),
            f"{_score(total.verified_share)}%" if total.verified_share is not None else "",
            card.self_grade,
            card.computed_grade if total.accepted_score is not None else "",
        )
    return table


def _score(value: Decimal | None) -> str:
    return "" if value is None else show(value)


def _print_verdict(console: Console, result: pipeline.CheckResult) -> None:
    if result.note:
        console.print(result.note, style="yellow")
    wrong = sum(finding.severity in _WRONG for finding in result.findings)
    doubtful = sum(finding.severity is Severity.WARNING for finding in result.findings)
    if result.unreadable:
        console.print(say("有文件没有读出报送表，见上。"), style="bold red")
    elif wrong:
        console.print(
            say(
                "有 {wrong} 项须改正后再报送；提示 {doubtful} 项，请一并核实。",
                wrong=wrong,
                doubtful=doubtful,
            ),
            style="bold red",
        )
    elif not result.cards:
        console.print(say("没有可以评分的报送表。"), style="bold yellow")
    elif doubtful:
        console.print(
            say("没有须改正的问题，可以报送；提示 {doubtful} 项，请核实。", doubtful=doubtful),
            style="bold green",
        )
    else:
        console.print(say("没有发现问题，可以报送。"), style="bold green")
