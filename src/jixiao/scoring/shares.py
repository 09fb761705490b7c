"""Shares of a whole in percent that add up to exactly 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


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
