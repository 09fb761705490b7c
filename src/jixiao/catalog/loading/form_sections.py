"""Sections of a form's file: overview sheets, the blank form, the answer sheet of a survey."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import OWN_SHEETS
from jixiao.domain.amounts import ZERO, plain
from jixiao.domain.forms import (
    GAP,
    BlankIndicator,
    BlankLayout,
    BlankRow,
    ComparisonLayout,
    TableKind,
    ValueKind,
)
from jixiao.domain.supplements import AnswerScale, AnswersLayout
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.catalog.loading.tables import Table
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.scheme import Scheme


_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\!@']")
"""What a spreadsheet allows in no sheet's name, and what formulas set names apart with."""
_COLUMNS = ("prior", "budget", "executed")


def read_unit(table: Table) -> str:
    """The unit of a plain number; money, rates and scores have theirs already."""
    unit = table.text("unit", "")
    if unit and not (table.has("kind") and table.text("kind") == ValueKind.NUMBER):
        table.report(say("“unit”只用于 kind 为 number 的栏目：金额、百分比和得分的单位是固定的。"), "unit")
    return unit


def read_overview(table: Table, key: str = "overview") -> str:
    """The name of a sheet of the summary workbook, "" where none is given."""
    name = table.text(key, "")
    if len(name) > _LONGEST_NAME or _FORBIDDEN.search(name):
        table.report(
            say(
                "工作表名“{name}”不能超过 {longest_name} 个字，不能有 []:*?/\\!@' 这些字符。",
                name=name,
                longest_name=_LONGEST_NAME,
            ),
            key,
        )
    elif name in OWN_SHEETS:
        table.report(say("汇总表已有工作表“{name}”，请换一个名称。", name=name), key)
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
        table.report(say("只有 kind 为 lines 或 list 的表可以写 overview。"), "overview")
    if layout.comparison and not figures:
        table.report(say("只有 kind 为 lines 或 list 的表可以写 comparison。"), "comparison")
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
                    say(
                        "报送表“{id}”的对比与某张表的 overview 同用工作表“{sheet}”。", id=form.id, sheet=sheet
                    ),
                    "forms",
                    position,
                )


def _refute_comparison(
    layout: TableLayout, comparison: ComparisonLayout
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    amounts = {column.name for column in layout.columns if column.kind is ValueKind.AMOUNT}
    lines = layout.kind is TableKind.LINES
    known = {item.name for item in layout.items} if lines else amounts
    for position, item in enumerate(comparison.items):
        if item not in known:
            yield (
                ("items", position),
                say("没有名为“{item}”的{value}。", item=item, value=say("行") if lines else say("金额列")),
            )
    for key in _COLUMNS:
        name = getattr(comparison, key)
        if name and not lines:
            yield (key,), say("kind 为 list 的表以各列为项目，不写“{key}”。", key=key)
        elif name and name not in amounts:
            yield (key,), say("没有名为“{name}”的金额列。", name=name)
    if lines and not comparison.executed:
        yield ("executed",), say("缺少“executed”（本年决算数所在的列）。")


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
            root.report(
                say("没有名为“{name}”的栏目，可用：{known}。", name=name, known=say("、").join(known)),
                "blank",
                *path,
            )


def _read_row(table: Table) -> BlankRow:
    row = BlankRow(
        fields=table.texts("fields", ()),
        texts=table.texts("texts", ()),
        table=table.text("table", ""),
        caption=table.text("caption", ""),
        tall=table.flag("tall", default=False),
    )
    if sum(table.has(kind) for kind in _KINDS) != 1:
        table.report(say("每行恰好写一种内容：{kinds}。", kinds=say("、").join(_KINDS)))
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


_WHOLE_POINTS = Decimal(1)


def read_answers_layout(table: Table) -> AnswersLayout:
    """The words of headers and answers, and the scales."""
    layout = AnswersLayout(
        questions=table.texts("questions"),
        excludes=table.texts("excludes", ()),
        marks=table.texts("marks", ()),
        stamps=table.texts("stamps", ()),
        skipped=table.texts("skipped", ()),
        hints=table.texts("hints", ()),
        blanks=table.texts("blanks", ()),
        suffixes=table.texts("suffixes", ()),
        neutral=table.texts("neutral", ()),
        reversed=table.texts("reversed", ()),
        overall=table.texts("overall", ()),
        scales=tuple(_read_scale(scale) for scale in table.tables("scales")),
    )
    if not layout.scales:
        table.report(say("至少要有一种量表（scales）。"), "scales")
    table.close()
    return layout


def _read_scale(table: Table) -> AnswerScale:
    """A scale in points has a `top`, one in words has `words`; never both."""
    top = table.decimal_or_none("top")
    scale = AnswerScale(
        id=table.name,
        title=table.text("title"),
        satisfied=_read_share(table, "satisfied"),
        labels=table.texts("labels", ()),
        only=table.texts("only", ()),
        lowest=table.decimal("lowest", ZERO),
        top=top,
        step=table.decimal("step", _WHOLE_POINTS),
        words=table.decimals("words"),
    )
    if (top is None) != bool(scale.words):
        table.report(say("量表要么写满分（top），要么写各档词语（words），不能都写或都不写。"), "top")
    if top is not None and (top <= scale.lowest or not scale.step):
        table.report(say("满分 {top} 应高于最低分，步长（step）应大于 0。", top=plain(top)), "top")
    _check_words(table, scale)
    table.close()
    return scale


def _read_share(table: Table, key: str) -> Decimal:
    share = table.decimal(key)
    if share > 1:
        table.report(
            say("“{key}”是占满分的比例，应在 0 与 1 之间，现为 {share}。", key=key, share=plain(share)), key
        )
    return share


def _check_words(table: Table, scale: AnswerScale) -> None:
    """Shares lie between 0 and 1, and the best word has all of the scale."""
    for word, share in scale.words.items():
        if share > 1:
            table.report(
                say("“{word}”占满分的比例应在 0 与 1 之间，现为 {share}。", word=word, share=plain(share)),
                "words",
                word,
            )
    if scale.words and max(scale.words.values()) < 1:
        table.report(say("最好的一档应为 1（满分）。"), "words")
