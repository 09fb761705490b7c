"""A region: the rows of a sheet that hold one form, with the keys of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.extraction.labels import (
    inline_values,
    label_key,
    printed_aliases,
    printed_day,
    printed_year,
    relative_years,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Grid, Position

LONGEST_LABEL = 60
"""Texts longer than this are prose: neither label nor title."""
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
    year = _year_of(texts, title_row)
    keys = {position: label_key(relative_years(text, year)) for position, text in texts.items()}
    cells_by_key: dict[str, list[Position]] = {}
    inline: dict[str, list[tuple[Position, str]]] = {}
    for position, key in keys.items():
        for each in (key, *printed_aliases(key)):
            cells_by_key.setdefault(each, []).append(position)
        for label, value in inline_values(texts[position]):
            inline.setdefault(label, []).append((position, value))
    rows = sorted({row for row, _ in grid.values if top <= row < bottom})
    return Region(grid, top, bottom, year, texts, keys, rows, cells_by_key, inline)


def _year_of(texts: Mapping[Position, str], title_row: int | None) -> int | None:
    """The title names the year; where it does not, the first row near it that does.

    A whole date is when something was done or filled in, and no form's year. Of several years in that row (2023年决算数, 2024年决算数) it is the last: forms compare with the past.
    """
    titled = (text for (row, _), text in texts.items() if row == title_row)
    year = next((year for text in titled if (year := printed_year(text))), None)
    if year is not None:
        return year
    years: dict[int, list[int]] = {}
    for (row, _), text in texts.items():
        near = title_row is None or row <= title_row + _YEAR_REACH
        if near and not printed_day(text) and (named := printed_year(text)):
            years.setdefault(row, []).append(named)
    return max(next(iter(years.values()), ()), default=None)
