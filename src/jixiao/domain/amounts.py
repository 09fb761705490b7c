"""Exact decimal amounts: one rounding function, units of money, and intervals for rounded figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache, reduce
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ZERO = Decimal(0)
HUNDRED = Decimal(100)

AMOUNT_STEP = Decimal("0.01")
"""The finest unit, in 万元, that forms print amounts in: what lies beyond is a formula's, or in 元."""

_WIDE = Context(prec=400)
"""Wide enough to round any figure that a cell can hold (1.8e308): the default 28 digits raise beyond."""

_EXACT = Context(prec=100_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Loses no digit of any sum of figures that a sheet can hold; it costs by the digits that there are."""


class MoneyUnit(StrEnum):
    """The unit that a form prints its amounts in."""

    YUAN = "元"
    THOUSAND = "千元"
    WAN = "万元"
    MILLION = "百万元"
    YI = "亿元"

    @property
    def in_wan(self) -> Decimal:
        """How many 万元 one of this unit is, exactly."""
        return _IN_WAN[self]


_IN_WAN = {
    MoneyUnit.YUAN: Decimal("0.0001"),
    MoneyUnit.THOUSAND: Decimal("0.1"),
    MoneyUnit.WAN: Decimal(1),
    MoneyUnit.MILLION: Decimal(100),
    MoneyUnit.YI: Decimal(10000),
}


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero: everything but scores is rounded so (see Rounding).

    >>> round_half_up(Decimal("8.715"), 2)
    Decimal('8.72')
    """
    return _quantized(value, places, ROUND_HALF_UP)


def _quantized(value: Decimal, places: int, rounding: str) -> Decimal:
    """The value with so many decimals; a product of two absurd figures is beyond all decimals as it is."""
    if value.adjusted() + places >= _WIDE.prec:
        return value
    return value.quantize(_unit(places), rounding, _WIDE)


@lru_cache(maxsize=64)
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


class Rounding(StrEnum):
    """How a jurisdiction brings a score to its last digit."""

    HALF_UP = "half_up"
    DOWN = "down"
    """What does not fill a unit is lost: 9.55 is 9 in whole points."""

    def apply(self, value: Decimal, places: int) -> Decimal:
        """The value with so many decimals.

        >>> Rounding.DOWN.apply(Decimal("9.99"), 1)
        Decimal('9.9')
        """
        if self is Rounding.HALF_UP:
            return round_half_up(value, places)
        return _quantized(value, places, ROUND_DOWN)


def exact_number(text: str) -> Decimal | None:
    """The number that a text is, with all its digits; None for words and for what is no finite number.

    >>> exact_number("8.7150"), exact_number("NaN")
    (Decimal('8.7150'), None)
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum to the last digit, in whatever order: the default context rounds to 28 digits.

    >>> exact_sum([Decimal("1E+40"), Decimal("0.01"), Decimal("-1E+40")])
    Decimal('0.01')
    """
    return reduce(_EXACT.add, values, ZERO)


def held(value: Decimal | None) -> Decimal | None:
    """A figure as a cell holds it, to 15 digits; None where it is not known or no cell holds it as a number.

    >>> held(Decimal("0.1234567890123456"))
    Decimal('0.123456789012346')
    """
    if value is None or not isfinite(number := float(value)):
        return None
    return Decimal(f"{number:.15G}")


def percentage(part: Decimal | None, whole: Decimal | None, places: int) -> Decimal | None:
    """Part of a whole in percent, half-up; None where one is not known or the whole is not above 0.

    >>> percentage(Decimal("382.17"), Decimal(400), 2)
    Decimal('95.54')
    """
    if part is None or whole is None or whole <= 0:
        return None
    return round_half_up(part * HUNDRED / whole, places)


def step_of(value: Decimal) -> Decimal:
    """The unit of the last printed digit: 0.01 for 8.72, 1 for 9 (trailing zeros count as printed)."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


def plain(value: Decimal) -> str:
    """The shortest exact decimal notation without exponent, as the tidy tables carry it: 4943.35, 10, 0."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def show(value: Decimal, places: int = 2) -> str:
    """A figure as an accountant prints it in a sentence: 1,442.20; more decimals only where it has them."""
    exponent = value.normalize().as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"{value:,.{max(places, digits)}f}".replace("-", "−")


def rounding_slack(parts: int) -> Decimal:
    """By how much a total of `parts` printed amounts may be off: (n + 1) half-units of AMOUNT_STEP.

    >>> rounding_slack(3)
    Decimal('0.02')
    """
    return (parts + 1) * AMOUNT_STEP / 2


def show_percent(ratio: Decimal, places: int = 2) -> str:
    """A ratio as a percentage in a sentence, rounded half-up: 87.15% for 0.871455.

    >>> show_percent(Decimal("-17.858"))
    '−1,785.80%'
    """
    return f"{show(round_half_up(ratio * HUNDRED, places))}%"


@dataclass(frozen=True, slots=True)
class Interval:
    """All the values a printed figure can stand for: both ends belong to it."""

    low: Decimal
    high: Decimal

    @classmethod
    def around(cls, value: Decimal, step: Decimal) -> Interval:
        """The values that round to `value` when printed in units of `step`."""
        return cls(value - step / 2, value + step / 2)

    def __add__(self, other: Interval) -> Interval:
        """Interval sum."""
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        """Interval difference."""
        return Interval(self.low - other.high, self.high - other.low)

    def meets(self, other: Interval) -> bool:
        """Whether some value belongs to both."""
        return self.low <= other.high and other.low <= self.high
