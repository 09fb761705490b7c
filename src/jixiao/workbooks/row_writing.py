"""The data rows of a sheet as text, written straight into the sheet's part of the workbook.

XlsxWriter keeps every cell and spells it through several function calls, which was half the cost of a run.
Here all that rows have in common is worked out once a sheet: what is left of a cell is its number and its
value. Rows come into being only while XlsxWriter assembles the sheet, so that none is held. It still writes
all else; `tests/workbooks/test_row_writing.py` holds these rows against its own, cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from jixiao.domain.cells import column_letters
from jixiao.domain.report import Formula, Kind, Link, Toned
from jixiao.workbooks.sheet_layout import FIRST_ROW, count_row_lines, line_height
from jixiao.workbooks.styles import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xlsxwriter.sharedstrings import SharedStringTable

    from jixiao.domain.report import Content, SheetSpec
    from jixiao.workbooks.sheet_layout import Addresses
    from jixiao.workbooks.styles import Styles

_MOST_LINKS = 60_000  # the format allows 65,530 a sheet; beyond, the text stands alone
_LONGEST_TEXT = 32_767
"""Of a cell, in units of UTF-16, of which a character takes up to two."""
_SURELY_HELD = _LONGEST_TEXT // 2
_LONGEST_LINK = 2_000
_ASCII = 127
# All that a link's target may hold as it is; % and # would be read as escapes and anchors.
_LINK_SAFE = "/\\:!$&'()*+,;=@~-._"
_PIXELS_A_POINT, _POINTS_A_PIXEL = 4 / 3, 0.75
_QUOTES = {'"': "&quot;", "\n": "&#xA;"}


class RowSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet whose rows below the head are text, which `lines` gives when the sheet is assembled."""

    dim_rowmax: int
    """The sheet's last row, which XlsxWriter keeps."""

    def __init__(self) -> None:
        """Without rows of that kind until `hold` is called."""
        super().__init__()
        self._first = 0
        self._lines: Callable[[], Iterator[str]] = lambda: iter(())
        self.links: list[str] = []
        """Elements of the sheet's list of links, as the rows add them."""

    def hold(self, first: int, last: int, last_column: int, lines: Callable[[], Iterator[str]]) -> None:
        """`lines` gives the rows from `first` to `last` (from 0); XlsxWriter has those above."""
        self._first, self._lines = first, lines
        self._check_dimensions(max(first - 1, last), last_column)

    def relate(self, target: str) -> int:
        """The number of a new relationship that leads out of the workbook."""
        self.rel_count += 1
        self.external_hyper_links.append(["/hyperlink", target, "External"])
        return int(self.rel_count)

    def _write_rows(self) -> None:
        last, self.dim_rowmax = self.dim_rowmax, self._first - 1
        super()._write_rows()
        self.dim_rowmax = last
        self.fh.writelines(self._lines())

    def _write_hyperlinks(self) -> None:
        if self.links:
            self.fh.write(f"<hyperlinks>{''.join(self.links)}</hyperlinks>")


class Strings:
    """The texts of a workbook, each stored once: XlsxWriter's table, which is still open for more."""

    def __init__(self, table: SharedStringTable) -> None:
        """Add to what the heads of the sheets have put into the table."""
        self._table = table
        self._numbers: dict[str, int] = {}

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each text so far; to be asked for once XlsxWriter assembles the workbook."""
        if not self._numbers:
            self._numbers = {text: number for number, text in enumerate(self._table.string_array)}
        return self._numbers

    def add(self, text: str) -> int:
        """The number of a text that is not there yet."""
        number = self._numbers[text] = self._table.unique_count
        self._table.string_array.append(text)
        self._table.unique_count += 1
        self._table.count += 1
        return int(number)


@dataclass(slots=True)
class _Column:
    """One column in one kind of row: how its cells begin, and which format they have."""

    start: str
    look: Look
    style: str
    styles: dict[object, str] = field(default_factory=dict)
    """Those of its words with a colour, by the colour, and of its links."""


class Rows:
    """The data rows of one sheet."""

    def __init__(
        self,
        sheet: SheetSpec,
        widths: Sequence[int],
        parts: tuple[RowSheet, Styles, Strings, Addresses],
    ) -> None:
        """Nothing is written before `lines` is asked."""
        self._sheet = sheet
        self._worksheet, self._styles, self._strings, self._addresses = parts
        self._wrapping = [
            (index, width)
            for index, (width, column) in enumerate(zip(widths, sheet.columns, strict=True))
            if column.kind is Kind.TEXT
        ]
        self._heights: dict[int, str] = {}
        self._columns: dict[tuple[bool, bool], list[_Column]] = {}
        self._targets: dict[str, int] = {}

    def lines(self) -> Iterator[str]:
        """Every data row and total, from the first one below the header."""
        sheet = self._sheet
        first = FIRST_ROW + 1
        for index, contents in enumerate(sheet.rows):
            columns = self._looking(strong=index in sheet.strong, banded=sheet.banded and bool(index % 2))
            yield self._row(first + index, contents, columns)
        for number, contents in enumerate(sheet.totals, start=first + max(len(sheet.rows), 1)):
            yield self._row(number, contents, self._looking(strong=True, banded=False))

    def _row(self, number: int, contents: Sequence[Content], columns: Sequence[_Column]) -> str:
        """One row; the kinds of content that most cells have are spelled here, without a call for each."""
        numbers, cells = self._strings.numbers, [self._opening(number, contents)]
        for content, column in zip(contents, columns, strict=True):
            if content is None or content == "":
                cells.append(f"{column.start}{number}{column.style}/>")
            elif content.__class__ is str and len(content) <= _SURELY_HELD:
                known = numbers.get(content)
                text = self._strings.add(content) if known is None else known
                cells.append(f'{column.start}{number}{column.style} t="s"><v>{text}</v></c>')
            elif content.__class__ is Decimal and isfinite(value := float(content)):
                cells.append(f"{column.start}{number}{column.style}><v>{value:.16G}</v></c>")
            else:
                cells.append(self._cell(number, content, column))
        cells.append("</row>")
        return "".join(cells)

    def _opening(self, number: int, contents: Sequence[Content]) -> str:
        lines = count_row_lines(contents, self._wrapping)
        height = self._heights.get(lines)
        if height is None:
            pixels = int(line_height(lines) * _PIXELS_A_POINT + 0.5)
            height = self._heights[lines] = f'ht="{pixels * _POINTS_A_PIXEL:.16g}" customHeight="1"'
        return f'<row r="{number}" {height}>'

    def _looking(self, *, strong: bool, banded: bool) -> list[_Column]:
        """The columns in a kind of row, worked out once a sheet."""
        found = self._columns.get((strong, banded))
        if found is None:
            found = self._columns[strong, banded] = [
                self._column(place, Look(each.kind, strong, banded, low=each.low, muted=each.muted))
                for place, each in enumerate(self._sheet.columns)
            ]
        return found

    def _column(self, place: int, look: Look) -> _Column:
        return _Column(f'<c r="{column_letters(place)}', look, self._style(look))

    def _style(self, look: Look) -> str:
        return f'" s="{self._styles.index(look)}"'

    def _cell(self, number: int, content: Content, column: _Column) -> str:
        """A cell of a rarer kind, or one that no cell can hold as it is."""
        if isinstance(content, Formula):
            return self._formula(number, content, column)
        if isinstance(content, Link):
            return self._link(number, content, column)
        if isinstance(content, Toned):
            style = column.styles.get(content.tone)
            if style is None:
                style = column.styles[content.tone] = self._style(column.look._replace(tone=content.tone))
            return self._text(f"{column.start}{number}{style}", content.text)
        if isinstance(content, Decimal | int):
            return self._number(f"{column.start}{number}{column.style}", content)
        return self._text(f"{column.start}{number}{column.style}", content or "")

    def _text(self, start: str, text: str) -> str:
        held = text if len(text) <= _SURELY_HELD else _fitting(text)
        known = self._strings.numbers.get(held)
        return f'{start} t="s"><v>{self._strings.add(held) if known is None else known}</v></c>'

    def _number(self, start: str, number: Decimal | int) -> str:
        """A number that no cell can hold as one stands as text, so that it is seen."""
        value = float(number)
        return f"{start}><v>{value:.16G}</v></c>" if isfinite(value) else self._text(start, f"{number:g}")

    def _formula(self, number: int, formula: Formula, column: _Column) -> str:
        start = f"{column.start}{number}{column.style}"
        spelled = escape(self._addresses.resolve(formula.text, self._sheet.name, number - 1))
        if isinstance(formula.value, str):
            kind = ' t="str"' if formula.value else ""
            return f"{start}{kind}><f>{spelled}</f><v>{escape(formula.value)}</v></c>"
        return f"{start}><f>{spelled}</f><v>{float(formula.value)}</v></c>"

    def _link(self, number: int, link: Link, column: _Column) -> str:
        """The text, and what leads elsewhere from it, where the sheet has room for that."""
        links = self._worksheet.links
        if len(links) >= _MOST_LINKS or len(file_target(link.file)) + len(link.place) > _LONGEST_LINK:
            return self._text(f"{column.start}{number}{column.style}", link.text)
        style = column.styles.get(Link)
        if style is None:
            style = column.styles[Link] = self._style(column.look._replace(link=True))
        place = f"{column.start.removeprefix('<c r=')}{number}"
        links.append(f'<hyperlink ref={place}"{self._target(link)}/>')
        return self._text(f"{column.start}{number}{style}", link.text)

    def _target(self, link: Link) -> str:
        """Where a link leads; all links to one file share what leads there."""
        if link.sheet:
            place = "'{}'!{}".format(link.sheet.replace("'", "''"), link.place or "A1")
            location, shown = (escape(each, _QUOTES) for each in (place, link.text))
            return f' location="{location}" display="{shown}"'
        known = self._targets.get(link.file)
        if known is None:
            target = Url(f"external:{file_target(link.file)}")._target()  # noqa: SLF001 as XlsxWriter itself spells it
            known = self._targets[link.file] = self._worksheet.relate(target)
        anchor = f' location="{escape(link.place, _QUOTES)}"' if link.place else ""
        return f' r:id="rId{known}"{anchor}'


def _fitting(text: str) -> str:
    """As much of a text as a cell holds."""
    return text.encode("utf-16-le")[: 2 * _LONGEST_TEXT].decode("utf-16-le", errors="ignore")


@lru_cache(maxsize=4096)
def file_target(file: str) -> str:
    """A file's name as the target of a link; links of neighbouring rows lead to the same few files."""
    return "".join(each if ord(each) > _ASCII else quote(each, _LINK_SAFE) for each in file)
