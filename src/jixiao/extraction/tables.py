"""Rows of figures under a header: tables whose rows have fixed names, and lists that departments name."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.forms import TableKind, TableLayout
from jixiao.domain.submissions import Entry, Line, State
from jixiao.domain.text_keys import compact, label_key
from jixiao.extraction.fixed_rows import read_fixed
from jixiao.extraction.rows import TOTAL, Read, Shape, row_of, sections
from jixiao.extraction.vocabulary import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.extraction.headers import Header
    from jixiao.extraction.rows import PrintedRow
    from jixiao.extraction.views import FormView


NAME_COLUMN = "item"
"""The column of a LIST that names its rows."""


def read_lines(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Read:
    """The table's rows below its headers, up to row `end`; of one name only the first, unless all count."""
    if table.kind is TableKind.LINES:
        return read_fixed(table, headers, end, view)
    found = [
        line
        for header, rows in sections(headers, end, view.region)
        for line in _read_named(table, header, rows, view)
    ]
    lines: dict[str, Line] = {}
    for number, line in enumerate(found):
        lines.setdefault(str(number) if table.repeats else line.item, line)
    return Read(tuple(lines.values()), (), frozenset(line.ref.row for line in found))


def _read_named(table: TableLayout, header: Header, rows: Sequence[int], view: FormView) -> Iterator[Line]:
    """The rows that the department names, down to where the block ends.

    Below the total of rows above it only rows with figures are the block's: the rest are remarks and
    signatures. Words of another table's header in place of figures end it.
    """
    totals, skipped, ends = map(keys_of, (table.total_labels, table.skipped_labels, table.ends))
    if NAME_COLUMN not in header.spans:
        return
    above, closed, shape = "", False, Shape(table, header)
    stops = {row for key in ends for row, _ in view.region.positions(key)}
    for at in rows:
        row = row_of(at, shape, view)
        if at in stops or _heads_another(row):
            return
        if _spans_table(at, header, view) or (not row.has_figures and (closed or _is_footing(row, view))):
            continue
        text = _printed_name(row, above if table.repeats else "")
        key = label_key(text)
        if text and key not in skipped and not (table.budget and _is_note(row.entries)):
            closed = closed or (bool(above) and key in totals)
            yield Line(table.name, TOTAL if key in totals else key, text, row.ref, row.entries)
            above = text


def _printed_name(row: PrintedRow, above: str) -> str:
    """A row's name; that of the row above where it has figures and leaves the name blank."""
    name = row.entries[NAME_COLUMN]
    if name.is_empty and any(not entry.is_empty for entry in row.entries.values()):
        return above
    return name.text if name.state is State.TEXT else ""


def _heads_another(row: PrintedRow) -> bool:
    """Whether words stand where figures belong, several of them and no figure: another table's header."""
    if row.has_figures:
        return False
    texts = {entry.ref: entry.text for entry in row.figures.values() if entry.state is State.TEXT}
    return len(texts) > 1 and not any(character.isdigit() for text in texts.values() for character in text)


def _is_footing(row: PrintedRow, view: FormView) -> bool:
    """Whether a row begins with what stands below tables: 填表人：…, 注：…."""
    name = compact(row.entries[NAME_COLUMN].text)
    head, colon, _ = name.partition(":")
    if not colon:
        return False
    return head in {compact(word) for word in (*view.lexicon.clerical, *view.lexicon.notes)}


def _is_note(entries: Mapping[str, Entry]) -> bool:
    """Whether nothing but a text stands in the row of a budget line: a note, or a title at a page break."""
    return all(entry.state is State.BLANK for name, entry in entries.items() if name != NAME_COLUMN)


def _spans_table(row: int, header: Header, view: FormView) -> bool:
    """A text merged over several columns of the table is a note or a heading, not a row."""
    anchors = [view.region.grid.anchor(row, left) for left, _ in header.spans.values()]
    return any(first == second for first, second in pairwise(sorted(anchors)))
