"""应报 / 已报 / 未报 / 迟报: roster.csv, and what other sheets say about who has sent what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.words import STATUSES, form_titles
from jixiao.domain.references import Filing
from jixiao.domain.report import Tone, Toned
from jixiao.domain.submissions import Status
from jixiao.language import say
from jixiao.schemas.tidy import TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.references import FilingRecord
    from jixiao.domain.report import Content, Table
    from jixiao.domain.rounds import Evaluation

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
