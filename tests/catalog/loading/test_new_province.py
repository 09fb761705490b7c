"""A province that nobody has heard of, from data alone: its own words, weights, rules and grades."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao import pipeline
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from tests.builders.province import SHEET, amendment, write_form, write_province
from tests.builders.standards import write_standards, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.builders.province import Cell


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the province's own seeds."""
    monkeypatch.chdir(write_province(tmp_path))
    return tmp_path


def check(place: Path, changes: dict[str, Cell] | None = None) -> pipeline.CheckResult:
    return pipeline.check_files([write_form(place / "自查.xlsx", changes)], "qinglan")


def findings(result: pipeline.CheckResult) -> set[tuple[str, str, str, str]]:
    assert {each.sheet for each in result.findings} <= {SHEET}
    return {(each.code, each.cell, each.reported, each.expected) for each in result.findings}


def test_a_correct_form_gives_the_figures_of_the_guide(place: Path) -> None:
    result = check(place)
    assert findings(result) == set()
    (card,) = result.cards
    assert card.submission.department == "青岚省虚构林业局"
    assert card.submission.project == "林区巡护"
    assert [
        (each.component, each.weight, each.self_score, each.computed_score) for each in card.components
    ] == [
        ("execution", Decimal(20), Decimal("15.5"), Decimal("15.5")),
        ("产出指标", Decimal(45), Decimal("38.3"), Decimal("38.3")),
        ("效果指标", Decimal(35), Decimal(35), Decimal(35)),
        ("total", Decimal(100), Decimal("88.8"), Decimal("88.8")),
    ]
    assert [(each.award.score, each.award.low, each.award.high) for each in card.indicators] == [
        (Decimal(12), None, None),
        (Decimal(15), None, None),
        (Decimal("11.3"), None, None),
        (None, Decimal(14), Decimal(20)),
        (Decimal(15), None, None),
    ]
    assert (card.self_grade, card.computed_grade) == ("良好", "良好")
    assert card.total.verified_share == Decimal(80)


Found = set[tuple[str, str, str, str]]

FAULTS: list[tuple[dict[str, Cell], Found, str]] = [
    ({"G10": 12, "G13": 89.5}, {("S103", "G10", "12.00", "11.30")}, "88.8"),
    ({"G5": 20, "G13": 93.3}, {("S104", "G5", "20.00", "15.50")}, "88.8"),
    ({"F5": "87.50%"}, {("A103", "F5", "87.50%", "77.50%")}, "88.8"),
    ({"B6": None}, {("P102", "F5", "77.50%", "")}, "88.8"),
    ({"B14": "优秀"}, {("S107", "B14", "优秀", "良好")}, "88.8"),
    ({"G13": 90}, {("S106", "G13", "90.00", "88.80")}, "88.8"),
    (
        {"G11": 13, "G13": 81.8, "B14": "合格"},
        {("S108", "G11", "13.00", "14.00 至 20.00")},
        "81.8",
    ),
]


@pytest.mark.parametrize(("changes", "wanted", "total"), FAULTS)
def test_one_fault_is_found_at_its_cell(
    changes: dict[str, Cell], wanted: Found, total: str, place: Path
) -> None:
    result = check(place, changes)
    assert findings(result) == wanted
    assert result.cards[0].total.computed_score == Decimal(total)


def test_an_excess_beyond_the_whole_target_leaves_nothing(place: Path) -> None:
    result = check(place, {"E10": "30万元", "G10": 0, "G13": 77.5, "B14": "合格"})
    assert findings(result) == set()
    assert result.cards[0].indicators[2].award.score == Decimal(0)
    assert result.cards[0].computed_grade == "合格"


def test_a_prescribed_division_of_the_points_is_held(place: Path) -> None:
    changes: dict[str, Cell] = {"F10": 10, "G10": 7.5, "F11": 25, "G11": 25, "G13": 90}
    assert findings(check(place, changes)) == {
        ("S115", "A8", "40.00", "45.00"),
        ("S115", "A11", "40.00", "35.00"),
    }


@pytest.mark.parametrize(
    ("changes", "wanted", "score"),
    [
        ({}, set(), "9"),
        ({"D2": 80, "F4": 12, "F6": 20}, set(), "12"),
        ({"F4": 10, "F6": 18}, {("S127", "F4", "10.00", "9.00")}, "9"),
    ],
)
def test_standards_of_its_own_are_computed(
    changes: dict[str, Cell], wanted: Found, score: str, place: Path
) -> None:
    write_standards(place)
    result = pipeline.check_files([write_table(place / "评分单.xlsx", changes)], "qinglan-table")
    found = {(each.code, each.cell, each.reported, each.expected) for each in result.findings}
    assert found == {*wanted, ("S125", "F6", "", "")}  # the note that a part is judged by a person
    (card,) = result.cards
    assert [each.award.score for each in card.indicators] == [Decimal(score), None]
    assert card.total.computed_score == Decimal(score) + 8


def test_an_amendment_is_written_as_the_guide_says(place: Path) -> None:
    path = place / "seeds" / "schemes" / "qinglan.toml"
    path.write_text(path.read_text(encoding="utf-8") + amendment(), encoding="utf-8")
    before, after = (
        load_scheme("qinglan", place / "seeds", seeds_folder(), year=year) for year in (2026, 2027)
    )
    assert (before.execution.reason_below, after.execution.reason_below) == (Decimal(80), Decimal(85))
    assert [each.grade for each in before.grades] == ["优秀", "良好", "合格", "待改进"]
    assert [(each.grade, each.low) for each in after.grades] == [
        ("优秀", Decimal(96)),
        ("待改进", Decimal(0)),
    ]
