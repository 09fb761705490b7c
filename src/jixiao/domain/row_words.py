"""Words by which a row of a list says what it is: the accountant's, not a jurisdiction's."""

from __future__ import annotations

from typing import Final

OF_WHICH: Final = "其中"
"""Begins a selection from the row above."""
SUBTOTALS: Final = ("合计", "总计", "小计")
"""End the name of a row that adds up those above it."""
INCOME: Final = "收入"
SPENDING: Final = "支出"
"""Which of two lists in one block a subtotal belongs to."""
_MARKS: Final = "*＊※★☆△▲"
"""What stands before the name of a row that a note below explains."""


def is_of_which(label: str) -> bool:
    """Whether a row's label begins a selection, however a narrow cell breaks or spaces it; a ★ is no word."""
    return "".join(label.split()).lstrip(_MARKS).startswith(OF_WHICH)
