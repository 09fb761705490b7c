"""A sheet given cell by cell as it is printed: for forms that have a layout of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from jixiao.domain.cells import Area, column_letters
from tests.drawing.drawing import Cell, Drawing, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.drawing.facts import PrintedFacts, Raw

LEFT: Final = "<"
"""A cell merged with the one on its left."""
UP: Final = "^"
"""A cell merged with the one above it."""
_SHORT = 12
"""Characters of a label; what is longer is read from the left."""

Rows = list[list["Raw"]]


def draw_printed(facts: PrintedFacts) -> Drawing:
    """Lay the rows out, a row shorter than the sheet merged to its end; a cell's role is its address."""
    width = len(facts.widths)
    rows: Rows = [[*row, *[LEFT] * (width - len(row))] for row in facts.rows]
    areas = tuple(_areas(rows))
    cells = {
        (top, left): _cell(raw, facts.headings[top] if top < len(facts.headings) else _style(raw, row))
        for top, row in enumerate(rows)
        for left, raw in enumerate(row)
    }
    return Drawing(
        facts.sheet,
        cells,
        areas,
        dict(enumerate(facts.widths)),
        {f"{column_letters(column)}{row + 1}": (row, column) for row, column in cells},
        facts.hidden,
    )


def _areas(rows: Sequence[Sequence[Raw]]) -> Iterator[Area]:
    for top, row in enumerate(rows):
        for left, raw in enumerate(row):
            if raw in {LEFT, UP}:
                continue
            right = left + _run(row[left + 1 :], LEFT)
            bottom = top + _run([below[left] for below in rows[top + 1 :]], UP)
            if (top, left) != (bottom, right):
                yield Area(top, left, bottom, right)


def _run(raws: Sequence[Raw], mark: str) -> int:
    """How many of the next cells carry the mark without a break."""
    return next((count for count, raw in enumerate(raws) if raw != mark), len(raws))


def _cell(raw: Raw, style: str) -> Cell:
    value, number_format = typed("" if raw in {LEFT, UP} else raw)
    if isinstance(raw, Decimal):
        number_format = "#,##0.00"
    return Cell(value, style, number_format)


def _style(raw: Raw, row: Sequence[Raw]) -> str:
    """A row of one text is a heading between tables; figures and short words are centred."""
    if all(each == LEFT for each in row[1:]):
        return "note"
    if not isinstance(raw, str):
        return "figure"
    return "label" if len(raw) <= _SHORT else "text"
