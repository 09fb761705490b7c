"""What a form's layout says about the summary workbook: units of plain numbers, overviews and comparisons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.consolidation.sheet_names import OWN_SHEETS
from jixiao.domain.forms import ComparisonLayout, TableKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.catalog.tables import Table
    from jixiao.domain.forms import TableLayout
    from jixiao.domain.scheme import Scheme

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\!@']")
"""What a spreadsheet allows in no sheet's name, and what formulas set names apart with."""
_COLUMNS = ("prior", "budget", "executed")


def read_unit(table: Table) -> str:
    """The unit of a plain number; money, rates and scores have theirs already."""
    unit = table.text("unit", "")
    if unit and not (table.has("kind") and table.text("kind") == ValueKind.NUMBER):
        table.report("“unit”只用于 kind 为 number 的栏目：金额、百分比和得分的单位是固定的。", "unit")
    return unit


def read_overview(table: Table, key: str = "overview") -> str:
    """The name of a sheet of the summary workbook, "" where none is given."""
    name = table.text(key, "")
    if len(name) > _LONGEST_NAME or _FORBIDDEN.search(name):
        table.report(f"工作表名“{name}”不能超过 {_LONGEST_NAME} 个字，不能有 []:*?/\\!@' 这些字符。", key)
    elif name in OWN_SHEETS:
        table.report(f"汇总表已有工作表“{name}”，请换一个名称。", key)
    return name


def read_comparison(table: Table) -> ComparisonLayout:
    """Which rows and columns compare this year with the last and with the budget."""
    layout = ComparisonLayout(
        sheet=read_overview(table, "sheet") if table.has("sheet") else table.text("sheet"),
        items=table.texts("items"),
        prior=table.text("prior", ""),
        budget=table.text("budget", ""),
        executed=table.text("executed", ""),
    )
    table.close()
    return layout


def check_comparison(table: Table, layout: TableLayout) -> None:
    """Only a table of figures is shown by department, and a comparison names its rows and columns."""
    figures = layout.kind in {TableKind.LINES, TableKind.LIST}
    if layout.overview and not figures:
        table.report("只有 kind 为 lines 或 list 的表可以写 overview。", "overview")
    if layout.comparison and not figures:
        table.report("只有 kind 为 lines 或 list 的表可以写 comparison。", "comparison")
    elif layout.comparison:
        for keys, message in _refute_comparison(layout, layout.comparison):
            table.report(message, "comparison", *keys)


def check_sheets(scheme: Scheme, root: Table) -> None:
    """One sheet shows overviews or comparisons, whichever form marks them, not both."""
    overviews = {name for form in scheme.forms for name in form.overviews}
    for position, form in enumerate(scheme.forms):
        for table in form.tables:
            if table.comparison and table.comparison.sheet in overviews:
                sheet = table.comparison.sheet
                root.report(
                    f"报送表“{form.id}”的对比与某张表的 overview 同用工作表“{sheet}”。", "forms", position
                )


def _refute_comparison(
    layout: TableLayout, comparison: ComparisonLayout
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    amounts = {column.name for column in layout.columns if column.kind is ValueKind.AMOUNT}
    lines = layout.kind is TableKind.LINES
    known = {item.name for item in layout.items} if lines else amounts
    for position, item in enumerate(comparison.items):
        if item not in known:
            yield ("items", position), f"没有名为“{item}”的{'行' if lines else '金额列'}。"
    for key in _COLUMNS:
        name = getattr(comparison, key)
        if name and not lines:
            yield (key,), f"kind 为 list 的表以各列为项目，不写“{key}”。"
        elif name and name not in amounts:
            yield (key,), f"没有名为“{name}”的金额列。"
    if lines and not comparison.executed:
        yield ("executed",), "缺少“executed”（本年决算数所在的列）。"
