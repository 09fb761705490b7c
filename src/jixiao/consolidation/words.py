"""What the officer reads in place of the tables' English terms and of the criteria's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Fate
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import Side, TargetKind, Verdict
from jixiao.domain.relations import MeasureKind
from jixiao.domain.report import Tone, Toned
from jixiao.domain.reviews import Level, Outcome, RiskFact, SampledMoney, Strata
from jixiao.domain.scheme import CarryoverTreatment, CriterionMethod, Method
from jixiao.domain.submissions import Status
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.followups import Progress
    from jixiao.domain.scheme import Criterion, Scheme

UNKNOWN_DEPARTMENT = say("（未识别部门）")

SEVERITIES = {
    Severity.BLOCKING: Toned(say("阻断"), Tone.BAD),
    Severity.ERROR: Toned(say("错误"), Tone.BAD),
    Severity.WARNING: Toned(say("提示"), Tone.DOUBT),
    Severity.INFO: Toned(say("说明"), Tone.NOTE),
}
STATUSES = {
    Status.ACCEPTED: Toned(say("通过"), Tone.GOOD),
    Status.RETURNED: Toned(say("退回修改"), Tone.BAD),
    Status.SUPERSEDED: Toned(say("已被替换"), Tone.NOTE),
    Status.UNEVALUATED: Toned(say("未审核"), Tone.DOUBT),
    Status.UNREADABLE: Toned(say("无法读取"), Tone.BAD),
    Status.UNRECOGNISED: Toned(say("未识别"), Tone.DOUBT),
    Status.IGNORED: Toned(say("未采用"), Tone.NOTE),
}
FATES = {
    Fate.NEW: say("新提出"),
    Fate.STANDS: say("仍未改正"),
    Fate.RECURRED: say("再次出现"),
    Fate.MENDED_AS_ASKED: say("已按要求改正"),
    Fate.MENDED: say("已改正"),
    Fate.DROPPED: say("不再提出"),
    Fate.EXPLAINED: say("已接受说明"),
    Fate.WAIVED: say("已豁免"),
    Fate.EXPIRED: say("免改失效"),
}
VERDICTS: dict[Verdict, Toned | str] = {
    Verdict.MET: Toned(say("达成"), Tone.GOOD),
    Verdict.MISSED: Toned(say("未达成"), Tone.BAD),
    Verdict.EXCEEDED: Toned(say("远超目标"), Tone.DOUBT),
    Verdict.QUALITATIVE: say("定性"),
    Verdict.BLANK: Toned(say("未填"), Tone.DOUBT),
    Verdict.UNDETERMINED: Toned(say("人工判断"), Tone.NOTE),
}
SCOPES = {
    Scope.OVERALL: say("部门整体支出"),
    Scope.PROJECT: say("项目支出"),
    Scope.COMPOSITE: say("综合得分"),
    Scope.SCORING_TABLE: say("评分表"),
    Scope.BASIC_DATA: say("基础数据"),
    Scope.DETAIL: say("明细表"),
    Scope.SUPPORT: say("辅助材料"),
}
METHODS = {
    Method.PROPORTIONAL: say("达成得满分；未达成按 实际值÷目标值 的比例得分"),
    Method.INVERSE_RATIO: say("未超过得满分；超过按 目标值÷实际值 的比例得分"),
    Method.INVERSE_EXCESS: say("未超过得满分；超过按超出目标的比例扣分，扣完为止"),
    Method.ALL_OR_NOTHING: say("达成得满分，未达成不得分"),
    Method.BAND: say("按完成程度分档，自评得分应在所属档次之内"),
    Method.BELOW_FULL: say("达成得满分；未达成应扣分，扣多少由人工判断"),
    Method.JUDGED: say("由人工判断，系统不计算"),
}
MEASURES = {
    MeasureKind.RATIO: say("比率"),
    MeasureKind.SHARE: say("占比"),
    MeasureKind.CHANGE: say("增长率"),
    MeasureKind.SAVING: say("节约率"),
    MeasureKind.ADJUSTMENT: say("调整幅度"),
    MeasureKind.DIFFERENCE: say("差额"),
    MeasureKind.MEAN: say("各表比率的简单平均"),
    MeasureKind.POOLED: say("各表金额合计的比率"),
    MeasureKind.COUNT_BELOW: say("低于界限的表数"),
    MeasureKind.SHARE_BELOW: say("低于界限的表所占金额"),
}
STANDARDS = {
    CriterionMethod.POINTS_OFF: say("达到标准得满分；每差一个百分点扣分，扣完为止"),
    CriterionMethod.BANDS: say("按比率所在的档次得分"),
    CriterionMethod.CHECKLIST: say("各项分别计分后加总，由部门自报，系统不核定"),
    CriterionMethod.PER_OCCURRENCE: say("每出现一例扣分，扣完为止；报送表没有例数的，系统不核定"),
    CriterionMethod.COMPARISON: say("按两数比较的结果得分"),
    CriterionMethod.JUDGED: say("由人工判断，不超过分值"),
    CriterionMethod.MERGED: say("几项合用一个分值，各项得分之和不超过分值，由人工判断"),
}
TARGETS = {
    TargetKind.AT_LEAST: say("下限指标（如 ≥95%、不少于12次）"),
    TargetKind.AT_MOST: say("上限指标（如 ≤2%）"),
    TargetKind.EQUAL: say("等于指标（如 =100%）"),
    TargetKind.UNSIGNED: say("未写比较符号的数值指标（如 12次）"),
    TargetKind.BETWEEN: say("区间指标（如 10-20）"),
    TargetKind.ZERO: say("零指标（如 0次）"),
    TargetKind.DEADLINE: say("期限指标（如 9月底前）"),
    TargetKind.QUALITATIVE: say("定性指标（如 提高、增强）"),
    TargetKind.RELATIVE: say("相对指标（如 ≥全省平均水平）"),
    TargetKind.BLANK: say("未填目标的指标"),
    TargetKind.UNREADABLE: say("无法辨认目标的指标"),
}
TREATMENTS = {
    CarryoverTreatment.TO_OVERALL: say("没有单独自评表的结转项目，其资金占比计入部门整体"),
    CarryoverTreatment.LEFT_OUT: say("没有单独自评表的结转项目占资金比重，但不计得分"),
    CarryoverTreatment.RENORMALISED: say("没有单独自评表的结转项目不参与，其余各项占比重新计算"),
}
RISKS = {
    RiskFact.BLOCKING: say("阻断"),
    RiskFact.ERRORS: say("错误"),
    RiskFact.WARNINGS: say("提示"),
    RiskFact.EXECUTION: say("执行率偏离 100%"),
    RiskFact.UNVERIFIED: say("得分不能核实"),
    RiskFact.LATE: say("迟报"),
    RiskFact.SIGNALS: say("值得一看的线索"),
    RiskFact.RESENT: say("再次报送"),
    RiskFact.EASED: say("比上年取消、放宽的指标"),
    RiskFact.MONEY: say("金额名次"),
}
RISK_UNITS = {
    RiskFact.BLOCKING: say("每项"),
    RiskFact.ERRORS: say("每项"),
    RiskFact.WARNINGS: say("每项"),
    RiskFact.EXECUTION: say("每 10 个百分点"),
    RiskFact.UNVERIFIED: say("每 10 个百分点"),
    RiskFact.LATE: say("迟报记"),
    RiskFact.SIGNALS: say("每条"),
    RiskFact.RESENT: say("每次"),
    RiskFact.EASED: say("每项"),
    RiskFact.MONEY: say("最大的记"),
}
SAMPLED_MONEY = {SampledMoney.ANNUAL_BUDGET: say("全年预算数"), SampledMoney.EXECUTED: say("全年执行数")}
STRATA = {Strata.FORM: say("按表种分层"), Strata.CODE: say("按表种和部门编码分层")}
OUTCOMES = {
    Outcome.KEEP: Toned(say("保持"), Tone.GOOD),
    Outcome.MEND: Toned(say("整改"), Tone.DOUBT),
    Outcome.REDUCE: Toned(say("压减"), Tone.BAD),
}
LEVELS = {Level.DEPARTMENT: say("部门"), Level.PROJECT: say("项目")}
EXECUTION = say("预算执行")


def component_title(component: str) -> str:
    """A row of a score card in Chinese: execution and total have English names in the tables."""
    return {"execution": EXECUTION, "total": say("总分")}.get(component, component)


def form_titles(scheme: Scheme) -> dict[str, str]:
    """The printed title of every form of a scheme, by id."""
    return {form.id: form.title for form in scheme.forms}


def said_of_delivery(progress: Progress) -> str:
    """What is to be said of what a department sent last, beyond figures."""
    if progress.unchanged:
        return say("第 {times} 次报送的内容与上次相同", times=progress.times)
    return say("新提出 {fresh} 项", fresh=progress.fresh) if progress.times > 1 and progress.fresh else ""


_PRINTED = {" ÷ ": "÷", "÷ ": "÷", " − ": "－"}
"""A table of rules prints formulas without spaces."""
_ABSENT = say("（报送表没有）")


def describe_criterion(criterion: Criterion, scheme: Scheme) -> Iterator[str]:
    """Points, bands and items, then how the percentage is formed and which of its figures no form holds."""
    yield from _points(criterion)
    yield from (
        say("{title} {points} 分", title=item.title, points=plain(item.points)) for item in criterion.items
    )
    if criterion.adjustable:
        yield say("部门可换成个性化指标")
    operands = criterion.operands
    if operands is None:
        return
    of, base = (_figure(address, scheme) for address in (operands.of, operands.base))
    if criterion.method is CriterionMethod.COMPARISON:
        yield say("{of}与{base}比较", of=of, base=base)
    elif operands.of is None and operands.base is None:
        yield f"{operands.title}{_ABSENT}"
    else:
        yield say(
            "{title}＝{format}", title=operands.title, format=_formula(operands.kind).format(of=of, base=base)
        )


def _formula(kind: MeasureKind) -> str:
    formula = kind.formula
    for sentence, table in _PRINTED.items():
        formula = formula.replace(sentence, table)
    return formula


def _points(criterion: Criterion) -> Iterator[str]:
    parameters = criterion.parameters
    below = criterion.worse is Side.BELOW
    if criterion.method is CriterionMethod.POINTS_OFF:
        part = say("不足一个百分点的按比例扣") if criterion.pro_rata else say("不足一个百分点的不扣")
        side, points = say("低于") if below else say("高于"), plain(parameters["points"])
        yield say(
            "标准 {parameters}%，{side}标准每个百分点扣 {points} 分",
            parameters=plain(parameters["standard"]),
            side=side,
            points=points,
        )
        yield part
    elif criterion.method is CriterionMethod.BANDS:
        side = "≥" if below else "≤"
        yield from (
            say("{side}{bound}% 得 {score}", side=side, bound=plain(step.bound), score=plain(step.score))
            for step in criterion.steps
        )
        yield say("其余得 {parameters}", parameters=plain(parameters["otherwise"]))
    elif criterion.method is CriterionMethod.PER_OCCURRENCE:
        yield say("每例扣 {parameters} 分", parameters=plain(parameters["points"]))
    elif criterion.method is CriterionMethod.COMPARISON:
        none, within, above = (plain(parameters[name]) for name in ("none", "within", "above"))
        yield say("没有得 {none}，不超过得 {within}，超过得 {above}", none=none, within=within, above=above)


def _figure(address: FormAddress | None, scheme: Scheme) -> str:
    """What the form calls a figure."""
    return address.address.title(scheme.form(address.form)) if address else _ABSENT
