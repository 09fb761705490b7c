"""A form view: one region seen through its form's layout, the jurisdiction's words and its unit of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.extraction.entries import Reading, read_entry

if TYPE_CHECKING:
    from jixiao.domain.amounts import MoneyUnit
    from jixiao.domain.cells import Position
    from jixiao.domain.forms import Entry, FormLayout, ValueKind
    from jixiao.domain.scheme import Lexicon
    from jixiao.extraction.regions import Region
    from jixiao.extraction.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class FormView:
    """What every part of the extraction of one form needs to know."""

    region: Region
    layout: FormLayout
    vocabulary: Vocabulary
    lexicon: Lexicon
    unit: MoneyUnit

    def entry(self, row: int, column: int, kind: ValueKind) -> Entry:
        """The cell shown at (row, column), read as `kind`."""
        grid = self.region.grid
        anchor = grid.anchor(row, column)
        value, number_format = grid.values.get(anchor), grid.formats.get(anchor, "")
        return read_entry(value, number_format, grid.ref(row, column), Reading(kind, self.unit, self.lexicon))

    def is_blank(self, row: int, column: int) -> bool:
        """Whether nothing is shown at (row, column)."""
        value = self.region.grid.value(row, column)
        return value is None or (isinstance(value, str) and not value.strip())

    def is_label(self, position: Position) -> bool:
        """Whether a label word of this form is shown at a position."""
        key = self.region.keys.get(self.region.grid.anchor(*position))
        return key is not None and self.vocabulary.is_label(self.layout.id, key)
