"""A region: the rows of a sheet that hold one form, with the keys of its texts; and where forms begin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.own_sheets import sheet_fingerprint
from jixiao.domain.text_keys import label_key
from jixiao.extraction.labels import inline_values, labels_in, printed_day, printed_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import Grid, Position, Value
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
    shown: Mapping[int, Sequence[tuple[int, Value]]]
    """What the rows hold that hold anything, each value with its column, from top to bottom and left to
    right."""
    cells_by_key: Mapping[str, Sequence[Position]]
    inline: Mapping[str, Sequence[tuple[Position, str]]]
    """Cells such as "主管部门：某某局", by the key before the colon, with what follows it."""
    year_at: Position | None = None
    """Where the year stands."""
    rows: Sequence[int] = field(init=False, repr=False, compare=False)
    """The rows that hold anything, so that a stray cell far below costs nothing."""
    numbering: dict[int, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By row whether it only numbers the columns, as far as somebody asked (`labels.is_numbering`)."""
    _anchors: dict[int, tuple[Position, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """List the rows once."""
        object.__setattr__(self, "rows", list(self.shown))

    def positions(self, key: str) -> Sequence[Position]:
        """Where a key stands, in reading order."""
        return self.cells_by_key.get(key, ())

    def row(self, row: int) -> Sequence[tuple[int, Value]]:
        """What a row of the grid holds, each value with its column."""
        if self.top <= row < self.bottom:
            return self.shown.get(row, ())
        values = self.grid.values
        return [(column, values[row, column]) for column in range(self.grid.width) if (row, column) in values]

    def anchors(self, row: int) -> tuple[Position, ...]:
        """The cells that are shown in a row, one a grid column, seen through merges."""
        found = self._anchors.get(row)
        if found is None:
            corners = self.grid.corners
            places = ((row, column) for column in range(self.grid.width))
            found = self._anchors[row] = tuple([corners.get(at) or at for at in places])
        return found


def cut_region(grid: Grid, top: int, bottom: int, title_row: int | None) -> Region:
    """The region of these rows; its year is the title's, else that of the first rows that name one."""
    texts: dict[Position, str] = {}
    shown: dict[int, list[tuple[int, Value]]] = {}
    prose, values = False, grid.values
    for position in sorted(values):
        row, value = position[0], values[position]
        if not top <= row < bottom:
            continue
        if row not in shown:
            shown[row] = own = []
        own.append((position[1], value))
        if isinstance(value, str):
            if len(value) <= LONGEST_LABEL:
                texts[position] = value
            else:
                prose = True
    year, year_at = _year_of(texts, title_row)
    keys: dict[Position, str] = {}
    cells_by_key: dict[str, list[Position]] = {}
    inline: dict[str, list[tuple[Position, str]]] = {}
    for position, text in texts.items():
        keys[position], aliases, inside = labels_in(text, year)
        for each in aliases:
            cells_by_key.setdefault(each, []).append(position)
        for label, rest in inside:
            inline.setdefault(label, []).append((position, rest))
    for position, label, rest in _listed_amounts(grid, top, bottom) if prose else ():
        inline.setdefault(label, []).append((position, rest))
    return Region(grid, top, bottom, year, texts, keys, shown, cells_by_key, inline, year_at)


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


class Marks(NamedTuple):
    """What tells on a sheet where forms begin: titles, with the forms that each can be of, and labels.

    `heads` are the rows of the labels that a form asks for once, by their keys.
    """

    titles: Mapping[Position, frozenset[str]]
    heads: Mapping[str, Sequence[int]]


def marks_on(grid: Grid, vocabulary: Vocabulary) -> Marks:
    """The same of a sheet, looked for once."""
    titles: dict[Position, frozenset[str]] = {}
    heads: dict[str, list[int]] = {}
    titles_in, asked = vocabulary.titles_in, vocabulary.heads
    for at, value in grid.values.items():
        if not isinstance(value, str) or len(value) > LONGEST_LABEL:
            continue
        if forms := titles_in(value):
            titles[at] = forms
        if (key := label_key(value)) in asked and at[0] not in (rows := heads.setdefault(key, [])):
            rows.append(at[0])
    return Marks(titles, heads)


def find_titles(grid: Grid, marks: Marks, vocabulary: Vocabulary) -> dict[int, set[str]]:
    """Rows that hold a title, with the forms it can be of; a blank form's own fingerprint tells which."""
    titles: dict[int, set[str]] = defaultdict(set)
    for (row, _), forms in marks.titles.items():
        titles[row] |= forms
    printed, first = sheet_fingerprint(grid), min(titles, default=0)
    if printed and printed.form in vocabulary.forms and printed.form in titles.get(first, {printed.form}):
        titles[first] = {printed.form}
    return titles


def find_starts(titles: Mapping[int, set[str]], marks: Marks) -> list[int]:
    """Rows below the first form's start where another one may begin.

    Every further title, and where titles were left out, the rows in which a label comes again that a form
    asks for once: its project's or department's name.
    """
    rows, starts = marks.heads, sorted(titles)
    for again in sorted({row for places in rows.values() for row in sorted(places)[1:]}):
        if not any(start <= again <= start + _HEADING for start in starts):
            starts = sorted([*starts, again])
    first = min((*titles, *(row for places in rows.values() for row in places)), default=0)
    return [start for start in starts if start > first]


def side_by_side(grid: Grid, marks: Marks) -> tuple[Grid, ...]:
    """The sheet in upright strips, one for each title that stands beside another; one strip, else.

    The titles need not be in one row: 附件3 may be printed above one of them.
    """
    titles = [grid.area(*at) for at in marks.titles]
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
