"""The worked example's seven forms (a provincial department, 2024) with their targets parsed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.quantities import Comparator
from tests.builders.schemes import OVERALL, PROJECT
from tests.builders.submissions import submission, with_indicator
from tests.builders.targets import (
    at_least,
    at_most,
    equal,
    figure,
    relative,
    said,
    unsigned,
    words,
    zero,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.submissions import Submission
    from tests.builders.submissions import Row

OUTPUT, BENEFIT, SATISFACTION = "产出指标", "效益指标", "满意度指标"
REASON = "车辆老化，维修费用增加。"

OVERALL_ROWS: tuple[Row, ...] = (
    (OUTPUT, "公用经费节约率", at_least("5", "%"), figure("9.86", "%"), "3", "3"),
    (OUTPUT, "中介服务费节约率", at_least("15", "%"), figure("86.14", "%"), "3", "3"),
    (OUTPUT, "三公经费节约率", at_least("5", "%"), figure("-89.29", "%"), "3", "0"),
    (OUTPUT, "非法集资案件追赃挽损金额", at_least("3.5"), figure("3.5", sign=Comparator.MORE), "4", "4"),
    (OUTPUT, "金融机构贷款余额", at_least("60000"), figure("74377.1"), "4", "4"),
    (OUTPUT, "监管对象业务检查覆盖率", at_least("50", "%"), figure("100", "%"), "4", "4"),
    (OUTPUT, "监管对象业务培育覆盖率", at_least("80", "%"), figure("100", "%"), "3", "3"),
    (OUTPUT, "上市后备资源库入库企业家数", at_least("600"), figure("871"), "3", "3"),
    (OUTPUT, "在辅企业家数", at_least("30"), figure("57"), "1", "1"),
    (OUTPUT, "在审企业家数", at_least("10"), figure("10"), "1", "1"),
    (OUTPUT, "1年以上陈案审结率", at_least("60", "%"), figure("64.47", "%"), "4", "4"),
    (OUTPUT, "采购合规率", equal("100", "%"), figure("100", "%"), "4", "4"),
    (OUTPUT, "经费支出合规率", equal("100", "%"), figure("100", "%"), "3", "3"),
    (OUTPUT, "银行机构不良贷款率", at_most("2", "%"), figure("1.37", "%"), "4", "4"),
    (OUTPUT, "信息形成报告及时率", at_least("95", "%"), figure("98", "%"), "3", "3"),
    (OUTPUT, "经费支出保障及时率", at_least("95", "%"), figure("98", "%"), "3", "3"),
    (BENEFIT, "防范金融风险能力", words("提高"), said("提高"), "10", "10"),
    (BENEFIT, "人民群众金融风险防范意识", words("提高"), said("提高"), "10", "10"),
    (BENEFIT, "多渠道融资额度", words("增长"), said("增长"), "5", "5"),
    (BENEFIT, "金融干部队伍素质建设", words("提高"), said("提高"), "5", "5"),
    (SATISFACTION, "服务对象满意度", at_least("90", "%"), figure("97", "%"), "10", "10"),
)
RISK_ROWS: tuple[Row, ...] = (
    (OUTPUT, "相关会议", at_least("3", "次"), figure("4", "次"), "5", "5"),
    (OUTPUT, "业务培训", at_least("1", "次"), figure("2", "次"), "5", "5"),
    (OUTPUT, "主题宣传活动", at_least("1", "次"), figure("2", "次"), "5", "5"),
    (OUTPUT, "排查企业", at_least("500", "家"), figure("518", "家"), "10", "10"),
    (OUTPUT, "1年以上陈案审结率", at_least("60", "%"), figure("64.47", "%"), "10", "10"),
    (OUTPUT, "信访按时回复率", equal("100", "%"), figure("100", "%"), "15", "15"),
    (BENEFIT, "追赃挽损金额", at_least("3.5"), figure("15"), "15", "15"),
    (BENEFIT, "公众风险防范意识", words("增强"), said("增强"), "15", "15"),
    (SATISFACTION, "群众抽样调查满意度", at_least("90", "%"), figure("97", "%"), "10", "10"),
)
PLATFORM_ROWS: tuple[Row, ...] = (
    (OUTPUT, "宣传稿件数量", at_least("5", "篇"), figure("10", "篇"), "6", "6"),
    (OUTPUT, "公众微信号阅读量", at_least("1000000", "次"), figure("2000000", "次"), "6", "6"),
    (OUTPUT, "门户网站发稿量", at_least("750", "篇"), figure("1137", "篇"), "6", "6"),
    (OUTPUT, "公众微信号发稿量", at_least("500", "篇"), figure("723", "篇"), "6", "6"),
    (OUTPUT, "重大网络安全事故次数", zero(), figure("0"), "2", "2"),
    (OUTPUT, "政务信息重大过错次数", zero(), figure("0"), "2", "2"),
    (OUTPUT, "抽查点名批评通报次数", zero(), figure("0"), "4", "4"),
    (OUTPUT, "系统正常运行天数", at_least("360", "天"), figure("365", "天"), "4", "4"),
    (OUTPUT, "系统用户投诉次数", at_most("2", "次"), figure("0", "次"), "4", "4"),
    (OUTPUT, "数据统计汇总时间", at_most("24", "小时"), figure("24", "小时"), "5", "5"),
    (OUTPUT, "现场故障处理时间", at_most("24", "小时"), figure("3", "小时"), "5", "5"),
    (BENEFIT, "提供共享数据信息数量", at_least("50", "条"), figure("116", "条"), "15", "15"),
    (BENEFIT, "子系统优化完善次数", at_least("1", "次"), figure("2", "次"), "10", "10"),
    (BENEFIT, "新闻稿件被转载次数", at_least("10", "次"), figure("10", "次"), "5", "5"),
    (SATISFACTION, "服务对象对系统满意度", at_least("95", "%"), figure("97", "%"), "10", "10"),
)
SUPERVISION_ROWS: tuple[Row, ...] = (
    (OUTPUT, "银企对接会召开次数", at_least("1", "次"), figure("4"), "10", "10"),
    (OUTPUT, "出台金融监管法规", unsigned("1", "部"), figure("2", "部"), "10", "10"),
    (OUTPUT, "建立金融化债工作制度", at_least("1"), figure("1", "部"), "10", "10"),
    (OUTPUT, "经费开支合规比率", equal("100", "%"), figure("100", "%"), "10", "10"),
    (OUTPUT, "及时通报数据上报情况", words("及时"), said("及时"), "10", "10"),
    (BENEFIT, "各项贷款余额", at_least("58000000000000"), figure("73400000000000"), "15", "15"),
    (BENEFIT, "引导加大信贷投放意愿", words("增强"), said("增强"), "15", "15"),
    (SATISFACTION, "抽样调查满意度", at_least("95", "%"), figure("98", "%"), "10", "10"),
)
PUBLICITY_ROWS: tuple[Row, ...] = (
    (OUTPUT, "专题宣传片、专题报道", at_least("5", "次"), figure("10"), "10", "10"),
    (OUTPUT, "宣传现场活动次数", at_least("2"), figure("2"), "10", "10"),
    (OUTPUT, "宣传内容阅读量", at_least("1000000", "次"), figure("2000000", "次"), "20", "20"),
    (OUTPUT, "每月编制一期宣传报道", equal("100", "%"), figure("100", "%"), "10", "10"),
    (BENEFIT, "贷款增长", relative("≥全省贷款平均水平"), said("≥全省贷款平均水平", ""), "10", "10"),
    (BENEFIT, "市州宣传覆盖率", equal("100", "%"), figure("100", "%"), "10", "10"),
    (BENEFIT, "干部素质提升", words("持续提高"), said("提高"), "10", "10"),
    (SATISFACTION, "抽样调查满意度", at_least("95", "%"), figure("97", "%"), "10", "10"),
)
WARNING_ROWS: tuple[Row, ...] = (
    (OUTPUT, "实际款项/合同款", at_most("1"), figure("1"), "10", "10"),
    (OUTPUT, "平台包括子系统", at_least("8"), figure("93"), "10", "10"),
    (OUTPUT, "平台合格率", equal("100", "%"), figure("100", "%"), "5", "5"),
    (OUTPUT, "系统正常运行率", at_least("95", "%"), figure("100", "%"), "5", "5"),
    (OUTPUT, "故障恢复时间", at_most("24", "小时"), figure("2", "小时"), "5", "5"),
    (OUTPUT, "按合同完成", equal("100", "%"), figure("100", "%"), "15", "15"),
    (BENEFIT, "主动检测风险主体完成量", at_least("100", "个"), figure("139", "个"), "15", "15"),
    (BENEFIT, "融资不良贷款率", at_most("5", "%"), figure("2.31", "%"), "10", "10"),
    (BENEFIT, "风险防控能力", words("增加"), said("增加"), "5", "5"),
    (SATISFACTION, "服务对象满意度", at_least("90", "%"), figure("97", "%"), "10", "10"),
)
TRAINING_ROWS: tuple[Row, ...] = (
    (OUTPUT, "培训费总成本", at_most("70"), figure("68.83"), "20", "20"),
    (OUTPUT, "专题培训班期数", at_least("1", "期"), figure("2", "期"), "5", "5"),
    (OUTPUT, "培训人数", at_least("80", "人"), figure("200", "人"), "5", "5"),
    (OUTPUT, "培训成果采用量", at_least("20", "篇"), figure("31", "篇"), "5", "5"),
    (OUTPUT, "培训时长", at_least("7", "天"), figure("15", "天"), "10", "10"),
    (OUTPUT, "培训计划按期完成率", equal("100", "%"), figure("100", "%"), "5", "5"),
    (BENEFIT, "结业考试通过率", at_least("95", "%"), figure("100", "%"), "20", "20"),
    (BENEFIT, "机关干部金融服务能力", words("提高"), said("提高"), "10", "10"),
    (SATISFACTION, "抽样调查满意度", at_least("95", "%"), figure("97", "%"), "10", "10"),
)


def _funds(figures: str, rate: str, points: str) -> Mapping[str, str | None]:
    initial, annual, executed = figures.split()
    amounts = {"initial_budget": initial, "annual_budget": annual, "executed": executed}
    return {**amounts, "weight": "10", "execution_rate": rate, "self_score": points, "reason": None}


def _part(figures: str) -> Mapping[str, str | None]:
    names = ("initial_budget", "annual_budget", "executed")
    texts: list[str | None] = [*figures.split()] or [None] * len(names)
    return dict(zip(names, texts, strict=True))


def _project(  # noqa: PLR0917 - a table's row: one figure a column
    name: str, rows: tuple[Row, ...], total: str, whole: tuple[str, str, str], fiscal: str, carryover: str
) -> Submission:
    funds = {
        "total": _funds(*whole),
        "fiscal": _part(fiscal),
        "carryover": _part(carryover),
        "other": _part(""),
    }
    return submission(PROJECT, name, funds, rows, total=total)


def worked_overall() -> Submission:
    """附件2: total 96.55."""
    form = submission(
        OVERALL,
        "部门整体",
        {"total": _funds("4873.59 5173.99 4943.35", "95.54", "9.55")},
        OVERALL_ROWS,
        total="96.55",
        fields={
            "general_public_budget": "5173.99",
            "government_fund": "—",
            "other_funds": "—",
            "basic_expenditure": "2291.01",
            "project_expenditure": "2652.34",
        },
    )
    return with_indicator(form, 2, reason=REASON)


def worked_projects() -> tuple[Submission, ...]:
    """附件3-1 to 3-6: totals 98.72, 99.65, 97.93, 97.63, 100 and 100."""
    return (
        _project(
            "风险防范",
            RISK_ROWS,
            "98.72",
            ("440.11 410.83 358.02", "87.15", "8.72"),
            "410.03 410.03 357.22",
            "30.08 0.80 0.80",
        ),
        _project(
            "平台运维",
            PLATFORM_ROWS,
            "99.65",
            ("203.00 203.00 195.96", "96.53", "9.65"),
            "191.00 191.00 183.96",
            "12.00 12.00 12.00",
        ),
        _project(
            "监管工作",
            SUPERVISION_ROWS,
            "97.93",
            ("449.07 528.87 419.55", "79.33", "7.93"),
            "369.00 369.00 259.68",
            "80.07 159.87 159.87",
        ),
        _project(
            "宣传工作",
            PUBLICITY_ROWS,
            "97.63",
            ("148.00 148.00 112.88", "76.27", "7.63"),
            "148.00 148.00 112.88",
            "",
        ),
        _project(
            "预警平台",
            WARNING_ROWS,
            "100",
            ("1442.20 1442.20 1442.20", "100.00", "10"),
            "1442.20 1442.20 1442.20",
            "",
        ),
        _project(
            "干部培训",
            TRAINING_ROWS,
            "100",
            ("68.83 68.83 68.83", "100.00", "10"),
            "65.00 65.00 65.00",
            "3.83 3.83 3.83",
        ),
    )


def worked_forms() -> tuple[Submission, ...]:
    """All seven, the overall form first."""
    return (worked_overall(), *worked_projects())
