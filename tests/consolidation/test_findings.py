from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.builders.folders import SETTINGS, found, round_folder, run, table
from tests.builders.forms import PROJECT, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.pipeline import Published

REASON = "因年中机构改革人员划转较晚，设备采购推迟到第四季度才招标，下一步将提前编制采购计划并按月通报进度。"
OTHER = "受连续暴雨影响，沿河三个乡镇的渠道清淤停工二十余天，年底前已增派机械补齐剩余工程量。"
DEPARTMENTS = ("云梦泽省虚构水务局", "云梦泽省虚构林业局", "云梦泽省虚构气象局")
SHEET = "值得一看"


def send(folder: Path, department: str, reason: str) -> None:
    """A department's project form whose first indicator has that reason."""
    form = project_form(facts=replace(PROJECT, department=department)).set("indicator.1.reason", reason)
    write_forms(folder / f"{department}.xlsx", form)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Two departments with the same reason, one with its own."""
    folder = round_folder(tmp_path_factory.mktemp("alike") / "inputs")
    send(folder, DEPARTMENTS[0], REASON)
    send(folder, DEPARTMENTS[1], REASON)
    send(
        folder,
        DEPARTMENTS[2],
        "受连续暴雨影响，沿河三个乡镇的渠道清淤停工二十余天，年底前已增派机械补齐剩余工程量。",
    )
    return run(folder)


def test_the_sheet_tells_both_departments_with_money_and_evidence(published: Published) -> None:
    sheet = load_workbook(published.summary)[SHEET]
    header, *rows = sheet.iter_rows(min_row=3, values_only=True)
    assert header == ("部门", "项目", "线索", "依据", "强度", "涉及金额", "位置", "编号")
    assert [(row[0], row[2], row[7]) for row in rows] == [
        (department, "与其他部门文字雷同", "Q106") for department in sorted(DEPARTMENTS[:2])
    ]
    assert DEPARTMENTS[0] in str(rows[0][3])
    assert "相似 100%" in str(rows[0][3])
    assert {row[5] for row in rows} != {None}


def test_no_department_hears_of_it(published: Published) -> None:
    assert {row["code"] for row in table(published, "findings")} & {"Q106"} == set()
    assert not any(code.startswith("Q106") for code, *_ in found(published))
    texts = [
        str(cell.value)
        for path in published.feedback
        for sheet in load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert not any("雷同" in text for text in texts)


def test_a_round_without_any_has_no_such_sheet(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "表.xlsx", overall_form(), project_form())
    assert SHEET not in load_workbook(run(folder).summary).sheetnames


def test_as_many_as_the_scheme_wants(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds" / "schemes"
    seeds.mkdir(parents=True)
    head = 'title = "不看"\njurisdiction = "云梦泽"\nextends = "hunan-provincial"\n'
    (seeds / "quiet.toml").write_text(head + "[worth_a_look]\nmost = 0\n", encoding="utf-8")
    folder = round_folder(tmp_path / "inputs", settings=SETTINGS.replace("hunan-provincial", "quiet"))
    for department in DEPARTMENTS[:2]:
        send(folder, department, REASON)
    assert SHEET not in load_workbook(run(folder).summary).sheetnames
