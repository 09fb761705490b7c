"""The parameters of a scoring table's standards in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain
from jixiao.domain.criteria import CriterionMethod
from jixiao.domain.quantities import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.criteria import Criterion
    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.relations import MeasureKind
    from jixiao.domain.scheme import Scheme

_PRINTED = {" ÷ ": "÷", "÷ ": "÷", " − ": "－"}
"""A table of rules prints formulas without spaces."""
_ABSENT = "（报送表没有）"


def describe_criterion(criterion: Criterion, scheme: Scheme) -> Iterator[str]:
    """Points, bands and items, then how the percentage is formed and which of its figures no form holds."""
    yield from _points(criterion)
    yield from (f"{item.title} {plain(item.points)} 分" for item in criterion.items)
    if criterion.adjustable:
        yield "部门可换成个性化指标"
    operands = criterion.operands
    if operands is None:
        return
    of, base = (_figure(address, scheme) for address in (operands.of, operands.base))
    if criterion.method is CriterionMethod.COMPARISON:
        yield f"{of}与{base}比较"
    elif operands.of is None and operands.base is None:
        yield f"{operands.title}{_ABSENT}"
    else:
        yield f"{operands.title}＝{_formula(operands.kind).format(of=of, base=base)}"


def _formula(kind: MeasureKind) -> str:
    formula = kind.formula
    for sentence, table in _PRINTED.items():
        formula = formula.replace(sentence, table)
    return formula


def _points(criterion: Criterion) -> Iterator[str]:
    parameters = criterion.parameters
    below = criterion.worse is Side.BELOW
    if criterion.method is CriterionMethod.POINTS_OFF:
        part = "不足一个百分点的按比例扣" if criterion.pro_rata else "不足一个百分点的不扣"
        side, points = "低于" if below else "高于", plain(parameters["points"])
        yield f"标准 {plain(parameters['standard'])}%，{side}标准每个百分点扣 {points} 分"
        yield part
    elif criterion.method is CriterionMethod.BANDS:
        side = "≥" if below else "≤"
        yield from (f"{side}{plain(step.bound)}% 得 {plain(step.score)}" for step in criterion.steps)
        yield f"其余得 {plain(parameters['otherwise'])}"
    elif criterion.method is CriterionMethod.PER_OCCURRENCE:
        yield f"每例扣 {plain(parameters['points'])} 分"
    elif criterion.method is CriterionMethod.COMPARISON:
        none, within, above = (plain(parameters[name]) for name in ("none", "within", "above"))
        yield f"没有得 {none}，不超过得 {within}，超过得 {above}"


def _figure(address: FormAddress | None, scheme: Scheme) -> str:
    """What the form calls a figure."""
    return address.address.title(scheme.form(address.form)) if address else _ABSENT
