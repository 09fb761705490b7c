"""How wide the columns of a blank form are, and which of them each cell of a line covers."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from jixiao.domain.forms import TableKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.forms import ColumnLayout, TableLayout

Span = tuple[int, int]
"""First and last column of a cell, both included."""

CAPTION, ROW_NAME, FIELD_LABEL = 9, 22, 17
"""Characters wanted for a caption at the left, for the name of a row, for the label of a field."""
FEWEST = (14, 20, 14, 20)
"""The columns of a form without tables."""
_BY_KIND = {
    ValueKind.TEXT: 14,
    ValueKind.AMOUNT: 13,
    ValueKind.PERCENT: 10,
    ValueKind.SCORE: 8,
    ValueKind.NUMBER: 10,
    ValueKind.YEAR: 8,
}
_BY_NAME = {
    "level1": 12,
    "level2": 13,
    "level3": 28,
    "item": 26,
    "reason": 24,
    "operator": 7,
    "unit": 8,
    "standard": 36,
}
_WIDEST_HEADER = 16


def width_of_text(text: str) -> int:
    """Characters that the longest line of a text takes, a wide one counting two."""
    lines = text.split("\n")
    return max(
        sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in line) for line in lines
    )


def column_width(column: ColumnLayout) -> int:
    """Characters that a column wants: enough for what it holds and for its header in two lines."""
    header = min((width_of_text(column.title) + 1) // 2 + 2, _WIDEST_HEADER)
    return max(_BY_NAME.get(column.name, _BY_KIND[column.kind]), header)


def table_widths(
    table: TableLayout, columns: Sequence[ColumnLayout], *, captioned: bool = True
) -> tuple[int, ...]:
    """Characters that each cell of a table's line wants: its caption, the name of the row, its columns."""
    widths = tuple(column_width(column) for column in columns)
    match table.kind:
        case TableKind.LINES:
            return (CAPTION, ROW_NAME, *widths)
        case TableKind.INDICATORS:
            return (CAPTION, *widths) if captioned else widths
        case _:
            return widths


def divide(widths: Sequence[int], wanted: Sequence[int], first: int = 0) -> tuple[Span, ...]:
    """Spread cells that want some width each over the columns from `first` on; each gets at least one.

    There must be as many columns as cells.
    """
    scale = sum(widths[first:]) / sum(wanted)
    spans: list[Span] = []
    start = first
    for index, want in enumerate(wanted):
        last = start
        most = len(widths) - (len(wanted) - index - 1) - 1
        while last < most and _is_too_narrow(widths, start, last, want * scale):
            last += 1
        last = most if index == len(wanted) - 1 else last
        spans.append((start, last))
        start = last + 1
    return tuple(spans)


def _is_too_narrow(widths: Sequence[int], start: int, last: int, want: float) -> bool:
    """Whether one more column brings a cell nearer to the width it wants."""
    width = sum(widths[start : last + 1])
    return width + widths[last + 1] / 2 <= want
