"""The heading of a form: title, year, unit, and the names of department, project and implementer."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.layouts.canvas import spread
from tests.layouts.content import YEAR
from tests.layouts.parts import OVERALL, TRANSFER, spelled
from tests.layouts.typing_in import points
from tests.layouts.words import NAMES, TOTALS, word

if TYPE_CHECKING:
    from tests.layouts.canvas import Canvas, Typed
    from tests.layouts.content import Content
    from tests.layouts.parts import Plan

Pair = tuple[str, "Typed", str]
"""A label, its value and its role."""


def draw_heading(canvas: Canvas, width: int, content: Content, plan: Plan) -> None:
    """Print everything above the funds block."""
    if plan.has("title", "annex above"):
        canvas.put((0, 0), "附件3-1", right=1)
    canvas.put((canvas.height, 0), _title(content, plan), right=width - 1, role="title")
    if plan.has("title", "year below"):
        canvas.put((canvas.height, 0), f"（{YEAR}年度）", right=width - 1, role="title")
    if plan.has("department", "reporting line"):
        line = f"填报单位：{content.department}　　填报日期：{YEAR + 1}年3月12日"
        canvas.put((canvas.height, 0), line, right=width - 1)
    if plan.has("unit place", "sheet"):
        canvas.put((canvas.height, width - 1), f"单位：{plan.of('unit')}")
    if plan.has("unit place", "two cells"):
        row = canvas.height
        canvas.put((row, width - 2), "单位：")
        canvas.put((row, width - 1), plan.of("unit"))
    if plan.has("unit place", "with a date"):
        line = f"填报日期：{YEAR + 1}年3月12日　　　金额单位：{plan.of('unit')}"
        canvas.put((canvas.height, 0), line, right=width - 1)
    for pairs in _lines(content, plan):
        _draw_pairs(canvas, width, pairs, plan)


def _title(content: Content, plan: Plan) -> str:
    bare = form_title(content.kind)
    match plan.of("title"):
        case "year below":
            text = bare
        case "department first":
            return f"{content.department}{YEAR}年度{bare}"
        case "qualified":
            qualifier = plan.rng("qualifier").choice(("市级预算", "财政", "县级"))
            text = f"{YEAR}年度{qualifier}{bare}"
        case _:
            text = f"{YEAR}年度{bare}"
    return f"{content.department}{text}" if plan.has("department", "title") else text


def form_title(kind: str) -> str:
    """The title of a kind of form, without year and department."""
    return {OVERALL: "部门整体支出绩效自评表", TRANSFER: "转移支付区域（项目）绩效自评表"}.get(
        kind, "项目支出绩效自评表"
    )


def _lines(content: Content, plan: Plan) -> list[list[Pair]]:
    """The labelled names, those that one line holds together."""
    pairs = _pairs(content, plan)
    lines = [[pair] for pair in pairs]
    if plan.has("heading", "two a row"):
        lines = [pairs[at : at + 2] for at in range(0, len(pairs), 2)]
    if plan.has("heading", "further rows"):
        lines.insert(1, [("项目负责人", ("×××", ""), ""), ("联系电话", ("×××", ""), "")])
        lines.append([("项目类别", ("1、部门预算项目☑　2、专项资金□", ""), "")])
    if plan.has("other money", "in the heading"):
        lines.append([("人均补助标准（元）", (Decimal(1200), ""), "")])
    head: list[Pair] = []
    if plan.has("total", "head"):
        total = points(content.total, plan)
        head.append((word(plan, "total words", TOTALS, "total"), total, "total.self_score"))
    if plan.has("grade", "head"):
        head.append((word(plan, "total words", TOTALS, "grade"), (content.grade, ""), "grade"))
    return [*lines, *([head] if head else [])]


def _pairs(content: Content, plan: Plan) -> list[Pair]:
    pairs: list[Pair] = []
    transfer = content.kind == TRANSFER
    own = {OVERALL: "own department", TRANSFER: "local department"}.get(content.kind, "department")
    if content.project:
        name = word(plan, "names", NAMES, "transfer" if transfer else "project")
        pairs.append((name, (content.project, ""), "project"))
    if transfer:
        pairs.append(("中央主管部门", ("水利部", ""), ""))
    if plan.has("department", "field"):
        pairs.append((word(plan, "names", NAMES, own), (content.department, ""), "department"))
    if content.project:
        only = plan.has("department", "implementer only")
        unit = content.department if only else content.implementer
        pairs.append((word(plan, "names", NAMES, "implementer"), (unit, ""), "implementer"))
    if plan.has("seals", "behind labels"):
        pairs = [
            (label if role == "project" else f"{label}（盖章）", value, role) for label, value, role in pairs
        ]
    return pairs


def _draw_pairs(canvas: Canvas, width: int, pairs: list[Pair], plan: Plan) -> None:
    row = canvas.height
    if plan.has("heading", "inline") and all(isinstance(value, str) for _, (value, _), _ in pairs):
        spans = spread(len(pairs), width, None)
        for (left, right), (label, (value, _), role) in zip(spans, pairs, strict=True):
            canvas.put((row, left), f"{label}：{value}", right=right, role=f"inline.{role}")
        return
    spans = spread(2 * len(pairs), width, None, widest=2 * len(pairs) - 1)
    for number, (label, typed, role) in enumerate(pairs):
        (left, right), (first, last) = spans[2 * number], spans[2 * number + 1]
        canvas.put((row, left), spelled(label, plan), right=right)
        canvas.put((row, first), typed, right=last, role=role)
