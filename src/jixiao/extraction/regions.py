"""A region: the rows of a sheet that hold one form, with the keys of its texts; and where forms begin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.own_sheets import sheet_fingerprint
from jixiao.domain.text_keys import label_key
from jixiao.extraction.labels import inline_values, printed_aliases, printed_day, printed_year, relative_years

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import Grid, Position
    from jixiao.extraction.vocabulary import Vocabulary


LONGEST_LABEL = 60
"""Texts longer than this are prose: neither label nor title."""
_LONGEST_LIST = 200
"""So long a text may be a list of amounts: 按收入性质分：120；其中：一般公共预算：100；…"""
_YEAR_REACH = 3
"""So many rows below its title a form may name its year."""


@dataclass(frozen=True, slots=True)
class Region:
    """Rows `top` to `bottom` (exclusive) of a grid.

    `texts` holds the short texts by position in reading order, `keys` their label keys, with the form's
    year and the one before replaced by {year} and {last_year}; `cells_by_key` knows them by their aliases,
    too.
    """

    grid: Grid
    top: int
    bottom: int
    year: int | None
    texts: Mapping[Position, str]
    keys: Mapping[Position, str]
    rows: Sequence[int]
    """The rows that hold anything, so that a stray cell far below costs nothing."""
    cells_by_key: Mapping[str, Sequence[Position]]
    inline: Mapping[str, Sequence[tuple[Position, str]]]
    """Cells such as "主管部门：某某局", by the key before the colon, with what follows it."""
    year_at: Position | None = None
    """Where the year stands."""
    numbering: dict[int, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By row whether it only numbers the columns, as far as somebody asked (`labels.is_numbering`)."""

    def positions(self, key: str) -> Sequence[Position]:
        """Where a key stands, in reading order."""
        return self.cells_by_key.get(key, ())


def cut_region(grid: Grid, top: int, bottom: int, title_row: int | None) -> Region:
    """The region of these rows; its year is the title's, else that of the first rows that name one."""
    texts = {
        position: value
        for position, value in sorted(grid.values.items())
        if top <= position[0] < bottom and isinstance(value, str) and len(value) <= LONGEST_LABEL
    }
    year, year_at = _year_of(texts, title_row)
    keys = {position: label_key(relative_years(text, year)) for position, text in texts.items()}
    cells_by_key: dict[str, list[Position]] = {}
    inline: dict[str, list[tuple[Position, str]]] = {}
    for position, key in keys.items():
        for each in (key, *printed_aliases(key)):
            cells_by_key.setdefault(each, []).append(position)
        for label, value in inline_values(texts[position]):
            inline.setdefault(label, []).append((position, value))
    for position, label, value in _listed_amounts(grid, top, bottom):
        inline.setdefault(label, []).append((position, value))
    rows = sorted({row for row, _ in grid.values if top <= row < bottom})
    return Region(grid, top, bottom, year, texts, keys, rows, cells_by_key, inline, year_at)


def _listed_amounts(grid: Grid, top: int, bottom: int) -> Iterator[tuple[Position, str, str]]:
    """Labels with figures in texts too long for a label: each with its cell and what follows it."""
    for position, text in grid.values.items():
        if (
            isinstance(text, str)
            and LONGEST_LABEL < len(text) <= _LONGEST_LIST
            and top <= position[0] < bottom
        ):
            for label, value in inline_values(text):
                if value[:1].isdigit():
                    yield position, label, value


def _year_of(texts: Mapping[Position, str], title_row: int | None) -> tuple[int | None, Position | None]:
    """The year and its cell: the title's; where it names none, that of the first row near it that does.

    A whole date is when something was done or filled in, and no form's year. Of several years in that row
    (2023年决算数, 2024年决算数) it is the last: forms compare with the past.
    """
    titled = ((at, printed_year(text)) for at, text in texts.items() if at[0] == title_row)
    for at, year in titled:
        if year is not None:
            return year, at
    years: dict[int, list[tuple[int, Position]]] = {}
    for at, text in texts.items():
        near = title_row is None or at[0] <= title_row + _YEAR_REACH
        if near and not printed_day(text) and (named := printed_year(text)):
            years.setdefault(at[0], []).append((named, at))
    first = next(iter(years.values()), ())
    return max(first, key=lambda each: each[0], default=(None, None))


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
