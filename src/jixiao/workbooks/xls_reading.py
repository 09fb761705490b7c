"""Reads .xls and WPS's .et (BIFF) with xlrd, formats, merges and errors as well, and document properties.

BIFF stores a value with every formula, so that a formula nobody calculated can't be told from a result. Where
formulas stand xlrd does not say: that is read from the records themselves (MS-XLS 2.4.127).

olefile has a reader for them, but on damaged streams it counts through billions of properties.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from struct import unpack_from
from typing import TYPE_CHECKING, Any

import olefile
import xlrd

from jixiao.domain.cells import Area, CellError
from jixiao.language import say
from jixiao.workbooks.drafts import Draft, Room
from jixiao.workbooks.number_formats import BUILTIN, interpret, meaningful
from jixiao.workbooks.refusals import damaged, protected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.domain.cells import Grid, Position, Value

_DICTIONARY, _CODE_PAGE, _LAST_SAVED = 0, 1, 13
_TEXT, _WIDE_TEXT, _FILE_TIME = 0x1E, 0x1F, 0x40
_UTF_16 = 1200
_MOST = 1000
"""Properties of a section; office programs write some twenty."""
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def last_saved(summary: bytes) -> str:
    """The stamp of the last save (ISO 8601, UTC) in a SummaryInformation stream; "" where there is none.

    Raises:
        struct.error, LookupError, OverflowError: the stream is damaged.
    """
    at = _offsets(summary, 0).get(_LAST_SAVED)
    if at is None:
        return ""
    kind, ticks = unpack_from("<IQ", summary, at)
    stamp = _EPOCH + timedelta(microseconds=ticks // 10)
    return stamp.isoformat().replace("+00:00", "Z") if kind == _FILE_TIME and ticks else ""


def custom_properties(summary: bytes) -> dict[str, str]:
    """The texts among the custom properties in a DocumentSummaryInformation stream, by name.

    Raises:
        struct.error, LookupError, UnicodeDecodeError: the stream is damaged.
    """
    offsets = _offsets(summary, 1)
    if not {_DICTIONARY, _CODE_PAGE} <= offsets.keys():
        return {}
    (code_page,) = unpack_from("<H", summary, offsets[_CODE_PAGE] + 4)
    names = dict(_names(summary, offsets[_DICTIONARY], code_page))
    texts = {name: _text(summary, offsets[key], code_page) for key, name in names.items() if key in offsets}
    return {name: text for name, text in texts.items() if text is not None}


def _offsets(stream: bytes, number: int) -> Mapping[int, int]:
    """Where the properties of a section stand, by their id; none where there is no such section."""
    (sections,) = unpack_from("<I", stream, 24)
    if number >= sections:
        return {}
    (start,) = unpack_from("<I", stream, 28 + 20 * number + 16)
    (count,) = unpack_from("<I", stream, start + 4)
    pairs = (unpack_from("<II", stream, start + 8 + 8 * index) for index in range(min(count, _MOST)))
    return {key: start + offset for key, offset in pairs}


def _names(stream: bytes, at: int, code_page: int) -> Iterator[tuple[int, str]]:
    """Id and name of every custom property."""
    (count,) = unpack_from("<I", stream, at)
    at += 4
    for _ in range(min(count, _MOST)):
        key, length = unpack_from("<II", stream, at)
        size = 2 * length if code_page == _UTF_16 else length
        yield key, _decode(stream[at + 8 : at + 8 + size], code_page)
        at += 8 + (size + 3) // 4 * 4 if code_page == _UTF_16 else 8 + size


def _text(stream: bytes, at: int, code_page: int) -> str | None:
    """A text property; None for any other kind."""
    kind, length = unpack_from("<II", stream, at)
    if kind == _WIDE_TEXT:
        return _decode(stream[at + 8 : at + 8 + 2 * length], _UTF_16)
    return _decode(stream[at + 8 : at + 8 + length], code_page) if kind == _TEXT else None


def _decode(raw: bytes, code_page: int) -> str:
    special = {_UTF_16: "utf-16-le", 65001: "utf-8"}
    return raw.decode(special.get(code_page, f"cp{code_page}")).rstrip("\x00")


def read_xls(data: bytes, file: str) -> tuple[tuple[Grid, ...], dict[str, str]]:
    """The worksheets in order and the document properties.

    Raises:
        RefusalError: the file is damaged, protected or too large.
    """
    book = _open(data)
    grids: list[Grid] = []
    room = Room()
    formulas = _formulas(data)
    for sheet in book.sheets():
        room.take_sheet()
        draft = Draft(room, formulas=formulas.get(sheet.number))
        _fill(draft, book, sheet)
        grids.append(draft.grid(file, sheet.name, hidden=sheet.visibility != 0))
    return tuple(grids), properties_of(data)


def _open(data: bytes) -> Any:  # noqa: ANN401  xlrd has no types
    try:
        return xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=StringIO()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise protected(say("工作簿设有打开密码")) from error
        raise damaged(say("工作簿内部结构不完整")) from error


def _fill(draft: Draft, book: Any, sheet: Any) -> None:  # noqa: ANN401  xlrd has no types
    codes = [_code_of(book, style.format_key) for style in book.xf_list]
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        for column, (kind, raw) in enumerate(zip(kinds, sheet.row_values(row), strict=True)):
            if kind not in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
                code = codes[sheet.cell_xf_index(row, column)]
                draft.put(row, column, _value(kind, raw, code, from_1904=bool(book.datemode)), code)
    for top, below, left, beyond in sheet.merged_cells:
        draft.merge(Area(top, left, below - 1, beyond - 1))
    draft.hidden_rows = [range(row, row + 1) for row, info in sheet.rowinfo_map.items() if info.hidden]
    draft.hidden_columns = [
        range(column, column + 1) for column, info in sheet.colinfo_map.items() if info.hidden
    ]
    for each in book.name_obj_list:
        if each.scope == sheet.number and each.result is not None:
            draft.name(each.name, each.result.text or "")


_SHEET, _BEGIN, _END, _FORMULA = 0x85, 0x809, 0x0A, 0x06
_WORKSHEET = 0


def _formulas(data: bytes) -> dict[int, set[Position]]:
    """The cells with a formula, by the number of their worksheet; of none where the records can't be read."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as container:
            name = next(each for each in ("Workbook", "Book") if container.exists(each))
            stream = container.openstream(name).read()
        sheets = [record for kind, record in _records(stream, 0) if kind == _SHEET]
        starts = [struct.unpack_from("<I", record)[0] for record in sheets if record[5] == _WORKSHEET]
        return {number: set(_formula_cells(stream, start)) for number, start in enumerate(starts)}
    except (OSError, LookupError, StopIteration, struct.error):
        return {}


def _formula_cells(stream: bytes, start: int) -> Iterator[Position]:
    return (struct.unpack_from("<HH", record) for kind, record in _records(stream, start) if kind == _FORMULA)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Number and content of every record of a part; those of charts within it are passed over."""
    depth = 0
    while start < len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


def _code_of(book: Any, key: int) -> str:  # noqa: ANN401  xlrd has no types
    """A format code; the numbers that stand for the machine's own date notations are not in the file."""
    known = book.format_map.get(key)
    return meaningful(BUILTIN.get(key) if known is None else known.format_str)


def _value(kind: int, raw: Any, code: str, *, from_1904: bool) -> Value | None:  # noqa: ANN401  xlrd has no types
    match kind:
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return interpret(float(raw), code, from_1904=from_1904)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(raw)
        case xlrd.XL_CELL_ERROR:
            return CellError(xlrd.error_text_from_code.get(raw, "#N/A"))
        case _:
            return str(raw)


def properties_of(data: bytes) -> dict[str, str]:
    """Custom properties by name, and "modified"; a damaged summary only means that they are not known."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as container:
            custom = custom_properties(_stream(container, "\x05DocumentSummaryInformation"))
            saved = last_saved(_stream(container, "\x05SummaryInformation"))
    except (OSError, ValueError, LookupError, OverflowError, struct.error):
        return {}
    return custom | ({"modified": saved} if saved else {})


def _stream(container: Any, name: str) -> bytes:  # noqa: ANN401  olefile has no types
    """A stream's content; an empty property set where there is no such stream."""
    return bytes(container.openstream(name).read()) if container.exists(name) else bytes(28)
