"""Budget blocks lying on their side: sources of money head the columns, 预算数 and 执行数 name the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.forms import TableLayout, ValueKind
from jixiao.domain.inferences import Basis, Inference
from jixiao.domain.submissions import Line, State
from jixiao.extraction.labels import label_key
from jixiao.extraction.rows import TOTAL, Read
from jixiao.extraction.vocabulary import column_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Position
    from jixiao.domain.submissions import Entry
    from jixiao.extraction.views import FormView

_FEWEST = 2
"""So many columns' words below one another, so many items' words beside one another make such a block."""
_CERTAINTY = 90


def read_transposed(table: TableLayout, end: int, view: FormView) -> Read | None:
    """The lines of a block on its side above row `end`; None where the form has none.

    Between known items any other word over amounts heads a line of its own, with `free_items`.
    """
    if not table.budget:
        return None
    rows = _rows(table, end, view)
    heads = _heads(table, min(rows.values(), default=(end, 0)), view)
    if len(rows) < _FEWEST or TOTAL not in heads.values() or not any(_amount(name, table) for name in rows):
        return None
    lines = [_line(at, name, rows, table, view) for at, name in heads.items()]
    filled = tuple(
        line for line in lines if any(entry.state is State.NUMBER for entry in line.entries.values())
    )
    total = next((at for at, name in heads.items() if name == TOTAL))
    ref, text = view.region.grid.ref(*total), view.region.texts[total].strip()
    title = next(item.title for item in table.items if item.name == TOTAL)
    told = Inference(
        Basis.STRUCTURE, ref, text, f"{table.name}.{TOTAL}", title, "各项资金横向排列", _CERTAINTY
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
    """The items' words in the row above the first of the rows, right of its label; others by their key."""
    names = {label_key(label): item.name for item in table.items for label in item.labels}
    above = max((row for row in view.region.rows if row < first[0]), default=-1)
    heads = {
        at: names.get(key, key if table.free_items else "")
        for at, key in view.region.keys.items()
        if at[0] == above and at[1] > first[1]
    }
    known = sum(key in names.values() for key in heads.values())
    return {at: name for at, name in heads.items() if name} if known >= _FEWEST else {}


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
