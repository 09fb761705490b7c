"""From what the checks found to what is reported: judged, gathered, traced to causes, corrected together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jixiao.audit.settling.causes import attach_consequences, gather_repeats
from jixiao.audit.settling.certainty import Certainty
from jixiao.audit.settling.corrections import Corrector
from jixiao.domain.accounts import AccountVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jixiao.domain.accounts import Reconciliation
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding, Judged, Severity, Wording
    from jixiao.domain.rounds import Round
    from jixiao.evaluating.attribution import Attribution
    from jixiao.evaluating.examination import Rehearsal


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the findings of one round are settled; `owner` says which department a finding concerns."""

    round: Round
    wordings: Mapping[str, Wording]
    owner: Callable[[Finding], str]

    def settle(
        self,
        findings: Iterable[Finding],
        attribution: Attribution,
        rehearsals: Mapping[str, Rehearsal],
        reconciliations: Iterable[Reconciliation] = (),
    ) -> tuple[Judged, ...]:
        """The findings as they are reported, in no particular order.

        `rehearsals` by department are what corrections are tried on; figures that the finance department's
        accounts confirm are never corrected.
        """
        certainty = Certainty(attribution.submissions, self.round.scheme, self.severity)
        judged = gather_repeats(map(certainty.judge, findings), self.wordings, self.owner)
        concerned: dict[str, list[Judged]] = defaultdict(list)
        for each in attach_consequences(judged, self.wordings):
            concerned[self.owner(each.finding)].append(each)
        confirmed = frozenset(_confirmed(reconciliations))
        settled: list[Judged] = []
        for department, own in concerned.items():
            if rehearsal := rehearsals.get(department):
                audit = partial(_audit, rehearsal, certainty)
                settled += Corrector(audit, self.wordings, confirmed).correct(own)
            else:
                settled += own
        return tuple(settled)

    def severity(self, code: str) -> Severity:
        """A code's own severity under the round's scheme."""
        return self.round.scheme.severities.get(code, self.wordings[code].severity)


def _audit(rehearsal: Rehearsal, certainty: Certainty, figures: Mapping[CellRef, str]) -> tuple[Judged, ...]:
    return tuple(map(certainty.judge, rehearsal.findings(figures)))


def _confirmed(reconciliations: Iterable[Reconciliation]) -> Iterator[CellRef]:
    for row in reconciliations:
        if row.verdict is AccountVerdict.AGREES and row.booked and row.ref is not None:
            yield row.ref
