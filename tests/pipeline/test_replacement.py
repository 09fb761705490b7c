"""New results in place of the last ones: nothing of anybody is lost, whenever a run is cut off."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline import manifest as manifests
from jixiao.pipeline.manifest import digest_of, files_below, read_written, stamps_of
from jixiao.pipeline.replacement import Place, prune, recover, swap_in
from tests.builders.folders import round_folder, run
from tests.builders.forms import overall_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST, SECOND, THIRD = "2025-05-06T18:00:00+08:00", "2025-05-07T18:00:00+08:00", "2025-05-08T18:00:00+08:00"
ENTRY = "历次/2025-05-06_180000"
OURS = {"绩效自评汇总_批次.xlsx": "总", "data/scores.csv": "分", "审核反馈/农事局.xlsx": "农"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "批次")


def write(folder: Path, files: Mapping[str, str]) -> None:
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")


def build(place: Place, created: str, files: Mapping[str, str], *, listed: bool = True) -> None:
    """Results ready to be put in place, with the manifest that belongs to them."""
    write(place.building, files)
    for folder in ("data", "审核反馈"):
        (place.building / folder).mkdir(exist_ok=True)
    outputs = [
        {"file": file, "sha256": digest_of(place.building / file)} for file in files_below(place.building)
    ]
    manifest = {"round": "批次", "created": created, "rows": {"scores": 1}}
    content = manifest | ({"outputs": outputs} if listed else {})
    (place.building / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def replaced(
    place: Place,
    created: str,
    files: Mapping[str, str],
    *,
    kept: int = 10,
    listed: bool = True,
) -> tuple[str, ...]:
    """What a run says when it puts these results in place."""
    notes = recover(place)
    build(place, created, files, listed=listed)
    return notes + swap_in(place, kept)


def texts(folder: Path) -> dict[str, str]:
    """Every file but the manifests, with what is in it."""
    return {
        file: (folder / file).read_text(encoding="utf-8")
        for file in files_below(folder)
        if not file.endswith("manifest.json")
    }


def entry_of(files: Mapping[str, str], entry: str = ENTRY) -> dict[str, str]:
    return {f"{entry}/{file}": text for file, text in files.items()}


def test_the_first_results_have_no_history(place: Place) -> None:
    assert replaced(place, FIRST, OURS) == ()
    assert texts(place.final) == OURS
    assert not (place.final / "历次").exists()
    assert [path.name for path in place.final.parent.iterdir()] == ["批次"]


def test_replaced_results_are_kept_and_what_others_laid_there_stays(place: Place) -> None:
    replaced(place, FIRST, OURS)
    laid = {
        "说明.docx": "注",
        "审核反馈/农事局（已盖章）.pdf": "章",
        "data/透视.xlsx": "析",
        "会议/纪要/五月.docx": "会",
    }
    write(place.final, laid)
    (place.final / "待签").mkdir()
    new = {**OURS, "绩效自评汇总_批次.xlsx": "新总", "审核反馈/水务局.xlsx": "水"}
    assert replaced(place, SECOND, new) == ()
    assert texts(place.final) == {**new, **laid, **entry_of(OURS)}
    assert (place.final / "待签").is_dir()
    assert read_written(place.final / ENTRY).created == datetime.fromisoformat(FIRST)
    assert [path.name for path in place.final.parent.iterdir()] == ["批次"]


def test_a_file_of_ours_that_was_edited_is_kept_and_said(place: Place) -> None:
    replaced(place, FIRST, OURS)
    write(place.final, {"审核反馈/农事局.xlsx": "农，已批注"})
    notes = replaced(place, SECOND, OURS, kept=0)
    assert notes == (
        f"审核反馈/农事局.xlsx 在上次运行后有人改动过，改动的那份已移到 {ENTRY}/审核反馈/农事局.xlsx。",
    )
    assert texts(place.final) == {**OURS, f"{ENTRY}/审核反馈/农事局.xlsx": "农，已批注"}
    replaced(place, THIRD, OURS, kept=0)
    assert texts(place.final) == {**OURS, f"{ENTRY}/审核反馈/农事局.xlsx": "农，已批注"}


def test_a_file_that_nobody_touched_is_not_read_again_and_one_that_looks_so_is(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody put another text of the same length into one file, and its time back."""
    monkeypatch.setattr(manifests, "_SETTLED", -(10**9))  # what was written just now counts as well
    replaced(place, FIRST, OURS)
    stamps = stamps_of(place.final, OURS)
    edited = place.final / "审核反馈/农事局.xlsx"
    before = edited.stat()
    edited.write_text("林", encoding="utf-8")
    os.utime(edited, ns=(before.st_atime_ns, before.st_mtime_ns))
    read: list[str] = []

    def noted(path: Path) -> str:
        read.append(path.name)
        return digest_of(path)

    monkeypatch.setattr(manifests, "digest_of", noted)
    build(place, SECOND, OURS)
    told = digest_of(place.final / "manifest.json")
    notes = swap_in(place, 10, lambda digest: stamps if digest == told else {})
    assert read == ["农事局.xlsx"]
    assert notes == (
        f"审核反馈/农事局.xlsx 在上次运行后有人改动过，改动的那份已移到 {ENTRY}/审核反馈/农事局.xlsx。",
    )


def test_a_file_that_was_written_just_now_has_no_stamp_to_rely_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(place, FIRST, OURS)
    last = max((place.final / file).stat().st_ctime_ns for file in OURS)
    monkeypatch.setattr("time.time_ns", lambda: last + 10**6)
    assert stamps_of(place.final, OURS) == {}
    monkeypatch.setattr("time.time_ns", lambda: last + 10**9)
    assert stamps_of(place.final, OURS).keys() == OURS.keys()


def test_of_two_files_of_one_name_neither_is_lost(place: Place) -> None:
    replaced(place, FIRST, OURS)
    write(place.final, {"审核反馈/水务局.xlsx": "手工"})
    notes = replaced(place, SECOND, {**OURS, "审核反馈/水务局.xlsx": "水"}, kept=0)
    assert notes == (
        f"审核反馈/水务局.xlsx 原是他人放入的，与本次结果同名，原文件已移到 {ENTRY}/审核反馈/水务局.xlsx。",
    )
    assert texts(place.final) == {
        **OURS,
        "审核反馈/水务局.xlsx": "水",
        f"{ENTRY}/审核反馈/水务局.xlsx": "手工",
    }


@pytest.mark.parametrize("name", ["历次", "data", "manifest.json"])
def test_a_file_where_the_program_needs_a_name_of_its_own(place: Place, name: str) -> None:
    place.final.mkdir()
    (place.final / name).write_text("他人", encoding="utf-8")
    (note,) = replaced(place, FIRST, OURS)
    kept = note.rpartition("移到 ")[2].removesuffix("。")
    assert (place.final / kept).read_text(encoding="utf-8") == "他人"
    assert {file: text for file, text in texts(place.final).items() if not file.startswith("历次/")} == OURS


def test_a_folder_where_the_program_needs_a_file(place: Place) -> None:
    write(place.final, {"绩效自评汇总_批次.xlsx/旧表.xlsx": "他人"})
    (note,) = replaced(place, FIRST, OURS)
    kept = note.rpartition("移到 ")[2].removesuffix("。")
    assert kept.endswith("/绩效自评汇总_批次.xlsx/旧表.xlsx")
    assert texts(place.final) == {**OURS, kept: "他人"}


def test_results_of_a_version_that_listed_no_files_are_never_deleted(place: Place) -> None:
    older = {**OURS, "审核反馈/渔业局.xlsx": "渔", "说明.docx": "注"}
    replaced(place, FIRST, older, listed=False)
    assert replaced(place, SECOND, OURS, kept=0) == (
        f"上次的结果是旧版程序写的，没有文件清单，已移到 {ENTRY}，不会自动删除。",
    )
    # 渔业局 sent nothing this time: whether that workbook is ours nobody can tell, so it stays where it is.
    stays = {"审核反馈/渔业局.xlsx": "渔", "说明.docx": "注"}
    assert texts(place.final) == {**OURS, **stays, **entry_of(OURS)}
    assert replaced(place, THIRD, OURS, kept=0) == ()
    assert texts(place.final) == {**OURS, **stays, **entry_of(OURS)}


def test_only_so_many_earlier_results_are_kept(place: Place) -> None:
    for day in range(1, 6):
        replaced(place, f"2025-05-0{day}T18:00:00+08:00", {**OURS, "data/scores.csv": str(day)}, kept=2)
    assert [path.name for path in sorted((place.final / "历次").iterdir())] == [
        "2025-05-03_180000",
        "2025-05-04_180000",
    ]
    assert (place.final / "历次" / "2025-05-04_180000" / "data" / "scores.csv").read_text("utf-8") == "4"


def test_what_others_laid_into_the_history_is_not_cleared_away(place: Place) -> None:
    for created in (FIRST, SECOND, THIRD):
        replaced(place, created, OURS)
    history = place.final / "历次"
    (history / "2025-05-06_180000").rename(history / "2025-05-06_180000 定稿")
    write(history, {"2025-05-07_180000/批示.docx": "批", "目录.txt": "目"})
    prune(history, 0)
    assert texts(history) == {
        **entry_of(OURS, "2025-05-06_180000 定稿"),
        "2025-05-07_180000/批示.docx": "批",
        "目录.txt": "目",
    }


def test_two_runs_within_one_second_do_not_collide(place: Place) -> None:
    for text in "abcd":
        replaced(place, FIRST, {**OURS, "data/scores.csv": text})
    kept = {
        path.name: (path / "data/scores.csv").read_text("utf-8") for path in (place.final / "历次").iterdir()
    }
    assert kept == {"2025-05-06_180000": "a", "2025-05-06_180000_02": "b", "2025-05-06_180000_03": "c"}


@pytest.mark.parametrize("manifest", ["", "[]", '{"outputs": 3}', '{"created": "gestern", "outputs": []}'])
def test_a_manifest_that_is_none_owns_nothing(place: Place, manifest: str) -> None:
    write(place.final, {"manifest.json": manifest, "data/scores.csv": "他人", "data/另.csv": "另"})
    replaced(place, FIRST, OURS, kept=0)
    kept = texts(place.final)
    assert [text for file, text in kept.items() if file.endswith("scores.csv")] == ["分", "他人"]
    assert kept["data/另.csv"] == "另"


class _Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", range(8))
@pytest.mark.parametrize("after", [False, True])
def test_a_run_killed_at_any_step_is_put_right_by_the_next(
    *, place: Place, step: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(place, FIRST, OURS)
    laid = {"说明.docx": "注", "审核反馈/盖章.pdf": "章", "data/透视.xlsx": "析", "会议/五月.docx": "会"}
    write(place.final, {**laid, "审核反馈/农事局.xlsx": "批注", "审核反馈/水务局.xlsx": "手工"})
    new = {**OURS, "审核反馈/水务局.xlsx": "水"}
    left = step
    rename = Path.rename

    def dying(self: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            if after:
                rename(self, target)
            raise _Killed
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dying)
        with contextlib.suppress(_Killed):
            replaced(place, SECOND, new)
    replaced(place, THIRD, new)
    found = texts(place.final)
    assert {file: text for file, text in found.items() if not file.startswith("历次/")} == {**new, **laid}
    first = {**OURS, "审核反馈/农事局.xlsx": "批注", "审核反馈/水务局.xlsx": "手工"}
    assert {file: text for file, text in found.items() if file.startswith(ENTRY)} == entry_of(first)
    assert [path.name for path in place.final.parent.iterdir()] == ["批次"]


def test_files_that_cannot_be_moved_yet_are_said_and_come_back_with_the_next_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(place, FIRST, OURS)
    write(place.final, {"说明.docx": "注"})
    rename = Path.rename

    def locked(self: Path, target: Path) -> Path:
        if self.name == "说明.docx":
            raise PermissionError(13, "open elsewhere", str(self))
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", locked)
        (note,) = replaced(place, SECOND, OURS)
    assert note == (
        f"原结果文件夹里有文件暂时无法移动（{place.old / '说明.docx'}），仍在 {place.old}，"
        "下次运行时会放回。请先关闭正在打开的文件。"
    )
    assert (place.old / "说明.docx").is_file()
    replaced(place, THIRD, OURS)
    assert texts(place.final) == {
        **OURS,
        "说明.docx": "注",
        **entry_of(OURS),
        **entry_of(OURS, "历次/2025-05-07_180000"),
    }


def test_results_that_cannot_be_put_in_place_leave_the_last_ones(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(place, FIRST, OURS)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self == place.building:
            raise PermissionError(13, "open elsewhere")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        replaced(place, SECOND, {**OURS, "data/scores.csv": "新"})
    assert texts(place.final) == OURS


def test_a_whole_round_lists_what_it_wrote_and_keeps_what_it_did_not(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs", settings='scheme = "national"\nyear = 2024\nhistory = 1\n')
    write_forms(folder / "甲.xlsx", overall_form())
    results = run(folder).folder
    everything = set(files_below(results))
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    assert {each["file"] for each in manifest["outputs"]} == everything - {"manifest.json"}
    assert all(digest_of(results / each["file"]) == each["sha256"] for each in manifest["outputs"])
    (results / "审核反馈" / "签收.docx").write_text("签", encoding="utf-8")
    for _ in range(3):
        published = run(folder)
        assert published.notes == ()
    (entry,) = (results / "历次").iterdir()
    assert set(files_below(entry)) == everything
    assert (results / "审核反馈" / "签收.docx").read_text(encoding="utf-8") == "签"
