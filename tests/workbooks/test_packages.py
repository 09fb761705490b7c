"""Limits and faults of a zip of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

import pytest

from jixiao.workbooks import packages
from jixiao.workbooks.packages import Package
from jixiao.workbooks.refusals import RefusalError
from tests.builders import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def refusal(data: bytes) -> tuple[str, Mapping[str, str]]:
    with pytest.raises(RefusalError) as caught:
        Package(data).read("a.xml")
    return caught.value.code, caught.value.figures


def declaring(size: int, *names: str) -> bytes:
    """A zip whose directory declares this unpacked size for each of its parts."""
    data = files.package(dict.fromkeys(names, b"x" * 77))
    return data.replace((77).to_bytes(4, "little"), size.to_bytes(4, "little"))


def test_a_part_that_unpacks_to_more_than_the_limit() -> None:
    assert refusal(declaring(200_000_001, "a.xml")) == (
        "F103",
        {"size": "单个部件解压后 200.0 MB", "limit": "200.0 MB"},
    )


def test_parts_that_together_unpack_to_more_than_the_limit() -> None:
    data = declaring(150_000_000, "a.xml", "b.xml", "c.xml")
    assert refusal(data) == ("F103", {"size": "解压后 450.0 MB", "limit": "400.0 MB"})


def test_a_part_with_a_false_size_is_damage() -> None:
    assert refusal(declaring(60, "a.xml")) == ("F101", {"detail": "部件 a.xml 解压失败"})


def test_a_zip_with_a_password() -> None:
    data = bytearray(files.package({"a.xml": "x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == ("F102", {"detail": "压缩包设有密码"})


def test_an_unknown_compression_is_damage() -> None:
    data = bytearray(files.package({"a.xml": "x"}))
    data[data.index(b"PK\x01\x02") + 10] = 99
    assert refusal(bytes(data)) == ("F101", {"detail": "部件 a.xml 解压失败"})


def test_a_missing_part_is_damage() -> None:
    assert refusal(files.package({"b.xml": "x"})) == ("F101", {"detail": "缺少部件 a.xml"})


def test_a_long_part_is_streamed_and_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_STREAMED_FROM", 0)
    package = Package(files.package({"a.xml": '<a><b n="1"><c/></b><b n="2"/><b n="3"/></a>'}))
    names, parents = [], []
    for element in package.elements("a.xml", "b"):
        names.append(element.get("n"))
        parents.append(element.getparent())
    assert names == ["1", "2", "3"]
    assert [len(parent) for parent in parents if parent is not None] == [1, 1, 1]


def test_damage_in_a_streamed_part_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_STREAMED_FROM", 0)
    path = tmp_path / "a.zip"
    with ZipFile(path, "w", ZIP_STORED) as archive:
        archive.writestr("a.xml", "<a><b>1</b></a>")
    data = path.read_bytes().replace(b"<b>1</b>", b"<b>2</b>", 1)
    with pytest.raises(RefusalError) as caught:
        list(Package(data).elements("a.xml", "b"))
    assert (caught.value.code, caught.value.figures) == (
        "F101",
        {"detail": "部件 a.xml 的内容不完整或不合规范"},
    )


def test_nothing_of_a_part_is_held_once_it_is_read() -> None:
    """The parser and its tree refer to each other: a worker that collects seldom held every file it read."""
    package = Package(files.package({"a.xml": f"<a>{'<b><c/></b>' * 3}</a>"}))
    roots = [element.getparent() for element in package.elements("a.xml", "b")]
    assert [len(root) for root in roots if root is not None] == [0, 0, 0]
