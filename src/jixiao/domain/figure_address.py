"""Addresses of figures, on one form (`field`, `table.item.column`) and among a department's forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.forms import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from jixiao.domain.forms import ColumnLayout, FieldLayout, FormLayout
    from jixiao.domain.submissions import Entry, Submission


@dataclass(frozen=True, slots=True)
class FigureAddress:
    """Where a figure stands; a field has neither table nor item, its name is the column."""

    table: str
    item: str
    column: str

    @classmethod
    def parse(cls, text: str) -> FigureAddress:
        """Split at the first and the last dot: a department's own row names may hold dots themselves."""
        table, _, rest = text.partition(".")
        item, _, column = rest.rpartition(".")
        return cls(table, item, column) if rest else cls("", "", table)

    def __str__(self) -> str:
        """The text that it was parsed from."""
        return f"{self.table}.{self.item}.{self.column}" if self.table else self.column

    def entry(self, submission: Submission) -> Entry | None:
        """The cell, None where the form has no such row, column or field."""
        if not self.table:
            return submission.fields.get(self.column)
        line = submission.line(self.table, self.item)
        return line.entries.get(self.column) if line else None

    def value(self, submission: Submission) -> Decimal | None:
        """The figure, None where it is not known."""
        entry = self.entry(submission)
        return entry.value if entry else None

    def kind(self, layout: FormLayout) -> ValueKind:
        """What the cell is meant to hold; TEXT for an address that the layout does not know."""
        known = self._layout(layout)
        return known.kind if known else ValueKind.TEXT

    def unit(self, layout: FormLayout) -> str:
        """The unit of the figure: 万元, %, 分, or what the layout says of a plain number; "" if nothing."""
        known = self._layout(layout)
        return known.figure_unit if known else ""

    def title(self, layout: FormLayout) -> str:
        """The field's or column's title; the bare name where the layout does not know it."""
        known = self._layout(layout)
        return known.title if known else self.column

    def _layout(self, layout: FormLayout) -> FieldLayout | ColumnLayout | None:
        places: Iterable[FieldLayout | ColumnLayout] = layout.fields
        if self.table:
            places = (each for table in layout.tables if table.name == self.table for each in table.columns)
        return next((each for each in places if each.name == self.column), None)


@dataclass(frozen=True, slots=True)
class FormAddress:
    """Where a figure stands among a department's forms: `form-id:field` or `form-id:table.item.column`."""

    form: str
    address: FigureAddress

    @classmethod
    def parse(cls, text: str) -> FormAddress:
        """Split at the first colon: form ids hold none."""
        form, _, rest = text.partition(":")
        return cls(form, FigureAddress.parse(rest))

    def fill(self, slot: str, value: str) -> FormAddress:
        """The address with a value in place of a slot ({item}, {column}, {project})."""
        at = self.address
        filled = FigureAddress(at.table, at.item.replace(slot, value), at.column.replace(slot, value))
        return FormAddress(self.form, filled)

    def entries(self, submissions: Iterable[Submission]) -> tuple[Entry, ...]:
        """The cell on every submission of that form, in their order; forms without such a cell left out."""
        found = (self.address.entry(each) for each in submissions if each.form == self.form)
        return tuple(entry for entry in found if entry is not None)

    def entry(self, submissions: Iterable[Submission]) -> Entry | None:
        """The one such cell; None where there is none, or more than one form to choose from."""
        found = self.entries(submissions)
        return found[0] if len(found) == 1 else None
