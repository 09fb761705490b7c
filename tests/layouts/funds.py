"""The funds block: rows under headers, amounts below or beside their headers, splits by kind."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tests.layouts.canvas import spread
from tests.layouts.columns import FURTHER_COLUMN, funds_columns, funds_word
from tests.layouts.content import MONEY
from tests.layouts.parts import OVERALL, TRANSFER, spelled
from tests.layouts.typing_in import amount, nil, points, rate
from tests.layouts.words import ITEMS, SPLITS, word

if TYPE_CHECKING:
    from tests.layouts.canvas import Canvas, Typed
    from tests.layouts.content import Content, Source
    from tests.layouts.parts import Plan

_PAIRS_A_ROW: Final = 3
_MANAGEMENT: Final = (
    ("", "情况说明", "存在问题和改进措施"),
    ("分配科学性", "严格按照资金管理办法规定的标准分配资金", "无"),
    ("下达及时性", "收到指标文件后15日内分解下达", "无"),
    ("拨付合规性", "按照合同约定和支付进度拨付，资金100%到位", ""),
)
_OBJECTIVES: Final = ("保障年度工作任务按期完成，提升服务水平。", "年度工作任务已全部完成，服务水平提升。")


def draw_funds(canvas: Canvas, width: int, content: Content, plan: Plan) -> None:
    """Print the funds block over the given width."""
    top = canvas.height
    left = 0 if plan.has("captions", "none") else 1
    inner = width - 2 if plan.has("goals", "next to funds") else width
    match plan.of("funds shape"):
        case "below":
            _draw_below(canvas, left, inner, content, plan)
        case "beside":
            _draw_beside(canvas, left, inner, content, plan)
        case _:
            _draw_rows(canvas, left, inner, content, plan)
    if content.splits:
        _draw_splits(canvas, left, inner, content, plan)
    bottom = canvas.height - 1
    if left:
        canvas.put((top, 0), _caption(content, plan), bottom=bottom)
    if inner < width:
        canvas.put((top, inner), "年度总体目标", right=width - 1)
        canvas.put((top + 1, inner), _OBJECTIVES[0], right=width - 1, bottom=max(bottom, top + 1))
    if content.reason:
        row = canvas.height
        canvas.put((row, 0), spelled("预算执行偏差原因", plan), right=1)
        canvas.put((row, 2), content.reason, right=width - 1, role="reason")
    if plan.has("management", "below funds"):
        _draw_management(canvas, width, plan)


def _draw_management(canvas: Canvas, width: int, plan: Plan) -> None:
    """How the money was managed: texts under headers of their own."""
    top = canvas.height
    spans = _moved(spread(3, width - 1, None, widest=1), 1)
    for row, texts in enumerate(_MANAGEMENT, start=top):
        for (first, last), text in zip(spans, texts, strict=True):
            canvas.put((row, first), spelled(text, plan) if row == top else text, right=last)
    canvas.put((top, 0), "资金管理情况", bottom=canvas.height - 1)


def printed_sources(content: Content, plan: Plan) -> tuple[Source, ...]:
    """The rows that the form prints."""
    if plan.has("funds rows", "total only") or not plan.has("funds shape", "rows"):
        return content.funds[:1]
    if plan.has("funds rows", "filled only"):
        return tuple(each for each in content.funds if not each.is_nil)
    return content.funds


def source_label(source: Source, plan: Plan) -> str:
    """What a row is called."""
    return source.label or word(plan, "item words", ITEMS, source.item)


def _caption(content: Content, plan: Plan) -> str:
    text = {OVERALL: "年度预算申请", TRANSFER: "资金投入情况"}.get(content.kind, "项目资金")
    return f"{text}（{plan.of('unit')}）" if plan.has("unit place", "block") else text


def _draw_rows(canvas: Canvas, left: int, width: int, content: Content, plan: Plan) -> None:
    columns = funds_columns(plan)
    rng = None if plan.has("widths", "narrow") else plan.rng("funds widths")
    label, *spans = _moved(spread(len(columns) + 1, width - left, rng), left)
    row = canvas.height
    for column, (first, last) in zip(columns, spans, strict=True):
        canvas.put((row, first), spelled(funds_word(column, plan), plan), right=last, role=f"head.{column}")
    if plan.has("column numbers", "funds", "both"):
        row += 1
        canvas.put((row, label[0]), "列次", right=label[1])
        for number, (first, last) in enumerate(spans, start=1):
            canvas.put((row, first), (Decimal(number), ""), right=last)
    for source in printed_sources(content, plan):
        row += 1
        canvas.put(
            (row, label[0]),
            spelled(source_label(source, plan), plan),
            right=label[1],
            role=f"label.funds.{source.item}",
        )
        for column, (first, last) in zip(columns, spans, strict=True):
            typed = _figure(source, column, content, plan)
            canvas.put((row, first), typed, right=last, role=f"funds.{source.item}.{column}")


def _draw_below(canvas: Canvas, left: int, width: int, content: Content, plan: Plan) -> None:
    """Headers over one row of figures that has no name of its own."""
    columns = funds_columns(plan)
    row = canvas.height
    for column, (first, last) in zip(
        columns, _moved(spread(len(columns), width - left, None), left), strict=True
    ):
        canvas.put((row, first), spelled(funds_word(column, plan), plan), right=last, role=f"head.{column}")
        typed = _figure(content.whole, column, content, plan)
        canvas.put((row + 1, first), typed, right=last, role=f"funds.total.{column}")


def _draw_beside(canvas: Canvas, left: int, width: int, content: Content, plan: Plan) -> None:
    """Every header with its figure to its right, three a row."""
    columns = funds_columns(plan)
    for at in range(0, len(columns), _PAIRS_A_ROW):
        row, few = canvas.height, columns[at : at + _PAIRS_A_ROW]
        spans = _moved(spread(2 * _PAIRS_A_ROW, width - left, None, widest=1), left)
        for number, column in enumerate(few):
            (a, b), (c, d) = spans[2 * number], spans[2 * number + 1]
            canvas.put((row, a), spelled(funds_word(column, plan), plan), right=b, role=f"head.{column}")
            typed = _figure(content.whole, column, content, plan)
            canvas.put((row, c), typed, right=d, role=f"funds.total.{column}")


def _moved(spans: list[tuple[int, int]], left: int) -> list[tuple[int, int]]:
    return [(first + left, last + left) for first, last in spans]


def _figure(source: Source, column: str, content: Content, plan: Plan) -> Typed:
    if column in MONEY:
        return amount(source.amounts[column], plan)
    if column == FURTHER_COLUMN:
        return "执行率×分值" if source.item == "total" else "", ""
    if source.item != "total":
        return nil(plan, points=True)
    if column == "execution_rate":
        return rate(source, plan)
    return points(content.execution_weight if column == "weight" else content.execution_score, plan)


def _draw_splits(canvas: Canvas, left: int, width: int, content: Content, plan: Plan) -> None:
    """按收入性质分 beside 按支出性质分: labels with their amounts."""
    row = canvas.height
    spans = _moved(spread(4, width - left, None, widest=1), left)
    canvas.put((row, spans[0][0]), "按收入性质分：", right=spans[1][1])
    canvas.put((row, spans[2][0]), "按支出性质分：", right=spans[3][1])
    names = list(SPLITS)
    for number, name in enumerate(names[:4]):
        _draw_split(canvas, row + 1 + number, spans[:2], content, plan, name=name)
    for number, name in enumerate(names[4:]):
        _draw_split(canvas, row + 1 + number, spans[2:], content, plan, name=name)


def _draw_split(
    canvas: Canvas, row: int, spans: list[tuple[int, int]], content: Content, plan: Plan, *, name: str
) -> None:
    (a, b), (c, d) = spans
    first = name in {"general_public_budget", "basic_expenditure"}
    canvas.put((row, a), spelled(f"{'其中：' if first else ''}{SPLITS[name]}", plan), right=b)
    canvas.put((row, c), amount(content.splits[name], plan), right=d, role=f"split.{name}")


def draw_goals(canvas: Canvas, width: int, plan: Plan) -> None:
    """年度总体目标: expected and reached."""
    if plan.has("goals", "none", "next to funds"):
        return
    row, half = canvas.height, (width + 1) // 2
    beside = plan.has("goals", "beside")
    canvas.put((row, 0), spelled("年度总体目标", plan), bottom=row if beside else row + 1)
    labels = ("预期目标", "实际完成情况")
    if beside:
        for (first, last), text in zip(
            spread(4, width - 1, None, widest=1),
            (labels[0], _OBJECTIVES[0], labels[1], _OBJECTIVES[1]),
            strict=True,
        ):
            canvas.put((row, first + 1), text, right=last + 1)
        return
    for number, label in enumerate(labels):
        first, last = (1, half - 1) if not number else (half, width - 1)
        canvas.put((row, first), spelled(label, plan), right=last)
        canvas.put((row + 1, first), _OBJECTIVES[number], right=last)
