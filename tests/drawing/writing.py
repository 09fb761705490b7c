"""Writes drawn sheets as files, the same bytes each time: .xlsx with stored formula values, and .xls."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
import xlwt

from jixiao.domain.cells import Area, CellError, UnstoredFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from tests.drawing.drawing import Cell, Drawing

CREATED = datetime(2025, 4, 17, tzinfo=UTC).replace(tzinfo=None)
"""Fixed, so that building twice gives equal files."""

_BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
STYLES: Mapping[str, Mapping[str, object]] = {
    "annex": {**_BASE, "font_name": "黑体", "font_size": 12, "align": "left"},
    "title": {**_BASE, "font_name": "方正小标宋简体", "font_size": 18, "align": "center"},
    "subtitle": {**_BASE, "font_size": 11, "align": "center"},
    "label": {**_BASE, "border": 1, "align": "center"},
    "centred": {**_BASE, "border": 1, "align": "center"},
    "figure": {**_BASE, "border": 1, "align": "center"},
    "text": {**_BASE, "border": 1, "align": "left"},
    "note": {**_BASE, "align": "left"},
}
HEIGHTS = {"annex": 20.0, "title": 36.0, "subtitle": 18.0}
"""Points, for the rows of the heading."""


def write_xlsx(target: Path | BinaryIO, drawings: Sequence[Drawing]) -> None:
    """Write an .xlsx workbook, one sheet a drawing."""
    with xlsxwriter.Workbook(str(target) if hasattr(target, "parent") else target) as book:
        book.set_properties({"created": CREATED})
        formats: dict[tuple[str, str], Any] = {}

        def look(cell: Cell) -> Any:  # noqa: ANN401 - xlsxwriter has no types
            key = (cell.style, cell.number_format)
            if key not in formats:
                extra = {"num_format": cell.number_format} if cell.number_format else {}
                formats[key] = book.add_format({**STYLES[cell.style], **extra})
            return formats[key]

        for drawing in drawings:
            _write_sheet(book.add_worksheet(drawing.sheet), drawing, look)


def _write_sheet(sheet: Any, drawing: Drawing, look: Callable[[Cell], Any]) -> None:  # noqa: ANN401 - untyped
    for area in drawing.areas:
        cell = drawing.cells[area.top, area.left]
        sheet.merge_range(area.top, area.left, area.bottom, area.right, "", look(cell))
    for (row, column), cell in drawing.cells.items():
        _write_cell(sheet, row, column, cell, look(cell))
    for column, width in drawing.widths.items():
        sheet.set_column(column, column, width)
    for row, height in _row_heights(drawing).items():
        sheet.set_row(row, height)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    if drawing.hidden:
        sheet.hide()


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, look: Any) -> None:  # noqa: ANN401 - untyped
    value = cell.value
    if cell.formula:
        sheet.write_formula(row, column, cell.formula, look, float(str(value)))
    elif isinstance(value, UnstoredFormula):
        sheet.write_formula(row, column, value.formula, look, "")
    elif isinstance(value, CellError):
        sheet.write_formula(row, column, "=0/0", look, value.text)
    elif value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, float(str(value)), look)


def write_xls(path: Path, drawings: Sequence[Drawing]) -> None:
    """Write an .xls workbook (BIFF8). Formulas are written as their values: xlwt can store none."""
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[tuple[str, str], xlwt.XFStyle] = {}
    for drawing in drawings:
        sheet = book.add_sheet(drawing.sheet)
        corners = {(area.top, area.left): area for area in drawing.areas}
        covered = {at for area in drawing.areas for at in area.positions()} - corners.keys()
        for at, cell in drawing.cells.items():
            if at not in covered:
                key = (cell.style, cell.number_format)
                look = styles.setdefault(key, _xls_style(*key))
                _write_xls_cell(sheet, corners.get(at, Area(*at, *at)), cell, look)
        for column, width in drawing.widths.items():
            sheet.col(column).width = int(width * 256)
        for row, height in _row_heights(drawing).items():
            sheet.row(row).height_mismatch = True
            sheet.row(row).height = int(height * 20)
        _set_xls_page(sheet)
    book.save(str(path))


def _set_xls_page(sheet: Any) -> None:  # noqa: ANN401 - xlwt has no types
    sheet.portrait = True
    sheet.paper_size_code = 9
    sheet.fit_num_pages = 1
    sheet.fit_width_to_pages, sheet.fit_height_to_pages = 1, 0
    sheet.header_str = sheet.footer_str = b""


def _write_xls_cell(sheet: Any, area: Area, cell: Cell, look: Any) -> None:  # noqa: ANN401 - untyped
    raw = cell.value
    value = raw if raw is None or isinstance(raw, str) else float(str(raw))
    sheet.write_merge(area.top, area.bottom, area.left, area.right, value, look)


def _xls_style(name: str, number_format: str) -> xlwt.XFStyle:
    style = STYLES[name]
    border = "borders: left thin, right thin, top thin, bottom thin; " if "border" in style else ""
    return xlwt.easyxf(
        f"font: name {style['font_name']}, height {int(str(style['font_size'])) * 20}; {border}"
        f"align: wrap on, vert centre, horiz {str(style['align']).replace('center', 'centre')}",
        num_format_str=number_format or "General",
    )


def _row_heights(drawing: Drawing) -> dict[int, float]:
    fixed = {at[0]: HEIGHTS[cell.style] for at, cell in drawing.cells.items() if cell.style in HEIGHTS}
    return {**drawing.heights(), **fixed}
