"""A round from folder to folder: bad files cost nobody else anything, equal inputs give equal data."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from jixiao.engines import LocalEngine
from tests.builders.folders import found, round_folder, run, table
from tests.builders.forms import OVERALL, PROJECT, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "云梦泽省虚构林业局"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return round_folder(tmp_path / "inputs")


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def statuses(published_table: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    return sorted((row["file"], row["sheet"], row["status"]) for row in published_table)


def test_good_forms_give_no_finding(folder: Path) -> None:
    write_forms(folder / "水务局.xlsx", overall_form(), project_form())
    published = run(folder)
    assert found(published) == []
    # 583.50 and 390.00 of 973.50 are 59.94 % and 40.06 %: 99.74 × 59.94 % + 98.79 × 40.06 %
    composite = table(published, "scores")[-1]
    assert (composite["scope"], composite["accepted_score"]) == ("composite", "99.36")


def test_an_empty_round_says_so(folder: Path) -> None:
    published = run(folder)
    assert (table(published, "submissions"), table(published, "findings")) == ([], [])
    assert published.feedback == ()
    assert published.summary.is_file()


def test_bad_files_are_named_and_the_others_processed(folder: Path) -> None:
    write_forms(folder / "好.xlsx", overall_form())
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "文本.xlsx").write_text("部门,得分\n", encoding="utf-8")
    good = (folder / "好.xlsx").read_bytes()
    (folder / "截断.xlsx").write_bytes(good[: len(good) // 2])
    (folder / "~$好.xlsx").write_bytes(b"\x05lock")
    (folder / "报告.docx").write_bytes(b"PK")
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf")
    published = run(folder)
    assert {code for code, *_ in found(published)} == {"F101", "F104", "F113"}
    assert statuses(table(published, "submissions")) == [
        ("Thumbs.db", "", "ignored"),
        ("~$好.xlsx", "", "ignored"),
        ("好.xlsx", "附件2", "accepted"),
        ("截断.xlsx", "", "unreadable"),
        ("报告.docx", "", "ignored"),
        ("文本.xlsx", "", "unreadable"),
        ("空.xlsx", "", "unreadable"),
    ]


def test_an_unreadable_file_in_a_departments_folder_is_in_its_feedback(folder: Path) -> None:
    (folder / "水务").mkdir()
    write_forms(folder / "水务" / "整体.xlsx", overall_form())
    write_forms(folder / "林业.xlsx", overall_form(facts=replace(OVERALL, department=OTHER)))
    (folder / "水务" / "坏.xlsx").write_bytes(b"x")
    (row,) = table(run(folder), "findings")
    assert (row["code"], row["department"]) == ("F104", OVERALL.department)
    assert row["message"] == "文件“水务/坏.xlsx”的扩展名是电子表格的，内容却不是，而是纯文本或 CSV。"


def test_inputs_stay_as_they_are_and_data_are_the_same_each_time(folder: Path) -> None:
    write_forms(folder / "甲.xlsx", overall_form(), project_form())
    write_forms(folder / "乙.xls", overall_form(facts=replace(OVERALL, department=OTHER)))
    before = hashes(folder)
    first = hashes(run(folder).folder / "data")
    second = hashes(run(folder, LocalEngine()).folder / "data")
    assert hashes(folder) == before
    assert first == second
    assert sorted(first)[:4] == ["budget_lines.csv", "composite.csv", "figures.csv", "findings.csv"]


def test_the_same_form_twice_counts_once(folder: Path) -> None:
    write_forms(folder / "一报.xlsx", overall_form())
    write_forms(folder / "二报.xlsx", overall_form())
    published = run(folder)
    assert found(published) == [("P103", "一报.xlsx", "附件2", "")]
    assert statuses(table(published, "submissions")) == [
        ("一报.xlsx", "附件2", "superseded"),
        ("二报.xlsx", "附件2", "accepted"),
    ]
    assert len({row["file"] for row in table(published, "indicators")}) == 1


def test_of_two_that_differ_the_later_counts_and_both_are_named(folder: Path) -> None:
    write_forms(folder / "一报.xlsx", overall_form())
    write_forms(folder / "二报.xlsx", overall_form().set("objective_actual", "另一段文字"))
    (row,) = table(run(folder), "findings")
    assert (row["code"], row["file"]) == ("P104", "一报.xlsx")
    assert "二报.xlsx" in row["message"]


def test_a_form_without_department_takes_that_of_its_file(folder: Path) -> None:
    write_forms(folder / "甲.xlsx", overall_form(), project_form(facts=replace(PROJECT, department="")))
    published = run(folder)
    assert {row["department"] for row in table(published, "submissions")} == {OVERALL.department}


def test_a_form_without_any_department_is_asked_for_it(folder: Path) -> None:
    form = overall_form(facts=replace(OVERALL, department=""))
    write_forms(folder / "某.xlsx", form)
    published = run(folder)
    assert ("P107", "某.xlsx", "附件2", form.cell("department")) in found(published)
    assert [row["department"] for row in table(published, "submissions")] == ["未注明部门（某.xlsx）"]


def test_a_crash_while_writing_leaves_the_last_results(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_forms(folder / "甲.xlsx", overall_form())
    last = hashes(run(folder).folder)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    # Of an unchanged round nothing would be written anew.
    write_forms(folder / "乙.xlsx", overall_form(facts=replace(OVERALL, department="虚构乙局")))
    monkeypatch.setattr("jixiao.pipeline.publication.write_workbook", crash)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    outputs = folder.parent.parent / "outputs"
    assert hashes(outputs / folder.name) == last


def test_results_between_the_two_renames_are_put_back(folder: Path) -> None:
    write_forms(folder / "甲.xlsx", overall_form())
    results = run(folder).folder
    results.rename(results.parent / f".{folder.name}.old")
    (folder / "甲.xlsx").unlink()
    published = run(folder)
    assert published.folder.is_dir()
    assert sorted(path.name for path in results.parent.iterdir()) == [folder.name]


def test_a_reader_that_crashes_or_hangs_costs_only_its_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_forms(folder / "好.xlsx", overall_form())
    (folder / "坏.xlsx").write_bytes(b"x")

    def stumble(path: Path, file: str) -> object:
        raise RuntimeError(f"{path.name} {file}")

    monkeypatch.setattr("jixiao.pipeline.sent_files.read_workbook", stumble)
    published = run(folder)
    assert [code for code, *_ in found(published)] == ["F109", "F109"]
    assert {row["status"] for row in table(published, "submissions")} == {"unreadable"}
