"""Whatever lies in a round's folder is named; what may not be opened is said and costs nothing else."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from jixiao.domain.submissions import Status
from jixiao.engines import InProcessEngine
from jixiao.evaluating.briefs import divide
from jixiao.pipeline import Means, Memory, find_rounds, list_files
from jixiao.pipeline.reading import read_files
from jixiao.pipeline.sent_files import path_of
from tests.builders.folders import round_folder, run, table
from tests.builders.forms import OVERALL, overall_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from jixiao.evaluating.files import FileResult

needs_unix = pytest.mark.skipif(os.name == "nt", reason="pipes and links in a folder")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return round_folder(tmp_path / "inputs")


def results(folder: Path) -> dict[str, FileResult]:
    (found,) = find_rounds(folder.parent)
    means = Means(InProcessEngine(), Memory(folder.parent.parent / "state"))
    return {each.file: each for each in read_files(found, list_files(found), means)}


def details(folder: Path) -> dict[str, list[tuple[str, str]]]:
    return {
        file: [(each.code, each.figures["detail"]) for each in result.findings]
        for file, result in results(folder).items()
    }


def pipe(path: Path) -> None:
    os.mkfifo(path)


def plug(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's whole path may be too long for its address
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def outward(path: Path) -> None:
    outside = path.parent.parent.parent / "别处.xlsx"
    write_forms(outside, overall_form())
    path.symlink_to(outside)


def nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("没有.xlsx"))


def circle(path: Path) -> None:
    path.symlink_to(path)


@needs_unix
@pytest.mark.parametrize(
    ("make", "detail"),
    [
        (pipe, "不是普通文件，而是管道或设备"),
        (plug, os.strerror(6)),
        (outward, "是指向批次文件夹以外的链接"),
        (nowhere, "文件已不在原处"),
        (circle, os.strerror(40)),
    ],
)
def test_what_is_no_file_is_said_and_waited_for_by_nobody(
    make: Callable[[Path], None], detail: str, folder: Path
) -> None:
    make(folder / "表.xlsx")
    assert details(folder) == {"表.xlsx": [("F110", detail)]}


@needs_unix
def test_links_inside_the_folder_are_read_and_their_folders_not_twice(folder: Path) -> None:
    (folder / "甲").mkdir()
    write_forms(folder / "甲" / "表.xlsx", overall_form())
    (folder / "乙.xlsx").symlink_to(folder / "甲" / "表.xlsx")
    (folder / "丙").symlink_to(folder / "甲")
    (folder / "丁").symlink_to(folder.parent)
    found = results(folder)
    assert {file: len(each.submissions) for file, each in found.items()} == {
        "丁": 0,
        "丙": 0,
        "乙.xlsx": 1,
        "甲/表.xlsx": 1,
    }
    assert [each.status.value for each in found["丙"].outcomes] == ["ignored"]
    assert [each.code for each in found["丁"].findings] == ["F110"]


def test_a_folder_that_cannot_be_listed_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "甲").mkdir()
    write_forms(folder / "表.xlsx", overall_form())
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "甲":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert details(folder) == {"甲": [("F110", "文件夹没有读取权限，其中的文件都没有读取")], "表.xlsx": []}


def test_a_file_that_vanishes_or_is_kept_by_another_program_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("一.xlsx", "二.xlsx", "三.xlsx"):
        write_forms(folder / name, overall_form())
    opened = os.open

    def disturb(path: str, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith("一.xlsx"):
            Path(path).unlink()
        if str(path).endswith("二.xlsx"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, mode)

    monkeypatch.setattr("jixiao.workbooks.reading.os.open", disturb)
    assert details(folder) == {
        "一.xlsx": [("F110", "文件已不在原处")],
        "二.xlsx": [("F110", "没有读取权限，或正被其他程序独占")],
        "三.xlsx": [],
    }


def test_a_file_that_is_still_being_copied_is_said_and_what_was_read_is_what_is_hashed(folder: Path) -> None:
    write_forms(folder / "表.xlsx", overall_form())
    half = (folder / "表.xlsx").read_bytes()[:2000]
    (folder / "表.xlsx").write_bytes(half)
    (result,) = results(folder).values()
    assert [(each.code, each.figures["detail"]) for each in result.findings] == [
        ("F101", "压缩结构不完整，文件可能没有传完")
    ]
    assert result.sha256 == sha256(half).hexdigest()


@needs_unix
def test_names_from_elsewhere_are_printable_and_lead_back_to_their_file(folder: Path) -> None:
    name = os.fsdecode("农业局".encode("gbk") + b".xlsx")
    write_forms(folder / "先.xlsx", overall_form())
    os.rename(folder / "先.xlsx", folder / name)  # noqa: PTH104 the name is no UTF-8
    write_forms(folder / "a\nb.xlsx", overall_form(facts=replace(OVERALL, department="换行局")))
    shown = "ũҵ\\xbe\\xd6.xlsx"
    assert path_of(folder, shown).name == name
    published = run(folder)
    assert {row["file"] for row in table(published, "submissions")} == {shown, "a\nb.xlsx"}
    assert {row["status"] for row in table(published, "submissions")} == {"accepted"}


def packed(path: Path, files: dict[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def test_an_archive_is_unpacked_and_every_file_in_it_accounted_for(folder: Path) -> None:
    write_forms(folder / "甲.xlsx", overall_form())
    form = (folder / "甲.xlsx").read_bytes()
    (folder / "甲.xlsx").unlink()
    inner = {"自评/表.xlsx": form, "说明.docx": b"x", "内.zip": b"PK", "坏.xlsx": b"junk"}
    packed(folder / "材料" / "报送.ZIP", inner)
    found = results(folder)
    assert {file: [each.code for each in result.findings] for file, result in found.items()} == {
        "材料/报送.ZIP": [],
        "材料/报送.ZIP/内.zip": ["F114"],
        "材料/报送.ZIP/坏.xlsx": ["F104"],
        "材料/报送.ZIP/自评/表.xlsx": [],
        "材料/报送.ZIP/说明.docx": ["F113"],
    }
    read = found["材料/报送.ZIP/自评/表.xlsx"]
    assert read.sha256 == sha256(form).hexdigest()
    assert [each.form for each in read.submissions] == ["overall-self-evaluation"]
    assert found["材料/报送.ZIP"].outcomes[0].reason == "压缩包，已解开，其中 4 个文件逐个列出"
    again = results(folder)
    assert again == found


@pytest.mark.parametrize(
    ("name", "content", "detail"),
    [
        ("包.rar", b"Rar!", "是 .rar 压缩包，这种格式不解开"),
        ("包.zip", b"PK\x03\x04", "压缩结构不完整，文件可能没有传完"),
        ("表.xlsx.bak", b"form", "内容是 .xlsx 工作簿，扩展名却不是"),
        ("表.zip", b"form", "内容是工作簿或文档，扩展名却是 .zip"),
    ],
)
def test_what_may_hold_forms_and_stays_closed_is_said(
    folder: Path, name: str, content: bytes, detail: str
) -> None:
    path = folder / name
    path.write_bytes(content)
    if content == b"form":
        write_forms(folder / "表.xlsx", overall_form())
        (folder / "表.xlsx").replace(path)
    assert details(folder) == {name: [("F114", detail)]}
    (outcome,) = results(folder)[name].outcomes
    assert (outcome.status, outcome.reason) == (Status.IGNORED, f"没有读取：{detail}")


def test_what_is_no_workbook_is_told_by_sender_in_one_line(folder: Path) -> None:
    (folder / "甲局").mkdir()
    write_forms(folder / "甲局" / "表.xlsx", overall_form())
    for name in ("一.pdf", "二.jpg", "三.doc", "四.eml"):
        (folder / "甲局" / name).write_bytes(b"")
    (folder / "乙局").mkdir()
    (folder / "乙局" / "自评表.docx").write_bytes(b"")
    (folder / "说明.txt").write_bytes(b"")
    (found,) = find_rounds(folder.parent)
    division = divide(found.round, tuple(results(folder).values()))
    (brief,) = division.briefs
    told = [
        (each.code, each.place.file, dict(each.figures))
        for each in (*brief.findings, *division.findings)
        if each.code.startswith("F")
    ]
    assert told == [
        ("F113", "甲局/一.pdf", {"count": "4", "files": "一.pdf、三.doc、二.jpg等"}),
        ("F115", "乙局/自评表.docx", {"count": "1", "files": "自评表.docx"}),
    ]
