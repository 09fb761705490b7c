from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jixiao.scoring.methods import shares_of, weighted_mean

FUNDS = st.lists(st.decimals(0, 1_000_000, places=2), min_size=1, max_size=30).filter(any)


@given(FUNDS, st.integers(0, 4))
def test_shares_add_up_to_exactly_one_hundred(funds: list[Decimal], places: int) -> None:
    assert sum(shares_of(funds, places)) == 100


def test_the_residual_goes_to_the_largest() -> None:
    assert shares_of([Decimal(1), Decimal(4), Decimal(1)], 0) == (Decimal(17), Decimal(66), Decimal(17))


def test_the_weighted_mean_is_not_rounded() -> None:
    mean = weighted_mean([Decimal(90), Decimal(100)], [Decimal(1), Decimal(2)])
    assert mean == Decimal(290) / 3
