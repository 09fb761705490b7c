"""One indicator: hold its actual against its target, then let the rule for that kind of target decide."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.quantities import (
    Actual,
    ActualKind,
    Comparison,
    Doubt,
    Quantity,
    Side,
    Target,
    TargetKind,
    Verdict,
)
from jixiao.domain.scores import Award, IndicatorScore
from jixiao.language import say
from jixiao.scoring.intervals import (
    Mismatch,
    Reading,
    Values,
    accepted,
    attain,
    failing_side,
    is_minimum,
    read_alike,
)
from jixiao.scoring.methods import Case, award

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.quantities import Quantity, Target
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Indicator

_PERCENT = "%"


def impossible(indicator: Indicator, lexicon: Lexicon) -> Comparison | None:
    """The comparison of an indicator whose target or actual cannot be, undetermined; None where both can.

    Only a printed percentage counts, its sign behind the figure or in the row's column of units: 290 may be
    people asked. A rate's change (满意度提升率) may be anything.
    """
    if not _is_bounded(indicator.level3, lexicon):
        return None
    target, actual = indicator.target, indicator.actual
    if any(map(_exceeds, (target.low, target.high))):
        return _impossible(say("年度指标值"), target.text, Doubt.IMPOSSIBLE_TARGET)
    unit = indicator.entries.get("unit")
    in_percent = unit is not None and lexicon.units.get(unit.text.strip(), ("",))[0] == _PERCENT
    if _exceeds(actual.quantity, bare_too=in_percent):
        return _impossible(say("实际完成值"), actual.text, Doubt.IMPOSSIBLE_ACTUAL)
    return None


@lru_cache(maxsize=4096)
def _is_bounded(name: str, lexicon: Lexicon) -> bool:
    """Whether there is no more of it than all: kept by the name, which many departments' rows have."""
    if not any(word in name for word in lexicon.bounded) or any(word in name for word in lexicon.boundless):
        return False
    return not any(word in name for word in lexicon.changes)


def _exceeds(quantity: Quantity | None, *, bare_too: bool = False) -> bool:
    dimensions = {_PERCENT, ""} if bare_too else {_PERCENT}
    return quantity is not None and quantity.dimension in dimensions and quantity.value > HUNDRED


def _impossible(column: str, text: str, doubt: Doubt) -> Comparison:
    return Comparison(
        Verdict.UNDETERMINED, reason=say("{column}“{text}”超过 100%", column=column, text=text), doubt=doubt
    )


_LEVELS = {"reached": say("达成预期"), "partly": say("部分达成"), "missed": say("未达成")}
_ABSURD = Decimal("0.001")
"""So small a share is a unit mistaken rather than work undone."""
_MET = {Verdict.MET, Verdict.EXCEEDED}
_UNDECIDED: Final[Mapping[TargetKind, str]] = {
    TargetKind.UNREADABLE: say("年度指标值不能确定其数值"),
    TargetKind.RELATIVE: say("目标与表外的数比较，表内无从核对"),
}


def compare(target: Target, actual: Actual, exceeded_from: Decimal) -> Comparison:
    """Compare an actual with its target, exactly: 94.99 % does not meet ≥95 %.

    `exceeded_from` is the attainment from which a minimum counts as far exceeded (1.3). What cannot be
    decided with certainty is UNDETERMINED with a reason; words are QUALITATIVE, and the actual's level
    says what they support. An actual that says word for word what the target says has met it.
    """
    found = _compare(target.facing(actual), actual, exceeded_from)
    if actual.repeats and found.verdict is Verdict.UNDETERMINED:
        return Comparison(Verdict.MET, reason=say("实际完成值与年度指标值写法相同"))
    return found


def _compare(target: Target, actual: Actual, exceeded_from: Decimal) -> Comparison:
    obstacle = _obstacle(target, actual)
    if obstacle:
        return obstacle
    if target.kind is TargetKind.QUALITATIVE:
        return _by_words(actual)
    if target.kind is TargetKind.DEADLINE:
        return _by_date(target, actual)
    return _by_figure(target, actual, exceeded_from)


def _obstacle(target: Target, actual: Actual) -> Comparison | None:
    """Why there is nothing to compare; None where there is."""
    if target.kind is TargetKind.BLANK:
        return Comparison(Verdict.BLANK, reason=say("年度指标值未填"))
    if actual.kind is ActualKind.BLANK:
        return Comparison(Verdict.BLANK, reason=say("实际完成值未填"))
    if target.kind in _UNDECIDED:
        return _undetermined(_UNDECIDED[target.kind])
    if actual.kind is ActualKind.UNREADABLE:
        return _undetermined(say("实际完成值不能确定其数值"))
    return None


def _undetermined(reason: str) -> Comparison:
    return Comparison(Verdict.UNDETERMINED, reason=reason)


def _by_words(actual: Actual) -> Comparison:
    if actual.level:
        return Comparison(
            Verdict.QUALITATIVE,
            reason=say("“{text}”读作{levels}", text=actual.text, levels=_LEVELS[actual.level]),
        )
    return Comparison(Verdict.QUALITATIVE, reason=say("从文字看不出完成程度"))


def _by_date(target: Target, actual: Actual) -> Comparison:
    if actual.kind is ActualKind.WORDS and actual.level in {"reached", "missed"}:
        verdict = Verdict.MET if actual.level == "reached" else Verdict.MISSED
        return Comparison(
            verdict, reason=say("“{text}”读作{levels}", text=actual.text, levels=_LEVELS[actual.level])
        )
    if actual.when is None or target.due is None:
        return _undetermined(say("目标是期限，实际完成值没有写出完成日期"))
    if target.yearless != actual.yearless:
        return _undetermined(say("目标与实际只有一方写明年份"))
    if actual.when <= (target.due_surely or target.due):
        return Comparison(Verdict.MET)
    if (actual.since or actual.when) > target.due:
        return Comparison(Verdict.MISSED)
    return _undetermined(say("日期写得不够具体，不能确定是否按期"))


def _by_figure(target: Target, actual: Actual, exceeded_from: Decimal) -> Comparison:
    figure, bound = actual.quantity, target.low or target.high
    if figure is None or bound is None:
        return _without_figure(bound, actual)
    if target.kind is TargetKind.ZERO and figure.value == 0 and actual.sign is None:
        return Comparison(Verdict.MET)
    readings = read_alike(bound, figure)
    if isinstance(readings, Mismatch):
        return _undetermined(readings.reason)
    return _agreed({_judge(target, actual, figure.value, reading, exceeded_from) for reading in readings})


def _without_figure(bound: Quantity | None, actual: Actual) -> Comparison:
    """Words where a figure is wanted: a fault of the form's, unless all of it is wanted (100 %)."""
    whole = bound is not None and bound.dimension == "%" and bound.value == HUNDRED
    doubt = Doubt.NO_FIGURE if actual.kind is ActualKind.WORDS and not whole else None
    return Comparison(Verdict.UNDETERMINED, reason=say("目标是数值，实际完成值没有写出数值"), doubt=doubt)


def _agreed(outcomes: set[Comparison]) -> Comparison:
    """What every reading gives; met where they differ only in how far."""
    if len(outcomes) == 1:
        return outcomes.pop()
    if all(outcome.verdict in _MET for outcome in outcomes):
        return Comparison(Verdict.MET)
    return _undetermined(say("一方未写单位，不能确定是百分数还是小数"))


def _judge(
    target: Target, actual: Actual, value: Decimal, reading: Reading, exceeded_from: Decimal
) -> Comparison:
    wanted = accepted(target).scaled(reading.target)
    claimed = Values.claimed(value, actual.sign).scaled(reading.actual)
    exact = actual.sign is None
    attainment = (
        attain(value * reading.actual, wanted) if exact and target.kind is not TargetKind.ZERO else None
    )
    if claimed.is_within(wanted):
        far = exact and is_minimum(target) and attainment is not None and attainment >= exceeded_from
        return Comparison(Verdict.EXCEEDED if far else Verdict.MET, attainment)
    if not _is_miss(claimed, wanted, failing_side(target)):
        return _undetermined(_why_open(target, exact=exact))
    if actual.words and not actual.echoes:
        return _undetermined(say("数值旁的“{words}”可能只说其中一部分", words=actual.words))
    if attainment is not None and 0 < attainment <= _ABSURD:
        return _undetermined(say("与目标相差千倍以上，单位可能不一致"))
    return Comparison(Verdict.MISSED, attainment)


def _is_miss(claimed: Values, wanted: Values, side: Side) -> bool:
    """Whether all that is claimed lies where a miss is certain."""
    below = claimed.is_below(wanted) and side in {Side.BELOW, Side.BOTH}
    return below or (claimed.is_above(wanted) and side in {Side.ABOVE, Side.BOTH})


def _why_open(target: Target, *, exact: bool) -> str:
    if not exact:
        return say("实际完成值只写了界限，没有写出数值")
    if target.kind is TargetKind.BETWEEN:
        return say("实际完成值在目标区间之外，目标没有写明哪一侧算未达成")
    if target.kind is TargetKind.ZERO:
        return say("目标为零，实际完成值为负数")
    return say("目标没有比较符号，不能确定高于还是低于它算未达成")


def score_indicator(indicator: Indicator, scheme: Scheme) -> IndicatorScore:
    """What comparing and scoring give; nothing is decided without a weight or a rule."""
    found = impossible(indicator, scheme.lexicon)
    comparison = found or compare(indicator.target, indicator.actual, scheme.exceeded_from)
    return IndicatorScore(indicator, comparison, _award(indicator, comparison, scheme))


def _award(indicator: Indicator, comparison: Comparison, scheme: Scheme) -> Award:
    target = indicator.target.facing(indicator.actual)
    rule = scheme.rule_for(_kind(target, comparison))
    if rule is None:
        return Award(
            "", comparison.reason or say("年度指标值为空或无法识别，由人工判定"), places=scheme.score_places
        )
    if indicator.weight is None:
        return Award(rule.id, say("分值不明，无法核算"), places=scheme.score_places)
    entry = indicator.entries.get("self_score")
    return award(
        Case(
            weight=indicator.weight,
            target=target,
            actual=indicator.actual,
            comparison=comparison,
            rule=rule,
            bands=scheme.bands,
            places=scheme.score_places,
            step=entry.step if entry else None,
            rounding=scheme.rounding,
        )
    )


def _kind(target: Target, comparison: Comparison) -> TargetKind:
    """The kind of target; one in words where the actual has met it by saying the same, figures and all."""
    repeated = target.kind is TargetKind.UNREADABLE and comparison.verdict is Verdict.MET
    return TargetKind.QUALITATIVE if repeated else target.kind
