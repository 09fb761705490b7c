"""A region: the rows of a sheet that hold one form, with the keys of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.extraction.labels import inline_value, label_key, printed_year, relative_years

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Grid, Position

LONGEST_LABEL = 60
"""Texts longer than this are prose: neither label nor title."""


@dataclass(frozen=True, slots=True)
class Region:
    """Rows `top` to `bottom` (exclusive) of a grid.

    `texts` holds the short texts by position in reading order, `keys` their label keys, with the form's
    year and the one before replaced by {year} and {last_year}.
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
    inline: Mapping[str, Sequence[Position]]
    """Cells such as "主管部门：某某局", by the key before the colon."""

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
    inline: dict[str, list[Position]] = {}
    for position, key in keys.items():
        cells_by_key.setdefault(key, []).append(position)
        if split := inline_value(texts[position]):
            inline.setdefault(split[0], []).append(position)
    rows = sorted({row for row, _ in grid.values if top <= row < bottom})
    return Region(grid, top, bottom, year, texts, keys, rows, cells_by_key, inline)


def _year_of(texts: Mapping[Position, str], title_row: int | None) -> int | None:
    """The title names the year; where it does not, the first text above or beside it that does."""
    titled = (text for (row, _), text in texts.items() if row == title_row)
    first_rows = (text for (row, _), text in texts.items() if title_row is None or row <= title_row + 3)
    return next(
        (year for source in (titled, first_rows) for text in source if (year := printed_year(text))), None
    )
