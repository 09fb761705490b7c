"""Findings into words: each with its department, its place and its sentence, worst first."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.catalog.wording.sentences import describe_consequences, list_cells, word_judged
from jixiao.domain.rounds import ReportedFinding
from jixiao.domain.spoken import spoken_signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding, Judged, Wording
    from jixiao.domain.submissions import Submission

_CELL = re.compile(r"([A-Z]*)(\d*)")


class Reporter:
    """Words findings of one round."""

    def __init__(self, wordings: Mapping[str, Wording], submissions: Sequence[Submission]) -> None:
        """Index the submissions by id, and the department of each file and folder that has only one."""
        self._wordings = wordings
        self._submissions = {each.submission_id: each for each in submissions}
        senders: dict[str, set[str]] = {}
        for each in submissions:
            for place in (each.file, *_folders(each.file)):
                senders.setdefault(place, set()).add(each.department)
        self._senders = {place: names.pop() for place, names in senders.items() if len(names) == 1}

    def report(self, judged: Iterable[Judged]) -> tuple[ReportedFinding, ...]:
        """All findings in words, numbered, in an order that depends on nothing but what they say."""
        ordered = sorted(judged, key=self._order)
        return tuple(self._reported(f"FD{number:05d}", each) for number, each in enumerate(ordered, start=1))

    def _order(self, judged: Judged) -> tuple[int, str, str, str, int, str, str, str]:
        """Worst first, then by department, file, sheet and cell."""
        finding, rank = judged.finding, judged.severity.rank
        place = finding.place
        letters, row = _split(place.cell)
        department = self.department(finding)
        return rank, department, place.file, place.sheet, row, letters, finding.code, finding.label

    def department(self, finding: Finding) -> str:
        """Whose form it is; for a file without a form, who sent everything else in its file or folder."""
        submission = self._submissions.get(finding.subject)
        if submission:
            return submission.department
        if finding.department:
            return finding.department
        places = (finding.place.file, *_folders(finding.place.file))
        return next((self._senders[place] for place in places if place in self._senders), "")

    def _reported(self, finding_id: str, judged: Judged) -> ReportedFinding:
        finding, several = judged.finding, len(judged.findings) > 1
        submission = self._submissions.get(finding.subject)
        sentence = word_judged(judged, self._wordings)
        expected = "" if judged.is_open else spoken_signs(judged.proposal or finding.expected)
        return ReportedFinding(
            finding_id=finding_id,
            code=finding.code,
            severity=judged.severity,
            department=self.department(finding),
            scope=submission.scope if submission else None,
            project=submission.project if submission else "",
            form=submission.form if submission else "",
            file=finding.place.file,
            sheet=finding.place.sheet,
            cell=finding.place.cell,
            label=_label(judged) if self._wordings[finding.code].several else finding.label,
            reported="" if several else finding.reported,
            expected="" if several else expected,
            message=sentence.message,
            suggestion=sentence.suggestion,
            assumed="；".join(finding.assumed),
            cells=list_cells(judged) if several else "",
            consequences="；".join(describe_consequences(judged, self._wordings)),
            corrections=judged.corrections,
            disputed=tuple(dict.fromkeys(self._disputed(judged))),
            statement=sentence.statement,
            effects=sentence.effects,
        )

    def _disputed(self, judged: Judged) -> Iterator[CellRef]:
        """The cells of which any may be the wrong one.

        A finding that says what its own cell should hold doubts no other but those that would mend it as
        well; one that only says that figures do not fit doubts them all.
        """
        for each in (judged, *judged.consequences):
            yield from (correction.ref for correction in each.corrections)
            for finding in each.findings:
                named = self._wordings[finding.code].figure and not each.is_open
                yield from (finding.ref,) if finding.ref else ()
                yield from (correction.ref for correction in finding.alternatives)
                yield from () if named else finding.evidence


def _label(judged: Judged) -> str:
    """What it is about; of several the first, and how many there are."""
    labels = dict.fromkeys(each.label for each in judged.findings)
    first = next(iter(labels))
    return f"{first}等 {len(labels)} 项" if len(labels) > 1 and first else first


def _folders(file: str) -> list[str]:
    """The folders of a file below the round's, the nearest first."""
    return [str(folder) for folder in PurePosixPath(file).parents if folder.name]


def _split(cell: str) -> tuple[str, int]:
    """D12 as ("  D", 12): letters padded, so that AA comes after Z."""
    found = _CELL.fullmatch(cell)
    letters, digits = (found[1], found[2]) if found else ("", "")
    return letters.rjust(3), int(digits or 0)
