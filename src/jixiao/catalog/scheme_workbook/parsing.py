"""An edited workbook as a scheme's data: every cell that cannot be understood is a problem at its address."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.catalog.loading.sources import ID, dotted, merge_tables
from jixiao.catalog.scheme_workbook.entries import EntryError, read_entry, text_of
from jixiao.catalog.scheme_workbook.layouts import CellProblem, EditedBook, EntryKind, EntryLayout
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.catalog.loading.sources import KeyPath
    from jixiao.catalog.scheme_workbook.layouts import BookLayout, SheetLayout
    from jixiao.domain.cells import CellRef, Grid

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
