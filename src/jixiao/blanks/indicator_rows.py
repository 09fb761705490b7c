"""The rows of a blank form for indicators, planned before they are drawn, and what is checked in them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.blanks.checks import NotAbove, OnlyNumbers, SumHolds, SumIsOneOf, WholeRows
from jixiao.domain.amounts import ZERO, plain
from jixiao.domain.blanks import PrefilledIndicator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.blanks.checks import Check
    from jixiao.blanks.drafts import Draft, Order
    from jixiao.domain.blank_layouts import BlankIndicator
    from jixiao.domain.forms import TableLayout
    from jixiao.domain.scheme import Scheme

_FEW, _MANY = 3, 8
"""Rows of a first-level indicator of which no more is known; rows where not even those are known."""

_Names = tuple[str, str]
"""First- and second-level name; "" for one that the department writes."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the block, numbered from 1.

    `bearer` is the number of the row whose weight holds for this one as well, else its own number.
    """

    number: int
    level1: str
    level2: str
    known: PrefilledIndicator | None
    bearer: int


def plan_rows(order: Order, table: TableLayout) -> tuple[PlannedRow, ...]:
    """The rows that the layout asks for, else those that the scheme gives points to, with what is known.

    There is room for all known indicators; those of other groups get groups of their own.
    """
    rows: list[PlannedRow] = []
    for number, ((level1, level2), known) in enumerate(_rows(order), start=1):
        above = rows[-1] if rows else None
        shared = above is not None and _shares(known, table) and _shares(above.known, table)
        bearer = above.bearer if above and shared else number
        rows.append(PlannedRow(number, level1, level2, known, bearer))
    return tuple(rows)


def _shares(known: PrefilledIndicator | None, table: TableLayout) -> bool:
    return known is not None and known.level3 in table.shared_weights


def _rows(order: Order) -> Iterator[tuple[_Names, PrefilledIndicator | None]]:
    """Every row with its group, groups of one first level together."""
    sizes, known = _sizes(order), _known(order)
    names = dict.fromkeys((*sizes, *known))
    for level1 in dict.fromkeys(first for first, _ in names):
        for group in (each for each in names if each[0] == level1):
            own = known.get(group, [])
            free = [None] * (sizes.get(group, 0) - len(own))
            yield from ((group, row) for row in (*own, *free))


def _sizes(order: Order) -> Mapping[_Names, int]:
    groups, divisions = order.layout.blank.groups, order.divisions
    if groups:
        return {(level1, level2): size for level1, inner in groups.items() for level2, size in inner.items()}
    if divisions and divisions[0].groups:
        return {(level1, ""): _FEW for level1 in divisions[0].groups}
    return {("", ""): _MANY}


def _known(order: Order) -> Mapping[_Names, list[PrefilledIndicator]]:
    """The known indicators by group, under the usual names of its levels."""
    usual = {word: name for name, words in order.layout.levels.items() for word in (name, *words)}
    known: dict[_Names, list[PrefilledIndicator]] = {}
    printed = (_printed(each, order.scheme) for each in order.layout.blank.indicators)
    for each in (*printed, *order.indicators):
        group = usual.get(each.level1, each.level1), usual.get(each.level2, each.level2)
        known.setdefault(group, []).append(each)
    return known


def _printed(each: BlankIndicator, scheme: Scheme) -> PrefilledIndicator:
    """An indicator of every form, with the weight of its standard where the scheme has one."""
    criteria = (
        criterion
        for criterion in scheme.criteria
        if each.level3 in criterion.labels and criterion.level2 in {"", each.level2}
    )
    weight = next((criterion.weight for criterion in criteria), None)
    return PrefilledIndicator(each.level1, each.level2, each.level3, weight=weight, standard=each.standard)


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
