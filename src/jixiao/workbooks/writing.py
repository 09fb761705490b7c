"""Workbooks as the officer opens them: sheet specifications rendered with XlsxWriter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from io import BytesIO, StringIO
from itertools import islice
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_range_abs

from jixiao.domain.archives import Packing, deflated, zipped
from jixiao.domain.own_sheets import OPINION_NAME
from jixiao.language import say
from jixiao.workbooks.page_writing import write_page
from jixiao.workbooks.row_writing import Rows, RowSheet, SpelledPart, spell
from jixiao.workbooks.sheet_layout import (
    FIRST_ROW,
    HEADER_ROW,
    NOTE_ROW,
    ROW_POINTS,
    TITLE_ROW,
    Addresses,
    Pages,
    column_widths,
    count_lines,
    header_height,
    line_height,
    longest_texts,
    padded,
    paper_of,
    room_of,
    total_width,
)
from jixiao.workbooks.styles import BAR, Styles, validation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.domain.archives import Member
    from jixiao.domain.report import PageSpec, SheetSpec
    from jixiao.workbooks.styles import Properties

_MOST_ROWS = 1_048_576
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
_LONGEST_HEADER = 120
_LONGEST_NAMED = 250
TITLE_POINTS = 26
_USUAL = {"font_name": "等线", "font_size": 10}
_FOLDED = {"level": 1, "hidden": True}
_BAR = {
    "type": "data_bar",
    "bar_color": BAR,
    "min_length": 0,
    "max_length": 100,
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
}


def write_workbook(  # noqa: PLR0913 by name, and all of them of one workbook
    path: Path,
    sheets: Sequence[SheetSpec],
    *,
    title: str,
    created: datetime | None,
    page: PageSpec | None = None,
    rows: Mapping[str, Sequence[SpelledPart]] = MappingProxyType({}),
) -> None:
    """Write all sheets, a page before them; equal specifications and times give equal bytes.

    Without a time (None) the workbook says of itself that it is from 1980, the first day its format knows.
    `rows` are, by sheet, the rows of those that hold none themselves.

    Raises:
        OSError: The file cannot be written.
    """
    path.write_bytes(_made(sheets, title, created, page, rows).file())


def _made(
    sheets: Sequence[SheetSpec],
    title: str,
    created: datetime | None = None,
    page: PageSpec | None = None,
    rows: Mapping[str, Sequence[SpelledPart]] = MappingProxyType({}),
) -> _Book:
    fitting, parts, counts = _laid_out(sheets, rows)
    book = _Book(title, created)
    shared = (Styles(book), Addresses(fitting, counts))
    if page:
        write_page(book, page, *shared)
    for sheet in fitting:
        _SheetWriter(book, sheet, parts[sheet.name], shared).write()
    return book


def _laid_out(
    sheets: Sequence[SheetSpec], rows: Mapping[str, Sequence[SpelledPart]]
) -> tuple[list[SheetSpec], dict[str, Sequence[SpelledPart]], dict[str, int]]:
    """The sheets as far as each holds its rows, and by sheet its rows and how many they are."""
    parts = {sheet.name: rows.get(sheet.name) or _own_part(sheet) for sheet in sheets}
    fitting = [each for sheet in sheets for each in _fitting(sheet, parts)]
    return fitting, parts, {name: sum(part.size for part in own) for name, own in parts.items()}


class _Stream(StringIO):
    """A part of a package as text; where it has many rows they are packed as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._packing: Packing | None = None

    def writelines(self, lines: Iterable[str], /) -> None:  # type: ignore[override]  # texts, as StringIO has it
        """Write rows, of which no more than some are ever held."""
        rows = iter(lines)
        while piece := "".join(islice(rows, _ROWS_AT_ONCE)):
            self.write(piece)
            if self.tell() > _PIECE:
                self._packing = self._packing or Packing()
                self._packing.add(self.getvalue())
                self.seek(0)
                self.truncate()

    def member(self, name: str) -> Member:
        """The part in its archive."""
        if self._packing is None:
            return deflated(name, self.getvalue().encode())
        self._packing.add(self.getvalue())
        return self._packing.member(name)


_ROWS_AT_ONCE = 64
_PIECE = 1 << 19
"""Characters that are packed at once."""


class _Book(Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook whose parts are handed over, not zipped by XlsxWriter."""

    def __init__(self, title: str, created: datetime | None) -> None:
        usual = {"default_format_properties": _USUAL.copy(), "in_memory": True}  # XlsxWriter adds to it
        super().__init__(BytesIO(), usual)
        self.set_properties({"title": title, "author": "jixiao", "created": created or _UNDATED})
        self.parts: dict[str, _Stream] = {}

    def assembled(self) -> Mapping[str, _Stream]:
        """The parts by name, finished by this."""
        close(self)
        return self.parts

    def file(self) -> bytes:
        """The package, finished by this."""
        return zipped(part.member(name) for name, part in self.assembled().items())

    def _get_packager(self) -> Packager:
        return _Packager()


@lru_cache(maxsize=1024)
def look_key(properties: Properties) -> str:
    """What is the same for properties that look alike."""
    return str(Format({**_USUAL, **dict(properties)})._get_format_key())  # noqa: SLF001 as XlsxWriter compares


@lru_cache(maxsize=256)
def look_parts(met: tuple[Properties, ...]) -> Mapping[str, bytes]:
    """The parts with looks and theme of a workbook in which these looks are met in this order."""
    book = _Book("", None)
    sheet = book.add_worksheet()
    for column, properties in enumerate(met):
        sheet.write_blank(0, column, None, book.add_format(dict(properties)))
    made = book.assembled()
    return {name: made[name].getvalue().encode() for name in ("xl/styles.xml", "xl/theme/theme1.xml")}


class _Packager(Packager):  # type: ignore[misc]  # XlsxWriter has no types
    """Gives the parts to the workbook and leaves nothing to be zipped."""

    def _filename(self, xml_filename: str) -> _Stream:
        stream = _Stream()
        self.filenames.append((stream, xml_filename, False))
        return stream

    def _create_package(self) -> list[object]:
        files = super()._create_package()
        self.workbook.parts = {name: stream for stream, name, _ in files}
        return []


def close(workbook: Workbook) -> None:
    """Write a finished workbook.

    Raises:
        OSError: what the disk says against it, as it is, not as xlsxwriter wraps it.
    """
    try:
        workbook.close()
    except FileCreateError as error:
        raise error.args[0] from error


def address(workbook: Workbook, sheet: str, addressee: str) -> None:
    """Define on a sheet that goes back to a department the name that it is known by when it returns."""
    name, formula = name_of_addressee(addressee)
    workbook.define_name(f"'{sheet}'!{name}", f"={formula}")


def name_of_addressee(addressee: str) -> tuple[str, str]:
    """The name that such a sheet carries, and its formula."""
    text = addressee.replace('"', '""')[:_LONGEST_NAMED]
    return OPINION_NAME, f'"{text}"'


def name_of_table(sheet: SheetSpec) -> str:
    """What the table of a sheet is called in formulas."""
    return say("表_{name}", name=re.sub(r"[\s-]", "_", sheet.shown))


def _own_part(sheet: SheetSpec) -> tuple[SpelledPart, ...]:
    """The rows that a sheet holds, spelled once it is assembled."""
    widths = longest_texts(sheet, sheet.rows)
    return (SpelledPart(len(sheet.rows), widths, partial(spell, sheet, sheet.rows, sheet.strong)),)


def names_over(sheet: SheetSpec, size: int) -> list[str]:
    """The names of the sheets that so many rows of a sheet take."""
    most = _MOST_ROWS - FIRST_ROW - len(sheet.totals)
    return [_name(sheet, number) for number in range(1, max(ceil(size / most), 1) + 1)]


def _name(sheet: SheetSpec, number: int) -> str:
    return sheet.name if number == 1 else say("{name}（{number}）", name=sheet.shown, number=number)


def _fitting(sheet: SheetSpec, parts: dict[str, Sequence[SpelledPart]]) -> Iterator[SheetSpec]:
    """The sheet, and where it has more rows than one holds the sheets on which they go on: 指标明细（2）.

    Nothing is left out. `parts` are divided with it, a part's rows where it must be.
    """
    most = _MOST_ROWS - FIRST_ROW - len(sheet.totals)
    shares = list(_shares(parts[sheet.name], most))
    for number, share in enumerate(shares, start=1):
        name = _name(sheet, number)
        said = (
            say(
                "　一张工作表容纳不下，共分 {count} 张，这是第 {number} 张。",
                count=len(shares),
                number=number,
            )
            if shares[1:]
            else ""
        )
        parts[name] = share
        yield replace(sheet, name=name, note=sheet.note + said)


def _shares(parts: Sequence[SpelledPart], most: int) -> Iterator[list[SpelledPart]]:
    """The parts in shares of at most so many rows."""
    share: list[SpelledPart] = []
    room = most
    for part in parts:
        rest = part
        while rest.size > room:
            share.append(rest.cut(0, room))
            yield share
            share, rest, room = [], rest.cut(room, rest.size), most
        share.append(rest)
        room -= rest.size
    yield share


class _SheetWriter:
    """One sheet in the making."""

    def __init__(
        self,
        workbook: Workbook,
        sheet: SheetSpec,
        parts: Sequence[SpelledPart],
        shared: tuple[Styles, Addresses],
    ) -> None:
        self._workbook = workbook
        self._sheet, self._parts = sheet, parts
        self._styles, self._addresses = shared
        self._worksheet: RowSheet = workbook.add_worksheet(sheet.shown, RowSheet)
        self._widths = column_widths(replace(sheet, rows=()), [part.widths for part in parts])
        self._last_column = len(sheet.columns) - 1
        self._count = sum(part.size for part in parts)
        self._last_row = FIRST_ROW + max(self._count, 1) - 1

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
        for column, (width, spec) in enumerate(zip(self._widths, sheet.columns, strict=True)):
            worksheet.set_column(column, column, padded(width), None, _FOLDED if spec.folded else {})
        worksheet.set_row(TITLE_ROW, TITLE_POINTS)
        worksheet.write_string(TITLE_ROW, 0, sheet.title, styles.title)
        worksheet.set_row(NOTE_ROW, note_height(sheet, self._widths))
        note = styles.verdict(sheet.tone)
        worksheet.merge_range(NOTE_ROW, 0, NOTE_ROW, self._last_column, sheet.note, note)
        worksheet.set_row(HEADER_ROW, header_height(sheet, self._widths))
        for index, spec in enumerate(sheet.columns):
            worksheet.write_string(HEADER_ROW, index, spec.header, styles.header)

    def _data(self) -> None:
        """Where the data rows stand, which are spelled only when the sheet is assembled."""
        sheet, first = self._sheet, FIRST_ROW
        if not self._count:
            self._worksheet.write_string(FIRST_ROW, 0, sheet.empty, self._styles.remark)
            first += 1
        self._rows = Rows(sheet, self._parts, (self._worksheet, self._styles, self._addresses))
        last = self._last_row + len(sheet.totals)
        self._worksheet.hold(first, last, self._last_column, self._rows.lines)

    def _marks(self) -> None:
        """Bars behind rates, and colour for those below the threshold; the word stands in the number format.

        Both cover the same cells: LibreOffice applies only the first of two ranges that overlap.
        """
        first_total, last_total = self._last_row + 1, self._last_row + len(self._sheet.totals)
        for index, column in enumerate(self._sheet.columns):
            marks = [_BAR] if column.bar else []
            if column.nought:
                marks.append(
                    {"type": "cell", "criteria": "!=", "value": 0, "format": self._styles.out_of_balance}
                )
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
        self._workbook.define_name(name_of_table(sheet), f"='{sheet.shown}'!{area}")
        if sheet.addressee is not None:
            address(self._workbook, sheet.shown, sheet.addressee)

    def _paper(self) -> None:
        worksheet = self._worksheet
        worksheet.set_landscape()
        paper, wide = paper_of(self._sheet, self._widths)
        worksheet.set_paper(paper)
        worksheet.fit_to_pages(wide, 1 if self._sheet.single_page else 0)
        if len(self._parts) > 1 and not self._sheet.single_page:
            sheet = self._sheet
            room = room_of(sheet, self._widths, paper, wide)
            above = TITLE_POINTS + note_height(sheet, self._widths) if wide == 1 else 0
            self._rows.pages = Pages(room - above, room)
        worksheet.repeat_rows(HEADER_ROW)
        worksheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        worksheet.set_header(header_of(self._sheet, wide))
        if wide > 1:
            # Title and note would stand cut off above the repeated columns of every page but the first.
            last = self._last_row + len(self._sheet.totals)
            worksheet.print_area(HEADER_ROW, 0, last, self._last_column)
            worksheet.repeat_columns(0, self._sheet.fixed - 1)
        worksheet.set_footer(footer_of())


def note_height(sheet: SheetSpec, widths: Sequence[int]) -> float:
    """The height in points that shows a sheet's note whole; a verdict is written larger."""
    lines = count_lines(sheet.note, total_width(widths))
    lines += sheet.tone is not None and lines > 1
    return line_height(max(lines, 2 if sheet.tone else 1))


def header_of(sheet: SheetSpec, wide: int) -> str:
    """The head of the printed pages of a sheet that is so many pages wide."""
    title = "&R" + _spelled(sheet.title)
    return title if wide == 1 else f"&L&8 {_spelled(sheet.note)}{title}"


def footer_of() -> str:
    """The foot of every printed page."""
    return say("&C第 &P 页，共 &N 页")


def _spelled(text: str) -> str:
    """A text in a page's header, where & begins a code."""
    return text.replace("&", "&&")[:_LONGEST_HEADER]
