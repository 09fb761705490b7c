"""A sheet as drawn: cells with their style, merges, and the role that each cell plays in the form."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, CellError, Grid, Value, column_letters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Position
    from tests.drawing.facts import Raw

LINE_HEIGHT = 13.5
"""Points that one line of 10-point text takes."""
LOWEST_ROW = 22.0
"""Points, for a row of one line."""
HIGHEST_ROW = 409.0
"""Points; spreadsheet programs know no higher row."""

_PERCENTAGE = re.compile(r"-?\d+(?:\.(\d+))?%")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell holds and how it looks; `formula` has `value` as its stored result."""

    value: Value | None
    style: str
    number_format: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One sheet. `roles` says where a part of the form stands; `widths` are in characters."""

    sheet: str
    cells: Mapping[Position, Cell]
    areas: tuple[Area, ...]
    widths: Mapping[int, float]
    roles: Mapping[str, Position] = field(default_factory=dict)
    hidden: bool = False

    def address(self, role: str) -> str:
        """The A1 address of a role's cell."""
        row, column = self.roles[role]
        return f"{column_letters(column)}{row + 1}"

    def with_value(self, role: str, value: Value | None, number_format: str | None = None) -> Drawing:
        """A copy in which one cell holds something else; its number format stays unless given."""
        position = self.roles[role]
        old = self.cells[position]
        form = old.number_format if number_format is None else number_format
        return replace(self, cells={**self.cells, position: Cell(value, old.style, form)})

    def grid(self, file: str) -> Grid:
        """The sheet as a reader is to deliver it."""
        return Grid(
            file=file,
            sheet=self.sheet,
            values={at: cell.value for at, cell in self.cells.items() if cell.value is not None},
            merged=self.areas,
            formats={at: cell.number_format for at, cell in self.cells.items() if cell.number_format},
            hidden=self.hidden,
        )

    def heights(self) -> dict[int, float]:
        """The height of every drawn row, by the lines that its longest text takes."""
        areas = {(area.top, area.left): area for area in self.areas}
        lines = dict.fromkeys((row for row, _ in self.cells), 1)
        for (row, column), cell in self.cells.items():
            area = areas.get((row, column), Area(row, column, row, column))
            if isinstance(cell.value, str) and area.top == area.bottom:
                width = sum(self.widths.get(c, 8.0) for c in range(area.left, area.right + 1))
                lines[row] = max(lines[row], _lines(cell.value, width))
        return {row: min(HIGHEST_ROW, LOWEST_ROW + (count - 1) * LINE_HEIGHT) for row, count in lines.items()}


def typed(raw: Raw) -> tuple[Value | None, str]:
    """What a cell holds, and its number format, after this was typed into it.

    As in Excel: `9.86%` becomes a fraction with a percent format, an apostrophe in front keeps text as text,
    `#DIV/0!` is an error and "" nothing. An equals sign is a comparator here, not a formula.

    >>> typed("9.86%")
    (Decimal('0.0986'), '0.00%')
    """
    if not isinstance(raw, str):
        return Decimal(raw), ""
    if raw.startswith("'"):
        return raw[1:], ""
    if match := _PERCENTAGE.fullmatch(raw):
        places = len(match[1] or "")
        return Decimal(raw[:-1]).scaleb(-2), "0%" if places == 0 else f"0.{'0' * places}%"
    if raw.startswith("#"):
        return CellError(raw), ""
    return raw or None, ""


def _lines(text: str, width: float) -> int:
    """How many lines a text needs in a column of that width, a wide character counting two."""
    return sum(max(1, math.ceil(_display_width(line) / max(1.0, width - 1))) for line in text.split("\n"))


def _display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
