"""Budget blocks whose columns are parted by sources: 全年预算数 over 合计, 财政拨款 and 其他资金."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.forms import TableLayout, ValueKind
from jixiao.domain.inferences import Basis, Inference
from jixiao.domain.submissions import Line, State
from jixiao.extraction.labels import label_key
from jixiao.extraction.rows import TOTAL, Read

if TYPE_CHECKING:
    from jixiao.domain.submissions import Entry
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

_FEWEST = 2
"""So many amounts' columns have to be parted alike."""
_CERTAINTY = 90


def read_grouped(table: TableLayout, header: Header, view: FormView) -> Read | None:
    """The lines of the sources, the whole's left out; None where the columns are not parted by sources.

    The sources stand in the row below two amounts' words at least; their amounts below the header.
    """
    spans = [header.spans[each.name] for each in table.columns if each.name in header.spans]
    if sum(right > left for left, right in spans) < _FEWEST:
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
    if len(parted) < _FEWEST or not known:
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
    told = Inference(Basis.STRUCTURE, ref, text, table.name, table.title, reason, _CERTAINTY)
    return Read(read, (told,), frozenset({heads, figures})) if read else None


def _sources(row: int, span: tuple[int, int], view: FormView) -> dict[str, int]:
    """The labels in a row under a header word, with their grid columns, from the left."""
    anchors = {view.region.grid.anchor(row, column) for column in range(span[0], span[1] + 1)}
    return {
        view.region.keys[at]: at[1] for at in sorted(anchors) if at[0] == row and view.region.keys.get(at)
    }
