"""Which rows of a block add up to its total: free lines, selections (其中), rows that break others down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.audit.arithmetic.equations import SIGNED
from jixiao.domain.amounts import ZERO, rounding_slack
from jixiao.domain.spoken import INCOME, SPENDING, SUBTOTALS, is_of_which

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from jixiao.domain.forms import TableLayout
    from jixiao.domain.submissions import Entry, Line, Submission

_TOTAL = "total"
_OUTER = re.compile(r"\A\s*+[一二三四五六七八九十]++\s*+[、.．]")
_INNER = re.compile(r"\A\s*+(?:[(（]\s*+[一二三四五六七八九十\d]++\s*+[)）]|\d++\s*+[、.．])")
_AMOUNTS = ("initial_budget", "annual_budget", "executed")


def free_parts(table: TableLayout, submission: Submission) -> tuple[Line, ...] | None:
    """The free lines that add to the table's total; None where nobody can tell which do.

    其中 right below the total begins its parts. Below any other line it begins a selection from that line:
    the lines after it are part of the selection where the total is the sum without them, parts of the whole
    where it is the sum with them. A total below its parts has those since the subtotal above it; parts that
    are listed twice, by source and by use, are compared once.
    """
    lines = [line for line in submission.lines if line.table == table.name]
    named = {item.name for item in table.items}
    whole = next((line for line in lines if line.item == _TOTAL), None)
    if whole is not None and (found := _listed_apart(whole, lines, named)) != ():
        return found
    selected = _selections(lines, named)
    parts = [line for line in lines if line.item != _TOTAL]
    surely = [line for line in parts if line not in selected]
    free = tuple(line for line in surely if line.item not in named)
    if whole is None or _adds_up(whole, surely):
        return free
    if not selected:
        outer = _without_breakdowns(whole, parts, named)
        return free if outer is None else outer
    after = [line for line in selected if not is_of_which(line.label)]
    if after and _adds_up(whole, [*surely, *after]):
        return (*free, *(line for line in after if line.item not in named))
    return None if after else free


def _without_breakdowns(whole: Line, parts: Sequence[Line], named: set[str]) -> tuple[Line, ...] | None:
    """The free lines left once rows that break down the one above (中央 under 财政拨款) are set aside.

    None where the total is no sum of what is left, or a row that the form names would be set aside.
    """
    columns = [name for name in _AMOUNTS if whole.value(name)]
    outer = outer_rows(parts, columns)
    if (
        outer is None
        or not _adds_up(whole, outer)
        or named & {each.item for each in parts if each not in outer}
    ):
        return None
    return tuple(line for line in outer if line.item not in named)


def _listed_apart(whole: Line, lines: Sequence[Line], named: set[str]) -> tuple[Line, ...] | None:
    """The parts of a block that lists more than them; () where it does not, None where nobody can tell."""
    parts = [line for line in lines if line.item != _TOTAL]
    if any(line.item in named for line in parts) or _adds_up(whole, parts):
        return ()
    before = lines[: lines.index(whole)]
    if any(map(_is_subtotal, before)):
        return _above(whole, before)
    return _outermost(parts) or _one_breakdown(whole, parts)


def _above(whole: Line, before: Sequence[Line]) -> tuple[Line, ...] | None:
    """The parts above a total that closes a list with subtotals.

    A subtotal ends another list (收入合计 … 支出合计), or is a part itself beside the lines after the last.
    """
    places = [place for place, line in enumerate(before) if _is_subtotal(line)]
    last = tuple(before[places[-1] + 1 :])
    if INCOME in before[places[-1]].label and SPENDING in whole.label:
        return last
    closing = (*(before[place] for place in places), *last)
    return next((each for each in (last, closing) if each and _adds_up(whole, each)), None)


def _is_subtotal(line: Line) -> bool:
    return line.label.strip(" ：:").endswith(SUBTOTALS)


def _outermost(parts: Sequence[Line]) -> tuple[Line, ...]:
    """The parts numbered 一、二、 where all others are numbered below them: （一）, 1."""
    outer = tuple(line for line in parts if _OUTER.match(line.label))
    others = [line for line in parts if line not in outer]
    return outer if others and outer[0:1] == tuple(parts[0:1]) and all(map(_is_inner, others)) else ()


def _is_inner(line: Line) -> bool:
    return bool(_INNER.match(line.label)) or is_of_which(line.label)


def _one_breakdown(whole: Line, parts: Sequence[Line]) -> tuple[Line, ...]:
    """The first of several breakdowns of the whole, one below the other, or the first that does not fit."""
    groups = _breakdowns(whole, parts)
    if len(groups) <= 1:
        return ()
    return next((group for group in groups if not _adds_up(whole, group)), groups[0])


def _breakdowns(whole: Line, parts: Sequence[Line]) -> list[tuple[Line, ...]]:
    """The parts in groups that are the whole in as many amounts as can be; none if they do not part so."""
    columns = [name for name in _AMOUNTS if whole.value(name)]
    parted = (_parted(whole, parts, columns, agreeing) for agreeing in range(len(columns), 0, -1))
    return next((groups for groups in parted if len(groups) > 1), [])


def _parted(
    whole: Line, parts: Sequence[Line], columns: Sequence[str], agreeing: int
) -> list[tuple[Line, ...]]:
    """The parts in groups each of which is the whole in so many columns at least."""
    groups: list[tuple[Line, ...]] = []
    own: list[Line] = []
    for line in parts:
        if groups and not own and not any(line.value(name) for name in columns):
            groups[-1] = (*groups[-1], line)
            continue
        own.append(line)
        if sum(_is_sum(whole, own, name) for name in columns) >= agreeing:
            groups.append(tuple(own))
            own = []
    return [] if own else groups


def _selections(lines: Sequence[Line], named: set[str]) -> list[Line]:
    """The lines from a second 其中 on, which no line announces as parts of the whole."""
    selected: list[Line] = []
    for line, above in zip(lines[1:], lines, strict=False):
        if (is_of_which(line.label) and above.item != _TOTAL) or (
            above in selected and line.item not in named
        ):
            selected.append(line)
    return selected


def _adds_up(whole: Line, parts: Sequence[Line]) -> bool:
    columns = [name for name in _AMOUNTS if whole.value(name)]
    return bool(columns) and all(_is_sum(whole, parts, name) for name in columns)


def _is_sum(whole: Line, parts: Sequence[Line], column: str) -> bool:
    return abs(_sum(parts, column) - (whole.value(column) or ZERO)) < rounding_slack(len(parts))


def _sum(parts: Sequence[Line], column: str) -> Decimal:
    return sum((line.value(column) or ZERO for line in parts), ZERO)


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
