"""Workbooks as the officer opens them: sheet specifications rendered with XlsxWriter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO, StringIO
from itertools import islice
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_range_abs

from jixiao.domain.archives import Packing, deflated, zipped
from jixiao.domain.own_sheets import OPINION_NAME
from jixiao.domain.report import Part
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
    count_lines,
    header_height,
    line_height,
    longest_texts,
    padded,
    paper_of,
    room_of,
    total_width,
    widths_of,
)
from jixiao.workbooks.styles import (
    BAR,
    FONT,
    HEADER,
    LOW,
    NOTE,
    OUT_OF_BALANCE,
    REMARK,
    TITLE,
    VERDICTS,
    Styles,
    validation_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.domain.archives import Member
    from jixiao.domain.report import Letter, PageSpec, SheetSpec

_MOST_ROWS = 1_048_576
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
_LONGEST_HEADER = 120
_LONGEST_NAMED = 250
_TITLE_POINTS = 26
_FOLDED = {"level": 1, "hidden": True}
_A4 = 9
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


def workbook_file(
    sheets: Sequence[SheetSpec],
    *,
    title: str,
    created: datetime | None = None,
    page: PageSpec | None = None,
    rows: Mapping[str, Sequence[SpelledPart]] = MappingProxyType({}),
) -> bytes:
    """A workbook of all sheets, a page before them; equal specifications and times give equal bytes.

    Without a time (None) it says of itself that it is from 1980, the first day its format knows. `rows` are,
    by sheet, the rows of those that hold none themselves.
    """
    return _made(sheets, title, created, page, rows).file()


def workbook_parts(sheets: Sequence[SheetSpec]) -> Mapping[str, bytes]:
    """A workbook of few rows, as those of its parts by name that another takes in with its sheets."""
    book = _made(sheets, "")
    book.whole = False
    return {name: part.content() for name, part in book.assembled().items()}


def write_workbook(  # noqa: PLR0913 by name, and all of them of one workbook
    path: Path,
    sheets: Sequence[SheetSpec],
    *,
    title: str,
    created: datetime | None,
    page: PageSpec | None = None,
    rows: Mapping[str, Sequence[SpelledPart]] = MappingProxyType({}),
) -> None:
    """Write a workbook; see `workbook_file`.

    Raises:
        OSError: The file cannot be written.
    """
    path.write_bytes(workbook_file(sheets, title=title, created=created, page=page, rows=rows))


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
        self._before = b""

    def writelines(self, lines: Iterable[bytes], /) -> None:  # type: ignore[override]  # texts, as StringIO has it
        """Write rows, of which no more than some are ever held."""
        rows, waiting, size = iter(lines), [self.content()], 0
        while piece := b"".join(islice(rows, _ROWS_AT_ONCE)):
            waiting.append(piece)
            size += len(piece)
            if size > _PIECE:
                self._packing = self._packing or Packing()
                self._packing.add(b"".join(waiting))
                waiting, size = [], 0
        self._before = b"".join(waiting)
        self.seek(0)
        self.truncate()

    def content(self) -> bytes:
        """What is not packed yet."""
        return self._before + self.getvalue().encode()

    def member(self, name: str) -> Member:
        """The part in its archive."""
        if self._packing is None:
            return deflated(name, self.content())
        self._packing.add(self.content())
        return self._packing.member(name)


_ROWS_AT_ONCE = 64
_PIECE = 1 << 19
"""Bytes that are packed at once."""


class _Book(Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook whose parts are handed over, not zipped by XlsxWriter."""

    def __init__(self, title: str, created: datetime | None) -> None:
        usual = {"default_format_properties": {"font_name": "等线", "font_size": 10}, "in_memory": True}
        super().__init__(BytesIO(), usual)
        self.set_properties({"title": title, "author": "jixiao", "created": created or _UNDATED})
        self.parts: dict[str, _Stream] = {}
        self.whole = True
        """Whether all parts are made, not only those with contents."""

    def assembled(self) -> Mapping[str, _Stream]:
        """The parts by name, finished by this."""
        close(self)
        return self.parts

    def file(self) -> bytes:
        """The package, finished by this."""
        return zipped(part.member(name) for name, part in self.assembled().items())

    def add_format(self, properties: Mapping[str, object]) -> Format:
        """A format like the first with these properties, of which each is worked out once a process."""
        key = tuple(properties.items())
        if key not in _formats:
            made = Format(self.default_format_properties | properties)
            made._get_format_key()  # noqa: SLF001 kept with it, as XlsxWriter compares formats
            _formats[key] = vars(made).copy()
        new = Format.__new__(Format)
        own = {"xf_format_indices": self.xf_format_indices, "dxf_format_indices": self.dxf_format_indices}
        vars(new).update(_formats[key], **own)
        self.formats.append(new)
        return new

    def looks(self) -> tuple[object, ...]:
        """All that the part with the formats depends on."""
        return "xl/styles.xml", *self.xf_format_indices, None, *self.dxf_format_indices

    def _get_packager(self) -> Packager:
        return _Packager()

    def _prepare_format_properties(self) -> None:
        if self.looks() not in _known_parts:
            super()._prepare_format_properties()


_formats: dict[tuple[object, ...], dict[str, object]] = {}
"""What formats consist of, by their properties; there are as many as there are looks."""
_known_parts: dict[tuple[object, ...], str] = {}
"""Parts that are the same in many workbooks, by what they depend on."""
_MOST_KNOWN = 500


class _Packager(Packager):  # type: ignore[misc]  # XlsxWriter has no types
    """Gives the parts to the workbook, some of them as made for another, and leaves nothing to be zipped.

    Besides sheets with texts a workbook of ours has charts at most.
    """

    def _filename(self, xml_filename: str) -> _Stream:
        stream = _Stream()
        self.filenames.append((stream, xml_filename, False))
        return stream

    def _write_content_types_file(self) -> None:
        self._write_again(self._listed("[Content_Types].xml"), super()._write_content_types_file)

    def _write_root_rels_file(self) -> None:
        self._write_again(("_rels/.rels",), super()._write_root_rels_file)

    def _write_workbook_rels_file(self) -> None:
        self._write_again(self._listed("xl/_rels/workbook.xml.rels"), super()._write_workbook_rels_file)

    def _listed(self, name: str) -> tuple[object, ...]:
        """What a part depends on that lists the others."""
        texts = bool(self.workbook.str_table.count)
        return name, self.worksheet_count, self.chart_count, self.drawing_count, texts

    def _write_app_file(self) -> None:
        sheets = [(sheet.name, sheet.hidden) for sheet in self.workbook.worksheets()]
        self._write_again(("docProps/app.xml", *sheets, *self.named_ranges), super()._write_app_file)

    def _write_styles_file(self) -> None:
        self._write_again(self.workbook.looks(), super()._write_styles_file)

    def _write_theme_file(self) -> None:
        self._write_again(("xl/theme/theme1.xml",), super()._write_theme_file)

    def _write_again(self, key: tuple[object, ...], write: Callable[[], None]) -> None:
        """The part that `key` begins with the name of, as it was once written for the same."""
        if key in _known_parts:
            self._filename(str(key[0])).write(_known_parts[key])
            return
        write()
        if len(_known_parts) < _MOST_KNOWN:
            _known_parts[key] = self.filenames[-1][0].getvalue()

    def _create_package(self) -> list[object]:
        files = super()._create_package() if self.workbook.whole else self._create_contents()
        self.workbook.parts = {name: stream for stream, name, _ in files}
        return []

    def _create_contents(self) -> list[tuple[_Stream, str, bool]]:
        self._write_worksheet_files()
        self._write_workbook_file()
        self._write_shared_strings_file()
        self._write_styles_file()
        self._write_worksheet_rels_files()
        return self.filenames  # type: ignore[no-any-return]  # as `_filename` fills it


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
    text = addressee.replace('"', '""')[:_LONGEST_NAMED]
    workbook.define_name(f"'{sheet}'!{OPINION_NAME}", f'="{text}"')


def _own_part(sheet: SheetSpec) -> tuple[SpelledPart, ...]:
    """The rows that a sheet holds, spelled once it is assembled."""
    widths = longest_texts(sheet, sheet.rows)
    load = partial(spell, sheet, sheet.rows, sheet.strong, widths=widths)
    return (SpelledPart(len(sheet.rows), widths, load),)


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
        self._widths = widths_of(
            sheet, [longest_texts(sheet, sheet.totals), *(part.widths for part in parts)]
        )
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
        worksheet.set_row(TITLE_ROW, _TITLE_POINTS)
        worksheet.write_string(TITLE_ROW, 0, sheet.title, styles.of(TITLE))
        worksheet.set_row(NOTE_ROW, self._note_height())
        note = styles.of(VERDICTS[sheet.tone] if sheet.tone else NOTE)
        worksheet.merge_range(NOTE_ROW, 0, NOTE_ROW, self._last_column, sheet.note, note)
        worksheet.set_row(HEADER_ROW, header_height(sheet, self._widths))
        for index, spec in enumerate(sheet.columns):
            worksheet.write_string(HEADER_ROW, index, spec.header, styles.of(HEADER))

    def _note_height(self) -> float:
        sheet = self._sheet
        lines = count_lines(sheet.note, total_width(self._widths))
        lines += sheet.tone is not None and lines > 1  # a verdict is written larger
        return line_height(max(lines, 2 if sheet.tone else 1))

    def _data(self) -> None:
        """Where the data rows stand, which are spelled only when the sheet is assembled."""
        sheet, first = self._sheet, FIRST_ROW
        if not self._count:
            self._worksheet.write_string(FIRST_ROW, 0, sheet.empty, self._styles.of(REMARK))
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
                    {"type": "cell", "criteria": "!=", "value": 0, "format": self._styles.of(OUT_OF_BALANCE)}
                )
            if column.low is not None:
                low = {
                    "type": "cell",
                    "criteria": "<",
                    "value": float(column.low),
                    "format": self._styles.of(LOW),
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
        name = say("表_{name}", name=re.sub(r"[\s-]", "_", sheet.shown))
        self._workbook.define_name(name, f"='{sheet.shown}'!{area}")
        if sheet.addressee is not None:
            address(self._workbook, sheet.shown, sheet.addressee)

    def _paper(self) -> None:
        worksheet = self._worksheet
        worksheet.set_landscape()
        paper, wide = paper_of(self._sheet, self._widths)
        worksheet.set_paper(paper)
        worksheet.fit_to_pages(wide, 1 if self._sheet.single_page else 0)
        if len(self._parts) > 1 and not self._sheet.single_page:
            room = room_of(self._sheet, self._widths, paper, wide)
            above = _TITLE_POINTS + self._note_height() if wide == 1 else 0
            self._rows.pages = Pages(room - above, room)
        worksheet.repeat_rows(HEADER_ROW)
        worksheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        title = "&R" + _spelled(self._sheet.title)
        worksheet.set_header(title if wide == 1 else f"&L&8 {_spelled(self._sheet.note)}{title}")
        if wide > 1:
            # Title and note would stand cut off above the repeated columns of every page but the first.
            last = self._last_row + len(self._sheet.totals)
            worksheet.print_area(HEADER_ROW, 0, last, self._last_column)
            worksheet.repeat_columns(0, self._sheet.fixed - 1)
        worksheet.set_footer(say("&C第 &P 页，共 &N 页"))


def _spelled(text: str) -> str:
    """A text in a page's header, where & begins a code."""
    return text.replace("&", "&&")[:_LONGEST_HEADER]


_LETTER_WIDTH, _LETTER_COLUMNS = 84, 6
"""Characters of a line of a letter, a Chinese one counting two; the columns that it is merged over.

One column alone would be cut off, not made smaller, where a program's fonts make it wider than the page.
"""
_LETTER_LOOKS: dict[Part, dict[str, Any]] = {
    Part.ADDRESS: {"bold": True, "font_size": 12},
    Part.BODY: {"font_size": 11, "indent": 2},
    Part.HEADING: {"bold": True, "font_size": 11},
    Part.ITEM: {"font_size": 10, "indent": 2},
    Part.CLOSING: {"font_size": 11, "align": "right"},
}
_LETTER_LINES = {Part.ADDRESS: 1.4, Part.BODY: 1.25, Part.HEADING: 1.45, Part.ITEM: 1.1, Part.CLOSING: 1.5}
"""How high a line of each is, in lines of ten points."""


def letter_file(letter: Letter) -> bytes:
    """A letter as a workbook with one sheet that prints on one upright page."""
    workbook = _Book(letter.title, None)
    worksheet = workbook.add_worksheet(letter.name)
    address(workbook, letter.name, letter.addressee)
    worksheet.hide_gridlines(2)
    last = _LETTER_COLUMNS - 1
    worksheet.set_column(0, last, padded(_LETTER_WIDTH) / _LETTER_COLUMNS)
    title = workbook.add_format(
        {**FONT, "bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
    )
    worksheet.set_row(0, 42)
    worksheet.merge_range(0, 0, 0, last, letter.title, title)
    usual = {**FONT, "text_wrap": True, "valign": "vcenter"}
    looks = {part: workbook.add_format({**usual, **look}) for part, look in _LETTER_LOOKS.items()}
    for row, (part, text) in enumerate(letter.paragraphs, start=1):
        size = _LETTER_LOOKS[part]["font_size"]
        lines = count_lines(text, int((_LETTER_WIDTH - 4) * 10 / size))
        worksheet.set_row(row, min(lines * size * 1.3 * _LETTER_LINES[part] + 3, 409))
        worksheet.merge_range(row, 0, row, last, "", looks[part])
        worksheet.write_string(row, 0, text, looks[part])
    worksheet.set_portrait()
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.75, right=0.75, top=0.8, bottom=0.8)
    worksheet.center_horizontally()
    worksheet.fit_to_pages(1, 1)
    worksheet.print_area(0, 0, len(letter.paragraphs), last)
    return workbook.file()
