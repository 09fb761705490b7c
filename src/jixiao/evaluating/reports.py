"""Findings into words: each with its name, its place and its sentence, worst first."""

from __future__ import annotations

import re
from base64 import b32encode
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.wording.sentences import describe_consequences, describe_related, list_cells, word_judged
from jixiao.domain.findings import Gathering
from jixiao.domain.rounds import ReportedFinding
from jixiao.domain.spoken import one_line, spoken_signs
from jixiao.domain.submissions import addressed
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Judged, Wording
    from jixiao.domain.submissions import Submission

_CELL = re.compile(r"([A-Z]*)(\d*)")
_NAME_BYTES, _NAME_LETTERS = 7, 10
"""50 bits and the code: of a million findings of one code two share a name once in two thousand rounds."""


class Reporter:
    """Words the findings on one department, or those on none (department "")."""

    def __init__(
        self,
        wordings: Mapping[str, Wording],
        submissions: Sequence[Submission],
        department: str = "",
        superseded: frozenset[str] = frozenset(),
    ) -> None:
        """Index the department's submissions by id."""
        self._superseded = superseded
        self._wordings = wordings
        self._submissions = {each.submission_id: each for each in submissions}
        self._texts = {entry.ref: entry.text for each in submissions for entry in addressed(each).values()}
        self._department = department

    def report(self, judged: Iterable[Judged]) -> tuple[ReportedFinding, ...]:
        """All findings in words, each with its name, in an order that depends on what they say alone."""
        return tuple(reported for _, reported in self.pairs(judged))

    def title(self, code: str) -> str:
        """What findings of a code are called."""
        return self._wordings[code].title

    def pairs(self, judged: Iterable[Judged]) -> tuple[tuple[Judged, ReportedFinding], ...]:
        """The same, each beside what it was made from."""
        ordered = sorted(judged, key=_order)
        names = name_findings([self._meaning(each) for each in ordered])
        return tuple(
            (each, self._reported(name, root, each))
            for (name, root), each in zip(names, ordered, strict=True)
        )

    def _meaning(self, judged: Judged) -> Meaning:
        """What stays the same while rows move and other files come and go."""
        finding = judged.finding
        form = self._submissions.get(finding.subject)
        whole = self._wordings[finding.code].gather in {Gathering.FORM, Gathering.DEPARTMENT}
        about = (form.form, form.project) if form else ()
        if form is None or form.submission_id in self._superseded:
            about = (*about, finding.place.file)
        return Meaning(finding.code, self._department, about, "" if whole else finding.label)

    def _reported(self, finding_id: str, root: str, judged: Judged) -> ReportedFinding:
        finding, several = judged.finding, len(judged.findings) > 1
        submission = self._submissions.get(finding.subject)
        sentence = word_judged(judged, self._wordings)
        expected = "" if judged.is_open else spoken_signs(judged.proposal or finding.expected)
        return ReportedFinding(
            finding_id=finding_id,
            code=finding.code,
            severity=judged.severity,
            department=self._department,
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
            assumed=say("；").join(finding.assumed),
            cells=list_cells(judged) if several else "",
            consequences=say("；").join(describe_consequences(judged, self._wordings)),
            corrections=judged.corrections,
            disputed=tuple(dict.fromkeys(self._disputed(judged))),
            statement=sentence.statement,
            effects=sentence.effects,
            related=say("；").join(describe_related(judged, self._wordings)),
            evidence=tuple(dict.fromkeys(_evidence(judged))),
            further=judged.further,
            places=tuple(dict.fromkeys(each.ref for each in judged.findings if each.ref)),
            root=root,
            figures=self._figures(judged, expected),
        )

    def _figures(self, judged: Judged, expected: str) -> str:
        """What a decision on it is about: what was reported, what it should be, and what its cells hold.

        Cells may move; other cells than its own count where it does not say what should be in it.
        """
        cells: list[CellRef] = []
        for finding in judged.findings:
            cells += [finding.ref] if finding.ref else []
            cells += [] if finding.expected else finding.evidence
        texts = (one_line(self._texts.get(ref, "")) for ref in dict.fromkeys(cells))
        return _shortened(say("｜").join((judged.finding.reported, expected, *texts)))

    def _disputed(self, judged: Judged) -> Iterator[CellRef]:
        """The cells of which any may be the wrong one.

        A finding that says what its own cell should hold doubts no other but those that would mend it as
        well; one that only says that figures do not fit doubts them all.
        """
        for each in (judged, *judged.consequences, *judged.related):
            yield from (correction.ref for correction in each.corrections)
            for finding in each.findings:
                named = self._wordings[finding.code].figure and not each.is_open
                yield from (finding.ref,) if finding.ref else ()
                yield from (correction.ref for correction in finding.alternatives)
                yield from () if named else finding.evidence


def _evidence(judged: Judged) -> Iterator[CellRef]:
    """The cells of a finding and its repeats, each before those that it rests on."""
    for finding in judged.findings:
        yield from (finding.ref,) if finding.ref else ()
        yield from finding.evidence


class Meaning(NamedTuple):
    """What a finding is about: its code, whose form and of what (or which file), the row or column there."""

    code: str
    department: str
    about: tuple[str, ...]
    label: str


def name_findings(meanings: Iterable[Meaning]) -> Iterator[tuple[str, str]]:
    """A short name for each, the same in every run that finds it, A101-7K3M9QX2BD, and what it means by name.

    Of several that mean the same the second is told apart by its number, in the order given; all of them have
    the name of the first for what they mean.
    """
    met: Counter[Meaning] = Counter()
    for meaning in meanings:
        met[meaning] += 1
        yield _name(meaning, met[meaning]), _name(meaning, 1)


def _name(meaning: Meaning, number: int) -> str:
    digest = sha256(repr((meaning, number)).encode()).digest()
    letters = b32encode(digest[:_NAME_BYTES]).decode().rstrip("=")
    return f"{meaning.code}-{letters[:_NAME_LETTERS]}"


_LONGEST = 300


def _shortened(figures: str) -> str:
    """Figures as they are; of very many the first, and a digest of all."""
    if len(figures) <= _LONGEST:
        return figures
    return f"{figures[:_LONGEST]}…{sha256(figures.encode()).hexdigest()[:_NAME_LETTERS]}"


def _order(judged: Judged) -> tuple[int, str, str, int, str, str, str]:
    """Worst first, then by file, sheet and cell."""
    finding, place = judged.finding, judged.finding.place
    letters, row = _split(place.cell)
    return judged.severity.rank, place.file, place.sheet, row, letters, finding.code, finding.label


def _label(judged: Judged) -> str:
    """What it is about; of several the first, and how many there are."""
    labels = dict.fromkeys(each.label for each in judged.findings)
    first = next(iter(labels))
    return say("{first}等 {count} 项", first=first, count=len(labels)) if len(labels) > 1 and first else first


def _split(cell: str) -> tuple[str, int]:
    """D12 as ("  D", 12): letters padded, so that AA comes after Z."""
    found = _CELL.fullmatch(cell)
    letters, digits = (found[1], found[2]) if found else ("", "")
    return letters.rjust(3), int(digits or 0)
