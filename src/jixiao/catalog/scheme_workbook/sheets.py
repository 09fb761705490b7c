"""A scheme's data as the sheets that officers edit, and back: what is not understood is a problem."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.catalog.loading.sources import ID, dotted, merge_tables
from jixiao.catalog.scheme_workbook.entries import EntryError, read_entry, text_of, write_entry
from jixiao.catalog.scheme_workbook.layouts import CellProblem, EditedBook, EntryKind, EntryLayout
from jixiao.catalog.toml_writing import toml_text
from jixiao.domain.blanks import Entering, InputRule
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.catalog.loading.sources import KeyPath
    from jixiao.catalog.scheme_workbook.layouts import BookLayout, SheetLayout
    from jixiao.domain.cells import CellRef, Grid
    from jixiao.domain.report import Content

_KEY = re.compile(r"[A-Za-z]\w*")
"""Headers that are keys of the file; any other unknown header is an officer's own column."""
_AS_EXPORTED = say("请在导出的工作簿上修改，不要改动表头和灰色的栏目名。")

Data = dict[str, object]


def parse_book(grids: Sequence[Grid], layout: BookLayout) -> EditedBook:
    """What all sheets say together; sheets that the layout does not know are an officer's own."""
    parser = _Parser(layout)
    by_name = {grid.sheet: grid for grid in grids}
    for sheet in layout.sheets:
        if grid := by_name.get(sheet.name):
            parser.read_sheet(grid, sheet)
        else:
            parser.problems.append(
                _sheet_problem(sheet.name, say("缺少这张工作表。{as_exported}", as_exported=_AS_EXPORTED))
            )
    rest = parser.read_rest(by_name.get(layout.rest))
    shown = {sheet.section for sheet in layout.sheets if not sheet.is_list and sheet.section}
    kept = {key: value for key, value in rest.items() if key not in shown or key in parser.data}
    return EditedBook(parser.id, merge_tables(parser.data, kept), parser.places, tuple(parser.problems))


def _sheet_problem(sheet: str, message: str) -> CellProblem:
    return CellProblem(sheet, "", "", message)


class _Parser:
    """Collects data, the cells they come from, and problems."""

    def __init__(self, layout: BookLayout) -> None:
        self._layout = layout
        self.id = ""
        self.data: Data = {}
        self.places: dict[str, tuple[CellRef, str]] = {}
        self.problems: list[CellProblem] = []

    def read_sheet(self, grid: Grid, sheet: SheetLayout) -> None:
        """Read the sheet of one section."""
        titles = _titles(sheet) if sheet.is_list else [self._layout.setting, self._layout.value]
        header = _find_header(grid, titles)
        if header is None:
            missing = say("、").join(say("“{title}”", title=title) for title in titles)
            self.problems.append(
                _sheet_problem(
                    grid.sheet,
                    say("找不到表头（{missing}）。{as_exported}", missing=missing, as_exported=_AS_EXPORTED),
                )
            )
            return
        columns = {text_of(value): column for (row, column), value in grid.values.items() if row == header}
        if sheet.section:
            self.places[sheet.section] = (grid.ref(header, 0), sheet.name)
        if sheet.is_list:
            self._read_list(grid, sheet, header, columns)
        else:
            self._read_settings(grid, sheet, header, columns)

    def _read_settings(self, grid: Grid, sheet: SheetLayout, header: int, columns: Mapping[str, int]) -> None:
        label, value = columns[self._layout.setting], columns[self._layout.value]
        rows = {text_of(grid.value(row, label)): row for row in range(header + 1, grid.height)}
        path: KeyPath = (sheet.section,) if sheet.section else ()
        if not sheet.section:
            self.id = self._read_id(grid, rows, value)
        found: Data = {}
        for entry in sheet.settings:
            if entry.title not in rows:
                message = say("缺少“{title}”一行。{as_exported}", title=entry.title, as_exported=_AS_EXPORTED)
                self.problems.append(_sheet_problem(grid.sheet, message))
            else:
                self._read_cell(grid, (rows[entry.title], value), entry, path, found)
        known = {entry.title for entry in sheet.settings} | {self._layout.id, ""}
        for title, row in rows.items():
            if title not in known:
                self._complain(
                    grid.ref(row, label),
                    "",
                    say("不认识的项目“{title}”。{as_exported}", title=title, as_exported=_AS_EXPORTED),
                )
        if found or not sheet.section:
            self.data |= {sheet.section: found} if sheet.section else found

    def _read_id(self, grid: Grid, rows: Mapping[str, int], column: int) -> str:
        row = rows.get(self._layout.id)
        text = "" if row is None else text_of(grid.value(row, column))
        if not ID.fullmatch(text):
            message = say("应为方案编号，现为“{text}”。{id_help}。", text=text, id_help=self._layout.id_help)
            place = None if row is None else grid.ref(row, column)
            self.problems.append(
                CellProblem.at(place, self._layout.id, message)
                if place
                else _sheet_problem(
                    grid.sheet,
                    say("缺少“{id}”一行。{as_exported}", id=self._layout.id, as_exported=_AS_EXPORTED),
                )
            )
        return text

    def _read_list(self, grid: Grid, sheet: SheetLayout, header: int, columns: Mapping[str, int]) -> None:
        titles = _titles(sheet)
        further = [title for title in columns if title not in titles and _KEY.fullmatch(title)]
        entries = [*sheet.columns, *(EntryLayout(key, key, EntryKind.RAW) for key in further)]
        members: list[tuple[str, object]] = []
        wanted = [columns[title] for title in (*titles, *further)]
        for row in range(header + 1, grid.height):
            if not any(text_of(grid.value(row, column)) for column in wanted):
                continue
            name = self._read_name(grid, row, columns[sheet.key], members) if sheet.key else ""
            path: KeyPath = (sheet.section, name if sheet.key else len(members))
            found: Data = {}
            self.places[dotted(path)] = (grid.ref(row, wanted[0]), titles[0])
            for entry in entries:
                self._read_cell(grid, (row, columns[entry.title]), entry, path, found)
            members.append((name, found.get("") if not sheet.columns[0].name else found))
        if members:
            self.data[sheet.section] = dict(members) if sheet.key else [member for _, member in members]

    def _read_name(self, grid: Grid, row: int, column: int, members: Sequence[tuple[str, object]]) -> str:
        name = text_of(grid.value(row, column))
        taken = any(name == other for other, _ in members)
        if taken or not ID.fullmatch(name):
            message = (
                say("编号“{name}”与上面的行重复。", name=name)
                if taken
                else say("每行都应有编号，由字母、数字、汉字和 - _ 组成。")
            )
            self._complain(grid.ref(row, column), "", message)
        return name

    def _read_cell(
        self, grid: Grid, place: tuple[int, int], entry: EntryLayout, path: KeyPath, found: Data
    ) -> None:
        """Put the value under its key into `found`; a blank cell means that the key is not given."""
        ref, value = grid.ref(*place), grid.value(*place)
        if entry.name:
            self.places[dotted((*path, entry.name))] = (ref, entry.title)
        if value is None or not text_of(value):
            return
        percent = "%" in grid.formats.get((ref.row, ref.column), "")
        try:
            found[entry.name] = read_entry(value, entry, percent=percent)
        except EntryError as error:
            self._complain(ref, entry.title, str(error))

    def read_rest(self, grid: Grid | None) -> Data:
        """The keys that no other sheet shows."""
        if grid is None:
            self.problems.append(
                _sheet_problem(
                    self._layout.rest, say("缺少这张隐藏的工作表。{as_exported}", as_exported=_AS_EXPORTED)
                )
            )
            return {}
        header = _find_header(grid, [self._layout.value])
        rows = range((header or 0) + 1, grid.height)
        last = max(grid.width - 1, 0)
        try:
            return tomllib.loads(
                "\n".join(text_of(grid.value(row, last)) for row in rows), parse_float=Decimal
            )
        except tomllib.TOMLDecodeError as error:
            self.problems.append(
                _sheet_problem(
                    grid.sheet,
                    say(
                        "内容已被改动，无法读取（{error}）。{as_exported}",
                        error=error,
                        as_exported=_AS_EXPORTED,
                    ),
                )
            )
            return {}

    def _complain(self, ref: CellRef, label: str, message: str) -> None:
        self.problems.append(CellProblem.at(ref, label, message))


def _titles(sheet: SheetLayout) -> list[str]:
    return [*([sheet.key] if sheet.key else ()), *(entry.title for entry in sheet.columns)]


def _find_header(grid: Grid, titles: Sequence[str]) -> int | None:
    """The first row that has all the titles."""
    rows: dict[int, set[str]] = {}
    for (row, _), value in grid.values.items():
        rows.setdefault(row, set()).add(text_of(value))
    return min((row for row, texts in rows.items() if texts.issuperset(titles)), default=None)


def locate(key: str, book: EditedBook) -> tuple[CellRef, str] | None:
    """The cell of a dotted key, or of the nearest key around it that has one, with its title."""
    while key and key not in book.places:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return book.places.get(key)


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
