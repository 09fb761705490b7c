"""A blank form in the making: how wide each cell is, the next free row, where each named cell stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jixiao.blanks.inputs import choice_rule, input_rule
from jixiao.domain.blanks import BlankCell, Role
from jixiao.domain.cells import Area
from jixiao.domain.forms import BlankRow, Direction, Scope, TableKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.blanks.checks import Check
    from jixiao.blanks.formulas import Formula
    from jixiao.domain.blanks import Filling, InputRule, LiveFormula, PrefilledIndicator
    from jixiao.domain.forms import ColumnLayout, FieldLayout, FormLayout, TableLayout
    from jixiao.domain.scheme import Scheme, Weights

_BESIDE = 2
"""Fields that stand side by side."""


def is_asked(layout: FormLayout) -> bool:
    """Whether departments fill such a form in: not the finance department's own lists, nor exports."""
    exported = any(table.kind is TableKind.ANSWERS for table in layout.tables)
    return layout.scope is not Scope.REFERENCE and not exported


def arranged_rows(layout: FormLayout) -> tuple[BlankRow, ...]:
    """The lines of a blank form as its layout wants them.

    In the usual order: names, tables with fixed rows, amounts, what is told at length, and last the tables
    of any length, for reading takes what stands below a list for its rows. The year is printed, not asked.
    """
    return layout.blank.rows or tuple(_usual_rows(layout))


def shown_columns(table: TableLayout, layout: FormLayout) -> tuple[ColumnLayout, ...]:
    """The columns to print: those that the layout names, in its order, else all but the parts of others."""
    if table.name in layout.blank.columns:
        return tuple(table.column(name) for name in layout.blank.columns[table.name])
    parts = {part for column in table.columns for part in column.parts}
    return tuple(column for column in table.columns if column.name not in parts)


def is_captioned(row: BlankRow, layout: FormLayout) -> bool:
    """Whether a table's name is printed beside it: a form's only table needs none."""
    return bool(row.caption) or len(layout.tables) > 1


def _usual_rows(layout: FormLayout) -> Iterator[BlankRow]:
    beside = [field for field in layout.fields if field.direction is Direction.RIGHT]
    below = [field for field in layout.fields if field.direction is Direction.BELOW]
    yield from _pairs([field for field in beside if field.kind is ValueKind.TEXT])
    yield from (BlankRow(table=each.name) for each in layout.tables if each.kind is TableKind.LINES)
    yield from _pairs([field for field in beside if field.kind not in {ValueKind.TEXT, ValueKind.YEAR}])
    yield from _pairs(below)
    yield from (BlankRow(table=each.name) for each in layout.tables if each.kind is not TableKind.LINES)


def _pairs(fields: Sequence[FieldLayout]) -> Iterator[BlankRow]:
    for start in range(0, len(fields), _BESIDE):
        yield BlankRow(fields=tuple(field.name for field in fields[start : start + _BESIDE]))


Span = tuple[int, int]
"""First and last column of a cell, both included."""

CAPTION, ROW_NAME, FIELD_LABEL = 9, 22, 17
"""Characters wanted for a caption at the left, for the name of a row, for the label of a field."""
FEWEST = (14, 20, 14, 20)
"""The columns of a form without tables."""
_BY_KIND = {
    ValueKind.TEXT: 14,
    ValueKind.AMOUNT: 13,
    ValueKind.PERCENT: 10,
    ValueKind.SCORE: 8,
    ValueKind.NUMBER: 10,
    ValueKind.YEAR: 8,
}
_BY_NAME = {
    "level1": 12,
    "level2": 13,
    "level3": 28,
    "item": 26,
    "reason": 24,
    "operator": 7,
    "unit": 8,
    "standard": 36,
}
_WIDEST_HEADER = 16


def width_of_text(text: str) -> int:
    """Characters that the longest line of a text takes, a wide one counting two."""
    lines = text.split("\n")
    return max(
        sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in line) for line in lines
    )


def column_width(column: ColumnLayout) -> int:
    """Characters that a column wants: enough for what it holds and for its header in two lines."""
    header = min((width_of_text(column.title) + 1) // 2 + 2, _WIDEST_HEADER)
    return max(_BY_NAME.get(column.name, _BY_KIND[column.kind]), header)


def table_widths(
    table: TableLayout, columns: Sequence[ColumnLayout], *, captioned: bool = True
) -> tuple[int, ...]:
    """Characters that each cell of a table's line wants: its caption, the name of the row, its columns."""
    widths = tuple(column_width(column) for column in columns)
    match table.kind:
        case TableKind.LINES:
            return (CAPTION, ROW_NAME, *widths)
        case TableKind.INDICATORS:
            return (CAPTION, *widths) if captioned else widths
        case _:
            return widths


def divide(widths: Sequence[int], wanted: Sequence[int], first: int = 0) -> tuple[Span, ...]:
    """Spread cells that want some width each over the columns from `first` on; each gets at least one.

    There must be as many columns as cells.
    """
    scale = sum(widths[first:]) / sum(wanted)
    spans: list[Span] = []
    start = first
    for index, want in enumerate(wanted):
        last = start
        most = len(widths) - (len(wanted) - index - 1) - 1
        while last < most and _is_too_narrow(widths, start, last, want * scale):
            last += 1
        last = most if index == len(wanted) - 1 else last
        spans.append((start, last))
        start = last + 1
    return tuple(spans)


def _is_too_narrow(widths: Sequence[int], start: int, last: int, want: float) -> bool:
    """Whether one more column brings a cell nearer to the width it wants."""
    width = sum(widths[start : last + 1])
    return width + widths[last + 1] / 2 <= want


@dataclass(frozen=True, slots=True)
class Order:
    """What blank form is wanted: of which layout and scheme, for which year, and what is known beforehand.

    `fillings` by name of the cell.
    """

    layout: FormLayout
    scheme: Scheme
    year: int
    fillings: Mapping[str, Filling] = field(default_factory=dict)
    indicators: tuple[PrefilledIndicator, ...] = ()

    @property
    def divisions(self) -> tuple[Weights, ...]:
        """The divisions of the points that the scheme permits for such a form."""
        return tuple(each for each in self.scheme.weights if each.scope is self.layout.scope)

    @property
    def prescribed(self) -> Weights | None:
        """The one division that departments can't change; None where there is a choice."""
        divisions = self.divisions
        return divisions[0] if len(divisions) == 1 and divisions[0].fixed else None

    def label(self, title: str, labels: Sequence[str]) -> str:
        """The words that reading looks for, with the form's years."""
        text = title if title in labels else labels[0]
        return text.replace("{year}", str(self.year)).replace("{last_year}", str(self.year - 1))

    def rule(self, place: FieldLayout | ColumnLayout, table: str = "") -> InputRule:
        """What may be entered into a field or column."""
        title = self.label(place.title, place.labels)
        address = f"{table}.{place.name}" if table else place.name
        rule = input_rule(place.name, place.kind, title, self.layout.blank.help.get(address, ""))
        if place.name == "grade" and not table:
            return choice_rule(rule, [cut.grade for cut in self.scheme.grades])
        return rule


@dataclass(slots=True)
class Draft:
    """The form so far. `rows` are the names of each table's rows, `fillings` what stands in cells by name."""

    order: Order
    widths: tuple[int, ...]
    row: int = 0
    cells: list[BlankCell] = field(default_factory=list)
    areas: dict[str, Area] = field(default_factory=dict)
    fillings: dict[str, Filling] = field(default_factory=dict)
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)
    """The header rows of tables that may run over a page."""
    execution: tuple[str, ...] = ()
    """The cells with the weight and the score of the execution."""
    _index: dict[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> Span:
        """All columns."""
        return 0, len(self.widths) - 1

    def print(
        self, text: str, span: Span, role: Role = Role.LABEL, *, rows: tuple[int, int] | None = None
    ) -> None:
        """Print words over a span of the current row, or of some rows (first and last)."""
        top, bottom = rows or (self.row, self.row)
        self.cells.append(BlankCell(Area(top, span[0], bottom, span[1]), role, text or None))

    def print_verdict(self, content: LiveFormula) -> None:
        """Print what the form checks by itself, over the current row."""
        area = Area(self.row, 0, self.row, self.whole[1])
        self.cells.append(BlankCell(area, Role.CHECK, content))

    def ask(self, name: str, span: Span, rule: InputRule, kind: ValueKind, *, tall: bool = False) -> None:
        """Leave a cell of the current row to be filled in, or fill it with what is known."""
        area = Area(self.row, span[0], self.row, span[1])
        self.areas[name] = area
        self._index[name] = len(self.cells)
        if name in self.order.fillings:
            self.fillings[name] = self.order.fillings[name]
        self.cells.append(BlankCell(area, Role.INPUT, self.fillings.get(name), kind, name, rule, tall=tall))

    def suggest(self, name: str, value: Filling, *, final: bool = False) -> None:
        """Fill a cell unless something else is known; `final`: so that nobody can change it."""
        self.fillings.setdefault(name, value)
        cell = replace(self.cell(name), content=self.fillings[name])
        self.put(replace(cell, role=Role.LABEL, rule=None) if final else cell)

    def extend(self, name: str) -> None:
        """Let a cell reach down to the current row."""
        area = replace(self.areas[name], bottom=self.row)
        self.areas[name] = area
        self.put(replace(self.cell(name), area=area))

    def cell(self, name: str) -> BlankCell:
        """A named cell."""
        return self.cells[self._index[name]]

    def put(self, cell: BlankCell) -> None:
        """Let a cell stand in the place of the one of its name."""
        self.cells[self._index[cell.name]] = cell

    def is_open(self, name: str) -> bool:
        """Whether there is such a cell and the department is to fill it in."""
        return name in self._index and self.cell(name).role is Role.INPUT
