"""Fields in place of a table that the form does not have: 支出预算合计 | 560 | 支出决算合计 | 548."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.inferences import Basis, Inference
from jixiao.domain.submissions import Entry, Line, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.forms import FieldLayout, FormLayout
    from jixiao.extraction.headers import Header

_CERTAINTY = 90
_FEWEST = 2
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
    told = {place: entries for place, entries in rows.items() if len(entries) >= _FEWEST}
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
        Basis.STRUCTURE, entry.ref, field.title, field.stands_for, field.title, reason, _CERTAINTY
    )
