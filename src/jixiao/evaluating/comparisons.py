"""A round against what the finance department itself knows: the roster, the deadline, the accounts."""

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
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from jixiao.domain.accounts import Reconciliation
    from jixiao.domain.findings import Finding
    from jixiao.domain.rosters import FilingRecord
    from jixiao.domain.rounds import Round
    from jixiao.domain.scores import ScoreCard
    from jixiao.evaluating.attribution import Attribution


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What the comparisons gave; empty where the round has nothing to compare with."""

    filings: tuple[FilingRecord, ...]
    reconciliations: tuple[Reconciliation, ...]
    findings: tuple[Finding, ...]


def compare_round(
    round_: Round, attribution: Attribution, cards: Sequence[ScoreCard], stamps: Mapping[str, str]
) -> Comparisons:
    """Compare; `stamps` says by file when its workbook was last saved, by its own account."""
    late = late_submissions(attribution.submissions, stamps, round_.deadline)
    current = attribution.current
    filings = compare_filing(current, round_.roster, late) if round_.roster else ()
    reconciled = (
        reconcile(cards, round_.accounts, round_.scheme, round_.roster)
        if round_.accounts
        else Reconciled((), ())
    )
    deadline = show_deadline(round_.deadline)
    findings = [*check_lateness(current, late, stamps, deadline), *reconciled.findings]
    if round_.roster:
        findings += check_filing(filings, round_.scheme, deadline)
        findings += check_projects(filings, current, round_.roster)
    return Comparisons(filings, reconciled.rows, (*findings, *_own_faults(round_)))


def show_deadline(deadline: date | datetime | None) -> str:
    """2025-04-30, or 2025-04-30 18:00; "" where there is none."""
    if deadline is None:
        return ""
    return deadline.strftime("%Y-%m-%d %H:%M" if isinstance(deadline, datetime) else "%Y-%m-%d")


def _own_faults(round_: Round) -> Iterator[Finding]:
    """What is wrong with the finance department's own lists."""
    for reference in (round_.roster, round_.accounts):
        yield from reference.findings if reference else ()
