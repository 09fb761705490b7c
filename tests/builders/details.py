"""Tables of details built in code: a list of projects with its identities, and forms around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.figure_address import FormAddress
from jixiao.domain.forms import (
    ColumnLayout,
    FormLayout,
    Identity,
    IdentityKind,
    Scope,
    TableKind,
    TableLayout,
    ValueKind,
)
from jixiao.domain.relations import CrossCheck
from jixiao.domain.submissions import Line, Submission
from tests.builders.schemes import OVERALL, PROJECT, identity_of, scheme
from tests.builders.submissions import FILE, entry, ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry

LIST_SHEET = "明细表"
COLUMNS = ("initial_budget", "carryover", "adjustment", "annual_budget", "executed", "balance")
_TITLES = ("年初预算数", "上年结转数", "调整预算数", "全年预算总数", "本年决算数", "结转结余数")

BUDGET = identity_of(
    "budget",
    "全年预算 = 年初 + 结转 + 调整",
    IdentityKind.SUM,
    "projects.{item}.annual_budget",
    ("projects.{item}.initial_budget", "projects.{item}.carryover", "projects.{item}.adjustment"),
)
BALANCE = identity_of(
    "balance",
    "结余 = 全年预算 − 决算",
    IdentityKind.SUM,
    "projects.{item}.balance",
    ("projects.{item}.annual_budget",),
    ("projects.{item}.executed",),
)
TOTALS = identity_of(
    "totals",
    "合计 = 各项目之和",
    IdentityKind.SUM,
    "projects.total.{column}",
    ("projects.{item}.{column}",),
    columns=COLUMNS,
)
LIST = FormLayout(
    id="project-list",
    title="项目支出明细表",
    scope=Scope.DETAIL,
    titles=("项目支出明细表",),
    fields=(),
    tables=(
        TableLayout(
            "projects",
            "项目支出",
            TableKind.LIST,
            (
                ColumnLayout("item", "项目名称", ("项目名称",)),
                *(
                    ColumnLayout(name, title, (title,), ValueKind.AMOUNT)
                    for name, title in zip(COLUMNS, _TITLES, strict=True)
                ),
            ),
            total_labels=("合计",),
            repeats=True,
        ),
    ),
    identities=(BUDGET, BALANCE, TOTALS),
)
"""A list that holds together in rows and columns."""

Rows = dict[str, list[str | None]]
"""Figures by project name, in the order of COLUMNS; the total's name is 合计."""

GOOD_ROWS: Rows = {
    "合计": ["700.00", "30.00", "−10.00", "720.00", "650.00", "70.00"],
    "示例甲": ["300.00", "—", "—", "300.00", "280.00", "20.00"],
    "示例乙": ["250.00", "30.00", "−20.00", "260.00", "230.00", "30.00"],
    "示例丙": ["150.00", "—", "10.00", "160.00", "140.00", "20.00"],
}


def list_scheme(*identities: Identity) -> Scheme:
    """The test scheme with the list, under its own identities or the given ones."""
    layout = replace(LIST, identities=identities) if identities else LIST
    return replace(scheme(), forms=(OVERALL, PROJECT, layout))


def project_list(rows: Mapping[str, list[str | None]] = GOOD_ROWS, submission_id: str = "明细") -> Submission:
    """The list as filled in: a row for each project from row 3 on, names in A, figures from B."""
    return Submission(
        submission_id=submission_id,
        form=LIST.id,
        scope=LIST.scope,
        file=FILE,
        sheet=LIST_SHEET,
        sha256="0" * 64,
        department="虚构市示例局",
        implementer="",
        project="",
        year=2024,
        fields={},
        lines=tuple(_line(at, name, figures) for at, (name, figures) in enumerate(rows.items(), start=2)),
        title=ref(0, 0),
    )


def _line(row: int, name: str, figures: list[str | None]) -> Line:
    label = name.partition("#")[0]
    cells = {
        column: _on_list(row, at, text)
        for at, (column, text) in enumerate(zip(COLUMNS, figures, strict=True), start=1)
    }
    item = "total" if label == "合计" else label
    return Line("projects", item, label, ref(row, 0)._replace(sheet=LIST_SHEET), cells)


def _on_list(row: int, column: int, text: str | None) -> Entry:
    read = entry(row, column, None if text is None else text.replace("−", "-"))
    return replace(read, ref=read.ref._replace(sheet=LIST_SHEET))


def at(text: str) -> FormAddress:
    return FormAddress.parse(text)


def check(
    left: str,
    *right: str,
    strict: bool = True,
    alternatives: tuple[str, ...] = (),
    items: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    explained_by: str = "",
) -> CrossCheck:
    """A cross check by its addresses."""
    return CrossCheck(
        id="check",
        title="两处应一致",
        left=at(left),
        right=tuple(map(at, right)),
        alternatives=tuple(map(at, alternatives)),
        items=items,
        columns=columns,
        strict=strict,
        explained_by=at(explained_by) if explained_by else None,
        explanation="调整计入了结转" if explained_by else "",
    )
