"""Who sent what: names against the roster, what is owed and when it came, and a round as a whole.

A slip is another department's name on one sheet of a department's own workbook.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from unicodedata import normalize

from jixiao.audit.names import match_names, similar_pairs
from jixiao.audit.subject import SIMILAR_NAME, at_name, report
from jixiao.domain.findings import Finding, Place, declare
from jixiao.domain.forms import Scope
from jixiao.domain.references import FilingRecord, is_late
from jixiao.domain.text_keys import compact_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from jixiao.domain.references import Due, Roster, RosterEntry
    from jixiao.domain.scheme import Scheme
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
            findings.append(_renamed(senders[name][0], entry.department, say("部门编码相同")))
    taken = set(spellings.values())
    free = {name: entry for name, entry in entries.items() if entry.department not in taken}
    for name, match in match_names(senders.keys() - spellings.keys(), free).items():
        if match is None:
            findings.append(at_name(senders[name][0], NOT_ON_ROSTER, "department", evidence=()))
            continue
        spellings[name] = free[match.name].department
        findings.append(_renamed(senders[name][0], spellings[name], ""))
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
        yield at_name(senders[rarer][0], PERHAPS_ONE_DEPARTMENT, "department", evidence=(), other=other)


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


def _renamed(submission: Submission, other: str, likeness: str) -> Finding:
    figures = {"other": other, "likeness": likeness, "source": say("名册")}
    return at_name(submission, SIMILAR_NAME, "department", evidence=(), **figures)


_OWN = 2
"""So many forms of one department, one of them about the whole of it, make a workbook its own."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A form that names `printed` in a workbook of `owner`, which it is counted to."""

    submission: Submission
    owner: str

    def finding(self) -> Finding:
        """X138: at the name, with what was assumed."""
        figures = {"expected": self.owner, "other": self.owner}
        return at_name(self.submission, OTHER_DEPARTMENT, "department", evidence=(), **figures)


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


YEAR_DOUBTFUL = declare("X139", "year", "count", "sum", "parts")
OVERALL_LACKING = declare("P105")
FILING_OWED = declare("P110", "reported", "department", "owed", optional=("deadline",))
FILED_LATE = declare("P111", "saved", "deadline")
OVERALL_NOT_ASKED = declare("P113", "count", "form")


def late_submissions(
    submissions: Iterable[Submission], stamps: Mapping[str, str], deadline: date | datetime | None
) -> frozenset[str]:
    """The ids of forms of which every version was certainly saved after the deadline.

    Args:
        submissions: all versions, superseded ones as well: who corrects a form later was in time.
        stamps: by file, when its workbook says it was last saved; a file without a stamp is never late.
        deadline: None: nothing is late.
    """
    if deadline is None:
        return frozenset()
    versions: dict[tuple[str, str, str], list[Submission]] = defaultdict(list)
    for each in submissions:
        versions[each.department, each.form, each.project].append(each)
    late = (
        group
        for group in versions.values()
        if all(is_late(stamps.get(each.file, ""), deadline) for each in group)
    )
    return frozenset(each.submission_id for group in late for each in group)


def compare_filing(
    submissions: Sequence[Submission], roster: Roster, late: AbstractSet[str]
) -> tuple[FilingRecord, ...]:
    """A record for everything that is owed and for what came besides, by department, form and project.

    `submissions` are those that count, under the roster's names for their departments; a department that is
    not on the roster gets records of what it sent.
    """
    own: dict[str, list[Submission]] = defaultdict(list)
    for each in submissions:
        own[each.department].append(each)
    records = [record for entry in roster.entries for record in _records(entry, own[entry.department], late)]
    listed = {entry.department for entry in roster.entries}
    for department in own.keys() - listed:
        records += _besides(department, "", own[department], late, listed=False)
    return tuple(sorted(records, key=lambda each: (each.department, each.form, each.project, -each.due)))


def check_filing(records: Iterable[FilingRecord], scheme: Scheme, deadline: str) -> Iterator[Finding]:
    """P110 (the roster): owed and not come, in one finding where nothing came at all.

    `deadline` in words, "" for none.
    """
    own: dict[str, list[FilingRecord]] = defaultdict(list)
    for record in records:
        own[record.department].append(record)
    for department, theirs in own.items():
        missing = [record for record in theirs if record.missing]
        nothing = not any(record.filed for record in theirs)
        for group in [missing] if nothing else [[record] for record in missing]:
            yield _missing(department, group, scheme, deadline)


def _missing(department: str, records: Sequence[FilingRecord], scheme: Scheme, deadline: str) -> Finding:
    titles = {form.id: form.title for form in scheme.forms}
    owed = say("、").join(_in_words(record, titles) for record in records)
    return FILING_OWED.finding(
        Place(""),
        label=say("、").join(
            dict.fromkeys(record.project or titles.get(record.form, "") for record in records)
        ),
        reported=str(sum(len(record.filed) for record in records)),
        expected=str(sum(record.due for record in records)),
        department=department,
        figures={"department": department, "owed": owed, "deadline": deadline},
    )


def _in_words(record: FilingRecord, titles: Mapping[str, str]) -> str:
    """项目支出绩效自评表（某项目）1 张."""
    project = say("（{project}）", project=record.project) if record.project else " "
    return say(
        "{form}{project}{due} 张",
        form=titles.get(record.form, say("自评表")),
        project=project,
        due=record.due,
    )


def check_projects(
    records: Iterable[FilingRecord], submissions: Iterable[Submission], roster: Roster
) -> Iterator[Finding]:
    """X104: a form that was taken for the one of a project whose name the roster spells differently."""
    forms = {each.submission_id: each for each in submissions}
    for record in records:
        for submission in (forms[name] for name in record.filed if record.project):
            match = match_names([submission.project], [record.project])[submission.project]
            if match and not match.exact:
                figures = {"other": record.project, "source": roster.file}
                yield at_name(submission, SIMILAR_NAME, "project", evidence=(), **figures)


def check_lateness(
    submissions: Iterable[Submission], late: AbstractSet[str], stamps: Mapping[str, str], deadline: str
) -> Iterator[Finding]:
    """P111: a file that was saved after the deadline, once for each department with forms in it."""
    files = {(each.file, each.department) for each in submissions if each.submission_id in late}
    for file, department in sorted(files):
        saved = datetime.fromisoformat(stamps[file]).strftime("%Y-%m-%d %H:%M")
        yield FILED_LATE.finding(
            Place(file),
            reported=saved,
            expected=deadline,
            department=department,
            figures={"saved": saved, "deadline": deadline},
        )


def _records(entry: RosterEntry, own: Sequence[Submission], late: AbstractSet[str]) -> Iterator[FilingRecord]:
    """What one department owes; named projects take their forms first, numbers the rest of their kind."""
    rest = list(own)
    for form, named in _named(entry).items():
        candidates = {each.project: each for each in rest if each.form == form}
        matches = match_names((due.project for due in named), candidates)
        for due in named:
            match = matches[due.project]
            filed = [candidates[match.name]] if match else []
            rest = [each for each in rest if each not in filed]
            yield _record(entry, due, filed, late)
    for due in entry.due:
        if not due.project:
            filed = [each for each in rest if due.form in {"", each.form}]
            rest = [each for each in rest if each not in filed]
            yield _record(entry, due, filed, late)
    yield from _besides(entry.department, entry.code, rest, late, listed=True)


def _named(entry: RosterEntry) -> dict[str, list[Due]]:
    named: dict[str, list[Due]] = defaultdict(list)
    for due in entry.due:
        if due.project:
            named[due.form].append(due)
    return dict(named)


def _besides(
    department: str, code: str, rest: Sequence[Submission], late: AbstractSet[str], *, listed: bool
) -> Iterator[FilingRecord]:
    """What came without being owed, one record a kind of form."""
    for form in sorted({each.form for each in rest}):
        ids = tuple(each.submission_id for each in rest if each.form == form)
        yield FilingRecord(department, code, form, "", 0, ids, tuple(filter(late.__contains__, ids)), listed)


def _record(
    entry: RosterEntry, due: Due, filed: Iterable[Submission], late: AbstractSet[str]
) -> FilingRecord:
    ids = tuple(each.submission_id for each in filed)
    tardy = tuple(filter(late.__contains__, ids))
    return FilingRecord(entry.department, entry.code, due.form, due.project, due.count, ids, tardy)


_FEW = 3
"""Of fewer forms nobody can tell whether they or the round's year are wrong."""


def check_years(submissions: Sequence[Submission], year: int) -> Finding | None:
    """X139, where most forms of the round are of other years than its own: then no form is told so (X101)."""
    years = Counter(each.printed_year for each in submissions if each.printed_year is not None)
    others = {printed: count for printed, count in sorted(years.items()) if printed != year}
    strange = sum(others.values())
    if strange < _FEW or strange * 2 <= years.total():
        return None
    return YEAR_DOUBTFUL.finding(
        Place(""),
        expected=str(year),
        figures={
            "year": str(year),
            "count": str(strange),
            "sum": str(years.total()),
            "parts": say("、").join(
                say("{printed} 年 {count} 张", printed=printed, count=count)
                for printed, count in others.items()
            ),
        },
    )


def check_overall_forms(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """P105 projects without the department's overall form; P113, once, where most departments send none."""
    wanted = next((form.title for form in scheme.forms if form.scope is Scope.OVERALL), "")
    overall = {each.department for each in submissions if each.scope is Scope.OVERALL}
    projects = {each.department: each for each in reversed(submissions) if each.scope is Scope.PROJECT}
    lacking = [department for department in sorted(projects) if department not in overall]
    if not wanted or not lacking:
        return
    if len(lacking) * 2 > len(projects):
        yield OVERALL_NOT_ASKED.finding(
            Place(""), label=wanted, figures={"count": str(len(lacking)), "form": wanted}
        )
        return
    for department in lacking:
        yield report(projects[department], OVERALL_LACKING, None, wanted, evidence=())
