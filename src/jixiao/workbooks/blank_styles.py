"""How the cells of a blank form look: as the official forms are printed, with what to fill in tinted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jixiao.domain.blanks import LiveFormula, Role
from jixiao.domain.forms import ValueKind

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from jixiao.domain.blanks import BlankCell

_INPUT, _COMPUTED, _LABEL, _GREY = "#FFF9E1", "#E9EDF4", "#F7F7F7", "#595959"
_BASE = {"font_name": "宋体", "font_charset": 134, "font_size": 10, "valign": "vcenter", "text_wrap": True}
_ROLES: dict[Role, dict[str, Any]] = {
    Role.TITLE: {"font_name": "黑体", "font_size": 16, "align": "center"},
    Role.SUBTITLE: {"align": "center", "font_size": 11},
    Role.UNIT: {"align": "right"},
    Role.LABEL: {"align": "center", "border": 1, "bg_color": _LABEL},
    Role.TEXT: {"align": "left", "indent": 1, "border": 1, "bg_color": _LABEL},
    Role.INPUT: {"border": 1, "bg_color": _INPUT, "locked": False},
    Role.COMPUTED: {"border": 1, "bg_color": _COMPUTED},
    Role.CHECK: {"align": "left", "border": 1, "bold": True, "indent": 1},
    Role.NOTE: {"align": "left", "font_size": 9, "font_color": _GREY},
}
_FORMATS = {
    ValueKind.AMOUNT: "#,##0.00",
    ValueKind.PERCENT: "0.00%",
    ValueKind.TEXT: "@",
    ValueKind.YEAR: "0",
}
_VALUES = {Role.INPUT, Role.COMPUTED, Role.LABEL}
_PROSE = 24
"""Characters of width from which a text is written from the left, as prose."""
GOOD = {"font_color": "#FFFFFF", "bg_color": "#009E73"}
BAD = {"font_color": "#FFFFFF", "bg_color": "#D55E00"}


class BlankStyles:
    """The formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        """Formats are registered with `workbook` as they are first asked for."""
        self._workbook = workbook
        self._formats: dict[tuple[Role, str, str], Format] = {}
        self.good = workbook.add_format(GOOD)
        self.bad = workbook.add_format(BAD)

    def of(self, cell: BlankCell, width: int) -> Format:
        """The format of a cell that is so many characters wide."""
        key = cell.role, _number_format(cell), _alignment(cell, width)
        if key not in self._formats:
            role, number_format, alignment = key
            properties = {**_BASE, "align": alignment, **_ROLES[role]}
            if number_format:
                properties["num_format"] = number_format
            self._formats[key] = self._workbook.add_format(properties)
        return self._formats[key]


def _number_format(cell: BlankCell) -> str:
    """Texts are kept as typed ("3-5" is no date, "=0" no formula); but a formula would be shown as such."""
    if cell.role not in _VALUES or not cell.name:
        return ""
    if cell.kind is ValueKind.TEXT and isinstance(cell.content, LiveFormula):
        return ""
    return _FORMATS.get(cell.kind, "")


def _alignment(cell: BlankCell, width: int) -> str:
    return "left" if cell.kind is ValueKind.TEXT and width >= _PROSE else "center"
