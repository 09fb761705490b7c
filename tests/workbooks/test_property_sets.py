"""Property streams built byte by byte after MS-OLEPS."""

from __future__ import annotations

import struct
from datetime import datetime
from struct import pack

import pytest

from jixiao.workbooks.xls_reading import custom_properties, last_saved

TICKS = (datetime(2025, 3, 1) - datetime(1601, 1, 1)).days * 86_400 * 10_000_000  # noqa: DTZ001  none in the format
SAVED = pack("<IQ", 64, TICKS)


def stream(*sections: dict[int, bytes]) -> bytes:
    """A property set of these sections: property id → typed value."""
    table, body = b"", b""
    start = 28 + 20 * len(sections)
    for section in sections:
        table += bytes(16) + pack("<I", start + len(body))
        index, values = b"", b""
        for key, value in section.items():
            index += pack("<II", key, 8 + 8 * len(section) + len(values))
            values += value
        body += pack("<II", 8 + len(index) + len(values), len(section)) + index + values
    return bytes(24) + pack("<I", len(sections)) + table + body


def code_page(number: int) -> bytes:
    return pack("<IHH", 2, number, 0)


def narrow(text: str, encoding: str) -> bytes:
    raw = text.encode(encoding) + b"\x00"
    return pack("<II", 0x1E, len(raw)) + raw


def wide(text: str) -> bytes:
    return pack("<II", 0x1F, len(text) + 1) + text.encode("utf-16-le") + b"\x00\x00"


def test_the_stamp_of_the_last_save() -> None:
    assert last_saved(stream({1: code_page(936), 13: SAVED})) == "2025-03-01T00:00:00Z"


@pytest.mark.parametrize(
    "summary",
    [
        bytes(28),
        stream({1: code_page(936)}),
        stream({13: pack("<IQ", 64, 0)}),
        stream({13: pack("<IQ", 3, TICKS)}),
    ],
)
def test_no_stamp(summary: bytes) -> None:
    assert last_saved(summary) == ""


def test_custom_texts_in_the_code_page_of_a_chinese_machine() -> None:
    names = pack("<I", 3) + b"".join(
        pack("<II", key, len(raw)) + raw
        for key, name in {2: "模板", 3: "宽", 4: "数"}.items()
        if (raw := name.encode("gbk") + b"\x00")
    )
    section = {0: names, 1: code_page(936), 2: narrow("甲 1", "gbk"), 3: wide("乙"), 4: pack("<II", 3, 7)}
    assert custom_properties(stream({}, section)) == {"模板": "甲 1", "宽": "乙"}


def test_names_in_utf_16_are_padded() -> None:
    names = pack("<I", 2)
    for key, name in {2: "模板", 3: "版"}.items():
        raw = name.encode("utf-16-le") + b"\x00\x00"
        names += pack("<II", key, len(name) + 1) + raw + bytes(-len(raw) % 4)
    section = {0: names, 1: code_page(1200), 2: wide("甲"), 3: wide("乙")}
    assert custom_properties(stream({}, section)) == {"模板": "甲", "版": "乙"}


@pytest.mark.parametrize("summary", [bytes(28), stream({1: code_page(936)}), stream({}, {1: code_page(936)})])
def test_no_custom_properties(summary: bytes) -> None:
    assert custom_properties(summary) == {}


def test_billions_of_properties_are_not_counted() -> None:
    head = bytes(24) + pack("<I", 1) + bytes(16) + pack("<I", 48)
    with pytest.raises(struct.error):
        last_saved(head + pack("<II", 8, 0xFFFFFFFF))
