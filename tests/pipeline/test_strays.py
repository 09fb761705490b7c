"""Lists of the finance department among what departments sent: none becomes a department, none is silent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.engines import InProcessEngine
from jixiao.pipeline import Means, Memory, evaluate_round, find_rounds
from tests.builders.folders import SETTINGS, found, round_folder, run, table
from tests.builders.forms import OVERALL, overall_form, write_forms
from tests.builders.lists import write_list

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.domain.rounds import Evaluation
    from jixiao.pipeline import Published
    from tests.drawing.facts import Raw

FARMS, WATER = "云梦泽省虚构农事局", "云梦泽省虚构水务局"
LEDGER: list[Raw] = ["部门", "项目", "年初预算数", "上年结转", "调整数", "全年预算数", "全年执行数"]
FIGURES: list[Raw] = [380, 20, 0, 400, 390]
ACCOUNTS: list[list[Raw]] = [
    LEDGER,
    [FARMS, "部门整体", *FIGURES],
    ["^", "虚构监测经费", *FIGURES],
    [WATER, "虚构供水经费", *FIGURES],
    ["合计", "", *FIGURES],
]
ROSTER: list[list[Raw]] = [["序号", "部门名称", "应报表种"], [1, FARMS, "整体"], [2, WATER, "整体、项目"]]


def titled(text: str, rows: list[list[Raw]]) -> list[list[Raw]]:
    return [[text, *["<"] * (len(rows[0]) - 1)], *rows]


def reason(title: str, setting: str) -> str:
    return (
        f"看起来是{title}，不是部门报送的表，未计入。要使用它，请在 round.toml 中写 {setting}；"
        "如果是某个部门报送的，请在表上写明部门名称。"
    )


def ignored(published: Published) -> dict[str, str]:
    """The files that were left out, with their department: none."""
    rows = table(published, "submissions")
    return {row["file"]: row["department"] for row in rows if row["status"] == "ignored"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return round_folder(tmp_path / "inputs")


@pytest.mark.parametrize(
    "rows",
    [
        ACCOUNTS,
        titled("单位：元", ACCOUNTS),
        titled("预算执行明细表", ACCOUNTS),
        titled("项目支出情况表", ACCOUNTS),
    ],
)
def test_books_that_are_not_named_become_no_department(folder: Path, rows: list[list[Raw]]) -> None:
    write_list(folder / "导出.xlsx", rows)
    published = run(folder)
    assert (ignored(published), found(published), published.feedback) == ({"导出.xlsx": ""}, [], ())


@pytest.mark.parametrize("rows", [ROSTER, titled("应报单位名单", ROSTER)])
def test_a_roster_that_is_not_named_becomes_no_department(folder: Path, rows: list[list[Raw]]) -> None:
    write_list(folder / "名单.xlsx", rows)
    published = run(folder)
    assert (ignored(published), found(published), published.feedback) == ({"名单.xlsx": ""}, [], ())


def test_the_officer_reads_what_to_write_into_round_toml(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    (folder / "底册").mkdir()
    write_list(folder / "底册" / "数.xlsx", ACCOUNTS)
    write_list(folder / "名单.xlsx", ROSTER)
    reasons = {each.file: each.reason for each in evaluated(folder).outcomes}
    assert reasons == {
        "底册/数.xlsx": reason("财政账面数", 'books = "底册/数.xlsx"'),
        "名单.xlsx": reason("报送名册", 'roster = "名单.xlsx"'),
    }


def evaluated(folder: Path) -> Evaluation:
    (round_,) = find_rounds(folder.parent, [folder.name])
    return evaluate_round(round_, Means(InProcessEngine(), Memory(folder.parent.parent / "state")))


def test_books_of_one_department_are_known_by_what_they_are_called(folder: Path) -> None:
    write_list(folder / "账面数.xlsx", ACCOUNTS[:3])
    assert ignored(run(folder)) == {"账面数.xlsx": ""}


def test_books_that_say_who_compiled_them_are_known_by_the_departments_in_them(folder: Path) -> None:
    write_list(folder / "导出.xlsx", titled("编制单位：云梦泽省虚构财政局", ACCOUNTS))
    for name in (FARMS, WATER):
        write_forms(folder / f"{name}.xlsx", overall_form(facts=replace(OVERALL, department=name)))
    published = run(folder)
    assert ignored(published) == {"导出.xlsx": ""}
    assert {path.stem for path in published.feedback} == {FARMS, WATER}


def test_the_same_with_a_roster_that_knows_them(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs", settings=SETTINGS + 'roster = "名册.xlsx"\n')
    write_list(folder / "名册.xlsx", ROSTER)
    write_list(folder / "导出.xlsx", titled("编制单位：云梦泽省虚构财政局", ACCOUNTS))
    assert ignored(run(folder)) == {"导出.xlsx": ""}


# What a department sent stays its own, however much it looks like a list.

UNITS: list[list[Raw]] = [
    ["单位", *LEDGER[1:]],
    ["虚构农事局机关", "虚构监测经费", *FIGURES],
    ["虚构农事推广站", "虚构推广经费", *FIGURES],
]


def departments(published: Published) -> dict[str, str]:
    return {row["file"]: row["department"] for row in table(published, "submissions") if row["form"]}


def test_a_table_that_names_its_department_is_its_own(folder: Path) -> None:
    write_list(folder / "项目.xlsx", titled(f"填报单位：{FARMS}", UNITS))
    assert departments(run(folder)) == {"项目.xlsx": FARMS}


def test_a_table_in_a_departments_folder_is_its_own(folder: Path) -> None:
    (folder / "农事").mkdir()
    write_forms(folder / "农事" / "整体.xlsx", overall_form(facts=replace(OVERALL, department=FARMS)))
    write_list(folder / "农事" / "项目.xlsx", UNITS)
    assert departments(run(folder)) == {"农事/整体.xlsx": FARMS, "农事/项目.xlsx": FARMS}


def test_a_table_of_units_that_report_themselves_is_that_of_their_department(folder: Path) -> None:
    units = [UNITS[0], [f"{FARMS}一站", *UNITS[1][1:]], [f"{FARMS}二站", *UNITS[2][1:]]]
    write_list(folder / "项目.xlsx", titled(f"填报单位：{FARMS}", units))
    for name in (FARMS, f"{FARMS}一站", f"{FARMS}二站"):
        write_forms(folder / f"{name}.xlsx", overall_form(facts=replace(OVERALL, department=name)))
    assert departments(run(folder))["项目.xlsx"] == FARMS


def test_a_table_that_no_form_fits_but_names_its_sender_is_asked_after(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs", settings='scheme = "yueyang-municipal"\nyear = 2020\n')
    write_list(folder / "项目.xlsx", titled(f"填报单位：{FARMS}", UNITS))
    assert [code for code, *_ in found(run(folder))] == ["L101"]


def test_names_and_projects_alone_are_no_list(folder: Path) -> None:
    rows: list[list[Raw]] = [["序号", "单位名称", "项目名称"], [1, FARMS, "虚构经费"], [2, WATER, "虚构经费"]]
    write_list(folder / "清单.xlsx", rows)
    assert [code for code, *_ in found(run(folder))] == ["L101"]


def test_a_form_with_points_that_names_nobody_is_never_a_list(folder: Path) -> None:
    """It is somebody's self-evaluation, and P107 asks whose; set aside, it would be lost without a word."""
    write_forms(folder / "导出.xlsx", overall_form(facts=replace(OVERALL, department="")))
    write_list(folder / "账面数.xlsx", ACCOUNTS)
    published = run(folder)
    assert ignored(published) == {"账面数.xlsx": ""}
    assert {row["status"] for row in table(published, "submissions") if row["file"] == "导出.xlsx"} == {
        "returned"
    }
