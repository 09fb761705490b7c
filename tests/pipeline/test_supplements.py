"""Surveys and appraisals from a round folder to its tables: whose they are, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.folders import found, round_folder, run, table
from tests.builders.forms import DEPARTMENT, overall_form, write_forms
from tests.drawing.facts import PrintedFacts
from tests.drawing.layout import draw
from tests.drawing.writing import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.drawing.facts import Raw

HEADER: tuple[Raw, ...] = ("提交时间", "您对供水服务的满意程度（满分10分）")
ANSWERS: tuple[tuple[Raw, ...], ...] = (HEADER, ("2025/3/1", 10), ("2025/3/1", 9))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A round with one department's overall form, which states 96 % satisfaction."""
    folder = round_folder(tmp_path / "inputs")
    (folder / "报送").mkdir()
    write_forms(folder / "报送" / "自评.xlsx", overall_form())
    return folder


def write(path: Path, rows: Sequence[Sequence[Raw]]) -> None:
    facts = PrintedFacts(sheet="Sheet1", rows=tuple(map(tuple, rows)), widths=(16, 16, 16), headings=())
    write_xlsx(path, [draw(facts)])


def surveys(folder: Path) -> list[dict[str, str]]:
    return [row for row in table(run(folder), "survey") if row["kind"] == "composite"]


@pytest.mark.parametrize("file", ["报送/问卷.xlsx", f"{DEPARTMENT}满意度问卷.xlsx"])
def test_a_survey_is_its_folder_s_or_its_name_s(folder: Path, file: str) -> None:
    write(folder / file, ANSWERS)
    (row,) = surveys(folder)
    assert (row["department"], row["questionnaires"], row["rate"]) == (DEPARTMENT, "2", "95")


def test_a_survey_of_nobody_is_asked_for_its_department(folder: Path) -> None:
    write(folder / "问卷.xlsx", ANSWERS)
    assert ("P107", "问卷.xlsx", "Sheet1", "") in found(run(folder))


def test_two_surveys_are_two_and_one_sent_twice_is_one(folder: Path) -> None:
    for name, rows in {"企业": ANSWERS, "群众": (*ANSWERS, ("2025/3/2", 8)), "企业2": ANSWERS}.items():
        write(folder / "报送" / f"{name}问卷.xlsx", rows)
    assert sorted(row["questionnaires"] for row in surveys(folder)) == ["2", "3"]
    assert [code for code, *_ in found(run(folder)) if code.startswith("P10")] == ["P103"]


def test_supplements_are_neither_scored_nor_owed(folder: Path) -> None:
    write(folder / "报送" / "问卷.xlsx", ANSWERS)
    published = run(folder)
    assert {row["form"] for row in table(published, "scores")} == {"overall-self-evaluation", ""}
    assert {row["form"]: row["scope"] for row in table(published, "submissions")} == {
        "overall-self-evaluation": "overall",
        "satisfaction-survey": "support",
    }


def test_an_appraisal_comes_out_ranked(folder: Path) -> None:
    rows = [
        ("处室预算执行考核表",),
        ("处室", "三季度执行率", "四季度执行率"),
        ("一处", 70, 90),
        ("二处", 80, 90),
    ]
    write(folder / "报送" / "考核.xlsx", rows)
    assert [
        (row["department"], row["division"], row["annual_rate"], row["rank"])
        for row in table(run(folder), "appraisal")
    ] == [(DEPARTMENT, "二处", "89", "1"), (DEPARTMENT, "一处", "88", "2")]


def test_rounds_without_such_things_have_no_such_tables(folder: Path) -> None:
    data = run(folder).folder / "data"
    assert not (data / "survey.csv").exists()
    assert not (data / "appraisal.csv").exists()
