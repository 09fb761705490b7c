"""Targets and actuals worth a look, or that cannot be: far exceeded, signs repeated, words for a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.form.reasons import is_explained
from jixiao.domain.amounts import HUNDRED, plain, show_percent
from jixiao.domain.findings import declare
from jixiao.domain.quantities import ActualKind, Doubt, Verdict

_FEW, _HARDLY = 10, 2
"""Below so many things up to so many more are chance, not a target set too low."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.audit.subject import Subject
    from jixiao.domain.findings import Finding
    from jixiao.domain.submissions import Indicator

ACTUAL_IN_WORDS = declare("V115", "reported", optional=("wanted",))
RATE_BEYOND_WHOLE = declare("V116", "reported")
FAR_BEYOND_TARGET = declare("Q101", "label", "reported", "expected", optional=("attainment", "threshold"))
ONLY_A_RANGE = declare("Q102", "label", "reported")
ROW_TWICE = declare("Q103", "label", "other")


def check_exceeded(subject: Subject) -> Iterator[Finding]:
    """Q101 (scheme's exceeded_from): far above the target without a reason, so the target was set low.

    Silent where one or two more of a small number of things are all there is to it: 2 beside ≥1.
    """
    threshold = subject.scheme.exceeded_from
    for scored in subject.card.indicators:
        indicator, comparison = scored.indicator, scored.comparison
        if (
            comparison.verdict is not Verdict.EXCEEDED
            or _is_tiny(indicator)
            or is_explained(indicator, subject)
        ):
            continue
        attainment = "" if comparison.attainment is None else show_percent(comparison.attainment)
        yield subject.finding(
            FAR_BEYOND_TARGET,
            indicator.cell("actual"),
            indicator.name,
            evidence=(indicator.entries.get("target"),),
            reported=indicator.actual.text,
            expected=indicator.target.text,
            attainment=attainment,
            threshold=f"{plain(threshold * HUNDRED)}%",
        )


def check_repeated_signs(subject: Subject) -> Iterator[Finding]:
    """Q102: an actual with a comparison sign (＞3.5) is a bound, not what was reached."""
    for indicator in subject.submission.indicators:
        if indicator.actual.sign is not None:
            ref = indicator.cell("actual")
            yield subject.finding(
                ONLY_A_RANGE, ref, indicator.name, evidence=(), reported=indicator.actual.text
            )


def _is_tiny(indicator: Indicator) -> bool:
    """Whether a few things were counted, and hardly more than were to be."""
    target, actual = indicator.target.low, indicator.actual.quantity
    if target is None or actual is None or actual.dimension == "%":
        return False
    counted, wanted = actual.value, target.value
    whole = counted == counted.to_integral_value() and wanted == wanted.to_integral_value()
    return whole and wanted < _FEW and counted - wanted <= _HARDLY


def check_texts(subject: Subject) -> Iterator[Finding]:
    """V115: words where the target asks for a figure; V116: more than 100 % of what there is no more of.

    The points then stand unverified; no other finding is made of such an indicator's comparison. Words that
    say that nothing was done (未实施) beside no points need no figure.
    """
    for scored in subject.card.indicators:
        indicator, doubt = scored.indicator, scored.comparison.doubt
        if doubt is None or (doubt is Doubt.NO_FIGURE and _is_given_up(indicator, subject)):
            continue
        column = "target" if doubt is Doubt.IMPOSSIBLE_TARGET else "actual"
        text = indicator.target.text if column == "target" else indicator.actual.text
        yield subject.finding(
            ACTUAL_IN_WORDS if doubt is Doubt.NO_FIGURE else RATE_BEYOND_WHOLE,
            indicator.cell(column),
            indicator.name,
            evidence=(indicator.entries.get("target"), indicator.entries.get("actual")),
            reported=text,
            **({"wanted": indicator.target.text} if doubt is Doubt.NO_FIGURE else {}),
        )


def _is_given_up(indicator: Indicator, subject: Subject) -> bool:
    words = subject.scheme.lexicon.shortfalls
    return indicator.self_score == 0 and any(word in indicator.actual.text for word in words)


def check_rows_twice(subject: Subject) -> Iterator[Finding]:
    """Q103: one indicator in two rows, name, target and actual the same: its points are given twice.

    Rows with words for target and actual may well say the same; figures do so by mistake only.
    """
    seen: dict[tuple[str, str, str, str], Indicator] = {}
    for indicator in subject.submission.indicators:
        key = (indicator.level2, indicator.level3, indicator.target.text, indicator.actual.text)
        first = seen.setdefault(key, indicator)
        figures = indicator.actual.kind is ActualKind.FIGURE
        if first is not indicator and indicator.level3 and figures and not indicator.detail:
            place = first.cell("actual")
            yield subject.finding(
                ROW_TWICE,
                indicator.cell("actual"),
                indicator.name,
                evidence=(first.entries.get("actual"),),
                reported=indicator.actual.text,
                other=place.a1,
            )
