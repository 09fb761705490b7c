"""Which rows the indicators block of a blank form has, and what is known of each before it is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.blanks import PrefilledIndicator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.blanks.drafts import Order
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
