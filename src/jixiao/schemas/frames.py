"""Columns of values as polars frames for checking; the exact figures stay where they came from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import polars as pl

from jixiao.domain.amounts import round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandera.polars as pa

Figure = Annotated[pl.Decimal, 38, 10]
"""Any amount, score or percentage: 28 digits before the point, 10 after.

Further decimals (the dust that formulas leave) are rounded off in the frame only, so that they accuse nobody.
"""

_PLACES, _DIGITS = 10, 28
_HELD: Mapping[type[pl.DataType], tuple[type, ...]] = {
    pl.Decimal: (Decimal, int),
    pl.Int64: (int,),
    pl.String: (str,),
}
"""What a column of each type may hold: polars would turn anything else into null without a word."""

# pandera asks many small queries: 0.04 ms each in memory, 0.3 ms with the streaming engine.
pl.Config.set_engine_affinity("in-memory")


def frame_of(model: type[pa.DataFrameModel], columns: Mapping[str, Sequence[object]]) -> pl.DataFrame:
    """A frame with the columns as they are given, each of the type that the model has for it.

    A column that the model does not know, or with a value of another type, keeps its values as they are: the
    model says so. A figure too large for `Figure` becomes null in the frame: nothing is said of its size.
    """
    types = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    return pl.DataFrame([_series(name, values, types.get(name)) for name, values in columns.items()])


def _series(name: str, values: Sequence[object], dtype: pl.DataType | None) -> pl.Series:
    """A typed column; polars takes no decimal of more than 38 digits, so these are cut to fit first."""
    kinds = {type(value) for value in values} - {type(None)}
    if dtype is None or not all(issubclass(kind, _HELD[dtype.base_type()]) for kind in kinds):
        return pl.Series(name, values, dtype=pl.Object)
    try:
        return pl.Series(name, values, dtype=dtype, strict=False)
    except pl.exceptions.ComputeError:
        return pl.Series(name, [_fitted(value) for value in values], dtype=dtype, strict=False)


def _fitted(value: object) -> object:
    if not isinstance(value, Decimal):
        return value
    return None if value.adjusted() >= _DIGITS else round_half_up(value, _PLACES)
