"""The funds block: total and its parts with six figures, and the two lists by kind of income and spending."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.cells import column_letters
from tests.drawing.canvas import figure
from tests.drawing.drawing import Cell

if TYPE_CHECKING:
    from tests.drawing.canvas import Canvas
    from tests.drawing.facts import FundsRow, Raw

FIGURES = ("initial_budget", "annual_budget", "executed", "weight", "execution_rate", "self_score")
FUNDS_SLOTS = ("level3", "target", "actual", "weight", "self_score", "reason")
"""The columns of the indicators block that the six figures stand in."""

ITEMS = ("total", "fiscal", "carryover", "other")
"""Names of the funds rows in roles, in printed order."""
INCOME = ("general_public_budget", "government_fund", "special_account", "other_funds")
SPENDING = ("basic_expenditure", "project_expenditure")


def draw_funds(sheet: Canvas) -> None:
    """Draw the block at the next free row."""
    facts = sheet.facts
    top = sheet.row
    narrow = facts.kind == "overall" and sheet.layout.vertical_label
    item_span = ("level1", "level2") if narrow else ("level2", "level2")
    sheet.put("label.funds.corner", item_span, Cell(None, "label"))
    for name, slot in zip(FIGURES, FUNDS_SLOTS, strict=True):
        sheet.put(f"label.{name}", (slot, slot), Cell(facts.word(name), "label"))
    sheet.row += 1
    for item, row in zip(ITEMS, facts.funds, strict=False):
        sheet.put(f"label.funds.{item}", item_span, Cell(row.label, "label"))
        _draw_funds_row(sheet, item, row)
        sheet.row += 1
    if facts.income or facts.spending:
        _draw_kinds(sheet, item_span[0])
    span = (sheet.first, sheet.first if narrow else "level1")
    sheet.put_tall("label.funds", span, facts.word("funds"), top, sheet.row - 1)


def _draw_funds_row(sheet: Canvas, item: str, row: FundsRow) -> None:
    for name, slot in zip(FIGURES, FUNDS_SLOTS, strict=True):
        raw: Raw = getattr(row, name)
        cell = _rate_formula(sheet, row) if raw == "formula" else figure(sheet.layout, raw, name)
        sheet.put(f"funds.{item}.{name}", (slot, slot), cell)


def _rate_formula(sheet: Canvas, row: FundsRow) -> Cell:
    """Executed / annual budget of this row, with the float that Excel would have stored."""
    budget, executed = (
        f"{column_letters(sheet.slots[slot][0])}{sheet.row + 1}" for slot in ("target", "actual")
    )
    value = Decimal(repr(float(row.executed) / float(row.annual_budget)))
    return Cell(value, "figure", "0.00%", f"={executed}/{budget}")


def _draw_kinds(sheet: Canvas, first: str) -> None:
    """The two lists side by side: by kind of income and by kind of spending."""
    facts = sheet.facts
    left, right = (first, "target"), ("actual", "reason")
    sheet.put("label.by_income", left, Cell(facts.word("by_income"), "text"))
    sheet.put("label.by_spending", right, Cell(facts.word("by_spending"), "text"))
    sheet.row += 1
    for index in range(max(len(facts.income), len(facts.spending))):
        _draw_kind(sheet, _kind(facts.income, INCOME, index), (first, "level3"), "target")
        _draw_kind(sheet, _kind(facts.spending, SPENDING, index), ("actual", "self_score"), "reason")
        sheet.row += 1


def _kind(rows: tuple[tuple[str, Raw], ...], names: tuple[str, ...], index: int) -> tuple[str, str, Raw]:
    """Role, printed name and amount of one kind; blank ones where the other list is longer."""
    return (names[index], *rows[index]) if index < len(rows) else (f"beside.{index}", "", "")


def _draw_kind(sheet: Canvas, kind: tuple[str, str, Raw], label: tuple[str, str], value: str) -> None:
    role, text, raw = kind
    sheet.put(f"label.{role}", label, Cell(text or None, "text"))
    sheet.put(role, (value, value), figure(sheet.layout, raw, "initial_budget"))
