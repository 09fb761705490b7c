"""A form view: one region seen through its form's layout, the jurisdiction's words and its units of money.

Of the declarations of a unit the nearest holds for a block, a column, a row, and no other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.cells import CellRef
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.submissions import Entry, State
from jixiao.extraction.entries import read_entry, reading_of
from jixiao.extraction.regions import declared_unit
from jixiao.extraction.vocabulary import keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.headers import Header
    from jixiao.extraction.regions import Region
    from jixiao.extraction.vocabulary import Vocabulary


_UNITS = frozenset(MoneyUnit)


@dataclass(frozen=True, slots=True)
class BlockUnits:
    """The units of one table: its own, those that single columns and rows declare.

    `doubt`: the block and the sheet above it say different things, so a person has to look.
    """

    unit: MoneyUnit
    columns: Mapping[str, MoneyUnit] = field(default_factory=dict)
    rows: Mapping[int, MoneyUnit] = field(default_factory=dict)
    doubt: tuple[MoneyUnit, ...] = ()

    def of(self, column: str, row: int) -> MoneyUnit:
        """The unit of a cell: its column's, else its row's, else the block's."""
        return self.columns.get(column) or self.rows.get(row) or self.unit


def units_of(
    tables: Sequence[TableLayout], headers: Mapping[str, Sequence[Header]], region: Region
) -> dict[str, BlockUnits]:
    """The units of each table by name; "" is the sheet's, for what stands in no table.

    Nearest first: the header word over a column, the label of a row, the heading beside the header, a line
    between the block above and the header, the sheet's head. Where none is declared it is 万元, as the
    standard forms have it, unless every heading over amounts says the same. Indicators' names declare units
    of their own and none of anything else.
    """
    declared = _declared(region)
    tops = sorted(header.top for found in headers.values() for header in found)
    head = [
        unit for at, unit in declared.items() if (not tops or at[0] < tops[0]) and _is_statement(at, region)
    ]
    sheet = BlockUnits(head[-1] if head else MoneyUnit.WAN, doubt=_contradicting(head))
    units = {"": sheet}
    for table in tables:
        if found := headers[table.name] if table.kind is not TableKind.INDICATORS else ():
            amounts = {each.name for each in table.columns if each.kind is ValueKind.AMOUNT}
            units[table.name] = _block(found[0], declared, tops, head, amounts)
    return units


def _declared(region: Region) -> dict[Position, MoneyUnit]:
    """Where units are declared, by a text of its own or by one beside its label: 单位： | 元."""
    declared: dict[Position, MoneyUnit] = {}
    for at, text in region.texts.items():
        unit = declared_unit(text)
        if unit is None and text.strip() in _UNITS:
            left = region.grid.anchor(at[0], at[1] - 1) if at[1] else at
            unit = declared_unit(region.texts.get(left, "").strip() + text.strip())
        if unit:
            declared[at] = unit
    return declared


def _is_statement(at: Position, region: Region) -> bool:
    """Whether a text says the unit of a sheet, not that of the one figure beside it: 补助标准（元） | 500."""
    text, grid = region.texts[at], region.grid
    if "单位" in text or not region.keys[at]:
        return True
    return grid.value(at[0], grid.area(*at).right + 1) is None


def _block(
    header: Header,
    declared: Mapping[Position, MoneyUnit],
    tops: Sequence[int],
    head: Sequence[MoneyUnit],
    amounts: AbstractSet[str],
) -> BlockUnits:
    """A table's units; `amounts` are the names of its columns that hold money."""
    above = max((top for top in tops if top < header.top), default=None)
    end = min((top for top in tops if top > header.bottom), default=None)
    columns: dict[str, MoneyUnit] = {}
    rows: dict[int, MoneyUnit] = {}
    own: list[MoneyUnit] = []
    between: list[MoneyUnit] = []
    for (row, column), unit in declared.items():
        if header.top <= row <= header.bottom:
            names = [name for name, (left, right) in header.spans.items() if left <= column <= right]
            columns |= dict.fromkeys(names, unit)
            own += [] if names or column >= header.left else [unit]
        elif row > header.bottom and (end is None or row < end) and column < header.left:
            rows[row] = unit
        elif row == header.top - 1 and above is not None:
            between.append(unit)
    near = own or between
    doubt = _contradicting([*head[-1:], *near[-1:]])
    said = {columns.get(name) for name in header.spans if name in amounts}
    agreed = [unit for unit in said if unit] if len(said) == 1 else []
    unit = (near or list(head) or agreed or [MoneyUnit.WAN])[-1]
    return BlockUnits(unit, columns, rows, doubt or _contradicting(head if not near else ()))


def _contradicting(units: Sequence[MoneyUnit]) -> tuple[MoneyUnit, ...]:
    return tuple(dict.fromkeys(units)) if len(set(units)) > 1 else ()


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
    _entries: dict[Position | tuple[Position, ValueKind, MoneyUnit | None], Entry] = field(
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
        grid, here = self.region.grid, (row, column)
        here = grid.corners.get(here) or here
        value = grid.values.get(here)
        # A blank cell is blank however it is read.
        asked = here if value is None else (here, kind, unit)
        entry = self._entries.get(asked)
        if entry is None:
            ref = CellRef(grid.file, grid.sheet, *here)
            if value is None:
                entry = Entry(ref, State.BLANK)
            else:
                reading = reading_of(kind, unit or self.unit, self.lexicon)
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
