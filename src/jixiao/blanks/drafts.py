"""A blank form in the making: the next free row, the cells so far, and where each named one stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jixiao.blanks.inputs import choice_rule, input_rule
from jixiao.domain.blanks import BlankCell, Role
from jixiao.domain.cells import Area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.blanks.arrangement import Span
    from jixiao.blanks.checks import Check
    from jixiao.blanks.formulas import Formula
    from jixiao.domain.blanks import Filling, InputRule, LiveFormula, PrefilledIndicator
    from jixiao.domain.forms import ColumnLayout, FieldLayout, FormLayout, ValueKind
    from jixiao.domain.scheme import Scheme, Weights


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
