"""Indicators that report a measure of the scheme: does the department's own data give the same?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.names import compact_name
from jixiao.audit.subject import report
from jixiao.domain.amounts import AMOUNT_STEP, show
from jixiao.domain.quantities import ActualKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Indicator, Submission
    from jixiao.domain.measures import MeasuredValue

_PERCENT = "%"


def check_measured_indicators(
    submissions: Sequence[Submission], values: Sequence[MeasuredValue]
) -> Iterator[Finding]:
    """X110 (scheme's measures): an indicator that names a measure shows what the figures give."""
    known = {
        compact_name(name): value
        for value in values
        if value.value is not None and not value.project
        for name in value.measure.indicators
    }
    for form in submissions:
        for indicator in form.indicators:
            value = known.get(compact_name(indicator.level3))
            if value and _differs(indicator, value):
                entry = indicator.entries.get("actual")
                yield report(
                    form,
                    "X110",
                    entry.ref if entry else indicator.ref,
                    indicator.name,
                    evidence=value.refs,
                    reported=indicator.actual.text,
                    expected=f"{show(value.value)}{value.measure.unit}" if value.value is not None else "",
                    derivation=value.derivation,
                )


def _differs(indicator: Indicator, value: MeasuredValue) -> bool:
    """Whether the printed percentage cannot be a rounding of the measure."""
    actual = indicator.actual
    printed = actual.quantity
    if value.value is None or actual.kind is not ActualKind.FIGURE or actual.sign or printed is None:
        return False
    if printed.dimension != _PERCENT:
        return False
    return abs(printed.value - value.value) > max(printed.step, AMOUNT_STEP)
