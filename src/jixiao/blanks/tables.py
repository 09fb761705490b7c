"""Lines and tables of a blank form: labelled fields, rows with fixed names, rows that departments name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.blanks.checks import Filled, NotAbove, WholeRows
from jixiao.blanks.drafts import CAPTION, FIELD_LABEL, divide, is_captioned, shown_columns, table_widths
from jixiao.blanks.formulas import Points, Sum
from jixiao.domain.blanks import Role
from jixiao.domain.forms import Direction, FieldLayout, ValueKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.blanks.drafts import Draft, Span
    from jixiao.domain.forms import BlankRow, ColumnLayout, ItemLayout, TableLayout

_FIGURE = 14
"""Characters for the value of a field that holds a figure."""


def draw_fields(row: BlankRow, draft: Draft) -> None:
    """Draw fields side by side: beside their labels, or below them where one of them stands so."""
    known = {field.name: field for field in draft.order.layout.fields}
    fields = [known.get(name) for name in row.fields]
    top = draft.row
    first = 1 if row.caption else 0
    if any(field and field.direction is Direction.BELOW for field in fields):
        _draw_below(fields, first, draft)
    else:
        _draw_beside(fields, first, draft, tall=row.tall)
    if row.caption:
        draft.print(row.caption, (0, 0), rows=(top, draft.row - 1))
    for field in fields:
        if field and (field.required or field.filled):
            draft.checks.append(
                Filled((field.name,), f"“{draft.order.label(field.title, field.labels)}”没有填写")
            )


def draw_texts(texts: Sequence[str], draft: Draft) -> None:
    """Print texts side by side."""
    for text, span in zip(texts, divide(draft.widths, [1] * len(texts)), strict=True):
        draft.print(text, span, Role.TEXT)
    draft.row += 1


def _draw_beside(fields: Sequence[FieldLayout | None], first: int, draft: Draft, *, tall: bool) -> None:
    share = sum(draft.widths[first:]) // len(fields)
    wanted = [width for field in fields for width in _beside_widths(field, share)]
    spans = divide(draft.widths, wanted, first)
    for index, field in enumerate(fields):
        _label(field, spans[2 * index], draft)
        _ask(field, spans[2 * index + 1], draft, tall=tall)
    draft.row += 1


def _beside_widths(field: FieldLayout | None, share: int) -> tuple[int, int]:
    """Label and value: a figure needs little room, a name what is left."""
    if field and field.kind is ValueKind.TEXT:
        return FIELD_LABEL, max(share - FIELD_LABEL, FIELD_LABEL)
    return max(share - _FIGURE, _FIGURE), _FIGURE


def _draw_below(fields: Sequence[FieldLayout | None], first: int, draft: Draft) -> None:
    spans = divide(draft.widths, [CAPTION] * len(fields), first)
    for field, span in zip(fields, spans, strict=True):
        _label(field, span, draft)
    draft.row += 1
    for field, span in zip(fields, spans, strict=True):
        _ask(field, span, draft, tall=True)
    draft.row += 1


def _label(field: FieldLayout | None, span: Span, draft: Draft) -> None:
    draft.print(draft.order.label(field.title, field.labels) if field else "", span)


def _ask(field: FieldLayout | None, span: Span, draft: Draft, *, tall: bool) -> None:
    if field:
        draft.ask(field.name, span, draft.order.rule(field), field.kind, tall=tall)
    else:
        draft.print("", span)


NAME = "item"
"""The column of a LIST that names its rows."""
TOTAL = "total"
_POINTS = ("weight", "self_score")
_NOTHING = "—"
_ROWS = 12
"""Rows of a list, where the layout does not say."""


def draw_lines(table: TableLayout, row: BlankRow, draft: Draft) -> None:
    """Draw a table whose rows have fixed names: caption, names, figures."""
    columns = shown_columns(table, draft.order.layout)
    caption_span, name_span, *spans = divide(draft.widths, table_widths(table, columns))
    top = draft.row
    draft.print("", name_span)
    _draw_header(columns, spans, draft)
    scored = _scored(table, columns)
    items = [each for each in table.items if not each.variant]
    for item in items:
        draft.print(draft.order.label(item.title, item.labels), name_span)
        for column, span in zip(columns, spans, strict=True):
            if column.name in _POINTS and table.budget and item is not scored:
                draft.print(_NOTHING, span)
            else:
                rule = draft.order.rule(column, table.name)
                draft.ask(f"{table.name}.{item.name}.{column.name}", span, rule, column.kind)
        draft.row += 1
    unit = "\n（万元）" if any(column.kind is ValueKind.AMOUNT for column in columns) else ""
    draft.print((row.caption or table.title) + unit, caption_span, rows=(top, draft.row - 1))
    draft.rows[table.name] = tuple(item.name for item in items)
    if scored:
        _score_execution(table, scored, draft)
    _check_lines(table, columns, draft)
    check_execution(table, columns, draft)


def draw_list(table: TableLayout, row: BlankRow, draft: Draft) -> None:
    """Draw a table whose rows departments name, with a row of totals where the layout has one."""
    columns = shown_columns(table, draft.order.layout)
    if is_captioned(row, draft.order.layout):
        draft.print(row.caption or table.title, draft.whole, Role.TEXT)
        draft.row += 1
    spans = divide(draft.widths, table_widths(table, columns))
    draft.headers.append(draft.row)
    _draw_header(columns, spans, draft)
    count = draft.order.layout.blank.list_rows.get(table.name, _ROWS)
    rows = tuple(str(number) for number in range(1, count + 1))
    for number in rows:
        for column, span in zip(columns, spans, strict=True):
            rule = draft.order.rule(column, table.name)
            draft.ask(f"{table.name}.{number}.{column.name}", span, rule, column.kind)
        draft.row += 1
    draft.rows[table.name] = rows
    asked = [column.name for column in columns if column.required]
    if len(asked) > 1:
        cells = tuple(tuple(f"{table.name}.{number}.{name}" for number in rows) for name in asked)
        draft.checks.append(WholeRows(cells, f"“{table.title}”有的行没有填完整"))
    if table.total_labels:
        _draw_totals(table, columns, spans, draft)
    check_execution(table, columns, draft)


def check_execution(table: TableLayout, columns: Sequence[ColumnLayout], draft: Draft) -> None:
    """P106: nothing is executed above the annual budget."""
    if table.budget and {"annual_budget", "executed"} <= {column.name for column in columns}:
        executed, budget = (
            tuple(f"{table.name}.{row}.{name}" for row in draft.rows[table.name])
            for name in ("executed", "annual_budget")
        )
        draft.checks.append(NotAbove(executed, budget, "全年执行数大于全年预算数"))


def _draw_header(columns: Sequence[ColumnLayout], spans: Sequence[Span], draft: Draft) -> None:
    for column, span in zip(columns, spans, strict=True):
        draft.print(draft.order.label(column.title, column.labels), span)
    draft.row += 1


def _scored(table: TableLayout, columns: Sequence[ColumnLayout]) -> ItemLayout | None:
    """The row that carries the points for execution: the first required one, else the first."""
    if not table.budget or not set(_POINTS) <= {column.name for column in columns}:
        return None
    return next((item for item in table.items if item.required), table.items[0])


def _score_execution(table: TableLayout, item: ItemLayout, draft: Draft) -> None:
    """Weight as the scheme has it; the score computes itself from the rate."""
    weight, rate, score = (
        f"{table.name}.{item.name}.{name}" for name in ("weight", "execution_rate", "self_score")
    )
    draft.execution = (weight, score)
    divisions = draft.order.divisions
    points = divisions[0].execution if divisions else None
    if points is not None:
        draft.suggest(weight, points, final=draft.order.prescribed is not None)
    if rate in draft.areas:
        draft.formulas[score] = Points(weight, rate, draft.order.scheme.execution.score_places)


def _check_lines(table: TableLayout, columns: Sequence[ColumnLayout], draft: Draft) -> None:
    """Required figures of required rows, row by row, are there."""
    for item in table.items:
        names = tuple(
            f"{table.name}.{item.name}.{column.name}"
            for column in columns
            if item.required and column.required and f"{table.name}.{item.name}.{column.name}" in draft.areas
        )
        if names:
            draft.checks.append(
                Filled(names, f"“{draft.order.label(item.title, item.labels)}”一行没有填完整")
            )


def _draw_totals(
    table: TableLayout, columns: Sequence[ColumnLayout], spans: Sequence[Span], draft: Draft
) -> None:
    """The row of totals adds up amounts; what else it computes, identities say."""
    for column, span in zip(columns, spans, strict=True):
        name = f"{table.name}.{TOTAL}.{column.name}"
        if column.name == NAME:
            draft.print(table.total_labels[0], span)
        elif column.kind in {ValueKind.TEXT, ValueKind.YEAR}:
            draft.print("", span)
        else:
            draft.ask(name, span, draft.order.rule(column, table.name), column.kind)
            if column.kind is ValueKind.AMOUNT:
                draft.formulas[name] = Sum(
                    tuple(f"{table.name}.{row}.{column.name}" for row in draft.rows[table.name])
                )
    draft.row += 1
