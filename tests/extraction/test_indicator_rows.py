"""Several targets in one cell, parted only where nothing about it is a guess."""

from __future__ import annotations

import pytest

from jixiao.domain.quantities import Verdict
from jixiao.scoring.cards import score
from tests.builders.readings import Read, national, read
from tests.builders.sheets import project, sheet

FIRST = "数量指标 | 改造管网（公里） | ≥36公里 | 37.5公里 | 20 | 20"


def form(target: str, actual: str, name: str = "改造工程") -> Read:
    return read(sheet(project((FIRST, f"数量指标 | {name} | {target} | {actual} | 20 | 20"))))


def rows(found: Read) -> list[tuple[str, str, str, str]]:
    return [
        (each.level2, each.level3, each.target.text, each.actual.text) for each in found.submission.indicators
    ]


PARTED: dict[str, tuple[str, str, list[tuple[str, str, str, str]]]] = {
    "with the second level before each": (
        "数量指标：培训≥5次；质量指标：合格率≥95%",
        "数量指标：培训6次；质量指标：合格率96%",
        [
            ("数量指标", "改造工程：培训", "培训≥5次", "培训6次"),
            ("质量指标", "改造工程：合格率", "合格率≥95%", "合格率96%"),
        ],
    ),
    "a line each": (
        "改造管网≥36公里⏎更换水表≥2000只",
        "37.5公里⏎2150只",
        [
            ("数量指标", "改造工程：改造管网", "改造管网≥36公里", "37.5公里"),
            ("数量指标", "改造工程：更换水表", "更换水表≥2000只", "2150只"),
        ],
    ),
}


@pytest.mark.parametrize(("target", "actual", "expected"), PARTED.values(), ids=PARTED)
def test_targets_with_a_figure_and_a_unit_each(
    target: str, actual: str, expected: list[tuple[str, str, str, str]]
) -> None:
    found = form(target, actual)
    assert rows(found)[:2] == expected
    assert len(rows(found)) == 6
    card = score(found.submission, national())
    assert [each.comparison.verdict for each in card.indicators[:2]] == [Verdict.MET, Verdict.MET]
    assert [str(each.weight) for each in card.components] == ["10", "50", "30", "10", "100"]
    assert [str(each.self_score) for each in card.components] == ["9.29", "50", "30", "10", "99.29"]
    assert found.audit() == {("S111", "G12")}


def test_a_forgotten_name_is_the_target_s_own() -> None:
    found = form("培训≥5次；合格率≥95%", "6次；96%", name="")
    assert [name for _, name, *_ in rows(found)[:2]] == ["培训", "合格率"]
    assert found.audit() == {("S111", "G12")}


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("培训≥5次；合格率≥95%", "培训6次，合格率96%"),
        ("培训≥5次；演练≥2次", "6次；3次"),
        ("培训≥5；合格率≥95%", "6；96%"),
        ("培训≥5次；效果良好", "6次；良好"),
        ("培训≥5次；合格率≥95%", "6次；已完成"),
        ("培训≥5次；合格率≥95%", "96%；6次"),
        ("培训≥5次；合格率≥95%；满意度≥90分", "6次；96%"),
    ],
    ids=["one sentence", "one unit", "no unit", "words", "words for a figure", "turned", "fewer"],
)
def test_anything_else_stays_one_indicator_for_a_person(target: str, actual: str) -> None:
    found = form(target, actual)
    assert rows(found)[0] == ("数量指标", "改造工程", target, actual)
    assert len(rows(found)) == 5
    assert found.audit() == {("S111", "G12")}
