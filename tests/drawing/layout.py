"""Lays a form out as the Ministry of Finance's standard self-evaluation form is printed."""

from __future__ import annotations

from tests.drawing.canvas import Canvas, figure
from tests.drawing.drawing import Cell, Drawing
from tests.drawing.facts import NoticeFacts, PrintedFacts, SheetFacts
from tests.drawing.funds_block import draw_funds
from tests.drawing.indicator_block import draw_indicators
from tests.drawing.printed import draw_printed


def draw(facts: SheetFacts) -> Drawing:
    """Lay one sheet out. Roles: see tests/builders/forms.py, which lists them."""
    if isinstance(facts, NoticeFacts):
        return _draw_notice(facts)
    if isinstance(facts, PrintedFacts):
        return draw_printed(facts)
    sheet = Canvas(facts)
    _draw_heading(sheet)
    _draw_names(sheet)
    draw_funds(sheet)
    _draw_objectives(sheet)
    draw_indicators(sheet)
    _draw_total(sheet)
    return sheet.drawing()


def _draw_notice(facts: NoticeFacts) -> Drawing:
    cells = {(0, 0): Cell(facts.title, "title")}
    cells |= {(row, 0): Cell(line, "note") for row, line in enumerate(facts.lines, start=1)}
    return Drawing(facts.sheet, cells, (), {0: 80})


def _draw_heading(sheet: Canvas) -> None:
    facts = sheet.facts
    whole = (sheet.first, "reason")
    for role, text in (("annex", facts.annex), ("title", facts.title), ("subtitle", facts.subtitle)):
        if text:
            sheet.put(role, whole, Cell(text, role))
            sheet.row += 1


def _draw_names(sheet: Canvas) -> None:
    facts = sheet.facts
    if facts.kind == "overall":
        _draw_pair(sheet, "department", (sheet.first, "level2"), ("level3", "reason"))
        sheet.row += 1
        return
    label = (sheet.first, "level1")
    _draw_pair(sheet, "project", label, ("level2", "reason"))
    sheet.row += 1
    _draw_pair(sheet, "department", label, ("level2", "target"))
    _draw_pair(sheet, "implementer", ("actual", "actual"), ("weight", "reason"))
    sheet.row += 1


def _draw_pair(sheet: Canvas, name: str, label: tuple[str, str], value: tuple[str, str]) -> None:
    texts = {"department": sheet.facts.department, "project": sheet.facts.project}
    texts["implementer"] = sheet.facts.implementer
    sheet.put(f"label.{name}", label, Cell(sheet.facts.word(name), "label"))
    sheet.put(name, value, Cell(texts[name] or None, "centred"))


def _draw_objectives(sheet: Canvas) -> None:
    facts = sheet.facts
    left_from = "level1" if sheet.layout.vertical_label else "level2"
    spans = {"objective_expected": (left_from, "target"), "objective_actual": ("actual", "reason")}
    texts = {"objective_expected": facts.objective_expected, "objective_actual": facts.objective_actual}
    for name, span in spans.items():
        sheet.put(f"label.{name}", span, Cell(facts.word(name), "label"))
        sheet.put(name, span, Cell(texts[name] or None, "text"), row=sheet.row + 1)
    span = (sheet.first, sheet.first)
    sheet.put_tall("label.objectives", span, facts.word("objectives"), sheet.row, sheet.row + 1)
    sheet.row += 2


def _draw_total(sheet: Canvas) -> None:
    sheet.put("label.total", (sheet.first, "actual"), Cell(sheet.facts.word("total"), "label"))
    for name, raw in zip(("weight", "self_score"), sheet.facts.total, strict=True):
        sheet.put(f"total.{name}", (name, name), figure(sheet.layout, raw, name))
    sheet.put("total.reason", ("reason", "reason"), Cell(None, "text"))
    sheet.row += 1
    sheet.put("notes", (sheet.first, "reason"), Cell(sheet.facts.word("notes"), "note"))
