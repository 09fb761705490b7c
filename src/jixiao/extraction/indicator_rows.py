"""The rows of an indicator block as read: every column's entry, a target joined from its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.forms import ColumnLayout, Entry, State, TableLayout, ValueKind
from jixiao.extraction.labels import compact, label_key
from jixiao.extraction.tables import read_cell, sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Lexicon
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

REPORTED = ("target", "actual", "weight", "self_score")
"""The columns that say something about an indicator, beside its names."""


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


def read_rows(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Iterator[Row]:
    """Every row below the headers that holds anything, up to row `end`."""
    for header, numbers in sections(headers, end, view.region):
        columns = [column for column in table.columns if column.name in header.spans]
        for number in numbers:
            entries = {
                column.name: _joined(number, column, header, view)
                if column.spanned
                else read_cell(number, header.spans[column.name], column.kind, view)
                for column in columns
            }
            yield Row(number, header, entries)


def _joined(row: int, column: ColumnLayout, header: Header, view: FormView) -> Entry:
    """The texts of a column's cells and of its parts' as one: operator, number and unit read "≥95%"."""
    spans = [header.spans[name] for name in _reading_order(column, header)]
    cells = dict.fromkeys(cell for span in spans for cell in _cells(row, span, view))
    if not cells:
        return read_cell(row, header.spans[column.name], ValueKind.TEXT, view)
    entries = [view.entry(*cell, ValueKind.TEXT) for cell in cells]
    if len(entries) == 1:
        return entries[0]
    text = "".join(_without_nature(entry.text, view.lexicon) for entry in entries)
    return Entry(entries[0].ref, State.TEXT, text)


def _reading_order(column: ColumnLayout, header: Header) -> list[str]:
    """The column with those of its parts that lie beside it, whatever their order on the form."""
    left, right = header.spans[column.name]
    waiting = {name: header.spans[name] for name in column.parts if name in header.spans}
    beside: set[str] = set()
    while near := {name for name, span in waiting.items() if span[1] == left - 1 or span[0] == right + 1}:
        left = min(left, *(waiting[name][0] for name in near))
        right = max(right, *(waiting.pop(name)[1] for name in near))
        beside |= near
    return [
        name for name in (*column.parts[:1], column.name, *column.parts[1:]) if name in {*beside, column.name}
    ]


def _cells(row: int, span: tuple[int, int], view: FormView) -> list[Position]:
    """The distinct non-blank cells shown in a span, from left to right."""
    anchors = (view.region.grid.anchor(row, column) for column in range(span[0], span[1] + 1))
    return [anchor for anchor in dict.fromkeys(anchors) if not view.is_blank(*anchor)]


def _without_nature(text: str, lexicon: Lexicon) -> str:
    """A cell for the sign may say 正向 instead of ≥; 定性 says nothing that the words themselves do not."""
    word = compact(text)
    return "" if word in lexicon.natures else lexicon.directions.get(word, text)
