"""The indicators block: header, first- and second-level names over rows, targets in one cell or three."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tests.drawing.canvas import figure
from tests.drawing.drawing import Cell

if TYPE_CHECKING:
    from tests.drawing.canvas import Canvas
    from tests.drawing.facts import IndicatorRow, Raw

HEADERS = ("level1", "level2", "level3", "target", "actual", "weight", "self_score", "reason")
TARGET_PARTS = ("operator", "figure", "measure")


def draw_indicators(sheet: Canvas) -> None:
    """The indicators, page by page: labels never reach over a repeated header row."""
    rows = sheet.facts.indicators
    breaks = [0, *(number - 1 for number in sheet.layout.header_before), len(rows)]
    for page, (start, end) in enumerate(pairwise(breaks), start=1):
        top = sheet.row
        _draw_header(sheet, page)
        first = sheet.row
        for number in range(start, end):
            _draw_indicator(sheet, number + 1, rows[number])
            sheet.row += 1
        _draw_levels(sheet, rows[start:end], first, start + 1)
        if sheet.layout.vertical_label:
            text = sheet.facts.word("indicators")
            sheet.put_tall("label.indicators", ("vertical", "vertical"), text, top, sheet.row - 1)


def _draw_header(sheet: Canvas, page: int) -> None:
    prefix = "header" if page == 1 else f"header{page}"
    for name in HEADERS:
        if name == "target" and sheet.layout.target_cells == "headed":
            for part, column in zip(TARGET_PARTS, _columns(sheet, "target"), strict=True):
                cell = Cell(sheet.facts.word(part), "label")
                sheet.put_at(f"{prefix}.target.{part}", (column, column), cell)
        else:
            sheet.put(f"{prefix}.{name}", (name, name), Cell(sheet.facts.word(name), "label"))
    sheet.row += 1


def _draw_indicator(sheet: Canvas, number: int, row: IndicatorRow) -> None:
    role = f"indicator.{number}"
    sheet.put(f"{role}.level3", ("level3", "level3"), Cell(row.level3 or None, "text"))
    _draw_target(sheet, role, row)
    for name in ("actual", "weight", "self_score"):
        raw: Raw = getattr(row, name)
        sheet.put(f"{role}.{name}", (name, name), figure(sheet.layout, raw, name))
    sheet.put(f"{role}.reason", ("reason", "reason"), Cell(row.reason or None, "text"))


def _draw_target(sheet: Canvas, role: str, row: IndicatorRow) -> None:
    """The target in as many cells as the layout has; a wording stands in one of them."""
    parts = row.target if isinstance(row.target, tuple) else (row.target,)
    if sheet.layout.target_cells == "one":
        raw = "".join(str(part) for part in parts) if len(parts) > 1 else parts[0]
        sheet.put(f"{role}.target", ("target", "target"), figure(sheet.layout, raw, "target"))
        return
    if len(parts) == 1 and sheet.layout.target_cells == "three":
        sheet.put(f"{role}.target", ("target", "target"), figure(sheet.layout, parts[0], "target"))
        return
    parts = parts if len(parts) > 1 else ("", *parts, "")
    for part, raw, column in zip(TARGET_PARTS, parts, _columns(sheet, "target"), strict=True):
        sheet.put_at(f"{role}.target.{part}", (column, column), figure(sheet.layout, raw, part))
    sheet.roles[f"{role}.target"] = sheet.roles[f"{role}.target.figure"]


def _draw_levels(sheet: Canvas, rows: tuple[IndicatorRow, ...], first: int, number: int) -> None:
    """First- and second-level names over the rows they hold for; a second level ends with its first."""
    for name in ("level1", "level2"):
        start = 0
        for index in range(1, len(rows) + 1):
            if index == len(rows) or _level(rows[index], name) != _level(rows[start], name):
                role = f"indicator.{number + start}.{name}"
                text: str = getattr(rows[start], name)
                sheet.put_tall(role, (name, name), text, first + start, first + index - 1)
                start = index


def _level(row: IndicatorRow, name: str) -> tuple[str, ...]:
    return (row.level1,) if name == "level1" else (row.level1, row.level2)


def _columns(sheet: Canvas, slot: str) -> range:
    first, last = sheet.slots[slot]
    return range(first, last + 1)
