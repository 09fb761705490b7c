"""A form view: one region seen through its form's layout, the jurisdiction's words and its unit of money."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.cells import CellRef
from jixiao.domain.text_keys import label_key
from jixiao.extraction.entries import Reading, read_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.amounts import MoneyUnit
    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FormLayout, ValueKind
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.submissions import Entry
    from jixiao.extraction.regions import Region
    from jixiao.extraction.units import BlockUnits
    from jixiao.extraction.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class FormView:
    """What every part of the extraction of one form needs to know.

    `unit` holds where no table's own `units` do.
    """

    region: Region
    layout: FormLayout
    vocabulary: Vocabulary
    lexicon: Lexicon
    unit: MoneyUnit
    units: Mapping[str, BlockUnits] = field(default_factory=dict)
    entries: dict[tuple[Position, ValueKind, MoneyUnit], Entry] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Cells as they were read: header search, rows and checks ask for the same ones."""

    def entry(self, row: int, column: int, kind: ValueKind, unit: MoneyUnit | None = None) -> Entry:
        """The cell shown at (row, column), read as `kind`; an amount in the form's unit if not in another."""
        grid = self.region.grid
        anchor = grid.anchor(row, column)
        asked = (anchor, kind, unit or self.unit)
        if (known := self.entries.get(asked)) is not None:
            return known
        value, number_format = grid.values.get(anchor), grid.formats.get(anchor, "")
        reading = Reading(kind, unit or self.unit, self.lexicon)
        entry = read_entry(value, number_format, CellRef(grid.file, grid.sheet, *anchor), reading)
        self.entries[asked] = entry
        return entry

    def is_blank(self, row: int, column: int) -> bool:
        """Whether nothing is shown at (row, column)."""
        value = self.region.grid.value(row, column)
        return value is None or (isinstance(value, str) and not value.strip())

    def is_label(self, position: Position) -> bool:
        """Whether a label word of this form is shown at a position."""
        key = self.region.keys.get(self.region.grid.anchor(*position))
        return key is not None and self.vocabulary.is_label(self.layout.id, key)

    def is_clerical(self, position: Position) -> bool:
        """Whether a label that no form's figures depend on is shown at a position: 联系电话."""
        key = self.region.keys.get(self.region.grid.anchor(*position))
        return key is not None and key in _clerical_keys(self.lexicon)

    def is_field(self, key: str) -> bool:
        """Whether a key is the label of one of this form's fields."""
        return any(
            "." not in word and "/" not in word for word in self.vocabulary.meanings(self.layout.id, key)
        )


@lru_cache(maxsize=8)
def _clerical_keys(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(label_key(word) for word in lexicon.clerical)
