"""Identities of a layout spelled out for one form: which cells have to make up which."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from jixiao.domain.addresses import Address
from jixiao.domain.amounts import ZERO, show
from jixiao.domain.forms import State, TableKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import Entry, Identity

_SLOTS = ("{item}", "{column}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One member of an equation: where it stands, what is there, what to call it in a sentence."""

    address: Address
    entry: Entry | None
    name: str
    label: str
    kind: ValueKind

    @property
    def value(self) -> Decimal | None:
        """The figure; a dash says that there is nothing, so it is nil; None where it is not known."""
        if self.entry is not None and self.entry.state is State.DASH:
            return ZERO
        return self.entry.value if self.entry else None

    @property
    def ref(self) -> CellRef | None:
        """The cell, where the form has it."""
        return self.entry.ref if self.entry else None

    @property
    def is_number(self) -> bool:
        """Whether a number stands there."""
        return self.entry is not None and self.entry.value is not None

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands there: an empty cell, or a row or column that the form lacks."""
        return self.entry is None or self.entry.state is State.BLANK

    @property
    def text(self) -> str:
        """Name and figure for a sentence: 上年结转 0.00."""
        value = self.value
        return f"{self.name} {'（空）' if value is None else show(value)}"


@dataclass(frozen=True, slots=True)
class Equation:
    """An identity between actual cells."""

    identity: Identity
    total: Figure
    plus: tuple[Figure, ...]
    minus: tuple[Figure, ...]

    @property
    def parts(self) -> tuple[Figure, ...]:
        """All members but the total."""
        return (*self.plus, *self.minus)

    @property
    def known_sum(self) -> Decimal:
        """Known parts added and taken away."""
        added, taken = (sum((each.value or ZERO for each in side), ZERO) for side in (self.plus, self.minus))
        return added - taken

    @property
    def parts_text(self) -> str:
        """The sum in words and figures: 年初预算数 1,442.20 + 调整数 −49.80."""
        added = " + ".join(each.text for each in self.plus)
        return " − ".join((added, *(each.text for each in self.minus)))


def equations_of(subject: Subject) -> Iterator[Equation]:
    """Every equation that the layout's identities ask of the form.

    A slot ({item}, {column}) in the total gives an equation for each of its values; one that only the parts
    have gives a part for each.
    """
    for identity in subject.layout.identities:
        values = {slot: _values(slot, identity, subject) for slot in _SLOTS}
        outer = [slot for slot in _SLOTS if slot in identity.total]
        for chosen in product(*(values[slot] for slot in outer)):
            yield _equation(identity, dict(zip(outer, chosen, strict=True)), values, subject)


def _equation(
    identity: Identity, chosen: dict[str, str], values: dict[str, tuple[str, ...]], subject: Subject
) -> Equation:
    total = Address.parse(_fill(identity.total, chosen))
    plus, minus = (
        [
            Address.parse(text)
            for address in side
            for text in _spell(_fill(address, chosen), values)
            if Address.parse(text) != total
        ]
        for side in (identity.plus, identity.minus)
    )
    return Equation(
        identity,
        _figure(total, total, subject),
        tuple(_figure(each, total, subject) for each in plus),
        tuple(_figure(each, total, subject) for each in minus),
    )


def _fill(address: str, chosen: dict[str, str]) -> str:
    for slot, value in chosen.items():
        address = address.replace(slot, value)
    return address


def _spell(address: str, values: dict[str, tuple[str, ...]]) -> Iterator[str]:
    slots = [slot for slot in _SLOTS if slot in address]
    for chosen in product(*(values[slot] for slot in slots)):
        yield _fill(address, dict(zip(slots, chosen, strict=True)))


def _values(slot: str, identity: Identity, subject: Subject) -> tuple[str, ...]:
    """What a slot stands for: the identity's own list, else all rows that the table has on this form."""
    if slot == "{column}":
        return identity.columns
    return identity.items or _items(_table_of(identity), subject)


def _table_of(identity: Identity) -> str:
    addresses = (identity.total, *identity.plus, *identity.minus)
    return next((each.partition(".")[0] for each in addresses if "{item}" in each), "")


def _items(name: str, subject: Subject) -> tuple[str, ...]:
    table = next((each for each in subject.layout.tables if each.name == name), None)
    if table is None or table.kind is TableKind.LINES:
        return tuple(item.name for item in table.items) if table else ()
    return tuple(dict.fromkeys(line.item for line in subject.submission.lines if line.table == name))


def _figure(address: Address, total: Address, subject: Subject) -> Figure:
    """A figure, called by its column where it stands in the total's row, else by its row."""
    title, line = address.title(subject.layout), subject.submission.line(address.table, address.item)
    label = subject.line_label(line, address.column) if line else title
    name = line.label if line and address.item != total.item else title
    entry, kind = address.entry(subject.submission), address.kind(subject.layout)
    return Figure(address, entry, name, label, kind)
