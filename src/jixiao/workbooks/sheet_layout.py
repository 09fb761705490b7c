"""Where things stand on a written sheet, and how wide columns and high rows must be to be read whole."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from jixiao.domain.cells import column_letters
from jixiao.domain.report import Formula, Kind, Link, Toned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.domain.report import ColumnSpec, Content, SheetSpec

_PADDING, _FILTER_BUTTON = 3, 3
_NUMBER_WIDTHS = {Kind.SCORE: 6, Kind.RATE: 9, Kind.COUNT: 4, Kind.AMOUNT: 10}
A4, A3 = 9, 8
_WIDEST = {A4: 185, A3: 265}
"""Characters across a landscape page at 8 points or more; the sheets are set in 10."""
ROW_POINTS = 18.0
"""The height of a row with one line."""
_LINE_POINTS, _HIGHEST, _HEADER_POINTS = 13.5, 409.0, 34.0


@lru_cache(maxsize=65536)
def display_width(text: str) -> int:
    """Characters a text takes in its longest line, a Chinese one counting two.

    >>> display_width("执行率 95%")
    10
    """
    if "\n" in text:
        return max(display_width(line) for line in text.split("\n"))
    return len(text) if text.isascii() else len(text.encode("gbk", errors="replace"))


def shown_text(content: Content) -> str:
    """The text of a cell as far as its width matters; numbers of fixed width give none."""
    if isinstance(content, Toned | Link):
        return content.text
    value = content.value if isinstance(content, Formula) else content
    if isinstance(value, str):
        return value
    return f"{value:,.2f}" if isinstance(value, Decimal) else ""


def column_widths(sheet: SheetSpec, longest: Iterable[Sequence[int]] = ()) -> list[int]:
    """The width of every column in characters, padding not counted: its longest text up to where it wraps.

    `longest` are the `longest_texts` of rows that stand on it besides its own.
    """
    return widths_of(sheet, [longest_texts(sheet, chain(sheet.rows, sheet.totals)), *longest])


def widths_of(sheet: SheetSpec, longest: Iterable[Sequence[int]]) -> list[int]:
    """The same where `longest` are the longest texts of all its rows."""
    least = [_narrowest(column, filtered=sheet.filtered) for column in sheet.columns]
    widest = map(max, zip(least, *longest, strict=True))
    return [min(width, column.wrap) for width, column in zip(widest, sheet.columns, strict=True)]


def longest_texts(sheet: SheetSpec, rows: Iterable[Sequence[Content]]) -> tuple[int, ...]:
    """The width of the longest text of every column in these rows; no further than where it wraps."""
    columns = zip(*rows, strict=True)
    found = (_longest(contents, column) for contents, column in zip(columns, sheet.columns, strict=False))
    return tuple(found) or (0,) * len(sheet.columns)


def _longest(contents: Sequence[Content], column: ColumnSpec) -> int:
    longest = 0
    measured = column.kind in {Kind.TEXT, Kind.MARK, Kind.AMOUNT}
    numbers: list[Decimal] = []
    for content in contents:
        if content.__class__ is Decimal:
            numbers.append(content)
        elif content is not None and (measured or isinstance(content, str | Toned)):
            text = content if content.__class__ is str else shown_text(content)
            if len(text) * 2 > longest and (width := display_width(text)) > longest:
                longest = width
                if longest >= column.wrap:
                    break
    widest = (min(numbers), max(numbers)) if numbers and measured else ()
    return max((longest, *(display_width(shown_text(number)) for number in widest)))


def _narrowest(column: ColumnSpec, *, filtered: bool) -> int:
    """Room for the header, which takes two lines above numbers, and for usual numbers."""
    header = display_width(column.header)
    if column.kind in _NUMBER_WIDTHS:
        header = math.ceil(header / 4) * 2
    filtering = _FILTER_BUTTON if filtered else 0
    return max(header + filtering, _NUMBER_WIDTHS.get(column.kind, 0), column.least)


def padded(width: int) -> int:
    """The column width to set for a text width."""
    return width + _PADDING


def row_lines(
    columns: Sequence[Sequence[Content]], wrapping: Iterable[tuple[int, int]], count: int
) -> list[int]:
    """Lines that the texts of each row take; `wrapping` are place and width of the columns that wrap."""
    lines = [1] * count
    for place, width in wrapping:
        for row, content in enumerate(columns[place] if columns else ()):
            if content is not None:
                text = content if content.__class__ is str else shown_text(content)
                if len(text) * 2 > width or "\n" in text:
                    lines[row] = max(lines[row], count_lines(text, width))
    return lines


def header_height(sheet: SheetSpec, widths: Sequence[int]) -> float:
    """The height in points that shows every header whole; two lines are usual."""
    free = _FILTER_BUTTON if sheet.filtered else 0
    lines = (
        count_lines(column.header, max(width - free, 1))
        for column, width in zip(sheet.columns, widths, strict=True)
    )
    return max(_HEADER_POINTS, line_height(max(lines)))


def count_lines(text: str, width: int) -> int:
    """Lines that a text takes in a column of `width` characters; the padding takes up uneven breaks."""
    if "\n" not in text:
        return _wrapped(text, width)
    return sum(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> int:
    taken = display_width(line)
    return 1 if taken <= width else math.ceil(taken / width)


def line_height(lines: int) -> float:
    """Points for so many lines, at most what a sheet allows."""
    return min(ROW_POINTS + (lines - 1) * _LINE_POINTS, _HIGHEST)


def paper_of(sheet: SheetSpec, widths: Sequence[int]) -> tuple[int, int]:
    """On which paper a sheet is printed and how many pages wide: none of its text below 8 points.

    Folded columns are not printed. The columns that stay in sight are repeated on every page.
    """
    printed = [width for width, column in zip(widths, sheet.columns, strict=True) if not column.folded]
    whole = total_width(printed)
    paper = A4 if whole <= _WIDEST[A4] or sheet.single_page else A3
    repeated = total_width(printed[: sheet.fixed])
    if sheet.single_page or whole <= _WIDEST[paper] or repeated * 2 > _WIDEST[paper]:
        return paper, 1
    return paper, math.ceil((whole - repeated) / (_WIDEST[paper] - repeated))


_PAGE_PIXELS, _PAGE_POINTS = {A4: 1045, A3: 1511}, {A4: 498.0, A3: 744.0}
"""What a landscape page holds at its full size, within the margins that sheets have."""
_PIXELS_A_CHARACTER, _PIXELS_A_COLUMN = 7, 5
_SPARE = 0.95
"""Programs differ by so much in how they print; where one makes columns wider, its pages hold more rows."""
_SMALLEST_SCALE = 0.8
_MOST_WASTE = 1 / 3
"""Of a page that may stay empty for the rows of a department to stand together."""
MOST_BREAKS = 1_000
"""The format allows 1,026 a sheet; what comes after so many pages is broken where pages end."""


def room_of(sheet: SheetSpec, widths: Sequence[int], paper: int, wide: int) -> float:
    """Points of rows that a page surely holds, fitted in its width, besides the header repeated on it."""
    scale = _SMALLEST_SCALE
    if wide == 1:
        printed = [width for width, column in zip(widths, sheet.columns, strict=True) if not column.folded]
        pixels = total_width(printed) * _PIXELS_A_CHARACTER + len(printed) * _PIXELS_A_COLUMN
        scale = min(_PAGE_PIXELS[paper] / pixels, 1)
    return _PAGE_POINTS[paper] * _SPARE / scale - header_height(sheet, widths)


class Pages:
    """Where a page ends early, so that a department's rows stand on one page.

    It does where they would be split, one page holds them, and little of it stays empty; elsewhere pages end
    where they are full. A program that leaves such breaks out on sheets fitted to a width (Excel's
    documentation says so) prints as if there were none.
    """

    def __init__(self, first: float, room: float) -> None:
        """`first` are the points of rows that the first page holds, `room` those of every other."""
        self._left, self._room = first, room
        self.breaks: list[int] = []
        """The rows, counted from 1, after which a page ends."""

    def add(self, number: int, heights: Sequence[float]) -> None:
        """A department's rows follow, the first of them of that number."""
        split = self._left < sum(heights) <= self._room
        if split and self._left < self._room * _MOST_WASTE and len(self.breaks) < MOST_BREAKS:
            self.breaks.append(number - 1)
            self._left = self._room
        for height in heights:
            if height > self._left:
                self._left = self._room
            self._left -= height


def total_width(widths: Iterable[int]) -> int:
    """Characters over all columns, padding included."""
    return sum(padded(width) for width in widths)


TITLE_ROW, NOTE_ROW, HEADER_ROW, FIRST_ROW = range(4)
"""Every sheet is laid out alike: title, note, header, data from the fourth row on (counted from 0)."""

_REFERENCE = re.compile(r"\[(?:(?P<sheet>[^\[\]!@:]+)!)?(?P<title>[^\[\]!@:]+)(?P<rows>:|@\d+(?::\d+)?)?\]")
OWN_ROW, LAST_ROW, PART_ROW = "n", "L", "@"
"""What a spelled row leaves open, as `%(n)s`: its number; the last data row of its sheet, L, or of another,
L: with its name in hexadecimal; the number of a row of its part, @3."""


class Addresses:
    """Where the columns of a workbook's sheets stand; `counts` are the data rows of sheets that hold none."""

    def __init__(self, sheets: Sequence[SheetSpec], counts: Mapping[str, int] = MappingProxyType({})) -> None:
        """Index titles by sheet."""
        self._letters = {
            sheet.name: {column.title: column_letters(place) for place, column in enumerate(sheet.columns)}
            for sheet in sheets
        }
        self._templates: dict[tuple[str, str], str] = {}
        self._shown = {sheet.name: sheet.shown for sheet in sheets}
        rows = {sheet.name: counts.get(sheet.name, len(sheet.rows)) for sheet in sheets}
        self._last = {name: str(FIRST_ROW + max(count, 1)) for name, count in rows.items()}

    def fillings(self, sheet: str) -> dict[str, str]:
        """What of a formula on a sheet is the same in all of its rows."""
        rows = {_last_of(name): last for name, last in self._last.items()}
        return {**rows, LAST_ROW: self._last.get(sheet, "")}

    def resolve(self, formula: str, sheet: str, row: int) -> str:
        """A formula with addresses in place of references; `row` is its own, counted from 0.

        Raises:
            KeyError: The formula names a sheet or column that is not there, our own mistake.
        """
        parts = {f"{PART_ROW}{each}": str(FIRST_ROW + 1 + int(each)) for each in _PART_ROWS.findall(formula)}
        fillings = {**self.fillings(sheet), **parts, OWN_ROW: str(row + 1)}
        return self.template(formula, sheet) % fillings

    def template(self, formula: str, sheet: str) -> str:
        """A formula with addresses in which rows are left open: a column has the same formula in all of them.

        Raises:
            KeyError: as for `resolve`.
        """
        template = self._templates.get((sheet, formula))
        if template is None:
            template = self._templates[sheet, formula] = self._template(formula, sheet)
        return template

    def _template(self, formula: str, sheet: str) -> str:
        def address(match: re.Match[str]) -> str:
            target = match["sheet"] or sheet
            letters, rows = self._letters[target][match["title"].replace("%%", "%")], match["rows"]
            cells = _cells(letters, rows, LAST_ROW if target == sheet else _last_of(target))
            return f"'{self._shown[target]}'!{cells}" if match["sheet"] else cells

        return _REFERENCE.sub(address, formula.replace("%", "%%"))


_PART_ROWS = re.compile(r"(?:@|(?<=\d):)(\d+)")


def _last_of(sheet: str) -> str:
    return f"{LAST_ROW}:{sheet.encode().hex()}"


def _cells(letters: str, rows: str | None, last: str) -> str:
    if rows is None:
        return f"{letters}%({OWN_ROW})s"
    if rows == ":":
        return f"${letters}${FIRST_ROW + 1}:${letters}$%({last})s"
    return ":".join(f"{letters}$%({PART_ROW}{at})s" for at in rows[1:].split(":"))
