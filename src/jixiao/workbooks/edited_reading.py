"""Workbooks that officers edited after we wrote them, read with openpyxl.

What departments send is read by `reading`, which stands up to anything; this is for our own layouts coming
back, where the library that knows most of the format is the better choice.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from jixiao.domain.cells import Area, CellError, Grid, UnstoredFormula
from jixiao.workbooks.refusals import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from jixiao.domain.cells import Position, Value

_GENERAL = "General"


def read_edited(path: Path, file: str) -> tuple[Grid, ...]:
    """All sheets of an .xlsx workbook.

    Args:
        path: where it is.
        file: what to call it in references.

    Raises:
        RefusalError: it cannot be read as an .xlsx workbook.
    """
    try:
        stored, written = load_workbook(path, data_only=True), load_workbook(path)
    except Exception as error:  # openpyxl raises whatever its parts raise on a broken file
        raise damaged(f"{type(error).__name__}：{error}") from error
    return tuple(_read_sheet(stored[name], written[name], file) for name in written.sheetnames)


def _read_sheet(stored: Worksheet, written: Worksheet, file: str) -> Grid:
    cells = dict(_cells(stored, written))
    return Grid(
        file=file,
        sheet=written.title,
        values={place: value for place, (value, _) in cells.items()},
        merged=tuple(
            Area(each.min_row - 1, each.min_col - 1, each.max_row - 1, each.max_col - 1)
            for each in written.merged_cells.ranges
        ),
        formats={place: code for place, (_, code) in cells.items() if code != _GENERAL},
        hidden=written.sheet_state != written.SHEETSTATE_VISIBLE,
    )


def _cells(stored: Worksheet, written: Worksheet) -> Iterator[tuple[Position, tuple[Value, str]]]:
    for row in written.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            shown = stored.cell(cell.row, cell.column)
            value = _value(shown.value, str(cell.value), error=shown.data_type == "e")
            yield (cell.row - 1, cell.column - 1), (value, str(cell.number_format))


def _value(stored: object, written: str, *, error: bool) -> Value:
    """The stored value; a formula without one says so."""
    if stored is None:
        return UnstoredFormula(written)
    if error:
        return CellError(str(stored))
    if isinstance(stored, int | float) and not isinstance(stored, bool):
        return Decimal(repr(stored))
    return stored if isinstance(stored, bool | date | time | timedelta) else str(stored)
