"""The printed columns below an indicator header, each with what begins in its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import State
from jixiao.extraction.labels import compact, label_key
from jixiao.extraction.vocabulary import column_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView


_FEWEST = 3
"""So many rows at least are added up in a row of totals that no word names."""
_MOST_ELSEWHERE = 20
"""So many points may lie outside the block, with the execution of the budget."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A printed column: where it lies, the cell and text of its heading, and the texts below by row.

    `points` are those of its cells that can be points: plain numbers, no percentages. `total` is what stands
    in the row of totals, None where there is no such row or nothing in it.
    """

    span: tuple[int, int]
    heading: Position
    text: str
    cells: Mapping[int, str]
    points: Mapping[int, Decimal]
    total: Decimal | None = None

    @property
    def is_figures(self) -> bool:
        """Whether all that stands in it can be points."""
        return bool(self.points) and len(self.points) == len(self.cells)


def free_strips(table: TableLayout, header: Header, rows: Sequence[int], view: FormView) -> tuple[Strip, ...]:
    """The columns beside the known ones whose header words head nothing known, from the left.

    `rows` are those that the header governs. Left out are columns that are known to hold no value
    (`ignored_labels`) and the label that stands beside the whole block. A column without a header word counts
    where anything stands in it.
    """
    known = {*column_keys(table), *map(label_key, table.ignored_labels)}
    grid, keys = view.region.grid, view.region.keys
    taken = {at for left, right in header.spans.values() for at in range(left, right + 1)}
    found: list[Strip] = []
    left = 0
    while left < grid.width:
        if left in taken:
            left += 1
            continue
        right = left
        while right + 1 < grid.width and _is_one(left, right + 1, rows, view):
            right += 1
        heading = _heading(left, header, view)
        beside = grid.area(*heading).bottom > header.bottom or keys.get(heading, "") in known
        if not beside and not taken & set(range(left, right + 1)):
            strip = _strip((left, right), heading, rows, table, view)
            found += [strip] if strip.cells else []
        left = right + 1
    return tuple(found)


def _is_one(left: int, right: int, rows: Sequence[int], view: FormView) -> bool:
    """Whether most rows have one cell merged over two grid columns."""
    grid = view.region.grid
    merged = sum(grid.anchor(row, left) == grid.anchor(row, right) for row in rows)
    return merged * 2 > len(rows)


def known_strip(
    span: tuple[int, int], table: TableLayout, header: Header, rows: Sequence[int], view: FormView
) -> Strip:
    """The same of a column whose header word is known."""
    return _strip(span, _heading(span[0], header, view), rows, table, view)


def _heading(column: int, header: Header, view: FormView) -> Position:
    """The lowest cell of the header over a column that shows anything; its last row's where none does."""
    for row in range(header.bottom, header.top - 1, -1):
        if not view.is_blank(row, column):
            return view.region.grid.anchor(row, column)
    return header.bottom, column


def _strip(
    span: tuple[int, int], heading: Position, rows: Sequence[int], table: TableLayout, view: FormView
) -> Strip:
    totals = {label_key(label) for label in table.total_labels}
    sums = tuple(label_key(label) for label in table.skipped_labels)
    hints = {compact(word) for word in view.lexicon.placeholders}
    cells: dict[int, str] = {}
    points: dict[int, Decimal] = {}
    total: Decimal | None = None
    for row in rows:
        if _is_total(row, totals, view):
            total = _points(row, span[0], view)
            break
        entry = view.entry(row, span[0], ValueKind.TEXT)
        if compact(entry.text) in hints or _is_sum(row, span[0], sums, view):
            continue
        if entry.state is not State.TEXT or entry.ref.row != row or entry.ref.column < span[0]:
            continue
        figure = _points(row, span[0], view)
        cells[row] = _shown(row, span, view)
        if figure is not None:
            points[row] = figure
    if total is None and (last := _sum_below(points)) is not None:
        total = points.pop(last)
        del cells[last]
    return Strip(span, heading, view.entry(*heading, ValueKind.TEXT).text.strip(), cells, points, total)


def _shown(row: int, span: tuple[int, int], view: FormView) -> str:
    """What a row shows in a column: sign, figure and unit in cells of their own as one text."""
    anchors = dict.fromkeys(view.region.grid.anchor(row, column) for column in range(span[0], span[1] + 1))
    return "".join(view.entry(*at, ValueKind.TEXT).text for at in anchors if at[0] == row)


def _sum_below(points: Mapping[int, Decimal]) -> int | None:
    """The last row where its number is what all others add up to, or all points with those elsewhere."""
    *rows, last = points or [0]
    added = sum((points[row] for row in rows), Decimal(0))
    sums_up = (
        len(rows) >= _FEWEST and 0 <= points[last] - added <= _MOST_ELSEWHERE and added > _MOST_ELSEWHERE
    )
    return last if sums_up else None


def _points(row: int, column: int, view: FormView) -> Decimal | None:
    entry = view.entry(row, column, ValueKind.SCORE)
    return None if "%" in entry.text or "％" in entry.text else entry.value


def _is_sum(row: int, column: int, sums: tuple[str, ...], view: FormView) -> bool:
    """Whether a row is a group's subtotal, or a column's cell one's label."""
    keys = (view.region.keys.get((row, left), "") for left in range(column + 1))
    return bool(sums) and any(key.endswith(sums) for key in keys)


def _is_total(row: int, totals: set[str], view: FormView) -> bool:
    keys, grid = view.region.keys, view.region.grid
    return any(keys.get(grid.anchor(row, column), "") in totals for column in range(grid.width))
