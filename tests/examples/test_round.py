"""The worked example from folder to tables: what was planted is found at its cell, and nothing else."""

from __future__ import annotations

import csv
import tomllib
from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline import find_rounds, run_round
from seeds.examples.build import INPUTS
from seeds.examples.facts import FOLDER

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
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("round")
    (folder,) = find_rounds(INPUTS, [EXAMPLE])
    run_round(folder, base / "outputs", base / "state")
    return base / "outputs" / EXAMPLE / "data"


def rows(data: Path, table: str) -> list[dict[str, str]]:
    with (data / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def place(finding: dict[str, str]) -> Place:
    return finding["code"], finding["file"], finding["sheet"], finding["cell"]


def test_findings_are_exactly_those_planted(data: Path) -> None:
    found = [place(finding) for finding in rows(data, "findings") if finding["severity"] != "info"]
    infos = {place(finding) for finding in rows(data, "findings") if finding["severity"] == "info"}
    assert sorted(found) == sorted(PLANTED.keys() - infos)


def test_planted_infos_are_listed(data: Path) -> None:
    infos = {place(finding) for finding in rows(data, "findings") if finding["severity"] == "info"}
    assert {code for code, *_ in infos & PLANTED.keys()} == {"L107", "L109"}


def test_findings_name_the_figures(data: Path) -> None:
    found = {place(finding): finding for finding in rows(data, "findings")}
    wanted = {at: row["expected"] for at, row in PLANTED.items() if "expected" in row}
    assert {at: found[at]["expected"] for at in wanted if at in found} == wanted


def test_published_scores_come_out(data: Path) -> None:
    totals = {
        row["project"]: (row["self_score"], row["accepted_score"])
        for row in rows(data, "scores")
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


def test_published_composite_comes_out(data: Path) -> None:
    items = [row for row in rows(data, "composite") if row["department"] == DEPARTMENT]
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


def test_text_file_is_ignored_and_workbook_in_name_only_is_unreadable(data: Path) -> None:
    status = {row["file"]: row["status"] for row in rows(data, "submissions")}
    assert (status["报送说明.txt"], status["云梦泽省虚构文博局/资产登记.xlsx"]) == ("ignored", "unreadable")
