"""A content printed by a plan: the blocks under each other, and what else stands in the sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.layouts.canvas import Canvas
from tests.layouts.columns import funds_columns, row_columns
from tests.layouts.content import compose
from tests.layouts.foreign import FOREIGN
from tests.layouts.funds import draw_funds, draw_goals
from tests.layouts.heading import draw_heading
from tests.layouts.indicator_block import draw_indicators, draw_total
from tests.layouts.parts import PROJECT, Plan, spelled
from tests.layouts.words import TOTALS, word

if TYPE_CHECKING:
    from tests.layouts.content import Content

COMPANY: Final = ("河湾市档案馆", "馆藏档案数字化加工")
"""Whose form stands in the same sheet or workbook: a name that is like no other."""
_NARROWEST, _MERGED, _WIDE = 8, 2, 5


@dataclass(frozen=True, slots=True)
class Form:
    """A form as printed: its sheet, what it says, and the sheet of another form beside it."""

    plan: Plan
    content: Content
    canvas: Canvas
    company: Content | None = None
    second: Canvas | None = None


def print_form(plan: Plan) -> Form:
    """The form of a plan, with what stands beside it."""
    content = compose(plan)
    canvas = print_content(content, plan)
    company, second = company_of(plan, canvas.file)
    if second is None or not plan.has("company", "stacked", "beside"):
        return Form(plan, content, canvas, company, second)
    if plan.has("company", "stacked"):
        second.shifted(canvas.height + 2, 0)
    else:
        right = max(*(column for _, column in canvas.cells), *(area.right for area in canvas.areas))
        second.shifted(min(row for row, _ in canvas.cells), right + 2)
    canvas.take(second)
    return Form(plan, content, canvas, company)


def print_content(content: Content, plan: Plan) -> Canvas:
    """One form on a sheet of its own."""
    canvas = Canvas(file=_file_name(content, plan))
    width = _width(plan)
    draw_heading(canvas, width, content, plan)
    _gap(canvas, plan)
    draw_funds(canvas, width, content, plan)
    _gap(canvas, plan)
    late = plan.has("goals", "after indicators")
    if not late:
        draw_goals(canvas, width, plan)
        _gap(canvas, plan)
    draw_indicators(canvas, width, content, plan)
    label = word(plan, "total words", TOTALS, "total")
    if plan.has("total", "foot", "beside grade"):
        draw_total(canvas, width, content, plan, label)
    if late:
        draw_goals(canvas, width, plan)
    if plan.has("grade", "row"):
        row = canvas.height
        canvas.put((row, 0), spelled(word(plan, "total words", TOTALS, "grade"), plan), right=1)
        canvas.put((row, 2), content.grade, right=width - 1, role="grade")
    _gap(canvas, plan)
    _draw_foot(canvas, width, plan)
    down, across = {"rows": (3, 0), "columns": (0, 2), "both": (2, 1)}.get(plan.of("offset"), (0, 0))
    canvas.shifted(down, across)
    return canvas


def _gap(canvas: Canvas, plan: Plan) -> None:
    if plan.has("gaps", "between blocks"):
        canvas.skip()


def _width(plan: Plan) -> int:
    """Enough for the widest block, and more where cells are to be merged."""
    caption = 0 if plan.has("captions", "none") else 1
    beside = 2 if plan.has("goals", "next to funds") else 0
    funds = 7 if plan.has("funds shape", "beside") else len(funds_columns(plan)) + 1 + caption + beside
    rows = len(row_columns(plan)) + plan.has("captions", "all")
    return max(funds, rows, _NARROWEST) + {"merged": _MERGED, "wide": _WIDE}.get(plan.of("widths"), 0)


def _file_name(content: Content, plan: Plan) -> str:
    ending = {"grid": "xlsx"}.get(plan.of("format"), plan.of("format"))
    name = f"{content.department}自评表" if plan.has("department", "file name") else "自评表"
    return f"{name}.{ending}"


def _draw_foot(canvas: Canvas, width: int, plan: Plan) -> None:
    foot = plan.of("foot")
    if foot in {"remarks", "all"}:
        row = canvas.height
        canvas.put((row, 0), "其他需要说明的问题", right=1)
        canvas.put((row, 2), "无", right=width - 1)
    if foot in {"notes", "all"}:
        note = "注：1.定量指标完成数汇总原则：绝对值直接累加计算。2.定性指标根据完成情况分为三档。"
        canvas.put((canvas.height, 0), note, right=width - 1)
    if foot in {"signatures", "all"}:
        line = "填表人：　　　　　填报日期：　　　　　联系电话：　　　　　单位负责人签字："
        canvas.put((canvas.height, 0), line, right=width - 1)


def company_of(plan: Plan, file: str) -> tuple[Content | None, Canvas | None]:
    """What else is sent: another form, which is to be read, or a sheet that is none."""
    kind = plan.of("company")
    if kind == "alone":
        return None, None
    other = Plan(plan.seed + 1_000_000_007, PROJECT, {})
    department, project = COMPANY
    content = replace(
        compose(other), department=department, project=project, implementer=f"{department}编研科"
    )
    if kind in FOREIGN:
        return None, Canvas("Sheet2", file, cells=FOREIGN[kind](compose(plan)))
    canvas = print_content(content, other)
    canvas.sheet, canvas.file = "Sheet2", file
    if kind == "blank form":
        for role in [
            role for role in canvas.roles if not role.startswith(("label.", "head.", "hdr.", "title"))
        ]:
            canvas.type_into(role, None)
        return None, canvas
    return content, canvas
