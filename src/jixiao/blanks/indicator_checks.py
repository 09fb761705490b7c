"""What the indicators block of a blank form checks by itself: whole rows, points within weights, totals."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.blanks.checks import NotAbove, OnlyNumbers, SumHolds, SumIsOneOf, WholeRows
from jixiao.domain.amounts import ZERO, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.blanks.checks import Check
    from jixiao.blanks.drafts import Draft
    from jixiao.blanks.plans import PlannedRow
    from jixiao.domain.forms import TableLayout

_WHOLE = ("target", "actual", "weight", "self_score")
"""What an indicator with a name can't do without."""


def group_check(level1: str, points: Decimal, weights: Sequence[str]) -> Check:
    """S109: the weights of a first-level indicator add up to the points that its name announces."""
    return SumIsOneOf(tuple(weights), (points,), f"“{level1}”分值合计应为 {plain(points)} 分")


def block_checks(table: TableLayout, rows: Sequence[PlannedRow], draft: Draft) -> Iterator[Check]:
    """All checks of the block; rows that share a weight are checked together."""
    cells = _Cells(table, draft)
    numbers = [name for column in ("weight", "self_score") for name in cells.of(column, rows)]
    if numbers:
        yield OnlyNumbers(tuple(numbers), "分值和得分只能填数字")
    for neighbours in _neighbours(rows):
        yield from _row_checks(neighbours, cells)
    totals = tuple(dict.fromkeys(division.total for division in draft.order.divisions))
    total = f"{table.name}.total.weight"
    if totals and total in draft.areas:
        allowed = "或".join(plain(each) for each in totals)
        yield SumIsOneOf((total,), totals, f"分值合计应为 {allowed} 分")


class _Cells:
    """The names of the block's cells."""

    def __init__(self, table: TableLayout, draft: Draft) -> None:
        self._table, self._draft = table, draft

    def of(self, column: str, rows: Sequence[PlannedRow]) -> tuple[str, ...]:
        """The cells of a column that there are in some rows."""
        names = (f"{self._table.name}.{row.number}.{column}" for row in rows)
        return tuple(name for name in names if name in self._draft.areas)


def _neighbours(rows: Sequence[PlannedRow]) -> Iterator[list[PlannedRow]]:
    """Rows that share a weight, and in between all that have one of their own."""
    bundles = (list(bundle) for _, bundle in groupby(rows, key=lambda row: row.bearer))
    for sharing, run in groupby(bundles, key=lambda bundle: len(bundle) > 1):
        if sharing:
            yield from run
        else:
            yield [row for bundle in run for row in bundle]


def _row_checks(rows: Sequence[PlannedRow], cells: _Cells) -> Iterator[Check]:
    """The checks of neighbouring rows with a weight each, or of rows that share one."""
    weights, scores = cells.of("weight", rows), cells.of("self_score", rows)
    asked = [name for column in _WHOLE if len(name := cells.of(column, rows)) == len(rows)]
    if asked:
        yield WholeRows((cells.of("level3", rows), *asked), "有的指标没有填完整，每个指标的各栏都要填")
    if scores and len(weights) == len(rows):
        yield NotAbove(scores, weights, "得分应在 0 与分值之间", floored=True)
    elif scores and weights:
        yield SumHolds(weights[0], scores, (), ZERO, "合用一个分值的几项，得分之和应不超过分值", bounded=True)
