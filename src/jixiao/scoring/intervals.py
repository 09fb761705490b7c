"""Which values a target accepts and which it refuses, in every unit that a missing one leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.quantities import Comparator, Side, TargetKind
from jixiao.language import say

if TYPE_CHECKING:
    from jixiao.domain.quantities import Quantity, Target

_ONE = Decimal(1)
_PERCENT = "%"
_FAR = Decimal(10)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read two figures in one unit: what to multiply each side by."""

    target: Decimal = _ONE
    actual: Decimal = _ONE


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The figures cannot be compared, and why in Chinese."""

    reason: str


def read_alike(target: Quantity, actual: Quantity) -> tuple[Reading, ...] | Mismatch:
    """Every plausible way to compare the two; more than one where a percentage may be a bare fraction.

    A figure without any unit is in the other's printed unit (万元, 小时), unless that would make it more than
    ten times off: 80000 beside ≥10万元 is 元 forgotten, or not, and a person looks. A scale word alone is no
    unit: 7.34 beside ≥5.8万亿 can only be 7.34万亿, and 12000 beside ≥1.2万 only 12000.
    Under a %, a bare figure may be a fraction whose format got lost: 0.97 beside ≥95 % is 97 % or 0.97 %.
    A zero is a zero in any unit.
    """
    if target.dimension == actual.dimension:
        return _same_dimension(target, actual)
    if target.dimension and actual.dimension:
        return Mismatch(
            say("单位不同：目标为“{target}”，实际为“{actual}”", target=_unit(target), actual=_unit(actual))
        )
    missing, given = (target, actual) if not target.dimension else (actual, target)
    if ":" in given.dimension or _is_other_percent(given.dimension):
        return Mismatch(
            say(
                "目标“{target}”与实际“{actual}”说法不同，不能确定是否同一口径",
                target=_unit(target),
                actual=_unit(actual),
            )
        )
    if given.dimension == _PERCENT and missing.scale == 1:
        return _fractions(missing, given, missing_is_target=missing is target)
    return _in_unit(missing, given, missing_is_target=missing is target)


def _same_dimension(target: Quantity, actual: Quantity) -> tuple[Reading, ...] | Mismatch:
    if target.dimension or (target.is_bare == actual.is_bare):
        if not target.dimension and _looks_like_fraction(actual.value, target.value):
            return (Reading(), Reading(actual=HUNDRED))
        return (Reading(),)
    missing, given = (target, actual) if target.is_bare else (actual, target)
    if _is_near(missing.value, given.value):
        return (Reading(),)
    return _in_unit(missing, given, missing_is_target=missing is target)


def _in_unit(
    missing: Quantity, given: Quantity, *, missing_is_target: bool
) -> tuple[Reading, ...] | Mismatch:
    """The figure without a unit in the other's; one with a scale word (万亿) already is."""
    if missing.scale != 1:
        return (Reading(),)
    if given.scale != 1 and not _is_near(missing.value * given.scale, given.value):
        return Mismatch(say("一方未写单位，按“{given}”计相差悬殊", given=_unit(given)))
    return (_scaled(given.scale, missing_is_target=missing_is_target),)


def _fractions(missing: Quantity, given: Quantity, *, missing_is_target: bool) -> tuple[Reading, ...]:
    """As percent points; and as a fraction of one too, where the figure looks like it."""
    plain, value = Reading(), abs(missing.value)
    far_off = value * _FAR < abs(given.value) <= value * HUNDRED * _FAR
    if 0 < value <= 1 or far_off:
        return (plain, _scaled(HUNDRED, missing_is_target=missing_is_target))
    return (plain,)


def _scaled(factor: Decimal, *, missing_is_target: bool) -> Reading:
    return Reading(target=factor) if missing_is_target else Reading(actual=factor)


def _looks_like_fraction(actual: Decimal, target: Decimal) -> bool:
    """Both without a unit: 0.97 beside 95 looks like 97 %, and so does 1 beside 100."""
    return 0 < actual <= 1 < target <= HUNDRED and (actual < 1 or target == HUNDRED)


def _is_near(one: Decimal, other: Decimal) -> bool:
    """Not more than ten times apart; a zero is near anything."""
    return not one or not other or 1 / _FAR <= abs(one / other) <= _FAR


def _is_other_percent(dimension: str) -> bool:
    return dimension.startswith(f"{_PERCENT}/")


def _unit(quantity: Quantity) -> str:
    """The unit as printed, a change with its word; 无单位 for a bare figure."""
    change = quantity.dimension.split(":")[0] if ":" in quantity.dimension else ""
    return f"{change}{quantity.unit}" or say("无单位")


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
