"""In which order a blank form shows the fields and tables of its layout, and which columns."""

from __future__ import annotations

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
