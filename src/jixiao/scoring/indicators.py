"""One indicator: compare its actual with its target, then let the rule for that kind of target decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.scores import Award, IndicatorScore
from jixiao.scoring.attainment import compare
from jixiao.scoring.methods import Case, award

if TYPE_CHECKING:
    from jixiao.domain.forms import Indicator
    from jixiao.domain.quantities import Comparison
    from jixiao.domain.scheme import Scheme


def score_indicator(indicator: Indicator, scheme: Scheme) -> IndicatorScore:
    """What comparing and scoring give; nothing is decided without a weight or a rule."""
    comparison = compare(indicator.target, indicator.actual, scheme.exceeded_from)
    return IndicatorScore(indicator, comparison, _award(indicator, comparison, scheme))


def _award(indicator: Indicator, comparison: Comparison, scheme: Scheme) -> Award:
    rule = scheme.rule_for(indicator.target.kind)
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
            target=indicator.target,
            actual=indicator.actual,
            comparison=comparison,
            rule=rule,
            bands=scheme.bands,
            places=scheme.score_places,
            step=entry.step if entry else None,
            rounding=scheme.rounding,
        )
    )
