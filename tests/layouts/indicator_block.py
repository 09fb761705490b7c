"""The indicator block: headers, rows with their levels, subtotals, page breaks, rows nobody filled."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from tests.layouts.canvas import spread
from tests.layouts.columns import FURTHER_COLUMN, level_columns, row_columns, row_word, target_columns
from tests.layouts.content import YEAR, ZERO
from tests.layouts.heading import form_title
from tests.layouts.parts import spelled
from tests.layouts.typing_in import actual, points, target, target_pieces
from tests.layouts.words import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.layouts.canvas import Canvas, Typed
    from tests.layouts.content import Content, Row
    from tests.layouts.parts import Plan

Spans = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed row of the block; `row` None for one without an indicator."""

    number: int
    level1: str
    level2: str
    row: Row | None
    name: str = ""


def block_spans(width: int, plan: Plan) -> Spans:
    """Which grid columns each column of the block covers."""
    columns = row_columns(plan)
    left = 1 if plan.has("captions", "all") else 0
    rng = None if plan.has("widths", "narrow") else plan.rng("row widths")
    spans = spread(len(columns), width - left, rng, widest=columns.index("level3"))
    return {column: (a + left, b + left) for column, (a, b) in zip(columns, spans, strict=True)}


def draw_indicators(canvas: Canvas, width: int, content: Content, plan: Plan) -> None:
    """Print the block, in one or in two with headers of their own."""
    spans = block_spans(width, plan)
    rows = list(enumerate(content.rows))
    if plan.has("blocks", "two with headers"):
        levels = list(dict.fromkeys(row.level1 for row in content.rows))
        first = [each for each in rows if each[1].level1 == levels[0]]
        _draw_block(canvas, spans, first, content, plan, caption="年度绩效目标1")
        _draw_block(canvas, spans, rows[len(first) :], content, plan, caption="年度绩效目标2")
    else:
        _draw_block(canvas, spans, rows, content, plan, caption="绩效指标")


def _draw_block(
    canvas: Canvas,
    spans: Spans,
    rows: Sequence[tuple[int, Row]],
    content: Content,
    plan: Plan,
    *,
    caption: str,
) -> None:
    top = canvas.height
    if not plan.has("captions", "all") and plan.has("blocks", "two with headers"):
        canvas.put((top, 0), caption, right=max(right for _, right in spans.values()))
    _draw_header(canvas, spans, plan)
    if plan.has("column numbers", "indicators", "both"):
        line = canvas.height
        for count, (left, right) in enumerate(spans.values(), start=1):
            canvas.put((line, left), (Decimal(count), ""), right=right)
    stretch: list[_Line] = []
    at_break = plan.rng("page break").randint(1, max(1, len(rows) - 1))
    for count, (number, row) in enumerate(rows):
        if count == at_break and not plan.has("page break", "no"):
            _draw_levels(canvas, spans, stretch, content, plan)
            stretch = []
            _draw_break(canvas, spans, content, plan)
        stretch.append(_draw_row(canvas, spans, number, row, plan))
        following = rows[count + 1][1] if count + 1 < len(rows) else None
        stretch += _draw_after(canvas, spans, row, content, plan, following=following)
    _draw_levels(canvas, spans, stretch, content, plan)
    if plan.has("captions", "all"):
        canvas.put((top, 0), spelled(caption, plan), bottom=canvas.height - 1)


def _draw_header(canvas: Canvas, spans: Spans, plan: Plan) -> None:
    row = canvas.height
    double = plan.has("header", "two rows")
    bottom = row + 1 if double else row
    words = {column: spelled(row_word(column, plan), plan) for column in spans if "." not in column}
    joined = _joined_headers(spans, plan)
    values = [*target_columns(plan), "actual"]
    if double:
        canvas.put((row, spans[values[0]][0]), "指标值及完成情况", right=spans["actual"][1])
    for column, text in words.items():
        if column in joined and column != joined[column]:
            continue
        left, right = spans[column]
        if column in joined:
            right = max(spans[each][1] for each, head in joined.items() if head == column)
        heading = "绩效指标" if column in joined and column.startswith("level") else text
        under = double and column in values
        canvas.put((row + under, left), heading, right=right, bottom=bottom, role=f"hdr.{column}")


def _joined_headers(spans: Spans, plan: Plan) -> dict[str, str]:
    """Columns under one header cell, each with the column whose word it is."""
    joined: dict[str, str] = {}
    if plan.has("target", "headed twice"):
        joined |= dict.fromkeys([each for each in spans if each.startswith("target")], "target")
    if plan.has("levels", "one header"):
        joined |= dict.fromkeys(level_columns(plan), "level1")
    return joined


def _draw_row(canvas: Canvas, spans: Spans, number: int, row: Row, plan: Plan) -> _Line:
    line = canvas.height
    pieces = dict(zip(("operator", "target", "unit"), target_pieces(row, plan), strict=True))
    if plan.has("target", "one cell", "unit apart", "nature beside"):
        pieces["target"] = target(row, plan)
    if plan.has("target", "nature beside"):
        pieces["operator"] = ("定量指标" if row.is_figure else "定性指标", "")
    cells: dict[str, Typed] = {
        "level3": (row_name(row, number, plan), ""),
        "actual": actual(row, plan),
        "weight": points(row.weight, plan),
        "self_score": points(row.score, plan),
        "reason": (row.reason, ""),
        FURTHER_COLUMN: ("工作台账", ""),
        **pieces,
    }
    if plan.has("target", "headed twice"):
        cells["target"], cells["target.2"], cells["target.3"] = target_pieces(row, plan)
    for column, (left, right) in spans.items():
        if column not in {"level1", "level2"}:
            canvas.put((line, left), cells[column], right=right, role=f"row.{number}.{column}")
    return _Line(line, row.level1, row.level2, row)


def row_name(row: Row, number: int, plan: Plan) -> str:
    """An indicator's name as printed."""
    match plan.of("names of rows"):
        case "numbered":
            return f"指标{number + 1}：{row.name}"
        case "starred":
            return f"★{row.name}"
        case "unit in name" if row.unit:
            return f"{row.name}（{row.unit}）"
        case _:
            return row.name


def _draw_after(
    canvas: Canvas, spans: Spans, row: Row, content: Content, plan: Plan, *, following: Row | None
) -> list[_Line]:
    """What the form prints below a row: an unfilled one at the end of a level, a subtotal."""
    lines: list[_Line] = []
    ends_second = following is None or (following.level1, following.level2) != (row.level1, row.level2)
    if ends_second and not plan.has("template rows", "no"):
        line = canvas.height
        name = "……" if plan.has("template rows", "dots") else "指标2："
        canvas.put((line, spans["level3"][0]), name, right=spans["level3"][1])
        lines.append(_Line(line, row.level1, row.level2, None))
    ends_first = following is None or following.level1 != row.level1
    if ends_first and plan.has("subtotals", "after groups"):
        line = canvas.height
        left = spans["level2" if "level2" in spans else "level3"][0]
        canvas.put((line, left), "小计", right=spans["level3"][1])
        own = [each for each in content.rows if each.level1 == row.level1]
        sums = {
            "weight": content.points(row.level1),
            "self_score": sum((each.score or ZERO for each in own), ZERO),
        }
        for column, value in sums.items():
            if column in spans:
                left, right = spans[column]
                canvas.put(
                    (line, left), points(value, plan), right=right, role=f"subtotal.{row.level1}.{column}"
                )
        lines.append(_Line(line, row.level1, "", None))
    if ends_first and following and plan.has("gaps", "between levels"):
        canvas.skip()
    return lines


def _draw_levels(canvas: Canvas, spans: Spans, lines: Sequence[_Line], content: Content, plan: Plan) -> None:
    """Print first and second levels over the rows of a page."""
    if "level1" in spans:
        for level1, own in groupby(lines, key=lambda line: line.level1):
            text = level_text(level1, content.points(level1), plan)
            _draw_level(canvas, spans["level1"], list(own), plan, text=text, role=f"group.{level1}")
    if "level2" in spans:
        for (level1, level2), own in groupby(lines, key=lambda line: (line.level1, line.level2)):
            if level2:
                _draw_level(
                    canvas, spans["level2"], list(own), plan, text=level2, role=f"second.{level1}.{level2}"
                )


def _draw_level(
    canvas: Canvas, span: tuple[int, int], lines: Sequence[_Line], plan: Plan, *, text: str, role: str
) -> None:
    top, bottom = lines[0].number, lines[-1].number
    merged = plan.has("levels", "merged", "no first", "no second", "one header")
    if merged:
        canvas.put((top, span[0]), text, right=span[1], bottom=bottom)
    for line in lines if not merged else ():
        if line.number == top or plan.has("levels", "repeated"):
            canvas.put((line.number, span[0]), text, right=span[1])
    canvas.roles.setdefault(role, (top, span[0]))


def level_text(level1: str, weight: Decimal, plan: Plan) -> str:
    """A first level as printed."""
    option = plan.of("level words")
    if plan.has("points", "level headings") and option in {"known", "short"}:
        option = "points"
    match option:
        case "short":
            return plan.rng(f"short.{level1}").choice(LEVELS[level1])
        case "points":
            return f"{level1}（{weight:f}分）"
        case "points in a line":
            return f"{level1}\n({weight:f}分)"
        case _:
            return level1


def _draw_break(canvas: Canvas, spans: Spans, content: Content, plan: Plan) -> None:
    if plan.has("page break", "title and header"):
        left, right = 1 if plan.has("captions", "all") else 0, max(right for _, right in spans.values())
        canvas.put((canvas.height, left), f"{YEAR}年度{form_title(content.kind)}（续）", right=right)
    _draw_header(canvas, spans, plan)


def draw_total(canvas: Canvas, width: int, content: Content, plan: Plan, label: str) -> None:
    """The row of totals, its figures under the columns they add up."""
    spans = block_spans(width, plan)
    row = canvas.height
    figures = [column for column in ("weight", "self_score") if column in spans]
    if not figures:
        return
    first = min(spans[column][0] for column in figures)
    canvas.put((row, 0), spelled(label, plan), right=first - 1 if first else 0, role="label.total")
    for column in figures:
        value = content.total_weight if column == "weight" else content.total
        left, right = spans[column]
        canvas.put((row, left), points(value, plan), right=right, role=f"total.{column}")
    if plan.has("total", "beside grade") and spans["reason"][0] > first:
        left, right = spans["reason"]
        canvas.put((row, left), content.grade, right=right, role="grade beside")
