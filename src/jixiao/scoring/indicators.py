"""One indicator: compare its actual with its target, then let the rule for that kind of target decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.quantities import TargetKind, Verdict
from jixiao.domain.scores import Award, IndicatorScore
from jixiao.scoring.attainment import compare
from jixiao.scoring.methods import Case, award
from jixiao.scoring.plausibility import impossible

if TYPE_CHECKING:
    from jixiao.domain.quantities import Comparison, Target
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Indicator


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
            "", comparison.reason or "年度指标值为空或无法识别，由人工判定", places=scheme.score_places
        )
    if indicator.weight is None:
        return Award(rule.id, "分值不明，无法核算", places=scheme.score_places)
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
