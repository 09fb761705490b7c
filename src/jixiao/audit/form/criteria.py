"""Rows of a scoring table: points without a basis, lost without a word, or such as no standard gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.form.reasons import has_reason
from jixiao.audit.form.weights import SHARED_WEIGHT_EXCEEDED, WEIGHT_OFF
from jixiao.audit.subject import report
from jixiao.domain.amounts import ZERO, round_half_up, show
from jixiao.domain.findings import declare
from jixiao.domain.forms import Scope
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import IndicatorScore, Stake
    from jixiao.domain.submissions import Entry, Indicator, Submission

WITHOUT_GROUNDS = declare("S122", "reported", "derivation", optional=("base",))
LOSS_UNEXPLAINED = declare("S123", "label", "reported", "weight", "gap")
BETWEEN_CHOICES = declare("S124", "reported", "choices")
SELF_REPORTED = declare("S125", "count", "sum")
PRINTED_SCORE_OFF = declare("S126", "reported", "expected")


def check_shared_weights(subject: Subject) -> Iterator[Finding]:
    """S121: scores that share one weight cell are together at most that weight."""
    for stake in subject.card.stakes:
        points, weight = stake.self_score, stake.weight
        if len(stake.scored) > 1 and points is not None and weight is not None and points > weight:
            yield subject.finding(
                SHARED_WEIGHT_EXCEEDED,
                stake.scored[0].indicator.cell("self_score"),
                stake.name,
                evidence=_cells(stake, "weight", "self_score"),
                reported=show(points),
                expected=show(weight),
                parts=" + ".join(map(show, stake.points)),
            )


def check_baseless_points(subject: Subject) -> Iterator[Finding]:
    """S122 (scheme's standards): points for a share of something that is nothing."""
    for scored in _unverified(subject):
        indicator, evidence = scored.indicator, scored.evidence
        if evidence and evidence.is_baseless and evidence.base and indicator.self_score:
            yield subject.finding(
                WITHOUT_GROUNDS,
                indicator.cell("self_score"),
                indicator.name,
                evidence=(evidence.of, evidence.base),
                reported=show(indicator.self_score),
                derivation=scored.award.derivation,
                base=say("《{sheet}》{a1}", sheet=evidence.base.ref.sheet, a1=evidence.base.ref.a1),
            )


def check_unexplained_losses(subject: Subject) -> Iterator[Finding]:
    """S123 (column 扣分原因): points lost with neither figures that cost them nor a reason beside them."""
    if subject.layout.compares_targets:
        return
    for stake in subject.card.stakes:
        lost = _lost(stake)
        rows = [scored.indicator for scored in stake.scored]
        if stake.award.score is None and lost > 0 and not any(map(_has_own_reason, rows)):
            yield subject.finding(
                LOSS_UNEXPLAINED,
                _reason_cell(rows[0]),
                stake.name,
                evidence=_cells(stake, "weight", "self_score"),
                reported=show(stake.self_score or ZERO),
                weight=show(stake.weight or ZERO),
                gap=show(lost),
            )


def check_known_scores(subject: Subject) -> Iterator[Finding]:
    """S124 (scheme's standards): a score between the ones that bands, cases or a comparison can give."""
    for scored in _unverified(subject):
        points, evidence = scored.indicator.self_score, scored.evidence
        if points is None or evidence is None or scored.indicator.weight != evidence.criterion.weight:
            continue
        criterion = evidence.criterion
        choices = criterion.choices
        if choices and ZERO <= points <= criterion.weight and points not in choices:
            yield subject.finding(
                BETWEEN_CHOICES,
                scored.indicator.cell("self_score"),
                scored.indicator.name,
                evidence=(evidence.of, evidence.base),
                reported=show(points),
                choices=say("、").join(show(choice) for choice in choices),
            )


def check_criterion_weights(subject: Subject) -> Iterator[Finding]:
    """S115 (scheme's standards): the weight is the one that the standard's points are given for."""
    for stake in subject.card.stakes:
        evidence, entry = stake.scored[0].evidence, stake.scored[0].indicator.entries.get("weight")
        if evidence is None or entry is None or entry.value is None or evidence.criterion.adjustable:
            continue
        if entry.value != evidence.criterion.weight:
            points = show(evidence.criterion.weight)
            figures = {"reported": show(entry.value), "expected": points, "prescribed": points}
            yield subject.finding(WEIGHT_OFF, entry.ref, stake.name, evidence=(), **figures)


def check_unverified(subject: Subject) -> Iterator[Finding]:
    """S125: how much of the table stands as the department reports it, in one line."""
    if subject.layout.compares_targets:
        return
    stakes = [stake for stake in subject.card.stakes if stake.award.score is None]
    points = [stake.self_score for stake in stakes if stake.self_score is not None]
    if points:
        total = subject.submission.total.get("self_score")
        yield subject.finding(
            SELF_REPORTED,
            total.ref if total else None,
            subject.total_label,
            evidence=[cell for stake in stakes for cell in _cells(stake, "self_score")],
            count=str(len(stakes)),
            sum=show(sum(points, ZERO)),
        )


def check_printed_score(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """S126: 综合得分 as printed on another form is the scoring table's total, rounded as it is printed."""
    totals = [
        entry
        for each in submissions
        if each.scope is Scope.SCORING_TABLE and (entry := each.total.get("self_score"))
    ]
    total = totals[0].value if len(totals) == 1 else None
    if total is None:
        return
    for submission in submissions:
        entry = submission.fields.get("total_score")
        if entry and entry.value is not None and not _is_rounded(entry.value, total):
            yield report(
                submission,
                PRINTED_SCORE_OFF,
                entry.ref,
                _title_of("total_score", scheme.form(submission.form)),
                evidence=totals,
                reported=show(entry.value),
                expected=show(total),
            )


def _title_of(field: str, layout: FormLayout) -> str:
    return next(each.title for each in layout.fields if each.name == field)


def _unverified(subject: Subject) -> Iterator[IndicatorScore]:
    """Rows whose standard could not be applied."""
    return (scored for scored in subject.card.indicators if scored.evidence and scored.award.score is None)


def _cells(stake: Stake, *columns: str) -> list[Entry | None]:
    return [scored.indicator.entries.get(column) for scored in stake.scored for column in columns]


def _lost(stake: Stake) -> Decimal:
    if stake.weight is None or stake.self_score is None:
        return ZERO
    return stake.weight - stake.self_score


def _has_own_reason(indicator: Indicator) -> bool:
    """A reason beside the score, or the figures that it was reckoned from (指标说明)."""
    explanation = indicator.entries.get("explanation")
    figures = explanation is not None and any(sign.isdigit() for sign in explanation.text)
    return figures or has_reason(indicator.entries.get("reason"))


def _is_rounded(printed: Decimal, exact: Decimal) -> bool:
    exponent = printed.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return printed in {exact, round_half_up(exact, places)}


def _reason_cell(indicator: Indicator) -> CellRef:
    entry = indicator.entries.get("reason")
    return entry.ref if entry else indicator.cell("self_score")
