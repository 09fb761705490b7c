"""The rules for what departments enter, as a pandera model; a check's name is the finding code it becomes.

The tables are checked melted, one row a cell: pandera pays for every check of every column, so that nine
amount and score columns with a check each would cost three times as much as all of their cells in one.
Only what no form can mean otherwise is a rule. Adjustments, balances and last year's figures may be negative.
"""

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from jixiao.domain.forms import SIGNED_NEVER
from jixiao.domain.submissions import State
from jixiao.schemas.frames import Figure

REQUIRED = ("level3", "target", "actual", "weight")
"""Columns of indicators without which none can be scored."""
FILLED = "filled"
"""Stands in `column` for any further cell that has to be filled."""
_NOTHING = (State.BLANK.value, State.DASH.value)


class EnteredCells(pa.DataFrameModel):
    """Cells of submissions, budget_lines and indicators as departments filled them in.

    `column` is the tidy table's, `value` the figure, `bound` what it is held against (a score's weight, for a
    year the round's), `state` a domain.forms.State where the cell is asked for, else null.
    """

    column: str
    value: Figure = pa.Field(nullable=True)
    bound: Figure = pa.Field(nullable=True)
    state: str = pa.Field(nullable=True)

    @pa.check("value", name="V102")
    @classmethod
    def _is_not_negative(cls, data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(~pl.col("column").is_in(SIGNED_NEVER) | (pl.col("value") >= 0))

    @pa.check("value", name="S102")
    @classmethod
    def _is_within_weight(cls, data: PolarsData) -> pl.LazyFrame:
        within = (pl.col("value") >= 0) & (pl.col("value") <= pl.col("bound")).fill_null(value=True)
        return data.lazyframe.select((pl.col("column") != "self_score") | within)

    @pa.check("value", name="X101")
    @classmethod
    def _is_of_the_round(cls, data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((pl.col("column") != "year") | (pl.col("value") == pl.col("bound")))

    @pa.check("state", name="V103")
    @classmethod
    def _is_filled(cls, data: PolarsData) -> pl.LazyFrame:
        asked = pl.col("column").is_in((*REQUIRED, FILLED))
        return data.lazyframe.select(~asked | (pl.col("state") != State.BLANK.value))

    @pa.check("state", name="S110")
    @classmethod
    def _has_score(cls, data: PolarsData) -> pl.LazyFrame:
        carries = (pl.col("column") == "self_score") & (pl.col("bound") > 0).fill_null(value=False)
        return data.lazyframe.select(~carries | ~pl.col("state").is_in(_NOTHING))
