"""Where forms begin on a sheet: at titles, at labels that come again, at the column of a second title."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.fingerprints import sheet_fingerprint
from jixiao.extraction.labels import label_key
from jixiao.extraction.regions import LONGEST_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.domain.cells import Grid, Position
    from jixiao.extraction.vocabulary import Vocabulary

_HEADING = 3
"""So many rows from its title or first label on, the required labels of one form stand together."""


def find_titles(grid: Grid, vocabulary: Vocabulary) -> dict[int, set[str]]:
    """Rows that hold a title, with the forms it can be of; a blank form's own fingerprint tells which."""
    titles: dict[int, set[str]] = defaultdict(set)
    for (row, _), text in _short_texts(grid):
        if forms := vocabulary.titles_in(text):
            titles[row] |= forms
    printed, first = sheet_fingerprint(grid), min(titles, default=0)
    if printed and printed.form in vocabulary.forms and printed.form in titles.get(first, {printed.form}):
        titles[first] = {printed.form}
    return titles


def find_starts(grid: Grid, titles: Mapping[int, set[str]], vocabulary: Vocabulary) -> list[int]:
    """Rows below the first form's start where another one may begin.

    Every further title, and where titles were left out, the rows in which a label comes again that a form
    asks for once: its project's or department's name.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for (row, _), text in _short_texts(grid):
        if (key := label_key(text)) in vocabulary.heads and row not in rows[key]:
            rows[key].append(row)
    starts = sorted(titles)
    for again in sorted({row for places in rows.values() for row in sorted(places)[1:]}):
        if not any(start <= again <= start + _HEADING for start in starts):
            starts = sorted([*starts, again])
    first = min((*titles, *(row for places in rows.values() for row in places)), default=0)
    return [start for start in starts if start > first]


def side_by_side(grid: Grid, vocabulary: Vocabulary) -> tuple[Grid, ...]:
    """The sheet in upright strips, one for each title that stands beside another; one strip, else.

    The titles need not be in one row: 附件3 may be printed above one of them.
    """
    titles = [grid.area(*at) for at, text in _short_texts(grid) if vocabulary.titles_in(text)]
    lefts: list[int] = []
    right = -1
    for area in sorted(titles, key=lambda area: (area.left, area.right)):
        if area.left > right:
            lefts.append(area.left if lefts else 0)
            right = area.right
    lefts = lefts or [0]
    if len(lefts) == 1:
        return (grid,)
    ends = [*lefts, grid.width]
    return tuple(_strip(grid, left, right) for left, right in pairwise(ends))


def _strip(grid: Grid, left: int, right: int) -> Grid:
    values = {at: value for at, value in grid.values.items() if left <= at[1] < right}
    return replace(grid, values=values)


def _short_texts(grid: Grid) -> Iterator[tuple[Position, str]]:
    for position, value in grid.values.items():
        if isinstance(value, str) and len(value) <= LONGEST_LABEL:
            yield position, value
