"""A sheet as read: values, merges, formats and visibility, whatever library read the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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


_ARCHIVED = re.compile(r"(.*?\.zip)/(.+)", re.IGNORECASE | re.DOTALL)


def archived(file: str) -> tuple[str, str]:
    """A file's name as that of the archive and of what is in it; of one in no archive, itself and "".

    >>> archived("农业局/材料.zip/表/甲.xlsx")
    ('农业局/材料.zip', '表/甲.xlsx')
    """
    found = _ARCHIVED.fullmatch(file)
    return (found[1], found[2]) if found else (file, "")


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Column 0 is A, 25 Z, 26 AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def position_of(a1: str) -> Position | None:
    """Where an address such as D12 lies; None for anything else.

    >>> position_of("AA3")
    (2, 26)
    """
    letters = a1.rstrip("0123456789")
    digits = a1[len(letters) :]
    if not digits or not letters.isascii() or not letters.isalpha() or not letters.isupper():
        return None
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1


def compact_cells(addresses: Iterable[str]) -> str:
    """Cells of one sheet as few ranges, column by column: A1:B3、D5; what is no address stands as it is.

    >>> compact_cells(["B2", "A1", "A2", "B1", "D5"])
    'A1:B2、D5'
    """
    known = {address: position_of(address) for address in addresses if address}
    others = [address for address, at in known.items() if not at]
    return say("、").join([*compact_positions(filter(None, known.values())), *others])


def compact_positions(positions: Iterable[Position]) -> list[str]:
    """The same for positions, a text for each range."""
    distinct = dict.fromkeys(positions)
    if len(distinct) == 1:  # nearly always
        ((row, column),) = distinct
        return [_range_text(column, row, column, row)]
    rows: dict[int, list[int]] = {}
    for row, column in distinct:
        rows.setdefault(column, []).append(row)
    blocks: dict[tuple[int, int], list[list[int]]] = {}
    for column in sorted(rows):
        for run in _runs(sorted(rows[column])):
            spans = blocks.setdefault(run, [])
            if spans and spans[-1][1] == column - 1:
                spans[-1][1] = column
            else:
                spans.append([column, column])
    found = ((left, top, right, bottom) for (top, bottom), spans in blocks.items() for left, right in spans)
    return [_range_text(*each) for each in sorted(found)]


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring rows together, as first and last."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = runs[-1][0], row
        else:
            runs.append((row, row))
    return runs


def _range_text(left: int, top: int, right: int, bottom: int) -> str:
    first, last = f"{column_letters(left)}{top + 1}", f"{column_letters(right)}{bottom + 1}"
    return first if first == last else f"{first}:{last}"


class CellRef(NamedTuple):
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
        return product(range(self.top, self.bottom + 1), range(self.left, self.right + 1))


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    `values` holds the non-blank cells only; a merged range's value stands at its top left corner.
    `formats` holds number format codes other than General, where the file format has them.
    `merged` is clipped to the used rows and columns, so that a merge of a whole column costs nothing.
    `names` holds the names defined on this sheet that stand for a text, where the file format has them;
    `formulas` the positions of formulas, None where the file format does not tell.
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
    formulas: frozenset[Position] | None = field(default=None, compare=False)
    anchors: Mapping[Position, Area] = field(init=False, repr=False, compare=False)
    corners: Mapping[Position, Position] = field(init=False, repr=False, compare=False)
    """By merged position the one that holds its value."""
    height: int = field(init=False, repr=False, compare=False)
    """Number of rows up to the last that holds a value."""
    width: int = field(init=False, repr=False, compare=False)
    """Number of columns up to the last that holds a value."""

    def __post_init__(self) -> None:
        """Index merged positions by their area and measure the sheet: both are asked for all the time."""
        anchors: dict[Position, Area] = {}
        corners: dict[Position, Position] = {}
        for area in self.merged:
            covered = tuple(area.positions())
            anchors |= dict.fromkeys(covered, area)
            corners |= dict.fromkeys(covered, (area.top, area.left))
        object.__setattr__(self, "anchors", anchors)
        object.__setattr__(self, "corners", corners)
        object.__setattr__(self, "height", max(self.values, default=(-1, -1))[0] + 1)
        object.__setattr__(self, "width", max(map(itemgetter(1), self.values), default=-1) + 1)

    def anchor(self, row: int, column: int) -> Position:
        """The position that holds what is shown at (row, column): a merge's top left corner, else itself."""
        return self.corners.get((row, column)) or (row, column)

    def area(self, row: int, column: int) -> Area:
        """The merged range at (row, column), or the single cell."""
        return self.anchors.get((row, column)) or Area(row, column, row, column)

    def value(self, row: int, column: int) -> Value | None:
        """What is shown at (row, column), seen through merges; None where blank."""
        # Not through `anchor`: asked for hundreds of times a cell.
        return self.values.get(self.corners.get((row, column)) or (row, column))

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
