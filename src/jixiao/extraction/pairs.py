"""Words of a budget block with their figure beside them, though no list knows the words: what figures tell.

Of annual budget, amount executed and rate any two give the third, and the score is the points times the rate.
Where several readings fit the words' parts decide (年初, 执行), then the usual order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import State
from jixiao.extraction.regions import cores_of, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import ColumnLayout, TableLayout
    from jixiao.extraction.views import FormView

_MOST = 9
"""So many pairs a block has at most: more would be a table of something else."""
_FEWEST = 2
"""So many pairs in one row begin a block."""
_MONEY = ("annual_budget", "executed")
_RATE, _WEIGHT, _SCORE, _FIRST = "execution_rate", "weight", "self_score", "initial_budget"
_NEARLY = 100
"""Parts of a printed step that a rate may be off: it is to be told what it is, not checked."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A word's cell and the cell of the figure to its right, in percent points where it is a percentage."""

    word: Position
    at: Position
    key: str
    value: Decimal
    percent: bool


_Chooser = Callable[
    [Sequence[Pair], Mapping[str, Pair], Mapping[str, "ColumnLayout"], "FormView"], dict[str, Pair]
]


def pairs_in(rows: Sequence[int], view: FormView) -> list[Pair]:
    """The words in rows, each with the figure in the cell beside it, in reading order."""
    grid = view.region.grid
    found = []
    for word, key in view.region.keys.items():
        if word[0] not in rows or view.is_clerical(word) or view.is_field(key) or not key:
            continue
        at = grid.anchor(word[0], grid.area(*word).right + 1)
        pair = pair_of(word, at, key, view)
        if at[0] == word[0] and pair and view.entry(*word, ValueKind.AMOUNT).state is State.TEXT:
            found.append(pair)
    return found


def pair_of(word: Position, at: Position, key: str, view: FormView) -> Pair | None:
    """A word with the figure in a cell; None where there is none."""
    shown = view.entry(*at, ValueKind.TEXT).text
    percent = shown.endswith(("%", "％"))
    entry = view.entry(*at, ValueKind.PERCENT if percent else ValueKind.AMOUNT)
    if entry.value is None or entry.state is not State.NUMBER:
        return None
    return Pair(word, at, key, entry.value if percent else entry.value / view.unit.in_wan, percent)


def first_rows(end: int, table: TableLayout, view: FormView) -> dict[str, Pair]:
    """The first rows above `end` whose pairs are a budget block's beyond doubt; nothing where none are."""
    rows = [row for row in view.region.rows if row < end]
    for at, row in enumerate(rows):
        if len(pairs_in([row], view)) < _FEWEST:
            continue
        block = next(
            (
                rows[at:last]
                for last in range(at + 1, len(rows) + 1)
                if not pairs_in(rows[last : last + 1], view)
            ),
            rows[at:],
        )
        named = name_pairs(pairs_in(block, view), {}, table, view)
        if {*_MONEY} <= named.keys() and (_RATE in named or {_WEIGHT, _SCORE} <= named.keys()):
            return named
    return {}


def name_pairs(
    pairs: Sequence[Pair], known: Mapping[str, Pair], table: TableLayout, view: FormView
) -> dict[str, Pair]:
    """The pairs by column, those `known` left out: by their figures, the others by parts of their words."""
    return _chosen((_by_rate, _by_points, _by_word), (pairs, known), table, view)


def name_by_figures(
    pairs: Sequence[Pair], known: Mapping[str, Pair], table: TableLayout, view: FormView
) -> dict[str, Pair]:
    """The same by figures alone."""
    return _chosen((_by_rate, _by_points), (pairs, known), table, view)


def _chosen(
    choosers: Sequence[_Chooser],
    given: tuple[Sequence[Pair], Mapping[str, Pair]],
    table: TableLayout,
    view: FormView,
) -> dict[str, Pair]:
    pairs, known = given
    columns = {column.name: column for column in table.columns}
    if not pairs or len(pairs) > _MOST or not {*_MONEY, _RATE} <= columns.keys():
        return {}
    named = dict(known)
    for choose in choosers:
        free = [pair for pair in pairs if pair not in named.values()]
        named |= choose(free, named, columns, view)
    return {name: pair for name, pair in named.items() if name not in known}


def _by_rate(
    free: Sequence[Pair], known: Mapping[str, Pair], columns: Mapping[str, ColumnLayout], view: FormView
) -> dict[str, Pair]:
    """Annual budget, executed and rate: the rate is the quotient of the others."""
    lacking = [name for name in (*_MONEY, _RATE) if name not in known]
    readings = []
    for chosen in permutations(free, len(lacking)) if lacking else ():
        reading = dict(zip(lacking, chosen, strict=True))
        if _is_rate(*({**known, **reading}[name] for name in (*_MONEY, _RATE))):
            readings.append(reading)
    return max(readings, key=lambda each: _support(each, columns, view), default={})


def _is_rate(budget: Pair, executed: Pair, rate: Pair) -> bool:
    if budget.percent or executed.percent or budget.value <= 0:
        return False
    quotient = executed.value * HUNDRED / budget.value
    if rate.percent:
        return abs(quotient - rate.value) * 2 <= 1
    near = abs(quotient - rate.value) * _NEARLY <= 1
    if rate.value in {budget.value, executed.value}:
        return False  # one more amount of the same height
    return near or (rate.value <= 1 and abs(quotient / HUNDRED - rate.value) * _NEARLY * _NEARLY <= 1)


def _by_points(
    free: Sequence[Pair], known: Mapping[str, Pair], columns: Mapping[str, ColumnLayout], view: FormView
) -> dict[str, Pair]:
    """Points and score, and the money where no rate stands there: score ÷ points = executed ÷ budget.

    Two equal amounts would do as well, so one of two words has to speak of points where these are equal.
    """
    wanted = (*_MONEY, _WEIGHT, _SCORE)
    lacking = [name for name in wanted if name not in known]
    if not {_WEIGHT, _SCORE} <= columns.keys() or not {_WEIGHT, _SCORE} & {*lacking}:
        return {}
    readings = []
    for chosen in permutations([pair for pair in free if not pair.percent], len(lacking)):
        reading = dict(zip(lacking, chosen, strict=True))
        points = [name for name in (_WEIGHT, _SCORE) if name in reading]
        said = len(points) == 1 or any(name in _pointed(reading[name], columns, view) for name in points)
        filled = {**known, **reading}
        said = said or (filled[_WEIGHT].value != filled[_SCORE].value and _RATE in known)
        if said and _is_earned(*(filled[name] for name in wanted)):
            readings.append(reading)
    return max(readings, key=lambda each: _support(each, columns, view), default={})


def _is_earned(budget: Pair, executed: Pair, weight: Pair, score: Pair) -> bool:
    if budget.value <= 0 or not 0 < weight.value <= HUNDRED or not 0 < score.value <= weight.value:
        return False
    share = min(executed.value / budget.value, HUNDRED / HUNDRED)
    return abs(weight.value * share - score.value) * _NEARLY <= _FEWEST


def _by_word(
    free: Sequence[Pair], known: Mapping[str, Pair], columns: Mapping[str, ColumnLayout], view: FormView
) -> dict[str, Pair]:
    """What near words and parts of words point to; of one word's columns that are left the first."""
    found: dict[str, Pair] = {}
    pointed = {
        pair.word: [name for name in _pointed(pair, columns, view) if name not in known] for pair in free
    }
    for pair in sorted(free, key=lambda pair: (len(pointed[pair.word]), pair.word)):
        name = next((name for name in pointed[pair.word] if name not in found), None)
        if name:
            found[name] = pair
    return found


def _pointed(pair: Pair, columns: Mapping[str, ColumnLayout], view: FormView) -> Iterator[str]:
    cores = cores_of({name: column.labels for name, column in columns.items()}, view.lexicon)
    near = nearest(pair.key, cores, view.lexicon)
    for name, column in columns.items():
        fits = (column.kind is ValueKind.PERCENT) == pair.percent
        if fits and (name == near or any(stem in pair.key for stem in column.stems)):
            yield name


def _support(
    reading: Mapping[str, Pair], columns: Mapping[str, ColumnLayout], view: FormView
) -> tuple[int, list[tuple[int, int]]]:
    """How many words point to what the reading takes them for; of equal ones the first in reading order."""
    words = sum(name in _pointed(pair, columns, view) for name, pair in reading.items())
    order = [reading[name].word for name in (_FIRST, *_MONEY, _WEIGHT, _SCORE) if name in reading]
    return words, [(-row, -column) for row, column in order]
