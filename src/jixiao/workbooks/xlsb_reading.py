"""Reads .xlsb: the binary records (MS-XLSB 2.4) of cells, merges, row and column visibility, and formats.

python-calamine reads these files too, but gives errors as blanks and neither formats nor merges, and it can
end the process's thread with a panic on broken ones.
"""

from __future__ import annotations

from struct import pack, unpack_from
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, CellError
from jixiao.workbooks.number_formats import BUILTIN, interpret, meaningful
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.cells import Grid, Value
    from jixiao.workbooks.drafts import Draft

_ROW, _SHARED_TEXT, _FORMAT, _STYLE, _COLUMNS, _WORKBOOK, _SHEET, _MERGE = 0, 19, 44, 47, 60, 153, 156, 176
_BEGIN_STYLES, _END_STYLES = 617, 618
_RK, _REAL, _FORMULA_REAL = 2, 5, 9
_ERRORS_IN, _BOOLS_IN, _TEXTS_IN = (3, 11), (4, 10), (6, 8)
_TEXT_REFERENCE, _RICH_TEXT = 7, 62
_CELLS = frozenset(
    {_RK, _REAL, _FORMULA_REAL, *_ERRORS_IN, *_BOOLS_IN, *_TEXTS_IN, _TEXT_REFERENCE, _RICH_TEXT}
)
_FORMULAS = frozenset({8, _FORMULA_REAL, 10, 11})
_HIDDEN_ROW = 0x10
_NO_TEXT = 0xFFFFFFFF
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def read_xlsb(data: bytes, file: str) -> tuple[tuple[Grid, ...], dict[str, str]]:
    """The worksheets in order and the document properties.

    Raises:
        RefusalError: the file is damaged, protected or too large.
    """
    package = Package(data)
    main = main_part(package)
    related = relations(package, main)
    styles = Styles(
        codes=tuple(_format_codes(package, part_of_kind(related, "styles"))),
        texts=tuple(_shared_texts(package, part_of_kind(related, "sharedStrings"))),
        from_1904=_counts_from_1904(package, main),
    )
    grids = read_tabs(
        file,
        _tabs(package, main),
        related,
        lambda part, draft: _fill(draft, package, part, styles),
    )
    return grids, document_properties(package)


def _records(package: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """Number and content of every record; both number and length are written in 7-bit groups."""
    data = package.read(part) if part else b""
    offset = 0
    while offset < len(data):
        kind, offset = _groups(data, offset, 2)
        size, offset = _groups(data, offset, 4)
        yield kind, data[offset : offset + size]
        offset += size


def _groups(data: bytes, offset: int, most: int) -> tuple[int, int]:
    number = 0
    for index in range(most):
        byte = data[offset + index]
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:  # noqa: PLR2004  the bit that says another group follows
            break
    return number, offset + index + 1


def _wide(record: bytes, offset: int) -> tuple[str, int]:
    """A counted UTF-16 text and the offset after it."""
    (count,) = unpack_from("<I", record, offset)
    if count == _NO_TEXT:
        return "", offset + 4
    end = offset + 4 + 2 * count
    if end > len(record):
        raise IndexError(end)
    return record[offset + 4 : end].decode("utf-16-le", "replace"), end


def _tabs(package: Package, main: str) -> Iterator[Tab]:
    for kind, record in _records(package, main):
        if kind == _SHEET:
            (state,) = unpack_from("<I", record)
            relation_id, offset = _wide(record, 8)
            yield Tab(_wide(record, offset)[0], relation_id, hidden=state != 0)


def _counts_from_1904(package: Package, main: str) -> bool:
    return any(kind == _WORKBOOK and record[0] & 1 for kind, record in _records(package, main))


def _format_codes(package: Package, part: str) -> Iterator[str]:
    """The format code of each cell style in order."""
    codes = dict(BUILTIN)
    of_cells = False
    for kind, record in _records(package, part):
        if kind == _FORMAT:
            codes[unpack_from("<H", record)[0]] = _wide(record, 2)[0]
        elif kind in {_BEGIN_STYLES, _END_STYLES}:
            of_cells = kind == _BEGIN_STYLES
        elif kind == _STYLE and of_cells:
            yield meaningful(codes.get(unpack_from("<HH", record)[1]))


def _shared_texts(package: Package, part: str) -> Iterator[str]:
    return (_wide(record, 1)[0] for kind, record in _records(package, part) if kind == _SHARED_TEXT)


def _fill(draft: Draft, package: Package, part: str, styles: Styles) -> None:
    row = -1
    formulas = draft.formulas = set()
    for kind, record in _records(package, part):
        if kind == _ROW:
            (row,) = unpack_from("<I", record)
            if record[11] & _HIDDEN_ROW:
                draft.hidden_rows.append(range(row, row + 1))
        elif kind in _CELLS:
            column, style = unpack_from("<II", record)
            code = styles.code(style & 0xFFFFFF)
            draft.put(row, column, _value(kind, record, code, styles), code)
            if kind in _FORMULAS:
                formulas.add((row, column))
        elif kind == _MERGE:
            top, bottom, left, right = unpack_from("<4I", record)
            draft.merge(Area(top, left, bottom, right))
        elif kind == _COLUMNS and record[16] & 1:
            first, last = unpack_from("<II", record)
            draft.hidden_columns.append(range(first, last + 1))


def _value(kind: int, record: bytes, code: str, styles: Styles) -> Value | None:
    """The value of a cell record, which begins at its ninth byte."""
    if kind == _TEXT_REFERENCE:
        (index,) = unpack_from("<I", record, 8)
        return styles.texts[int(index)]
    if kind in _TEXTS_IN or kind == _RICH_TEXT:
        return _wide(record, 9 if kind == _RICH_TEXT else 8)[0]
    if kind in _ERRORS_IN:
        return CellError(_ERRORS.get(record[8], "#N/A"))
    if kind in _BOOLS_IN:
        return record[8] != 0
    number: float = _compact(record) if kind == _RK else unpack_from("<d", record, 8)[0]
    return interpret(number, code, from_1904=styles.from_1904)


def _compact(record: bytes) -> float:
    """An RK number: 30 bits of an integer or of a float, perhaps a hundredfold (MS-XLSB 2.5.122)."""
    (bits,) = unpack_from("<i", record, 8)
    number: float = float(bits >> 2) if bits & 2 else unpack_from("<d", pack("<iI", 0, bits & 0xFFFFFFFC))[0]
    return number / 100 if bits & 1 else number
