"""Forms whose layouts mark overviews and comparisons, in code: people and money in LINES, units in a LIST."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.cells import CellRef
from jixiao.domain.forms import (
    ColumnLayout,
    ComparisonLayout,
    FieldLayout,
    FormLayout,
    ItemLayout,
    Scope,
    TableKind,
    TableLayout,
    ValueKind,
)
from jixiao.domain.submissions import Line, Status, Submission
from tests.builders.evaluations import evaluation, number, scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.rounds import Evaluation

Rows = dict[str, dict[str, str | None]]
"""Figures by row and column."""
OVERVIEW, COMPARISON = "示例汇总", "示例对比"
_YEARS = (("last", "上年数"), ("plan", "预算数"), ("spent", "本年数"))
_COSTS = (("all", "总额"), ("travel", "差旅"))


def _amounts(*named: tuple[str, str]) -> tuple[ColumnLayout, ...]:
    return tuple(ColumnLayout(name, title, (title,), ValueKind.AMOUNT) for name, title in named)


_COMPARED = ComparisonLayout(
    sheet=COMPARISON, items=("all", "travel"), prior="last", budget="plan", executed="spent"
)
_MONEY = TableLayout(
    "money",
    "经费",
    TableKind.LINES,
    (*_amounts(*_YEARS), ColumnLayout("rate", "占比", ("占比",), ValueKind.PERCENT)),
    items=tuple(ItemLayout(name, title, (title,)) for name, title in _COSTS),
    overview=OVERVIEW,
    comparison=_COMPARED,
)
PROFILE = FormLayout(
    id="profile",
    title="示例概况表",
    scope=Scope.BASIC_DATA,
    titles=("示例概况表",),
    fields=(
        FieldLayout("people", "人数", ("人数",), ValueKind.NUMBER, unit="人", overview=OVERVIEW),
        FieldLayout("house", "用房", ("用房",), ValueKind.NUMBER),
    ),
    tables=(_MONEY,),
)
"""People, and money of two items with last year's, the budget and this year's."""
EXPENSES = FormLayout(
    id="expenses",
    title="示例费用表",
    scope=Scope.DETAIL,
    titles=("示例费用表",),
    fields=(),
    tables=(replace(_MONEY, name="costs", title="费用"),),
)
"""The same money once more."""
UNITS = FormLayout(
    id="units",
    title="示例机构表",
    scope=Scope.BASIC_DATA,
    titles=("示例机构表",),
    fields=(),
    tables=(
        TableLayout(
            "units",
            "机构",
            TableKind.LIST,
            (
                ColumnLayout("item", "机构", ("机构",)),
                *_amounts(("all", "总额"), ("travel", "差旅")),
                ColumnLayout("note", "备注", ("备注",)),
            ),
            total_labels=("合计",),
            overview=OVERVIEW,
            comparison=ComparisonLayout(sheet=COMPARISON, items=("all", "travel")),
        ),
    ),
)
"""A list of units with a total row; its columns are this year's money."""
LAYOUTS = (PROFILE, EXPENSES, UNITS)


def form(
    layout: FormLayout,
    department: str,
    rows: Rows,
    fields: Mapping[str, str] | None = None,
    *,
    sheet: str = "",
) -> Submission:
    """A filled form: figures by row and column, figures of fields."""
    (table,) = layout.tables
    file, sheet = f"{department}.xlsx", sheet or layout.title
    columns = [column.name for column in table.columns]
    return Submission(
        submission_id=f"{file}#{sheet}",
        form=layout.id,
        scope=layout.scope,
        file=file,
        sheet=sheet,
        sha256="0" * 64,
        department=department,
        implementer="",
        project="",
        year=2024,
        fields={
            name: number(text, CellRef(file, sheet, place, 1))
            for place, (name, text) in enumerate((fields or {}).items())
        },
        lines=tuple(
            Line(
                table.name,
                item,
                item,
                CellRef(file, sheet, place, 0),
                {
                    name: number(text, CellRef(file, sheet, place, columns.index(name) + 1))
                    for name, text in cells.items()
                },
            )
            for place, (item, cells) in enumerate(rows.items(), start=5)
        ),
    )


def round_of(
    *forms: Submission, superseded: tuple[str, ...] = (), layouts: tuple[FormLayout, ...] = LAYOUTS
) -> Evaluation:
    """A round with these forms under a scheme that has the three layouts, or others."""
    rules = replace(scheme(), forms=(*scheme().forms, *layouts))
    given = evaluation((), composites=(), findings=(), outcomes=())
    return replace(
        given,
        round=replace(given.round, scheme=rules),
        submissions=forms,
        statuses={
            each.submission_id: Status.SUPERSEDED if each.submission_id in superseded else Status.ACCEPTED
            for each in forms
        },
    )
