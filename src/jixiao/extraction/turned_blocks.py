"""Budget blocks laid out otherwise: turned, parted by sources, or as single fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, plain, step_of
from jixiao.domain.forms import TableLayout, ValueKind
from jixiao.domain.submissions import Basis, Entry, Inference, Line, State
from jixiao.extraction.entries import Reading, read_entry
from jixiao.extraction.fields import until_next_label
from jixiao.extraction.regions import cores_of, declared_points, declared_unit, nearest
from jixiao.extraction.rows import TOTAL, Read
from jixiao.extraction.vocabulary import column_keys, item_names
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FieldLayout, FormLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView


_LEAST = 2
"""So many columns' words below one another, so many items' words beside one another make such a block."""
_TURNED = 90


def read_transposed(table: TableLayout, end: int, view: FormView) -> Read | None:
    """The lines of a block on its side above row `end`; None where the form has none.

    Between known items any other word over amounts heads a line of its own, with `free_items`.
    """
    if not table.budget:
        return None
    rows = _rows(table, end, view)
    heads = _heads(table, min(rows.values(), default=(end, 0)), view)
    points = _points(heads, rows, table, view)
    own = {key for key in heads.values() if key in column_keys(table)}
    heads = {at: name for at, name in heads.items() if name not in own}
    if len(rows) < _LEAST or TOTAL not in heads.values() or not any(_amount(name, table) for name in rows):
        return None
    lines = [_line(at, name, rows, table, view) for at, name in heads.items()]
    lines = [
        replace(each, entries={**each.entries, **points} if each.item == TOTAL else each.entries)
        for each in lines
    ]
    filled = tuple(
        line for line in lines if any(entry.state is State.NUMBER for entry in line.entries.values())
    )
    total = next((at for at, name in heads.items() if name == TOTAL))
    ref, text = view.region.grid.ref(*total), view.region.texts[total].strip()
    title = next(item.title for item in table.items if item.name == TOTAL)
    told = Inference(
        Basis.STRUCTURE, ref, text, f"{table.name}.{TOTAL}", title, say("各项资金横向排列"), _TURNED
    )
    taken = frozenset({total[0], *(row for row, _ in rows.values())})
    return Read(filled, (told,), taken) if filled else None


def _amount(name: str, table: TableLayout) -> bool:
    return table.column(name).kind is ValueKind.AMOUNT


def _rows(table: TableLayout, end: int, view: FormView) -> dict[str, Position]:
    """The words of columns that stand below one another in one column, by column name."""
    found: dict[int, dict[str, Position]] = {}
    for key, columns in column_keys(table).items():
        for at in view.region.positions(key):
            if at[0] < end:
                own = found.setdefault(at[1], {})
                own[columns[0].name] = min(at, own.get(columns[0].name, at))
    best = max(found.values(), key=len, default={})
    return best if len({row for row, _ in best.values()}) == len(best) else {}


def _heads(table: TableLayout, first: Position, view: FormView) -> dict[Position, str]:
    """The items' words that end above the first of the rows, right of its label; others by their key.

    Where a heading is parted in two (地方资金 over 自治区 and 旗县) the lower words are the items.
    """
    names = item_names(table)
    above = max((row for row in view.region.rows if row < first[0]), default=-1)
    grid = view.region.grid
    shown = dict.fromkeys(grid.anchor(above, column) for column in range(first[1] + 1, grid.width))
    heads = {
        at: names.get(key, key if table.free_items else "")
        for at in shown
        if (key := view.region.keys.get(at, "")) and grid.area(*at).bottom < first[0]
    }
    known = sum(key in names.values() for key in heads.values())
    return {at: name for at, name in heads.items() if name} if known >= _LEAST else {}


def _points(
    heads: Mapping[Position, str], rows: Mapping[str, Position], table: TableLayout, view: FormView
) -> dict[str, Entry]:
    """What stands under a column's own word beside the sources: the whole's rate, points and score."""
    columns = column_keys(table)
    found: dict[str, Entry] = {}
    for at, key in heads.items():
        column = next(iter(columns.get(key, ())), None)
        if column is None or column.kind is ValueKind.AMOUNT:
            continue
        shown = [view.entry(row, at[1], column.kind) for row, _ in sorted(rows.values())]
        found[column.name] = next((each for each in shown if each.state is State.NUMBER), shown[-1])
    return found


def _line(
    head: Position, name: str, rows: Mapping[str, Position], table: TableLayout, view: FormView
) -> Line:
    units = view.units.get(table.name)
    entries: dict[str, Entry] = {}
    for column, (row, _) in rows.items():
        unit = units.of(column, row) if units else None
        entries[column] = view.entry(row, head[1], table.column(column).kind, unit)
    first = min(row for row, _ in rows.values())
    return Line(
        table.name, name, view.region.texts[head].strip(), view.region.grid.ref(first, head[1]), entries
    )


_LISTED = 90


def read_listed(table: TableLayout, end: int, view: FormView) -> Read | None:
    """The lines of a block whose cells each name their item: 资金安排 | 总额：180 | 其中：财政拨款：150.

    The row's own word says which column its amounts are of. None where no two amounts' rows are told so.
    """
    if not table.budget:
        return None
    names, inline = item_names(table), view.region.inline
    if names.keys().isdisjoint(inline):
        return None
    lines: dict[str, Line] = {}
    words: dict[str, Position] = {}
    cells = ((key, *place) for key, places in inline.items() if key in names for place in places)
    for key, at, rest in cells:
        column = _column_of_row(at, table, view) if at[0] < end else None
        entry = _listed_amount(rest, at, column, table, view) if column else None
        if column is None or entry is None:
            continue
        name, (word, amount) = names[key], column
        line = lines.get(name, Line(table.name, name, key, entry.ref, {}))
        lines[name] = replace(line, entries={amount: entry, **line.entries})
        words.setdefault(amount, word)
    if TOTAL not in lines or len(lines[TOTAL].entries) < _LEAST:
        return None
    rows = frozenset(row for row, _ in words.values())
    total = lines[TOTAL]
    lines[TOTAL] = replace(total, entries={**_points_beside(rows, table, view), **total.entries})
    told = tuple(_told_row(amount, word, table, view) for amount, word in words.items())
    return Read(tuple(lines.values()), told, rows)


def _points_beside(rows: Collection[int], table: TableLayout, view: FormView) -> dict[str, Entry]:
    """The rate, points and score that stand beside their words in the block's rows."""
    grid = view.region.grid
    found: dict[str, Entry] = {}
    for at, key in view.region.keys.items():
        column = next(iter(column_keys(table).get(key, ())), None)
        if at[0] not in rows or column is None or column.kind is ValueKind.AMOUNT:
            continue
        entry = view.entry(*grid.anchor(at[0], grid.area(*at).right + 1), column.kind)
        if entry.state is State.NUMBER:
            found[column.name] = entry
            points = declared_points(view.region.texts[at]) if column.name == "self_score" else None
            if points is not None and points < HUNDRED:
                found.setdefault(
                    "weight", Entry(grid.ref(*at), State.NUMBER, plain(points), points, step_of(points))
                )
    return found


def _column_of_row(at: Position, table: TableLayout, view: FormView) -> tuple[Position, str] | None:
    """The word left of a cell with the one column of amounts that it means or points to."""
    grid = view.region.grid
    amounts = {each.name: each.labels for each in table.columns if each.kind is ValueKind.AMOUNT}
    cores = cores_of(amounts, view.lexicon)
    for column in range(at[1] - 1, -1, -1):
        word = grid.anchor(at[0], column)
        key = view.region.keys.get(word, "")
        exact = [each.name for each in column_keys(table).get(key, ()) if each.name in amounts]
        stems = [
            each.name
            for each in table.columns
            if each.name in amounts and any(stem in key for stem in each.stems)
        ]
        near = nearest(key, cores, view.lexicon)
        if exact or near or len(stems) == 1:
            return word, (*exact, *([near] if near else ()), *stems)[0]
    return None


def _listed_amount(
    rest: str, at: Position, column: tuple[Position, str], table: TableLayout, view: FormView
) -> Entry | None:
    units = view.units.get(table.name)
    own = declared_unit(view.region.texts.get(column[0], ""))
    unit = own or (units.of(column[1], at[0]) if units else view.unit)
    reading = Reading(ValueKind.AMOUNT, unit, view.lexicon)
    entry = read_entry(until_next_label(rest, view), "", view.region.grid.ref(*at), reading)
    return entry if entry.state is State.NUMBER else None


def _told_row(amount: str, word: Position, table: TableLayout, view: FormView) -> Inference:
    ref, text = view.region.grid.ref(*word), view.region.texts[word].strip()
    address, title = f"{table.name}..{amount}", table.column(amount).title
    return Inference(Basis.STRUCTURE, ref, text, address, title, say("各项资金逐格写明名称和金额"), _LISTED)


_FEWEST_PARTED = 2
"""So many amounts' columns have to be parted alike."""
_PARTED = 90


def read_grouped(table: TableLayout, header: Header, view: FormView) -> Read | None:
    """The lines of the sources, the whole's left out; None where the columns are not parted by sources.

    The sources stand in the row below two amounts' words at least; their amounts below the header.
    """
    spans = [header.spans[each.name] for each in table.columns if each.name in header.spans]
    if sum(right > left for left, right in spans) < _FEWEST_PARTED:
        return None
    names = item_names(table)
    heads = view.region.grid.area(*view.region.grid.anchor(header.top, header.left)).bottom + 1
    figures = next((row for row in view.region.rows if row > max(heads, header.bottom)), None)
    if figures is None:
        return None
    parted = {
        column.name: _sources(heads, header.spans[column.name], view)
        for column in table.columns
        if column.kind is ValueKind.AMOUNT and column.name in header.spans
    }
    parted = {name: sources for name, sources in parted.items() if len(sources) > 1}
    known = {names.get(key) for sources in parted.values() for key in sources} - {None, TOTAL}
    if len(parted) < _FEWEST_PARTED or not known:
        return None
    units = view.units.get(table.name)
    lines: dict[str, dict[str, Entry]] = {}
    for column, sources in parted.items():
        unit = units.of(column, figures) if units else None
        for key, at in list(sources.items())[1:]:
            entry = view.entry(figures, at, ValueKind.AMOUNT, unit)
            if entry.state is State.NUMBER:
                lines.setdefault(key, {})[column] = entry
    read = tuple(
        Line(table.name, names.get(key, key), key, next(iter(entries.values())).ref, entries)
        for key, entries in lines.items()
        if key in names or table.free_items
    )
    ref = view.region.grid.ref(heads, header.left)
    text = view.region.texts.get((heads, header.left), "")
    reason = say("各栏之下按资金来源分列")
    told = Inference(Basis.STRUCTURE, ref, text, table.name, table.title, reason, _PARTED)
    return Read(read, (told,), frozenset({heads, figures})) if read else None


def _sources(row: int, span: tuple[int, int], view: FormView) -> dict[str, int]:
    """The labels in a row under a header word, with their grid columns, from the left."""
    anchors = {view.region.grid.anchor(row, column) for column in range(span[0], span[1] + 1)}
    return {
        view.region.keys[at]: at[1] for at in sorted(anchors) if at[0] == row and view.region.keys.get(at)
    }


_STANDING = 90
_FEWEST_FIGURES = 2
"""So many figures of a line have to be there: one of them alone says nothing of the other."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """The lines that fields make up, the names of these fields, and what was inferred."""

    lines: tuple[Line, ...] = ()
    fields: frozenset[str] = frozenset()
    inferences: tuple[Inference, ...] = ()


def stand_ins(
    fields: Mapping[str, Entry], layout: FormLayout, headers: Mapping[str, Sequence[Header]]
) -> StandIns:
    """The lines of tables without a header whose figures stand beside labels of their own."""
    wanted = [
        field
        for field in layout.fields
        if field.stands_for and field.name in fields and not headers[_table(field)]
    ]
    figures = [field for field in wanted if fields[field.name].state is State.NUMBER]
    rows: dict[tuple[str, str], dict[str, Entry]] = {}
    for field in figures:
        table, item, column = field.stands_for.split(".")
        rows.setdefault((table, item), {})[column] = fields[field.name]
    told = {place: entries for place, entries in rows.items() if len(entries) >= _FEWEST_FIGURES}
    lines = []
    for (table, item), entries in told.items():
        title = next(each.title for each in layout.table(table).items if each.name == item)
        lines.append(Line(table, item, title, next(iter(entries.values())).ref, entries))
    taken = [field for field in figures if tuple(field.stands_for.split(".")[:2]) in told]
    return StandIns(
        tuple(lines),
        frozenset(field.name for field in taken),
        tuple(_told(field, fields[field.name]) for field in taken),
    )


def _table(field: FieldLayout) -> str:
    return field.stands_for.partition(".")[0]


def _told(field: FieldLayout, entry: Entry) -> Inference:
    reason = say("没有单独的资金部分，金额写在栏目名称旁边")
    return Inference(
        Basis.STRUCTURE, entry.ref, field.title, field.stands_for, field.title, reason, _STANDING
    )
