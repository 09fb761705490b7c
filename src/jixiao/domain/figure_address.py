"""Addresses of figures, on one form (`field`, `table.item.column`) and among a department's forms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.domain.forms import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from jixiao.domain.forms import ColumnLayout, FieldLayout, FormLayout
    from jixiao.domain.submissions import Entry, Submission

ITEM: Final = "{item}"
COLUMN: Final = "{column}"
"""Slots: in a rule's address they stand for every item, or column, that the rule names."""
FREE: Final = "*"
"""The item that stands for all free lines of a table."""


class FigureAddress(NamedTuple):
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
        return ".".join(filter(None, self))

    @property
    def is_free(self) -> bool:
        """Whether it stands for all free lines of its table."""
        return self.item == FREE

    @property
    def has_item_slot(self) -> bool:
        """Whether it stands for several items."""
        return ITEM in self.item

    @property
    def has_column_slot(self) -> bool:
        """Whether it stands for several columns."""
        return COLUMN in self.column

    def fill(self, slot: str, value: str) -> FigureAddress:
        """The address with a value in place of a slot ({item}, {column}, {project})."""
        return FigureAddress(self.table, self.item.replace(slot, value), self.column.replace(slot, value))

    def spread(self, items: Sequence[str], columns: Sequence[str]) -> tuple[FigureAddress, ...]:
        """All addresses that it stands for, item by item; itself where it has no slot."""
        rows = [self.item.replace(ITEM, item) for item in items] if self.has_item_slot else [self.item]
        names = (
            [self.column.replace(COLUMN, column) for column in columns]
            if self.has_column_slot
            else [self.column]
        )
        return tuple(FigureAddress(self.table, row, name) for row, name in product(rows, names))

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
        known = self.layout(layout)
        return known.kind if known else ValueKind.TEXT

    def unit(self, layout: FormLayout) -> str:
        """The unit of the figure: 万元, %, 分, or what the layout says of a plain number; "" if nothing."""
        known = self.layout(layout)
        return known.figure_unit if known else ""

    def title(self, layout: FormLayout) -> str:
        """The field's or column's title; the bare name where the layout does not know it."""
        known = self.layout(layout)
        return known.title if known else self.column

    def layout(self, form: FormLayout) -> FieldLayout | ColumnLayout | None:
        """What the form's layout says of such cells; None where it knows none."""
        return _places(form).get((self.table, self.column))


@lru_cache(maxsize=256)
def _places(form: FormLayout) -> dict[tuple[str, str], FieldLayout | ColumnLayout]:
    """What a layout says of its cells, by table and column; the first of several alike."""
    cells: list[tuple[str, FieldLayout | ColumnLayout]] = [("", each) for each in form.fields]
    cells += [(table.name, each) for table in form.tables for each in table.columns]
    return {(table, each.name): each for table, each in reversed(cells)}


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
        return FormAddress(self.form, self.address.fill(slot, value))

    def entries(self, submissions: Iterable[Submission]) -> tuple[Entry, ...]:
        """The cell on every submission of that form, in their order; forms without such a cell left out."""
        found = (self.address.entry(each) for each in submissions if each.form == self.form)
        return tuple(entry for entry in found if entry is not None)

    def entry(self, submissions: Iterable[Submission]) -> Entry | None:
        """The one such cell; None where there is none, or more than one form to choose from."""
        found = self.entries(submissions)
        return found[0] if len(found) == 1 else None
