"""Budget blocks laid out otherwise: turned, parted by sources, or as single fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.forms import TableLayout, ValueKind
from jixiao.domain.inferences import Basis, Inference
from jixiao.domain.submissions import Entry, Line, State
from jixiao.domain.text_keys import label_key
from jixiao.extraction.rows import TOTAL, Read
from jixiao.extraction.vocabulary import column_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    if len(rows) < _LEAST or TOTAL not in heads.values() or not any(_amount(name, table) for name in rows):
        return None
    lines = [_line(at, name, rows, table, view) for at, name in heads.items()]
    filled = tuple(
        line for line in lines if any(entry.state is State.NUMBER for entry in line.entries.values())
    )
    total = next((at for at, name in heads.items() if name == TOTAL))
    ref, text = view.region.grid.ref(*total), view.region.texts[total].strip()
    title = next(item.title for item in table.items if item.name == TOTAL)
    told = Inference(Basis.STRUCTURE, ref, text, f"{table.name}.{TOTAL}", title, "各项资金横向排列", _TURNED)
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
    """The items' words in the row above the first of the rows, right of its label; others by their key."""
    names = {label_key(label): item.name for item in table.items for label in item.labels}
    above = max((row for row in view.region.rows if row < first[0]), default=-1)
    heads = {
        at: names.get(key, key if table.free_items else "")
        for at, key in view.region.keys.items()
        if at[0] == above and at[1] > first[1]
    }
    known = sum(key in names.values() for key in heads.values())
    return {at: name for at, name in heads.items() if name} if known >= _LEAST else {}


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
    names = {label_key(label): item.name for item in table.items for label in item.labels}
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
    reason = "各栏之下按资金来源分列"
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
    reason = "没有单独的资金部分，金额写在栏目名称旁边"
    return Inference(
        Basis.STRUCTURE, entry.ref, field.title, field.stands_for, field.title, reason, _STANDING
    )
