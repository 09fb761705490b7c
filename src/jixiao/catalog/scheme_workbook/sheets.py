"""A scheme's data as the sheets of the workbook that officers edit; parsing is the way back."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.catalog.scheme_workbook.entries import write_entry
from jixiao.catalog.scheme_workbook.layouts import EntryKind, EntryLayout
from jixiao.catalog.toml_writing import toml_text
from jixiao.domain.blanks import Entering, InputRule
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jixiao.catalog.scheme_workbook.layouts import BookLayout, SheetLayout
    from jixiao.domain.report import Content

NOT_SHOWN = "remove"
"""What a file takes away is told from the whole data again when the workbook comes back."""
_SPARE_ROWS = 8
"""Empty rows below a list, ready for new members."""
_VALUE_WIDTH, _HELP_WIDTH, _TEXT_WIDTH, _LEAST_WIDTH = 60, 50, 30, 14
_MOST_WHOLE = Decimal(9999)
_ENTERING = {
    EntryKind.NUMBER: Entering.DECIMAL,
    EntryKind.SHARE: Entering.DECIMAL,
    EntryKind.WHOLE: Entering.WHOLE,
    EntryKind.FLAG: Entering.CHOICE,
    EntryKind.CHOICE: Entering.CHOICE,
}

Data = dict[str, object]


def scheme_sheets(scheme_id: str, data: Mapping[str, object], layout: BookLayout) -> tuple[SheetSpec, ...]:
    """All sheets, the hidden one with whatever the others do not show last."""
    rest = deepcopy({key: value for key, value in data.items() if key != NOT_SHOWN})
    sheets = []
    for sheet in layout.sheets:
        spec = _list_sheet(sheet, rest) if sheet.is_list else _settings_sheet(sheet, rest, scheme_id, layout)
        sheets.append(spec)
    heading = f"{layout.title}（{scheme_id}）"
    return (*(_titled(spec, heading) for spec in sheets), _titled(_rest_sheet(rest, layout), heading))


def _titled(spec: SheetSpec, heading: str) -> SheetSpec:
    """Nothing filters or bands a sheet that is edited."""
    return SheetSpec(
        verbatim=True,
        name=spec.name,
        title=f"{heading}  {spec.name}",
        note=spec.note,
        columns=tuple(replace(column, verbatim=True) for column in spec.columns),
        rows=spec.rows,
        filtered=False,
        hidden=spec.hidden,
        inputs=spec.inputs,
    )


def _settings_sheet(sheet: SheetLayout, rest: Data, scheme_id: str, layout: BookLayout) -> SheetSpec:
    """One row a key of the section; those shown are taken out of `rest`."""
    given = rest if not sheet.section else rest.get(sheet.section)
    section = given if isinstance(given, dict) else {}
    rows: list[tuple[Content, ...]] = [] if sheet.section else [(layout.id, scheme_id, layout.id_help)]
    inputs: dict[tuple[int, int], InputRule] = {}
    for entry in sheet.settings:
        inputs[len(rows), 1] = input_rule(entry)
        rows.append((entry.title, _take(section, entry), entry.help))
    if sheet.section and not section:
        rest.pop(sheet.section, None)
    columns = (
        ColumnSpec(layout.setting, muted=True),
        ColumnSpec(layout.value, wrap=_VALUE_WIDTH, least=_TEXT_WIDTH),
        ColumnSpec(layout.help, wrap=_HELP_WIDTH, muted=True),
    )
    return SheetSpec(sheet.name, "", sheet.note, columns, tuple(rows), inputs=inputs)


def _take(section: Data, entry: EntryLayout) -> Content:
    """The cell of a key, which is shown from then on; None for one that is not there or has no cell."""
    written = write_entry(section[entry.name], entry) if entry.name in section else None
    if written is not None:
        del section[entry.name]
    return written


def _list_sheet(sheet: SheetLayout, rest: Data) -> SheetSpec:
    """One row a member of the section, with further columns for keys that no column shows."""
    members = _members(sheet, rest.pop(sheet.section, None))
    cells = [[_take(member, entry) for entry in sheet.columns] for _, member in members]
    further = tuple(dict.fromkeys(key for _, member in members for key in member))
    rows: list[tuple[Content, ...]] = []
    for (name, member), shown in zip(members, cells, strict=True):
        extra = [_take(member, EntryLayout(key, key, EntryKind.RAW)) for key in further]
        rows.append((*((name,) if sheet.key else ()), *shown, *extra))
    columns = (
        *((ColumnSpec(sheet.key, muted=True),) if sheet.key else ()),
        *(_column(entry) for entry in sheet.columns),
        *(ColumnSpec(key, muted=not sheet.free, wrap=_TEXT_WIDTH) for key in further),
    )
    rows += [(None,) * len(columns)] * _SPARE_ROWS
    inputs = {
        (row, column): input_rule(entry)
        for row in range(len(rows))
        for column, entry in enumerate(sheet.columns, start=1 if sheet.key else 0)
    }
    return SheetSpec(sheet.name, "", sheet.note, columns, tuple(rows), inputs=inputs)


def _members(sheet: SheetLayout, section: object) -> list[tuple[str, Data]]:
    """The members with their names; one that is no table stands under the name "" of its only column."""
    named: Iterable[tuple[str, object]] = ()
    if isinstance(section, dict):
        named = section.items()
    elif isinstance(section, list):
        named = (("", member) for member in section)
    scalar = not sheet.columns[0].name
    return [
        (name, {"": member} if scalar else dict(member) if isinstance(member, dict) else {})
        for name, member in named
    ]


def _column(entry: EntryLayout) -> ColumnSpec:
    kind = {EntryKind.SHARE: Kind.RATE, EntryKind.NUMBER: Kind.MARK, EntryKind.WHOLE: Kind.MARK}
    raw = entry.kind is EntryKind.RAW
    width = 0 if entry.kind in kind else _LEAST_WIDTH
    return ColumnSpec(entry.title, kind.get(entry.kind, Kind.TEXT), wrap=_TEXT_WIDTH, muted=raw, least=width)


def input_rule(entry: EntryLayout) -> InputRule:
    """What may be entered in a cell, with the words to choose from."""
    whole = entry.kind is EntryKind.WHOLE
    return InputRule(
        entering=_ENTERING.get(entry.kind, Entering.ANY),
        low=Decimal(0),
        high=_MOST_WHOLE if whole else None,
        choices=tuple(entry.words.values()),
        title=entry.title,
        help=_help(entry),
    )


def _help(entry: EntryLayout) -> str:
    words = "；".join(entry.words.values()) if entry.kind is EntryKind.CHOICES else ""
    return "\n".join(filter(None, (entry.help, words)))


def _rest_sheet(rest: Data, layout: BookLayout) -> SheetSpec:
    """The other keys as TOML, a line a row."""
    lines = [line for line in toml_text(rest).splitlines() if line.strip()]
    columns = (ColumnSpec(layout.setting, Kind.COUNT), ColumnSpec(layout.value, wrap=_VALUE_WIDTH))
    rows = tuple((number, line) for number, line in enumerate(lines, start=1))
    return SheetSpec(layout.rest, "", layout.rest_note, columns, rows, hidden=True)
