"""Which values a target accepts and which it certainly refuses, and how far a value attains it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.quantities import Comparator, Side, TargetKind

if TYPE_CHECKING:
    from jixiao.domain.quantities import Quantity, Target

_ABOVE = {Comparator.AT_LEAST, Comparator.MORE}
_STRICT = {Comparator.MORE, Comparator.LESS}
_IMPLIED = {
    TargetKind.AT_LEAST: Side.BELOW,
    TargetKind.AT_MOST: Side.ABOVE,
    TargetKind.EQUAL: Side.BELOW,
    TargetKind.UNSIGNED: Side.BELOW,
    TargetKind.BETWEEN: Side.BOTH,
    TargetKind.ZERO: Side.ABOVE,
}


@dataclass(frozen=True, slots=True)
class Values:
    """An interval of values; None is unbounded. `strict`: finite ends do not belong to it."""

    low: Decimal | None
    high: Decimal | None
    strict: bool = False

    @classmethod
    def claimed(cls, value: Decimal, sign: Comparator | None) -> Values:
        """What an actual may be: the figure itself, or all beyond it where a comparator was repeated."""
        if sign is None:
            return cls(value, value)
        return cls(value, None, sign in _STRICT) if sign in _ABOVE else cls(None, value, sign in _STRICT)

    def scaled(self, factor: Decimal) -> Values:
        """All values times a positive factor."""
        if factor == 1:
            return self
        return Values(
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
            self.strict,
        )

    def is_within(self, other: Values) -> bool:
        """Whether every value here belongs to the other."""
        return not self._reaches_below(other) and not self._reaches_above(other)

    def is_below(self, other: Values) -> bool:
        """Whether every value here lies under the other's low end."""
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and (self.strict or other.strict))

    def is_above(self, other: Values) -> bool:
        """Whether every value here lies over the other's high end."""
        if self.low is None or other.high is None:
            return False
        return self.low > other.high or (self.low == other.high and (self.strict or other.strict))

    def _reaches_below(self, other: Values) -> bool:
        if other.low is None or (self.low is not None and self.low > other.low):
            return False
        return self.low is None or self.low < other.low or (other.strict and not self.strict)

    def _reaches_above(self, other: Values) -> bool:
        if other.high is None or (self.high is not None and self.high < other.high):
            return False
        return self.high is None or self.high > other.high or (other.strict and not self.strict)


def accepted(target: Target) -> Values:
    """The values that certainly meet a target with figures."""
    low, high = _value(target.low), _value(target.high)
    if target.kind is TargetKind.ZERO:
        return Values(None if low is None and high is not None else Decimal(0), Decimal(0), target.strict)
    if is_minimum(target):
        return Values(low if low is not None else high, None, target.strict)
    if target.kind in {TargetKind.EQUAL, TargetKind.UNSIGNED}:
        figure = low if low is not None else high
        return Values(figure, figure)
    return Values(low, high, target.strict)


def failing_side(target: Target) -> Side:
    """On which side of the accepted values a miss is certain."""
    return target.fails or _IMPLIED[target.kind]


def is_minimum(target: Target) -> bool:
    """Whether more is always accepted: ≥95%, 12次, and 100% by itself."""
    if target.kind is TargetKind.UNSIGNED:
        return target.fails in {None, Side.BELOW}
    if target.kind is TargetKind.EQUAL:
        figure = target.low or target.high
        whole = figure is not None and figure.dimension == "%" and figure.value == HUNDRED
        return whole and target.fails in {None, Side.BELOW}
    return target.kind is TargetKind.AT_LEAST


def attain(value: Decimal, wanted: Values) -> Decimal | None:
    """How far a value attains the accepted values: actual / minimum, maximum / actual, 1 inside a range.

    None where the quotient says nothing: bounds not above 0, or nothing (or less) beside a maximum.
    """
    if wanted.low is not None and (wanted.high is None or value < wanted.low or wanted.low == wanted.high):
        return value / wanted.low if wanted.low > 0 else None
    if wanted.high is not None and (wanted.low is None or value > wanted.high):
        return wanted.high / value if wanted.high > 0 and value > 0 else None
    return Decimal(1)


def _value(quantity: Quantity | None) -> Decimal | None:
    return quantity.value if quantity else None
