"""What people, programs and bad luck make of a right sheet, and words of the field in any order."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, CellError, UnstoredFormula
from jixiao.extraction.actuals import parse_actual
from jixiao.extraction.targets import parse_target
from jixiao.scoring.indicators import compare
from tests.builders.lexicon import LEXICON
from tests.builders.sheets import placed
from tests.extraction.test_language_laws import ODD, WORDS, WRITTEN
from tests.hostile.extremes import NUMBERS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from jixiao.domain.cells import Grid, Position, Value

_MOST = 4
"""Mutations of one sheet."""
_ODD: tuple[Value, ...] = (
    *NUMBERS,
    *TEXTS,
    *(
        "",
        " ",
        "\n",
        "=1+1",
        "其中：",
        "合计",
        "项目名称",
        "一级指标",
        "年度指标值",
        "得分",
        "单位：元",
        "2019年度",
    ),
    *(True, CellError("#REF!"), UnstoredFormula("=A1")),
)


def mutated(grid: Grid, seed: int) -> Grid:
    """The sheet after one to four mutations; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311 no secret
    for _ in range(chance.randint(1, _MOST)):
        grid = chance.choice(_MUTATIONS)(grid, chance)
    return grid


def _moved(grid: Grid, where: Callable[[Position], Position | None]) -> Grid:
    """The sheet with its cells elsewhere; those without a place are lost, and merges with them."""
    values: dict[Position, Value] = {}
    for at, value in grid.values.items():
        place = where(at)
        if place is not None and min(place) >= 0:
            values[place] = value
    return replace(grid, values=values, merged=(), formats={})


def _pick(grid: Grid, chance: random.Random) -> Position:
    return chance.choice(sorted(grid.values) or [(0, 0)])


def _put_odd(grid: Grid, chance: random.Random) -> Grid:
    return placed(grid, {_pick(grid, chance): chance.choice(_ODD)})


def _swap(grid: Grid, chance: random.Random) -> Grid:
    first, second = _pick(grid, chance), _pick(grid, chance)
    return placed(grid, {first: grid.values.get(second, "甲"), second: grid.values.get(first, "乙")})


def _drop(grid: Grid, chance: random.Random) -> Grid:
    gone = _pick(grid, chance)
    return replace(grid, values={at: value for at, value in grid.values.items() if at != gone})


def _drop_row(grid: Grid, chance: random.Random) -> Grid:
    gone, _ = _pick(grid, chance)
    return _moved(grid, lambda at: None if at[0] == gone else (at[0] - (at[0] > gone), at[1]))


def _drop_column(grid: Grid, chance: random.Random) -> Grid:
    _, gone = _pick(grid, chance)
    return _moved(grid, lambda at: None if at[1] == gone else (at[0], at[1] - (at[1] > gone)))


def _insert_row(grid: Grid, chance: random.Random) -> Grid:
    new, count = _pick(grid, chance)[0], chance.choice((1, 1, 3, 50))
    return _moved(grid, lambda at: (at[0] + count * (at[0] >= new), at[1]))


def _repeat_rows(grid: Grid, chance: random.Random) -> Grid:
    """What a page break or a careless paste repeats."""
    first, height = _pick(grid, chance)[0], grid.height
    again = {(row - first + height, column): v for (row, column), v in grid.values.items() if row >= first}
    return placed(grid, again)


def _turn(grid: Grid, _: random.Random) -> Grid:
    return _moved(grid, lambda at: (at[1], at[0]))


def _merge(grid: Grid, chance: random.Random) -> Grid:
    top, left = _pick(grid, chance)
    area = Area(top, left, top + chance.randint(0, 3), left + chance.randint(1, 4))
    apart = [each for each in grid.merged if not set(each.positions()) & set(area.positions())]
    hidden = set(area.positions()) - {(top, left)}
    values = {at: value for at, value in grid.values.items() if at not in hidden}
    return replace(grid, values=values, merged=(*apart, area))


def _unmerge(grid: Grid, _: random.Random) -> Grid:
    return replace(grid, merged=())


def _as_texts(grid: Grid, _: random.Random) -> Grid:
    return replace(grid, values={at: str(value) for at, value in grid.values.items()}, formats={})


def _percent(grid: Grid, chance: random.Random) -> Grid:
    return replace(grid, formats={**grid.formats, _pick(grid, chance): chance.choice(("0%", "0.00%", "0;;"))})


def _hide(grid: Grid, chance: random.Random) -> Grid:
    row, column = _pick(grid, chance)
    return replace(grid, hidden_rows=frozenset({row}), hidden_columns=frozenset({column}))


_MUTATIONS = (
    *(_put_odd, _put_odd, _put_odd, _swap, _swap, _drop, _drop_row, _drop_column, _insert_row),
    *(_repeat_rows, _turn, _merge, _unmerge, _as_texts, _percent, _hide),
)


_EXCEEDED_FROM = Decimal("1.3")
_PIECES = (*WORDS, *WRITTEN, *ODD, *TEXTS)
_MOST_PIECES = 8


def compared(seed: int) -> None:
    """Read a generated target and an actual beside it, and compare them; raises what they raise."""
    chance = random.Random(seed)  # noqa: S311 no secret
    wanted, reported = (
        "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, _MOST_PIECES))) for _ in range(2)
    )
    if chance.random() < 0.1:
        reported = wanted
    target = parse_target(wanted, percent_format=False, lexicon=LEXICON, year=2024)
    actual = parse_actual(reported, percent_format=False, lexicon=LEXICON, target=target, year=2024)
    compare(target, actual, _EXCEEDED_FROM)
