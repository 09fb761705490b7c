from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import Edition
from jixiao.domain.report import Formula, Kind, Link, Tone, Toned
from tests.builders.evaluations import evaluation, large_evaluation
from tests.builders.results import page_of

if TYPE_CHECKING:
    from jixiao.domain.report import Block, PageSpec
    from jixiao.domain.rounds import Evaluation

CREATED = datetime(2025, 4, 20, 18, 0, tzinfo=UTC)
BUDGET, EXECUTED = Decimal("5173.99"), Decimal("4943.35")
RATE = EXECUTED / BUDGET


def page(given: Evaluation, **titles: str) -> PageSpec:
    return page_of(given, Edition(given.round, CREATED, "0.1.0", titles=titles))


def block(found: PageSpec, title: str) -> Block:
    return next(each for each in found.blocks if each.title == title)


def values(found: Block) -> list[tuple[object, ...]]:
    return [
        tuple(
            cell.value if isinstance(cell, Formula) else cell.text if isinstance(cell, Link | Toned) else cell
            for cell in row
        )
        for row in found.rows
    ]


def test_the_rounds_figures_with_the_formulas_they_follow() -> None:
    figures = block(page(evaluation()), "基本情况")
    assert values(figures) == [
        ("部门（个）", 1, "报送表（张）", 7, "项目（个）", 6),
        (
            "全年预算数（万元）",
            Decimal("5173.99"),
            "全年执行数（万元）",
            Decimal("4943.35"),
            "合计执行率",
            RATE,
        ),
        ("平均采用得分", Decimal("98.03"), "平均执行率", RATE, "退回、未报（个部门）", 1),
        ("阻断（项）", 0, "错误（项）", 1, "提示（项）", 2),
    ]
    assert figures.kinds[1, 5] is Kind.RATE
    assert figures.rows[1][1] == Formula("SUM([部门汇总!全年预算数:])", BUDGET)


def test_classes_and_grades_count_every_department_once() -> None:
    found = page(large_evaluation(7))
    grades, classes = block(found, "等级分布"), block(found, "得分分布")
    assert [sum(int(str(row[1])) for row in values(each)) for each in (grades, classes)] == [7, 7]
    assert values(classes)[-1] == ("95 以上", 6)
    counted = 'COUNTIFS([部门汇总!采用得分:],">=90",[部门汇总!采用得分:],"<95")'
    assert classes.rows[-2][1] == Formula(counted, 1)


def test_problems_are_named_and_counted_where_they_are_listed() -> None:
    found = block(page(evaluation(), S101="得分与规则不符"), "最多的问题")
    counts = {row[0]: row[1] for row in values(found)}
    assert sum(count for count in counts.values() if isinstance(count, int)) == 3
    for row in found.rows:
        code = str(row[0]).rstrip("）")[-4:]
        assert isinstance(row[1], Formula)
        assert row[1].text == f'COUNTIFS([审核发现!编号:],"{code}-*",[审核发现!级别:],"<>说明")'


def test_who_needs_attention_and_why() -> None:
    (row,) = block(page(evaluation()), "需要关注的部门").rows
    assert row == (
        Link("省委金融办", file="审核反馈/省委金融办.xlsx"),
        *(Decimal("98.03"), RATE, 1, Toned("退回修改", Tone.BAD), "错误 1 项"),
    )


def test_a_name_that_formulas_would_not_find_stands_as_a_figure() -> None:
    odd = '某"局*'
    given = evaluation()
    given = replace(
        given,
        submissions=tuple(replace(each, department=odd) for each in given.submissions),
        cards=tuple(
            replace(card, submission=replace(card.submission, department=odd)) for card in given.cards
        ),
        composites=tuple(replace(each, department=odd) for each in given.composites),
        findings=tuple(replace(each, department=odd) for each in given.findings),
    )
    assert block(page(given), "执行率最低的部门").rows == ((odd, RATE),)


def test_an_empty_round_has_a_page_without_charts_data() -> None:
    found = page(evaluation((), composites=(), findings=(), outcomes=()))
    assert block(found, "需要关注的部门").rows == ()
    assert block(found, "需要关注的部门").empty == "没有需要特别关注的部门。"
    assert block(found, "执行率最低的部门").rows == ()
    assert values(block(found, "基本情况"))[0][:2] == ("部门（个）", 0)
