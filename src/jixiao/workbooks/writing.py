"""Workbooks as the officer opens them: sheet specifications rendered with XlsxWriter."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING
from urllib.parse import quote

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_range_abs

from jixiao.domain.report import Formula, Link, Toned
from jixiao.workbooks.addresses import FIRST_ROW, HEADER_ROW, NOTE_ROW, TITLE_ROW, Addresses
from jixiao.workbooks.entry_checks import validation_of
from jixiao.workbooks.measuring import (
    ROW_POINTS,
    column_widths,
    count_lines,
    header_height,
    line_height,
    padded,
    pages_wide,
    row_height,
    total_width,
)
from jixiao.workbooks.styles import BAR, Look, Styles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from jixiao.domain.report import Content, SheetSpec

_MOST_LINKS = 60_000  # the format allows 65,530 a sheet; beyond, the text stands alone
_LONGEST_TEXT = 32_767
_LONGEST_LINK = 2_000
_LONGEST_HEADER = 120
_TITLE_POINTS = 26
_A4 = 9
_ASCII = 127
# All that a link's target may hold as it is; % and # would be read as escapes and anchors.
_LINK_SAFE = "/\\:!$&'()*+,;=@~-._"
_BAR = {
    "type": "data_bar",
    "data_bar_2010": True,
    "bar_solid": True,
    "bar_color": BAR,
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
}


def write_workbook(path: Path, sheets: Sequence[SheetSpec], *, title: str, created: datetime) -> None:
    """Write all sheets; the same specifications and time give the same bytes.

    Raises:
        OSError: The file cannot be written.
    """
    options = {"in_memory": True, "default_format_properties": {"font_name": "等线", "font_size": 10}}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"title": title, "author": "jixiao", "created": created})
    styles, addresses = Styles(workbook), Addresses(sheets)
    for sheet in sheets:
        _SheetWriter(workbook, sheet, styles, addresses).write()
    close(workbook)


def close(workbook: Workbook) -> None:
    """Write a finished workbook.

    Raises:
        OSError: what the disk says against it, as it is, not as xlsxwriter wraps it.
    """
    try:
        workbook.close()
    except FileCreateError as error:
        raise error.args[0] from error


class _SheetWriter:
    """One sheet in the making."""

    def __init__(self, workbook: Workbook, sheet: SheetSpec, styles: Styles, addresses: Addresses) -> None:
        self._workbook = workbook
        self._sheet, self._styles, self._addresses = sheet, styles, addresses
        self._worksheet: Worksheet = workbook.add_worksheet(sheet.name)
        self._widths = column_widths(sheet)
        self._links = 0
        self._known_looks: dict[tuple[bool, bool], list[Look]] = {}
        self._last_column = len(sheet.columns) - 1
        self._last_row = FIRST_ROW + max(len(sheet.rows), 1) - 1

    def write(self) -> None:
        """Head, data, totals, then everything that concerns screen and paper."""
        self._head()
        self._data()
        self._marks()
        self._entries()
        self._screen()
        self._paper()

    def _head(self) -> None:
        sheet, worksheet, styles = self._sheet, self._worksheet, self._styles
        worksheet.set_default_row(ROW_POINTS)
        for column, width in enumerate(self._widths):
            worksheet.set_column(column, column, padded(width))
        worksheet.set_row(TITLE_ROW, _TITLE_POINTS)
        worksheet.write_string(TITLE_ROW, 0, sheet.title, styles.title)
        lines = count_lines(sheet.note, total_width(self._widths))
        worksheet.set_row(NOTE_ROW, line_height(max(lines, 2 if sheet.tone else 1)))
        note = styles.verdict(sheet.tone)
        worksheet.merge_range(NOTE_ROW, 0, NOTE_ROW, self._last_column, sheet.note, note)
        worksheet.set_row(HEADER_ROW, header_height(sheet, self._widths))
        for index, spec in enumerate(sheet.columns):
            worksheet.write_string(HEADER_ROW, index, spec.title, styles.header)

    def _data(self) -> None:
        sheet = self._sheet
        for index, content in enumerate(sheet.rows):
            banded = sheet.banded and bool(index % 2)
            self._row(FIRST_ROW + index, content, strong=index in sheet.strong, banded=banded)
        if not sheet.rows:
            self._worksheet.write_string(FIRST_ROW, 0, sheet.empty, self._styles.remark)
        for index, content in enumerate(sheet.totals, start=self._last_row + 1):
            self._row(index, content, strong=True, banded=False)

    def _row(self, row: int, contents: Sequence[Content], *, strong: bool, banded: bool) -> None:
        columns = self._sheet.columns
        height = row_height(contents, columns, self._widths)
        if height is not None:
            self._worksheet.set_row(row, height)
        for index, (content, look) in enumerate(zip(contents, self._looks(strong, banded), strict=True)):
            self._cell(row, index, content, look)

    def _looks(self, strong: bool, banded: bool) -> Sequence[Look]:  # noqa: FBT001 both name a kind of row
        """How the cells of a kind of row look, worked out once a sheet."""
        if (strong, banded) not in self._known_looks:
            self._known_looks[strong, banded] = [
                Look(column.kind, strong, banded, low=column.low, muted=column.muted)
                for column in self._sheet.columns
            ]
        return self._known_looks[strong, banded]

    def _cell(self, row: int, column: int, content: Content, look: Look) -> None:
        worksheet, styles = self._worksheet, self._styles
        if content is None or content == "":
            worksheet.write_blank(row, column, None, styles.of(look))
        elif isinstance(content, str):
            worksheet.write_string(row, column, content[:_LONGEST_TEXT], styles.of(look))
        elif isinstance(content, Decimal | int):
            self._number(row, column, content, look)
        elif isinstance(content, Formula):
            formula = self._addresses.resolve(content.text, self._sheet.name, row)
            value = content.value if isinstance(content.value, str) else float(content.value)
            worksheet.write_formula(row, column, f"={formula}", styles.of(look), value)
        elif isinstance(content, Toned):
            worksheet.write_string(row, column, content.text, styles.of(look._replace(tone=content.tone)))
        else:
            self._link(row, column, content, look)

    def _number(self, row: int, column: int, number: Decimal | int, look: Look) -> None:
        """A number that no cell can hold as one stands as text, so that it is seen."""
        value = float(number)
        if isfinite(value):
            self._worksheet.write_number(row, column, value, self._styles.of(look))
        else:
            self._worksheet.write_string(row, column, f"{number:g}", self._styles.of(look))

    def _link(self, row: int, column: int, link: Link, look: Look) -> None:
        url = _url(link)
        if self._links >= _MOST_LINKS or len(url) > _LONGEST_LINK:
            self._worksheet.write_string(row, column, link.text[:_LONGEST_TEXT], self._styles.of(look))
            return
        self._links += 1
        style = self._styles.of(look._replace(link=True))
        self._worksheet.write_url(row, column, url, style, link.text[:_LONGEST_TEXT])

    def _marks(self) -> None:
        """Bars behind rates, and colour for those below the threshold; the word stands in the number format.

        Both cover the same cells: LibreOffice applies only the first of two ranges that overlap.
        """
        first_total, last_total = self._last_row + 1, self._last_row + len(self._sheet.totals)
        for index, column in enumerate(self._sheet.columns):
            marks = [_BAR] if column.bar else []
            if column.low is not None:
                low = {
                    "type": "cell",
                    "criteria": "<",
                    "value": float(column.low),
                    "format": self._styles.low,
                }
                marks.append(low)
                if self._sheet.totals:
                    self._worksheet.conditional_format(first_total, index, last_total, index, low)
            for mark in marks:
                self._worksheet.conditional_format(FIRST_ROW, index, self._last_row, index, mark)

    def _entries(self) -> None:
        """Help and checks for what is entered on a sheet that comes back edited."""
        for (row, column), rule in self._sheet.inputs.items():
            place = (FIRST_ROW + row, column)
            self._worksheet.data_validation(*place, *place, validation_of(rule))

    def _screen(self) -> None:
        sheet, worksheet = self._sheet, self._worksheet
        if sheet.hidden:
            worksheet.hide()
        worksheet.hide_gridlines(2)
        worksheet.freeze_panes(FIRST_ROW, sheet.fixed)
        if sheet.filtered:
            worksheet.autofilter(HEADER_ROW, 0, self._last_row, self._last_column)
        area = xl_range_abs(HEADER_ROW, 0, self._last_row, self._last_column)
        self._workbook.define_name(f"表_{sheet.name}", f"='{sheet.name}'!{area}")

    def _paper(self) -> None:
        worksheet = self._worksheet
        worksheet.set_landscape()
        worksheet.set_paper(_A4)
        wide = pages_wide(self._sheet, self._widths)
        worksheet.fit_to_pages(wide, 1 if self._sheet.single_page else 0)
        worksheet.repeat_rows(HEADER_ROW)
        worksheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        title = "&R" + _spelled(self._sheet.title)
        worksheet.set_header(title if wide == 1 else f"&L&8 {_spelled(self._sheet.note)}{title}")
        if wide > 1:
            # Title and note would stand cut off above the repeated columns of every page but the first.
            last = self._last_row + len(self._sheet.totals)
            worksheet.print_area(HEADER_ROW, 0, last, self._last_column)
            worksheet.repeat_columns(0, self._sheet.fixed - 1)
        worksheet.set_footer("&C第 &P 页，共 &N 页")


def _spelled(text: str) -> str:
    """A text in a page's header, where & begins a code."""
    return text.replace("&", "&&")[:_LONGEST_HEADER]


def _url(link: Link) -> str:
    if link.sheet:
        return f"internal:'{link.sheet}'!A1"
    path = "".join(each if ord(each) > _ASCII else quote(each, _LINK_SAFE) for each in link.file)
    return f"external:{path}#{link.place}" if link.place else f"external:{path}"
