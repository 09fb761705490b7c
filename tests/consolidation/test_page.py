"""What the page of a round says, and what its public edition leaves unsaid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.consolidation.charts import score_classes
from jixiao.consolidation.page import TABLES, round_page
from jixiao.consolidation.tidy import MODELS
from jixiao.domain.references import FilingRecord
from jixiao.domain.report import Audience, Bar, Chart, Formula, Page, Tile, Tone, Toned
from jixiao.domain.submissions import Status
from tests.builders.evaluations import FINDINGS, OVERALL_SHEET, PROVINCIAL, evaluation, large_evaluation
from tests.builders.pages import edition, facts, sheets_of

if TYPE_CHECKING:
    from jixiao.domain.report import SheetSpec
    from jixiao.domain.rounds import Evaluation


def said(given: Evaluation, audience: Audience = Audience.INTERNAL) -> Page:
    return round_page(facts(given), edition(given), audience)


def chart(page: Page, name: str) -> Chart:
    return next(each for each in page.charts if each.name == name)


def titles(sheet: SheetSpec) -> str:
    return ", ".join(column.title for column in sheet.columns)


def test_the_figures_at_the_top_are_those_of_the_worked_round() -> None:
    owed = (
        FilingRecord(PROVINCIAL, "", "overall-self-evaluation", "", 2, ("甲",), ("甲",)),
        FilingRecord("云梦泽省虚构局", "", "overall-self-evaluation", "", 1),
    )
    page = said(replace(evaluation(), filings=owed))
    assert page.tiles == (
        Tile(
            "报送部门",
            "1 / 2 个",
            ("退回修改 1 个，未报送 1 个", "应报 3 张，已报 1 张，未报 2 张，迟报 1 张"),
        ),
        Tile("平均得分", "98.03", ("最高 98.03，最低 98.03", "中位数 98.03", "1 个部门没有得分，未计入")),
        Tile("全年预算数（万元）", "5,173.99", ("全年执行数 4,943.35", "1 个部门的金额不全")),
        Tile("执行率（资金合计）", "95.54%", ("各部门简单平均 95.54%", "低于 90% 的 0 个部门")),
        Tile("须修改", "1 处", ("另有 2 处须核实",)),
    )


def test_pooled_and_mean_execution_are_two_figures() -> None:
    small = replace(OVERALL_SHEET, department="小局", file="小局.xlsx", funds=_money("100", "50"))
    page = said(evaluation((OVERALL_SHEET, small), composites=(), findings=()))
    # 4,943.35 + 50 of 5,173.99 + 100; (95.5423… % + 50 %) / 2
    tile = next(tile for tile in page.tiles if tile.label == "执行率（资金合计）")
    assert tile == Tile(tile.label, "94.68%", ("各部门简单平均 72.77%", "低于 90% 的 1 个部门"))
    assert [(bar.label, bar.figures, bar.marked) for bar in chart(page, "execution").bars] == [
        ("小局", ("50.00%",), True),
        (PROVINCIAL, ("95.54%",), False),
    ]
    assert chart(page, "execution").note == "各部门执行率，由低到高；竖线为 90%，低于它的有 1 个部门。"


def _money(budget: str, executed: str) -> tuple[tuple[str, str, str, str, str], ...]:
    return (("total", "年度资金总额", budget, budget, executed),)


def test_grades_money_and_causes_are_counted_whole() -> None:
    page = said(large_evaluation(40))
    grades = {bar.label: bar.figures for bar in chart(page, "grades").bars}
    assert grades == {
        "优": ("27", "67.50%"),
        "良": ("13", "32.50%"),
        "中": ("0", "0.00%"),
        "差": ("0", "0.00%"),
    }
    assert chart(page, "money").bars[0] == Bar(
        "优", ("139,697.73", "133,470.45"), Decimal(1), Decimal("133470.45") / Decimal("139697.73")
    )
    assert sum(int(bar.figures[0]) for bar in chart(page, "scores").bars) == 40
    assert [(bar.label, bar.figures) for bar in chart(page, "causes").bars] == [
        ("合计不符", ("30",)),
        ("执行率偏低没有说明原因", ("20",)),
        ("远超目标", ("10",)),
    ]
    assert len(chart(page, "execution").bars) == 12


def test_rare_causes_are_one_line_without_a_bar() -> None:
    given = evaluation()
    causes = {f"原因{number:02}": 20 - number for number in range(13)}
    page = round_page(facts(given, causes), edition(given), Audience.INTERNAL)
    bars = chart(page, "causes").bars
    assert [bar.label for bar in bars] == [*(f"原因{number:02}" for number in range(10)), "其他 3 种"]
    assert bars[-1] == Bar("其他 3 种", (str(10 + 9 + 8),), None)


@pytest.mark.parametrize(
    ("scores", "edges"),
    [
        (["100"], "100 101"),
        (["88", "100"], "88 89 90 91 92 93 94 95 96 97 98 99 100"),
        (["79.99", "100"], "78 80 82 84 86 88 90 92 94 96 98 100"),
        (["0", "100"], "0 10 20 30 40 50 60 70 80 90 100"),
        (["-3", "104.5"], "-10 0 10 20 30 40 50 60 70 80 90 100 110"),
    ],
)
def test_classes_of_scores_hold_all_scores(scores: list[str], edges: str) -> None:
    assert score_classes([Decimal(score) for score in scores]) == tuple(map(Decimal, edges.split()))


def test_the_highest_score_is_in_the_last_class() -> None:
    sheets = [
        replace(OVERALL_SHEET, department=name, file=f"{name}.xlsx", total=(total, total))
        for name, total in (("甲", "100"), ("乙", "88"), ("丙", "99"))
    ]
    bars = chart(said(evaluation(sheets, composites=(), findings=())), "scores").bars
    assert {bar.label: bar.figures for bar in bars if bar.length} == {"88～89": ("1",), "99～100": ("2",)}


def test_the_list_and_the_details_are_columns_of_the_workbooks_sheet() -> None:
    given = evaluation()
    page = said(given)
    assert titles(page.listing) == (
        "名次, 部门, 采用得分, 等级, 全年预算数, 全年执行数, 执行率, 阻断, 错误, 提示, 状态"
    )
    rank, name, score, *_, state = page.listing.rows[0]
    assert isinstance(rank, Formula)
    assert isinstance(score, Formula)
    assert (rank.value, name, score.value, state) == (
        *(1, PROVINCIAL, Decimal("98.03")),
        Toned("退回修改", Tone.BAD),
    )
    assert len(page.details.columns) == len(facts(given).departments.columns) - 1
    assert page.departments == (PROVINCIAL,)


def test_the_views_of_a_department() -> None:
    given = evaluation()
    (views,) = sheets_of(given).values()
    assert [sheet.name for sheet in views[Audience.INTERNAL]] == [
        *("审核发现", "项目汇总", "综合得分", "预算执行", "得分核算"),
    ]
    assert [sheet.name for sheet in views[Audience.PUBLIC]] == ["项目汇总", "综合得分", "得分构成"]
    found = views[Audience.INTERNAL][0]
    assert titles(found).startswith("级别, 项目, 表, 单元格, 指标/栏目, 填报值, 应为, 问题, 处理建议, ")
    assert titles(found).endswith(", 编号")
    assert [row[-1] for row in found.rows] == [each.finding_id for each in FINDINGS]
    parts = views[Audience.PUBLIC][-1]
    assert parts.rows[-5:][0] == ("金融干部业务知识培训", "预算执行", Decimal(10), Decimal(10))
    assert [parts.rows[place][1] for place in sorted(parts.strong)] == ["总分"] * 7


def test_a_department_without_findings_is_told_so() -> None:
    given = evaluation(findings=())
    (views,) = sheets_of(given).values()
    first = views[Audience.INTERNAL][0]
    assert (first.name, first.rows, first.empty) == ("审核发现", (), "本批次各表未发现问题。")


def test_what_results_are_for_is_what_the_scheme_rules_and_else_is_left_open() -> None:
    given = large_evaluation(40)
    used = said(given, Audience.PUBLIC).use
    assert used.note.endswith("没有规定评价结果怎样与预算安排挂钩；下表列出各等级涉及的部门和资金，供研究。")
    assert used.rows[0] == ("优", 27, Decimal("139697.73"), Decimal("133470.45"))
    assert used.rows[3] == ("差", 0, None, None)
    first, *others = given.round.scheme.grades
    ruled = replace(given.round.scheme, grades=(replace(first, use="优先保障"), *others))
    used = said(replace(given, round=replace(given.round, scheme=ruled))).use
    assert titles(used) == "等级, 应用规定, 部门数, 全年预算数, 全年执行数"
    assert [row[1] for row in used.rows] == ["优先保障", "方案未规定", "方案未规定", "方案未规定"]


def test_what_needs_attention_is_what_the_workbook_lists_and_nothing_public() -> None:
    given = large_evaluation(3)
    departments, projects = said(given).concerns
    assert (departments.title, projects.title) == ("需要关注的部门", "需要关注的项目")
    assert {row[-1] for row in departments.rows} == {"错误 1 项"}
    assert said(given, Audience.PUBLIC).concerns == ()


def test_what_the_public_edition_says_is_named_column_by_column() -> None:
    given = evaluation()
    page = said(given, Audience.PUBLIC)
    assert titles(page.listing) == "名次, 部门, 采用得分, 等级, 全年预算数, 全年执行数, 执行率, 结果"
    assert titles(page.details) == "名次, 采用得分, 等级, 全年预算数, 全年执行数, 执行率, 项目数, 结果"
    assert [each.name for each in page.charts] == ["grades", "scores", "execution", "money"]
    assert [tile.label for tile in page.tiles] == [
        *("报送部门", "平均得分", "全年预算数（万元）", "执行率（资金合计）"),
    ]
    assert (page.files, page.feedback) == ((), {})
    assert {row[0] for row in page.rules.rows} >= {"分值分配", "评价等级"}
    assert all("勾稽" not in str(row) for row in page.rules.rows)
    assert len(said(given).rules.rows) > len(page.rules.rows)
    (views,) = sheets_of(given).values()
    assert [titles(sheet) for sheet in views[Audience.PUBLIC]] == [
        "项目, 采用得分, 等级, 全年预算数, 全年执行数, 执行率",
        "项目, 资金, 占比, 得分, 加权得分",
        "表/项目, 组成, 分值, 采用得分",
    ]


def test_a_public_result_that_may_change_is_called_provisional() -> None:
    clean = replace(OVERALL_SHEET, department="甲局", file="甲局.xlsx", total=("90", "90"))
    doubted = replace(OVERALL_SHEET, department="乙局", file="乙局.xlsx")
    given = evaluation(
        (clean, doubted), composites=(), findings=(), statuses={"乙局.xlsx#附件2": Status.RETURNED}
    )
    given = replace(given, filings=(FilingRecord("丙局", "", "", "", 1),))
    page = said(given, Audience.PUBLIC)
    assert [(row[1], row[-1]) for row in page.listing.rows] == [
        ("乙局", Toned("暂定", Tone.DOUBT)),
        ("甲局", Toned("已审核", Tone.GOOD)),
        ("丙局", Toned("未定", Tone.NOTE)),
    ]
    assert page.tiles[0] == Tile("报送部门", "2 / 3 个", ("暂定 1 个，已审核 1 个，未定 1 个",))


def test_forms_that_name_no_department_are_not_published() -> None:
    nameless = replace(OVERALL_SHEET, department="", file="无名.xlsx")
    given = evaluation((OVERALL_SHEET, nameless), composites=(), findings=())
    assert said(given, Audience.INTERNAL).departments == ("（未识别部门）", PROVINCIAL)
    assert said(given, Audience.PUBLIC).departments == (PROVINCIAL,)


def test_an_empty_round_has_a_page() -> None:
    page = said(evaluation((), composites=(), findings=()))
    assert page.tiles == (Tile("报送部门", "0 / 0 个"), Tile("须修改", "0 处", ("另有 0 处须核实",)))
    assert [each.name for each in page.charts] == ["grades"]


def test_every_tidy_table_is_explained() -> None:
    assert TABLES.keys() == MODELS.keys()
