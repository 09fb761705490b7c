"""The finance department's own lists as files: what is read from them, what is refused with which words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.references import Due
from jixiao.pipeline import ConfigurationError, find_rounds, list_files
from tests.builders.folders import SETTINGS, found, round_folder, run, table
from tests.builders.forms import OVERALL as OVERALL_FACTS
from tests.builders.forms import PROJECT as PROJECT_FACTS
from tests.builders.forms import overall_form, project_form, write_forms
from tests.builders.lists import write_list

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.domain.references import Accounts, Roster
    from tests.drawing.facts import Raw

OVERALL, PROJECT = "overall-self-evaluation", "project-self-evaluation"
HEADER: list[Raw] = ["序号", "部门编码", "部门名称", "别名", "应报表种", "项目名称"]
LEDGER: list[Raw] = ["部门", "项目", "年初预算数", "上年结转", "调整数", "全年预算数", "全年执行数"]


def roster_of(tmp_path: Path, *rows: list[Raw], header: list[Raw] = HEADER) -> Roster:
    folder = round_folder(tmp_path, settings=SETTINGS + 'roster = "名册.xlsx"\n')
    write_list(folder / "名册.xlsx", [header, *rows])
    (found_round,) = find_rounds(tmp_path)
    assert found_round.round.roster is not None
    return found_round.round.roster


def accounts_of(tmp_path: Path, *rows: list[Raw]) -> Accounts:
    folder = round_folder(tmp_path, settings=SETTINGS + 'books = "账面数.xlsx"\n')
    write_list(folder / "账面数.xlsx", list(rows))
    (found_round,) = find_rounds(tmp_path)
    assert found_round.round.accounts is not None
    return found_round.round.accounts


def test_departments_with_what_they_owe(tmp_path: Path) -> None:
    roster = roster_of(
        tmp_path,
        [
            1,
            "'351001",
            "[351001]云梦泽省虚构农事局",
            "农事局；虚构农事局",
            "整体、项目支出绩效自评表（6张）",
            "",
        ],
        [2, "'352001", "云梦泽省虚构水务局", "", "部门整体支出绩效自评表+项目", "虚构供水经费、虚构排水经费"],
        [3, "'353001", "云梦泽省虚构渔业局", "", "", ""],
        ["", "", "合计", "", "", ""],
        ["", "", "填表人：某某", "", "", ""],
    )
    assert [(each.department, each.code, each.aliases, each.due, each.ref.a1) for each in roster.entries] == [
        (
            *("云梦泽省虚构农事局", "351001", ("农事局", "虚构农事局")),
            *((Due(OVERALL), Due(PROJECT, count=6)), "C2"),
        ),
        (
            *("云梦泽省虚构水务局", "352001", ()),
            *((Due(PROJECT, "虚构供水经费"), Due(PROJECT, "虚构排水经费"), Due(OVERALL)), "C3"),
        ),
        ("云梦泽省虚构渔业局", "353001", (), (Due(""),), "C4"),
    ]


@pytest.mark.parametrize("below", ["^", ""])
def test_rows_of_one_department_merged_or_left_blank(tmp_path: Path, below: str) -> None:
    roster = roster_of(
        tmp_path,
        [1, "'351", "云梦泽省虚构农事局", "", "整体", "虚构甲经费"],
        [below, below, below, below, below, "虚构乙经费"],
        [2, "'352", "云梦泽省虚构水务局", "", "整体", ""],
    )
    assert [(each.department, each.due) for each in roster.entries] == [
        ("云梦泽省虚构农事局", (Due(PROJECT, "虚构甲经费"), Due(PROJECT, "虚构乙经费"), Due(OVERALL))),
        ("云梦泽省虚构水务局", (Due(OVERALL),)),
    ]


def test_a_number_of_projects_counts_those_that_are_named(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, [1, "", "云梦泽省虚构农事局", "无", "项目3", "虚构甲经费"])
    assert roster.entries[0].due == (Due(PROJECT, "虚构甲经费"), Due(PROJECT, count=2))
    assert roster.entries[0].aliases == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [[1, "", "虚构农事局", "", "年报", ""]],
            "报送名册 名册.xlsx：E2 应报表种“年报”不能确定是哪一种报送表，可用：",
        ),
        (
            [[1, "", "虚构农事局", "农局", "整体", ""], [2, "", "虚构农机局", "农局", "整体", ""]],
            "“农局”同时属于“虚构农事局”和“虚构农机局”。请改正部门名称、别名或编码。",
        ),
        (
            [[1, "'351", "虚构农事局", "", "整体", ""], [2, "'351", "虚构农机局", "", "整体", ""]],
            "“351”同时属于“虚构农事局”和“虚构农机局”。",
        ),
        (
            [[1, "'351", "虚构农事局", "", "整体", ""], [2, "'352", "虚构农事局", "", "项目", ""]],
            "“虚构农事局”有不同的编码：351、352。请改为一致。",
        ),
        (
            [[1, "", "#REF!", "", "整体", ""], [2, "", "虚构局", "", "整体", ""]],
            "C2 是错误值或没有结果的公式。",
        ),
        ([], "没有找到可用的行。请在一张工作表上写明表头，至少有“部门名称”和另外一列"),
    ],
)
def test_a_roster_that_cannot_be_used(tmp_path: Path, rows: list[list[Raw]], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        roster_of(tmp_path, *rows)
    assert said in str(refused.value)


@pytest.mark.parametrize("key", ["roster", "books"])
def test_a_list_that_is_not_there(tmp_path: Path, key: str) -> None:
    folder = round_folder(tmp_path, settings=f'{SETTINGS}{key} = "底册/清单.xlsx"\n')
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path)
    said = (
        f"{folder / '底册' / '清单.xlsx'}。请把文件放到该位置"
        f"（空表用 jixiao template hunan-provincial --form {key} 生成），或改正、删去 round.toml 中的设置。"
    )
    assert said in str(refused.value)


def test_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    folder = round_folder(tmp_path, settings=SETTINGS + 'roster = "名册.xlsx"\n')
    (folder / "名册.xlsx").write_text("部门名称,编码\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path)
    assert str(refused.value) == (
        "报送名册无法使用：文件“名册.xlsx”的扩展名是电子表格的，内容却不是，而是纯文本或 CSV。"
        "请用 Excel 或 WPS 打开，另存为 .xlsx 后再运行。"
    )


def test_own_lists_are_not_what_departments_sent(tmp_path: Path) -> None:
    settings = SETTINGS + "roster = '底册\\名册.xlsx'\ndeadline = 2025-04-30\n"
    folder = round_folder(tmp_path, settings=settings)
    (folder / "底册").mkdir()
    write_list(folder / "底册" / "名册.xlsx", [HEADER, [1, "", "云梦泽省虚构农事局", "", "整体", ""]])
    (folder / "报告.docx").write_bytes(b"PK")
    (found_round,) = find_rounds(tmp_path)
    assert list_files(found_round) == ("报告.docx",)
    assert found_round.round.deadline == date(2025, 4, 30)


@pytest.mark.parametrize("title", [[], [["财政账面数", "<", "<", "<", "<", "<", "<"]]])
def test_books_named_as_the_roster(tmp_path: Path, title: list[list[Raw]]) -> None:
    folder = round_folder(tmp_path, settings=SETTINGS + 'roster = "底册/数.xlsx"\n')
    (folder / "底册").mkdir()
    write_list(
        folder / "底册" / "数.xlsx",
        [*title, LEDGER, ["云梦泽省虚构农事局", "虚构经费", 380, 30, 0, 400, 390]],
    )
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path)
    assert str(refused.value) == (
        "round.toml 中 roster（报送名册）指定的 底册/数.xlsx 看起来是财政账面数。"
        '请改为 books = "底册/数.xlsx"；roster 另写报送名册的文件名，没有就删去这一行。'
    )


def test_a_roster_named_as_the_books(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        accounts_of(tmp_path, HEADER, [1, "'351", "云梦泽省虚构农事局", "", "整体", "虚构经费"])
    assert str(refused.value) == (
        "round.toml 中 books（财政账面数）指定的 账面数.xlsx 看起来是报送名册。"
        '请改为 roster = "账面数.xlsx"；books 另写财政账面数的文件名，没有就删去这一行。'
    )


def test_a_roster_with_budgets_beside_what_is_owed_is_a_roster(tmp_path: Path) -> None:
    header: list[Raw] = ["部门名称", "应报表种", "项目", "全年预算数", "全年执行数"]
    roster = roster_of(tmp_path, ["云梦泽省虚构农事局", "项目", "虚构经费", 400, 390], header=header)
    assert roster.entries[0].due == (Due(PROJECT, "虚构经费"),)


def test_a_roster_of_names_and_projects_only_is_a_roster(tmp_path: Path) -> None:
    header: list[Raw] = ["单位名称", "项目名称"]
    roster = roster_of(tmp_path, ["云梦泽省虚构农事局", "虚构经费"], header=header)
    assert roster.entries[0].due == (Due(PROJECT, "虚构经费"),)


def test_lines_of_the_books_in_yuan(tmp_path: Path) -> None:
    accounts = accounts_of(
        tmp_path,
        ["单位：元", "", "", "", "", "", ""],
        LEDGER,
        ["云梦泽省虚构农事局", "部门整体", 4105000, "", "", 4000000, 3821700],
        ["^", "虚构监测经费", 3805000, 300000, "-", 4000000, 3821700],
        ["^", "小计", 3805000, 300000, "-", 4000000, 3821700],
        ["合计", "", 3805000, 300000, "-", 4000000, 3821700],
    )
    assert [
        (line.department, line.project, line.value("annual_budget"), line.value("carryover"), line.ref.a1)
        for line in accounts.lines
    ] == [
        ("云梦泽省虚构农事局", "", Decimal(400), None, "B3"),
        ("云梦泽省虚构农事局", "虚构监测经费", Decimal(400), Decimal(30), "B4"),
    ]
    assert accounts.findings == ()


def test_a_line_that_does_not_say_whose_it_is(tmp_path: Path) -> None:
    accounts = accounts_of(
        tmp_path,
        LEDGER,
        ["云梦泽省虚构农事局", "虚构监测经费", 380, 30, 0, 400, "约三百"],
        ["云梦泽省虚构水务局", "", 1, 2, 3, 4, 5],
    )
    assert [line.project for line in accounts.lines] == ["虚构监测经费"]
    assert sorted((each.code, each.place.cell) for each in accounts.findings) == [
        ("V101", "G2"),
        ("X137", "A3"),
    ]


def test_a_whole_round_with_roster_deadline_and_books(tmp_path: Path) -> None:
    settings = SETTINGS + 'roster = "名册.xlsx"\nbooks = "账面数.xlsx"\ndeadline = 2025-04-16\n'
    folder = round_folder(tmp_path / "inputs", settings=settings)
    name, project = OVERALL_FACTS.department, PROJECT_FACTS.project
    write_forms(folder / "表.xlsx", overall_form(), project_form())
    write_list(
        folder / "名册.xlsx",
        [
            HEADER,
            [1, "", "云梦泽省虚构全称局", name, "整体、项目2", ""],
            [2, "", "云梦泽省虚构水文局", "", "整体", ""],
        ],
    )
    write_list(folder / "账面数.xlsx", [LEDGER, [name, project, 380, 20, 20, 420, 391]])
    published = run(folder)
    executed = project_form().cell("funds.total.executed")
    assert found(published) == [
        ("P110", "", "", ""),
        ("P110", "", "", ""),
        ("P111", "表.xlsx", "", ""),
        ("X130", "表.xlsx", PROJECT_FACTS.sheet, executed),
    ]
    assert [
        (row["department"], row["form"], row["due"], row["filed"], row["late"], row["status"])
        for row in table(published, "roster")
    ] == [
        ("云梦泽省虚构全称局", OVERALL, "1", "1", "1", "late"),
        ("云梦泽省虚构全称局", PROJECT, "2", "1", "1", "missing"),
        ("云梦泽省虚构水文局", OVERALL, "1", "0", "0", "missing"),
    ]
    assert {path.name for path in published.feedback} == {
        "云梦泽省虚构全称局.xlsx",
        "云梦泽省虚构水文局.xlsx",
    }
    differing = [row for row in table(published, "reconciliation") if row["verdict"] == "differs"]
    assert [(row["item"], row["reported"], row["booked"], row["difference"]) for row in differing] == [
        ("全年执行数", "390", "391", "-1")
    ]


def test_two_spellings_of_a_department_are_said_and_kept_apart(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "甲.xlsx", overall_form())
    shorter = f"{OVERALL_FACTS.department[:-1]}中心{OVERALL_FACTS.department[-1]}"
    other = overall_form().set("department", shorter)
    write_forms(folder / "乙.xlsx", other)
    published = run(folder)
    (finding,) = table(published, "findings")
    assert (finding["code"], finding["reported"]) == ("X133", min(shorter, OVERALL_FACTS.department))
    assert {row["department"] for row in table(published, "submissions")} == {
        shorter,
        OVERALL_FACTS.department,
    }
