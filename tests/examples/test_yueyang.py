"""The municipal round from folder to tables: what was planted is found at its cell, and nothing else."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.builders.folders import read_table
from tests.drawing.build import INPUTS, build
from tests.drawing.facts import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = "yueyang-2020"
DEPARTMENT, INVENTED = "岳阳市金融办", "云梦泽市虚构农机局"

Place = tuple[str, str, str, str]
"""Code, file, sheet, cell."""

PLANTED: dict[Place, dict[str, str]] = {
    (row["code"], table["file"], row["sheet"], row["cell"]): row
    for table in tomllib.loads((FOLDER / EXAMPLE / "planted.toml").read_text(encoding="utf-8"))["files"]
    for row in table["findings"]
}


@pytest.fixture(scope="module")
def results(municipal: Path) -> Path:
    return municipal


def place(finding: dict[str, str]) -> Place:
    return finding["code"], finding["file"], finding["sheet"], finding["cell"]


def test_findings_are_exactly_those_planted(results: Path) -> None:
    found = {place(finding): finding for finding in read_table(results, "findings")}
    assert found.keys() == PLANTED.keys()
    for figure in ("reported", "expected"):
        wanted = {at: row[figure] for at, row in PLANTED.items() if figure in row}
        assert {at: found[at][figure] for at in wanted} == wanted


def test_published_score_comes_out(results: Path) -> None:
    scores = {
        row["component"]: [
            row[name]
            for name in ("weight", "self_score", "computed_score", "accepted_score", "verified_share")
        ]
        for row in read_table(results, "scores")
        if row["department"] == DEPARTMENT
    }
    assert scores == {
        "投入": ["15", "10", "10", "10", "33.33"],
        "过程": ["40", "33", "33", "33", "15"],
        "产出": ["25", "25", "25", "25", "0"],
        "效果": ["20", "20", "20", "20", "0"],
        "total": ["100", "88", "88", "88", "11"],
    }
    (total,) = [
        row
        for row in read_table(results, "scores")
        if row["department"] == DEPARTMENT and row["component"] == "total"
    ]
    assert (total["scope"], total["self_grade"], total["computed_grade"]) == ("scoring_table", "良", "良")


def test_published_figures_decide_three_rows(results: Path) -> None:
    decided = {
        row["level3"]: (row["computed_score"], row["verdict"], row["derivation"])
        for row in read_table(results, "indicators")
        if row["department"] == DEPARTMENT and row["computed_score"]
    }
    assert decided == {
        "财政供养人员控制率": ("5", "met", "实有人数 16 ÷ 人员编制 16 = 100.00%，不高于 100%，得满分 5.00"),
        "资金结余": ("2", "missed", "累计结余 22.11，不超过上年结转 60.29，得 2.00"),
        "固定资产利用率": (
            "3",
            "met",
            "在用固定资产 49.29 ÷ 固定资产合计 49.29 = 100.00%，不低于 100%，得满分 3.00",
        ),
    }


def test_weights_of_the_rows_add_up(results: Path) -> None:
    own = [row for row in read_table(results, "indicators") if row["department"] == DEPARTMENT]
    assert len(own) == 25
    assert sum(float(row["weight"] or 0) for row in own) == 100
    assert {row["level3"]: row["weight"] for row in own if row["rule"] == "benefits"} == {
        "经济效益": "15",
        "社会效益": "",
        "生态效益": "",
    }
    assert {(row["target"], row["actual"]) for row in own} == {("", "")}


def test_refuted_points_are_not_accepted(results: Path) -> None:
    (total,) = [
        row
        for row in read_table(results, "scores")
        if row["department"] == INVENTED and row["component"] == "total"
    ]
    assert [total[name] for name in ("self_score", "accepted_score", "self_grade", "computed_grade")] == [
        "95",
        "89.5",
        "优",
        "良",
    ]


def test_summary_has_the_sheets_that_the_scheme_has_something_for(results: Path) -> None:
    book = openpyxl.load_workbook(results / f"绩效自评汇总_{EXAMPLE}.xlsx", data_only=True)
    assert book.sheetnames == [
        *("总览", "部门汇总", "审核发现", "整改清单", "报送情况", "结果应用", "抽查复核"),
        *("基础数据汇总", "三公经费对比", "指标明细", "评分规则", "核对", "说明"),
    ]
    sheet = book["部门汇总"]
    header = [cell.value for cell in sheet[3]]
    standing = {
        row[header.index("部门")].value: [
            row[header.index(title)].value
            for title in ("名次", "自评得分", "采用得分", "等级", "部门整体得分")
        ]
        for row in sheet.iter_rows(min_row=4, max_row=5)
    }
    assert standing == {INVENTED: [1, "95.00", 89.5, "良", 89.5], DEPARTMENT: [2, 88, 88, "良", 88]}


def table(results: Path, name: str) -> dict[str, dict[str, object]]:
    """A sheet of the summary by the first column, its headers on one line."""
    sheet = openpyxl.load_workbook(results / f"绩效自评汇总_{EXAMPLE}.xlsx", data_only=True)[name]
    header = [str(cell.value).replace("\n", "·") for cell in sheet[3]]
    values = sheet.iter_rows(min_row=4, values_only=True)
    return {str(row[0]): dict(zip(header, row, strict=True)) for row in values}


def test_published_basic_data_stands_side_by_side(results: Path) -> None:
    found = table(results, "基础数据汇总")
    own = found[DEPARTMENT]
    assert own.pop("部门") == DEPARTMENT
    assert own == {
        "人员编制（人）": 16,
        "实有人数（人）": 16,
        "年度收入情况·收入合计": 575.17,
        "年度收入情况·上年结转": 60.29,
        "年度收入情况·公共财政拨款": 490.71,
        "年度收入情况·其他收入": 24.17,
        "年度支出和结余情况·支出合计": 553.06,
        "年度支出和结余情况·基本支出": 553.06,
        "年度支出和结余情况·人员支出": 410.02,
        "年度支出和结余情况·公用支出": 143.04,
        "年度支出和结余情况·项目支出": None,
        "年度支出和结余情况·当年结余": -38.18,
        "年度支出和结余情况·累计结余": 22.11,
        "三公经费·三公经费合计": 6.37,
        "三公经费·公务接待费": 0.69,
        "三公经费·公务用车运维费": 5.68,
        "固定资产·固定资产合计": 49.29,
        "固定资产·在用固定资产": 49.29,
        "固定资产·出租固定资产": None,
        "数据取自": "《部门整体支出绩效自评报告》（基本情况）",
    }
    assert found["合计"]["年度收入情况·收入合计"] == 1606.17


def test_printed_grade_and_score_are_kept(results: Path) -> None:
    found = {
        row["item"]: (row["value"], row["text"], row["unit"])
        for row in read_table(results, "figures")
        if row["department"] == DEPARTMENT and row["block"] == "fields"
    }
    assert found["grade"] == ("", "良好", "")
    assert found["total_score"] == ("88", "88", "分")
    assert found["authorised"] == ("16", "16", "人")


def test_what_has_warnings_and_infos_alone_is_accepted(results: Path) -> None:
    found = {
        (row["department"], row["sheet"]): (row["errors"], row["warnings"], row["status"])
        for row in read_table(results, "submissions")
    }
    assert found["岳阳市金融办", "附件3-1"] == ("0", "3", "accepted")
    assert found["岳阳市金融办", "基本情况"] == ("0", "0", "accepted")


def test_committed_workbooks_are_what_the_facts_build(tmp_path: Path) -> None:
    paths = build(EXAMPLE, tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in paths}
    committed = {path.relative_to(INPUTS / EXAMPLE).as_posix() for path in (INPUTS / EXAMPLE).rglob("*.xls*")}
    assert committed == names
    for name in (each for each in names if each.endswith(".xlsx")):
        assert contents(INPUTS / EXAMPLE / name) == contents(tmp_path / name)


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
