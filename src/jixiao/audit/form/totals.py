"""The row of totals: does it add up, and does the grade fit?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.audit.form.weights import WeightsSum
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up, show, step_of
from jixiao.domain.findings import declare
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.audit.subject import Evidence, Subject
    from jixiao.domain.findings import Finding
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
