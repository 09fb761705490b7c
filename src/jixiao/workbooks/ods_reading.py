"""Reads .ods: one lxml pass over content.xml gives values, percent formats, merges and visibility."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, CellError, UnstoredFormula
from jixiao.language import say
from jixiao.workbooks.drafts import MAX_COLUMNS, MAX_ROWS, Draft, Room
from jixiao.workbooks.number_formats import exact, parse_iso
from jixiao.workbooks.packages import Package, leaf_texts
from jixiao.workbooks.refusals import protected

if TYPE_CHECKING:
    from datetime import time

    from lxml import etree

    from jixiao.domain.cells import Grid, Value

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_COLUMNS_REPEATED = f"{_TABLE}number-columns-repeated"
_ROWS_REPEATED = f"{_TABLE}number-rows-repeated"
_COLUMNS_SPANNED = f"{_TABLE}number-columns-spanned"
_ROWS_SPANNED = f"{_TABLE}number-rows-spanned"
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d+")
_ELEMENTS = ("style", "table", "table-column", "table-row", "table-source", "named-expression")
_DAY = timedelta(days=1)
_MIDNIGHT = datetime(2000, 1, 1)  # noqa: DTZ001  a cell's time has no time zone
_MAX_SPACES = 1000
_BREAKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}


def read_ods(data: bytes, file: str) -> tuple[tuple[Grid, ...], dict[str, str]]:
    """The sheets in order and the document properties.

    Of the formats only percentages are given, with as many decimals as the cell shows.

    Raises:
        RefusalError: the file is damaged, protected or too large.
    """
    package = Package(data)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise protected(say("文档设有打开密码"))
    return _ContentReader(package, file).read(), _properties(package)


def _properties(package: Package) -> dict[str, str]:
    """User-defined properties by name, and "modified", the stamp of the last save (ISO 8601)."""
    found: dict[str, str] = {}
    for element, text in leaf_texts(package, "meta.xml", "user-defined", "date"):
        found[element.get(f"{_META}name") or "modified"] = text
    return found


class _ContentReader:
    """One pass over content.xml."""

    def __init__(self, package: Package, file: str) -> None:
        self._package = package
        self._file = file
        self._grids: list[Grid] = []
        self._undisplayed: set[str] = set()
        self._depth = 0
        self._room = Room()
        self._start_table()

    def _start_table(self) -> None:
        self._draft = Draft(self._room, formulas=set())
        self._row = 0
        self._column = 0
        self._linked = False

    def read(self) -> tuple[Grid, ...]:
        """Read the part."""
        for kind, element in self._package.events("content.xml", _ELEMENTS, ("start", "end")):
            if kind == "start":
                self._enter(element)
            else:
                self._leave(element)
        return tuple(self._grids)

    def _enter(self, element: etree._Element) -> None:
        if element.tag == f"{_TABLE}table":
            self._depth += 1
            if self._depth == 1:
                self._start_table()

    def _leave(self, element: etree._Element) -> None:
        """Take an element; tables inside a cell of another are no sheets and are passed over."""
        match element.tag.rpartition("}")[2]:
            case "style" if any(child.get(f"{_TABLE}display") == "false" for child in element):
                self._undisplayed.add(element.get(f"{_STYLE}name", ""))
            case "table":
                self._depth -= 1
                if self._depth == 0:
                    self._finish_table(element)
            case "table-source":
                self._linked = True
            case "table-column" if self._depth == 1:
                self._read_column(element)
            case "table-row" if self._depth == 1:
                self._read_row(element)
            case "named-expression" if self._depth == 1:
                name, formula = (element.get(f"{_TABLE}{key}", "") for key in ("name", "expression"))
                self._draft.name(name, formula)

    def _finish_table(self, element: etree._Element) -> None:
        """Keep the sheet, unless it is the copy of another file's that formulas or links refer to."""
        name = element.get(f"{_TABLE}name")
        if name and not self._linked:
            self._room.take_sheet()
            hidden = element.get(f"{_TABLE}style-name") in self._undisplayed
            self._grids.append(self._draft.grid(self._file, name, hidden=hidden))

    def _read_column(self, element: etree._Element) -> None:
        count = _count(element, _COLUMNS_REPEATED, MAX_COLUMNS)
        if _invisible(element):
            self._draft.hidden_columns.append(range(self._column, self._column + count))
        self._column += count

    def _read_row(self, element: etree._Element) -> None:
        count = _count(element, _ROWS_REPEATED, MAX_ROWS)
        rows = range(self._row, self._row + count)
        if _invisible(element):
            self._draft.hidden_rows.append(rows)
        column = 0
        for cell in element:
            column = self._read_cell(cell, rows, column)
        self._row = rows.stop

    def _read_cell(self, cell: etree._Element, rows: range, column: int) -> int:
        """Put a cell wherever it is repeated; gives the column after it."""
        count = _count(cell, _COLUMNS_REPEATED, MAX_COLUMNS)
        if len(cell) or cell.get(f"{_TABLE}formula"):
            value, code = _value(cell), _percent_code(cell)
            for row in rows if value is not None else ():
                for repeated in range(column, column + count):
                    self._draft.put(row, repeated, value, code)
                    if cell.get(f"{_TABLE}formula") and self._draft.formulas is not None:
                        self._draft.formulas.add((row, repeated))
        below = rows.start + _count(cell, _ROWS_SPANNED, MAX_ROWS)
        beyond = column + _count(cell, _COLUMNS_SPANNED, MAX_COLUMNS)
        if below - rows.start > 1 or beyond - column > 1:
            self._draft.merge(Area(rows.start, column, below - 1, beyond - 1))
        return column + count


def _count(element: etree._Element, attribute: str, limit: int) -> int:
    """A repetition, 1 where none is given; files may claim any number, so it is cut to what can be."""
    return min(int(element.get(attribute, "1")), limit)


def _invisible(element: etree._Element) -> bool:
    return element.get(f"{_TABLE}visibility", "visible") != "visible"


def _text(cell: etree._Element) -> str:
    """The paragraphs of a cell, one a line; comments and pictures on it are not its text."""
    return "\n".join(_paragraph(child) for child in cell if child.tag == f"{_TEXT}p")


def _paragraph(element: etree._Element) -> str:
    text = element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            text += " " * _count(child, f"{_TEXT}c", _MAX_SPACES)
        else:
            text += _BREAKS.get(str(child.tag)) or _paragraph(child)
        text += child.tail or ""
    return text


def _percent_code(cell: etree._Element) -> str:
    """0.00% for a percentage that is shown with two decimals; "" for everything else."""
    if cell.get(f"{_OFFICE}value-type") != "percentage":
        return ""
    decimals = len(_text(cell).partition(".")[2].rstrip("% "))
    return f"0.{'0' * decimals}%" if decimals else "0%"


def _value(cell: etree._Element) -> Value | None:
    """The value of a cell by its type."""
    formula, text = cell.get(f"{_TABLE}formula"), _text(cell)
    if cell.get(f"{_CALCEXT}value-type") == "error" or (formula and _ERROR.fullmatch(text)):
        return CellError(text)
    value: Value | None
    match cell.get(f"{_OFFICE}value-type"):
        case None:
            value = text or (UnstoredFormula(f"={formula.partition('=')[2]}") if formula else None)
        case "float" | "percentage" | "currency":
            value = exact(float(cell.get(f"{_OFFICE}value", "")))
        case "date":
            value = parse_iso(cell.get(f"{_OFFICE}date-value", ""))
        case "time":
            value = _duration(cell.get(f"{_OFFICE}time-value", ""))
        case "boolean":
            value = cell.get(f"{_OFFICE}boolean-value") == "true"
        case _:
            value = text or cell.get(f"{_OFFICE}string-value")
    return value


def _duration(text: str) -> time | timedelta | str:
    """A time of day below 24 hours, else a duration, as an .xlsx of the same sheet gives it."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return text
    span = timedelta(hours=int(match[1]), minutes=int(match[2]), milliseconds=round(float(match[3]) * 1000))
    return (_MIDNIGHT + span).time() if span < _DAY else span
