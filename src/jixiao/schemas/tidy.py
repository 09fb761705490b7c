"""What all tidy tables have in common: a pandera model says what a table's columns are and what holds in it.

A failure is a bug of ours, never a department's fault. The columns of a `Table` are those of its model, so
that the two cannot part; what is checked is the table as it will be written, whatever columns it has.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, ClassVar

import pandera.polars as pa
import polars as pl

from jixiao.domain.tables import Table
from jixiao.schemas.frames import frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandera.api.polars.types import PolarsData

    from jixiao.domain.tables import Row

CELL = r"^([A-Z]{1,3}[1-9]\d*)?$"
"""An A1 address; "" where there is none."""


class TidyTable(pa.DataFrameModel):
    """A table of `data/`: its columns exactly as the contract has them, in its order, typed.

    A column may be not known (None) only where the model says so. The other rules of a table are one check:
    pandera pays for each of them, and the failing row says which it breaks.
    """

    _table: ClassVar[str]

    class Config:
        """No column more, none less, in this order."""

        strict = True
        ordered = True

    def __init_subclass__(cls, *, table: str, **options: object) -> None:
        """A model of the table of that name, which is its file's without the ending."""
        super().__init_subclass__(**options)  # type: ignore[no-untyped-call]  # pandera's own
        cls._table = table

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The names of all columns, in their order."""
        return tuple(cls.to_schema().columns)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Table:
        """The table with these rows."""
        return Table(cls._table, cls.columns(), tuple(rows))

    @classmethod
    def check(cls, table: Table) -> None:
        """Hold a table against this model.

        Raises:
            pandera.errors.SchemaErrors: it does not keep to it, with every failure.
            ValueError: a row has not as many values as there are columns.
        """
        if not table.rows and table.columns == cls.columns():
            return  # nothing in it can break a rule, and each query costs
        values = zip(*table.rows, strict=True) if table.rows else repeat((), len(table.columns))
        cls.to_schema().validate(frame_of(cls, dict(zip(table.columns, values, strict=True))), lazy=True)


def holds(data: PolarsData, *rules: pl.Expr) -> pl.LazyFrame:
    """Whether a row keeps all rules; a rule says nothing about values that are not known."""
    return data.lazyframe.select(pl.all_horizontal(*(rule.fill_null(value=True) for rule in rules)))
