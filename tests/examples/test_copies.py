"""The provincial department's workbook comes back marked, is mended in LibreOffice and sent in again."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest

from jixiao.pipeline import find_rounds
from tests.builders.folders import work_off
from tests.drawing.build import INPUTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook

EXAMPLE, FILE = "hunan-2024", "省委金融办2024年度绩效自评表"
DEPARTMENT = "中共湖南省委金融委员会办公室"
OFFICE = shutil.which("soffice")
MISTAKES = {
    ("项目支出明细", "B17"): "填报：1,442.20　应为：1,492.00",
    ("附件1", "B15"): "填报：401.51　应为：644.85",
    ("附件3-1", "D8"): "填报：30.08　应为：30.80",
    ("附件3-3", "E8"): "填报：159.87　应为：80.07",
    ("附件2", "F18"): "单位可能有误",
    ("附件2", "F17"): "《附件3-1》F19“全年非法集资案件追赃挽损金额（万元）”填的是 15",
    ("附件3-4", "H17"): "实际完成值与年度指标值写法相同",
    ("附件3-5", "F14"): "为 93（目标 ≥8）",
    ("附件3-6", "F15"): "为 200（目标 ≥80）",
    ("附件3-1", "C3"): "与《项目支出明细》中的“地方金融风险防范专项经费”略有不同",
}
"""Those of domain.md that stand in this workbook."""
ASKED = re.compile(r"【(?:一并核对|连带)】[^（]*应为 ([\d,.%]+)（|【错误】[^【]*应为：([\d,.%]+)\n")
"""What a note asks to be put into its cell: the figure of an error, or of a cell that goes with one."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this department sent, alone, without the finance department's accounts; worked off once."""
    base = tmp_path_factory.mktemp("copies")
    folder = base / "inputs" / EXAMPLE
    folder.mkdir(parents=True)
    shutil.copy(INPUTS / EXAMPLE / f"{FILE}.xlsx", folder)
    (folder / "round.toml").write_text('scheme = "hunan-provincial"\nyear = 2024\n', encoding="utf-8")
    run(base)
    return base


def run(base: Path) -> None:
    (folder,) = find_rounds(base / "inputs", [EXAMPLE])
    work_off(folder, base)


def findings(base: Path) -> dict[str, dict[str, str]]:
    path = base / "outputs" / EXAMPLE / "data" / "findings.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["finding_id"]: row for row in csv.DictReader(file) if row["department"] == DEPARTMENT}


def copy_of(base: Path) -> Path:
    return base / "outputs" / EXAMPLE / "审核反馈" / DEPARTMENT / f"{FILE}（审核标注）.xlsx"


def notes(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Sheet, cell and text of every note."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell.coordinate, cell.comment.text) for cell in row if cell.comment)


def put(book: Workbook, sheet: str, cell: str, figure: str) -> None:
    plain = figure.replace(",", "")
    book[sheet][cell].value = float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)


def saved_by_libreoffice(path: Path, folder: Path) -> None:
    """Recalculated and saved, as by somebody who works in it."""
    profile = path.parent.joinpath("profile").as_uri()
    command = [OFFICE or "soffice", f"-env:UserInstallation={profile}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)  # noqa: S603 our own file


def test_each_mistake_is_told_at_its_cell(base: Path) -> None:
    told = {(sheet, cell): text for sheet, cell, text in notes(openpyxl.load_workbook(copy_of(base)))}
    assert {at: text in told.get(at, "") for at, text in MISTAKES.items()} == dict.fromkeys(MISTAKES, True)
    found = {(row["sheet"], row["cell"]) for row in findings(base).values() if row["cell"]}
    assert found <= told.keys()


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_what_is_mended_there_is_mended(base: Path, tmp_path: Path) -> None:
    before = findings(base)
    book = openpyxl.load_workbook(copy_of(base))
    asked = {
        (sheet, cell): found[1] or found[2]
        for sheet, cell, text in notes(book)
        if (found := ASKED.search(text))
    }
    assert asked == {
        ("附件1", "B15"): "644.85",
        ("附件2", "F14"): "43.87%",
        ("附件3-5", "D6"): "1,492.00",
        ("附件3-5", "D7"): "1,492.00",
        ("项目支出明细", "B17"): "1,492.00",
    }
    for at, figure in asked.items():
        put(book, *at, figure)
    for row in book["审核意见"].iter_rows(min_row=4):
        if str(row[8].value).startswith("Q101"):
            row[9].value = "年中任务增加。"
    edited = tmp_path / copy_of(base).name
    book.save(edited)
    shutil.copytree(base, tmp_path / "second")
    base = tmp_path / "second"
    (base / "inputs" / EXAMPLE / f"{FILE}.xlsx").unlink()
    saved_by_libreoffice(edited, base / "inputs" / EXAMPLE)
    run(base)
    after = findings(base)
    assert {before[name]["code"] for name in before.keys() - after.keys()} == {"A102", "A105"}
    assert after.keys() <= before.keys()
    assert {row["severity"] for row in after.values()} == {"warning", "info"}
    assert {row["reply"] for row in after.values() if row["code"] == "Q101"} == {"年中任务增加。"}
    again = openpyxl.load_workbook(copy_of(base))
    assert again.sheetnames == book.sheetnames
    for sheet, cell in (("附件1", "B15"), ("项目支出明细", "B17")):
        assert again[sheet][cell].comment is None
        assert again[sheet][cell].fill.fill_type is None


def test_how_each_lost_point_came_about_stands_on_the_first_sheet(base: Path) -> None:
    sheet = openpyxl.load_workbook(copy_of(base))["审核意见"]
    told = [row for row in sheet.iter_rows(values_only=True) if row[1] == "得分由来"]
    execution = next(row for row in told if str(row[3]).startswith("地方金融监管工作经费·预算执行"))
    assert execution[2] == "附件3-3!I6"
    steps, given = str(execution[6]).split("\n")[:2]
    assert steps == "过程：执行率 419.55 ÷ 528.87 = 79.33%，10 × 79.33% = 7.93"
    assert given.split("；") == [
        "数据：年度资金总额·全年预算数　528.87　《附件3-3》E6",
        "年度资金总额·全年执行数　419.55　《附件3-3》F6",
        "年度资金总额·执行率　79.33%　《附件3-3》H6",
        "年度资金总额·分值　10　《附件3-3》G6",
        "年度资金总额·得分　7.93　《附件3-3》I6",
    ]
    assert [str(row[3]) for row in told if "预算执行" not in str(row[3])] == [
        "部门整体支出绩效自评表·三公经费节约率"
    ]
