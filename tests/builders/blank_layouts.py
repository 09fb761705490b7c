"""Small invented layouts for blank forms."""

from __future__ import annotations

from dataclasses import replace

from jixiao.blanks.drafts import Order
from jixiao.domain.forms import (
    ColumnLayout,
    Direction,
    FieldLayout,
    FormLayout,
    IdentityKind,
    ItemLayout,
    Scope,
    TableKind,
    TableLayout,
    ValueKind,
)
from tests.builders.blanks import order_of
from tests.builders.schemes import identity_of

WORDS = TableLayout(
    name="offices",
    title="各处",
    kind=TableKind.LIST,
    columns=(
        ColumnLayout("item", "处室", ("处室",), required=True),
        ColumnLayout("budget", "{year}年预算", ("{year}年预算",), ValueKind.AMOUNT),
        ColumnLayout("spent", "已用", ("已用",), ValueKind.AMOUNT),
        ColumnLayout("rate", "使用率", ("使用率",), ValueKind.PERCENT),
    ),
    total_labels=("合计",),
)
FIGURES = TableLayout(
    name="lines",
    title="收支",
    kind=TableKind.LINES,
    columns=(ColumnLayout("amount", "金额", ("金额",), ValueKind.AMOUNT, required=True),),
    items=(
        ItemLayout("all", "总计", ("总计",), required=True),
        ItemLayout("first", "甲项", ("甲项",)),
        ItemLayout("second", "乙项", ("乙项",)),
    ),
)
LAYOUT = FormLayout(
    id="invented",
    title="虚构收支表",
    scope=Scope.DETAIL,
    titles=("虚构收支表",),
    fields=(
        FieldLayout("department", "单位", ("填报单位", "单位名称"), required=True),
        FieldLayout("year", "年度", ("年度",), ValueKind.YEAR),
        FieldLayout("staff", "人数", ("人数",), ValueKind.NUMBER),
        FieldLayout("story", "经过", ("经过",), direction=Direction.BELOW),
    ),
    tables=(WORDS, FIGURES),
    identities=(
        identity_of(
            "sum",
            "总计 = 甲 + 乙",
            IdentityKind.SUM,
            "lines.all.amount",
            ("lines.first.amount", "lines.second.amount"),
        ),
        identity_of(
            "rate",
            "使用率",
            IdentityKind.RATIO,
            "offices.{item}.rate",
            ("offices.{item}.spent", "offices.{item}.budget"),
        ),
    ),
)


def order(layout: FormLayout = LAYOUT, **changes: object) -> Order:
    """The order of a blank form of the layout, with parts of the layout changed."""
    scheme = order_of("national", "project-self-evaluation").scheme
    return Order(replace(layout, **changes), scheme, 2031)  # type: ignore[arg-type] # any field of a layout
