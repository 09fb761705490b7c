"""Measures of a department by the scheme: each with its figures, or with what is missing for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, plain, round_half_up, show
from jixiao.domain.measures import DIVIDING, MeasuredValue, MeasureKind
from jixiao.scoring.operands import Operands, Rate, look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jixiao.domain.measures import Measure
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

_RATE_PLACES = 2


def measure(department: str, submissions: Sequence[Submission], scheme: Scheme) -> tuple[MeasuredValue, ...]:
    """Every measure of one department, in the scheme's order; those none of whose forms came are left out."""
    sent = {each.form for each in submissions}
    return tuple(
        value
        for rule in scheme.measures
        if any(operand.form in sent for operand in rule.operands)
        for value in _measure(department, submissions, rule, scheme)
    )


def _measure(
    department: str, submissions: Sequence[Submission], rule: Measure, scheme: Scheme
) -> Iterator[MeasuredValue]:
    if not rule.per_form:
        yield _value(department, "", rule, _compute(look_up(rule, submissions, scheme)))
        return
    for submission in submissions:
        if submission.form == rule.of[0].form:
            outcome = _compute(look_up(rule, (submission,), scheme))
            yield _value(department, submission.project, rule, outcome)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a computation gave: the exact result with how it came about, or why there is none."""

    derivation: str
    result: Decimal | None = None
    parts: tuple[Decimal, Decimal] | None = None
    operands: Operands | None = None


def _value(department: str, project: str, rule: Measure, outcome: _Outcome) -> MeasuredValue:
    value = None if outcome.result is None else round_half_up(outcome.result, rule.places)
    gap = "" if rule.kind.is_percentage else " "
    shown = "" if value is None else f" = {show(value, rule.places)}{gap}{rule.unit}"
    numerator, denominator = outcome.parts or (None, None)
    return MeasuredValue(
        measure=rule,
        department=department,
        project=project,
        value=value,
        derivation=f"{outcome.derivation}{shown}",
        refs=tuple(dict.fromkeys(outcome.operands.refs)) if outcome.operands else (),
        numerator=numerator,
        denominator=denominator,
    )


def _compute(operands: Operands) -> _Outcome:
    """The measure from its operands; not known where one of them is not."""
    kind = operands.measure.kind
    if operands.missing:
        outcome = _Outcome(f"缺少：{'、'.join(operands.missing)}")
    elif kind in DIVIDING and operands.sum("base") <= 0:
        outcome = _undefined(operands, "base")
    else:
        outcome = _KINDS[kind](operands)
    return _Outcome(outcome.derivation, outcome.result, outcome.parts, operands)


def _undefined(operands: Operands, side: str) -> _Outcome:
    return _Outcome(f"{operands.words(side)}，不大于 0，无法计算")


def _divide(operands: Operands, words: str) -> _Outcome:
    base, space = operands.sum("base"), "" if words.endswith("）") else " "
    above = operands.measure.kind.dividend(operands.sum("of") - operands.sum("less"), base)
    return _Outcome(f"{words}{space}÷ {operands.words('base')}", above * HUNDRED / base, (above, base))


def _terms(operands: Operands) -> str:
    """What is counted, less what is taken away."""
    less = operands.sides["less"]
    return f"{operands.words('of')} − {operands.words('less')}" if less else operands.words("of")


def _ratio(operands: Operands) -> _Outcome:
    words = f"（{_terms(operands)}）" if operands.sides["less"] else _terms(operands)
    return _divide(operands, words)


def _change(operands: Operands) -> _Outcome:
    words = f"（{_terms(operands)} − {operands.words('base')}）"
    return _divide(operands, words)


def _saving(operands: Operands) -> _Outcome:
    words = f"（{operands.words('base')} − {operands.words('of')}）"
    return _divide(operands, words)


def _adjustment(operands: Operands) -> _Outcome:
    return _divide(operands, f"｜{_terms(operands)}｜")


def _difference(operands: Operands) -> _Outcome:
    return _Outcome(_terms(operands), operands.sum("of") - operands.sum("less"))


def _mean(operands: Operands) -> _Outcome:
    rates = operands.rates()
    if not rates:
        return _Outcome("各表的分母都不大于 0，无法计算")
    texts = [_percent(each.percent) for each in rates]
    left_out = len(operands.forms) - len(rates)
    note = f"（另有 {left_out} 张表分母不大于 0，没有比率）" if left_out else ""
    result = sum((each.percent for each in rates), ZERO) / len(rates)
    return _Outcome(f"{note}（{' + '.join(texts)}）÷ {len(rates)}", result)


def _pooled(operands: Operands) -> _Outcome:
    above, base = operands.sum("of"), operands.sum("base")
    derivation = f"{len(operands.forms)} 张表合计：{show(above)} ÷ {show(base)}"
    return _Outcome(derivation, above * HUNDRED / base, (above, base))


def _low(operands: Operands) -> list[Rate]:
    threshold = operands.measure.threshold or ZERO
    return [each for each in operands.rates() if each.percent < threshold]


def _count_below(operands: Operands) -> _Outcome:
    low = _low(operands)
    names = "、".join(f"{each.name} {_percent(each.percent)}" for each in low) or "无"
    limit = plain(operands.measure.threshold or ZERO)
    return _Outcome(f"共 {len(operands.forms)} 个，低于 {limit}% 的：{names}", Decimal(len(low)))


def _share_below(operands: Operands) -> _Outcome:
    low, whole = _low(operands), operands.sum("whole")
    if whole <= 0:
        return _undefined(operands, "whole")
    below = sum((each.base for each in low), ZERO)
    derivation = f"低于的 {len(low)} 个合计 {show(below)} ÷ {operands.words('whole')}"
    return _Outcome(derivation, below * HUNDRED / whole, (below, whole))


def _percent(rate: Decimal) -> str:
    return f"{show(round_half_up(rate, _RATE_PLACES))}%"


_KINDS: Mapping[MeasureKind, Callable[[Operands], _Outcome]] = {
    MeasureKind.RATIO: _ratio,
    MeasureKind.SHARE: _ratio,
    MeasureKind.CHANGE: _change,
    MeasureKind.SAVING: _saving,
    MeasureKind.ADJUSTMENT: _adjustment,
    MeasureKind.DIFFERENCE: _difference,
    MeasureKind.MEAN: _mean,
    MeasureKind.POOLED: _pooled,
    MeasureKind.COUNT_BELOW: _count_below,
    MeasureKind.SHARE_BELOW: _share_below,
}
