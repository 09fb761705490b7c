"""Who sent it: names on forms against the roster, names that look like one department's, and slips.

A slip is another department's name on one sheet of a department's own workbook.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

from jixiao.audit.names import match_names, similar_pairs
from jixiao.audit.subject import SIMILAR_NAME, report
from jixiao.domain.findings import Declaration, declare
from jixiao.domain.forms import Scope
from jixiao.domain.text_keys import compact_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.rosters import Roster, RosterEntry
    from jixiao.domain.submissions import Submission

PERHAPS_ONE_DEPARTMENT = declare("X133", "reported", "other")
OTHER_DEPARTMENT = declare("X138", "reported", "other")
NOT_ON_ROSTER = declare("P112", "reported")


_OPENING = "[(（【〔 "


@dataclass(frozen=True, slots=True)
class Identification:
    """The roster's spelling by every name that its departments go by: its own, aliases, names on forms.

    A name that is not in it is not on the roster.
    """

    spellings: Mapping[str, str]
    findings: tuple[Finding, ...]


def identify_departments(submissions: Sequence[Submission], roster: Roster) -> Identification:
    """Find every printed department on the roster: by name or alias, by code, else by similarity.

    The first two are silent; a name that only resembles one of the roster, or has its code beside a name of
    its own, is reported (X104), and so is one that is not on the roster at all (P112).
    """
    senders = _senders(submissions)
    entries = _by_name(roster)
    spellings = {name: entry.department for name in senders if (entry := entries.get(compact_name(name)))}
    findings: list[Finding] = []
    for name in senders.keys() - spellings.keys():
        if entry := _by_code(senders[name], roster):
            spellings[name] = entry.department
            findings.append(_renamed(senders[name][0], name, entry.department, say("部门编码相同")))
    taken = set(spellings.values())
    free = {name: entry for name, entry in entries.items() if entry.department not in taken}
    for name, match in match_names(senders.keys() - spellings.keys(), free).items():
        if match is None:
            findings.append(_on_name(senders[name][0], NOT_ON_ROSTER, name))
            continue
        spellings[name] = free[match.name].department
        findings.append(_renamed(senders[name][0], name, spellings[name], ""))
    for entry in roster.entries:
        spellings |= dict.fromkeys((entry.department, *entry.aliases), entry.department)
    return Identification(spellings, tuple(findings))


def check_namesakes(submissions: Sequence[Submission], listed: Collection[str] = ()) -> Iterator[Finding]:
    """X133: two departments of one round whose names look like two spellings of one; never merged silently.

    Reported at the one with fewer forms. Two names that are both `listed` on a roster are two departments.
    """
    senders = _senders(submissions)
    for first, second, _ in similar_pairs(senders):
        if first in listed and second in listed:
            continue
        rarer, other = sorted((first, second), key=lambda name: (name in listed, len(senders[name]), name))
        yield _on_name(senders[rarer][0], PERHAPS_ONE_DEPARTMENT, rarer, other=other)


def _senders(submissions: Sequence[Submission]) -> dict[str, list[Submission]]:
    senders: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        if submission.department:
            senders[submission.department].append(submission)
    return dict(senders)


def _by_name(roster: Roster) -> dict[str, RosterEntry]:
    """The entries by the compact form of their name and aliases; a name comes before another's alias."""
    aliases = {compact_name(alias): entry for entry in roster.entries for alias in entry.aliases}
    return {**aliases, **{compact_name(entry.department): entry for entry in roster.entries}}


def _by_code(submissions: Sequence[Submission], roster: Roster) -> RosterEntry | None:
    """The one entry whose code all these forms print before the department's name, or in its place."""
    cells = (each.fields.get("department") for each in submissions)
    texts = {normalize("NFKC", cell.text).lstrip(_OPENING) for cell in cells if cell}
    coded = (entry for entry in roster.entries if entry.code)
    found = [entry for entry in coded if all(_has_code(text, entry) for text in texts)]
    return found[0] if len(found) == 1 and texts else None


def _has_code(text: str, entry: RosterEntry) -> bool:
    return text.startswith(entry.code) and not text[len(entry.code) :][:1].isdigit()


def _renamed(submission: Submission, name: str, other: str, likeness: str) -> Finding:
    return _on_name(submission, SIMILAR_NAME, name, other=other, likeness=likeness, source=say("名册"))


def _on_name(submission: Submission, kind: Declaration, name: str, **figures: str) -> Finding:
    """A finding at the cell of the department's name."""
    entry = submission.fields.get("department")
    return report(submission, kind, entry.ref if entry else None, name, evidence=(), reported=name, **figures)


_OWN = 2
"""So many forms of one department, one of them about the whole of it, make a workbook its own."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A form that names `printed` in a workbook of `owner`, which it is counted to."""

    submission: Submission
    owner: str

    def finding(self) -> Finding:
        """X138: at the name, with what was assumed."""
        entry, name = self.submission.fields.get("department"), self.submission.department
        return report(
            self.submission,
            OTHER_DEPARTMENT,
            entry.ref if entry else None,
            name,
            evidence=(),
            reported=name,
            expected=self.owner,
            other=self.owner,
        )


def find_slips(submissions: Sequence[Submission], listed: Collection[str] = ()) -> Iterator[Slip]:
    """Forms whose department stands nowhere else in the round, in a workbook that is another's own.

    A workbook is a department's own where it holds several of its forms and one of these is about the whole
    department. A name `listed` on a roster, one on two forms, and one on an overall form are departments.
    """
    files: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        files[submission.file].append(submission)
    counts = Counter(each.department for each in submissions)
    for forms in files.values():
        owners = _owners(forms)
        if len(owners) != 1:
            continue
        for form in forms:
            known = form.department in {*owners, *listed, ""} or counts[form.department] > 1
            if not known and form.scope is not Scope.OVERALL:
                yield Slip(form, owners[0])


def _owners(forms: Sequence[Submission]) -> list[str]:
    counts = Counter(each.department for each in forms if each.department)
    whole = {each.department for each in forms if each.scope not in {Scope.PROJECT, Scope.SUPPORT}}
    return [name for name, count in counts.items() if count >= _OWN and name in whole]
