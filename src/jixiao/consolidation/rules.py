"""A scheme in words, rule by rule, for an officer to check against the regulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.words import EXECUTION, METHODS, SCOPES, TARGETS, TREATMENTS
from jixiao.domain.amounts import HUNDRED, plain
from jixiao.domain.forms import IdentityKind
from jixiao.domain.quantities import TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.domain.scheme import Scheme, ScoringRule, Weights

_RELATIONS = {
    IdentityKind.SUM: "合计等于各部分之和，允许四舍五入误差",
    IdentityKind.AT_MOST: "“其中”各项之和不超过合计",
    IdentityKind.RATIO: "比率按两数相除核对",
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


def describe_scheme(scheme: Scheme) -> list[RuleRow]:
    """All rules of a scheme in the order of an evaluation: weights, scores, composite, identities."""
    return [
        *(_weights(weights, scheme) for weights in scheme.weights),
        _execution(scheme),
        *(_scoring(rule, scheme) for rule in scheme.rules),
        _overshoot(scheme),
        _grades(scheme),
        _composite(scheme),
        *_identities(scheme),
    ]


def _weights(weights: Weights, scheme: Scheme) -> RuleRow:
    parts = dict(weights.groups)
    if weights.execution is not None:
        parts = {EXECUTION: weights.execution, **parts}
    return RuleRow(
        id=f"weights.{weights.scope.value}",
        rule="分值分配",
        applies=SCOPES[weights.scope],
        method="应按规定分值设置" if weights.fixed else "可调整各部分分值，合计应等于总分",
        parameters="；".join(
            [f"总分 {plain(weights.total)}", *(f"{name} {plain(w)}" for name, w in parts.items())]
        ),
        basis=_regulations(scheme),
    )


def _execution(scheme: Scheme) -> RuleRow:
    rule = scheme.execution
    parameters = [
        f"执行率保留{rule.rate_places}位小数（百分数）",
        f"得分保留{rule.score_places}位小数，四舍五入",
    ]
    if rule.exact_accepted:
        parameters.append("按未舍入的执行率计算的得分同样认可")
    if rule.reason_below is not None:
        parameters.append(f"执行率低于{plain(rule.reason_below)}%应说明原因")
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies="各自评表的预算执行率",
        method="得分＝分值×执行率，最高为分值；执行率＝全年执行数÷全年预算数，后者为 0 时由人工判断",
        parameters="；".join(parameters),
        basis=rule.basis,
    )


def _scoring(rule: ScoringRule, scheme: Scheme) -> RuleRow:
    parameters = [f"{name}＝{plain(value)}" for name, value in rule.parameters.items()]
    if TargetKind.QUALITATIVE in rule.kinds:
        parameters += [f"{band.title} {_percent(band.high)}～{_percent(band.low)}" for band in scheme.bands]
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies="；".join(title for kind, title in TARGETS.items() if kind in rule.kinds),
        method=METHODS[rule.method],
        parameters="；".join(parameters),
        basis=rule.basis,
    )


def _overshoot(scheme: Scheme) -> RuleRow:
    return RuleRow(
        id=OVERSHOOT,
        rule="超额完成",
        applies="有数值目标的指标",
        method="完成值远超目标又未说明原因的，提示目标可能定得过低，不扣分",
        parameters=f"达到目标的{_percent(scheme.exceeded_from)}起提示",
        basis=_regulations(scheme),
    )


def _grades(scheme: Scheme) -> RuleRow:
    cuts = [f"{cut.grade} ≥{plain(cut.low)}" for cut in scheme.grades[:-1]]
    cuts += [
        f"{cut.grade} <{plain(above.low)}"
        for above, cut in zip(scheme.grades[-2:], scheme.grades[-1:], strict=False)
    ]
    synonyms = [f"“{word}”视同“{cut.grade}”" for cut in scheme.grades for word in cut.synonyms]
    return RuleRow(
        id=GRADES,
        rule="评价等级",
        applies="各自评表总分、综合得分",
        method="按得分确定等级",
        parameters="；".join(cuts + synonyms),
        basis=_regulations(scheme),
    )


def _composite(scheme: Scheme) -> RuleRow:
    rule = scheme.composite
    return RuleRow(
        id=rule.id,
        rule=rule.title,
        applies="既有部门整体又有项目自评表的部门",
        method="综合得分＝各项得分×资金占比之和；占比的尾差并入资金最大的一项",
        parameters=(
            f"占比保留{rule.share_places}位小数（百分数）；加权得分保留{rule.score_places}位小数；"
            f"{TREATMENTS[rule.carryover]}"
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
                basis="报送表自身的勾稽关系",
            )


def _regulations(scheme: Scheme) -> str:
    return "；".join(scheme.regulations)


def _percent(share: Decimal) -> str:
    return f"{plain(share * HUNDRED)}%"
