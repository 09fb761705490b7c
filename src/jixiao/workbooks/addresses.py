"""Cell addresses for the column titles that formulas are written in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.domain.cells import column_letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.report import SheetSpec

TITLE_ROW, NOTE_ROW, HEADER_ROW, FIRST_ROW = range(4)
"""Every sheet is laid out alike: title, note, header, data from the fourth row on (counted from 0)."""

_OWN_ROW = "\0"
"""Stands for the number of a formula's own row."""
_REFERENCE = re.compile(r"\[(?:(?P<sheet>[^\[\]!@:]+)!)?(?P<title>[^\[\]!@:]+)(?P<rows>:|@\d+(?::\d+)?)?\]")


class Addresses:
    """Where the columns of a workbook's sheets stand."""

    def __init__(self, sheets: Sequence[SheetSpec]) -> None:
        """Index titles by sheet."""
        self._letters = {
            sheet.name: {column.title: column_letters(place) for place, column in enumerate(sheet.columns)}
            for sheet in sheets
        }
        self._templates: dict[tuple[str, str], str] = {}
        self._last = {sheet.name: FIRST_ROW + max(len(sheet.rows), 1) for sheet in sheets}

    def resolve(self, formula: str, sheet: str, row: int) -> str:
        """A formula with addresses in place of references; `row` is its own, counted from 0.

        Raises:
            KeyError: The formula names a sheet or column that is not there, our own mistake.
        """
        template = self._templates.get((sheet, formula))
        if template is None:
            template = self._templates[sheet, formula] = self._template(formula, sheet)
        return template.replace(_OWN_ROW, str(row + 1))

    def _template(self, formula: str, sheet: str) -> str:
        """The same for any row, whose number is left open: a column has the same formula in all of them."""

        def address(match: re.Match[str]) -> str:
            target = match["sheet"] or sheet
            letters, rows = self._letters[target][match["title"]], match["rows"]
            cells = self._cells(letters, rows, target)
            return f"'{target}'!{cells}" if match["sheet"] else cells

        return _REFERENCE.sub(address, formula)

    def _cells(self, letters: str, rows: str | None, sheet: str) -> str:
        if rows is None:
            return f"{letters}{_OWN_ROW}"
        if rows == ":":
            return f"${letters}${FIRST_ROW + 1}:${letters}${self._last[sheet]}"
        return ":".join(f"{letters}${FIRST_ROW + 1 + int(at)}" for at in rows[1:].split(":"))
