"""The sheet 账表核对 and reconciliation.csv: the forms' figures beside those of the accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.consolidation.words import form_titles
from jixiao.domain.references import AccountVerdict
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.language import say
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.cells import CellRef
    from jixiao.domain.references import Reconciliation
    from jixiao.domain.report import Content, Table
    from jixiao.domain.rounds import Evaluation

_ACCOUNT_VERDICTS = [each.value for each in AccountVerdict]


class Reconciliations(TidyTable, table="reconciliation"):
    """reconciliation.csv: a form's figure beside that of the accounts, 万元."""

    department: str
    project: str
    form: str
    item: str
    reported: Figure = pa.Field(nullable=True)
    booked: Figure = pa.Field(nullable=True)
    difference: Figure = pa.Field(nullable=True)
    verdict: str
    booked_as: str
    file: str
    sheet: str
    cell: str
    book_sheet: str
    book_cell: str

    @pa.dataframe_check(name="reconciliation.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            pl.col("verdict").is_in(_ACCOUNT_VERDICTS),
            *(pl.col(name).str.contains(CELL) for name in ("cell", "book_cell")),
        )


_VERDICTS = {
    AccountVerdict.AGREES: Toned(say("一致"), Tone.GOOD),
    AccountVerdict.DIFFERS: Toned(say("不符"), Tone.BAD),
    AccountVerdict.UNKNOWN: Toned(say("无法核对"), Tone.NOTE),
    AccountVerdict.NO_FORM: Toned(say("没有自评表"), Tone.DOUBT),
    AccountVerdict.NO_LINE: Toned(say("账面没有"), Tone.DOUBT),
}


def reconciliation_table(evaluation: Evaluation) -> Table:
    """Every comparison, amounts in 万元; without rows where the round has no accounts."""
    rows = tuple(
        (
            *(each.department, each.project, each.form, each.item),
            *(each.reported, each.booked, each.difference, each.verdict.value, each.booked_as),
            *((each.ref.file, each.ref.sheet, each.ref.a1) if each.ref else ("", "", "")),
            *((each.account_ref.sheet, each.account_ref.a1) if each.account_ref else ("", "")),
        )
        for each in evaluation.reconciliations
    )
    return Reconciliations.of(rows)


def reconciliation_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """The sheet, where the round has accounts; what differs stands where its department does, marked."""
    if not evaluation.reconciliations:
        return
    titles = form_titles(edition.round.scheme)
    rows = tuple(_row(each, titles, edition) for each in evaluation.reconciliations)
    yield replace(reconciliation_head(edition), rows=rows)


def reconciliation_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="账表核对",
        about=say("一行一个数：自评表与财政账面数的核对"),
        title=edition.title(say("账表核对")),
        note=edition.note(
            say("差额＝自评表数－账面数；账面数为财政部门的预算执行数，四舍五入以内的差额视为一致。"),
            unit=say("万元"),
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=30), ColumnSpec("栏目")),
            *(ColumnSpec("自评表数", Kind.AMOUNT), ColumnSpec("账面数", Kind.AMOUNT)),
            *(ColumnSpec("差额", Kind.AMOUNT), ColumnSpec("结论", Kind.MARK)),
            *(
                ColumnSpec("账面上的另名", wrap=30),
                SOURCES,
                ColumnSpec("账面来源", wrap=40),
            ),
        ),
        rows=(),
        fixed=2,
        banded=True,
    )


def _row(each: Reconciliation, titles: Mapping[str, str], edition: Edition) -> tuple[Content, ...]:
    gap = each.difference
    return (
        *(shown_department(each.department), each.project or titles.get(each.form), each.item or None),
        *(each.reported, each.booked),
        None if gap is None else Formula("[自评表数]-[账面数]", gap),
        *(_VERDICTS[each.verdict], None if each.booked_as == each.project else each.booked_as),
        _source(each.ref, edition),
        _source(each.account_ref, edition),
    )


def _source(ref: CellRef | None, edition: Edition) -> Content:
    return edition.source(ref.file, ref.sheet, ref.a1) if ref else None
