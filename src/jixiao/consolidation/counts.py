"""How many findings a form, or a sheet that gave none, has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jixiao.domain.findings import Severity
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.submissions import Submission


class FindingCounts:
    """Findings counted in one pass by where they are and what they concern."""

    def __init__(self, findings: Iterable[ReportedFinding]) -> None:
        """One that belongs to no form is counted under empty names."""
        self._counts = Counter(
            (each.file, each.sheet, each.form, each.project, each.severity) for each in findings
        )

    def on_form(self, form: Submission, severity: Severity) -> int:
        """A form's own findings and those of its sheet that name no form; a sheet may hold several forms."""
        own = self._counts[form.file, form.sheet, form.form, form.project, severity]
        return own + self.on_sheet(form.file, form.sheet, severity)

    def on_sheet(self, file: str, sheet: str, severity: Severity) -> int:
        """The findings of a file (sheet "") or sheet that name no form."""
        return self._counts[file, sheet, "", "", severity]
