"""Targets and actuals worth a look, or that cannot be: far exceeded, signs repeated, words for a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, plain, show_percent
from jixiao.domain.quantities import Doubt, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Indicator


def check_exceeded(subject: Subject) -> Iterator[Finding]:
    """Q101 (scheme's exceeded_from): far above the target without a reason, so the target was set low."""
    threshold = subject.scheme.exceeded_from
    for scored in subject.card.indicators:
        indicator, comparison = scored.indicator, scored.comparison
        if comparison.verdict is not Verdict.EXCEEDED or indicator.reason.strip():
            continue
        attainment = "" if comparison.attainment is None else show_percent(comparison.attainment)
        yield subject.finding(
            "Q101",
            _actual_ref(indicator),
            indicator.name,
            reported=indicator.actual.text,
            expected=indicator.target.text,
            attainment=attainment,
            threshold=f"{plain(threshold * HUNDRED)}%",
        )


def check_repeated_signs(subject: Subject) -> Iterator[Finding]:
    """Q102: an actual with a comparison sign (＞3.5) is a bound, not what was reached."""
    for indicator in subject.submission.indicators:
        if indicator.actual.sign is not None:
            ref = _actual_ref(indicator)
            yield subject.finding("Q102", ref, indicator.name, reported=indicator.actual.text)


def check_texts(subject: Subject) -> Iterator[Finding]:
    """V115: words where the target asks for a figure; V116: more than 100 % of what there is no more of.

    The points then stand unverified; no other finding is made of such an indicator's comparison.
    """
    for scored in subject.card.indicators:
        indicator, doubt = scored.indicator, scored.comparison.doubt
        if doubt is None:
            continue
        column = "target" if doubt is Doubt.IMPOSSIBLE_TARGET else "actual"
        text = indicator.target.text if column == "target" else indicator.actual.text
        entry = indicator.entries.get(column)
        yield subject.finding(
            "V115" if doubt is Doubt.NO_FIGURE else "V116",
            entry.ref if entry else indicator.ref,
            indicator.name,
            reported=text,
            wanted=indicator.target.text,
        )


def _actual_ref(indicator: Indicator) -> CellRef:
    entry = indicator.entries.get("actual")
    return entry.ref if entry else indicator.ref
