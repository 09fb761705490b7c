"""The worked example from folder to tables: what was planted is found at its cell, and nothing else."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.builders.folders import read_table
from tests.drawing.facts import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = "hunan-2024"
DEPARTMENT = "中共湖南省委金融委员会办公室"

Place = tuple[str, str, str, str]
"""Code, file, sheet, cell."""

PLANTED: dict[Place, dict[str, str]] = {
    (row["code"], table["file"], row.get("sheet", ""), row.get("cell", "")): row
    for table in tomllib.loads((FOLDER / EXAMPLE / "planted.toml").read_text(encoding="utf-8"))["files"]
    for row in table["findings"]
}


@pytest.fixture(scope="module")
def results(provincial: Path) -> Path:
    return provincial


def place(finding: dict[str, str]) -> Place:
    return finding["code"], finding["file"], finding["sheet"], finding["cell"]


def test_findings_are_exactly_those_planted(results: Path) -> None:
    found = [place(finding) for finding in read_table(results, "findings") if finding["severity"] != "info"]
    infos = {place(finding) for finding in read_table(results, "findings") if finding["severity"] == "info"}
    assert sorted(found) == sorted(PLANTED.keys() - infos)


def test_planted_infos_are_listed(results: Path) -> None:
    infos = {place(finding) for finding in read_table(results, "findings") if finding["severity"] == "info"}
    assert {code for code, *_ in infos & PLANTED.keys()} == {"L107", "L109", "V119", "X123"}


def test_findings_name_the_figures(results: Path) -> None:
    found = {place(finding): finding for finding in read_table(results, "findings")}
    wanted = {at: row["expected"] for at, row in PLANTED.items() if "expected" in row}
    assert {at: found[at]["expected"] for at in wanted if at in found} == wanted


def test_published_scores_come_out(results: Path) -> None:
    totals = {
        row["project"]: (row["self_score"], row["accepted_score"])
        for row in read_table(results, "scores")
        if row["department"] == DEPARTMENT
        and row["component"] == "total"
        and row["scope"] in {"overall", "project"}
    }
    assert totals == {
        "": ("96.55", "96.55"),
        "地方金融风险防范专项工作经费": ("98.72", "98.72"),
        "湖南省地方金融征信与监管平台运维经费": ("99.65", "99.65"),
        "地方金融监管工作经费": ("97.93", "97.93"),
        "湖南金融宣传工作经费": ("97.63", "97.63"),
        "地方金融风险预警平台建设项目": ("100", "100"),
        "金融干部业务知识培训": ("100", "100"),
    }


def test_published_composite_comes_out(results: Path) -> None:
    items = [row for row in read_table(results, "composite") if row["department"] == DEPARTMENT]
    assert {row["funds"]: (row["kind"], row["share_percent"], row["weighted_score"]) for row in items} == {
        "2291.01": ("overall", "46.36", "45.83"),
        "358.02": ("project", "7.24", "7.15"),
        "195.96": ("project", "3.96", "3.95"),
        "419.55": ("project", "8.49", "8.31"),
        "112.88": ("project", "2.28", "2.23"),
        "1442.2": ("project", "29.17", "29.17"),
        "68.83": ("project", "1.39", "1.39"),
        "54.9": ("carryover", "1.11", ""),
        "4943.35": ("total", "100", "98.03"),
    }


def test_published_survey_comes_out(results: Path) -> None:
    (survey,) = (
        row
        for row in read_table(results, "survey")
        if row["department"] == DEPARTMENT and row["kind"] == "composite"
    )
    assert (survey["questionnaires"], survey["rate"]) == ("38", "97.03")
    assert (survey["reported"], survey["agreement"]) == ("服务对象满意度 97%", "agrees")


def test_illustrative_appraisal_comes_out_ranked(results: Path) -> None:
    assert [
        (row["division"], row["annual_rate"], row["rank"], row["reported_annual_rate"])
        for row in read_table(results, "appraisal")
    ] == [
        ("典藏部", "96.33", "1", "96.33"),
        ("综合处", "94.43", "2", "94.43"),
        ("展陈部", "90.55", "3", "92.55"),
        ("信息中心", "90.55", "3", "90.55"),
        ("安全部", "", "", ""),
    ]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("staff_control", "90.91"),
        ("three_public_saving", "-89.29"),
        ("abroad_saving", "-863.16"),
        ("vehicles_saving", "-44.22"),
        ("reception_saving", "34.55"),
        ("public_funds_saving", "9.86"),
        ("three_public_control", "51.14"),
        ("public_funds_control", "99.43"),
        ("procurement_execution", "99.49"),
        ("execution", "95.54"),
        ("balance", "230.64"),
        ("balance_rate", "4.46"),
        ("adjustment", "6.16"),
        ("basic_adjustment", "5.4"),
        ("basic_execution", "98.86"),
        ("basic_share", "46.35"),
        ("project_share", "53.65"),
        ("basic_budget_share", "44.79"),
        ("project_budget_share", "55.21"),
        ("low_projects", "3"),
        ("low_projects_share", "38.08"),
        ("forms_mean", "89.88"),
        ("forms_pooled", "92.71"),
        ("projects_pooled", "92.85"),
    ],
)
def test_published_measures_come_out(measure: str, value: str, results: Path) -> None:
    found = [
        row["value"]
        for row in read_table(results, "measures")
        if (row["department"], row["measure"]) == (DEPARTMENT, measure)
    ]
    assert found == [value]


def test_published_gap_of_the_supervision_project_comes_out(results: Path) -> None:
    found = {
        row["measure"]: row["value"]
        for row in read_table(results, "measures")
        if row["project"] == "地方金融监管工作经费"
    }
    assert found == {"project_gap": "109.32", "project_gap_rate": "20.67"}


def test_measures_of_forms_that_did_not_come_say_so(results: Path) -> None:
    found = {
        row["measure"]: (row["value"], row["derivation"])
        for row in read_table(results, "measures")
        if row["department"] == "云梦泽省虚构农事局" and not row["value"]
    }
    missing = ("", "缺少：项目支出情况明细表（未报送）")
    assert found == {
        "basic_budget_share": ("", "缺少：基本支出情况明细表（未报送）"),
        "project_budget_share": missing,
        "low_projects_share": missing,
    }


def test_details_are_budget_lines_and_no_scores(results: Path) -> None:
    lines = {
        row["item"]: row
        for row in read_table(results, "budget_lines")
        if row["form"] == "project-expenditure"
    }
    assert len(lines) == 14
    assert {name: lines["地方金融监管工作经费"][name] for name in ("carryover", "adjustment", "balance")} == {
        "carryover": "80.07",
        "adjustment": "79.8",
        "balance": "109.32",
    }
    assert {row["scope"] for row in read_table(results, "scores")} == {"overall", "project", "composite"}


def sheet(results: Path, name: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(results / f"绩效自评汇总_{EXAMPLE}.xlsx", data_only=True)
    return list(book[name].iter_rows(min_row=4, values_only=True))


def test_published_three_public_expenses_are_compared(results: Path) -> None:
    found = [row for row in sheet(results, "三公经费对比") if row[0] == DEPARTMENT]
    assert [row[1:5] for row in found] == [
        ("三公经费", 17.83, 66, 33.75),
        ("因公出国（境）费", 1.14, 18, 10.98),
        ("公务用车购置及运行费", 15.04, 34, 21.69),
        ("公务用车运行费", 15.04, 34, 21.69),
        ("公务接待费", 1.65, 14, 1.08),
    ]
    assert found[0][8] == (
        "《部门整体支出绩效评价基础数据表》（附件1）；《“三公”经费明细表》（三公经费明细）也有，两表一致，未采用"
    )
    assert round(float(str(found[0][6])), 4) == 0.8929


def test_carryover_projects_stand_one_by_one(results: Path) -> None:
    found = [
        row[1:4]
        for row in sheet(results, "综合得分")
        if row[0] == DEPARTMENT and row[4] is None and row[1] != "合计"
    ]
    assert found == [
        ("金融发展专项工作经费", 12.77, 0.0026),
        ("协调服务金融机构", 0.01, 0),
        ("资本市场运作专项工作经费", 8.43, 0.0017),
        ("融资担保及小贷监管工作经费", 15.69, 0.0032),
        ("长株潭金融改革专项工作经费", 2.5, 0.0005),
        ("智慧协同办公信息系统", 14.05, 0.0028),
        ("绩效业务工作经费", 1.45, 0.0003),
    ]


def test_printed_composite_is_the_self_score_and_others_have_none(results: Path) -> None:
    found = {row[1]: row[2:5] for row in sheet(results, "部门汇总")}
    assert found[DEPARTMENT] == (98.03, 98.03, 98.03)
    assert found["云梦泽省虚构农事局"][0] is None


def test_key_figures_on_a_disputed_cell_say_so(results: Path) -> None:
    disputed = {
        row["measure"]
        for row in read_table(results, "measures")
        if row["department"] == DEPARTMENT and row["disputed"]
    }
    assert "public_funds_saving" in disputed
    assert "three_public_saving" not in disputed


def test_text_file_is_ignored_and_workbook_in_name_only_is_unreadable(results: Path) -> None:
    status = {row["file"]: row["status"] for row in read_table(results, "submissions")}
    assert (status["报送说明.txt"], status["云梦泽省虚构文博局/资产登记.xlsx"]) == ("ignored", "unreadable")
