"""The rules of a scheme in words, and the sheet 评分规则."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.words import (
    EXECUTION,
    LEVELS,
    MEASURES,
    METHODS,
    OUTCOMES,
    RISK_UNITS,
    RISKS,
    SAMPLED_MONEY,
    SCOPES,
    STANDARDS,
    STRATA,
    TARGETS,
    TREATMENTS,
    describe_criterion,
)
from jixiao.domain.amounts import HUNDRED, Rounding, plain
from jixiao.domain.forms import IdentityKind, Scope
from jixiao.domain.quantities import TargetKind
from jixiao.domain.report import ColumnSpec, SheetSpec
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.references import BookedFigure
    from jixiao.domain.relations import CrossCheck, Measure
    from jixiao.domain.reviews import SampleRule, UseRule
    from jixiao.domain.scheme import CompositeRule, Criterion, Scheme, ScoringRule, Weights
    from jixiao.domain.supplements import AppraisalRule, SurveyRule

_ROUNDINGS = {Rounding.HALF_UP: say("四舍五入"), Rounding.DOWN: say("舍去尾数")}
_RELATIONS = {
    IdentityKind.SUM: say("合计等于各部分之和，允许四舍五入误差"),
    IdentityKind.AT_MOST: say("“其中”各项之和不超过合计"),
    IdentityKind.RATIO: say("比率按两数相除核对"),
}
OVERSHOOT, GRADES = "overshoot", "grades"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as read: 规则, 适用, 方法, 参数, 依据. `id` is the scheme's name for it."""

    id: str
    rule: str
    applies: str
    method: str
    parameters: str
    basis: str

    @property
    def words(self) -> tuple[str, str, str, str, str]:
        """The five columns that are printed."""
        return self.rule, self.applies, self.method, self.parameters, self.basis


_described: list[tuple[Scheme, tuple[RuleRow, ...]]] = []
"""The last scheme and its rules: a round has one scheme, whose rules are asked for with every department."""


def describe_scheme(scheme: Scheme) -> tuple[RuleRow, ...]:
    """All rules of a scheme in the order of an evaluation: weights, scores, composite, identities."""
    if not (_described and _described[0][0] is scheme):
        _described[:] = [(scheme, tuple(_all_rules(scheme)))]
    return _described[0][1]


def _all_rules(scheme: Scheme) -> list[RuleRow]:
    return [
        *describe_scoring(scheme),
        *_identities(scheme),
        *(_cross_check(check, scheme) for check in scheme.cross_checks),
        *(_measure(each) for each in scheme.measures),
        *(_appraisal(rule, scheme) for rule in (scheme.appraisal,) if rule),
        *(_survey(rule) for rule in (scheme.survey,) if rule),
        *(_reconciliation(scheme.booked) if scheme.booked else ()),
        *(_sampling(rule) for rule in (scheme.reviews.sample,) if rule),
        *(_use(rule) for rule in scheme.uses),
    ]


def describe_scoring(scheme: Scheme) -> list[RuleRow]:
    """Those by which scores come about; the others are what forms and figures are held against."""
    targets = () if scheme.scores_by_criteria else _target_rules(scheme)
    return [
        *(_weights(weights, scheme) for weights in scheme.weights),
        *targets,
        *(_standard(criterion, scheme) for criterion in scheme.criteria),
        _grades(scheme),
        *(_composite(rule) for rule in (scheme.composite,) if rule),
    ]


def _target_rules(scheme: Scheme) -> Iterator[RuleRow]:
    """What forms with targets are scored by."""
    yield _execution(scheme)
    yield from (_scoring(rule, scheme) for rule in scheme.rules)
    yield _overshoot(scheme)


def _weights(weights: Weights, scheme: Scheme) -> RuleRow:
    parts = dict(weights.groups)
    if weights.execution is not None:
        parts = {EXECUTION: weights.execution, **parts}
    return RuleRow(
        id=f"weights.{weights.scope.value}",
        rule=say("分值分配"),
        applies=SCOPES[weights.scope],
        method=say("应按规定分值设置") if weights.fixed else say("可调整各部分分值，合计应等于总分"),
        parameters=say("；").join(
            [
                say("总分 {total}", total=plain(weights.total)),
                *(f"{name} {plain(w)}" for name, w in parts.items()),
            ]
        ),
        basis=_regulations(scheme),
    )


def _execution(scheme: Scheme) -> RuleRow:
    rule = scheme.execution
    parameters = [
        say("执行率保留{rate_places}位小数（百分数）", rate_places=rule.rate_places),
        say(
            "得分保留{score_places}位小数，{roundings}",
            score_places=rule.score_places,
            roundings=_ROUNDINGS[rule.rounding],
        ),
    ]
    if rule.exact_accepted:
        parameters.append(say("按未舍入的执行率计算的得分同样认可"))
    if rule.reason_below is not None:
        parameters.append(say("执行率低于{reason_below}%应说明原因", reason_below=plain(rule.reason_below)))
    parameters.append(
        say(
            "执行数超过全年预算数 {overspent_beyond} 万元以上的应说明资金来源",
            overspent_beyond=plain(rule.overspent_beyond),
        )
    )
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies=say("各自评表的预算执行率"),
        method=say("得分＝分值×执行率，最高为分值；执行率＝全年执行数÷全年预算数，后者为 0 时由人工判断"),
        parameters=say("；").join(parameters),
        basis=rule.basis,
    )


def _scoring(rule: ScoringRule, scheme: Scheme) -> RuleRow:
    bands = scheme.bands if TargetKind.QUALITATIVE in rule.kinds else ()
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies=say("；").join(title for kind, title in TARGETS.items() if kind in rule.kinds),
        method=METHODS[rule.method],
        parameters=say("；").join(
            say("{title} {high}～{low}", title=band.title, high=_percent(band.high), low=_percent(band.low))
            for band in bands
        ),
        basis=rule.basis,
    )


def _standard(criterion: Criterion, scheme: Scheme) -> RuleRow:
    return RuleRow(
        id=criterion.id,
        rule=criterion.title,
        applies=say("、").join(form.title for form in scheme.forms if form.scope is Scope.SCORING_TABLE),
        method=STANDARDS[criterion.method],
        parameters=say("；").join(
            [say("分值 {weight}", weight=plain(criterion.weight)), *describe_criterion(criterion, scheme)]
        ),
        basis=criterion.basis,
    )


def _overshoot(scheme: Scheme) -> RuleRow:
    return RuleRow(
        id=OVERSHOOT,
        rule=say("超额完成"),
        applies=say("有数值目标的指标"),
        method=say("完成值远超目标又未说明原因的，提示目标可能定得过低，不扣分"),
        parameters=say("达到目标的{exceeded_from}起提示", exceeded_from=_percent(scheme.exceeded_from)),
        basis=_regulations(scheme),
    )


def _grades(scheme: Scheme) -> RuleRow:
    cuts = [f"{cut.grade} ≥{plain(cut.low)}" for cut in scheme.grades[:-1]]
    cuts += [
        f"{cut.grade} <{plain(above.low)}"
        for above, cut in zip(scheme.grades[-2:], scheme.grades[-1:], strict=False)
    ]
    synonyms = [
        say("“{word}”视同“{grade}”", word=word, grade=cut.grade)
        for cut in scheme.grades
        for word in cut.synonyms
    ]
    return RuleRow(
        id=GRADES,
        rule=say("评价等级"),
        applies=say("各自评表总分、综合得分"),
        method=say("按得分确定等级"),
        parameters=say("；").join(cuts + synonyms),
        basis=_regulations(scheme),
    )


def _composite(rule: CompositeRule) -> RuleRow:
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies=say("既有部门整体又有项目自评表的部门"),
        method=say("综合得分＝各项得分×资金占比之和；占比的尾差并入资金最大的一项"),
        parameters=(
            say(
                "占比保留{share_places}位小数（百分数）；加权得分保留{score_places}位小数；{treatments}",
                share_places=rule.share_places,
                score_places=rule.score_places,
                treatments=TREATMENTS[rule.carryover],
            )
        ),
        basis=rule.basis,
    )


def _identities(scheme: Scheme) -> Iterator[RuleRow]:
    for form in scheme.forms:
        for identity in form.identities:
            yield RuleRow(
                id=f"{form.id}.{identity.id}",
                rule=identity.title,
                applies=form.title,
                method=_RELATIONS[identity.kind],
                parameters="",
                basis=say("报送表自身的勾稽关系"),
            )


def _appraisal(rule: AppraisalRule, scheme: Scheme) -> RuleRow:
    form = scheme.form(rule.form)
    titles = {column.name: column.title for column in form.table(rule.table).columns}
    terms = say("＋").join(f"{titles[column]}×{plain(weight)}" for column, weight in rule.weights.items())
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies=form.title,
        method=say(
            "{titles}＝{terms}；按其高低在本部门内排名，相同的并列，缺少数据的不排名",
            titles=titles[rule.annual],
            terms=terms,
        ),
        parameters=say("保留{places}位小数（百分数），四舍五入", places=rule.places),
        basis=rule.basis,
    )


def _survey(rule: SurveyRule) -> RuleRow:
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies=say("、").join(rule.levels),
        method=say("满意度＝答案占满分比例的平均；与自评表所填满意度核对，按所填的小数位数相符即可"),
        parameters=say("保留{places}位小数（百分数），四舍五入", places=rule.places),
        basis=rule.basis,
    )


def _cross_check(check: CrossCheck, scheme: Scheme) -> RuleRow:
    return RuleRow(
        id=f"cross_checks.{check.id}",
        rule=check.title,
        applies=scheme.form(check.left.form).title,
        method=say("两处应一致，允许四舍五入误差")
        if check.strict
        else say("两处不一致的提示核实，口径可以不同"),
        parameters="",
        basis=say("报送表之间的勾稽关系"),
    )


def _measure(measure: Measure) -> RuleRow:
    parameters = [
        say("单位 {unit}", unit=measure.unit),
        say("保留{places}位小数，四舍五入", places=measure.places),
    ]
    if measure.threshold is not None:
        parameters.append(say("界限 {threshold}%", threshold=plain(measure.threshold)))
    return RuleRow(
        id=f"measures.{measure.id}",
        rule=measure.title,
        applies=MEASURES[measure.kind],
        method=measure.basis,
        parameters=say("；").join(parameters),
        basis=say("只列示，不计分"),
    )


def _regulations(scheme: Scheme) -> str:
    return say("；").join(scheme.regulations)


def _percent(share: Decimal) -> str:
    return f"{plain(share * HUNDRED)}%"


def _reconciliation(booked: Sequence[BookedFigure]) -> Iterator[RuleRow]:
    """Which figures are held against the finance department's accounts, in one row."""
    titles = {figure.column: figure.title for figure in booked}
    figures = (
        figure.title
        + "".join(say("（可含{column}）", column=titles.get(column, column)) for column in figure.includes)
        for figure in booked
    )
    yield RuleRow(
        id="reconciliation",
        rule=say("与财政账面数核对"),
        applies=say("提供了账面数的批次"),
        method=say("自评表的数应与财政部门的预算执行账面数一致，允许四舍五入误差"),
        parameters=say("、").join(figures),
        basis=say("财政部门的预算执行账面数"),
    )


def _sampling(rule: SampleRule) -> RuleRow:
    """Whom to examine again, and what risk is made of."""
    sizes = [
        *([say("每层 {count} 张", count=rule.count)] if rule.count is not None else []),
        *(
            [say("抽中金额预计占本层 {money_share}%", money_share=plain(rule.money_share))]
            if rule.money_share is not None
            else []
        ),
    ]
    risk = [
        *(
            [say("风险分不低于 {risk_from}", risk_from=plain(rule.risk_from))]
            if rule.risk_from is not None
            else []
        ),
        *(
            [say("在本层最高的 {risk_share}% 之内", risk_share=plain(rule.risk_share))]
            if rule.risk_share is not None
            else []
        ),
    ]
    points = [
        say(
            "{risks}{risk_units} {weight} 分",
            risks=RISKS[fact],
            risk_units=RISK_UNITS[fact],
            weight=plain(weight),
        )
        for fact, weight in rule.weights.items()
        if weight
    ]
    return RuleRow(
        id="sample",
        rule=say("抽查复核：{title}", title=rule.title),
        applies=say("、").join(SCOPES[scope] for scope in rule.scopes),
        method=(
            say(
                "{strata}；{risk}的必抽，"
                "其余按{sampled_money}系统抽取（货币单元抽样，起点由种子的 SHA-256 得出）",
                strata=STRATA[rule.strata],
                risk=say("且").join(risk) or say("没有"),
                sampled_money=SAMPLED_MONEY[rule.money],
            )
        ),
        parameters=say("；").join([*sizes, *points, say("一种情形最多 {most} 分", most=plain(rule.most))]),
        basis=rule.basis,
    )


def _use(rule: UseRule) -> RuleRow:
    """What a result is used for."""
    word = OUTCOMES[rule.outcome].text if rule.outcome else ""
    cut = say("，压减全年预算数的 {reduce}%", reduce=plain(rule.reduce)) if rule.reduce is not None else ""
    return RuleRow(
        id=f"uses.{rule.id}",
        rule=say("结果应用：{title}", title=rule.title),
        applies=say("、").join(LEVELS[level] for level in rule.levels),
        method=f"{'；'.join(filter(None, (word, rule.text)))}{cut}",
        parameters=say("；").join(_asked(rule)) or say("其余情形"),
        basis=say("（供研究的建议）{basis}", basis=rule.basis) if rule.proposed else rule.basis,
    )


def _asked(rule: UseRule) -> Iterator[str]:
    """The conditions of a rule on the use of results, in words."""
    if rule.grades:
        yield say("等级为{grades}", grades=say("、").join(rule.grades))
    bounds = (
        (say("采用得分"), rule.score_from, rule.score_below, ""),
        (say("执行率"), rule.rate_from, rule.rate_below, "%"),
        (say("上年得分"), None, rule.last_score_below, ""),
        (say("上年执行率"), None, rule.last_rate_below, "%"),
    )
    for title, low, high, unit in bounds:
        if low is not None:
            yield say("{title}不低于 {low}{unit}", title=title, low=plain(low), unit=unit)
        if high is not None:
            yield say("{title}低于 {high}{unit}", title=title, high=plain(high), unit=unit)
    if rule.errors_from is not None:
        yield say("未改正的问题不少于 {errors_from} 项", errors_from=rule.errors_from)


def rule_sheet(edition: Edition, rules: Sequence[RuleRow] | None = None) -> SheetSpec:
    """评分规则: the rules in words; all of the scheme's unless some are named."""
    described = describe_scheme(edition.round.scheme) if rules is None else rules
    return SheetSpec(
        name="评分规则",
        about=say("本次评价采用的规则"),
        title=edition.title(say("评分规则")),
        note=say(
            "{title}　{stamp}可对照依据逐条核对。", title=edition.round.scheme.title, stamp=edition.stamp
        ),
        columns=tuple(ColumnSpec(title) for title in ("规则", "适用", "方法", "参数", "依据")),
        rows=tuple(rule.words for rule in described),
        empty=say("本方案没有评分规则。"),
    )
