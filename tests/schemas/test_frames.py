from decimal import Decimal

import pandera.polars as pa
import polars as pl
import pytest

from jixiao.schemas.tidy import Figure, frame_of


class Model(pa.DataFrameModel):
    figure: Figure = pa.Field(nullable=True)
    count: int = pa.Field(nullable=True)


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("4943.35", "4943.35"),
        ("0.12345678912", "0.1234567891"),
        ("5173.990000000001", "5173.99"),
        ("1e-300", "0"),
        ("0." + "1" * 60, "0.1111111111"),
        ("-1e27", "-1e27"),
    ],
)
def test_figures_are_held_to_ten_decimals(given: str, held: str) -> None:
    frame = frame_of(Model, {"figure": [Decimal(given), None], "count": [1, None]})
    assert frame["figure"].to_list() == [Decimal(held), None]


@pytest.mark.parametrize("given", ["1e28", "-1e30", "1e300", "1" * 50])
def test_figures_too_large_become_null(given: str) -> None:
    frame = frame_of(Model, {"figure": [Decimal(given), Decimal(1)], "count": [1, 2]})
    assert frame["figure"].to_list() == [None, Decimal(1)]


def test_types_are_the_models() -> None:
    frame = frame_of(Model, {"figure": [], "count": []})
    assert frame.schema == {"figure": pl.Decimal(38, 10), "count": pl.Int64()}
