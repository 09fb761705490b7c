"""Where an indicator block begins whose header words are too few to tell: above the levels' usual names."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.extraction.headers import Header
from jixiao.extraction.indicator_rows import level_key, usual_levels
from jixiao.extraction.vocabulary import column_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.views import FormView

_FEWEST = 2
"""So many first levels have to stand below one another, so many cells in a header's row."""
_FEWEST_COLUMNS = 4
"""So many words beside one another, over figures, may head a block: a name, its values and points."""


def headers_over_levels(table: TableLayout, view: FormView) -> tuple[Header, ...]:
    """The row above the first of at least two first-level names in one column, and its repetitions."""
    usual, firsts = usual_levels(view.layout), set(view.layout.blank.groups)
    named = [at for at, text in view.region.texts.items() if usual.get(level_key(text)) in firsts]
    columns = [column for _, column in named]
    column = max(columns, key=columns.count, default=None)
    if column is None or columns.count(column) < _FEWEST:
        return ()
    first = min(row for row, at in named if at == column)
    rows = [row for row in view.region.rows if row < first and len(_cells(row, view)) >= _FEWEST]
    if not rows:
        return ()
    level1 = {"level1": (column, view.region.grid.area(first, column).right)}
    return with_repetitions(_over(rows[-1], level1, table, view), view)


def likely_headers(table: TableLayout, above: int, view: FormView) -> Iterator[Header]:
    """Rows below row `above` that may head the block though few words say so: words alone, then figures."""
    rows = [row for row in view.region.rows if row > above]
    for row, below in pairwise(rows):
        shown = {view.region.grid.anchor(row, column) for column in range(view.region.grid.width)}
        texts = [view.region.texts.get(at, "") for at in shown if not view.is_blank(*at)]
        words = all(text and not any(map(str.isdecimal, text)) for text in texts)
        if words and len(texts) >= _FEWEST_COLUMNS and _holds_figures(below, view):
            yield _over(row, {}, table, view)


def _holds_figures(row: int, view: FormView) -> bool:
    values = (view.region.grid.values.get((row, column)) for column in range(view.region.grid.width))
    return any(isinstance(value, Decimal) or any(map(str.isdecimal, str(value))) for value in values if value)


def _over(row: int, spans: Mapping[str, tuple[int, int]], table: TableLayout, view: FormView) -> Header:
    """The header whose last row this is, with its known words, else with `spans`.

    Cells that reach down to it from above begin it.
    """
    grid = view.region.grid
    areas = {
        area.left: area for column in range(grid.width) if (area := grid.area(row, column)).bottom == row
    }
    names = {
        area: [
            column.name
            for column in column_keys(table).get(view.region.keys.get((area.top, area.left), ""), ())
        ]
        for area in areas.values()
    }
    known: dict[str, tuple[int, int]] = {}
    for area in sorted(names, key=lambda area: (len(names[area]), area.left)):
        name = next((each for each in names[area] if each not in known), None)
        if name:
            known[name] = (area.left, area.right)
    return Header(min((area.top for area in areas.values()), default=row), row, known or spans)


def with_repetitions(header: Header, view: FormView) -> tuple[Header, ...]:
    """A header with the rows further down that say the same in the same columns."""
    return (header, *_repetitions(header, view))


def words_of(header: Header, view: FormView) -> tuple[object, ...]:
    """What a header says, and in which columns: equal where one repeats the other.

    A label that reaches down beside the rows names their block, and is no word of the header.
    """
    rows = range(header.top, header.bottom + 1)
    keys, grid = view.region.keys, view.region.grid
    said = (
        (row - header.top, column, keys[row, column])
        for row in rows
        for column in _cells(row, view)
        if grid.area(row, column).bottom <= header.bottom
    )
    return (*sorted(header.spans.items()), *said)


def _repetitions(header: Header, view: FormView) -> list[Header]:
    words, height = words_of(header, view), header.bottom - header.top
    below = (Header(row, row + height, header.spans) for row in view.region.rows if row > header.bottom)
    return [again for again in below if words_of(again, view) == words]


def _cells(row: int, view: FormView) -> list[int]:
    """The columns in which a row has texts."""
    return [column for column in range(view.region.grid.width) if (row, column) in view.region.texts]
