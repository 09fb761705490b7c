from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.cells import Workbook
from jixiao.domain.submissions import Status
from jixiao.pipeline.sheets import Sheets, read_sheets
from tests.builders.readings import national, vocabulary
from tests.builders.sheets import PROJECT, sheet

if TYPE_CHECKING:
    from jixiao.domain.cells import Grid


def read(*grids: Grid) -> Sheets:
    return read_sheets(Workbook("虚构局.xlsx", "0" * 64, grids), vocabulary(), national().lexicon)


def codes(found: Sheets) -> list[tuple[str, dict[str, str]]]:
    return [(finding.code, dict(finding.figures)) for finding in found.findings]


def test_a_directory_is_listed_and_nobody_is_bothered() -> None:
    found = read(
        sheet("目录\n1 | 部门整体支出绩效自评表\n2 | 项目支出绩效自评表"), sheet(PROJECT, name="附件3")
    )
    assert [form.sheet for form in found.submissions] == ["附件3"]
    assert [(each.status, each.reason) for each in found.outcomes] == [(Status.IGNORED, "目录，不是报送表")]
    assert codes(found) == []


def test_hidden_rows_and_columns_are_read_and_told_of() -> None:
    grid = replace(sheet(PROJECT), hidden_rows=frozenset({12, 13, 900}), hidden_columns=frozenset({7, 40}))
    found = read(grid)
    assert len(found.submissions[0].indicators) == 5
    assert codes(found) == [("L110", {"rows": "13、14", "columns": "H"})]


def test_hidden_columns_alone() -> None:
    found = read(replace(sheet(PROJECT), hidden_columns=frozenset({4})))
    assert codes(found) == [("L110", {"rows": "", "columns": "E"})]


def test_hidden_parts_without_content_are_nobody_s_business() -> None:
    found = read(replace(sheet(PROJECT), hidden_columns=frozenset({20, 21})))
    assert codes(found) == []


def test_two_forms_beside_each_other_have_ids_of_their_own() -> None:
    rows = [line.split("|") for line in PROJECT.strip("\n").split("\n")]
    grid = sheet(
        [
            [
                *(cell.strip(" ") for cell in row),
                "",
                *(cell.strip(" ").replace("虚构管网改造项目", "虚构水表更换项目") for cell in row),
            ]
            for row in rows
        ]
    )
    found = read(grid)
    assert [form.submission_id for form in found.submissions] == [
        "虚构局.xlsx#Sheet1",
        "虚构局.xlsx#Sheet1#2",
    ]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2024年度项目支出绩效目标申报表", "绩效目标申报表"),
        ("（2024年度）部门整体支出绩效目标表", "绩效目标申报表"),
        ("项目支出绩效运行监控表（1-7月）", "绩效运行监控表"),
        ("附件2：项目支出事前绩效评估表", "事前绩效评估"),
        ("2023年度部门整体支出绩效评价报告", "评价报告"),
        ("GK01 收入支出决算总表", "公开表"),
        ("2024年项目支出绩效自评汇总表", "评价结果汇总表"),
    ],
)
def test_other_people_s_forms_are_named_for_what_they_are(title: str, kind: str) -> None:
    """However much of the self-evaluation's words they have, nothing of them is read."""
    found = read(sheet(PROJECT.replace("2024年度项目支出绩效自评表", title.replace("：", " "))))
    assert found.submissions == []
    assert [(each.status, each.reason) for each in found.outcomes] == [
        (Status.IGNORED, f"{kind}，不是自评表，未计入")
    ]
    assert codes(found) == [("L115", {})]


def test_a_sheet_without_any_title_is_known_by_its_name() -> None:
    rows = "项目名称 | 虚构项目\n实施期目标 | 建成。\n数量指标 | 建设（公里） | 5"
    found = read(sheet(rows, name="附2-绩效目标申报表"))
    assert [each.reason for each in found.outcomes] == ["绩效目标申报表，不是自评表，未计入"]


@pytest.mark.parametrize(
    "title",
    [
        "项目支出绩效目标自评表",
        "项目支出绩效自评报告表",
        "2024年度项目支出绩效目标完成情况自评表",
        "项目支出绩效自评价表",
    ],
)
def test_self_evaluations_of_similar_names_are_read(title: str) -> None:
    found = read(sheet(PROJECT.replace("2024年度项目支出绩效自评表", title)))
    assert len(found.submissions) == 1
    assert found.outcomes == []


def test_a_form_that_only_quotes_such_a_title_is_read() -> None:
    """In a note, behind a colon, or below our own title."""
    note = "注：年度指标值取自《项目支出绩效目标申报表》"
    found = read(sheet(f"{PROJECT}{note} | < | < | < | < | < | < | <"), sheet(PROJECT, name="绩效目标申报表"))
    assert len(found.submissions) == 2
