"""Document properties of a compound document (MS-OLEPS): the stamp of the last save, and custom ones.

olefile has a reader for them, but on damaged streams it counts through billions of properties.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from struct import unpack_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
