"""The provincial department's workbook comes back marked, is mended in LibreOffice and sent in again."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import openpyxl
import pytest

from jixiao.engines import InProcessEngine
from jixiao.ledger import open_ledger
from jixiao.pipeline import Means, Memory, find_rounds, run_round
from tests.builders.folders import read_table
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


OWN = (f"{FILE}.xlsx", "省委金融办2024年度满意度问卷.xlsx", "名册.xlsx", "账面数.xlsx", "round.toml")
"""What this department sent, and the finance department's own lists."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked round without the invented departments; worked off once, into a ledger."""
    base = tmp_path_factory.mktemp("copies")
    folder = base / "inputs" / EXAMPLE
    folder.mkdir(parents=True)
    for name in OWN:
        shutil.copy(INPUTS / EXAMPLE / name, folder)
    run(base)
    return base


def run(base: Path) -> None:
    (folder,) = find_rounds(base / "inputs", [EXAMPLE])
    ledger = open_ledger(f"sqlite:///{base / 'ledger.sqlite'}")
    run_round(folder, base / "outputs", Means(InProcessEngine(), Memory(base / "state"), ledger))
    ledger.close()


def findings(base: Path) -> dict[str, dict[str, str]]:
    found = read_table(base / "outputs" / EXAMPLE, "findings")
    return {row["finding_id"]: row for row in found if row["department"] == DEPARTMENT}


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
    own = (row for row in findings(base).values() if row["file"] == f"{FILE}.xlsx")
    found = {(row["sheet"], row["cell"]) for row in own if row["cell"]}
    assert found <= told.keys()


ASKED_FOR = {
    ("附件1", "B15"): "644.85",
    ("附件2", "F14"): "43.87%",
    ("附件3-5", "D6"): "1,492.00",
    ("附件3-5", "D7"): "1,492.00",
    ("项目支出明细", "B17"): "1,492.00",
}
"""The cells of the errors, and those that go with them."""
KNOWN_BETTER = {("附件2", "F17"): 15, ("附件2", "D18"): "金融机构贷款余额（亿元）"}
"""What only the department can tell: the amount recovered on both forms, the unit of its loans."""
REASON, ANSWER = "年中任务增加。", "以项目自评表为准，已与业务处室核对。"


def mend(book: Workbook, found: dict[str, dict[str, str]]) -> None:
    """The department's work on its copy: figures, a reason where one is missing, answers to what is left."""
    for at, figure in ASKED_FOR.items():
        put(book, *at, figure)
    for (sheet, cell), value in KNOWN_BETTER.items():
        book[sheet][cell].value = value
    book["附件2"]["I17"].value = REASON
    for row in found.values():
        if row["code"] == "Q101":
            for cells in re.findall(r"F\d+(?::F\d+)?", row["cells"] or row["cell"]):
                first, _, last = cells.replace("F", "").partition(":")
                for number in range(int(first), int(last or first) + 1):
                    book[row["sheet"]][f"I{number}"].value = REASON
    for line in book["审核意见"].iter_rows(min_row=4):
        if found.get(str(line[8].value), {}).get("code") in {"X106", "X104", "S111", "P102"}:
            line[9].value = ANSWER


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_what_is_mended_there_is_mended_and_said_to_be_and_nothing_is_new(base: Path, tmp_path: Path) -> None:
    before = findings(base)
    book = openpyxl.load_workbook(copy_of(base))
    assert {
        (sheet, cell): found[1] or found[2]
        for sheet, cell, text in notes(book)
        if (found := ASKED.search(text))
    } == ASKED_FOR
    mend(book, before)
    edited = tmp_path / copy_of(base).name
    book.save(edited)
    shutil.copytree(base, tmp_path / "second")
    base = tmp_path / "second"
    (base / "inputs" / EXAMPLE / f"{FILE}.xlsx").unlink()
    saved_by_libreoffice(edited, base / "inputs" / EXAMPLE)
    run(base)
    after = findings(base)
    told = mended(base)
    assert [row for row in told if row[-1] == "已按要求改正"] == [
        ("A102", "公用经费·上年决算数", "401.51", "644.85", "644.85", "已按要求改正"),
        (
            "A105",
            "地方金融风险预警平台建设项目·年初预算数",
            *("1,442.20", "1,492.00", "1,492.00"),
            "已按要求改正",
        ),
    ]
    assert {row[:2] for row in told if row[-1] == "已改正"} == {
        ("Q101", "优质金融宣传稿件数量（篇）等 5 项"),
        ("Q101", "全年非法集资案件追赃挽损金额（万元）"),
        ("Q101", "公用经费节约率等 5 项"),
        ("Q101", "制作专题宣传片、专题报道等 2 项"),
        ("Q101", "培训人数（人）等 3 项"),
        ("Q101", "平台建设、完善包括子系统等 2 项"),
        ("Q101", "银企对接会召开次数"),
        ("Q102", "非法集资案件追赃挽损金额（万元）"),
        ("X108", "非法集资案件追赃挽损金额（万元）"),
        ("X109", "金融机构贷款余额（万元）"),
    }
    assert len(told) == len(before) - len(after) == 12
    assert Counter(row["fate"] for row in after.values()) == {"stands": len(after)}
    assert after.keys() <= before.keys()
    assert Counter(row["code"] for row in after.values() if not row["reply"]) == {"X136": 1}
    assert {row["severity"] for row in after.values()} == {"warning", "info"}
    again = openpyxl.load_workbook(copy_of(base))
    assert again.sheetnames == book.sheetnames
    for sheet, cell in (("附件1", "B15"), ("项目支出明细", "B17"), ("附件2", "F17")):
        assert again[sheet][cell].comment is None
        assert again[sheet][cell].fill.fill_type is None


def mended(base: Path) -> list[tuple[str, ...]]:
    """The sheet 整改情况: code, label, what stood there, what should, what stands there, what came of it."""
    (path,) = (base / "outputs" / EXAMPLE).glob("绩效自评汇总_*.xlsx")
    rows = openpyxl.load_workbook(path)["整改情况"].iter_rows(min_row=4, values_only=True)
    return sorted((str(row[-1])[:4], *(str(each or "") for each in row[3:8])) for row in rows)


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
        *(DEPARTMENT, DEPARTMENT),
        "部门整体支出绩效自评表·三公经费节约率",
    ]
    steps, given = [str(row[6]) for row in told if row[3] == DEPARTMENT]
    assert "综合得分：45.83 + 8.31 + 7.15 + 29.17 + 3.95 + 2.23 + 1.39 = 98.03" in steps.split("\n")
    assert given.startswith("数据：部门整体支出绩效自评表·年度资金总额·全年执行数　4,943.35　《附件2》F5；")
    full = next(str(row[6]) for row in told if str(row[3]).startswith("地方金融风险预警平台建设项目"))
    assert full == "过程：执行率 1,442.20 ÷ 1,442.20 = 100.00%，10 × 100.00% = 10.00"
    rules = [line for row in told for line in str(row[6]).split("\n") if line.startswith("规则：预算执行")]
    assert len(rules) == 1
