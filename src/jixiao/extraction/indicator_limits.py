"""Which rows of an indicator block are no indicators: total, subtotals, remarks, details, blank rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.forms import State
from jixiao.extraction.indicator_rows import REPORTED, usual_levels
from jixiao.extraction.labels import compact, label_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.indicator_rows import Row
    from jixiao.extraction.views import FormView

_LEVELS = ("level1", "level2", "level3")
_DETAIL = "其中"


@dataclass(frozen=True, slots=True)
class Body:
    """The rows that may be indicators, and the 总分 row (None where the block has none)."""

    rows: tuple[Row, ...]
    total: Row | None


def find_body(rows: Sequence[Row], table: TableLayout, view: FormView) -> Body:
    """Part the indicators' rows from the total, from subtotals and from all that stands below the total.

    A row of totals closes the block unless indicators with the usual level names go on below it: then it is
    one group's subtotal, or a total printed on top.
    """
    totals = {label_key(label) for label in table.total_labels}
    marks = [position for position, row in enumerate(rows) if _is_total(row, totals, view)]
    usual = usual_levels(view.layout)
    named = [position for position, row in enumerate(rows) if position not in marks and _is_named(row, usual)]
    last = max(named, default=-1)
    closing = [position for position in marks if position > last]
    end = closing[0] if closing else len(rows)
    body = (row for position, row in enumerate(rows[:end]) if position not in marks)
    total = _total(marks, closing, min(named, default=0))
    subtotals = tuple(label_key(label) for label in table.skipped_labels)
    return Body(
        tuple(row for row in body if not _is_left_out(row, subtotals, view)),
        None if total is None else rows[total],
    )


def is_unfilled(row: Row, view: FormView) -> bool:
    """Whether a row is the blank form's own: named 指标1 or …… and nothing reported in it."""
    name = row.own_text("level3")
    filled = any(row.own_text(column) or row.own_figure(column) for column in REPORTED)
    return not filled and any(compact(name).startswith(compact(word)) for word in view.lexicon.placeholders)


def _total(marks: Sequence[int], closing: Sequence[int], first: int) -> int | None:
    """Which row of totals is the whole form's: the only one, or the one below the last group's subtotal.

    Where every group has its subtotal and nothing follows the last, none is.
    """
    if len(marks) == 1:
        return marks[0] if closing or marks[0] < first else None
    run = [second for one, second in pairwise(closing) if second == one + 1]
    return run[0] if run else closing[0] if closing and closing == list(marks) else None


def _is_named(row: Row, usual: Mapping[str, str]) -> bool:
    """Whether it is surely an indicator's row: it has points, and the usual name of a level."""
    texts = (
        entry.text for name in _LEVELS[:2] if (entry := row.entries.get(name)) and entry.state is State.TEXT
    )
    scored = any(row.own_figure(column) for column in ("weight", "self_score"))
    return scored and any(label_key(text) in usual for text in texts)


def _is_total(row: Row, totals: set[str], view: FormView) -> bool:
    grid = view.region.grid
    right = row.header.spans.get("weight", row.header.spans.get("self_score", (row.header.left + 1, 0)))[0]
    keys = (view.region.keys.get(grid.anchor(row.number, column)) for column in range(right))
    return any(key in totals for key in keys)


def _is_left_out(row: Row, subtotals: tuple[str, ...], view: FormView) -> bool:
    keys = [label_key(row.own_text(column)) for column in _LEVELS]
    subtotal = bool(subtotals) and any(key.endswith(subtotals) for key in keys)
    return subtotal or _is_heading(row, view) or _is_remark(row, view) or _is_detail(row)


def _is_heading(row: Row, view: FormView) -> bool:
    """A text merged across the table's first and a figure column is a note or a heading."""
    first = view.region.grid.anchor(row.number, row.header.left)
    return any(
        view.region.grid.anchor(row.number, row.header.spans[column][0]) == first
        for column in REPORTED
        if column in row.header.spans and row.header.spans[column][0] != row.header.left
    )


def _is_remark(row: Row, view: FormView) -> bool:
    """A row that holds one text only, and that begins as remarks do: 注：…… or 说明1."""
    values = view.region.grid.values
    right = max(right for _, right in row.header.spans.values())
    texts = [values[row.number, column] for column in range(right + 1) if (row.number, column) in values]
    if len(texts) != 1 or not isinstance(texts[0], str):
        return False
    text = compact(texts[0]).lstrip("([【※*")
    heads = (text.removeprefix(word) for word in view.lexicon.notes if text.startswith(word))
    return any(rest[:1] in {":", "、", ".", ")", "]", "】"} or rest[:1].isdigit() for rest in heads)


def _is_detail(row: Row) -> bool:
    """A row that only breaks the figure above down (其中：城区), without target and points of its own."""
    asked = any(
        row.own_text(column) or row.own_figure(column) for column in ("target", "weight", "self_score")
    )
    return not asked and compact(row.own_text("level3")).startswith(_DETAIL)
