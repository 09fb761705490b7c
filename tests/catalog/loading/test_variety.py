"""Jurisdictions that score otherwise, each a few lines of data on top of the national scheme."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import scheme_path, seeds_folder
from jixiao.scoring.cards import score
from tests.builders.readings import read
from tests.builders.sheets import project, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.domain.scheme import Scheme
    from tests.builders.readings import Marks

HEAD = """
extends = "national"
title = "虚构市试行方案"
jurisdiction = "虚构市"
regulations = ["《虚构市自评办法》"]
"""
CEILING = project(
    (
        "改造管网（公里） | ≥36公里 | 37.5公里 | 20 | 20 |",
        "每公里造价（万元） | ≤10万元 | 12.5万元 | 20 | 16 | 汛期停工。",
    ),
    ("99.29", "95.29"),
)
"""A ceiling missed: 12.5 where 10 were the most; the self score is 20 × 10 / 12.5."""


def scheme(folder: Path, text: str) -> Scheme:
    """The scheme of these lines."""
    shutil.copytree(
        seeds_folder(), folder / "seeds", ignore=shutil.ignore_patterns("examples", "__pycache__")
    )
    scheme_path("variant", folder / "seeds").write_text(HEAD + text, encoding="utf-8")
    return load_scheme("variant", folder / "seeds")


@pytest.mark.parametrize(
    ("method", "points", "marks"),
    [("inverse_ratio", "16.00", set()), ("inverse_excess", "15.00", {("S103", "G12")})],
)
def test_the_inverse_rule_in_both_variants(method: str, points: str, marks: Marks, tmp_path: Path) -> None:
    rules = scheme(tmp_path, f'[rules.inverse]\nmethod = "{method}"\n')
    form = read(sheet(CEILING), rules)
    award = score(form.submission, rules).indicators[0].award
    assert (award.rule, award.score) == ("inverse", Decimal(points))
    assert form.audit(rules) == marks


def test_a_ceiling_exceeded_twofold_earns_nothing_by_excess(tmp_path: Path) -> None:
    rules = scheme(tmp_path, '[rules.inverse]\nmethod = "inverse_excess"\n')
    form = read(sheet(CEILING.replace("12.5万元", "20万元")), rules)
    assert score(form.submission, rules).indicators[0].award.score == 0


DIVISIONS = """
[weights.standard]
fixed = true

[weights.even]
scopes = ["project"]
total = 100
execution = 20
groups = { "产出指标" = 40, "效益指标" = 40 }
fixed = true

[weights.served]
scopes = ["project"]
total = 100
execution = 10
groups = { "产出指标" = 40, "效益指标" = 30, "满意度指标" = 20 }
fixed = true
"""
EVEN = project(
    ("10 | 92.86% | 9.29", "20 | 92.86% | 18.57"),
    ("产出指标（50分）", "产出指标"),
    ("效益指标（30分）", "效益指标"),
    ("37.5公里 | 20 | 20", "37.5公里 | 10 | 10"),
    ("改善 | 30 | 30", "改善 | 40 | 40"),
    ("满意度指标（10分） | 服务对象满意度指标 | 居民满意度 | ≥90% | 92% | 10 | 10 |\n", ""),
    ("99.29", "98.57"),
)
SERVED = project(
    ("产出指标（50分）", "产出指标（40分）"),
    ("满意度指标（10分）", "满意度指标（20分）"),
    ("37.5公里 | 20 | 20", "37.5公里 | 10 | 10"),
    ("92% | 10 | 10", "92% | 20 | 20"),
)
OTHER = project(
    ("效益指标（30分）", "效益指标（20分）"),
    ("满意度指标（10分）", "满意度指标（20分）"),
    ("改善 | 30 | 30", "改善 | 20 | 20"),
    ("92% | 10 | 10", "92% | 20 | 20"),
)


@pytest.mark.parametrize("text", [project(), EVEN, SERVED], ids=["10/50/30/10", "20+80", "10/40/30/20"])
def test_every_permitted_division_of_the_points(text: str, tmp_path: Path) -> None:
    assert read(sheet(text)).audit(scheme(tmp_path, DIVISIONS)) == set()


def test_a_division_that_is_not_permitted_is_told_against_the_nearest_one(tmp_path: Path) -> None:
    assert read(sheet(OTHER)).audit(scheme(tmp_path, DIVISIONS)) == {("S115", "A15"), ("S115", "A16")}
    assert read(sheet(OTHER)).audit() == set()


def whole_points(execution: str, indicator: str, total: str) -> str:
    """A form in whole points: 390/420 earns 9.29 of 10, 1,750 of 2,000 earn 8.75 of 10."""
    return project(
        ("92.86% | 9.29", f"92.86% | {execution}"),
        ("2,150只 | 10 | 10 |", f"1,750只 | 10 | {indicator} | 汛期停工。"),
        ("99.29", total),
    )


@pytest.mark.parametrize(
    ("rounding", "text", "marks"),
    [
        ("half_up", whole_points("9", "9", "98"), set()),
        (
            "half_up",
            whole_points("9", "8", "97"),
            set(),
        ),  # a miss with its reason may cost more than the rule says
        ("half_up", whole_points("10", "9", "99"), {("S104", "H5")}),
        ("down", whole_points("9", "8", "97"), set()),
        ("down", whole_points("9", "9", "98"), {("S103", "G13")}),
    ],
)
def test_whole_points(rounding: str, text: str, marks: Marks, tmp_path: Path) -> None:
    lines = (
        f'score_places = 0\nrounding = "{rounding}"\n[execution]\nscore_places = 0\nrounding = "{rounding}"\n'
    )
    rules = scheme(tmp_path, lines)
    assert read(sheet(text), rules).audit(rules) == marks


def test_a_score_rounded_down_says_so(tmp_path: Path) -> None:
    lines = 'score_places = 0\nrounding = "down"\n[execution]\nscore_places = 0\nrounding = "down"\n'
    rules = scheme(tmp_path, lines)
    card = score(read(sheet(whole_points("9", "8", "97")), rules).submission, rules)
    assert card.execution is not None
    assert card.execution.award.derivation == "执行率 390.00 ÷ 420.00 = 92.86%，10 × 92.86%，舍去尾数得 9.00"
    assert (
        card.indicators[1].award.derivation
        == "实际 1,750只，目标 ≥2000只，未达成，10 × 87.50%，舍去尾数得 8.00"
    )


def test_whole_points_on_a_form_of_the_national_scheme() -> None:
    assert read(sheet(whole_points("9", "9", "98"))).audit() == set()
