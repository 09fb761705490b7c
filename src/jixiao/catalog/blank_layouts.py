"""The `[blank]` table of a form: how its blank form is arranged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.blank_layouts import GAP, BlankIndicator, BlankLayout, BlankRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.catalog.tables import Table
    from jixiao.domain.forms import FormLayout

_DEFAULTS = BlankLayout()
_MOST_ROWS = 500
_KINDS = ("fields", "texts", "table")


def read_blank(table: Table | None) -> BlankLayout:
    """The arrangement; the usual one where nothing is said."""
    if table is None:
        return _DEFAULTS
    columns, groups, helps, lists = (table.table(key) for key in ("columns", "groups", "help", "list_rows"))
    layout = BlankLayout(
        rows=tuple(_read_row(row) for row in table.rows("rows")) if table.has("rows") else (),
        columns={name: columns.texts(name) for name in columns.names} if columns else {},
        groups={name: _read_counts(groups.section(name)) for name in groups.names} if groups else {},
        help={name: helps.text(name) for name in helps.names} if helps else {},
        indicators=tuple(_read_indicator(row) for row in table.rows("indicators"))
        if table.has("indicators")
        else (),
        list_rows=_read_counts(lists) if lists else {},
        notes=table.texts("notes", ()),
    )
    table.close()
    return layout


def check_blank(root: Table, layout: FormLayout) -> None:
    """Report every name in the arrangement that the form does not know."""
    for path, name, known in _names(layout):
        if name not in known:
            root.report(f"没有名为“{name}”的栏目，可用：{'、'.join(known)}。", "blank", *path)


def _read_row(table: Table) -> BlankRow:
    row = BlankRow(
        fields=table.texts("fields", ()),
        texts=table.texts("texts", ()),
        table=table.text("table", ""),
        caption=table.text("caption", ""),
        tall=table.flag("tall", default=False),
    )
    if sum(table.has(kind) for kind in _KINDS) != 1:
        table.report(f"每行恰好写一种内容：{'、'.join(_KINDS)}。")
    table.close()
    return row


def _read_indicator(table: Table) -> BlankIndicator:
    level1, level2, level3 = (table.text(level) for level in ("level1", "level2", "level3"))
    indicator = BlankIndicator(level1, level2, level3, table.text("standard", ""))
    table.close()
    return indicator


def _read_counts(table: Table) -> dict[str, int]:
    return {name: table.integer(name, low=1, high=_MOST_ROWS) for name in table.names}


def _names(layout: FormLayout) -> Iterator[tuple[tuple[str | int, ...], str, tuple[str, ...]]]:
    """Every name that the arrangement uses, with its path and the names that there are."""
    fields = tuple(each.name for each in layout.fields)
    columns = {table.name: tuple(each.name for each in table.columns) for table in layout.tables}
    blank = layout.blank
    for position, row in enumerate(blank.rows):
        for index, name in enumerate(row.fields):
            yield ("rows", position, "fields", index), name, (*fields, GAP)
        if row.table:
            yield ("rows", position, "table"), row.table, tuple(columns)
    for table, names in blank.columns.items():
        yield ("columns", table), table, tuple(columns)
        for index, name in enumerate(names):
            yield ("columns", table, index), name, columns.get(table, (name,))
    helped = (*fields, *(f"{table}.{name}" for table, names in columns.items() for name in names))
    for name in blank.list_rows:
        yield ("list_rows", name), name, tuple(columns)
    for name in blank.help:
        yield ("help", name), name, helped
