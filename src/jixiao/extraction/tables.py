"""Rows of figures under a header: tables whose rows have fixed names, and lists that departments name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from jixiao.domain.forms import Entry, Line, State, TableKind, TableLayout, ValueKind
from jixiao.extraction.labels import label_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.extraction.headers import Header
    from jixiao.extraction.regions import Region
    from jixiao.extraction.views import FormView

NAME_COLUMN = "item"
"""The column of a LIST that names its rows."""
TOTAL = "total"
"""The item of a row that totals the others."""


def read_lines(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> tuple[Line, ...]:
    """The table's rows below its headers, up to row `end`; of one name only the first, unless all count."""
    read = _read_named if table.kind is TableKind.LIST else _read_fixed
    found = [
        line
        for header, rows in sections(headers, end, view.region)
        for line in read(table, header, rows, view)
    ]
    if table.repeats:
        return tuple(found)
    lines: dict[str, Line] = {}
    for line in found:
        lines.setdefault(line.item, line)
    return tuple(lines.values())


def sections(headers: Sequence[Header], end: int, region: Region) -> Iterator[tuple[Header, Sequence[int]]]:
    """Each header with the rows that it governs: those below it that hold anything, up to the next header."""
    tops = [*(header.top for header in headers), end]
    for header, top in zip(headers, tops[1:], strict=True):
        first, last = bisect_right(region.rows, header.bottom), bisect_left(region.rows, top)
        yield header, region.rows[first:last]


def read_cell(row: int, span: tuple[int, int], kind: ValueKind, view: FormView) -> Entry:
    """The first shown value of a row in a column's span; its first cell where all are blank."""
    for column in range(span[0], span[1] + 1):
        if not view.is_blank(row, column):
            return view.entry(row, column, kind)
    return view.entry(row, span[0], kind)


def _read_fixed(table: TableLayout, header: Header, rows: Sequence[int], view: FormView) -> Iterator[Line]:
    names = {label_key(label): item.name for item in table.items for label in item.labels}
    for number, row in enumerate(rows):
        found = _row_name(row, header, names, view)
        if found is None and not number:
            found = _name_in_header(header, names, view)
        if found is not None:
            yield Line(table.name, found, *_row_parts(row, table, header, view))


def _row_name(row: int, header: Header, names: Mapping[str, str], view: FormView) -> str | None:
    """The fixed name of a row: the label nearest to its figures that is one."""
    for column in range(header.left - 1, -1, -1):
        key = view.region.keys.get(view.region.grid.anchor(row, column), "")
        if key in names:
            return names[key]
    return None


def _name_in_header(header: Header, names: Mapping[str, str], view: FormView) -> str | None:
    """Some forms print the first row's name beside the header words and leave its own row unnamed."""
    rows = range(header.top, header.bottom + 1)
    return next((name for row in rows if (name := _row_name(row, header, names, view))), None)


def _read_named(table: TableLayout, header: Header, rows: Sequence[int], view: FormView) -> Iterator[Line]:
    totals = {label_key(label) for label in table.total_labels}
    skipped = {label_key(label) for label in table.skipped_labels}
    ends = {label_key(label) for label in table.ends}
    if NAME_COLUMN not in header.spans:
        return
    above = ""
    for row in takewhile(lambda row: not _holds(row, ends, view), rows):
        if _spans_table(row, header, view):
            continue
        _, ref, entries = _row_parts(row, table, header, view)
        name = read_cell(row, header.spans[NAME_COLUMN], ValueKind.TEXT, view)
        text = name.text if name.state is State.TEXT else ""
        if table.repeats and name.is_empty and any(not entry.is_empty for entry in entries.values()):
            text = above
        key = label_key(text)
        if text and key not in skipped and not (table.budget and _is_note(entries)):
            yield Line(table.name, TOTAL if key in totals else key, text, ref, entries)
            above = text


def _is_note(entries: Mapping[str, Entry]) -> bool:
    """Whether nothing but a text stands in the row of a budget line: a note, or a title at a page break."""
    return all(entry.state is State.BLANK for name, entry in entries.items() if name != NAME_COLUMN)


def _holds(row: int, words: set[str], view: FormView) -> bool:
    """Whether one of the words stands in a row, whatever its column."""
    return any(row == at for word in words for at, _ in view.region.positions(word))


def _spans_table(row: int, header: Header, view: FormView) -> bool:
    """A text merged over several columns of the table is a note or a heading, not a row."""
    anchors = [view.region.grid.anchor(row, left) for left, _ in header.spans.values()]
    return any(first == second for first, second in pairwise(sorted(anchors)))


def _row_parts(
    row: int, table: TableLayout, header: Header, view: FormView
) -> tuple[str, CellRef, dict[str, Entry]]:
    """What a line is made of: the label printed left of its figures, its first cell, its entries."""
    entries = {
        column.name: read_cell(row, header.spans[column.name], column.kind, view)
        for column in table.columns
        if column.name in header.spans
    }
    return _label(row, header, view), view.region.grid.ref(row, header.left), entries


def _label(row: int, header: Header, view: FormView) -> str:
    texts = (
        view.region.texts.get(view.region.grid.anchor(row, column))
        for column in range(header.left - 1, -1, -1)
    )
    return next((text.strip() for text in texts if text and text.strip()), "")
