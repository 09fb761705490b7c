"""Columns of values as polars frames for checking; the exact figures stay where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandera.polars as pa

Figure = Annotated[pl.Decimal, 38, 10]
"""Any amount, score or percentage: 28 digits before the point, 10 after.

Further decimals (the dust that formulas leave) are rounded off in the frame only, so that they accuse nobody.
"""


def frame_of(model: type[pa.DataFrameModel], columns: Mapping[str, Sequence[object]]) -> pl.DataFrame:
    """A frame with the model's columns, from one sequence of values for each.

    A figure too large for `Figure` becomes null, which passes every check on its size: nothing is said of it.
    """
    types = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    return pl.DataFrame(
        [pl.Series(name, columns[name], dtype=dtype, strict=False) for name, dtype in types.items()]
    )
