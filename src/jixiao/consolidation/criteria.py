"""The parameters of a scoring table's standards in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain
from jixiao.domain.quantities import Side
from jixiao.domain.scheme import CriterionMethod
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.relations import MeasureKind
    from jixiao.domain.scheme import Criterion, Scheme

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
