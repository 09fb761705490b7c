"""What the officer reads in place of the tables' English terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.criteria import CriterionMethod
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Fate
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import TargetKind, Verdict
from jixiao.domain.relations import MeasureKind
from jixiao.domain.report import Tone, Toned
from jixiao.domain.reviews import Level, Outcome, RiskFact, SampledMoney, Strata
from jixiao.domain.scheme import CarryoverTreatment, Method
from jixiao.domain.submissions import Status

if TYPE_CHECKING:
    from jixiao.domain.followups import Progress
    from jixiao.domain.scheme import Scheme

UNKNOWN_DEPARTMENT = "（未识别部门）"

SEVERITIES = {
    Severity.BLOCKING: Toned("阻断", Tone.BAD),
    Severity.ERROR: Toned("错误", Tone.BAD),
    Severity.WARNING: Toned("提示", Tone.DOUBT),
    Severity.INFO: Toned("说明", Tone.NOTE),
}
STATUSES = {
    Status.ACCEPTED: Toned("通过", Tone.GOOD),
    Status.RETURNED: Toned("退回修改", Tone.BAD),
    Status.SUPERSEDED: Toned("已被替换", Tone.NOTE),
    Status.UNEVALUATED: Toned("未审核", Tone.DOUBT),
    Status.UNREADABLE: Toned("无法读取", Tone.BAD),
    Status.UNRECOGNISED: Toned("未识别", Tone.DOUBT),
    Status.IGNORED: Toned("未采用", Tone.NOTE),
}
FATES = {
    Fate.NEW: "新提出",
    Fate.STANDS: "仍未改正",
    Fate.RECURRED: "再次出现",
    Fate.MENDED_AS_ASKED: "已按要求改正",
    Fate.MENDED: "已改正",
    Fate.DROPPED: "不再提出",
    Fate.EXPLAINED: "已接受说明",
    Fate.WAIVED: "已豁免",
    Fate.EXPIRED: "免改失效",
}
VERDICTS: dict[Verdict, Toned | str] = {
    Verdict.MET: Toned("达成", Tone.GOOD),
    Verdict.MISSED: Toned("未达成", Tone.BAD),
    Verdict.EXCEEDED: Toned("远超目标", Tone.DOUBT),
    Verdict.QUALITATIVE: "定性",
    Verdict.BLANK: Toned("未填", Tone.DOUBT),
    Verdict.UNDETERMINED: Toned("人工判断", Tone.NOTE),
}
SCOPES = {
    Scope.OVERALL: "部门整体支出",
    Scope.PROJECT: "项目支出",
    Scope.COMPOSITE: "综合得分",
    Scope.SCORING_TABLE: "评分表",
    Scope.BASIC_DATA: "基础数据",
    Scope.DETAIL: "明细表",
    Scope.SUPPORT: "辅助材料",
}
METHODS = {
    Method.PROPORTIONAL: "达成得满分；未达成按 实际值÷目标值 的比例得分",
    Method.INVERSE_RATIO: "未超过得满分；超过按 目标值÷实际值 的比例得分",
    Method.INVERSE_EXCESS: "未超过得满分；超过按超出目标的比例扣分，扣完为止",
    Method.ALL_OR_NOTHING: "达成得满分，未达成不得分",
    Method.BAND: "按完成程度分档，自评得分应在所属档次之内",
    Method.BELOW_FULL: "达成得满分；未达成应扣分，扣多少由人工判断",
    Method.JUDGED: "由人工判断，系统不计算",
}
MEASURES = {
    MeasureKind.RATIO: "比率",
    MeasureKind.SHARE: "占比",
    MeasureKind.CHANGE: "增长率",
    MeasureKind.SAVING: "节约率",
    MeasureKind.ADJUSTMENT: "调整幅度",
    MeasureKind.DIFFERENCE: "差额",
    MeasureKind.MEAN: "各表比率的简单平均",
    MeasureKind.POOLED: "各表金额合计的比率",
    MeasureKind.COUNT_BELOW: "低于界限的表数",
    MeasureKind.SHARE_BELOW: "低于界限的表所占金额",
}
STANDARDS = {
    CriterionMethod.POINTS_OFF: "达到标准得满分；每差一个百分点扣分，扣完为止",
    CriterionMethod.BANDS: "按比率所在的档次得分",
    CriterionMethod.CHECKLIST: "各项分别计分后加总，由部门自报，系统不核定",
    CriterionMethod.PER_OCCURRENCE: "每出现一例扣分，扣完为止；报送表没有例数的，系统不核定",
    CriterionMethod.COMPARISON: "按两数比较的结果得分",
    CriterionMethod.JUDGED: "由人工判断，不超过分值",
    CriterionMethod.MERGED: "几项合用一个分值，各项得分之和不超过分值，由人工判断",
}
TARGETS = {
    TargetKind.AT_LEAST: "下限指标（如 ≥95%、不少于12次）",
    TargetKind.AT_MOST: "上限指标（如 ≤2%）",
    TargetKind.EQUAL: "等于指标（如 =100%）",
    TargetKind.UNSIGNED: "未写比较符号的数值指标（如 12次）",
    TargetKind.BETWEEN: "区间指标（如 10-20）",
    TargetKind.ZERO: "零指标（如 0次）",
    TargetKind.DEADLINE: "期限指标（如 9月底前）",
    TargetKind.QUALITATIVE: "定性指标（如 提高、增强）",
    TargetKind.RELATIVE: "相对指标（如 ≥全省平均水平）",
    TargetKind.BLANK: "未填目标的指标",
    TargetKind.UNREADABLE: "无法辨认目标的指标",
}
TREATMENTS = {
    CarryoverTreatment.TO_OVERALL: "没有单独自评表的结转项目，其资金占比计入部门整体",
    CarryoverTreatment.LEFT_OUT: "没有单独自评表的结转项目占资金比重，但不计得分",
    CarryoverTreatment.RENORMALISED: "没有单独自评表的结转项目不参与，其余各项占比重新计算",
}
RISKS = {
    RiskFact.BLOCKING: "阻断",
    RiskFact.ERRORS: "错误",
    RiskFact.WARNINGS: "提示",
    RiskFact.EXECUTION: "执行率偏离 100%",
    RiskFact.UNVERIFIED: "得分不能核实",
    RiskFact.LATE: "迟报",
    RiskFact.SIGNALS: "值得一看的线索",
    RiskFact.RESENT: "再次报送",
    RiskFact.EASED: "比上年取消、放宽的指标",
    RiskFact.MONEY: "金额名次",
}
RISK_UNITS = {
    RiskFact.BLOCKING: "每项",
    RiskFact.ERRORS: "每项",
    RiskFact.WARNINGS: "每项",
    RiskFact.EXECUTION: "每 10 个百分点",
    RiskFact.UNVERIFIED: "每 10 个百分点",
    RiskFact.LATE: "迟报记",
    RiskFact.SIGNALS: "每条",
    RiskFact.RESENT: "每次",
    RiskFact.EASED: "每项",
    RiskFact.MONEY: "最大的记",
}
SAMPLED_MONEY = {SampledMoney.ANNUAL_BUDGET: "全年预算数", SampledMoney.EXECUTED: "全年执行数"}
STRATA = {Strata.FORM: "按表种分层", Strata.CODE: "按表种和部门编码分层"}
OUTCOMES = {
    Outcome.KEEP: Toned("保持", Tone.GOOD),
    Outcome.MEND: Toned("整改", Tone.DOUBT),
    Outcome.REDUCE: Toned("压减", Tone.BAD),
}
LEVELS = {Level.DEPARTMENT: "部门", Level.PROJECT: "项目"}
EXECUTION = "预算执行"


def component_title(component: str) -> str:
    """A row of a score card in Chinese: execution and total have English names in the tables."""
    return {"execution": EXECUTION, "total": "总分"}.get(component, component)


def form_titles(scheme: Scheme) -> dict[str, str]:
    """The printed title of every form of a scheme, by id."""
    return {form.id: form.title for form in scheme.forms}


def said_of_delivery(progress: Progress) -> str:
    """What is to be said of what a department sent last, beyond figures."""
    if progress.unchanged:
        return f"第 {progress.times} 次报送的内容与上次相同"
    return f"新提出 {progress.fresh} 项" if progress.times > 1 and progress.fresh else ""
