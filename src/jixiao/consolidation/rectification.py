"""整改清单 and rectification.csv, what to mend by when; 整改情况, what was; 去年对比.

审核发现 says what is wrong with which figures and is where officers decide; this is the list that work is
followed by: it leaves out what is only said, and keeps what has been mended since the last submission.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.words import FATES, form_titles
from jixiao.domain.findings import OUR_MISTAKES, Severity
from jixiao.domain.followups import Fate
from jixiao.domain.report import ColumnSpec, Kind, Link, SheetSpec, Tone, Toned
from jixiao.language import say
from jixiao.schemas.tidy import CELL, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.followups import Traced, YearRow
    from jixiao.domain.report import Content, Table
    from jixiao.domain.rounds import Evaluation, ReportedFinding, Round

SHEET, TABLE = say("整改清单"), "rectification"


class Action(StrEnum):
    """What is asked of the department."""

    MEND = "mend"
    SUBMIT = "submit"
    EXPLAIN = "explain"
    NONE = ""
    """Nothing more."""


class Stage(StrEnum):
    """How far it is."""

    OPEN = "open"
    NEW = "new"
    RECURRED = "recurred"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    MENDED = "mended"
    DROPPED = "dropped"


_ACTIONS = {
    Action.MEND: say("修改重报"),
    Action.SUBMIT: say("补报"),
    Action.EXPLAIN: say("说明或修改"),
    Action.NONE: None,
}
_STAGES = {
    Stage.RECURRED: Toned(say("复发"), Tone.BAD),
    Stage.OPEN: Toned(say("未整改"), Tone.BAD),
    Stage.NEW: Toned(say("新增"), Tone.DOUBT),
    Stage.ACCEPTED: Toned(say("说明已认可"), Tone.NOTE),
    Stage.WAIVED: Toned(say("豁免"), Tone.NOTE),
    Stage.MENDED: Toned(say("已整改"), Tone.GOOD),
    Stage.DROPPED: Toned(say("不再提出"), Tone.NOTE),
}
_FATES = {
    Fate.NEW: Stage.NEW,
    Fate.STANDS: Stage.OPEN,
    Fate.RECURRED: Stage.RECURRED,
    Fate.EXPIRED: Stage.OPEN,
    Fate.EXPLAINED: Stage.ACCEPTED,
    Fate.WAIVED: Stage.WAIVED,
    Fate.MENDED: Stage.MENDED,
    Fate.MENDED_AS_ASKED: Stage.MENDED,
    Fate.DROPPED: Stage.DROPPED,
}
_ASKED = (Severity.BLOCKING, Severity.ERROR, Severity.WARNING)


class Rectifications(TidyTable, table=TABLE):
    """rectification.csv: what is asked of departments, and what became of it."""

    finding_id: str
    department: str
    officer: str
    project: str
    form: str
    severity: str
    file: str
    sheet: str
    cell: str
    label: str
    statement: str
    reported: str
    expected: str
    action: str
    due: str
    stage: str
    since: str
    times: int = pa.Field(nullable=True)
    note: str

    @pa.dataframe_check(name="rectification.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("action").is_in([each.value for each in Action]), pl.col("statement") != ""),
            *(pl.col("stage").is_in([each.value for each in Stage]), pl.col("cell").str.contains(CELL)),
            pl.col("severity").is_in([each.value for each in _ASKED]),
        )


class _Task(NamedTuple):
    """One thing that a department was asked for, out of a finding that is there or one that is gone."""

    department: str
    finding: ReportedFinding | Traced
    severity: Severity
    action: Action
    stage: Stage
    officer: str
    since: str
    note: str


def _tasks(evaluation: Evaluation) -> Iterator[_Task]:
    """What stands, the gravest first and what was settled by decision last, then what is gone."""
    asked = (each for each in evaluation.findings if each.severity in _ASKED)
    found = (each for each in asked if each.code not in OUR_MISTAKES)
    yield from sorted(
        (_task(each, evaluation) for each in found),
        key=lambda task: (task.department, task.action is Action.NONE, task.severity.rank),
    )
    for department, gone in evaluation.followup.closed.items():
        for each in gone:
            severity = Severity(each.severity)
            if severity in _ASKED and each.code not in OUR_MISTAKES:
                said = each.note or (say("现为 {now}", now=each.now) if each.now else "")
                own = (_FATES[each.fate], each.opinion.officer, each.since, said)
                yield _Task(department, each, severity, Action.NONE, *own)


def _task(finding: ReportedFinding, evaluation: Evaluation) -> _Task:
    trace = finding.trace
    kept = finding.department in evaluation.followup.progress
    stage = _FATES[trace.fate] if trace else Stage.OPEN
    if stage is Stage.NEW and not kept:
        stage = Stage.OPEN  # without a ledger nobody knows whether it is new
    action = Action.EXPLAIN if finding.severity is Severity.WARNING else Action.MEND
    if not finding.file:
        action = Action.SUBMIT if action is Action.MEND else action
    if finding.excused:
        action = Action.NONE
    note = say("；").join(filter(None, (trace.note, trace.opinion.text))) if trace else ""
    own = (
        (trace.opinion.officer, trace.since)
        if trace and kept
        else (trace.opinion.officer if trace else "", "")
    )
    return _Task(finding.department, finding, finding.severity, action, stage, *own, note)


def rectification_table(evaluation: Evaluation) -> Table:
    """All tasks; times and dates are ISO, what the ledger does not know stays empty."""
    due = _due(evaluation.round)
    return Rectifications.of(
        (
            *(
                each.finding.finding_id,
                each.department,
                each.officer,
                each.finding.project,
                each.finding.form,
            ),
            *(each.severity.value, each.finding.file, each.finding.sheet, each.finding.cell),
            *(each.finding.label, each.finding.statement, each.finding.reported, each.finding.expected),
            *(each.action.value, due if each.action else "", each.stage.value, each.since),
            *(_times(each.department, evaluation), each.note),
        )
        for each in _tasks(evaluation)
    )


def _due(round_: Round) -> str:
    by = round_.resubmit_by
    return "" if by is None else by.isoformat(*([" "] if isinstance(by, datetime) else []))


def _times(department: str, evaluation: Evaluation) -> int | None:
    progress = evaluation.followup.progress.get(department)
    return progress.times if progress else None


def rectification_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """The sheet; nothing where nothing is, or was, asked for."""
    due = _due(evaluation.round)
    rows = [_row(each, due, evaluation, edition) for each in _tasks(evaluation)]
    if rows:
        yield replace(rectification_head(edition), rows=tuple(rows))


def rectification_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    due = _due(edition.round)
    said = (
        say("退回修改的请于 {due} 前重报。", due=due)
        if due
        else say("本批次没有设重报期限（round.toml 的 resubmit_by）。")
    )
    return SheetSpec(
        name=SHEET,
        about=say("一行一件要部门办的事：改什么、谁办、什么时候以前、办到哪一步"),
        title=edition.title(SHEET),
        note=edition.note(
            say(
                "按部门排列，须修改、补报的在前，须核实说明的在后，已认可、已整改的列在该部门末尾。{said}"
                "数字和处理意见见“审核发现”，以前各次整改的见“整改情况”。",
                said=said,
            ),
            unit="",
        ),
        columns=(
            *(ColumnSpec("部门", wrap=20), ColumnSpec("状态", Kind.MARK), ColumnSpec("要求", Kind.MARK)),
            *(ColumnSpec("项目", wrap=20), ColumnSpec("单元格", wrap=18), ColumnSpec("指标/栏目", wrap=20)),
            *(ColumnSpec("问题", wrap=48), ColumnSpec("应为", wrap=14)),
            *(ColumnSpec("完成期限", Kind.MARK), ColumnSpec("首次提出", Kind.MARK)),
            *(ColumnSpec("报送次数", Kind.COUNT), ColumnSpec("经办", Kind.MARK), ColumnSpec("说明", wrap=20)),
            ColumnSpec("编号", folded=True),
        ),
        rows=(),
        banded=True,
    )


def _row(task: _Task, due: str, evaluation: Evaluation, edition: Edition) -> tuple[Content, ...]:
    found = task.finding
    return (
        *(shown_department(task.department), _STAGES[task.stage], _ACTIONS[task.action]),
        *(found.project or None, _place(found, edition), found.label or None, found.statement),
        *(found.expected or None, (due or None) if task.action else None, task.since[:10] or None),
        *(_times(task.department, evaluation), task.officer or None, task.note or None, found.finding_id),
    )


def _place(found: ReportedFinding | Traced, edition: Edition) -> Content:
    """The cell as the department knows it, leading there: 附件3-1!F6; of a whole file its name."""
    if not found.file:
        return None
    source = edition.source(found.file, found.sheet, found.cell)
    if not found.sheet:
        return source
    text = f"{found.sheet}!{found.cell}" if found.cell else found.sheet
    return replace(source, text=text) if isinstance(source, Link) else text


_TONES = {Fate.MENDED_AS_ASKED: Tone.GOOD, Fate.MENDED: Tone.GOOD, Fate.DROPPED: Tone.NOTE}


def mended_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """One finding a row, department by department; nothing where none is gone."""
    titles = form_titles(edition.round.scheme)
    rows = [
        _mended_row(name, each, titles) for name, gone in evaluation.followup.closed.items() for each in gone
    ]
    if rows:
        yield replace(mended_head(edition), rows=tuple(rows))


def mended_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="整改情况",
        about=say("一行一个已消除的问题：上次填的什么、应为什么、现在是什么"),
        title=edition.title(say("整改情况")),
        note=edition.note(
            say("各部门最近一次报送所消除的问题，以前各次的见 jixiao history；仍未改正的见“审核发现”。")
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("表", wrap=16)),
            *(
                ColumnSpec("指标/栏目", wrap=24),
                ColumnSpec("上次填报值", wrap=20),
                ColumnSpec("应为", wrap=20),
            ),
            *(ColumnSpec("现填报值", wrap=20), ColumnSpec("结果", Kind.MARK), ColumnSpec("问题", wrap=48)),
            *(ColumnSpec("提出日期", Kind.MARK), ColumnSpec("说明", wrap=24), ColumnSpec("编号")),
        ),
        rows=(),
        banded=True,
    )


def _mended_row(department: str, gone: Traced, titles: Mapping[str, str]) -> tuple[Content, ...]:
    return (
        *(shown_department(department), gone.project, titles.get(gone.form, gone.form), gone.label),
        *(gone.reported, gone.expected, gone.now or None),
        Toned(FATES[gone.fate], _TONES[gone.fate]),
        *(gone.statement, gone.since[:10], gone.note or None, gone.finding_id),
    )


def last_year_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """What departments were the year before; nothing where last year's round is not there."""
    rows = [_year_row(name, each) for name, found in evaluation.followup.years.items() for each in found]
    if rows:
        yield replace(last_year_head(edition), rows=tuple(rows))


def last_year_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="去年对比",
        about=say("一行一项：得分、预算执行与上年相比，取消或放宽的指标"),
        title=edition.title(say("去年对比")),
        note=edition.note(
            say(
                "上年数取自台账中上年批次的最后一次结果；部门按名称（含名册中的曾用名）对应，"
                "名称只是相近的另有提示；项目、指标名称相同的才比较。只供参考。"
            )
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("指标/内容", wrap=30)),
            *(
                ColumnSpec("上年", Kind.AMOUNT),
                ColumnSpec("本年", Kind.AMOUNT),
                ColumnSpec("变动", Kind.AMOUNT),
            ),
            *(ColumnSpec("上年率", Kind.RATE), ColumnSpec("本年率", Kind.RATE)),
            *(ColumnSpec("上年目标", wrap=20), ColumnSpec("本年目标", wrap=20), ColumnSpec("说明", wrap=24)),
        ),
        rows=(),
        fixed=2,
        banded=True,
    )


def _year_row(department: str, row: YearRow) -> tuple[Content, ...]:
    """Amounts and scores, rates, or words: each in columns of its own kind."""
    figures, rates, words = (row.before, row.now, row.change), (row.before, row.now), (row.before, row.now)
    return (
        *(shown_department(department), row.project or None, row.label),
        *(_number(each) if row.figure and not row.rate else None for each in figures),
        *(_number(each) if row.rate else None for each in rates),
        *(None if row.figure else each or None for each in words),
        row.note or None,
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
