"""submissions.csv: what was sent, a row a form, and which of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.counts import FindingCounts
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Status
from jixiao.schemas.tidy import TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandera.api.polars.types import PolarsData

    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.submissions import Submission
    from jixiao.domain.tables import Row

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


def subject(submission: Submission) -> tuple[str, str, str, str]:
    """The columns of a row that say whose and which form it is of."""
    return submission.department, submission.scope.value, submission.project, submission.form
