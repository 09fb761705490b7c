from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from jixiao.consolidation import departments
from jixiao.consolidation.edition import OWN_SHEETS, Edition
from jixiao.domain.findings import Severity
from jixiao.domain.report import Formula, Link, SheetSpec, Tone, Toned
from jixiao.domain.rounds import Evaluation
from jixiao.domain.submissions import Status
from tests.builders.evaluations import (
    FINDINGS,
    OVERALL_SHEET,
    PROJECT_SHEETS,
    evaluation,
    large_evaluation,
)
from tests.builders.results import summary_of

CREATED = datetime(2025, 4, 20, 18, 0, tzinfo=UTC)
COLUMNS = {
    "部门汇总": (
        "名次, 部门, 自评得分, 核算得分, 采用得分, 等级, 可核实比例, 部门整体得分, 项目数, 项目平均得分,"
        " 全年预算数, 全年执行数, 执行率, 阻断, 错误, 提示, 状态, 主要扣分,"
        " 项目平均执行率, 项目合计执行率, 说明, 免予修改"
    ),
    "项目汇总": (
        "部门, 项目, 自评得分, 核算得分, 采用得分, 等级, 全年预算数, 全年执行数, 执行率, 结余, 发现数, 来源,"
        " 满分, 说明"
    ),
    "审核发现": "编号, 级别, 部门, 项目, 表, 单元格, 指标/栏目, 填报值, 应为, 问题, 处理建议,"
    " 部门说明, 整改, 处理意见, 经办, 日期",
    "整改清单": "部门, 状态, 要求, 项目, 单元格, 指标/栏目, 问题, 应为, 完成期限, 首次提出, 报送次数,"
    " 经办, 说明, 编号",
    "报送情况": "文件, 工作表, 部门, 表种, 状态, 原因",
    "结果应用": "范围, 部门, 项目, 采用得分, 等级, 全年预算数, 全年执行数, 执行率, 未改正问题, 结果应用,"
    " 适用的规则, 依据的数, 措施, 得分状态, 来源",
    "抽查复核": "序号, 部门, 项目, 层, 抽取方式, 理由, 风险分, 风险构成, 全年预算数, 占本层金额, 入选概率,"
    " 采用得分, 来源",
    "预算执行": "部门, 项目, 资金行, 年初, 结转, 调整, 全年预算, 执行, 结余, 执行率, 差异率, 来源",
    "综合得分": "部门, 项目, 资金, 占比, 得分, 加权得分, 备注",
    "指标明细": (
        "部门, 项目, 一级, 二级, 三级指标, 年度指标值, 实际完成值, 分值, 自评得分, 核算得分, 结论, 核算过程,"
        " 偏差原因, 来源"
    ),
    "评分规则": "规则, 适用, 方法, 参数, 依据",
    "说明": "项目, 内容",
}

MONEY = [(sheet.funds[0][3] or "", sheet.funds[0][4] or "") for sheet in PROJECT_SHEETS]
"""Annual budget and executed amount of every project."""


def sheets(given: Evaluation, prefix: str | None = None) -> dict[str, SheetSpec]:
    edition = Edition(given.round, CREATED, "0.1.0", prefix)
    return {sheet.name: sheet for sheet in summary_of(given, edition)}


def test_sheets_and_columns_in_the_order_of_the_design() -> None:
    found = sheets(evaluation())
    assert {
        name: ", ".join(column.title for column in sheet.columns) for name, sheet in found.items()
    } == COLUMNS
    assert list(found) == list(COLUMNS)


def test_every_row_has_a_cell_for_every_column() -> None:
    for sheet in sheets(large_evaluation(2)).values():
        assert {len(row) for row in (*sheet.rows, *sheet.totals)} <= {len(sheet.columns)}


COMPOSITE_SCORE = 'SUMIFS([综合得分!加权得分:],[综合得分!部门:],[部门],[综合得分!项目:],"合计")'


def counted(word: str, count: int) -> Formula:
    return Formula(f'COUNTIFS([审核发现!部门:],[部门],[审核发现!级别:],"{word}")', count)


def test_department_row_of_the_worked_example() -> None:
    rate = Decimal("4943.35") / Decimal("5173.99")
    mean = Decimal("593.93") / 6
    sums = [f"SUMIF([项目汇总!部门:],[部门],[项目汇总!{title}:])" for title in ("全年执行数", "全年预算数")]
    rates = [Decimal(executed) / Decimal(budget) for budget, executed in MONEY]
    assert sheets(evaluation())["部门汇总"].rows == (
        (
            *(Formula("RANK([采用得分],[采用得分:])", 1), "省委金融办"),
            *(None, Decimal("98.03"), Formula(COMPOSITE_SCORE, Decimal("98.03")), "优", Decimal("0.7")),
            Decimal("96.55"),
            Formula("COUNTIF([项目汇总!部门:],[部门])", 6),
            Formula("AVERAGEIF([项目汇总!部门:],[部门],[项目汇总!采用得分:])", mean),
            *(Decimal("5173.99"), Decimal("4943.35")),
            Formula('IF([全年预算数]>0,[全年执行数]/[全年预算数],"")', rate),
            *(counted("阻断", 0), counted("错误", 1), counted("提示", 2)),
            *(Toned("退回修改", Tone.BAD), "三公经费节约率 −3.00；预算执行 −0.45"),
            Formula("AVERAGEIF([项目汇总!部门:],[部门],[项目汇总!执行率:])", sum(rates, Decimal(0)) / 6),
            Formula("/".join(sums), Decimal("2597.44") / Decimal("2801.73")),
            *("", None),
        ),
    )


def test_counts_are_plain_where_a_workbook_would_compare_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departments, "_MOST_COMPARED", 8)  # three findings, three columns
    row = sheets(evaluation())["部门汇总"].rows[0]
    assert row[13:16] == (0, 1, 2)


def test_a_blank_rank_says_why_beside_it_and_in_full() -> None:
    sheet = replace(OVERALL_SHEET, total=("96.55", "96.55"))
    given = evaluation((sheet,), composites=())
    (card,) = given.cards
    total = replace(card.components[-1], accepted_score=None)
    unscored = replace(card, components=(*card.components[:-1], total))
    row = sheets(replace(given, cards=(unscored,)))["部门汇总"].rows[0]
    assert row[0] == Toned("无得分", Tone.NOTE)
    assert row[20] == "“部门整体”没有采用得分，不排名"


def test_equal_scores_share_a_rank_and_the_next_is_left_out() -> None:
    given = large_evaluation(30)
    places = [row[0] for row in sheets(given)["部门汇总"].rows]
    values = [place.value for place in places if isinstance(place, Formula)]
    assert values == list(range(1, 31))
    doubled = evaluation((OVERALL_SHEET, replace(OVERALL_SHEET, department="另一局")), composites=())
    tied = [row[0] for row in sheets(doubled)["部门汇总"].rows]
    assert tied == [Formula("RANK([采用得分],[采用得分:])", 1)] * 2


@pytest.mark.parametrize("name", ["虚构*局", "=虚构局", "12局", "局" * 256])
def test_names_that_countif_would_misread_get_plain_figures(name: str) -> None:
    given = evaluation([replace(sheet, department=name) for sheet in PROJECT_SHEETS[4:]], composites=())
    assert sheets(given)["部门汇总"].rows[0][8:10] == (2, Decimal(100))


def test_department_totals_follow_the_filter() -> None:
    total, mean = sheets(large_evaluation(2))["部门汇总"].totals
    assert total[8] == Formula("SUBTOTAL(109,[项目数:])", 12)
    assert total[10] == Formula("SUBTOTAL(109,[全年预算数:])", Decimal("10347.98"))
    assert total[13:16] == (
        Formula("SUBTOTAL(109,[阻断:])", 0),
        Formula("SUBTOTAL(109,[错误:])", 2),
        Formula("SUBTOTAL(109,[提示:])", 1),
    )
    assert mean[7] == Formula('IFERROR(SUBTOTAL(101,[部门整体得分:]),"")', Decimal("95.05"))


def test_pooled_rate_and_mean_of_rates_are_called_what_they_are() -> None:
    total, mean = sheets(evaluation())["项目汇总"].totals
    assert total[:2] == ("合计", "执行率＝执行合计÷预算合计")
    assert mean[:2] == ("平均", "执行率＝各项目执行率的简单平均")
    pooled, average = total[8], mean[8]
    assert isinstance(pooled, Formula)
    assert isinstance(average, Formula)
    assert isinstance(pooled.value, Decimal)
    assert isinstance(average.value, Decimal)
    assert round(pooled.value, 4) == Decimal("0.9271")
    assert round(average.value, 4) == Decimal("0.8988")


def test_project_row_links_to_its_sheet() -> None:
    row = sheets(evaluation(), "../../inputs/hunan-2024/")["项目汇总"].rows[2]
    assert row[9:] == (
        Formula("[全年预算数]-[全年执行数]", Decimal("109.32")),
        1,
        Link(
            "省委金融办2024年度绩效自评表.xlsx › 附件3-3",
            file="../../inputs/hunan-2024/省委金融办2024年度绩效自评表.xlsx",
            place="'附件3-3'!A1",
        ),
        *(Decimal(100), ""),
    )


def test_supervision_projects_gap() -> None:
    row = next(row for row in sheets(evaluation())["预算执行"].rows if row[1] == "地方金融监管工作经费")
    assert row[2:9] == (
        *("年度资金总额", Decimal("449.07"), None, None, Decimal("528.87"), Decimal("419.55")),
        Formula("[全年预算]-[执行]", Decimal("109.32")),
    )
    gap = row[10]
    assert isinstance(gap, Formula)
    assert isinstance(gap.value, Decimal)
    assert round(gap.value, 4) == Decimal("0.2067")


def test_budget_lines_without_figures_are_left_out() -> None:
    assert "其他资金" not in {row[2] for row in sheets(evaluation())["预算执行"].rows}


def test_budget_without_a_base_has_no_rate() -> None:
    form = replace(PROJECT_SHEETS[0], funds=(("total", "年度资金总额", "0", "0", "0"),))
    row = sheets(evaluation((form,), composites=()))["预算执行"].rows[0]
    assert row[9:11] == (None, None)


def test_superseded_form_is_in_no_table_but_that_of_what_was_sent() -> None:
    form = PROJECT_SHEETS[0]
    given = evaluation(
        (form,),
        composites=(),
        findings=(),
        statuses={f"{form.file}#{form.sheet}": Status.SUPERSEDED},
    )
    found = sheets(given)
    assert found["预算执行"].rows == found["指标明细"].rows == found["项目汇总"].rows == ()
    assert found["报送情况"].rows[0][4:] == (Toned("已被替换", Tone.NOTE), "同一报送表另有一份被采用")


def test_indicator_row() -> None:
    row = sheets(evaluation())["指标明细"].rows[1]
    assert row == (
        *("省委金融办", "", "产出指标", "成本指标", "三公经费节约率", "≥5%", "-89.29%"),
        *(Decimal(3), Decimal(0), Decimal(0), Toned("未达成", Tone.BAD)),
        *("实际 -89.29%，目标 ≥5%，未达成，得 0", OVERALL_SHEET.rows[1].reason),
        "省委金融办2024年度绩效自评表.xlsx › 附件2!D22",
    )


def test_findings_worst_first() -> None:
    fatal = replace(FINDINGS[2], finding_id="FD9", severity=Severity.BLOCKING, file="", sheet="", cell="")
    rows = sheets(evaluation(findings=(FINDINGS[1], FINDINGS[0], fatal)))["审核发现"].rows
    assert [row[0] for row in rows] == ["FD9", "A101-0001", "P102-0002"]
    assert rows[0][5] is None
    assert rows[1][4:6] == ("项目支出绩效自评表", "省委金融办2024年度绩效自评表.xlsx › 附件3-3!D7")


def test_what_was_sent_and_what_became_of_it() -> None:
    rows = sheets(evaluation())["报送情况"].rows
    assert rows[3] == (
        *(OVERALL_SHEET.file, "附件3-3", "省委金融办", "项目支出绩效自评表"),
        *(Toned("退回修改", Tone.BAD), "错误 1 项"),
    )
    assert rows[-1] == (*("报送说明.txt", "", None, None, Toned("未采用", Tone.NOTE), "不是工作簿，未读取"),)


def test_the_legend_leads_to_every_sheet() -> None:
    rows = sheets(evaluation())["说明"].rows
    assert [row[0].sheet for row in rows if isinstance(row[0], Link)] == list(COLUMNS)[:-1]
    said = {row[0]: row[1] for row in rows if isinstance(row[0], str)}
    assert said["报送"] == "1 个部门、7 张报送表"
    assert said["审核发现"] == "阻断 0 项、错误 1 项、提示 2 项、说明 0 项"
    assert (said["程序版本"], said["生成时间"]) == ("jixiao 0.1.0", "2025-04-20 18:00")


def test_every_sheet_says_what_it_is_and_keeps_its_name_to_itself() -> None:
    found = list(sheets(evaluation()).values())
    assert all(sheet.about for sheet in found[:-1])
    assert {sheet.name for sheet in found} <= OWN_SHEETS


def test_empty_round_says_so_on_every_sheet() -> None:
    found = sheets(evaluation((), composites=(), findings=(), outcomes=()))
    empty = {name for name, sheet in found.items() if not sheet.rows}
    assert empty == set(COLUMNS) - {"说明", "评分规则", "整改清单", "结果应用", "抽查复核"}
    assert all(found[name].empty and not found[name].totals for name in empty)


def test_department_without_a_name_is_called_so() -> None:
    given = evaluation((replace(OVERALL_SHEET, department=""),), composites=(), findings=())
    assert sheets(given)["部门汇总"].rows[0][1] == "（未识别部门）"


def test_a_department_with_projects_alone_has_live_sums_and_both_rates() -> None:
    found = sheets(evaluation(PROJECT_SHEETS, composites=()))["部门汇总"]
    assert found.note.endswith("有部门报送整体自评表的，这些部门不参加排名。")
    (row,) = found.rows
    rates = [Decimal(executed) / Decimal(budget) for budget, executed in MONEY]
    whole = Decimal("2597.44") / Decimal("2801.73")
    assert row[2:6] == (None, Decimal("99.36"), Decimal("99.36"), "优")
    assert row[10:13] == (
        Formula("SUMIF([项目汇总!部门:],[部门],[项目汇总!全年预算数:])", Decimal("2801.73")),
        Formula("SUMIF([项目汇总!部门:],[部门],[项目汇总!全年执行数:])", Decimal("2597.44")),
        Formula('IF([全年预算数]>0,[全年执行数]/[全年预算数],"")', whole),
    )
    assert (row[18].value, row[19].value, row[20]) == (sum(rates, Decimal(0)) / 6, whole, "只有项目自评表")  # type: ignore[union-attr]


def test_money_that_is_half_known_is_in_no_rate() -> None:
    first, *others = PROJECT_SHEETS
    blank = replace(first, funds=(("total", "年度资金总额", "440.11", None, "358.02"),))
    nothing = replace(others[0], funds=(("total", "年度资金总额", "0", "0", "207.45"),))
    given = sheets(evaluation((blank, nothing, *others[1:]), composites=()))
    # 419.55 + 112.88 + 1,442.20 + 68.83 of 528.87 + 148 + 1,442.20 + 68.83
    pooled = Decimal("2043.46") / Decimal("2187.90")
    formula = 'SUMIFS([全年执行数:],[全年预算数:],">0")/SUMIFS([全年预算数:],[全年执行数:],"<>")'
    assert given["项目汇总"].totals[0][8] == Formula(formula, pooled)
    (row,) = given["部门汇总"].rows
    assert (row[12], row[19]) == (None, pooled)


def test_a_form_out_of_another_base_is_shown_and_stays_out_of_averages() -> None:
    given = evaluation(PROJECT_SHEETS[:2], composites=())
    odd, even = given.cards
    (*parts, total) = odd.components
    card = replace(odd, components=(*parts, replace(total, weight=Decimal(110), accepted_score=None)))
    sheet = sheets(replace(given, cards=(card, even)))["项目汇总"]
    assert sheet.rows[0][2:5] == (Toned("98.72", Tone.DOUBT), Toned("98.72", Tone.DOUBT), None)
    assert sheet.rows[0][12:] == (
        Toned("110.00", Tone.DOUBT),
        "各项分值合计 110.00 分，不是 100.00 分（总分行印为 100.00 分），得分未折算，不计入平均",
    )
    means = [each.value for each in sheet.totals[1][2:5] if isinstance(each, Formula)]
    assert means == [Decimal("99.65")] * 3
