"""Findings into words: each with its department, its place and its sentence, worst first."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.catalog.wordings import word
from jixiao.domain.rounds import ReportedFinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.domain.findings import Finding, Severity, Wording
    from jixiao.domain.forms import Submission
    from jixiao.domain.scheme import Scheme

_CELL = re.compile(r"([A-Z]*)(\d*)")


class Reporter:
    """Words findings of one round."""

    def __init__(
        self, wordings: Mapping[str, Wording], scheme: Scheme, submissions: Sequence[Submission]
    ) -> None:
        """Index the submissions by id, and the department of each file and folder that has only one."""
        self._wordings = wordings
        self._scheme = scheme
        self._submissions = {each.submission_id: each for each in submissions}
        senders: dict[str, set[str]] = {}
        for each in submissions:
            for place in (each.file, *_folders(each.file)):
                senders.setdefault(place, set()).add(each.department)
        self._senders = {place: names.pop() for place, names in senders.items() if len(names) == 1}

    def severity(self, code: str) -> Severity:
        """A code's severity under the round's scheme."""
        return self._scheme.severities.get(code, self._wordings[code].severity)

    def report(self, findings: Iterable[Finding]) -> tuple[ReportedFinding, ...]:
        """All findings in words, numbered, in an order that depends on nothing but what they say."""
        ordered = sorted(findings, key=self._order)
        return tuple(
            self._reported(f"FD{number:05d}", finding) for number, finding in enumerate(ordered, start=1)
        )

    def _order(self, finding: Finding) -> tuple[int, str, str, str, int, str, str, str]:
        """Worst first, then by department, file, sheet and cell."""
        place = finding.place
        letters, row = _split(place.cell)
        department = self._department(finding)
        rank = self.severity(finding.code).rank
        return rank, department, place.file, place.sheet, row, letters, finding.code, finding.label

    def _department(self, finding: Finding) -> str:
        """Whose form it is; for a file without a form, who sent everything else in its file or folder."""
        submission = self._submissions.get(finding.subject)
        if submission:
            return submission.department
        if finding.department:
            return finding.department
        places = (finding.place.file, *_folders(finding.place.file))
        return next((self._senders[place] for place in places if place in self._senders), "")

    def _reported(self, finding_id: str, finding: Finding) -> ReportedFinding:
        submission = self._submissions.get(finding.subject)
        wording = self._wordings[finding.code]
        sentence = word(finding, wording)
        return ReportedFinding(
            finding_id=finding_id,
            code=finding.code,
            severity=self.severity(finding.code),
            department=self._department(finding),
            scope=submission.scope if submission else None,
            project=submission.project if submission else "",
            form=submission.form if submission else "",
            file=finding.place.file,
            sheet=finding.place.sheet,
            cell=finding.place.cell,
            label=finding.label,
            reported=finding.reported,
            expected=finding.expected,
            message=sentence.message,
            suggestion=sentence.suggestion,
        )


def _folders(file: str) -> list[str]:
    """The folders of a file below the round's, the nearest first."""
    return [str(folder) for folder in PurePosixPath(file).parents if folder.name]


def _split(cell: str) -> tuple[str, int]:
    """D12 as ("  D", 12): letters padded, so that AA comes after Z."""
    found = _CELL.fullmatch(cell)
    letters, digits = (found[1], found[2]) if found else ("", "")
    return letters.rjust(3), int(digits or 0)
