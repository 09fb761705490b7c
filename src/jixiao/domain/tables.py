"""A tidy table: named columns, typed cells, None for what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

Cell = Decimal | str | int | None
"""Amounts in 万元, rates in percent points, scores in points; None means not known, never zero."""

Row = tuple[Cell, ...]
"""One value for each column of its table, in their order."""


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables in `data/`: its file's name without ending, columns and rows in a fixed order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, name: str) -> list[Cell]:
        """All values of one column."""
        position = self.columns.index(name)
        return [row[position] for row in self.rows]
