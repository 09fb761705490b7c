"""Reads .xlsx and .xlsm: one lxml pass over each part gives values, formats, merges and visibility.

Measured against python-calamine plus a pass for what it leaves out (formats, errors, hidden rows, formulas
without a value): that pass alone costs what this one costs, and two sources would have to be matched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, CellError, UnstoredFormula
from jixiao.language import say
from jixiao.workbooks.drafts import MAX_ROWS
from jixiao.workbooks.number_formats import BUILTIN, interpret, meaningful, parse_iso
from jixiao.workbooks.packages import (
    Package,
    Styles,
    Tab,
    document_properties,
    main_part,
    part_of_kind,
    read_tabs,
    relations,
)
from jixiao.workbooks.refusals import too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from jixiao.domain.cells import Grid, Value
    from jixiao.workbooks.drafts import Draft

_DIGITS = "0123456789"
_TRUE = frozenset({"1", "true"})
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_TEXTS = 1_000_000
_RELATION_ID = re.compile(r"\{[^}]*/relationships\}id")


def read_xlsx(data: bytes, file: str) -> tuple[tuple[Grid, ...], dict[str, str]]:
    """The worksheets in order (charts, dialogs and macro sheets are no forms) and the document properties.

    Raises:
        RefusalError: the file is damaged, protected or too large.
    """
    package = Package(data)
    main = main_part(package)
    related = relations(package, main)
    codes = tuple(_format_codes(package, part_of_kind(related, "styles")))
    texts = tuple(_shared_texts(package, part_of_kind(related, "sharedStrings")))
    tabs, from_1904 = _book(package, main)
    styles = Styles(codes, texts, from_1904)
    grids = read_tabs(
        file,
        tabs,
        related,
        lambda part, draft: _SheetReader(package, part, styles, draft).read(),
    )
    return grids, document_properties(package)


def _book(package: Package, main: str) -> tuple[list[Tab], bool]:
    """The sheets as listed, each with the names defined on it alone; and whether days count from 1904."""
    sheets: list[tuple[str, str, bool]] = []
    names: dict[int, list[tuple[str, str]]] = defaultdict(list)
    from_1904 = False
    for element in package.elements(main, "sheet", "definedName", "workbookPr"):
        kind = str(element.tag).rpartition("}")[2]
        if kind == "sheet":
            ids = (str(value) for key, value in element.items() if _RELATION_ID.fullmatch(str(key)))
            hidden = element.get("state", "visible") != "visible"
            sheets.append((element.get("name", ""), next(ids, ""), hidden))
        elif kind == "workbookPr":
            from_1904 = from_1904 or element.get("date1904") in _TRUE
        elif (number := element.get("localSheetId", "")).isdecimal():
            names[int(number)].append((element.get("name", ""), element.text or ""))
    return [Tab(*sheet, tuple(names[number])) for number, sheet in enumerate(sheets)], from_1904


def _format_codes(package: Package, part: str) -> Iterator[str]:
    """The format code of each cell style in order (conditional formats, dxfs, are numbered on their own)."""
    codes = dict(BUILTIN)
    if not part:
        return
    for element in package.elements(part, "numFmts", "cellXfs"):
        if str(element.tag).endswith("numFmts"):
            codes |= {int(fmt.get("numFmtId", "0")): fmt.get("formatCode", "") for fmt in element}
        else:
            yield from (meaningful(codes.get(int(xf.get("numFmtId", "0")))) for xf in element)


def _shared_texts(package: Package, part: str) -> Iterator[str]:
    if not part:
        return
    for count, element in enumerate(package.elements(part, "si")):
        if count >= _MAX_TEXTS:
            raise too_large(
                say("{max_texts} 条以上文本", max_texts=_MAX_TEXTS),
                say("{max_texts} 条文本", max_texts=_MAX_TEXTS),
            )
        yield _text_of(element)


def _text_of(element: etree._Element) -> str:
    """The text of a string item: its runs joined, without the phonetic guide, escapes decoded."""
    text = ""
    for child in element:
        tag = str(child.tag)
        if tag.endswith("}t"):
            text += child.text or ""
        elif tag.endswith("}r"):
            text += child.findtext("{*}t") or ""
    return _decode(text)


def _decode(text: str) -> str:
    """The text with its _xHHHH_ escapes (UTF-16 units) as characters."""
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@lru_cache(maxsize=4096)
def _column_of(letters: str) -> int:
    """Column from 0 of its letters: A is 0, AA 26."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _position(reference: str) -> tuple[int, int]:
    """Row and column from 0 of D12 or $D$12."""
    plain = reference.replace("$", "")
    letters = plain.rstrip("0123456789")
    return int(plain[len(letters) :]) - 1, _column_of(letters)


@lru_cache(maxsize=16384)
def _area_of(reference: str) -> Area:
    """The range A1:B3; departments merge the same ones."""
    first, _, last = reference.partition(":")
    return Area(*_position(first), *_position(last or first))


@lru_cache(maxsize=2048)
def _number(text: str, code: str, from_1904: bool) -> Value:  # noqa: FBT001 called for every number
    """What a stored number means under its format; the same few weights and scores come all the time."""
    return interpret(float(text), code, from_1904=from_1904)


class _SheetReader:
    """One pass over one worksheet part into a draft."""

    def __init__(self, package: Package, part: str, styles: Styles, draft: Draft) -> None:
        self._package = package
        self._part = part
        self._styles = styles
        self._texts = styles.texts
        self._from_1904 = styles.from_1904
        self._codes: dict[str | None, str] = {}
        self._draft = draft
        self._formulas: set[tuple[int, int]] = set()
        draft.formulas = self._formulas
        self._row = -1
        self._rows = 0

    def read(self) -> None:
        """Read the part. The dimension tag is not looked at: WPS writes wrong ones."""
        for element in self._package.elements(self._part, "row", "col", "mergeCell"):
            tag = element.tag
            if tag.endswith("row"):
                self._read_row(element)
            elif tag.endswith("col"):
                self._read_column(element)
            else:
                self._read_merge(element)

    def _read_column(self, element: etree._Element) -> None:
        if element.get("hidden") in _TRUE:
            span = range(int(element.get("min", "1")) - 1, int(element.get("max", "1")))
            self._draft.hidden_columns.append(span)

    def _read_merge(self, element: etree._Element) -> None:
        self._draft.merge(_area_of(element.get("ref", "")))

    def _read_row(self, element: etree._Element) -> None:
        reference = element.get("r")
        self._row = int(reference) - 1 if reference else self._row + 1
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise too_large(
                say("{max_rows} 行以上", max_rows=MAX_ROWS), say("{max_rows} 行", max_rows=MAX_ROWS)
            )
        if element.get("hidden") in _TRUE:
            self._draft.hidden_rows.append(range(self._row, self._row + 1))
        self._lay(element)

    def _lay(self, row: etree._Element) -> None:
        """Put the cells of a row that hold anything; one without a reference stands beside the one before."""
        put, at = self._draft.put, self._row
        named, beyond = "", -1
        for cell in row:
            reference = cell.get("r")
            if reference:
                named, beyond = reference, 0
            else:
                beyond += 1
            held = len(cell)
            if not held:
                continue
            column = _column_of(named.rstrip(_DIGITS)) + beyond if named else beyond
            text = formula = inline = None
            for child in cell if held > 1 else (cell[0],):
                tag = child.tag[-2:]
                if tag == "}v":
                    text = child.text
                elif tag == "}f":
                    formula = child.text or ""
                    self._formulas.add((at, column))
                elif child.tag[-3:] == "}is":
                    inline = _text_of(child)
            code = self._code(cell.get("s"))
            value = inline if inline is not None else self._value(cell.get("t"), text, formula, code)
            if value is not None:
                put(at, column, value, code)

    def _code(self, style: str | None) -> str:
        """The format code of a cell's style, looked up once a sheet."""
        code = self._codes.get(style)
        if code is None:
            code = self._codes[style] = self._styles.code(int(style or 0))
        return code

    def _value(self, kind: str | None, text: str | None, formula: str | None, code: str) -> Value | None:
        """The value of a cell; a formula that stores an empty text is blank, one that stores none isn't."""
        if not text:
            return None if formula is None or kind == "str" else UnstoredFormula(f"={formula}")
        value: Value
        match kind:
            case "s":
                return self._texts[_index(text)]
            case None:
                return _number(text, code, self._from_1904)
            case "str" | "inlineStr":
                value = _decode(text)
            case "e":
                value = CellError(text)
            case "b":
                value = text.strip() in _TRUE
            case "d":
                value = parse_iso(text)
            case _:
                value = _number(text, code, self._from_1904)
        return value


def _index(text: str) -> int:
    index = int(text)
    if index < 0:
        raise IndexError(index)
    return index
