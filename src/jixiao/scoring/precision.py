"""Which roundings of one exact score stand: the scheme's, and a coarser one that the department prints in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, Rounding, round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

_SETTLED = 12
"""Decimals after which a quotient of 28 digits counts as exact: 0.045 × (1 ÷ 3) is 0.015, not 0.01499…"""


def clip(score: Decimal, weight: Decimal) -> Decimal:
    """Never above the weight, never below 0 (the field's rule for every score)."""
    return max(ZERO, min(score, weight))


def round_score(exact: Decimal, places: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """An exact score under the scheme's rounding."""
    return rounding.apply(round_half_up(exact, _SETTLED), places)


def equals(rounding: Rounding) -> str:
    """How a derivation goes on from a product to the score."""
    return " = " if rounding is Rounding.HALF_UP else "，舍去尾数得 "


def coarser(
    exacts: Iterable[Decimal],
    weight: Decimal,
    step: Decimal | None,
    places: int,
    rounding: Rounding = Rounding.HALF_UP,
) -> tuple[Decimal, ...]:
    """What the exact scores are in units of `step`, where that is coarser than `places` decimals.

    Many forms have whole-point scores, so a figure with fewer decimals that equals the rounded exact score
    stands: 9.6 for 9.554. Rounding never makes up full marks, though: 9.79 of 10 is a miss, and 10 would
    call it a hit.
    """
    printed = places if step is None else max(0, -step.adjusted())
    if printed >= places:
        return ()
    rounded = (round_score(exact, printed, rounding) for exact in exacts if exact < weight)
    return tuple(dict.fromkeys(each for each in rounded if each < weight))
