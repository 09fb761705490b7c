"""Correct forms built in code, with one cell of choice changed: the ground for fault injection.

>>> form = project_form().set("funds.total.self_score", "10")
>>> form.cell("funds.total.self_score")
'I6'

Roles (`Form.roles` lists those of a form):

- `title` `subtitle` `department` `project` `implementer` `objective_expected` `objective_actual` `notes`,
  and `label.<name>` of those that are labelled
- `funds.<item>.<figure>` with item `total` `fiscal` `carryover` `other` and figure `initial_budget`
  `annual_budget` `executed` `weight` `execution_rate` `self_score`; `label.funds.<item>`, `label.<figure>`
- overall form: `general_public_budget` `government_fund` `special_account` `other_funds`
  `basic_expenditure` `project_expenditure`, and `label.<name>`
- `indicator.<n>.<part>`, n from 1, part `level3` `target` `actual` `weight` `self_score` `reason`, and where
  a group begins `level1` `level2`; with targets in three cells also `target.operator` `.figure` `.measure`,
  and `target` is the figure's
- `header.<part>` of the indicators' header row, `header2.<part>` where it is repeated
- `total.weight` `total.self_score` `label.total`
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from tests.drawing.drawing import Drawing, typed
from tests.drawing.facts import FormFacts, FundsRow, IndicatorRow, Layout
from tests.drawing.layout import draw
from tests.drawing.writing import write_xls, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jixiao.domain.cells import CellError, Grid, Position, UnstoredFormula

YEAR = 2024
DEPARTMENT = "云梦泽省虚构水务局"

OVERALL = FormFacts(
    kind="overall",
    sheet="附件2",
    annex="附件2",
    title=f"{YEAR}年度部门整体支出绩效自评表",
    department=DEPARTMENT,
    funds=(
        FundsRow(
            "年度资金总额",
            Decimal("900.00"),
            Decimal("1000.00"),
            Decimal("973.50"),
            10,
            "97.35%",
            Decimal("9.74"),
        ),
    ),
    income=(
        ("其中：一般公共预算：", Decimal("940.00")),
        ("政府性基金拨款：", Decimal("60.00")),
        ("纳入专户管理的非税收入拨款：", "-"),
        ("其他资金：", "-"),
    ),
    spending=(("其中：基本支出：", Decimal("583.50")), ("项目支出：", Decimal("390.00"))),
    objective_expected="保障供水安全。",
    objective_actual="供水安全有保障。",
    indicators=(
        IndicatorRow(
            "产出指标（50分）", "数量指标", "检修管网（公里）", ("≥", 120, "公里"), "126公里", 20, 20
        ),
        IndicatorRow("产出指标（50分）", "数量指标", "水质检测（次）", ("≥", 48, "次"), 50, 10, 10),
        IndicatorRow("产出指标（50分）", "质量指标", "水质合格率", ("≥", 98, "%"), "99.2%", 10, 10),
        IndicatorRow("产出指标（50分）", "成本指标", "管网漏损率", ("≤", 9, "%"), "8.7%", 10, 10),
        IndicatorRow("效益指标（30分）", "社会效益指标", "群众节水意识", "提高", "提高", 15, 15),
        IndicatorRow("效益指标（30分）", "可持续影响指标", "供水保障能力", "增强", "增强", 15, 15),
        IndicatorRow("满意度指标（10分）", "服务对象满意度指标", "用户满意度", ("≥", 90, "%"), "93%", 10, 10),
    ),
    total=(100, Decimal("99.74")),
)
"""A correct overall form: 973.50 / 1,000.00 = 97.35 % → 9.74; total 99.74."""

PROJECT = FormFacts(
    kind="project",
    sheet="附件3-1",
    annex="附件3-1",
    title=f"{YEAR}年度项目支出绩效自评表",
    project="虚构管网改造项目",
    department=DEPARTMENT,
    implementer=f"{DEPARTMENT}管网处",
    funds=(
        FundsRow(
            "年度资金总额",
            Decimal("400.00"),
            Decimal("420.00"),
            Decimal("390.00"),
            10,
            "92.86%",
            Decimal("9.29"),
        ),
        FundsRow("其中：当年财政拨款", Decimal("380.00"), Decimal("400.00"), Decimal("370.00"), "—"),
        FundsRow("上年结转资金", Decimal("20.00"), Decimal("20.00"), Decimal("20.00"), "—"),
        FundsRow("其他资金", 0, 0, 0, "—"),
    ),
    objective_expected="改造老旧管网。",
    objective_actual="老旧管网改造完成。",
    indicators=(
        IndicatorRow(
            "产出指标（50分）", "数量指标", "改造管网（公里）", ("≥", 36, "公里"), "37.5公里", 15, 15
        ),
        IndicatorRow("产出指标（50分）", "数量指标", "更换水表（只）", ("≥", 2000, "只"), "2,150只", 10, 10),
        IndicatorRow("产出指标（50分）", "质量指标", "验收合格率", ("=", 100, "%"), "100%", 10, 10),
        IndicatorRow(
            "产出指标（50分）",
            "时效指标",
            "按期完工率",
            ("≥", 95, "%"),
            "90.25%",
            10,
            Decimal("9.5"),
            "汛期停工。",
        ),
        IndicatorRow(
            "产出指标（50分）", "成本指标", "每公里造价（万元）", ("≤", 11, "万元"), Decimal("10.4"), 5, 5
        ),
        IndicatorRow(
            "效益指标（30分）", "经济效益指标", "减少漏损水量（万吨）", ("≥", 80, "万吨"), 84, 15, 15
        ),
        IndicatorRow("效益指标（30分）", "社会效益指标", "居民用水条件", "改善", "改善", 15, 15),
        IndicatorRow("满意度指标（10分）", "服务对象满意度指标", "居民满意度", ("≥", 90, "%"), "92%", 10, 10),
    ),
    total=(100, Decimal("98.79")),
)
"""A correct project form: 390.00 / 420.00 = 92.86 % → 9.29; one target missed with its score and reason."""

LAYOUTS: Mapping[str, Layout] = {
    "standard": Layout(),
    "offset": Layout(rows_before=3, columns_before=2),
    "repeated labels": Layout(labels="repeated"),
    "labels in the first row": Layout(labels="first_row"),
    "header repeated": Layout(header_before=(4,)),
    "header repeated twice, first-row labels": Layout(labels="first_row", header_before=(3, 6)),
    "targets in three cells": Layout(target_cells="three"),
    "ten columns": Layout(target_cells="headed", vertical_label=False),
    "eight columns": Layout(vertical_label=False),
    "percentages as text": Layout(percent="text"),
    "percentages as bare numbers": Layout(percent="bare"),
}
"""Layouts in which a form says the same: extraction must read equal submissions from all of them."""


@dataclass(frozen=True, slots=True)
class Form:
    """One filled form, and where each part of it stands."""

    drawing: Drawing

    @property
    def roles(self) -> Mapping[str, Position]:
        """Every role with its (row, column) from 0."""
        return self.drawing.roles

    def cell(self, role: str) -> str:
        """The A1 address of a role."""
        return self.drawing.address(role)

    def set(self, role: str, value: str | float | Decimal | CellError | UnstoredFormula | None) -> Form:
        """A copy in which this was typed into one cell (see `drawing.typed`); None or "" empties it.

        A number keeps the cell's number format: Decimal("0.9") in a cell with a percent format is 90 %.
        """
        if isinstance(value, str):
            return Form(self.drawing.with_value(role, *typed(value)))
        exact = Decimal(repr(value)) if isinstance(value, int | float) else value
        return Form(self.drawing.with_value(role, exact))

    def grid(self, file: str = "表.xlsx") -> Grid:
        """The form as a reader delivers it, without writing a file."""
        return self.drawing.grid(file)

    def xlsx(self) -> bytes:
        """The form as an .xlsx file of one sheet."""
        buffer = BytesIO()
        write_xlsx(buffer, [self.drawing])
        return buffer.getvalue()


def overall_form(layout: Layout | None = None, *, facts: FormFacts = OVERALL) -> Form:
    """A correct overall form; other contents by `facts=replace(OVERALL, ...)`."""
    return Form(draw(replace(facts, layout=layout or facts.layout)))


def project_form(layout: Layout | None = None, *, facts: FormFacts = PROJECT) -> Form:
    """A correct project form; other contents by `facts=replace(PROJECT, ...)`."""
    return Form(draw(replace(facts, layout=layout or facts.layout)))


def in_yuan(facts: FormFacts) -> FormFacts:
    """The same form with its amounts in 元."""
    return replace(
        facts,
        unit="元",
        funds=tuple(_funds_in_yuan(row) for row in facts.funds),
        income=tuple((label, _in_yuan(raw)) for label, raw in facts.income),
        spending=tuple((label, _in_yuan(raw)) for label, raw in facts.spending),
    )


def _funds_in_yuan(row: FundsRow) -> FundsRow:
    return replace(
        row,
        initial_budget=_in_yuan(row.initial_budget),
        annual_budget=_in_yuan(row.annual_budget),
        executed=_in_yuan(row.executed),
    )


def _in_yuan(raw: str | int | Decimal) -> str | int | Decimal:
    return raw if isinstance(raw, str) else raw * 10000


def write_forms(path: Path, *forms: Form) -> None:
    """Write forms as the sheets of one workbook: .xls by its ending, else .xlsx."""
    write = write_xls if path.suffix == ".xls" else write_xlsx
    write(path, [form.drawing for form in forms])
