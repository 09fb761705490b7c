"""Blank forms as workbooks: cells, formulas with their values, checks, and the formats of all of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from jixiao.blanks.checks import PASSED, WRONG
from jixiao.domain.blanks import Entering, LiveFormula, Role
from jixiao.domain.forms import ValueKind
from jixiao.domain.own_sheets import FORM_NAME
from jixiao.workbooks.sheet_layout import count_lines
from jixiao.workbooks.writing import close

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from jixiao.domain.blanks import BlankCell, BlankForm, Filling, InputRule
    from jixiao.domain.cells import Area

_A4 = 9
_CHARACTER = 5.6
"""Points that a character takes."""
_UPRIGHT = 0.9
"""Height for each unit of width from which a form fits better on upright paper."""
_LINE, _LOWEST, _TALL, _HIGHEST = 13.5, 24.0, 78.0, 409.0
"""Points: a line of text, a row of one line, a row for several sentences, the highest row."""
_TITLE = 36.0
_LONGEST_HELP = 255


def write_blank(path: Path, form: BlankForm) -> None:
    """Write a blank form as a workbook of its own, replacing what is there.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_bytes(blank_workbook([form]))


def blank_workbook(forms: Sequence[BlankForm]) -> bytes:
    """Blank forms as a workbook: a sheet each, protected without a password but for the cells to fill in.

    Each has a sheet's name of its own. Its creation is dated to the first day of the forms' year, so that
    making it again gives equal bytes.
    """
    first, content = forms[0], BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    created = datetime(first.fingerprint.year, 1, 1)  # noqa: DTZ001  a workbook's stamp has no time zone
    workbook.set_properties({"title": first.title, "author": "jixiao", "created": created})
    alone = first.fingerprint.properties.items() if len(forms) == 1 else ()
    for name, value in alone:  # of several, each sheet says which it is
        workbook.set_custom_property(name, value, "text")
    styles = BlankStyles(workbook)
    for form in forms:
        worksheet = workbook.add_worksheet(form.sheet)
        workbook.define_name(f"'{form.sheet}'!{FORM_NAME}", f'="{form.fingerprint.text}"')
        _SheetWriter(worksheet, form, styles).write()
    close(workbook)
    return content.getvalue()


class _SheetWriter:
    """The sheet in the making."""

    def __init__(self, worksheet: Worksheet, form: BlankForm, styles: BlankStyles) -> None:
        self._worksheet, self._form, self._styles = worksheet, form, styles
        self._heights = _row_heights(form)
        self._areas = {cell.name: cell.area for cell in form.cells if cell.name}

    def write(self) -> None:
        """Columns, cells, rules, then paper and protection."""
        for column, width in enumerate(self._form.widths):
            self._worksheet.set_column(column, column, width)
        for row, height in self._heights.items():
            self._worksheet.set_row(row, height)
        for cell in self._form.cells:
            self._write_cell(cell)
            if cell.rule:
                self._set_rule(cell, cell.rule)
            if cell.role is Role.CHECK:
                self._colour(cell.area)
        self._set_screen()
        self._set_paper()

    def _write_cell(self, cell: BlankCell) -> None:
        area, style = cell.area, self._styles.of(cell, _width(cell, self._form))
        if (area.top, area.left) != (area.bottom, area.right):
            self._worksheet.merge_range(area.top, area.left, area.bottom, area.right, "", style)
        match cell.content:
            case None:
                self._worksheet.write_blank(area.top, area.left, None, style)
            case LiveFormula(text, value):
                self._worksheet.write_formula(area.top, area.left, f"={text}", style, _stored(value))
            case Decimal() as number:
                self._worksheet.write_number(area.top, area.left, float(number), style)
            case text:
                self._worksheet.write_string(area.top, area.left, text, style)

    def _set_rule(self, cell: BlankCell, rule: InputRule) -> None:
        options: dict[str, Any] = {"validate": "any", "input_message": rule.help[:_LONGEST_HELP]}
        match rule.entering:
            case Entering.CHOICE:
                options |= {"validate": "list", "source": list(rule.choices)}
                options |= {
                    "error_title": "请重新选择",
                    "error_message": f"请从列表中选择：{'、'.join(rule.choices)}。",
                }
            case Entering.DECIMAL | Entering.WHOLE:
                options |= {"validate": rule.entering.value, "criteria": "between", **self._bounds(rule)}
        if rule.help:
            self._worksheet.data_validation(
                *(cell.area.top, cell.area.left, cell.area.top, cell.area.left),
                {"input_title": rule.title, **options},
            )

    def _bounds(self, rule: InputRule) -> dict[str, Any]:
        """Least and greatest entry, the latter perhaps another cell's."""
        limit = self._areas.get(rule.limit)
        high: Any = f"={xl_rowcol_to_cell(limit.top, limit.left)}" if limit else float(rule.high or 0)
        return {
            "minimum": float(rule.low or 0),
            "maximum": high,
            "error_title": "请重新填写",
            "error_message": rule.help[:_LONGEST_HELP],
        }

    def _colour(self, area: Area) -> None:
        """Green for passed, red for wrong; the words say the same."""
        for words, style in ((PASSED, self._styles.good), (WRONG, self._styles.bad)):
            rule = {"type": "text", "criteria": "begins with", "value": words, "format": style}
            self._worksheet.conditional_format(area.top, area.left, area.bottom, area.right, rule)

    def _set_screen(self) -> None:
        worksheet, form = self._worksheet, self._form
        last = max(cell.area.bottom for cell in form.cells)
        whole = f"A1:{xl_rowcol_to_cell(last, len(form.widths) - 1)}"
        worksheet.ignore_errors({"number_stored_as_text": whole, "formula_unlocked": whole})
        worksheet.hide_gridlines(2)
        worksheet.protect("", {"insert_rows": True, "format_rows": True, "format_columns": True})
        first = next((cell.area for cell in form.cells if cell.role is Role.INPUT), None)
        if first:
            worksheet.set_selection(first.top, first.left, first.top, first.left)

    def _set_paper(self) -> None:
        worksheet, form = self._worksheet, self._form
        worksheet.set_paper(_A4)
        if sum(self._heights.values()) < _UPRIGHT * _CHARACTER * sum(form.widths):
            worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        worksheet.center_horizontally()
        worksheet.set_footer("&C第 &P 页，共 &N 页")
        if form.header is not None:
            worksheet.repeat_rows(form.header)


class _EmptyText(str):
    """The empty text that a formula gives.

    For "" XlsxWriter stores no value at all, and a formula without one can't be told from one that nobody has
    calculated; it asks by comparing.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


_EMPTY = _EmptyText()


def _stored(value: Filling) -> float | str:
    if isinstance(value, Decimal):
        return float(value)
    return value or _EMPTY


def _width(cell: BlankCell, form: BlankForm) -> int:
    return sum(form.widths[cell.area.left : cell.area.right + 1])


def _row_heights(form: BlankForm) -> dict[int, float]:
    """High enough for every text; what a label over several rows lacks is spread over them."""
    heights: dict[int, float] = defaultdict(lambda: _LOWEST)
    for cell in form.cells:
        if cell.area.top == cell.area.bottom:
            heights[cell.area.top] = max(heights[cell.area.top], _height(cell, form))
    for cell in form.cells:
        rows = range(cell.area.top, cell.area.bottom + 1)
        lack = _height(cell, form) - sum(heights[row] for row in rows)
        for row in rows if lack > 0 else ():
            heights[row] += lack / len(rows)
    return {row: min(height, _HIGHEST) for row, height in sorted(heights.items())}


def _height(cell: BlankCell, form: BlankForm) -> float:
    if cell.role is Role.TITLE:
        return _TITLE
    text = cell.content if isinstance(cell.content, str) else ""
    lines = count_lines(text, max(_width(cell, form) - 1, 1))
    return max(_TALL if cell.tall else _LOWEST, _LOWEST + (lines - 1) * _LINE)


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
