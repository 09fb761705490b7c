"""How a blank form is arranged: its rows in order, and how many of the sheet's columns each cell takes."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from jixiao.domain.blank_layouts import BlankRow
from jixiao.domain.forms import Direction, Scope, TableKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.forms import ColumnLayout, FieldLayout, FormLayout, TableLayout

_BESIDE = 2
"""Fields that stand side by side."""


def is_asked(layout: FormLayout) -> bool:
    """Whether departments fill such a form in: not the finance department's own lists, nor exports."""
    exported = any(table.kind is TableKind.ANSWERS for table in layout.tables)
    return layout.scope is not Scope.REFERENCE and not exported


def arranged_rows(layout: FormLayout) -> tuple[BlankRow, ...]:
    """The lines of a blank form as its layout wants them.

    In the usual order: names, tables with fixed rows, amounts, what is told at length, and last the tables
    of any length, for reading takes what stands below a list for its rows. The year is printed, not asked.
    """
    return layout.blank.rows or tuple(_usual_rows(layout))


def shown_columns(table: TableLayout, layout: FormLayout) -> tuple[ColumnLayout, ...]:
    """The columns to print: those that the layout names, in its order, else all but the parts of others."""
    if table.name in layout.blank.columns:
        return tuple(table.column(name) for name in layout.blank.columns[table.name])
    parts = {part for column in table.columns for part in column.parts}
    return tuple(column for column in table.columns if column.name not in parts)


def is_captioned(row: BlankRow, layout: FormLayout) -> bool:
    """Whether a table's name is printed beside it: a form's only table needs none."""
    return bool(row.caption) or len(layout.tables) > 1


def _usual_rows(layout: FormLayout) -> Iterator[BlankRow]:
    beside = [field for field in layout.fields if field.direction is Direction.RIGHT]
    below = [field for field in layout.fields if field.direction is Direction.BELOW]
    yield from _pairs([field for field in beside if field.kind is ValueKind.TEXT])
    yield from (BlankRow(table=each.name) for each in layout.tables if each.kind is TableKind.LINES)
    yield from _pairs([field for field in beside if field.kind not in {ValueKind.TEXT, ValueKind.YEAR}])
    yield from _pairs(below)
    yield from (BlankRow(table=each.name) for each in layout.tables if each.kind is not TableKind.LINES)


def _pairs(fields: Sequence[FieldLayout]) -> Iterator[BlankRow]:
    for start in range(0, len(fields), _BESIDE):
        yield BlankRow(fields=tuple(field.name for field in fields[start : start + _BESIDE]))


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
