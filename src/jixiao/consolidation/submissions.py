"""submissions.csv, roster.csv, the sheet 报送情况: what was owed and sent, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.findings import FindingCounts
from jixiao.consolidation.words import SEVERITIES, STATUSES, form_titles, said_of_delivery
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.domain.references import Filing
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.domain.submissions import Status
from jixiao.language import say
from jixiao.schemas.tidy import TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.followups import Progress
    from jixiao.domain.references import FilingRecord
    from jixiao.domain.report import Content, Row, Table
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.submissions import SheetOutcome, Submission

_FILINGS = [each.value for each in Filing]


class RosterRecords(TidyTable, table="roster"):
    """roster.csv: what a department owes of one kind of form, or for one project, and what came."""

    department: str
    code: str
    form: str
    project: str
    due: int
    filed: int
    late: int
    missing: int
    status: str

    @pa.dataframe_check(name="roster.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("late") <= pl.col("filed"), pl.col("missing") <= pl.col("due")),
            *(pl.col("due", "late", "missing") >= 0,),
            pl.col("status").is_in(_FILINGS),
        )


FILINGS: dict[Filing, Toned | str] = {
    Filing.FILED: Toned(say("已报"), Tone.GOOD),
    Filing.LATE: Toned(say("迟报"), Tone.DOUBT),
    Filing.MISSING: Toned(say("未报"), Tone.BAD),
    Filing.EXTRA: say("名册未列"),
    Filing.UNLISTED: Toned(say("不在名册"), Tone.DOUBT),
}
NOTHING_FILED = Toned(say("未报送"), Tone.BAD)
INCOMPLETE = Toned(say("未报齐"), Tone.BAD)
_ANY_FORM = say("任何报送表")


def roster_table(evaluation: Evaluation) -> Table:
    """What every department owes and has sent; without rows where the round has no roster."""
    rows = tuple(
        (
            *(each.department, each.code, each.form, each.project),
            *(each.due, len(each.filed), len(each.late), each.missing, each.state.value),
        )
        for each in evaluation.filings
    )
    return RosterRecords.of(rows)


def department_status(dossier: Dossier) -> Toned:
    """What a department has to do next, in a word: nothing sent before wrong forms before missing ones."""
    if not dossier.submissions:
        return NOTHING_FILED
    if dossier.unevaluated:
        return STATUSES[Status.UNEVALUATED]
    if dossier.returned:
        return STATUSES[Status.RETURNED]
    return INCOMPLETE if dossier.missing else STATUSES[Status.ACCEPTED]


def count_filings(records: Sequence[FilingRecord]) -> str:
    """应报 9 张，已报 8 张，未报 1 张，迟报 0 张: forms that are owed; "" without records.

    A department of which the roster does not say what it owes counts with one form.
    """
    owed = [each for each in records if each.due]
    if not owed:
        return ""
    due, missing = sum(each.due for each in owed), sum(each.missing for each in owed)
    late = sum(len(each.late) for each in owed)
    return say(
        "应报 {due} 张，已报 {due2} 张，未报 {missing} 张，迟报 {late} 张。",
        due=due,
        due2=due - missing,
        missing=missing,
        late=late,
    )


def filing_marks(evaluation: Evaluation) -> dict[str, Toned | str]:
    """In a word, by submission_id, whether it was owed and in time; empty where the round has no roster."""
    return {
        submission: FILINGS[_state(record, late=submission in record.late)]
        for record in evaluation.filings
        for submission in record.filed
    }


def missing_rows(evaluation: Evaluation) -> Iterator[tuple[Content, ...]]:
    """Rows of 报送情况 for what is owed and has not come."""
    titles = form_titles(evaluation.round.scheme)
    for record in evaluation.filings:
        if record.missing:
            counts = say("应报 {due} 张，实收 {count} 张", due=record.due, count=len(record.filed))
            said = say("项目“{project}”没有收到", project=record.project) if record.project else counts
            form = titles.get(record.form, _ANY_FORM)
            yield None, None, record.department, form, FILINGS[Filing.MISSING], said, FILINGS[Filing.MISSING]


def _state(record: FilingRecord, *, late: bool) -> Filing:
    if not record.listed:
        return Filing.UNLISTED
    if late:
        return Filing.LATE
    return Filing.FILED if record.due else Filing.EXTRA


_SCOPES = [each.value for each in Scope]
_STATUSES = [each.value for each in Status]
_COUNTED = (Severity.BLOCKING, Severity.ERROR, Severity.WARNING)


class Submissions(TidyTable, table="submissions"):
    """submissions.csv: a row a form, and for every file or sheet that gave none."""

    submission_id: str = pa.Field(nullable=True)
    department: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    scope: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    year: int = pa.Field(nullable=True)
    file: str
    sheet: str
    sha256: str
    status: str
    blocking: int
    errors: int
    warnings: int
    implementer: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="submissions.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            pl.col("submission_id").is_unique() | pl.col("submission_id").is_null(),
            *(pl.col("scope").is_in(_SCOPES), pl.col("status").is_in(_STATUSES)),
            *(pl.col("blocking", "errors", "warnings") >= 0,),
        )


def submission_rows(evaluation: Evaluation, counts: FindingCounts | None = None) -> list[Row]:
    """Submissions in the round's order, then the files and sheets that gave none.

    `counts` are of all findings; without them those of the evaluation are counted.
    """
    counts = counts or FindingCounts(evaluation.findings)
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


class Told(NamedTuple):
    """What a finding says of a whole file."""

    severity: Severity
    file: str
    statement: str


def told(findings: Iterable[ReportedFinding]) -> tuple[Told, ...]:
    """What findings say of whole files."""
    return tuple(Told(each.severity, each.file, each.statement) for each in findings if not each.sheet)


def explain_outcomes(outcomes: Iterable[SheetOutcome], said: Iterable[Told]) -> Iterator[SheetOutcome]:
    """Outcomes with their reasons; a file that could not be read has its findings' sentences for one."""
    sentences: dict[str, list[str]] = defaultdict(list)
    for each in sorted(said, key=lambda each: each.severity.rank):
        sentences[each.file].append(each.statement)
    for outcome in outcomes:
        yield outcome if outcome.reason else replace(outcome, reason="".join(sentences[outcome.file]))


def current_submissions(evaluation: Evaluation) -> Iterator[Submission]:
    """The submissions that count: a superseded one is listed but never totalled."""
    for submission in evaluation.submissions:
        if evaluation.statuses[submission.submission_id] is not Status.SUPERSEDED:
            yield submission


def subject(submission: Submission) -> tuple[str, str, str, str]:
    """The columns of a row that say whose and which form it is of."""
    return submission.department, submission.scope.value, submission.project, submission.form


def submission_sheet(
    evaluation: Evaluation, edition: Edition, counts: FindingCounts | None = None
) -> SheetSpec:
    """报送情况: one file and sheet a row, with what became of it and why; by the roster also what is owed.

    `counts` as for `submission_rows`.
    """
    titles = form_titles(edition.round.scheme)
    counts = counts or FindingCounts(evaluation.findings)
    marks = filing_marks(evaluation)
    progress = dict(evaluation.followup.progress)
    told = say("报送次数起各栏是整个部门的，写在该部门的第一行。") if progress else ""
    rows: list[tuple[Content, ...]] = []
    for submission in evaluation.submissions:
        status = evaluation.statuses[submission.submission_id]
        found = {level: counts.on_form(submission, level) for level in _COUNTED}
        rows.append(
            (
                *(submission.file, submission.sheet, submission.department),
                *(titles.get(submission.form, submission.form), STATUSES[status], _reason(status, found)),
                *(marks.get(submission.submission_id), *_progress(progress.pop(submission.department, None))),
            )
        )
    rows += [(*row, *_progress(None)) for row in missing_rows(evaluation)]
    rows += [
        (each.file, each.sheet, None, None, STATUSES[each.status], each.reason, None, *_progress(None))
        for each in evaluation.outcomes
    ]
    columns = (
        *(ColumnSpec("文件"), ColumnSpec("工作表"), ColumnSpec("部门"), ColumnSpec("表种")),
        *(ColumnSpec("状态", Kind.MARK), ColumnSpec("原因"), ColumnSpec("应报情况", Kind.MARK)),
        *(ColumnSpec(title, Kind.COUNT) for title in ("报送次数", "已改正", "未改正", "免予修改")),
        *(ColumnSpec("退回日期", Kind.MARK), ColumnSpec("退回天数", Kind.COUNT), ColumnSpec("本次报送")),
    )
    shown = [True] * _OWN + [bool(evaluation.filings)] + [bool(evaluation.followup.progress)] * _FOLLOWED
    owed = count_filings(evaluation.filings)
    return SheetSpec(
        name="报送情况",
        about=say("收到的每个文件和工作表，以及处理结果"),
        title=edition.title(say("报送情况")),
        note=edition.note(
            say(
                "{owed}一行一张工作表；没有识别出报送表的文件和工作表列在后面，并写明原因。{told}",
                owed=owed,
                told=told,
            ),
            unit="",
        ),
        columns=tuple(compress(columns, shown)),
        rows=tuple(tuple(compress(row, shown)) for row in rows),
        fixed=2,
        empty=say("本批次没有收到文件。"),
    )


_OWN, _FOLLOWED = 6, 7
"""Columns of every round, and of one with a ledger."""


def _progress(progress: Progress | None) -> tuple[Content, ...]:
    """How far the department is: times sent, mended, open, excused, when told and how long ago, what came."""
    if progress is None or not progress.times:
        return (None,) * _FOLLOWED
    returned = progress.returned[:10]
    return (
        *(progress.times, progress.mended, progress.open, progress.excused),
        *(returned or None, _days(returned, progress.received) if returned else None),
        said_of_delivery(progress) or None,
    )


def _days(returned: str, received: str) -> Formula:
    """Days since then, live; as stored those until the department last sent something."""
    day = date.fromisoformat(returned)
    until = max((date.fromisoformat(received[:10]) - day).days, 0) if received else 0
    return Formula(f"TODAY()-DATE({day.year},{day.month},{day.day})", until)


def _reason(status: Status, found: Mapping[Severity, int]) -> str:
    if status is Status.SUPERSEDED:
        return say("同一报送表另有一份被采用")
    words = [
        say("{text} {count} 项", text=SEVERITIES[level].text, count=count)
        for level, count in found.items()
        if count
    ]
    return say("、").join(words)
