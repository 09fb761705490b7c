"""An equation between cells of a form: its figures, what to call them, and how it would be with another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, show
from jixiao.domain.forms import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from jixiao.domain.addresses import Address
    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import Entry, Identity, ValueKind

_MOST_PRINTED = 6
"""A sentence spells out so many parts; of longer sums it gives their number."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One member of an equation: where it stands, what is there, what to call it in a sentence.

    `missing`: the form has no such column, so nobody knows what would stand there.
    """

    address: Address
    entry: Entry | None
    name: str
    label: str
    kind: ValueKind
    missing: bool = False

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
        """Whether nothing stands there: an empty cell, or a row that the form lacks."""
        return not self.missing and (self.entry is None or self.entry.state is State.BLANK)

    @property
    def text(self) -> str:
        """Name and figure for a sentence: 上年结转 0.00."""
        value = self.value
        return f"{self.name}（空）" if value is None else f"{self.name} {show(value)}"

    def put(self, ref: CellRef, value: Decimal) -> Figure:
        """The figure as it would be with another value in that cell."""
        if self.entry is None or self.ref != ref:
            return self
        return replace(self, entry=replace(self.entry, state=State.NUMBER, value=value))


@dataclass(frozen=True, slots=True)
class Equation:
    """An identity between actual cells.

    `closed`: parts for which the form has no row are nothing; its other columns add up without them.
    """

    identity: Identity
    total: Figure
    plus: tuple[Figure, ...]
    minus: tuple[Figure, ...]
    alternatives: tuple[Figure, ...] = ()
    closed: bool = False

    @property
    def parts(self) -> tuple[Figure, ...]:
        """All members but the total."""
        return (*self.plus, *self.minus)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All members, the total first."""
        return (self.total, *self.parts)

    @property
    def known_sum(self) -> Decimal:
        """Known parts added and taken away."""
        added, taken = (sum((each.value or ZERO for each in side), ZERO) for side in (self.plus, self.minus))
        return added - taken

    @property
    def parts_text(self) -> str:
        """The sum in words and figures: 年初预算数 1,442.20 + 调整数 −49.80."""
        if len(self.parts) > _MOST_PRINTED:
            return f"{len(self.parts)} 个组成部分合计"
        added = " + ".join(each.text for each in self.plus)
        return " − ".join((added, *(each.text for each in self.minus)))

    def put(self, ref: CellRef, value: Decimal) -> Equation:
        """The equation as it would be with another value in one cell."""

        def changed(figures: Iterable[Figure]) -> tuple[Figure, ...]:
            return tuple(each.put(ref, value) for each in figures)

        total, alternatives = self.total.put(ref, value), changed(self.alternatives)
        return Equation(
            self.identity, total, changed(self.plus), changed(self.minus), alternatives, self.closed
        )
