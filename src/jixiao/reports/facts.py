"""What the round's report has to know of one department: small enough for thousands of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.filings import department_status
from jixiao.consolidation.measures import funds
from jixiao.consolidation.ranking import main_losses, rank_department
from jixiao.domain.findings import Severity
from jixiao.domain.spoken import one_line
from jixiao.domain.submissions import Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.scheme import Scheme

_LONGEST = 90
"""Characters of an example."""
_TOLD = (Severity.BLOCKING, Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project with a form of its own; amounts in 万元, None where not known."""

    name: str
    budget: Decimal | None
    executed: Decimal | None


@dataclass(frozen=True, slots=True)
class Problem:
    """How often a department has findings of one code, and what the first of them says."""

    code: str
    severity: Severity
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentFacts:
    """A department in the round's report.

    `score` is the accepted one, of a department with forms of projects alone what these come to
    (`has_overall` False): it is ranked only where nobody has more. `status` is what it has to do next.
    """

    department: str
    status: str
    has_overall: bool
    sent: bool
    forms: int
    due: int
    missing: int
    late: int
    score: Decimal | None
    self_score: Decimal | None
    verified_share: Decimal | None
    budget: Decimal | None
    executed: Decimal | None
    projects: tuple[ProjectFacts, ...]
    losses: str
    mend: int
    verify: int
    problems: tuple[Problem, ...]
    remark: str


def department_facts(dossier: Dossier, scheme: Scheme) -> DepartmentFacts:
    """What the round's report says of one department, out of nothing but its own dossier."""
    ranked = rank_department(dossier, scheme)
    owed = [record for record in dossier.filings if record.due]
    current = [each for each in dossier.statuses.values() if each is not Status.SUPERSEDED]
    return DepartmentFacts(
        department=one_line(shown_department(dossier.department)),
        status=department_status(dossier).text,
        has_overall=dossier.overall is not None,
        sent=bool(dossier.submissions),
        forms=len(current),
        due=sum(record.due for record in owed),
        missing=dossier.missing,
        late=sum(len(record.late) for record in owed),
        score=ranked.accepted_score,
        self_score=ranked.self_score,
        verified_share=ranked.verified_share,
        budget=ranked.annual_budget,
        executed=ranked.executed,
        projects=tuple(
            ProjectFacts(one_line(card.submission.project), *funds(card)) for card in dossier.projects
        ),
        losses=one_line(main_losses(dossier)),
        mend=dossier.mend,
        verify=dossier.count(Severity.WARNING),
        problems=tuple(_problems(dossier)),
        remark=one_line(ranked.remark),
    )


def _problems(dossier: Dossier) -> Iterator[Problem]:
    told = [each for each in dossier.findings if each.severity in _TOLD and not each.excused]
    counts = Counter(each.code for each in told)
    firsts = {each.code: each for each in reversed(told)}
    for code, count in sorted(counts.items()):
        first = firsts[code]
        yield Problem(code, first.severity, count, _short(one_line(first.message)))


def _short(text: str) -> str:
    """As much as a table of examples has room for; the whole stands in the feedback."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
