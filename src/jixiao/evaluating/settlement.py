"""From what the checks found to what is reported: judged, gathered, traced to causes, corrected together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jixiao.audit.settling.causes import attach_consequences, gather_repeats
from jixiao.audit.settling.certainty import Certainty
from jixiao.audit.settling.corrections import Corrector, most_audits
from jixiao.domain.submissions import addressed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding, Judged, Severity, Wording
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission
    from jixiao.evaluating.examination import Rehearsal


@dataclass(frozen=True, slots=True)
class Settlement:
    """How findings are settled: by the scheme's severities and by what the codes' wordings follow from."""

    scheme: Scheme
    wordings: Mapping[str, Wording]

    def settle(
        self,
        findings: Iterable[Finding],
        submissions: Sequence[Submission] = (),
        rehearsal: Rehearsal | None = None,
        confirmed: frozenset[CellRef] = frozenset(),
    ) -> tuple[Judged, ...]:
        """The findings on one department as they are reported, in no particular order.

        `submissions` are all of its own, `rehearsal` what corrections are tried on; a figure in a cell that
        is `confirmed` by the finance department's accounts is never corrected.
        """
        certainty = Certainty(submissions, self.scheme, self._severity)
        judged = gather_repeats(map(certainty.judge, findings), self.wordings, lambda _: "")
        settled = attach_consequences(judged, self.wordings)
        if rehearsal is None:
            return settled
        audit = partial(_audit, rehearsal, certainty)
        most = most_audits(sum(len(addressed(each)) for each in rehearsal.submissions))
        return Corrector(audit, self.wordings, confirmed, most).correct(settled)

    def _severity(self, code: str) -> Severity:
        """A code's own severity under the scheme."""
        return self.scheme.severities.get(code, self.wordings[code].severity)


def _audit(rehearsal: Rehearsal, certainty: Certainty, figures: Mapping[CellRef, str]) -> tuple[Judged, ...]:
    return tuple(map(certainty.judge, rehearsal.findings(figures)))
