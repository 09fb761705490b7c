"""How scores are rounded: which roundings of one stand, and shares that add up to exactly 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, Rounding, round_half_up
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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
    return " = " if rounding is Rounding.HALF_UP else say("，舍去尾数得 ")


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


def shares_of(funds: Sequence[Decimal], places: int) -> tuple[Decimal, ...]:
    """Each figure's share of their sum in percent, half-up, the residual to 100 put on the largest figure.

    The sum must be above 0.
    """
    whole = sum(funds, ZERO)
    shares = [round_half_up(each * HUNDRED / whole, places) for each in funds]
    largest = max(range(len(funds)), key=lambda position: funds[position])
    shares[largest] += HUNDRED - sum(shares, ZERO)
    return tuple(shares)


def weighted_mean(scores: Sequence[Decimal], funds: Sequence[Decimal]) -> Decimal:
    """The scores weighted by their exact shares of the funds, not rounded."""
    return sum((score * fund for score, fund in zip(scores, funds, strict=True)), ZERO) / sum(funds, ZERO)
