"""Rates that cannot be: of a satisfaction or a coverage there is no more than 100 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.quantities import Comparison, Doubt, Verdict

if TYPE_CHECKING:
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.quantities import Quantity
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
        return _undetermined("年度指标值", target.text, Doubt.IMPOSSIBLE_TARGET)
    unit = indicator.entries.get("unit")
    in_percent = unit is not None and lexicon.units.get(unit.text.strip(), ("",))[0] == _PERCENT
    if _exceeds(actual.quantity, bare_too=in_percent):
        return _undetermined("实际完成值", actual.text, Doubt.IMPOSSIBLE_ACTUAL)
    return None


def _is_bounded(name: str, lexicon: Lexicon) -> bool:
    if not any(word in name for word in lexicon.bounded) or any(word in name for word in lexicon.boundless):
        return False
    return not any(word in name for word in lexicon.changes)


def _exceeds(quantity: Quantity | None, *, bare_too: bool = False) -> bool:
    dimensions = {_PERCENT, ""} if bare_too else {_PERCENT}
    return quantity is not None and quantity.dimension in dimensions and quantity.value > HUNDRED


def _undetermined(column: str, text: str, doubt: Doubt) -> Comparison:
    return Comparison(Verdict.UNDETERMINED, reason=f"{column}“{text}”超过 100%", doubt=doubt)
