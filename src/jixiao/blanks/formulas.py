"""What a cell of a blank form computes, as a spreadsheet formula and as the value that it gives now.

Blank-safe: a formula whose figures are not all there gives an empty text, never 0 and never an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from jixiao.domain.amounts import ZERO, round_half_up
from jixiao.domain.cells import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jixiao.domain.blanks import Filling
    from jixiao.domain.cells import Area, Position

BLANK = ""
DUST = 6
"""Decimals that a sum keeps: beyond lies the binary dust of a spreadsheet's addition."""


@dataclass(frozen=True, slots=True)
class References:
    """Where every named cell stands."""

    areas: Mapping[str, Area]

    def cell(self, name: str) -> str:
        """The A1 address of a cell."""
        area = self.areas[name]
        return _a1(area.top, area.left)

    def cells(self, names: Iterable[str]) -> str:
        """The addresses of several cells, neighbours in a column as one range: G8,G12:G20."""
        positions = sorted({(self.areas[name].left, self.areas[name].top) for name in names})
        runs = groupby(enumerate(positions), key=lambda each: (each[1][0], each[1][1] - each[0]))
        ends = [[position for _, position in run] for _, run in runs]
        return ",".join(_range(run[0], run[-1]) for run in ends)


def _range(first: Position, last: Position) -> str:
    """A range of (column, row) positions."""
    start, end = _a1(first[1], first[0]), _a1(last[1], last[0])
    return start if start == end else f"{start}:{end}"


def _a1(row: int, column: int) -> str:
    return f"{column_letters(column)}{row + 1}"


def number(value: Filling | None) -> Decimal | None:
    """A figure; None for a text or nothing."""
    return value if isinstance(value, Decimal) else None


def numbers(names: Iterable[str], known: Mapping[str, Filling]) -> list[Decimal]:
    """The figures among some cells."""
    return [value for name in names if (value := number(known.get(name))) is not None]


class Formula(Protocol):
    """What a cell computes."""

    @property
    def operands(self) -> tuple[str, ...]:
        """The cells that it reads."""

    def text(self, at: References) -> str:
        """The formula, without an equals sign."""

    def value(self, known: Mapping[str, Filling]) -> Filling:
        """What it gives; "" where its figures are not known."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures added and taken away; empty as long as none of `asked` (none named: of all) is there."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def operands(self) -> tuple[str, ...]:
        """All figures."""
        return (*self.plus, *self.minus)

    def text(self, at: References) -> str:
        """IF(COUNT(…)=0,"",ROUND(SUM(…)-SUM(…),6))."""
        total = f"SUM({at.cells(self.plus)})" + (f"-SUM({at.cells(self.minus)})" if self.minus else "")
        return f'IF(COUNT({at.cells(self.asked or self.operands)})=0,"",ROUND({total},{DUST}))'

    def value(self, known: Mapping[str, Filling]) -> Filling:
        """The sum of what is there."""
        if not numbers(self.asked or self.operands, known):
            return BLANK
        total = sum(numbers(self.plus, known), ZERO) - sum(numbers(self.minus, known), ZERO)
        return round_half_up(total, DUST)


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure as a fraction of another, rounded; empty where the other is not above 0."""

    above: str
    below: str
    places: int

    @property
    def operands(self) -> tuple[str, ...]:
        """Dividend and divisor."""
        return (self.above, self.below)

    def text(self, at: References) -> str:
        """IF(COUNT(a,b)<2,"",IF(b<=0,"",ROUND(a/b,4)))."""
        above, below = at.cell(self.above), at.cell(self.below)
        quotient = f"ROUND({above}/{below},{self.places})"
        return f'IF(COUNT({above},{below})<2,"",IF({below}<=0,"",{quotient}))'

    def value(self, known: Mapping[str, Filling]) -> Filling:
        """The fraction."""
        above, below = number(known.get(self.above)), number(known.get(self.below))
        if above is None or below is None or below <= 0:
            return BLANK
        return round_half_up(above / below, self.places)


@dataclass(frozen=True, slots=True)
class Points:
    """What a rate earns of a weight: never above it, never below 0."""

    weight: str
    rate: str
    places: int

    @property
    def operands(self) -> tuple[str, ...]:
        """Weight and rate."""
        return (self.weight, self.rate)

    def text(self, at: References) -> str:
        """IF(COUNT(w,r)<2,"",MAX(0,MIN(w,ROUND(w*r,2))))."""
        weight, rate = at.cell(self.weight), at.cell(self.rate)
        points = f"MAX(0,MIN({weight},ROUND({weight}*{rate},{self.places})))"
        return f'IF(COUNT({weight},{rate})<2,"",{points})'

    def value(self, known: Mapping[str, Filling]) -> Filling:
        """The points."""
        weight, rate = number(known.get(self.weight)), number(known.get(self.rate))
        if weight is None or rate is None:
            return BLANK
        return max(ZERO, min(weight, round_half_up(weight * rate, self.places)))
