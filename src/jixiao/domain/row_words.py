"""Words by which a row of a list says what it is, whatever the form: the accountant's, not a jurisdiction's."""

from __future__ import annotations

from typing import Final

OF_WHICH: Final = "其中"
"""Begins a selection from the row above."""
SUBTOTALS: Final = ("合计", "总计", "小计")
"""End the name of a row that adds up those above it."""
INCOME: Final = "收入"
SPENDING: Final = "支出"
"""Which of two lists in one block a subtotal belongs to."""
