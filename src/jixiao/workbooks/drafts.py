"""A sheet while it is being read, whatever the format: collects, then gives a Grid within sane limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, Grid
from jixiao.language import say
from jixiao.workbooks.refusals import damaged, too_large

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jixiao.domain.cells import Position, Value

MAX_SHEETS = 500
"""Sheets of a workbook; one with the forms of sixty departments has some four hundred."""
MAX_VALUES = 500_000
"""Non-blank cells of a whole workbook; the largest real submissions seen have some thousands."""
MAX_CHARACTERS = 10_000_000
"""Characters of all its texts together: a text that is stored once may be shown in every cell."""
MAX_TEXT = 100_000
"""Characters of one cell; Excel and WPS allow 32,767."""
MAX_MERGED_POSITIONS = 250_000
"""Positions that all merges of a workbook may cover inside the used rows and columns."""
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAX_NAMES = 1000
_QUOTE = '"'


@dataclass(slots=True)
class Room:
    """What a workbook may still hold; all its sheets draw on it."""

    sheets: int = MAX_SHEETS
    values: int = MAX_VALUES
    characters: int = MAX_CHARACTERS
    merged: int = MAX_MERGED_POSITIONS

    def take_sheet(self) -> None:
        """Make room for another sheet.

        Raises:
            RefusalError: there are too many.
        """
        self.sheets -= 1
        if self.sheets < 0:
            raise too_large(
                say("{max_sheets} 张以上工作表", max_sheets=MAX_SHEETS),
                say("{max_sheets} 张工作表", max_sheets=MAX_SHEETS),
            )

    def take(self, value: Value) -> None:
        """Make room for another value.

        Raises:
            RefusalError: there are too many, or their texts are too long.
        """
        self.values -= 1
        if self.values < 0:
            raise too_large(
                say("{max_values} 个以上非空单元格", max_values=MAX_VALUES),
                say("{max_values} 个非空单元格", max_values=MAX_VALUES),
            )
        if isinstance(value, str):
            self.characters -= len(value)
            if len(value) > MAX_TEXT or self.characters < 0:
                raise too_large(
                    say("文字过长"),
                    say(
                        "一格 {max_text} 字、全部 {max_characters} 字",
                        max_text=MAX_TEXT,
                        max_characters=MAX_CHARACTERS,
                    ),
                )


@dataclass(slots=True)
class Draft:
    """What has been read of one sheet."""

    room: Room = field(default_factory=Room)
    values: dict[Position, Value] = field(default_factory=dict)
    formats: dict[Position, str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    formulas: set[Position] | None = None
    """The cells that hold a formula; None where the format does not tell."""

    def put(self, row: int, column: int, value: Value | None, code: str = "") -> None:
        """Keep a value with its format code; blanks ("" and None) are not kept.

        Raises:
            RefusalError: the position lies outside any sheet, or the workbook holds too many values.
        """
        if value is None or (value.__class__ is str and not value):
            return
        if not (0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS):
            raise damaged(say("单元格位置超出工作表范围"))
        self.room.take(value)
        self.values[row, column] = value
        if code:
            self.formats[row, column] = code

    def merge(self, area: Area) -> None:
        """Keep a merged range.

        Raises:
            RefusalError: more merges than any form has.
        """
        if len(self.merged) >= MAX_MERGED_POSITIONS:
            raise too_large(
                say("{max_merged_positions} 个以上合并区域", max_merged_positions=MAX_MERGED_POSITIONS),
                say("{max_merged_positions} 个合并区域", max_merged_positions=MAX_MERGED_POSITIONS),
            )
        self.merged.append(area)

    def grid(self, file: str, sheet: str, *, hidden: bool) -> Grid:
        """The finished sheet: everything clipped to the rows and columns that hold values.

        What stands under a merge but not at its top left corner is not shown by any program and left out.
        """
        self.merged.sort(key=attrgetter("top", "left"))
        height, width = self._extent()
        held = len(self.values)
        merged = tuple(_clip(self.merged, height, width, self.room.merged))
        for area in merged:
            self._uncover(area)
        if len(self.values) < held:
            height, width = self._extent()
            merged = tuple(_clip(self.merged, height, width, self.room.merged))
        self.room.merged -= sum(map(_size, merged))
        return Grid(
            file=file,
            sheet=sheet,
            values=self.values,
            merged=merged,
            formats=self.formats,
            hidden=hidden,
            hidden_rows=_within(self.hidden_rows, height),
            hidden_columns=_within(self.hidden_columns, width),
            names=self.names,
            formulas=None if self.formulas is None else frozenset(self.formulas),
        )

    def name(self, name: str, formula: str) -> None:
        """Keep a name that is defined on the sheet, if what it stands for is a text: a formula in quotes."""
        quoted = len(formula) > 1 and formula[0] == formula[-1] == _QUOTE
        if quoted and len(self.names) < MAX_NAMES:
            self.names[name] = formula[1:-1].replace(_QUOTE * 2, _QUOTE)

    def _extent(self) -> tuple[int, int]:
        """Rows and columns up to the last that holds a value."""
        height = max(self.values, default=(-1, -1))[0] + 1
        width = max(map(itemgetter(1), self.values), default=-1) + 1
        return height, width

    def _uncover(self, area: Area) -> None:
        covered = [position for position in area.positions() if position in self.values]
        for position in covered:
            if position != (area.top, area.left):
                del self.values[position]
                self.formats.pop(position, None)


def _size(area: Area) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def _clip(merged: Iterable[Area], height: int, width: int, room: int) -> Iterator[Area]:
    """The merges inside the used rows and columns, as long as together they cover at most `room` cells."""
    for area in merged:
        bottom, right = min(area.bottom, height - 1), min(area.right, width - 1)
        rows, columns = bottom - area.top + 1, right - area.left + 1
        if rows < 1 or columns < 1 or not 1 < rows * columns <= room:
            continue
        room -= rows * columns
        whole = (bottom, right) == (area.bottom, area.right)
        yield area if whole else Area(area.top, area.left, bottom, right)


def _within(ranges: Iterable[range], limit: int) -> frozenset[int]:
    """The members of the ranges below `limit`."""
    return frozenset(index for span in ranges for index in range(span.start, min(span.stop, limit)))
