"""The rows of an indicator block as read: every column's entry, a target joined from its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.forms import ColumnLayout, TableLayout, ValueKind
from jixiao.domain.submissions import Entry, State
from jixiao.extraction.entries import points_in_one
from jixiao.extraction.joined_targets import join_target
from jixiao.extraction.labels import label_key
from jixiao.extraction.rows import read_cell, sections, with_points_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FormLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

LEVELS = ("level1", "level2", "level3")
POINTS = ("weight", "self_score")
REPORTED = ("target", "actual", *POINTS)
"""The columns that say something about an indicator, beside its names."""
_POINTS_AFTER = re.compile(r"(?<!\d)\d++(?:\.\d++)?分$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row below a header: its table's columns as read, level texts seen through merges."""

    number: int
    header: Header
    entries: Mapping[str, Entry]

    def own_text(self, column: str) -> str:
        """The text of a column that begins in this row, "" where blank or merged from above."""
        entry = self.entries.get(column)
        return entry.text if entry and entry.state is State.TEXT and entry.ref.row == self.number else ""

    def own_figure(self, column: str) -> bool:
        """Whether a figure of a column begins in this row."""
        entry = self.entries.get(column)
        return entry is not None and entry.state is State.NUMBER and entry.ref.row == self.number


def usual_levels(layout: FormLayout) -> dict[str, str]:
    """The usual name of a first or second level by the key of every way it is printed in."""
    return {label_key(word): name for name, words in layout.levels.items() for word in (name, *words)}


def level_key(text: str) -> str:
    """The key of a level's name without the points that it announces: "" for （50分）, the words lost."""
    return _POINTS_AFTER.sub("", label_key(text))


def is_level(row: Row, usual: Mapping[str, str]) -> str | None:
    """The level whose usual name a row's first own text is; None where it is none."""
    texts = (entry.text for entry in row.entries.values() if entry.ref.row == row.number and entry.text)
    return usual.get(level_key(next(texts, "")))


def read_rows(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Iterator[Row]:
    """Every row below the headers that holds anything, up to row `end`."""
    for header, numbers in sections(headers, end, view.region):
        columns = [column for column in table.columns if column.name in header.spans]
        score_first = _is_score_first(numbers, header, view)
        for number in numbers:
            entries = {
                column.name: _joined(number, column, header, view)
                if column.spanned
                else read_cell(number, header.spans[column.name], column.kind, view)
                for column in columns
            }
            yield Row(number, header, with_points_apart(entries, header, score_first=score_first))


def _is_score_first(rows: Sequence[int], header: Header, view: FormView) -> bool:
    """Whether the score stands before the points where one column holds both: more grow than shrink."""
    span = header.spans.get("weight")
    if span is None or span != header.spans.get("self_score"):
        return False
    pairs = [points_in_one(read_cell(row, span, ValueKind.TEXT, view).text) for row in rows]
    grown = [
        (Decimal(second) > Decimal(first)) - (Decimal(second) < Decimal(first))
        for first, second in filter(None, pairs)
    ]
    return sum(grown) > 0


def _joined(row: int, column: ColumnLayout, header: Header, view: FormView) -> Entry:
    """A column's cells and its parts' as one: sign, number and unit read "≥95%"; the adjusted value wins."""
    span = header.spans[column.name]
    adjusted = header.spans.get(column.adjusted)
    if adjusted and any(
        not view.entry(*cell, ValueKind.TEXT).is_empty for cell in _cells(row, adjusted, view)
    ):
        span = adjusted
    own = _cells(row, span, view)
    parts = [_part_cells(row, names, header, view) for names in (column.parts[:1], column.parts[1:])]
    # Where the value's heading is merged over those of sign and unit, these say which cell is which.
    own = [cell for cell in own if cell not in parts[0] + parts[1]] or own
    before, after = (
        [view.entry(*cell, ValueKind.TEXT) for cell in cells if cell not in own] for cells in parts
    )
    values = [view.entry(*cell, ValueKind.TEXT) for cell in own]
    if not values or (len(values) == 1 and not before and not after):
        return values[0] if values else read_cell(row, span, ValueKind.TEXT, view)
    text = join_target(before, values, after, view.lexicon)
    ref = next((entry.ref for entry in values if entry.text in text), values[0].ref)
    return Entry(ref, State.TEXT if text else _state_of(values), text)


def _state_of(values: Sequence[Entry]) -> State:
    """A dash where the figure's cell has one: signs and units around it say nothing."""
    return State.DASH if any(entry.state is State.DASH for entry in values) else State.BLANK


def _part_cells(row: int, names: Sequence[str], header: Header, view: FormView) -> list[Position]:
    return [cell for name in names if name in header.spans for cell in _cells(row, header.spans[name], view)]


def _cells(row: int, span: tuple[int, int], view: FormView) -> list[Position]:
    """The distinct non-blank cells shown in a span, from left to right."""
    anchors = (view.region.grid.anchor(row, column) for column in range(span[0], span[1] + 1))
    return [anchor for anchor in dict.fromkeys(anchors) if not view.is_blank(*anchor)]
