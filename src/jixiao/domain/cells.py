"""A sheet as read: values, merges, formats and visibility, whatever library read the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Position = tuple[int, int]
"""(row, column), both counted from 0."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell whose stored value is a spreadsheet error such as #DIV/0!."""

    text: str


@dataclass(frozen=True, slots=True)
class UnstoredFormula:
    """A formula without a stored value: nobody knows the figure before recalculation."""

    formula: str


Value = str | Decimal | bool | date | datetime | time | timedelta | CellError | UnstoredFormula
"""What a non-blank cell holds. Numbers are exact decimals of the shortest float notation."""


def column_letters(column: int) -> str:
    """Column 0 is A, 25 Z, 26 AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class CellRef:
    """Where a figure stands: file relative to the round folder, sheet name, row and column from 0."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        """The address as the officer sees it: D12."""
        return f"{column_letters(self.column)}{self.row + 1}"


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def positions(self) -> Iterator[Position]:
        """Every position the range covers, row by row."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    `values` holds the non-blank cells only; a merged range's value stands at its top left corner.
    `formats` holds number format codes other than General, where the file format has them.
    `merged` is clipped to the used rows and columns, so that a merge of a whole column costs nothing.
    `names` holds the names defined on this sheet that stand for a text, where the file format has them.
    """

    file: str
    sheet: str
    values: Mapping[Position, Value]
    merged: tuple[Area, ...] = ()
    formats: Mapping[Position, str] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    anchors: Mapping[Position, Area] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index every merged position by its area, so that a look-up is one dictionary access."""
        anchors = {position: area for area in self.merged for position in area.positions()}
        object.__setattr__(self, "anchors", anchors)

    @property
    def height(self) -> int:
        """Number of rows up to the last that holds a value."""
        return max((row for row, _ in self.values), default=-1) + 1

    @property
    def width(self) -> int:
        """Number of columns up to the last that holds a value."""
        return max((column for _, column in self.values), default=-1) + 1

    def anchor(self, row: int, column: int) -> Position:
        """The position that holds what is shown at (row, column): a merge's top left corner, else itself."""
        area = self.anchors.get((row, column))
        return (area.top, area.left) if area else (row, column)

    def area(self, row: int, column: int) -> Area:
        """The merged range at (row, column), or the single cell."""
        return self.anchors.get((row, column)) or Area(row, column, row, column)

    def value(self, row: int, column: int) -> Value | None:
        """What is shown at (row, column), seen through merges; None where blank."""
        return self.values.get(self.anchor(row, column))

    def ref(self, row: int, column: int) -> CellRef:
        """The reference of the cell that holds what is shown at (row, column)."""
        top, left = self.anchor(row, column)
        return CellRef(self.file, self.sheet, top, left)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as read: its sheets in order and what it says about itself."""

    file: str
    sha256: str
    grids: tuple[Grid, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    """Document properties and the last-modified stamp ("modified", ISO 8601) where the format has them."""
