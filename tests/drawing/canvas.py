"""A sheet being drawn: where each column of the form stands, and the next free row."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, Position
from tests.drawing.drawing import Cell, Drawing, typed

if TYPE_CHECKING:
    from tests.drawing.facts import FormFacts, Layout, Raw

WIDTHS = {"vertical": 7, "level1": 14, "level2": 14, "level3": 24, "target": 12, "actual": 13}
WIDTHS |= {"weight": 7, "self_score": 9, "reason": 20}
TARGET_WIDTHS = (5, 8, 6)

AMOUNT = "#,##0.00"


class Canvas:
    """A sheet being drawn: the next free row, and where each column of the form stands."""

    def __init__(self, facts: FormFacts) -> None:
        """Start above the form's first row, as far down as the department does."""
        self.facts = facts
        self.layout: Layout = facts.layout
        self.row = self.layout.rows_before
        self.cells: dict[Position, Cell] = {}
        self.areas: list[Area] = []
        self.roles: dict[str, Position] = {}
        self.widths: dict[int, float] = {}
        self.slots = self._slots()
        self.first = next(iter(self.slots))

    def _slots(self) -> dict[str, tuple[int, int]]:
        """First and last column of each column of the form."""
        slots: dict[str, tuple[int, int]] = {}
        column = self.layout.columns_before
        for name, width in WIDTHS.items():
            if name == "vertical" and not self.layout.vertical_label:
                continue
            split = name == "target" and self.layout.target_cells != "one"
            widths = TARGET_WIDTHS if split else (width,)
            slots[name] = (column, column + len(widths) - 1)
            self.widths.update(enumerate(widths, start=column))
            column += len(widths)
        return slots

    def put(self, role: str, span: tuple[str, str], cell: Cell, *, row: int | None = None) -> None:
        """Draw a cell from one column of the form to another, merged where it covers several."""
        self.put_at(role, (self.slots[span[0]][0], self.slots[span[1]][1]), cell, row=row)

    def put_at(self, role: str, columns: tuple[int, int], cell: Cell, *, row: int | None = None) -> None:
        """The same by column numbers."""
        top = self.row if row is None else row
        self._fill(Area(top, columns[0], top, columns[1]), cell)
        if columns[0] != columns[1]:
            self.areas.append(Area(top, columns[0], top, columns[1]))
        self.roles[role] = (top, columns[0])

    def put_tall(self, role: str, span: tuple[str, str], text: str, top: int, bottom: int) -> None:
        """Draw a label over several rows in the way this department does it."""
        area = Area(top, self.slots[span[0]][0], bottom, self.slots[span[1]][1])
        self.roles.setdefault(role, (top, area.left))
        if self.layout.labels == "merged":
            self._fill(area, Cell(text, "label"))
            if (area.top, area.left) != (area.bottom, area.right):
                self.areas.append(area)
            return
        for row in range(top, bottom + 1):
            shown = text if row == top or self.layout.labels == "repeated" else None
            self._fill(Area(row, area.left, row, area.right), Cell(shown, "label"))
            if area.left != area.right:
                self.areas.append(Area(row, area.left, row, area.right))

    def _fill(self, area: Area, cell: Cell) -> None:
        for position in area.positions():
            self.cells[position] = Cell(None, cell.style)
        self.cells[area.top, area.left] = cell

    def drawing(self) -> Drawing:
        """The finished sheet."""
        facts = self.facts
        return Drawing(facts.sheet, self.cells, tuple(self.areas), self.widths, self.roles, facts.hidden)


def figure(layout: Layout, raw: Raw, name: str) -> Cell:
    """A cell as typed; amounts with two decimals, percentages in the department's way."""
    value, number_format = typed(raw)
    if number_format and layout.percent != "format" and isinstance(raw, str):
        value, number_format = (raw if layout.percent == "text" else Decimal(raw[:-1])), ""
    if name in {"initial_budget", "annual_budget", "executed"} and isinstance(value, Decimal):
        number_format = AMOUNT
    return Cell(value, "figure", number_format)
