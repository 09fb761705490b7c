"""Addresses of figures on a form, `field` or `table.item.column`: do they lead anywhere?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.figure_address import COLUMN, FREE, ITEM
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jixiao.domain.figure_address import FigureAddress
    from jixiao.domain.forms import FormLayout, Identity, TableLayout

_LIST_ITEMS = frozenset({ITEM, "total"})
"""A list's rows are named by the department: only all of them, or its total, can be meant."""


def spell_out(address: FigureAddress, identity: Identity, layout: FormLayout) -> tuple[FigureAddress, ...]:
    """The addresses that one with {item} and {column} stands for; itself where it has neither."""
    table = next((each for each in layout.tables if each.name == address.table), None)
    all_items = tuple(item.name for item in table.items) if table else ()
    return address.spread(identity.items or all_items or (ITEM,), identity.columns or (COLUMN,))


def refute_figure(address: FigureAddress, layout: FormLayout) -> str:
    """Why an address leads to no figure of the form, in Chinese; "" where it leads to one."""
    if not address.table:
        return _refute_field(address.column, layout)
    table = next((each for each in layout.tables if each.name == address.table), None)
    if not address.item or "." in address.item:
        return say("地址“{address}”应写作“栏目”或“表.行.列”。", address=address)
    if table is None:
        return say(
            "地址“{address}”：没有名为“{table}”的表，{name}",
            address=address,
            table=address.table,
            name=_known(each.name for each in layout.tables),
        )
    return _refute_cell(address, table)


def _refute_field(address: str, layout: FormLayout) -> str:
    field = next((each for each in layout.fields if each.name == address), None)
    if field is None:
        return say(
            "没有名为“{address}”的栏目，{name}",
            address=address,
            name=_known(each.name for each in layout.fields),
        )
    return say("“{address}”是文字栏目，不是数字。", address=address) if field.kind is ValueKind.TEXT else ""


def _refute_cell(address: FigureAddress, table: TableLayout) -> str:
    _, item, column = address
    if table.kind is TableKind.INDICATORS:
        return say("地址“{address}”：指标表的行没有固定名称，不能引用。", address=address)
    items = {each.name for each in table.items} if table.kind is TableKind.LINES else _LIST_ITEMS
    if item == FREE and table.free_items:
        item = next(iter(items))
    if item not in items:
        return say(
            "地址“{address}”：没有名为“{item}”的行，{known}", address=address, item=item, known=_known(items)
        )
    columns = {each.name: each for each in table.columns}
    if column not in columns:
        return say(
            "地址“{address}”：没有名为“{column}”的列，{columns}",
            address=address,
            column=column,
            columns=_known(columns),
        )
    return (
        say("地址“{address}”：列“{column}”是文字，不是数字。", address=address, column=column)
        if columns[column].kind is ValueKind.TEXT
        else ""
    )


def _known(names: Iterable[str]) -> str:
    return say("可用：{names}。", names=say("、").join(sorted(names)))
