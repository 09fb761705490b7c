"""The printed columns below an indicator header, each with what begins in its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.forms import State, ValueKind
from jixiao.extraction.labels import label_key
from jixiao.extraction.vocabulary import column_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView


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


def free_strips(table: TableLayout, header: Header, bottom: int, view: FormView) -> tuple[Strip, ...]:
    """The columns beside the known ones whose header words head nothing known, from the left.

    Neither those that are known to hold no value (`ignored_labels`), nor the label that stands beside the
    whole block. A column without a header word counts, where anything stands in it.
    """
    known = {*column_keys(table), *map(label_key, table.ignored_labels)}
    grid, region = view.region.grid, view.region
    taken = {at for left, right in header.spans.values() for at in range(left, right + 1)}
    found: list[Strip] = []
    seen: set[int] = set(taken)
    for column in range(grid.width):
        if column in seen:
            continue
        heading = _heading(column, header, view)
        area = grid.area(*heading)
        span = (column, column) if area.left < column or area.bottom > header.bottom else (column, area.right)
        seen.update(range(span[0], span[1] + 1))
        beside = area.bottom > header.bottom or region.keys.get(heading, "") in known
        if not beside and not taken & set(range(span[0], span[1] + 1)):
            strip = _strip(span, heading, header, bottom, table, view)
            found += [strip] if strip.cells else []
    return tuple(found)


def known_strip(
    span: tuple[int, int], table: TableLayout, header: Header, bottom: int, view: FormView
) -> Strip:
    """The same of a column whose header word is known."""
    return _strip(span, _heading(span[0], header, view), header, bottom, table, view)


def _heading(column: int, header: Header, view: FormView) -> Position:
    """The lowest cell of the header over a column that shows anything; its last row's where none does."""
    for row in range(header.bottom, header.top - 1, -1):
        if not view.is_blank(row, column):
            return view.region.grid.anchor(row, column)
    return header.bottom, column


def _strip(  # noqa: PLR0913 - a column of a table
    span: tuple[int, int],
    heading: Position,
    header: Header,
    bottom: int,
    table: TableLayout,
    view: FormView,
) -> Strip:
    totals = {label_key(label) for label in table.total_labels}
    cells: dict[int, str] = {}
    points: dict[int, Decimal] = {}
    total: Decimal | None = None
    for row in (row for row in view.region.rows if header.bottom < row < bottom):
        if _is_total(row, span[0], totals, view):
            total = _points(row, span[0], view)
            break
        entry = view.entry(row, span[0], ValueKind.TEXT)
        if entry.state is not State.TEXT or entry.ref.row != row or entry.ref.column < span[0]:
            continue
        figure = _points(row, span[0], view)
        cells[row] = entry.text
        if figure is not None:
            points[row] = figure
    return Strip(span, heading, view.entry(*heading, ValueKind.TEXT).text.strip(), cells, points, total)


def _points(row: int, column: int, view: FormView) -> Decimal | None:
    entry = view.entry(row, column, ValueKind.SCORE)
    return None if "%" in entry.text or "％" in entry.text else entry.value


def _is_total(row: int, column: int, totals: set[str], view: FormView) -> bool:
    keys = view.region.keys
    return any(keys.get(view.region.grid.anchor(row, left), "") in totals for left in range(column))
