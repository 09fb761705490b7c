"""Everything of one department in one place, gathered in a single pass over the round."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.references import FilingRecord
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.scores import Composite, ScoreCard
    from jixiao.domain.submissions import Submission


@dataclass(frozen=True, slots=True)
class Dossier:
    """What one department sent and what came of it; `statuses` by submission_id, findings worst first."""

    department: str
    submissions: tuple[Submission, ...]
    statuses: Mapping[str, Status]
    cards: tuple[ScoreCard, ...]
    composite: Composite | None
    findings: tuple[ReportedFinding, ...]
    filings: tuple[FilingRecord, ...] = ()

    @property
    def overall(self) -> ScoreCard | None:
        """The card of the form for the whole department: the first overall form, else scoring table."""
        for scope in (Scope.OVERALL, Scope.SCORING_TABLE):
            for card in self.cards:
                if card.submission.scope is scope:
                    return card
        return None

    @property
    def projects(self) -> tuple[ScoreCard, ...]:
        """The cards of the project forms, in the round's order."""
        return tuple(card for card in self.cards if card.submission.scope is Scope.PROJECT)

    def current(self, form: str) -> tuple[Submission, ...]:
        """The submissions of one kind of form that count, in the round's order."""
        return tuple(
            each
            for each in self.submissions
            if each.form == form and self.statuses[each.submission_id] is not Status.SUPERSEDED
        )

    @property
    def returned(self) -> bool:
        """Whether something has to be mended and sent again."""
        return Status.RETURNED in self.statuses.values() or self.mend > 0

    @property
    def unevaluated(self) -> bool:
        """Whether our evaluation of it failed: then nothing can be said of its forms."""
        return Status.UNEVALUATED in self.statuses.values()

    @property
    def mend(self) -> int:
        """How many findings have to be mended in what was sent: a form that is missing has no file."""
        refused = {Severity.BLOCKING, Severity.ERROR}
        return sum(
            finding.severity in refused and bool(finding.file) and not finding.excused
            for finding in self.findings
        )

    @property
    def missing(self) -> int:
        """How many forms are owed still, by the roster."""
        return sum(record.missing for record in self.filings)

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are, without those that are waived or accepted."""
        return sum(finding.severity is severity and not finding.excused for finding in self.findings)

    @property
    def excused(self) -> int:
        """How many findings are waived or accepted as they are."""
        return sum(finding.excused for finding in self.findings)


def gather_dossiers(evaluation: Evaluation) -> tuple[Dossier, ...]:
    """One dossier for every department that has a submission or owes one by the roster, by name.

    The cost is one pass over the round's submissions, cards and findings, however many departments there are.
    """
    submissions: dict[str, list[Submission]] = defaultdict(list)
    for submission in evaluation.submissions:
        submissions[submission.department].append(submission)
    cards: dict[str, list[ScoreCard]] = defaultdict(list)
    for card in evaluation.cards:
        cards[card.submission.department].append(card)
    findings: dict[str, list[ReportedFinding]] = defaultdict(list)
    for finding in evaluation.findings:
        findings[finding.department].append(finding)
    filings: dict[str, list[FilingRecord]] = defaultdict(list)
    for record in evaluation.filings:
        filings[record.department].append(record)
    composites = {composite.department: composite for composite in evaluation.composites}
    return tuple(
        Dossier(
            department=name,
            submissions=tuple(submissions[name]),
            statuses={
                submission.submission_id: evaluation.statuses[submission.submission_id]
                for submission in submissions[name]
            },
            cards=tuple(cards[name]),
            composite=composites.get(name),
            findings=tuple(sorted(findings[name], key=lambda finding: finding.severity.rank)),
            filings=tuple(filings[name]),
        )
        for name in sorted(submissions.keys() | filings.keys())
    )


def dossier_of(evaluation: Evaluation, department: str) -> Dossier:
    """The one dossier of an evaluation of that department alone, whatever it sent."""
    own = evaluation
    composite = own.composites[0] if own.composites else None
    findings = tuple(sorted(own.findings, key=lambda finding: finding.severity.rank))
    return Dossier(department, own.submissions, own.statuses, own.cards, composite, findings, own.filings)
