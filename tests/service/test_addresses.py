"""Folders at addresses: what changed is fetched and sent, nothing of others is lost, the manifest is last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from jixiao.service.addresses import AddressError, Mirror, is_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS = "memory://round"


@pytest.fixture
def there() -> Iterator[MemoryFileSystem]:
    """An empty memory file system."""
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


@pytest.fixture
def mirror(there: MemoryFileSystem, tmp_path: Path) -> Mirror:
    there.pipe_file("/round/甲/表.xlsx", b"1")
    there.pipe_file("/round/round.toml", b"2")
    return Mirror(ADDRESS, tmp_path)


def _here(mirror: Mirror) -> dict[str, bytes]:
    files = (path for path in mirror.folder.rglob("*") if path.is_file())
    return {path.relative_to(mirror.folder).as_posix(): path.read_bytes() for path in files}


def _there(system: MemoryFileSystem) -> dict[str, bytes]:
    return {path.removeprefix("/round/"): system.cat_file(path) for path in system.find("/round")}


@pytest.mark.parametrize(
    ("place", "expected"),
    [("s3://bucket/inputs", True), ("memory://x", True), ("inputs", False), (r"C:\报送", False)],
)
def test_an_address_begins_with_a_protocol(place: str, expected: bool) -> None:  # noqa: FBT001
    assert is_address(place) is expected


def test_only_what_changed_is_fetched(
    mirror: Mirror, there: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.pull()
    assert _here(mirror) == {"甲/表.xlsx": b"1", "round.toml": b"2"}
    fetched: list[str] = []
    get = MemoryFileSystem.get_file

    def noted(self: MemoryFileSystem, rpath: str, lpath: str) -> None:
        fetched.append(rpath)
        get(self, rpath, lpath)

    monkeypatch.setattr(MemoryFileSystem, "get_file", noted)
    there.pipe_file("/round/甲/表.xlsx", b"3")
    there.pipe_file("/round/乙.xlsx", b"4")
    there.rm_file("/round/round.toml")
    mirror.pull()
    assert fetched == ["/round/乙.xlsx", "/round/甲/表.xlsx"]
    assert _here(mirror) == {"甲/表.xlsx": b"3", "乙.xlsx": b"4"}


def test_only_what_changed_is_sent_and_the_manifest_last(
    mirror: Mirror, there: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.pull()
    sent: list[str] = []
    move = MemoryFileSystem.mv

    def noted(self: MemoryFileSystem, path1: str, path2: str) -> None:
        sent.append(path2)
        move(self, path1, path2)

    monkeypatch.setattr(MemoryFileSystem, "mv", noted)
    for name in ("data/a.csv", "manifest.json", "汇总.xlsx"):
        (mirror.folder / name).parent.mkdir(exist_ok=True)
        (mirror.folder / name).write_text(name, encoding="utf-8")
    (mirror.folder / "round.toml").unlink()
    mirror.push(last="manifest.json")
    assert sent == ["/round/data/a.csv", "/round/汇总.xlsx", "/round/manifest.json"]
    assert sorted(_there(there)) == ["data/a.csv", "manifest.json", "汇总.xlsx", "甲/表.xlsx"]
    mirror.push(last="manifest.json")
    assert len(sent) == 3


def test_what_somebody_changed_there_is_not_removed(mirror: Mirror, there: MemoryFileSystem) -> None:
    mirror.pull()
    (mirror.folder / "round.toml").unlink()
    there.pipe_file("/round/round.toml", b"theirs")
    mirror.push()
    assert _there(there) == {"甲/表.xlsx": b"1", "round.toml": b"theirs"}


def test_a_push_that_was_cut_off_is_finished_by_the_next(
    mirror: Mirror, there: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.pull()
    for name in ("甲/表.xlsx", "round.toml"):
        (mirror.folder / name).write_bytes(b"new")
    put = MemoryFileSystem.put_file

    def full(self: MemoryFileSystem, lpath: str, rpath: str) -> None:
        if "甲" in rpath:
            raise OSError("no space")
        put(self, lpath, rpath)

    monkeypatch.setattr(MemoryFileSystem, "put_file", full)
    with pytest.raises(OSError, match="no space"):
        mirror.push()
    monkeypatch.undo()
    assert _there(there) == {"甲/表.xlsx": b"1", "round.toml": b"new"}
    mirror.pull()
    assert _here(mirror)["甲/表.xlsx"] == b"new"
    mirror.push()
    assert _there(there) == {"甲/表.xlsx": b"new", "round.toml": b"new"}


def test_a_folder_below_is_sent_alone(mirror: Mirror, there: MemoryFileSystem) -> None:
    mirror.pull()
    (mirror.folder / "甲" / "表.xlsx").write_bytes(b"5")
    (mirror.folder / "round.toml").write_bytes(b"6")
    mirror.push("甲")
    assert _there(there) == {"甲/表.xlsx": b"5", "round.toml": b"2"}


def test_a_lost_record_costs_a_fetch_only(mirror: Mirror, there: MemoryFileSystem, tmp_path: Path) -> None:
    mirror.pull()
    (record,) = tmp_path.rglob("record.json")
    record.write_text("{", encoding="utf-8")
    mirror.pull()
    mirror.push()
    assert _there(there) == _here(mirror)


def test_names_that_lead_out_are_refused(there: MemoryFileSystem, tmp_path: Path) -> None:
    there.store["/round/../evil"] = there.open("/round/x", "wb")
    with pytest.raises(AddressError, match="不能使用的文件名"):
        Mirror(ADDRESS, tmp_path).pull()
    assert not (tmp_path / "evil").exists()
    there.store.clear()


def test_an_unknown_protocol_is_said(tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="无法使用地址 nothing://x"):
        Mirror("nothing://x", tmp_path)
