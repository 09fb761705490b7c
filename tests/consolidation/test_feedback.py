from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import Edition
from jixiao.consolidation.feedback import feedback_sheets
from jixiao.domain.findings import Severity
from jixiao.domain.report import Link, SheetSpec, Tone, Toned
from jixiao.domain.rounds import Evaluation
from jixiao.domain.submissions import Status
from tests.builders.evaluations import FINDINGS, OVERALL_SHEET, evaluation

CREATED = datetime(2025, 4, 20, 18, 0, tzinfo=UTC)


def sheets(given: Evaluation) -> tuple[SheetSpec, ...]:
    (dossier,) = gather_dossiers(given)
    return feedback_sheets(dossier, Edition(given.round, CREATED, "0.1.0", "../../../inputs/hunan-2024/"))


def test_sheets_and_columns() -> None:
    found = sheets(evaluation())
    assert {sheet.name: ", ".join(column.title for column in sheet.columns) for sheet in found} == {
        "审核意见": "序号, 级别, 位置, 指标/栏目, 填报值, 应为, 问题, 处理建议, 编号, 部门说明",
        "得分核算": (
            "表/项目, 指标, 年度指标值, 实际完成值, 分值, 自评得分, 核算得分, 采用得分, 结论, 核算过程"
        ),
        "评分规则": "规则, 适用, 方法, 参数, 依据",
    }
    assert all(len(row) == len(sheet.columns) for sheet in found for row in sheet.rows)


def test_verdict_asks_for_what_is_to_be_done() -> None:
    opinion = sheets(evaluation())[0]
    assert opinion.title == "省委金融办　2024年度预算绩效自评审核意见"
    assert opinion.note == (
        "审核结论：请修改后重报。须修改 1 处，另有 2 处请一并核实；请按下表在原表上改正后重新报送。"
    )
    assert opinion.tone is Tone.BAD


def test_verdict_with_errors_alone() -> None:
    opinion = sheets(evaluation(findings=FINDINGS[:1]))[0]
    assert opinion.note == "审核结论：请修改后重报。须修改 1 处；请按下表在原表上改正后重新报送。"


def test_verdict_with_warnings_alone() -> None:
    opinion = sheets(evaluation(findings=FINDINGS[1:]))[0]
    assert opinion.note == "审核结论：通过。另有 2 处请核实，如确有差错请更正后重新报送。"
    assert opinion.tone is Tone.GOOD


def test_department_without_findings_gets_a_page_that_says_so() -> None:
    opinion = sheets(evaluation(findings=()))[0]
    assert (opinion.note, opinion.rows) == ("审核结论：通过。", ())
    assert opinion.empty == "各表未发现需要修改或核实的问题，感谢配合。"
    assert not opinion.filtered


def test_infos_alone_ask_for_nothing() -> None:
    told = replace(FINDINGS[2], severity=Severity.INFO)
    given = evaluation(findings=[told])
    opinion = sheets(given)[0]
    assert opinion.note == "审核结论：通过。下表各条仅供了解，不需要修改。感谢配合。"
    assert opinion.tone is Tone.GOOD
    assert set(given.statuses.values()) == {Status.ACCEPTED}


def test_the_place_is_not_said_twice_and_what_goes_with_a_finding_has_lines_of_its_own() -> None:
    found = replace(FINDINGS[0], effects="H6“年度资金总额·执行率”应为 94.50%", assumed="按相近的名称“甲”对应")
    (row,) = sheets(evaluation(findings=[found]))[0].rows
    assert row[6] == (
        "“年度资金总额·年初预算数”为 449.07，各部分相加为 449.08，相差 0.01。\n"
        "连带影响：H6“年度资金总额·执行率”应为 94.50%。\n"
        "推断依据：按相近的名称“甲”对应。"
    )


def test_finding_row_is_linked() -> None:
    assert sheets(evaluation(findings=(FINDINGS[1], FINDINGS[0])))[0].rows[0] == (
        *(1, Toned("错误", Tone.BAD)),
        Link(
            "省委金融办2024年度绩效自评表.xlsx › 附件3-3!D7",
            file="../../../inputs/hunan-2024/省委金融办2024年度绩效自评表.xlsx",
            place="'附件3-3'!D7",
        ),
        *("年度资金总额·年初预算数", "449.07", "449.08", FINDINGS[0].statement, FINDINGS[0].suggestion),
        *(FINDINGS[0].finding_id, None),
    )


def test_each_score_with_its_derivation() -> None:
    scores = sheets(evaluation())[1]
    name = "部门整体支出绩效自评表"
    rate = "执行率 4,943.35 ÷ 5,173.99 = 95.54%，10 × 95.54% = 9.55"
    assert scores.rows[0] == (
        *(name, "预算执行", None, None, Decimal(10), *(Decimal("9.55"),) * 3, None, rate),
    )
    assert scores.rows[4][4:9] == (Decimal(30), Decimal(30), None, Decimal(30), "定性")
    assert scores.rows[6] == (
        *(name, "总分", None, None, Decimal(100), *(Decimal("96.55"),) * 3, "优", "可核实比例 70%"),
    )
    assert 6 in scores.strong


def test_composite_closes_the_scores() -> None:
    rows = sheets(evaluation())[1].rows
    assert rows[-8][1:] == (
        *("地方金融风险防范专项工作经费", None, None, None, None, Decimal("7.15"), Decimal("7.15"), None),
        "占比 7.24%（358.02 ÷ 4,943.35），该表得分 98.72",
    )
    assert rows[-1] == (
        *("综合得分", "合计", None, None, None, None, Decimal("98.03"), Decimal("98.03"), "优", ""),
    )


def test_both_rates_are_printed_and_called_what_they_are() -> None:
    assert sheets(evaluation())[1].note == (
        "单位：分　生成：2025-04-20 18:00　核算得分空白的由人工判断，采用得分沿用自评得分。"
        "项目执行率：按资金合计 92.71%，各项目简单平均 89.88%。"
    )
    alone = sheets(evaluation((OVERALL_SHEET,), composites=()))[1]
    assert alone.note == "单位：分　生成：2025-04-20 18:00　核算得分空白的由人工判断，采用得分沿用自评得分。"


def test_only_rules_that_were_used() -> None:
    used = [row[0] for row in sheets(evaluation((OVERALL_SHEET,), composites=()))[2].rows]
    assert used == [
        *("分值分配", "预算执行按执行率计分", "定量指标未达标的按比例记分", "定性指标分三档记分"),
        *("超额完成", "评价等级"),
    ]


def test_sheet_names_with_quotes_are_linked() -> None:
    finding = replace(FINDINGS[0], sheet="附件'3", cell="")
    link = sheets(evaluation(findings=(finding,)))[0].rows[0][2]
    assert isinstance(link, Link)
    assert link.place == "'附件''3'!A1"


def test_without_a_time_nothing_is_said_of_it() -> None:
    given = evaluation()
    (dossier,) = gather_dossiers(given)
    found = feedback_sheets(dossier, Edition(given.round, None, "0.1.0"))
    notes = [sheet.note for sheet in found]
    assert notes[1].startswith("单位：分　核算得分空白的由人工判断，采用得分沿用自评得分。")
    assert notes[2] == f"{given.round.scheme.title}　可对照依据逐条核对。"
    assert not any("生成" in note for note in notes)
