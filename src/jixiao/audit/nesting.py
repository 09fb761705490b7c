"""Rows of a list that only break another row down: they are in that row already and not to be added again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.balances import SIGNED
from jixiao.domain.amounts import ZERO, rounding_slack
from jixiao.domain.row_words import is_of_which

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from jixiao.domain.forms import Entry, Line

_CERTAIN = 2
"""So many different figures of a row have to be the sums of the rows below it: one may be so by chance."""


def outer_rows(lines: Sequence[Line], columns: Sequence[str]) -> tuple[Line, ...] | None:
    """The rows that are to be added, without those that break another one down and those without a figure.

    A row heads those below it whose sum it is, in all of its `columns`. None where a row announces a
    selection (其中) that does not add up to the row above it: then nobody can tell which rows to add.
    """
    filled = [line for line in lines if any(not entry.is_empty for entry in _figures(line, columns).values())]
    outer: list[Line] = []
    position = 0
    while position < len(filled):
        line = filled[position]
        if is_of_which(line.label):
            return None
        outer.append(line)
        position += 1 + _breakdown(line, filled[position + 1 :], columns)
    return tuple(outer)


def _breakdown(line: Line, below: Sequence[Line], columns: Sequence[str]) -> int:
    """How many of the rows below break the row down; the fewest that do."""
    wanted = _known(line, columns)
    if len({value for value in wanted.values() if value}) < _CERTAIN:
        return 0
    sums = dict.fromkeys(wanted, ZERO)
    for count, other in enumerate(below, start=1):
        own = _known(other, columns)
        sums = {column: total + own.get(column, ZERO) for column, total in sums.items()}
        slack = rounding_slack(count)
        if any(sums[column] > wanted[column] + slack for column in wanted if column not in SIGNED):
            return 0
        alone = count == 1 and not is_of_which(other.label)
        if not alone and all(abs(sums[column] - wanted[column]) < slack for column in wanted):
            return count
    return 0


def _figures(line: Line, columns: Sequence[str]) -> dict[str, Entry]:
    return {name: entry for name, entry in line.entries.items() if name in columns}


def _known(line: Line, columns: Sequence[str]) -> dict[str, Decimal]:
    return {name: entry.value for name, entry in _figures(line, columns).items() if entry.value is not None}
