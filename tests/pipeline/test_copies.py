"""What lies in a department's folder of 审核反馈, and what becomes of it when it comes back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from jixiao.pipeline import copies
from jixiao.workbooks.refusals import damaged
from tests.builders.folders import SETTINGS, found, read_table, round_folder, run, table
from tests.builders.forms import DEPARTMENT, OVERALL, PROJECT, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook

    from jixiao.pipeline import Published

OTHER = "云梦泽省虚构林业局"
WRONG = replace(OVERALL, total=(100, Decimal(90)))
"""The total of 99.74 printed as 90."""
COPY = "自评（审核标注）.xlsx"
DEADLINE = "deadline = 2030-04-30\n"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round in which one wrong form was sent beside a right one, run once."""
    folder = round_folder(tmp_path_factory.mktemp("sent") / "inputs", settings=f"{SETTINGS}{DEADLINE}")
    write_forms(folder / "自评.xlsx", overall_form(facts=WRONG), project_form())
    run(folder)
    return folder


@pytest.fixture
def again(sent: Path, tmp_path: Path) -> Path:
    """The same round with its results and its memory, to be gone on with."""
    shutil.copytree(sent.parent.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "inputs" / sent.name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return round_folder(tmp_path / "inputs")


def returned(published: Published) -> Path:
    return published.folder / "审核反馈" / DEPARTMENT


def first_results(folder: Path) -> Path:
    return folder.parent.parent / "outputs" / folder.name / "审核反馈" / DEPARTMENT


def finding_of(folder: Path) -> dict[str, str]:
    """The one finding of the first run."""
    (row,) = read_table(first_results(folder).parent.parent, "findings")
    return row


def names(place: Path) -> list[str]:
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def texts(book: Workbook, sheet: str) -> list[str]:
    return [str(cell.value) for row in book[sheet] for cell in row if cell.value is not None]


def answer(book: Workbook, code: str, text: str) -> None:
    """Write into the last column of the first sheet, beside the finding of a code."""
    sheet = book["审核意见"]
    for row in sheet.iter_rows(min_row=4):
        if str(row[8].value).startswith(code):
            row[9].value = text


def test_the_copy_the_letter_and_what_came_in(sent: Path) -> None:
    place = first_results(sent)
    assert names(place) == ["原件/自评.xlsx", "审核通知.xlsx", COPY]
    assert (place / "原件" / "自评.xlsx").read_bytes() == (sent / "自评.xlsx").read_bytes()
    book = openpyxl.load_workbook(place / COPY)
    assert book.sheetnames == ["审核意见", "附件2", "附件3-1"]
    finding = finding_of(sent)
    cell = book["附件2"][finding["cell"]]
    assert cell.comment.text.splitlines() == [
        "【审核意见】",
        "【错误】总分",
        "填报：90.00　应为：99.74",
        cell.comment.text.splitlines()[3],
        f"处理：{finding['suggestion']}",
        f"编号 {finding['finding_id']}，见“审核意见”第 1 条",
    ]
    assert cell.hyperlink.location == "'审核意见'!A4"
    assert book["审核意见"]["C4"].hyperlink.location == f"'附件2'!{finding['cell']}"


def test_the_copy_mended_is_a_submission_without_the_finding(again: Path) -> None:
    finding = finding_of(again)
    book = openpyxl.load_workbook(first_results(again) / COPY)
    book["附件2"][finding["cell"]].value = 99.74
    (again / "自评.xlsx").unlink()
    book.save(again / "修改后.xlsx")
    second = run(again)
    assert found(second) == []
    rows = {(row["sheet"], row["form"], row["status"]) for row in table(second, "submissions")}
    assert ("审核意见", "", "ignored") in rows
    assert {status for _, form, status in rows if form} == {"accepted"}
    book = openpyxl.load_workbook(returned(second) / "修改后（审核标注）.xlsx")
    assert book.sheetnames == ["审核意见", "附件2", "附件3-1"]
    assert book["附件2"][finding["cell"]].comment is None
    assert book["附件2"][finding["cell"]].fill.fill_type is None
    assert "无需修改" in texts(book, "审核意见")


def test_answers_are_read_back_and_shown(again: Path) -> None:
    finding = finding_of(again)
    book = openpyxl.load_workbook(first_results(again) / COPY)
    answer(book, finding["code"], "按会议纪要打分。")
    (again / "自评.xlsx").unlink()
    book.save(again / "自评（审核标注）.xlsx")
    second = run(again)
    (row,) = table(second, "findings")
    assert (row["finding_id"], row["reply"]) == (finding["finding_id"], "按会议纪要打分。")
    place = returned(second)
    assert names(place) == ["原件/自评（审核标注）.xlsx", "审核通知.xlsx", COPY]
    for path in (place / COPY, place.with_name(f"{DEPARTMENT}.xlsx")):
        assert "按会议纪要打分。" in texts(openpyxl.load_workbook(path), "审核意见")
    assert "按会议纪要打分。" in texts(openpyxl.load_workbook(second.summary), "审核发现")


def test_the_list_sent_back_alone_is_read_as_well(again: Path) -> None:
    path = first_results(again).with_name(f"{DEPARTMENT}.xlsx")
    book = openpyxl.load_workbook(path)
    answer(book, "", "已核对无误。")
    for name in list(book["审核意见"].defined_names):
        del book["审核意见"].defined_names[name]  # as a program does that knows no names of sheets
    book.save(again / "说明.xlsx")
    (again / "审核通知.xlsx").write_bytes((first_results(again) / "审核通知.xlsx").read_bytes())
    second = run(again)
    (row,) = table(second, "findings")
    assert row["reply"] == "已核对无误。"
    others = [row for row in table(second, "submissions") if row["file"] != "自评.xlsx"]
    assert {row["status"] for row in others} == {"ignored"}
    assert {row["sheet"] for row in others} == {"审核意见", "得分核算", "评分规则", "审核通知"}


def test_a_file_of_several_departments_goes_back_to_none(folder: Path) -> None:
    write_forms(
        folder / "合并.xlsx",
        overall_form(facts=WRONG),
        project_form(facts=replace(PROJECT, department=OTHER, sheet="附件3-2")),
    )
    published = run(folder)
    assert names(returned(published)) == ["审核通知.xlsx"]
    opinion = openpyxl.load_workbook(returned(published).with_name(f"{DEPARTMENT}.xlsx"))["审核意见"]
    assert opinion["A2"].value.splitlines()[-1] == (
        "《合并.xlsx》没有标注副本：该文件还含有其他部门的报送表，请按下表在原表上改正。"
    )


def test_what_cannot_be_marked_goes_back_as_a_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise damaged("部件 xl/styles.xml 解压失败")

    monkeypatch.setattr(copies, "mark_workbook", fail)
    write_forms(folder / "自评.xlsx", overall_form(facts=WRONG), project_form())
    published = run(folder)
    assert [row["code"] for row in table(published, "findings")] == ["S106"]
    assert names(returned(published)) == ["原件/自评.xlsx", "审核通知.xlsx"]
    opinion = openpyxl.load_workbook(returned(published).with_name(f"{DEPARTMENT}.xlsx"))["审核意见"]
    assert "没有标注副本：文件内部结构特殊，加入标注会损坏内容" in opinion["A2"].value


def test_a_note_is_one_that_a_workbook_can_hold(folder: Path) -> None:
    wrong = replace(OVERALL.indicators[0], target="\u200b≥120公里", self_score=25)
    rows = (wrong, *OVERALL.indicators[1:])
    write_forms(folder / "自评.xlsx", overall_form(facts=replace(OVERALL, indicators=rows)))
    book = openpyxl.load_workbook(returned(run(folder)) / COPY)
    notes = [cell.comment.text for row in book["附件2"] for cell in row if cell.comment]
    assert any("【错误】" in text for text in notes)
    assert not any("\u200b" in text for text in notes)


def test_an_old_format_comes_back_as_xlsx_and_says_so(folder: Path) -> None:
    write_forms(folder / "自评.xls", overall_form(facts=WRONG))
    place = returned(run(folder))
    assert names(place) == ["原件/自评.xls", "审核通知.xlsx", COPY]
    said = texts(openpyxl.load_workbook(place / COPY), "审核意见")
    assert any(text.startswith("来件是 .xls 格式，本副本按读到的内容重排为 .xlsx") for text in said)


def test_the_letter_says_by_when(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs", settings=f"{SETTINGS}resubmit_by = 2025-05-15\n")
    write_forms(folder / "自评.xlsx", overall_form(facts=WRONG), project_form())
    letter = openpyxl.load_workbook(returned(run(folder)) / "审核通知.xlsx")
    assert letter.sheetnames == ["审核通知"]
    said = texts(letter, "审核通知")
    assert said[:2] == ["2024年度预算绩效自评审核情况的通知", f"{DEPARTMENT}："]
    assert "一、请改正（1 处），请于 2025 年 5 月 15 日前改正并重新报送" in said
    assert any(text.startswith("1．附件2!") and "填报 90.00，应为 99.74" in text for text in said)
    assert "《虚构管网改造项目》未发现需要修改或核实的问题，请保持原样。" in said


def test_a_copy_that_comes_back_is_late_by_the_time_set_for_it(again: Path) -> None:
    book = openpyxl.load_workbook(first_results(again) / COPY)
    (again / "自评.xlsx").unlink()
    book.save(again / COPY)  # today
    settings = again / "round.toml"
    settings.write_text(f"{SETTINGS}deadline = 2020-04-30\n", encoding="utf-8")
    assert {row["code"] for row in table(run(again), "findings")} == {"S106"}
    settings.write_text(f"{SETTINGS}resubmit_by = 2025-05-15\n", encoding="utf-8")
    late = [row for row in table(run(again), "findings") if row["code"] == "P111"]
    assert [row["expected"] for row in late] == ["2025-05-15"]
