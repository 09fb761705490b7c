"""A workbook of another format (.xls, .et, .ods, .xlsb) as .xlsx: what was read of it, plainly laid out.

Values, number formats, merges, and what is hidden are as they were; fonts, colours and widths are ours, for
no reader of ours knows them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from jixiao.domain.cells import CellError, UnstoredFormula
from jixiao.workbooks.sheet_layout import count_lines, display_width, line_height
from jixiao.workbooks.writing import close

if TYPE_CHECKING:
    from xlsxwriter import Workbook as Book
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from jixiao.domain.cells import Area, Grid, Position, Value, Workbook

_NARROWEST, _WIDEST, _PADDING = 7, 34, 2
_A4: Final = 9
_MOST_FRAMED: Final = 20_000
"""Cells of a sheet up to which blank ones have a frame as well."""
_UNDATED: Final = datetime(1980, 1, 1, tzinfo=UTC)
_DATES: Final = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", time: "hh:mm:ss", timedelta: "[h]:mm:ss"}


def rewrite(workbook: Workbook) -> bytes:
    """The workbook as .xlsx; reading it again gives the same values, formats and merges."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"author": "jixiao", "created": _UNDATED})
    formats: dict[str, Format] = {}
    for grid in workbook.grids:
        _SheetWriter(book, grid, formats).write()
    close(book)
    return stream.getvalue()


class _SheetWriter:
    """One sheet in the making."""

    def __init__(self, book: Book, grid: Grid, formats: dict[str, Format]) -> None:
        self._book, self._grid, self._formats = book, grid, formats
        self._sheet: Worksheet = book.add_worksheet(grid.sheet)
        self._widths = [self._width(column) for column in range(grid.width)]

    def write(self) -> None:
        """Columns and rows, merges, values, what is hidden, paper."""
        grid = self._grid
        for column, width in enumerate(self._widths):
            self._sheet.set_column(
                column, column, width + _PADDING, None, {"hidden": column in grid.hidden_columns}
            )
        for row in range(grid.height):
            self._sheet.set_row(row, self._height(row), None, {"hidden": row in grid.hidden_rows})
        for area in grid.merged:
            self._sheet.merge_range(area.top, area.left, area.bottom, area.right, "", self._format(""))
        self._frame()
        for at, value in grid.values.items():
            self._put(at, value)
        self._name()
        if grid.hidden:
            self._sheet.hide()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        if sum(self._widths) > 2 * _WIDEST + _NARROWEST:
            self._sheet.set_landscape()

    def _frame(self) -> None:
        """Give blank cells a frame as well, unless there are very many."""
        grid = self._grid
        if grid.height * grid.width <= _MOST_FRAMED:
            for at in ((row, column) for row in range(grid.height) for column in range(grid.width)):
                if at not in grid.values and at not in grid.anchors:
                    self._sheet.write_blank(*at, None, self._format(""))

    def _name(self) -> None:
        """Define again what was defined on the sheet: a blank form is known by that."""
        grid = self._grid
        for name, text in grid.names.items():
            quoted, spelled = grid.sheet.replace("'", "''"), text.replace('"', '""')
            self._book.define_name(f"'{quoted}'!{name}", f'="{spelled}"')

    def _put(self, at: Position, value: Value) -> None:
        code = self._grid.formats.get(at, "")
        match value:
            case bool():
                self._sheet.write_boolean(*at, value, self._format(code))
            case Decimal():
                self._sheet.write_number(*at, float(value), self._format(code))
            case CellError():
                self._sheet.write_formula(*at, f"={value.text}", self._format(code), value.text)
            case UnstoredFormula():
                self._sheet.write_string(*at, value.formula, self._format(code))
            case str():
                self._sheet.write_string(*at, value, self._format(code))
            case _:
                usual = next(text for kind, text in _DATES.items() if isinstance(value, kind))
                self._sheet.write_datetime(*at, value, self._format(code or usual))

    def _format(self, code: str) -> Format:
        if code not in self._formats:
            look: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "text_wrap": True, "border": 1}
            look |= {"align": "center", "valign": "vcenter"} | ({"num_format": code} if code else {})
            self._formats[code] = self._book.add_format(look)
        return self._formats[code]

    def _width(self, column: int) -> int:
        """Characters that the texts of a column take where nothing is merged over others."""
        own = (
            display_width(_shown(value))
            for (row, place), value in self._grid.values.items()
            if place == column and self._grid.area(row, place).right == place
        )
        return min(max(own, default=_NARROWEST, key=int) + 1, _WIDEST) if self._grid.values else _NARROWEST

    def _height(self, row: int) -> float:
        """Points for the longest text that stands in this row alone."""
        lines = [
            count_lines(_shown(value), self._across(self._grid.area(at, column)))
            for (at, column), value in self._grid.values.items()
            if at == row and self._grid.area(at, column).bottom == row
        ]
        return line_height(max(lines, default=1))

    def _across(self, area: Area) -> int:
        return sum(self._widths[area.left : area.right + 1]) or _NARROWEST


def _shown(value: Value) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)
