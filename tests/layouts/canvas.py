"""A sheet being drawn: cells with number formats, merges, and the role that each cell plays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, Grid, column_letters

if TYPE_CHECKING:
    from random import Random

    from jixiao.domain.cells import Position, Value

Typed = tuple["Value | None", str]
"""What stands in a cell, and its number format."""


@dataclass(slots=True)
class Canvas:
    """One sheet; rows and columns from 0. Roles name the cells that faults are put into."""

    sheet: str = "Sheet1"
    file: str = "自评表.xlsx"
    cells: dict[Position, Typed] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    roles: dict[str, Position] = field(default_factory=dict)
    floor: int = 0

    @property
    def height(self) -> int:
        """The first row that is free."""
        rows = [row for row, _ in self.cells] + [area.bottom for area in self.areas]
        return max(max(rows, default=-1) + 1, self.floor)

    def skip(self) -> None:
        """Leave a row blank."""
        self.floor = self.height + 1

    def put(
        self,
        at: Position,
        typed: Typed | str,
        *,
        right: int | None = None,
        bottom: int | None = None,
        role: str = "",
    ) -> None:
        """Print into a cell, merged up to a further column or row where these are given."""
        row, left = at
        value, number_format = (typed, "") if isinstance(typed, str) else typed
        if at in self.cells:
            raise ValueError(f"{at} is taken")
        self.cells[at] = (value or None if isinstance(value, str) else value, number_format)
        area = Area(row, left, row if bottom is None else bottom, left if right is None else right)
        if (area.top, area.left) != (area.bottom, area.right):
            self.areas.append(area)
        if role:
            self.roles[role] = at

    def address(self, role: str) -> str:
        """The A1 address of a role's cell."""
        row, column = self.roles[role]
        return f"{column_letters(column)}{row + 1}"

    def value(self, role: str) -> Value | None:
        return self.cells[self.roles[role]][0]

    def type_into(self, role: str, value: Value | None, number_format: str | None = None) -> None:
        """Change one cell; its number format stays unless given."""
        at = self.roles[role]
        self.cells[at] = (value, self.cells[at][1] if number_format is None else number_format)

    def drop_row(self, row: int) -> None:
        """Delete a row as a spreadsheet does: what is below moves up, merges over it shrink."""

        def up(line: int) -> int:
            return line - 1 if line > row else line

        keep = {at: cell for at, cell in self.cells.items() if at[0] != row}
        for area in self.areas:  # a merge that begins in the row keeps its text
            if area.top == row < area.bottom:
                keep[row + 1, area.left] = self.cells[row, area.left]
        self.cells = {(up(at[0]), at[1]): cell for at, cell in keep.items()}
        self.areas = [
            Area(
                up(area.top) if area.top != row else row,
                area.left,
                area.bottom - (area.bottom >= row),
                area.right,
            )
            for area in self.areas
            if (area.top, area.bottom) != (row, row)
        ]
        self.areas = [each for each in self.areas if (each.top, each.left) != (each.bottom, each.right)]
        self.roles = {role: (up(at[0]), at[1]) for role, at in self.roles.items() if at[0] != row}

    def shifted(self, down: int, across: int) -> None:
        """Move everything down and to the right."""
        self.floor += down
        self.cells = {(row + down, column + across): cell for (row, column), cell in self.cells.items()}
        self.roles = {role: (row + down, column + across) for role, (row, column) in self.roles.items()}
        self.areas = [
            Area(each.top + down, each.left + across, each.bottom + down, each.right + across)
            for each in self.areas
        ]

    def take(self, other: Canvas) -> None:
        """Add what stands on another canvas; its roles are not taken."""
        self.cells |= other.cells
        self.areas += other.areas

    def grid(self) -> Grid:
        """The sheet as a reader delivers it."""
        return Grid(
            file=self.file,
            sheet=self.sheet,
            values={at: value for at, (value, _) in self.cells.items() if value is not None},
            merged=tuple(self.areas),
            formats={at: code for at, (value, code) in self.cells.items() if code and value is not None},
        )


def spread(count: int, width: int, rng: Random | None, widest: int = 0) -> list[tuple[int, int]]:
    """So many columns over a width: (left, right) of each; what is left over goes to one, or by chance."""
    widths = [1] * count
    for _ in range(width - count):
        widths[widest if rng is None else rng.randrange(count)] += 1
    spans: list[tuple[int, int]] = []
    left = 0
    for each in widths:
        spans.append((left, left + each - 1))
        left += each
    return spans
