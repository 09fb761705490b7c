"""Where things stand on a written sheet, and how wide columns and high rows must be to be read whole."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from jixiao.domain.cells import column_letters
from jixiao.domain.report import Formula, Kind, Link, Toned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


def column_widths(sheet: SheetSpec) -> list[int]:
    """The width of every column in characters, padding not counted: its longest text up to where it wraps."""
    return [
        min(_longest(sheet, place, _narrowest(column, filtered=sheet.filtered)), column.wrap)
        for place, column in enumerate(sheet.columns)
    ]


def _longest(sheet: SheetSpec, place: int, least: int) -> int:
    """The width of a column's longest text, at least `least`; no further than where it wraps."""
    column, longest = sheet.columns[place], least
    measured = column.kind in {Kind.TEXT, Kind.MARK, Kind.AMOUNT}
    numbers: list[Decimal] = []
    for row in chain(sheet.rows, sheet.totals):
        content = row[place]
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
    header = display_width(column.title)
    if column.kind in _NUMBER_WIDTHS:
        header = math.ceil(header / 4) * 2
    filtering = _FILTER_BUTTON if filtered else 0
    return max(header + filtering, _NUMBER_WIDTHS.get(column.kind, 0), column.least)


def padded(width: int) -> int:
    """The column width to set for a text width."""
    return width + _PADDING


def count_row_lines(row: Sequence[Content], wrapping: Iterable[tuple[int, int]]) -> int:
    """Lines that the texts of a row take; `wrapping` are the places and widths of the columns that wrap."""
    lines = 1
    for place, width in wrapping:
        content = row[place]
        if content is not None:
            text = content if content.__class__ is str else shown_text(content)
            if len(text) * 2 > width or "\n" in text:
                lines = max(lines, count_lines(text, width))
    return lines


def header_height(sheet: SheetSpec, widths: Sequence[int]) -> float:
    """The height in points that shows every header whole; two lines are usual."""
    free = _FILTER_BUTTON if sheet.filtered else 0
    lines = (
        count_lines(column.title, max(width - free, 1))
        for column, width in zip(sheet.columns, widths, strict=True)
    )
    return max(_HEADER_POINTS, line_height(max(lines)))


def count_lines(text: str, width: int) -> int:
    """Lines that a text takes in a column of `width` characters; the padding takes up uneven breaks."""
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


def total_width(widths: Iterable[int]) -> int:
    """Characters over all columns, padding included."""
    return sum(padded(width) for width in widths)


TITLE_ROW, NOTE_ROW, HEADER_ROW, FIRST_ROW = range(4)
"""Every sheet is laid out alike: title, note, header, data from the fourth row on (counted from 0)."""

_OWN_ROW = "\0"
"""Stands for the number of a formula's own row."""
_REFERENCE = re.compile(r"\[(?:(?P<sheet>[^\[\]!@:]+)!)?(?P<title>[^\[\]!@:]+)(?P<rows>:|@\d+(?::\d+)?)?\]")


class Addresses:
    """Where the columns of a workbook's sheets stand."""

    def __init__(self, sheets: Sequence[SheetSpec]) -> None:
        """Index titles by sheet."""
        self._letters = {
            sheet.name: {column.title: column_letters(place) for place, column in enumerate(sheet.columns)}
            for sheet in sheets
        }
        self._templates: dict[tuple[str, str], str] = {}
        self._last = {sheet.name: FIRST_ROW + max(len(sheet.rows), 1) for sheet in sheets}

    def resolve(self, formula: str, sheet: str, row: int) -> str:
        """A formula with addresses in place of references; `row` is its own, counted from 0.

        Raises:
            KeyError: The formula names a sheet or column that is not there, our own mistake.
        """
        template = self._templates.get((sheet, formula))
        if template is None:
            template = self._templates[sheet, formula] = self._template(formula, sheet)
        return template.replace(_OWN_ROW, str(row + 1))

    def _template(self, formula: str, sheet: str) -> str:
        """The same for any row, whose number is left open: a column has the same formula in all of them."""

        def address(match: re.Match[str]) -> str:
            target = match["sheet"] or sheet
            letters, rows = self._letters[target][match["title"]], match["rows"]
            cells = self._cells(letters, rows, target)
            return f"'{target}'!{cells}" if match["sheet"] else cells

        return _REFERENCE.sub(address, formula)

    def _cells(self, letters: str, rows: str | None, sheet: str) -> str:
        if rows is None:
            return f"{letters}{_OWN_ROW}"
        if rows == ":":
            return f"${letters}${FIRST_ROW + 1}:${letters}${self._last[sheet]}"
        return ":".join(f"{letters}${FIRST_ROW + 1 + int(at)}" for at in rows[1:].split(":"))
