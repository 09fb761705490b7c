"""Rows of figures under a header: tables whose rows have fixed names, and lists that departments name.

A fixed row is known by its label, else by what stands in it and where.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, plain, rounding_slack, step_of
from jixiao.domain.forms import TableKind, TableLayout, ValueKind
from jixiao.domain.spoken import is_of_which
from jixiao.domain.submissions import Basis, Entry, Inference, Line, State
from jixiao.domain.text_keys import compact, label_key
from jixiao.extraction.beside import read_beside
from jixiao.extraction.regions import cores_of, declared_points, nearest
from jixiao.extraction.rows import TOTAL, PrintedRow, Read, Shape, row_of, sections
from jixiao.extraction.turned_blocks import read_grouped, read_listed, read_transposed
from jixiao.extraction.vocabulary import item_names, keys_of
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

NAME_COLUMN = "item"
"""The column of a LIST that names its rows."""
_TOTALS = ("合计", "总计", "小计")
_FEW = 2
"""So many filled cells make a row one of the block's, whatever its label also means."""
_LIKELY, _BY_SUM, _BY_POINTS, _BY_PLACE = 90, 95, 90, 75
"""How surely, in percent: by a nearly known word, by sums that fit, by its points, by its place alone."""
_Known = tuple[str, PrintedRow, Basis, str, int]
"""An item's name, its row, and by what it was taken for that, why and how surely."""
_REASON = "reason"
_COUNTED = {ValueKind.AMOUNT, ValueKind.NUMBER}
_POINTS = ("weight", "execution_rate", "self_score")


def read_lines(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Read:
    """The table's rows below its headers, up to row `end`; of one name only the first, unless all count."""
    if table.kind is TableKind.LINES:
        return _read_fixed(table, headers, end, view)
    found = [
        line
        for header, rows in sections(headers, end, view.region)
        for line in _read_named(table, header, rows, view)
    ]
    lines: dict[str, Line] = {}
    for number, line in enumerate(found):
        lines.setdefault(str(number) if table.repeats else line.item, line)
    return Read(tuple(lines.values()), (), frozenset(line.ref.row for line in found))


@dataclass(slots=True)
class _Sorted:
    """The rows of a block: those whose names are known, and the others that could be rows of it."""

    named: dict[str, PrintedRow]
    others: list[PrintedRow]
    repeated: list[PrintedRow]
    """Further rows of a known name in other words: 自有资金 beside 其他资金."""
    headed: dict[str, PrintedRow]
    """The first row that only a label merged from above names, though it has a label of its own."""
    headings: list[int]
    """Grid rows that are a second line of the header in words of no column: 总额, 财政拨款."""


def _read_fixed(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Read:
    """The table's rows; of one name only the first.

    In a budget table the line of totals is found by what it is where its word is unknown, and with
    `free_items` every further row that carries amounts is a line of its own under its printed name.
    """
    if listed := read_listed(table, end, view) or read_beside(table, headers, end, view):
        return listed
    if not headers and (turned := read_transposed(table, end, view)):
        return turned
    found = _Sorted({}, [], [], {}, [])
    for header, rows in sections(headers, end, view.region):
        _sort(table, header, rows, found, view)
    _settle_headed(table, found)
    named = any(header.naming is not None for header in headers)
    known = (
        *_near_items(table, found, view),
        *_total(table, found, named=named),
        *_by_rest(table, found),
        *_only(table, found),
    )
    inferences = [_infer(each, table) for each in known]
    lines = [row.line(table.name, name) for name, row in found.named.items()]
    if table.free_items:
        taken = {line.label for line in lines}
        free = [row for row in (*found.others, *found.repeated) if _is_free(row) and row.label not in taken]
        lines += [row.line(table.name, row.key) for row in free]
    if table.budget and headers and (grouped := read_grouped(table, headers[0], view)):
        lines += grouped.lines
        inferences += grouped.inferences
    if headers and table.budget:
        lines = [_with_declared_weight(line, table, headers[0], view) for line in lines]
        lines = [_with_reason(line, headers[0], view) for line in lines]
    lines.sort(key=lambda line: line.ref.row)
    return Read(
        tuple(_distinct(lines)),
        tuple(inferences),
        frozenset([*found.headings, *(line.ref.row for line in lines)]),
    )


def _with_declared_weight(line: Line, table: TableLayout, header: Header, view: FormView) -> Line:
    """The line of totals with the points that the block's heading or the score's announces: 得分（10分）."""
    names = {column.name for column in table.columns}
    if line.item != TOTAL or "weight" in line.entries or not {"weight", "self_score"} <= names:
        return line
    if "self_score" not in header.spans:
        return line
    grid = view.region.grid
    columns = [*range(header.left - 1, -1, -1), header.spans["self_score"][0]]
    for row in range(header.top, header.bottom + 1):
        for column in columns:
            at = grid.anchor(row, column)
            points = declared_points(view.region.texts.get(at, ""))
            if points is not None and points < HUNDRED:
                entry = Entry(grid.ref(*at), State.NUMBER, plain(points), points, step_of(points))
                return replace(line, entries={**line.entries, "weight": entry})
    return line


def _with_reason(line: Line, header: Header, view: FormView) -> Line:
    """The line of totals with the words right of all its figures under a reason's heading: 备注."""
    if line.item != TOTAL or _REASON in line.entries:
        return line
    grid = view.region.grid
    columns = (column for table in view.layout.tables for column in table.columns if column.name == _REASON)
    reasons = {key for column in columns for key in keys_of(column.labels)}
    for column in range(header.right + 1, grid.width):
        if view.region.keys.get(grid.anchor(header.top, column), "") in reasons:
            at = grid.anchor(line.ref.row, column)
            entry = view.entry(*at, ValueKind.TEXT)
            if at[0] == line.ref.row and entry.state is State.TEXT and not view.is_label(at):
                return replace(line, entries={**line.entries, _REASON: entry})
    return line


def _distinct(lines: Sequence[Line]) -> Iterator[Line]:
    seen: set[str] = set()
    for line in lines:
        if line.item not in seen:
            yield line
        seen.add(line.item)


def _sort(table: TableLayout, header: Header, rows: Sequence[int], found: _Sorted, view: FormView) -> None:
    """Part a section's rows until the block ends; the name beside the header belongs to its first row."""
    names, skipped = item_names(table), keys_of(table.skipped_labels)
    shape = Shape(table, header)
    for number, at in enumerate(rows):
        row = row_of(at, shape, view)
        if not number and _heads_parts(row, header):
            found.headings.append(at)
            continue
        if _ends_block(row, names, table, view) or _holds_field(at, header, view):
            return
        name = _name_of(at, header, names, view)
        if name and row.key and row.key not in names and _is_from_above(at, header, names, view):
            found.headed.setdefault(name, row)
            name = None
        if name is None and not number and not row.own_label:
            name = _name_in_header(header, names, view)
        if row.key in skipped:
            continue
        if name and name not in found.named:
            found.named[name] = row
        elif name and row.key != found.named[name].key:
            found.repeated.append(row)
        elif not name:
            found.others.append(row)


def _is_from_above(row: int, header: Header, names: Mapping[str, str], view: FormView) -> bool:
    """Whether the known label of a row stands further up: it heads a block of rows with own labels."""
    places = reversed(view.region.anchors(row)[: header.left])
    return next((at[0] < row for at in places if view.region.keys.get(at, "") in names), False)


def _settle_headed(table: TableLayout, found: _Sorted) -> None:
    """A block's label names its row of totals, else its first row; the others are lines of their own."""
    totals = keys_of(_TOTALS)
    for name, first in found.headed.items():
        if name in found.named:
            continue
        below = (row for row in found.others if table.free_items and row.key in totals)
        row = next(below, first)
        found.named[name] = row
        found.others = [each for each in found.others if each is not row]


def _heads_parts(row: PrintedRow, header: Header) -> bool:
    """Whether words alone stand below the header, one of them under a heading over several columns."""
    texts = {name: entry for name, entry in row.figures.items() if entry.state is not State.BLANK}
    wide = [name for name in texts if header.spans[name][0] < header.spans[name][1]]
    below = [entry for entry in texts.values() if entry.ref.row == row.number]
    return bool(wide and below) and all(entry.state is State.TEXT for entry in texts.values())


def _ends_block(row: PrintedRow, names: Mapping[str, str], table: TableLayout, view: FormView) -> bool:
    """Whether a row is not the block's any more: a field's, or one with words of the form for figures.

    A row named like a field as well (其他资金) still is the block's where its figures stand like the others'.
    """
    texts = [entry for entry in row.figures.values() if entry.state is State.TEXT]
    if any(view.is_label((entry.ref.row, entry.ref.column)) for entry in texts):
        return True
    if row.key in names or not row.key or not view.is_field(row.key):
        return False
    filled = [entry for entry in row.figures.values() if entry.state is not State.BLANK]
    return not table.budget or bool(texts) or len({entry.ref for entry in filled}) < _FEW


def _holds_field(row: int, header: Header, view: FormView) -> bool:
    """Whether a field's label begins under the header's columns: 一般公共预算 | 90 | 基本支出 | 70."""
    keys = view.region.keys
    return any(
        header.left < column <= header.right and (key := keys.get((row, column))) and view.is_field(key)
        for column, _ in view.region.row(row)
    )


def _name_of(row: int, header: Header, names: Mapping[str, str], view: FormView) -> str | None:
    """The fixed name of a row: the label nearest to its figures that is one."""
    keys = view.region.keys
    for at in reversed(view.region.anchors(row)[: header.left]):
        if (key := keys.get(at, "")) in names:
            return names[key]
    return None


def _name_in_header(header: Header, names: Mapping[str, str], view: FormView) -> str | None:
    """Some forms print the first row's name beside the header words and leave its own row unnamed."""
    rows = range(header.top, header.bottom + 1)
    return next((name for row in rows if (name := _name_of(row, header, names, view))), None)


def _is_free(row: PrintedRow) -> bool:
    """Whether a row is a line of its own: named, with an amount or number and no words in their place."""
    amounts = [entry for name, entry in row.figures.items() if row.kinds[name] in _COUNTED]
    return (
        bool(row.key)
        and any(entry.state is State.NUMBER for entry in amounts)
        and all(entry.state is not State.TEXT for entry in amounts)
    )


def _near_items(table: TableLayout, found: _Sorted, view: FormView) -> Iterator[_Known]:
    """Rows named nearly like an item that the block lacks; sources differ by their origins, totals do not."""
    if not table.budget:
        return
    if not found.others:
        return
    rows = (*found.others, *found.named.values(), *found.repeated)
    whole_row = _by_sum([row for row in rows if row.has_figures])
    parts = {item.name: item.labels for item in table.items if item.name != TOTAL}
    whole = {item.name: item.labels for item in table.items if item.name == TOTAL}
    of_parts, of_whole = cores_of(parts, view.lexicon, origins=False), cores_of(whole, view.lexicon)
    for row in list(found.others):
        is_part = whole_row and TOTAL not in found.named and row is not whole_row[0]
        name = (
            nearest(row.key, of_parts, view.lexicon, origins=False)
            or (None if is_part or is_of_which(row.label) else nearest(row.key, of_whole, view.lexicon))
            or _by_stem(row, table, found)
        )
        if name and name not in found.named:
            found.named[name] = row
            found.others.remove(row)
            yield name, row, Basis.LIKENESS, say("与表样用语相近"), _LIKELY


def _by_stem(row: PrintedRow, table: TableLayout, found: _Sorted) -> str | None:
    """The one item that a row's words point to, and no other row's of the block do."""
    items = [item.name for item in table.items if any(stem in row.key for stem in item.stems)]
    others = [
        each
        for each in found.others
        if each is not row
        and any(stem in each.key for item in table.items if item.name in items for stem in item.stems)
    ]
    says = row.has_figures or any(entry.state is State.DASH for entry in row.figures.values())
    return items[0] if len(items) == 1 and not others and says else None


def _by_rest(table: TableLayout, found: _Sorted) -> Iterator[_Known]:
    """Of rows that may be an item lacking (其中：本级财政安排, 其中：中央财政) the one that fits.

    With it the block's items add up to their total in every column; the others are details of it. So is a row
    that an item's own word names, where only the unknown one above it fits in its place.
    """
    whole = found.named.get(TOTAL)
    if not table.budget or whole is None:
        return
    parts = {name: row for name, row in found.named.items() if name != TOTAL}
    fitting = [
        (item.name, row)
        for item in table.items
        for row in found.others
        if item.name not in found.named
        and row.has_figures
        and any(stem in row.key for stem in item.stems)
        and _is_sum(whole, [*parts.values(), row])
    ]
    if not fitting and not _is_sum(whole, list(parts.values())):
        fitting = [
            (name, row)
            for name, own in parts.items()
            for row in found.others
            if row.has_figures
            and row.number == own.number - 1
            and is_of_which(row.label)
            and _is_sum(whole, [*(each for each in parts.values() if each is not own), row])
        ]
    if len(fitting) == 1:
        name, row = fitting[0]
        found.others = [each for each in found.others if each is not row]
        found.others += [found.named[name]] if name in found.named else []
        found.named[name] = row
        yield name, row, Basis.STRUCTURE, say("与其余各行之和等于资金总额"), _BY_SUM


def _total(table: TableLayout, found: _Sorted, *, named: bool) -> Iterator[_Known]:
    """The line of totals by what it is: sums that fit, points in its row, the first row below the header.

    The first of rows that are `named` by a column for it is one of them.
    """
    if not table.budget or TOTAL in found.named or not any(item.name == TOTAL for item in table.items):
        return
    rows = sorted((*found.others, *found.named.values(), *found.repeated), key=lambda row: row.number)
    filled = [row for row in rows if row.has_figures] or rows[:1]
    chosen = _by_sum(filled) or (None if named else _by_place(filled, found))
    if chosen is None:
        return
    row, reason, certainty = chosen
    for name in [name for name, each in found.named.items() if each is row]:
        del found.named[name]
    found.others = [each for each in found.others if each is not row]
    found.named[TOTAL] = row
    yield TOTAL, row, Basis.STRUCTURE, reason, certainty


def _only(table: TableLayout, found: _Sorted) -> Iterator[_Known]:
    """The one row of a table that has only one item, under whatever name: the department's own."""
    rows = [row for row in found.others if row.has_figures]
    if table.budget or len(table.items) != 1 or found.named or len(rows) != 1:
        return
    found.others.remove(rows[0])
    found.named[table.items[0].name] = rows[0]
    yield table.items[0].name, rows[0], Basis.STRUCTURE, say("此部分仅此一行"), _BY_PLACE


def _by_sum(rows: Sequence[PrintedRow]) -> tuple[PrintedRow, str, int] | None:
    """The one row whose amounts are the sums of all others', where these are two at least."""
    if len(rows) <= _FEW:
        return None
    whole = [row for row in rows if _is_sum(row, [other for other in rows if other is not row])]
    return (whole[0], say("各栏都等于其余各行之和"), _BY_SUM) if len(whole) == 1 else None


def _is_sum(row: PrintedRow, others: Sequence[PrintedRow]) -> bool:
    columns = [name for name, kind in row.kinds.items() if kind is ValueKind.AMOUNT and row.value(name)]
    return bool(columns) and all(
        abs(sum((other.value(name) or ZERO for other in others), ZERO) - (row.value(name) or ZERO))
        <= rounding_slack(len(others))
        for name in columns
    )


def _by_place(rows: Sequence[PrintedRow], found: _Sorted) -> tuple[PrintedRow, str, int] | None:
    """The first row below the header, unless it says that it is a part; a block's only row is its whole."""
    if not rows:
        return None
    first = rows[0]
    known = any(first is row for row in found.named.values())
    if len(rows) > 1 and (known or is_of_which(first.label)):
        return None
    if any(first.value(name) is not None for name in _POINTS):
        return first, say("资金部分的首行，带有分值、执行率或得分"), _BY_POINTS
    return first, say("资金部分的首行") if len(rows) > 1 else say("资金部分仅此一行"), _BY_PLACE


def _infer(known: _Known, table: TableLayout) -> Inference:
    name, row, basis, reason, certainty = known
    title = next(item.title for item in table.items if item.name == name)
    return Inference(basis, row.name_ref, row.own_label, f"{table.name}.{name}", title, reason, certainty)


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
