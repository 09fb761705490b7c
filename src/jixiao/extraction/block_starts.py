"""Where an indicator block begins whose header words are too few to tell: above the levels' usual names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.extraction.headers import Header, header_at
from jixiao.extraction.indicator_rows import level_key, usual_levels

if TYPE_CHECKING:
    from jixiao.domain.cells import Position
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.views import FormView

_FEWEST = 2
"""So many first levels have to stand below one another, so many cells in a header's row."""


def header_over_levels(table: TableLayout, view: FormView) -> Header | None:
    """The row above the first of at least two first-level names in one column; None where there are none."""
    usual, firsts = usual_levels(view.layout), set(view.layout.blank.groups)
    named = [at for at, text in view.region.texts.items() if usual.get(level_key(text)) in firsts]
    columns = [column for _, column in named]
    column = max(columns, key=columns.count, default=None)
    if column is None or columns.count(column) < _FEWEST:
        return None
    first = min(row for row, at in named if at == column)
    rows = [row for row in view.region.rows if row < first and len(_cells(row, view)) >= _FEWEST]
    if not rows:
        return None
    level1 = {"level1": (column, view.region.grid.area(first, column).right)}
    return header_at(rows[-1], table, view.region) or Header(rows[-1], rows[-1], level1)


def _cells(row: int, view: FormView) -> list[Position]:
    return [at for at in view.region.texts if at[0] == row]
