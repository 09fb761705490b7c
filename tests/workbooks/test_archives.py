"""What is in an archive: every file by its own name, none unpacked beyond reason, none lost."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from jixiao.workbooks import archives
from jixiao.workbooks.archives import open_archive
from jixiao.workbooks.refusals import RefusalError

if TYPE_CHECKING:
    from pathlib import Path


def pack(path: Path, files: dict[str, bytes], flags: int = 0x800) -> Path:
    """A zip with names as other programs write them: in their own bytes, with these flags."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content)
    return _marked(path, flags)


def _marked(path: Path, flags: int) -> Path:
    """The archive with these flags on every file in it."""
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            struct.pack_into("<H", data, place + at, flags)
            place = data.find(signature, place + 4)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_that_say_no_encoding_are_read_as_windows_and_macs_write_them(
    tmp_path: Path, encoding: str
) -> None:
    raw = "农业局/绩效自评表.xlsx".encode(encoding)
    path = pack(tmp_path / "a.zip", {"x" * len(raw): b"x"}, flags=0)
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    archive = open_archive(path)
    assert list(archive.members) == ["农业局/绩效自评表.xlsx"]
    assert archive.read("农业局/绩效自评表.xlsx") == b"x"


def test_no_name_leads_anywhere_and_none_is_lost(tmp_path: Path) -> None:
    files = {
        "../../etc/甲.xlsx": b"1",
        "/根/甲.xlsx": b"2",
        "C:/盘/甲.xlsx": b"3",
        "表.xlsx": b"4",
        "./表.xlsx": b"5",
        "__MACOSX/._表.xlsx": b"6",
        "夹/.DS_Store": b"7",
        "空/": b"",
    }
    archive = open_archive(pack(tmp_path / "a.zip", files))
    read = {name: archive.read(name) for name in archive.members}
    assert read == {
        "etc/甲.xlsx": b"1",
        "根/甲.xlsx": b"2",
        "盘/甲.xlsx": b"3",
        "表.xlsx": b"4",
        "表（2）.xlsx": b"5",
    }


def refused(path: Path) -> tuple[str, dict[str, str]]:
    with pytest.raises(RefusalError) as raised:
        open_archive(path)
    return raised.value.code, raised.value.figures


def test_what_is_not_unpacked_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pack(tmp_path / "a.zip", {"甲.xlsx": b"x" * 5000, "乙.xlsx": b"y"})
    assert refused(_marked(whole, 0x801)) == ("F102", {"detail": "压缩包设有密码"})
    _marked(whole, 0x800)
    cut = tmp_path / "b.zip"
    cut.write_bytes(whole.read_bytes()[:100])
    assert refused(cut) == ("F101", {"detail": "压缩结构不完整，文件可能没有传完"})
    monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
    assert refused(whole) == ("F103", {"size": "1 个以上文件", "limit": "1 个文件"})
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MAX_UNPACKED", 5000)
    assert refused(whole) == ("F103", {"size": "解压后 0.0 MB", "limit": "0.0 MB"})
    assert refused(tmp_path) == ("F110", {"detail": "不是普通文件，而是管道或设备"})


def test_one_broken_file_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pack(tmp_path / "a.zip", {"甲.xlsx": b"first" * 9, "乙.xlsx": b"second" * 900})
    data = bytearray(path.read_bytes())
    data[data.find("甲.xlsx".encode()) + len("甲.xlsx".encode())] ^= 0xFF
    path.write_bytes(data)
    archive = open_archive(path)
    with pytest.raises(RefusalError) as raised:
        archive.read("甲.xlsx")
    assert raised.value.code == "F101"
    assert archive.read("乙.xlsx") == b"second" * 900
    monkeypatch.setattr(archives, "MAX_FILE", 100)
    with pytest.raises(RefusalError) as raised:
        archive.read("乙.xlsx")
    assert raised.value.code == "F103"
