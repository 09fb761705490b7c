from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.cells import Workbook
from jixiao.domain.forms import Status
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
