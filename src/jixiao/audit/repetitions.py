"""The same indicator on the overall form and on a project's: does it come to the same there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.names import match_names
from jixiao.audit.subject import report
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import ActualKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Indicator, Submission
    from jixiao.domain.quantities import Quantity, Target
    from jixiao.domain.scheme import Scheme


def check_repeated_indicators(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """X108: one indicator, by name and target the same on the overall and a project form, has two actuals.

    Told once, at the overall form's cell. Indicators of the scheme's distinct levels (satisfaction) and
    those of two projects are each form's own, however alike their names.
    """
    overall = [each for each in submissions if each.scope is Scope.OVERALL]
    if len(overall) != 1:
        return
    own = _by_name(overall[0], scheme)
    for form in submissions:
        if form.scope is not Scope.PROJECT:
            continue
        theirs = _by_name(form, scheme)
        for name, match in match_names(own, theirs).items():
            if match and _contradict(own[name], theirs[match.name]):
                yield _tell(overall[0], own[name], form, theirs[match.name])


def _by_name(form: Submission, scheme: Scheme) -> dict[str, Indicator]:
    """Indicators with a figure by their name; of two with one name the first."""
    named: dict[str, Indicator] = {}
    for each in form.indicators:
        if each.level3 and not {each.level1, each.level2} & set(scheme.distinct_levels):
            named.setdefault(each.level3, each)
    return named


def _contradict(one: Indicator, other: Indicator) -> bool:
    """Whether both are held against the same target and give another figure, or only one of them a bound."""
    first, second = one.actual, other.actual
    if {first.kind, second.kind} != {ActualKind.FIGURE} or not first.quantity or not second.quantity:
        return False
    if not _same_target(one.target, other.target):
        return False
    return first.sign != second.sign or not _same(first.quantity, second.quantity)


def _same_target(one: Target, other: Target) -> bool:
    return (
        one.kind is other.kind
        and (one.low is not None or one.high is not None)
        and _same_bound(one.low, other.low)
        and _same_bound(one.high, other.high)
    )


def _same_bound(one: Quantity | None, other: Quantity | None) -> bool:
    return one is other is None or (one is not None and other is not None and _same(one, other))


def _same(one: Quantity, other: Quantity) -> bool:
    return (one.value, one.dimension) == (other.value, other.dimension)


def _tell(form: Submission, indicator: Indicator, other_form: Submission, other: Indicator) -> Finding:
    at = _ref(other)
    return report(
        form,
        "X108",
        _ref(indicator),
        indicator.name,
        evidence=(at,),
        reported=indicator.actual.text,
        other=other.actual.text,
        place=f"《{other_form.sheet}》{at.a1}“{other.name}”",
    )


def _ref(indicator: Indicator) -> CellRef:
    entry = indicator.entries.get("actual")
    return entry.ref if entry else indicator.ref
