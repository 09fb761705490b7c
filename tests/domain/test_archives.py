"""Zips as others read them, and members that pass through packed."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import pytest

from jixiao.domain.archives import deflated, taken, unpacked, zipped

PARTS = {"a.xml": b"<x/>" * 100, "目录/乙.xml": "丙".encode() * 30_000, "empty": b""}


def test_another_program_reads_every_part() -> None:
    archive = zipped(deflated(name, content) for name, content in PARTS.items())
    with ZipFile(BytesIO(archive)) as read:
        assert read.testzip() is None
        assert {entry.filename: read.read(entry) for entry in read.infolist()} == PARTS
        assert {entry.date_time for entry in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert archive == zipped(deflated(name, content) for name, content in PARTS.items())


def test_members_of_another_archive_stay_packed_as_they_are() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as given:
        for name, kind in (("stored.xml", ZIP_STORED), ("甲.xml", ZIP_DEFLATED)):
            given.writestr(ZipInfo(name, (2024, 12, 31, 23, 59, 58)), name * 50, kind)
    with ZipFile(stream) as given:
        again = zipped(taken(stream.getvalue(), entry) for entry in given.infolist())
        with ZipFile(BytesIO(again)) as read:
            for before, after in zip(given.infolist(), read.infolist(), strict=True):
                assert read.read(after) == given.read(before)
                kept = ("filename", "date_time", "compress_type", "compress_size", "CRC")
                assert [getattr(after, each) for each in kept] == [getattr(before, each) for each in kept]


def test_a_part_is_unpacked_only_as_it_is_listed() -> None:
    archive = zipped(deflated(name, content) for name, content in PARTS.items())
    with ZipFile(BytesIO(archive)) as read:
        entries = read.infolist()
    assert {entry.filename: unpacked(archive, entry) for entry in entries} == PARTS
    first = entries[0]
    for at, wrong in ((0, b"X"), (30, b"b"), (36, b"\xff"), (37, b"\xff")):
        torn = archive[:at] + wrong + archive[at + 1 :]
        with pytest.raises((BadZipFile, zlib.error)):
            unpacked(torn, first)
    first.file_size -= 1
    with pytest.raises(BadZipFile):
        unpacked(archive, first)
