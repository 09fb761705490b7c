"""A form that goes on on the next sheet."""

from __future__ import annotations

import pytest

from jixiao.domain.cells import Workbook
from jixiao.domain.submissions import Status
from jixiao.pipeline.sheets import Sheets, read_sheets
from tests.builders.readings import Marks, national, parts, read, vocabulary
from tests.builders.sheets import HEADER_ROW, PROJECT, TITLE_ROW, TOTAL_ROW, project, sheet

ROWS = PROJECT.strip("\n").split("\n")
UPPER, REST = (
    "\n".join(ROWS[:13]),
    "\n".join(["产出指标（50分） | 质量指标 | 验收合格率 | 100% | 100% | 20 | 20 |", *ROWS[14:]]),
)
UNNAMED_REST = REST.replace("产出指标（50分） | 质量指标", " | 质量指标")
CONTINUED = "2024年度项目支出绩效自评表（续表） | < | < | < | < | < | < | <"


def sheets(*texts: str) -> Sheets:
    grids = tuple(sheet(text, name=f"Sheet{number}") for number, text in enumerate(texts, start=1))
    workbook = Workbook("虚构局.xlsx", "0" * 64, grids)
    return read_sheets(workbook, vocabulary(), national().lexicon)


def marks(found: Sheets) -> Marks:
    return {(finding.code, f"{finding.place.sheet}!{finding.place.cell}") for finding in found.findings}


@pytest.mark.parametrize(
    "rest",
    [
        f"{CONTINUED}\n{HEADER_ROW}\n{REST}",
        f"{TITLE_ROW}\n{HEADER_ROW}\n{REST}",
        f"续表\n{HEADER_ROW}\n{REST}",
        f"{HEADER_ROW}\n{REST}",
        f"{CONTINUED}\n{HEADER_ROW}\n{UNNAMED_REST}",
    ],
    ids=["titled", "same title", "called so", "untitled", "level over the break"],
)
def test_the_rest_of_a_form_on_the_next_sheet(rest: str) -> None:
    found = sheets(UPPER, rest)
    (form,) = found.submissions
    assert parts(form) == parts(read(sheet(PROJECT)).submission)
    assert marks(found) == {("L111", "Sheet2!")}
    assert found.outcomes == []
    assert form.indicators[2].ref.sheet == "Sheet2"


def test_indicators_altogether_on_the_next_sheet() -> None:
    found = sheets("\n".join(ROWS[:10]), f"{CONTINUED}\n" + "\n".join(ROWS[10:]))
    (form,) = found.submissions
    assert parts(form) == parts(read(sheet(PROJECT)).submission)
    assert marks(found) == {("L111", "Sheet2!")}


def test_a_fault_on_the_next_sheet_is_found_at_its_cell() -> None:
    found = sheets(UPPER, f"{CONTINUED}\n{HEADER_ROW}\n{REST}".replace("| 92% | 10 | 10", "| 92% | 十 | 10"))
    assert marks(found) == {("L111", "Sheet2!"), ("V101", "Sheet2!F5")}
    assert {finding.subject for finding in found.findings} == {found.submissions[0].submission_id}


def test_a_form_with_a_name_of_its_own_is_no_continuation() -> None:
    found = sheets(project((TOTAL_ROW, "")), PROJECT.replace("虚构管网改造项目", "虚构水表更换项目"))
    assert [form.project for form in found.submissions] == ["虚构管网改造项目", "虚构水表更换项目"]
    assert marks(found) == set()


def test_nothing_goes_on_after_the_total() -> None:
    found = sheets(PROJECT, f"{HEADER_ROW}\n{REST}")
    assert len(found.submissions) == 1
    assert [(outcome.sheet, outcome.status) for outcome in found.outcomes] == [
        ("Sheet2", Status.UNRECOGNISED)
    ]
    assert marks(found) == {("L101", "Sheet2!")}
