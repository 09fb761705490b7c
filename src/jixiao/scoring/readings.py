"""A target's and an actual's figures brought into one unit, in every way that a missing unit leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED

if TYPE_CHECKING:
    from jixiao.domain.quantities import Quantity

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
        return Mismatch(f"单位不同：目标为“{_unit(target)}”，实际为“{_unit(actual)}”")
    missing, given = (target, actual) if not target.dimension else (actual, target)
    if ":" in given.dimension or _is_other_percent(given.dimension):
        return Mismatch(f"目标“{_unit(target)}”与实际“{_unit(actual)}”说法不同，不能确定是否同一口径")
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
        return Mismatch(f"一方未写单位，按“{_unit(given)}”计相差悬殊")
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
    return f"{change}{quantity.unit}" or "无单位"
