"""A department against what the finance department itself knows: the roster, the deadline, the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from jixiao.audit.department.accounts import Reconciled, reconcile
from jixiao.audit.department.filings import (
    check_filing,
    check_lateness,
    check_projects,
    compare_filing,
    late_submissions,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jixiao.domain.accounts import Reconciliation
    from jixiao.domain.findings import Finding
    from jixiao.domain.rosters import FilingRecord
    from jixiao.domain.rounds import Round
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Submission
    from jixiao.evaluating.briefs import Brief


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What the comparisons gave; empty where the round has nothing to compare with."""

    filings: tuple[FilingRecord, ...]
    reconciliations: tuple[Reconciliation, ...]
    findings: tuple[Finding, ...]


def compare(
    brief: Brief, forms: Sequence[Submission], cards: Sequence[ScoreCard], round_: Round
) -> Comparisons:
    """Compare one department; `forms` are its own, superseded ones too, `cards` of those that count.

    A copy that had gone back to it marked is late when it comes after the time set for that.
    """
    first, again = (
        late_submissions(
            [each for each in forms if (each.file in brief.returned) is back], brief.stamps, until
        )
        for back, until in ((False, round_.deadline), (True, round_.resubmit_by))
    )
    current = [each for each in forms if each.submission_id not in brief.superseded]
    filings = compare_filing(current, brief.roster, first | again) if brief.roster else ()
    reconciled = _reconcile(brief, cards, round_)
    deadline = show_deadline(round_.deadline)
    findings = [
        *check_lateness(current, first, brief.stamps, deadline),
        *check_lateness(current, again, brief.stamps, show_deadline(round_.resubmit_by)),
        *reconciled.findings,
    ]
    if brief.roster:
        findings += check_filing(filings, round_.scheme, deadline)
        findings += check_projects(filings, current, brief.roster)
    return Comparisons(filings, reconciled.rows, tuple(findings))


def _reconcile(brief: Brief, cards: Sequence[ScoreCard], round_: Round) -> Reconciled:
    if brief.accounts is None:
        return Reconciled((), ())
    lines = [line for line in brief.accounts.lines if line.department in brief.booked]
    return reconcile(cards, brief.accounts, lines, round_.scheme)


def show_deadline(deadline: date | datetime | None) -> str:
    """2025-04-30, or 2025-04-30 18:00; "" where there is none."""
    if deadline is None:
        return ""
    return deadline.strftime("%Y-%m-%d %H:%M" if isinstance(deadline, datetime) else "%Y-%m-%d")
