"""Self scores against what the rules give: refuted, missed with full marks, outside the band, too low."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from jixiao.audit.form.reasons import has_reason, is_explained
from jixiao.audit.subject import ARRIVED, OTHER_BASE, Claim
from jixiao.domain.amounts import ZERO, show
from jixiao.domain.findings import Declaration, declare
from jixiao.domain.quantities import Verdict
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.audit.subject import Subject
    from jixiao.domain.findings import Finding
    from jixiao.domain.scores import IndicatorScore

SCORE_OFF = declare("S103", "reported", "expected", optional=("derivation",))
EXECUTION_SCORE_OFF = declare("S104", "reported", "expected", optional=("derivation",))
FULL_THOUGH_MISSED = declare("S105", "reported", optional=("derivation",))
OUTSIDE_BAND = declare("S108", "reported", optional=("derivation",))
UNDETERMINED = declare("S111", optional=("reason",))
MODEST_SCORE = declare("S113", "reported", "expected", optional=("derivation",))
RATE_UNDEFINED = declare("S114")
CRITERION_SCORE_OFF = declare("S127", "reported", "expected", optional=("derivation",))

_JUDGED = ("target", "actual", "weight")
"""What of an indicator its points are worked out from."""


def check_indicator_scores(subject: Subject) -> Iterator[Finding]:
    """Quantitative indicators (scheme rules): S105 full marks for a miss, else S103 more than the rule gives.

    S127 where it is a standard that gives less, from figures that stand on other forms.
    A score above the weight is refuted by itself (S102); here it counts as full marks.
    """
    for scored, claim, claimed in _own_claims(subject):
        if claimed is None:
            continue
        verdict = scored.comparison.verdict
        if verdict is Verdict.MISSED and claimed == claim.weight and scored.evidence is None:
            yield _against(subject, FULL_THOUGH_MISSED, claim)
        elif claim.award.score is not None and claimed > claim.award.score:
            yield _against(subject, CRITERION_SCORE_OFF if scored.evidence else SCORE_OFF, claim)


def check_execution_score(subject: Subject) -> Iterator[Finding]:
    """Execution (scheme's execution rule): S104 more than rate × weight under every permitted rounding.

    A108 where it is the share of the money that arrived, unless the rate beside it has been told so.
    """
    claim = subject.execution_claim
    if claim is None or claim.award.score is None:
        return
    claimed = _refuted(claim)
    if claimed is None or claimed <= claim.award.score:
        return
    line = subject.card.execution.line if subject.card.execution else None
    rate = line.value("execution_rate") if line else None
    if line is None or not subject.earned_of_arrived(claimed, rate):
        yield _against(subject, EXECUTION_SCORE_OFF, claim)
    elif rate is None:
        yield subject.finding(
            OTHER_BASE,
            claim.ref,
            claim.label,
            evidence=(*claim.cells, line.entries[ARRIVED]),
            reported=show(claimed),
            expected=show(claim.award.score),
            divisor=subject.column_title(line, ARRIVED),
            derivation=claim.award.derivation,
        )


def check_bands(subject: Subject) -> Iterator[Finding]:
    """Qualitative indicators (scheme's bands): S108 a score outside the band that the wording supports."""
    for scored, claim, claimed in subject.once(_claims):
        award = scored.award
        if claimed is None or award.low is None or award.high is None:
            continue
        if scored.comparison.verdict is Verdict.MISSED and claimed == claim.weight:
            continue
        yield subject.finding(
            OUTSIDE_BAND,
            claim.ref,
            claim.label,
            evidence=claim.cells,
            reported=show(claim.points or ZERO),
            expected=say("{low} 至 {high}", low=show(award.low), high=show(award.high)),
            derivation=award.derivation,
        )


def check_modest_scores(subject: Subject) -> Iterator[Finding]:
    """S113: points lost without a word although the rule gives all of them, so nobody meant to.

    A score somewhat below what a miss or an execution rate earns is a department's modesty, and its right.
    """
    for scored, claim, claimed in _own_claims(subject):
        if _is_modest(claim, claimed) and not is_explained(scored.indicator, subject):
            yield _against(subject, MODEST_SCORE, claim)
    execution = subject.execution_claim
    if execution and subject.card.execution and _is_modest(execution, _refuted(execution)):
        reasons = (subject.card.execution.line.entries.get("reason"), subject.submission.fields.get("reason"))
        if not any(map(has_reason, reasons)):
            yield _against(subject, MODEST_SCORE, execution)


def _is_modest(claim: Claim, claimed: Decimal | None) -> bool:
    """Whether the rule gives all points, and fewer were taken."""
    full = claim.award.score is not None and claim.award.score == claim.weight
    return claimed is not None and full and claim.weight is not None and claimed < claim.weight


def check_undetermined(subject: Subject) -> Iterator[Finding]:
    """S111: points that no rule could decide; a person must.

    Blank cells are told of elsewhere (V103), so are texts that no figure can be held against (V115, V116).
    Most of a scoring table is for a person: that is said once for the form (S125), not row by row.
    """
    if not subject.layout.compares_targets:
        return
    for scored, claim, _ in subject.once(_claims):
        award = scored.award
        open_points = award.score is None and award.low is None and claim.weight is not None
        told = scored.comparison.verdict is Verdict.BLANK or scored.comparison.doubt is not None
        if open_points and claim.weight and not told:
            reason = scored.comparison.reason or award.derivation
            shown = _shown(claim.points)
            yield subject.finding(
                UNDETERMINED, claim.ref, claim.label, evidence=claim.cells, reported=shown, reason=reason
            )


def check_undefined_rate(subject: Subject) -> Iterator[Finding]:
    """S114: an annual budget of 0 makes the execution rate undefined; a person decides the score.

    With money executed it is the budget that is wrong (A107).
    """
    execution = subject.card.execution
    annual = execution.line.entries.get("annual_budget") if execution else None
    spent = (execution.line.value("executed") or ZERO) > 0 if execution else False
    if execution and annual and annual.value == 0 and not spent and execution.line.value("weight"):
        label = subject.line_label(execution.line, "annual_budget")
        yield subject.finding(RATE_UNDEFINED, annual.ref, label, evidence=(), reported=show(ZERO))


_Claimed: TypeAlias = "tuple[IndicatorScore, Claim, Decimal | None]"
"""An indicator's claim, and what of it the award does not support."""


def _claims(subject: Subject) -> tuple[_Claimed, ...]:
    claims = ((scored, _claim(scored, subject)) for scored in subject.card.indicators)
    return tuple((scored, claim, _refuted(claim)) for scored, claim in claims)


def _own_claims(subject: Subject) -> Iterator[_Claimed]:
    """The indicators that are scored by their targets: the execution's own row goes by its rate."""
    row = subject.execution_row
    return (each for each in subject.once(_claims) if each[0].indicator is not row)


def _claim(scored: IndicatorScore, subject: Subject) -> Claim:
    indicator = scored.indicator
    entry = indicator.entries.get("self_score")
    own = tuple(indicator.entries[name] for name in _JUDGED if name in indicator.entries)
    standard = scored.evidence
    others = tuple(cell for cell in (standard.of, standard.base) if cell) if standard else ()
    cells = (*own, *others, subject.completing_year(indicator))
    return Claim(indicator.name, entry, indicator.ref, indicator.weight, scored.award, cells)


def _refuted(claim: Claim) -> Decimal | None:
    """The self score, at most the weight, where the award does not support it; None where it stands.

    One below 0 is out of bounds by itself (S102) and not looked at here.
    """
    if claim.points is None or claim.weight is None or claim.points < 0:
        return None
    claimed = min(claim.points, claim.weight)
    return None if claim.award.supports(claimed) else claimed


def _against(subject: Subject, kind: Declaration, claim: Claim) -> Finding:
    """A finding on a self score with the score that the rule gives (empty where it gives none)."""
    return subject.finding(
        kind,
        claim.ref,
        claim.label,
        evidence=claim.cells,
        reported=_shown(claim.points),
        expected=_shown(claim.award.score),
        derivation=claim.award.derivation,
    )


def _shown(points: Decimal | None) -> str:
    return "" if points is None else show(points)
