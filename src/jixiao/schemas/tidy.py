"""What all tidy tables have in common: a pandera model says what a table's columns are and what holds.

A failure is a bug of ours, never a department's fault. The columns of a `Table` are those of its model, so
that the two cannot part; what is checked is the table as it will be written, whatever columns it has.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Annotated, ClassVar

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from jixiao.domain.amounts import round_half_up
from jixiao.domain.report import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pandera.api.polars.types import PolarsData

    from jixiao.domain.report import Row

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
        frame = frame_of(cls, dict(zip(table.columns, values, strict=True)))
        if _has_the_columns(cls, frame):
            with suppress(SchemaErrors):  # the whole model says it below, with all that it has to say
                _rules_of(cls).validate(frame, lazy=True)
                return
        cls.to_schema().validate(frame, lazy=True)


def _has_the_columns(model: type[pa.DataFrameModel], frame: pl.DataFrame) -> bool:
    """Whether a frame has a model's columns, of its types, with nothing unknown where that may not be.

    pandera asks this column by column in queries of their own, which cost more than all rules of a table.
    """
    columns = model.to_schema().columns
    wanted = [(name, column.dtype.type) for name, column in columns.items()]
    known = (name for name, column in columns.items() if not column.nullable)
    return list(frame.schema.items()) == wanted and not any(frame[name].null_count() for name in known)


@cache
def _rules_of(model: type[pa.DataFrameModel]) -> pa.DataFrameSchema:
    """What a model asks beyond that: the rules of the table, and of columns that have rules of their own."""
    whole = model.to_schema()
    ruled = {name: column for name, column in whole.columns.items() if column.checks or column.unique}
    return pa.DataFrameSchema(ruled, checks=whole.checks, unique=whole.unique)


def holds(data: PolarsData, *rules: pl.Expr) -> pl.LazyFrame:
    """Whether a row keeps all rules; a rule says nothing about values that are not known."""
    return data.lazyframe.select(pl.all_horizontal(*(rule.fill_null(value=True) for rule in rules)))
