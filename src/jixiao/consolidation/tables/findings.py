"""findings.csv: every finding in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.schemas.tidy import CELL, TidyTable, holds

if TYPE_CHECKING:
    from pandera.api.polars.types import PolarsData

    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.tables import Row

_SCOPES = [each.value for each in Scope]
_SEVERITIES = [each.value for each in Severity]
_CODE = r"^[FLVASXPQ]\d{3}$"


class Findings(TidyTable, table="findings"):
    """findings.csv: every finding in words."""

    finding_id: str
    code: str
    severity: str
    department: str
    scope: str = pa.Field(nullable=True)
    project: str
    form: str
    file: str
    sheet: str
    cell: str
    label: str
    reported: str
    expected: str
    message: str
    suggestion: str
    assumed: str
    cells: str
    consequences: str
    corrections: str

    @pa.dataframe_check(name="findings.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("finding_id").is_unique(), pl.col("code").str.contains(_CODE)),
            *(pl.col("severity").is_in(_SEVERITIES), pl.col("scope").is_in(_SCOPES)),
            *(pl.col("cell").str.contains(CELL), pl.col("message") != ""),
        )


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
