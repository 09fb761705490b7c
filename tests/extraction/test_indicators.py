"""The indicator block by itself: targets in several cells, shared weights, forms with fewer columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.quantities import TargetKind
from jixiao.scoring.cards import score
from tests.builders.readings import national, parts, read
from tests.builders.sheets import HEADER_ROW, TOTAL_ROW, project, sheet

if TYPE_CHECKING:
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Indicator

HEADS = {"o": "指标性质", "v": "指标值", "u": "计量单位"}
ROWS = {
    "≥36公里 |": ("≥", "36", "公里"),
    "≥2000只 |": ("大于等于", "2000", "只"),
    "100% | 100%": ("=", "100", "%"),
    "改善 | 改善": ("定性", "改善", ""),
    "≥90% |": ("正向", "90", "%"),
}


def in_three_cells(order: str) -> str:
    """The form with its targets in three cells, in the order given."""
    changes = [("年度指标值 |", " | ".join(HEADS[part] for part in order) + " |")]
    for old, cells in ROWS.items():
        by_part = dict(zip("ovu", cells, strict=True))
        changes.append((old, " | ".join(by_part[part] for part in order) + " |" + old.partition("|")[2]))
    total = TOTAL_ROW.replace("总分 | <", "总分 | < | < | <")
    return project(*changes, (TOTAL_ROW, total))


def targets(text: str) -> list[tuple[str, TargetKind]]:
    return [(each.target.text, each.target.kind) for each in read(sheet(text)).submission.indicators]


@pytest.mark.parametrize("order", ["ovu", "vuo", "uov", "vou", "ouv"])
def test_targets_in_three_cells_in_any_order(order: str) -> None:
    assert targets(in_three_cells(order)) == [
        ("≥36公里", TargetKind.AT_LEAST),
        ("大于等于2000只", TargetKind.AT_LEAST),
        ("=100%", TargetKind.EQUAL),
        ("改善", TargetKind.QUALITATIVE),
        (">=90%", TargetKind.AT_LEAST),
    ]
    assert read(sheet(in_three_cells(order))).audit() == set()


def test_three_cells_under_one_header_word_without_words_of_their_own() -> None:
    text = in_three_cells("ovu").replace("指标性质 | 指标值 | 计量单位", "年度指标值 | < | <")
    assert [kind for _, kind in targets(text)] == [
        TargetKind.AT_LEAST,
        TargetKind.AT_LEAST,
        TargetKind.EQUAL,
        TargetKind.QUALITATIVE,
        TargetKind.AT_LEAST,
    ]


def test_unit_in_the_name_and_a_bare_target() -> None:
    text = project(("≥36公里 | 37.5公里", "≥36 | 37.5"))
    first = read(sheet(text)).submission.indicators[0]
    assert first.target.low is not None
    assert first.target.low.dimension == "千米" or first.target.low.unit == "公里"
    assert read(sheet(text)).audit() == set()


def test_a_percentage_by_its_format() -> None:
    text = project(("≥90% | 92%", "'≥90% | 92.50%"))
    last = read(sheet(text)).submission.indicators[-1]
    assert (last.actual.text, last.actual.quantity and last.actual.quantity.dimension) == ("92.5%", "%")


MERGED = project(
    ("37.5公里 | 20 | 20", "37.5公里 | 30 | 20"),
    ("2,150只 | 10 | 10", "2,150只 | ^ | 10"),
)
MERGED_SCORE = project(
    ("37.5公里 | 20 | 20", "37.5公里 | 20 | 30"),
    ("2,150只 | 10 | 10", "2,150只 | 10 | ^"),
)
MERGED_NAME = project(
    ("改造管网（公里） | ≥36公里 | 37.5公里 | 20 | 20", "改造工程 | ≥36公里 | 37.5公里 | 30 | 30"),
    ("^ | ^ | 更换水表（只） | ≥2000只 | 2,150只 | 10 | 10", "^ | ^ | ^ | ≥2000只 | 2,150只 | ^ | ^"),
)
MERGED_BOTH = project(
    ("37.5公里 | 20 | 20", "37.5公里 | 30 | 30"),
    ("2,150只 | 10 | 10", "2,150只 | ^ | ^"),
)


@pytest.mark.parametrize(
    "text",
    [MERGED, MERGED_BOTH, MERGED_SCORE, MERGED_NAME],
    ids=["weight", "weight and score", "score", "name, weight and score"],
)
def test_points_merged_over_two_rows_count_once(text: str) -> None:
    form = read(sheet(text))
    card = score(form.submission, national())
    assert [str(each.weight) for each in card.components] == ["10", "50", "30", "10", "100"]
    assert [str(each.self_score) for each in card.components] == ["9.29", "50", "30", "10", "99.29"]
    assert [each.target.text for each in form.submission.indicators[:2]] == ["≥36公里", "≥2000只"]
    assert {code for code, _ in form.audit()} == {"S111"}


def _without_points(layout: FormLayout) -> FormLayout:
    """A form as some jurisdictions print it: no column for points is asked for."""
    tables = tuple(
        replace(
            table,
            columns=tuple(
                replace(column, required=column.required and column.name not in {"weight", "self_score"})
                for column in table.columns
            ),
        )
        for table in layout.tables
    )
    return replace(layout, tables=tables)


def _without_points_scheme() -> Scheme:
    return replace(national(), forms=tuple(map(_without_points, national().forms)))


def names(indicators: tuple[Indicator, ...]) -> list[str]:
    return [each.name for each in indicators]


def test_a_form_without_points_has_no_finding_where_the_layout_asks_for_none() -> None:
    text = (
        project((HEADER_ROW, HEADER_ROW.replace("分值 | 得分 |", " |  |")), (TOTAL_ROW, ""))
        .replace("| 分值 | 执行率 | 得分", "|  | 执行率 |")
        .replace("| 10 | 92.86% | 9.29", "|  | 92.86% |")
    )
    for points in ("20 | 20", "10 | 10", "30 | 30"):
        text = text.replace(f"| {points} |", "|  |  |")
    form = read(sheet(text), _without_points_scheme())
    assert names(form.submission.indicators) == [
        "改造管网（公里）",
        "更换水表（只）",
        "验收合格率",
        "居民用水条件",
        "居民满意度",
    ]
    assert parts(form.submission)["total"] == {}
    assert form.audit(_without_points_scheme()) == set()
