from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.scores import Award
from jixiao.scoring.precision import clip, coarser, round_score

TEN = Decimal(10)


@pytest.mark.parametrize(("score", "clipped"), [("-1", "0"), ("0", "0"), ("4.5", "4.5"), ("11", "10")])
def test_clip(score: str, clipped: str) -> None:
    assert clip(Decimal(score), TEN) == Decimal(clipped)


@pytest.mark.parametrize(
    ("exact", "rounded"), [("8.715", "8.72"), ("8.7149", "8.71"), ("0.01499999999999999", "0.02")]
)
def test_round_score(exact: str, rounded: str) -> None:
    assert round_score(Decimal(exact), 2) == Decimal(rounded)


@pytest.mark.parametrize(
    ("exact", "step", "expected"),
    [
        ("9.554", "0.1", ["9.6"]),
        ("8.4", "1", ["8"]),
        ("9.554", "1", []),
        ("9.99", "0.1", []),
        ("10", "1", []),
        ("9.554", "0.01", []),
        ("9.554", "0.0001", []),
        ("9.554", None, []),
    ],
)
def test_coarser(exact: str, step: str | None, expected: list[str]) -> None:
    found = coarser([Decimal(exact)], TEN, None if step is None else Decimal(step), 2)
    assert found == tuple(Decimal(each) for each in expected)


@pytest.mark.parametrize(
    ("self_score", "stands"),
    [
        ("8.72", True),
        ("8.71", True),
        ("8.715", True),
        ("8.7145534649", True),
        ("8.70", False),
        ("8.73", False),
    ],
)
def test_digits_that_a_form_hides_do_not_refute_a_score(self_score: str, *, stands: bool) -> None:
    award = Award("r", "", Decimal("8.72"), alternatives=(Decimal("8.71"),))
    assert award.supports(Decimal(self_score)) is stands


def test_a_band_end_with_binary_dust_stands() -> None:
    assert Award("r", "", low=Decimal("1.8"), high=Decimal("2.4")).supports(Decimal("1.7999999999999998"))
