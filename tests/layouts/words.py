"""What forms call their parts: words that seeds know, and invented ones that none does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.layouts.parts import Plan

Vocabulary = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By name: the synonyms that seeds know, the plain one first, and the invented variants."""

NAMES: Final[Vocabulary] = {
    "project": (
        ("项目名称", "项目支出名称", "专项资金名称", "预算项目名称"),
        ("财政项目名称", "项目名称及编码", "支出项目"),
    ),
    "department": (
        ("主管部门", "主管部门及代码", "市级主管部门", "部门名称"),
        ("业务主管部门", "归口主管部门", "主管局（委、办）"),
    ),
    "own department": (
        ("预算部门名称", "部门名称", "预算单位", "填报单位"),
        ("一级预算部门", "部门（单位）全称", "被评价部门"),
    ),
    "transfer": (
        ("转移支付（项目）名称", "专项转移支付名称", "转移支付项目名称"),
        ("中央转移支付资金名称", "转移支付具体项目名称"),
    ),
    "local department": (
        ("地方主管部门", "省级主管部门", "县级主管部门"),
        ("地方业务主管部门", "本地区主管部门"),
    ),
    "implementer": (("实施单位", "项目实施单位", "资金使用单位"), ("具体承担单位", "项目执行单位")),
}
FUNDS: Final[Vocabulary] = {
    "initial_budget": (
        ("年初预算数", "年初预算", "年初预算批复数"),
        ("年初批复预算额", "年初安排数", "当年年初预算数"),
    ),
    "annual_budget": (
        ("全年预算数", "全年预算数（A）", "调整后预算数", "全年（调整）预算数"),
        ("本年预算安排数", "全年预算安排金额", "市级全年预算数"),
    ),
    "executed": (
        ("全年执行数", "全年执行数（B）", "决算数", "全年支出数"),
        ("本年累计执行数", "全年实际支出金额", "财政资金全年执行数"),
    ),
    "weight": (("分值", "权重", "分值（10分）"), ("赋分", "标准分数")),
    "execution_rate": (
        ("执行率", "预算执行率", "执行率（B/A）", "执行率（%）"),
        ("预算执行进度", "资金支出进度"),
    ),
    "self_score": (("得分", "自评得分", "评价得分"), ("自评分值", "执行率得分（分）")),
}
ITEMS: Final[Vocabulary] = {
    "total": (
        ("年度资金总额", "年度资金总额：", "资金总额", "年度资金合计"),
        ("年度财政资金总额", "本年度项目资金总额", "预算资金", "补助经费总额", "年度金额"),
    ),
    "fiscal": (
        ("其中：当年财政拨款", "其中：本年财政拨款", "其中：财政资金", "当年财政资金"),
        ("其中：本级财政安排资金", "其中：年度财政预算拨款"),
    ),
    "carryover": (("上年结转资金", "上年结转", "以前年度结转资金"), ("上年度结转和结余资金", "历年结转资金")),
    "central": (("其中：中央补助", "其中：中央财政资金"), ("其中：上级下达补助资金", "其中：中央预算内资金")),
    "local": (("地方资金", "地方财政资金"), ("地方各级安排资金", "本地区配套资金")),
    "other": (("其他资金", "单位资金", "自筹资金"), ("其他来源的资金", "其他各类资金")),
}
SPLITS: Final[Mapping[str, str]] = {
    "general_public_budget": "一般公共预算",
    "government_fund": "政府性基金拨款",
    "special_account": "纳入专户管理的非税收入拨款",
    "other_funds": "其他资金",
    "basic_expenditure": "基本支出",
    "project_expenditure": "项目支出",
}
FREE_SOURCES: Final = (
    "县级资金",
    "债券资金",
    "专户资金",
    "乡镇自筹",
    "中央专项资金",
    "市级配套资金",
    "捐赠资金",
    "集体经济投入",
)
OF_WHICH: Final = ("其中：中央财政资金", "其中：省级补助", "其中：县级财政配套", "其中：一般债券")
INDICATORS: Final[Vocabulary] = {
    "level1": (("一级指标", "一级"), ("指标大类", "第一级指标")),
    "level2": (("二级指标", "二级"), ("指标小类", "第二级指标")),
    "level3": (("三级指标", "指标名称", "指标内容"), ("三级指标及内容", "具体绩效指标", "绩效指标内容")),
    "target": (
        ("年度指标值", "指标值", "年初目标值", "年度指标值（A）"),
        ("年度计划值", "年初绩效目标设定值", "本年计划指标值"),
    ),
    "actual": (
        ("实际完成值", "全年实际完成值", "实际完成值（B）", "全年完成值"),
        ("年末实际完成数", "实际达成值", "本年实际完成值"),
    ),
    "weight": (("分值", "权重", "指标分值"), ("赋分", "指标标准分数")),
    "self_score": (("得分", "自评得分", "指标得分"), ("自评分值", "本项自评得分")),
    "reason": (
        ("偏差原因分析及改进措施", "未完成原因分析", "偏差原因", "备注"),
        ("未达标原因及拟采取举措", "差异情况说明", "未完成原因及拟采取的改进措施"),
    ),
}
PIECES: Final[Mapping[str, tuple[str, ...]]] = {
    "operator": ("指标性质", "运算符号", "比较符"),
    "unit": ("计量单位", "度量单位", "指标单位"),
}
FURTHER: Final = ("佐证材料", "是否核心指标", "得分计算方法", "评分标准", "数据来源")
"""Columns of other places that hold no figure."""
TOTALS: Final[Vocabulary] = {
    "total": (("总分", "合计", "自评总分", "总计"), ("自评得分总计", "全部得分", "绩效自评总得分")),
    "grade": (("自评等级", "评价等级", "自评结论"), ("自评等次评定", "绩效自评结果等级")),
}
LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "产出指标": ("产出", "产出绩效"),
    "效益指标": ("效益", "效果指标"),
    "满意度指标": ("满意度", "满意度"),
    "成本指标": ("成本", "成本"),
}
"""Other ways in which forms print a first level."""


def word(plan: Plan, part: str, words: Vocabulary, name: str) -> str:
    """What the form calls something: the plain word, a known synonym, an invented one for one or for all."""
    known, invented = words[name]
    option = plan.of(part)
    if option == "known":
        return known[0]
    if option == "one invented" and name != plan.rng(part).choice(sorted(words)):
        return known[0]
    rng = plan.rng(f"{part}.{name}")
    return rng.choice(known if option == "synonyms" else invented)
