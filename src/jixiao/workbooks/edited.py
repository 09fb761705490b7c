"""Workbooks of ours that officers edited: read, and brought up to date without touching what is theirs.

What departments send is read by `reading`, which stands up to anything; this is for our own layouts coming
back, where the library that knows most of the format is the better choice.

openpyxl opens it whole: notes at cells, columns and sheets of their own, colours and widths stay. A row is
known by what stands in its first column; what officers wrote beside it goes where the row goes.
"""

from __future__ import annotations

import os
from collections import Counter
from copy import copy
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from jixiao.domain.amounts import plain
from jixiao.domain.cells import Area, CellError, Grid, UnstoredFormula
from jixiao.language import say
from jixiao.workbooks.refusals import NO_BOOK, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from openpyxl.comments import Comment
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from jixiao.domain.cells import Position, Value
    from jixiao.domain.report import SheetSpec

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
        stored, written = _loaded(path, data_only=True), _loaded(path)
    except Exception as error:  # openpyxl raises whatever its parts raise on a broken file
        raise damaged(NO_BOOK) from error
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


Identity = tuple[str, int]
"""The text of a row's first column, and how many rows before it have the same."""


class _Beside(NamedTuple):
    """What of a row is the officers': values of their own columns, notes of all, by column."""

    values: Mapping[int, Any]
    notes: Mapping[int, Comment]


def update_workbook(path: Path, sheets: Sequence[SheetSpec], fresh: Path) -> None:
    """Write the rows of the sheets into the workbook at `path`; a missing sheet comes from `fresh`.

    Raises:
        RefusalError: it is no .xlsx workbook, or one of the sheets has lost its header.
        OSError: the file cannot be written.
    """
    book = _open(path)
    for sheet in sheets:
        if sheet.name in book.sheetnames:
            _SheetUpdate(book[sheet.name], sheet).run()
        else:
            _add(book, _loaded(fresh)[sheet.name])
    beside = path.with_name(f"~{path.name}")
    book.save(beside)
    os.replace(beside, path)  # noqa: PTH105 - Path.replace says the same in more words


def _loaded(path: Path, *, data_only: bool = False) -> Workbook:
    from openpyxl import load_workbook  # noqa: PLC0415 only officers' own workbooks want it, no worker does

    return load_workbook(path, data_only=data_only)


def _open(path: Path) -> Workbook:
    try:
        return _loaded(path)
    except Exception as error:  # openpyxl raises whatever its parts raise on a broken file
        raise damaged(NO_BOOK) from error


class _SheetUpdate:
    """One sheet: its columns found by their headers, its rows by their first cell."""

    def __init__(self, sheet: Worksheet, spec: SheetSpec) -> None:
        """Find the header.

        Raises:
            RefusalError: there is none.
        """
        self._sheet, self._spec = sheet, spec
        titles = [column.title for column in spec.columns]
        self._header, found = _find_header(sheet, titles)
        self._columns = {title: found.get(title) or self._add_column(title, found) for title in titles}
        self._own = tuple(self._columns[title] for title in titles)

    def run(self) -> None:
        """Write the rows, each with what stands beside it; rows that are gone leave only that."""
        wanted = [row for row in self._spec.rows if any(value is not None for value in row)]
        beside = {identity: self._beside(row) for identity, row in self._rows()}
        rows: list[tuple[Sequence[Any], _Beside]]
        below = self._sheet.max_row + 1
        rows = [(values, beside.pop(identity, _Beside({}, {}))) for identity, values in _identified(wanted)]
        rows += [((), each) for each in beside.values() if each.values or each.notes]
        rows += [((), _Beside({}, {}))] * (below - self._header - 1 - len(rows))
        for row, (values, each) in enumerate(rows, start=self._header + 1):
            self._write(row, values, each)

    def _add_column(self, title: str, found: dict[str, int]) -> int:
        """A further column at the right, in the look of the first."""
        column = self._sheet.max_column + 1
        for row in range(self._header, self._sheet.max_row + 1):
            _restyle(self._sheet.cell(row, column), self._sheet.cell(row, found[self._spec.columns[0].title]))
        self._sheet.cell(self._header, column).value = title
        return column

    def _rows(self) -> Iterator[tuple[Identity, int]]:
        """Every row below the header that holds anything."""
        seen: Counter[str] = Counter()
        for row in range(self._header + 1, self._sheet.max_row + 1):
            text = _shown(self._sheet.cell(row, self._own[0]).value)
            yield (text, seen[text]), row
            seen[text] += 1

    def _beside(self, row: int) -> _Beside:
        columns = range(1, self._sheet.max_column + 1)
        cells = {column: self._sheet.cell(row, column) for column in columns}
        return _Beside(
            {
                column: cell.value
                for column, cell in cells.items()
                if column not in self._own and cell.value is not None
            },
            {column: copy(cell.comment) for column, cell in cells.items() if cell.comment},
        )

    def _write(self, row: int, values: Sequence[Any], beside: _Beside) -> None:
        from openpyxl.cell import Cell  # noqa: PLC0415 as above

        ours = dict(zip(self._own, values, strict=False))
        for column in range(1, self._sheet.max_column + 1):
            cell = self._sheet.cell(row, column)
            if not isinstance(cell, Cell):  # the hidden part of a merged cell
                continue
            cell.value = ours.get(column, beside.values.get(column))
            if column in ours and isinstance(cell.value, str):
                cell.data_type = "s"  # nothing of ours is a formula, however it begins
            cell.comment = beside.notes.get(column)


def _find_header(sheet: Worksheet, titles: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The row with most of the titles, the first among them, and the column of each."""
    best: tuple[int, dict[str, int]] = (0, {})
    for row in sheet.iter_rows():
        found = {_shown(cell.value): column for column, cell in enumerate(row, start=1)}
        shared = {title: found[title] for title in titles if title in found}
        if titles[0] in shared and len(shared) > len(best[1]):
            best = (int(row[0].row or 0), shared)
    if len(best[1]) * 2 <= len(titles):
        raise damaged(
            say("工作表“{title}”没有表头“{titles}”", title=sheet.title, titles=say("、").join(titles))
        )
    return best


def _identified(rows: Sequence[Sequence[object]]) -> Iterator[tuple[Identity, Sequence[object]]]:
    seen: Counter[str] = Counter()
    for row in rows:
        text = _shown(row[0])
        yield (text, seen[text]), row
        seen[text] += 1


def _shown(value: object) -> str:
    """A cell as text, "" where it is blank; a number the same from whichever side it comes."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return plain(Decimal(str(value)))
    return "" if value is None else str(value).strip()


def _restyle(cell: Any, like: Any) -> None:  # noqa: ANN401 - openpyxl's types know no copies of styles
    cell.font, cell.fill, cell.border = copy(like.font), copy(like.fill), copy(like.border)
    cell.alignment, cell.number_format = copy(like.alignment), like.number_format


def _add(book: Workbook, fresh: Worksheet) -> None:
    """A copy of the sheet at the end, with its look and what may be entered."""
    sheet = book.create_sheet(fresh.title)
    for row in fresh.iter_rows():
        for cell in row:
            written = sheet.cell(cell.row, cell.column, cell.value)
            _restyle(written, cell)
    for name, dimension in fresh.column_dimensions.items():
        sheet.column_dimensions[name].width = dimension.width
    for merged in fresh.merged_cells.ranges:
        sheet.merge_cells(str(merged))
    for rule in fresh.data_validations.dataValidation:
        sheet.add_data_validation(copy(rule))
    sheet.sheet_state = fresh.sheet_state
