"""Self scores and their total against what the rules give: refuted, outside the band, not adding up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from jixiao.audit.form.reasons import has_reason, is_explained
from jixiao.audit.form.weights import WeightsSum
from jixiao.audit.subject import ARRIVED, OTHER_BASE, Claim
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up, show, step_of
from jixiao.domain.findings import Declaration, declare
from jixiao.domain.quantities import Verdict
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.audit.subject import Evidence, Subject
    from jixiao.domain.findings import Finding
    from jixiao.domain.scores import IndicatorScore
    from jixiao.domain.submissions import Entry

TOTAL_OFF = declare("S106", "reported", "sum", optional=("partial", "gap"))
GRADE_OFF = declare("S107", "reported", "expected", optional=("score",))
GRADE_SPELLING = declare("S120", "reported", "expected")

_EXECUTIONS = {Decimal(10), Decimal(20)}
"""Points that forms usually give for the execution."""
_DUST = 6
"""Decimals beyond which a stored total is the binary dust of a spreadsheet sum."""


def check_total_score(subject: Subject) -> Iterator[Finding]:
    """S106: 总分 is the sum of the execution's and the indicators' self scores.

    Scores are not rounded in adding them, so nothing is excused, but for a total that is printed with fewer
    decimals than its parts and equals their sum rounded to these (97 for 96.55). That never makes up full
    marks: 99.65 is not 100. A sum of formulas counts with and without the decimals that the form hides.

    Where a score is not known, or points are given elsewhere, the total may be more than the known scores,
    but never less.
    """
    entry, scores = subject.submission.total.get("self_score"), _Scores.of(subject)
    if entry is None or entry.value is None or not scores.parts or not subject.submission.indicators:
        return  # an unread block (L106) has points that nobody knows
    total, places = round_half_up(entry.value, _DUST), subject.scheme.score_places
    parts = scores.parts
    sums = (sum(parts, ZERO), sum((round_half_up(part, places) for part in parts), ZERO))
    full = WeightsSum.of(subject).total or HUNDRED
    open_ended = not scores.complete and total > min(sums)
    if not open_ended and not any(_stands(total, entry, each, full) for each in sums):
        expected, cells = round_half_up(sums[0], places), _part_cells(subject, "self_score")
        yield _off(subject, entry, expected, cells, partial=not scores.complete)


def check_total_weight(subject: Subject) -> Iterator[Finding]:
    """S106: 分值 of the row of totals is the sum of the weights, where it is not that which is wrong (S101).

    Points of the execution that stand nowhere may be what the total has more: 100 above 90. Any other gap is
    worth a question.
    """
    entry, weights = subject.submission.total.get("weight"), WeightsSum.of(subject)
    permitted = {each.total for each in subject.divisions}
    wrong = permitted and weights.is_all(max(permitted)) and weights.total not in permitted
    if entry is None or entry.value is None or not permitted or wrong or entry.value == weights.total:
        return
    finding = _off(subject, entry, weights.total, _part_cells(subject, "weight"))
    if weights.complete or weights.total in permitted:
        yield finding
    elif all(stake.weight is not None for stake in subject.card.stakes):
        usual = {each.execution for each in subject.divisions} | _EXECUTIONS
        if subject.submission.indicators and entry.value - weights.total not in usual:
            yield replace(finding, assumed=(say("资金部分没有预算执行的分值，只计各项指标的分值"),))


def check_grade(subject: Subject) -> Iterator[Finding]:
    """S107 (scheme's cut-offs): the grade that the form prints fits the self score.

    Else S120 where it is written in another word: 良好 is read as 良, and a note says so.
    """
    entry, score = subject.submission.fields.get("grade"), subject.card.total.self_score
    printed = _printed_score(subject)
    if entry is None or entry.is_empty or score is None or not (printed or subject.submission.indicators):
        return
    earned = subject.scheme.grade_of(round_half_up(score, subject.scheme.score_places))
    label = next((each.title for each in subject.layout.fields if each.name == "grade"), "")
    written = entry.text.strip()
    if subject.card.self_grade != earned:
        yield subject.finding(
            GRADE_OFF,
            entry.ref,
            label,
            evidence=_score_cells(subject),
            reported=entry.text,
            expected=earned,
            score=show(score),
        )
    elif any(cut.grade == earned and written in cut.synonyms for cut in subject.scheme.grades):
        yield subject.finding(
            GRADE_SPELLING, entry.ref, label, evidence=(), reported=written, expected=earned
        )


@dataclass(frozen=True, slots=True)
class _Scores:
    """The self scores that make up a form's total; `complete` where these are all that there are."""

    parts: tuple[Decimal, ...]
    complete: bool

    @classmethod
    def of(cls, subject: Subject) -> _Scores:
        claim, stakes = subject.separate_execution, subject.card.stakes
        execution = () if claim is None or claim.points is None else (claim.points,)
        known = all(stake.points for stake in stakes) and (claim is None or claim.points is not None)
        weights = WeightsSum.of(subject)
        base = max((each.total for each in subject.divisions), default=HUNDRED)
        return cls(
            (*execution, *(points for stake in stakes for points in stake.points)),
            known and weights.is_all(base),
        )


def _stands(total: Decimal, entry: Entry, exact: Decimal, full: Decimal) -> bool:
    """Whether a total as printed can be the sum of its parts."""
    exact = round_half_up(exact, _DUST)
    if total == exact:
        return True
    places = max(0, -(entry.step or step_of(total)).adjusted())
    rounded = round_half_up(exact, places)
    return total == rounded and not exact < full <= rounded


def _part_cells(subject: Subject, column: str) -> list[Entry | None]:
    """The cells of a column that make up the total: the execution's and the indicators'."""
    execution = subject.card.execution if subject.separate_execution else None
    rows = [each.indicator.entries for each in subject.card.indicators]
    return [row.get(column) for row in (*([execution.line.entries] if execution else []), *rows)]


def _score_cells(subject: Subject) -> list[Entry | None]:
    """The printed total score, else what adds up to it."""
    printed = _printed_score(subject)
    return [printed] if printed else _part_cells(subject, "self_score")


def _printed_score(subject: Subject) -> Entry | None:
    submission = subject.submission
    printed = submission.total.get("self_score") or submission.fields.get("total_score")
    return printed if printed and printed.value is not None else None


def _off(
    subject: Subject, entry: Entry, expected: Decimal, parts: Evidence, *, partial: bool = False
) -> Finding:
    """A total beside its sum; of a `partial` sum nobody knows what the total should be."""
    reported = entry.value or ZERO
    return subject.finding(
        TOTAL_OFF,
        entry.ref,
        subject.total_label,
        evidence=parts,
        reported=show(reported),
        expected="" if partial else show(expected),
        partial=say("已填的") if partial else "",
        sum=show(expected),
        gap=show(abs(reported - expected)),
    )


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
