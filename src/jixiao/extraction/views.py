"""A form view: one region seen through its form's layout, the jurisdiction's words and its unit of money."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.domain.cells import CellRef
from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import Entry, State
from jixiao.extraction.entries import read_entry, reading_of
from jixiao.extraction.vocabulary import keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.domain.amounts import MoneyUnit
    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.lexicon import Lexicon
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
    labels: AbstractSet[str] = field(init=False, repr=False, compare=False)
    """The keys of all words of this form."""
    clerical: AbstractSet[str] = field(init=False, repr=False, compare=False)
    """The keys of labels that no form's figures depend on: 联系电话."""
    _entries: dict[tuple[int, int, ValueKind, MoneyUnit | None], Entry] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Cells as they were read: header search, rows and checks ask for the same ones."""
    _strange: list[tuple[Position, str]] = field(default_factory=list, init=False, repr=False, compare=False)
    _titles: list[Position] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look up the form's words once: every cell is held against them."""
        region, labels = self.region, self.vocabulary.labels[self.layout.id].keys()
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "clerical", keys_of(self.lexicon.clerical))
        self._strange.extend((at, key) for at, key in region.keys.items() if not self.is_label(at))
        titles_in = self.vocabulary.titles_in
        self._titles.extend(at for at, text in region.texts.items() if titles_in(text))

    @property
    def strange(self) -> Sequence[tuple[Position, str]]:
        """The texts that are no words of this form, with their keys, in reading order."""
        return self._strange

    @property
    def titles(self) -> Sequence[Position]:
        """Where titles of forms stand, of this or another one, in reading order."""
        return self._titles

    def entry(self, row: int, column: int, kind: ValueKind, unit: MoneyUnit | None = None) -> Entry:
        """The cell shown at (row, column), read as `kind`; an amount in the form's unit if not in another."""
        unit = (unit or self.unit) if kind is ValueKind.AMOUNT else None
        asked = (row, column, kind, unit)
        entry = self._entries.get(asked)
        if entry is None:
            grid, here = self.region.grid, (row, column)
            at = grid.corners.get(here) or here
            if at != here:
                entry = self.entry(*at, kind, unit)
            elif (value := grid.values.get(here)) is None:
                entry = Entry(CellRef(grid.file, grid.sheet, row, column), State.BLANK)
            else:
                reading = reading_of(kind, unit or self.unit, self.lexicon)
                ref = CellRef(grid.file, grid.sheet, row, column)
                entry = read_entry(value, grid.formats.get(here, ""), ref, reading)
            self._entries[asked] = entry
        return entry

    def is_blank(self, row: int, column: int) -> bool:
        """Whether nothing is shown at (row, column)."""
        grid = self.region.grid
        value = grid.values.get(grid.corners.get((row, column)) or (row, column))
        return value is None or (isinstance(value, str) and not value.strip())

    def is_label(self, position: Position) -> bool:
        """Whether a label word of this form is shown at a position."""
        return self.region.keys.get(self.region.grid.corners.get(position) or position) in self.labels

    def is_clerical(self, position: Position) -> bool:
        """Whether a label that no form's figures depend on is shown at a position: 联系电话."""
        return self.region.keys.get(self.region.grid.corners.get(position) or position) in self.clerical

    def is_field(self, key: str) -> bool:
        """Whether a key is the label of one of this form's fields."""
        return key in self.vocabulary.fields[self.layout.id]
