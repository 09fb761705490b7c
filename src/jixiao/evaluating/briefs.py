"""A round divided: of each department what its evaluation is made from, of the round what concerns nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.audit.department.accounts import RECONCILED, Owners, find_owners
from jixiao.audit.department.copies import find_copies
from jixiao.audit.department.filings import check_overall_forms, check_years
from jixiao.domain.findings import Place, declare
from jixiao.domain.text_keys import compact_name
from jixiao.evaluating.attribution import attribute, set_strays_aside
from jixiao.evaluating.files import ATTACHED, ATTACHED_ALONE
from jixiao.evaluating.followups import tell_strangers
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.domain.accounts import AccountLine, Accounts
    from jixiao.domain.findings import Finding, Hint
    from jixiao.domain.followups import Excuse, History
    from jixiao.domain.replies import Reply
    from jixiao.domain.rosters import Roster, RosterEntry
    from jixiao.domain.rounds import Round
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import SheetOutcome, Submission
    from jixiao.evaluating.attribution import Attribution
    from jixiao.evaluating.files import Content, FileResult


@dataclass(frozen=True, slots=True)
class Brief:
    """What the round has to say to one department's evaluation; nothing in it depends on other departments.

    Of its forms, light, `department` and `inferences` hold. `stamps` says by file when its workbook was last
    saved, by its own account, `digests` what its content is. `findings` are those of attribution and of files
    that hold no form. `roster` and `accounts` hold its lines, `booked` are its names in the accounts, `names`
    what it may go by. `years_in_doubt`: that a form is of another year is the round's fault. `excuses` are
    the waivers for it, `history` what the ledger knows of it. `replies` are its answers to findings, the
    newest last; `returned` the files that had gone back to it marked. `hints` are what it has in common with
    other departments.
    """

    department: str
    forms: tuple[Submission, ...]
    superseded: frozenset[str]
    stamps: Mapping[str, str]
    digests: Mapping[str, str]
    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    roster: Roster | None = None
    accounts: Accounts | None = None
    booked: tuple[str, ...] = ()
    years_in_doubt: bool = False
    excuses: tuple[Excuse, ...] = ()
    history: History | None = None
    replies: tuple[Reply, ...] = ()
    returned: frozenset[str] = frozenset()
    hints: tuple[Hint, ...] = ()

    def round_of(self, round_: Round) -> Round:
        """The round as far as it concerns this department."""
        return replace(round_, roster=self.roster, accounts=self.accounts)


@dataclass(frozen=True, slots=True)
class Division:
    """A whole round over its departments; `findings` and `outcomes` are those of no department's forms."""

    briefs: tuple[Brief, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[SheetOutcome, ...]
    sha256: Mapping[str, str]


def divide(round_: Round, results: Sequence[FileResult]) -> Division:
    """Settle everything that takes a look at all files of a round, and hand each department its own.

    `results` may be light. The cost is one pass over the forms' names, whatever they report.
    """
    results = set_strays_aside(results, round_.roster)
    attribution = attribute(results, round_.roster)
    doubt = check_years(attribution.current, round_.year)
    owned = _Owned(round_, attribution)
    texts = {name: found for result in results for name, found in result.texts.items()}
    copies = find_copies(attribution.current, texts, round_.scheme)
    findings = [
        *(finding for result in results for finding in result.findings if not finding.subject),
        *attribution.findings,
        *check_overall_forms(attribution.current, round_.scheme),
        *owned.owners.findings,
    ]
    concerned = {
        owner: list(tell_attached(found, attribution, owner))
        for owner, found in _by_department(findings, attribution).items()
    }
    lists = (round_.roster, round_.accounts, round_.waivers)
    own_faults = [each for listed in lists if listed for each in listed.findings]
    files = {result.file: result for result in results}
    forms_of = _forms(attribution, round_.roster)
    replies = _replies(results, attribution, {name for name, _ in forms_of})
    briefs = (
        Brief(
            department=name,
            forms=forms,
            superseded=frozenset(each.submission_id for each in forms) & attribution.superseded,
            stamps={each.file: files[each.file].modified for each in forms},
            digests={each.file: files[each.file].sha256 for each in forms},
            findings=tuple(concerned.pop(name, ())),
            names=owned.names(name),
            roster=owned.roster(name),
            accounts=owned.accounts(name),
            booked=owned.booked(name),
            years_in_doubt=doubt is not None,
            hints=copies.get(name, ()),
            excuses=round_.waivers.of(owned.names(name)) if round_.waivers else (),
            replies=tuple(replies[name]),
            returned=frozenset(each.file for each in forms if files[each.file].returned),
        )
        for name, forms in forms_of
    )
    made = tuple(briefs)
    contents = {name: found for result in results for name, found in result.contents.items()}
    same = find_same(attribution.current, contents, round_.scheme)
    if round_.waivers:
        names = {name for brief in made for name in brief.names}
        own_faults += tell_strangers(round_.waivers.of_nobody(names))
    rest = [each for found in concerned.values() for each in found]
    return Division(
        made,
        (*rest, *((doubt,) if doubt else ()), *same, *own_faults),
        tuple(outcome for result in results for outcome in result.outcomes),
        {**{each.file: each.sha256 for each in results}, **_own_digests(round_)},
    )


def _forms(attribution: Attribution, roster: Roster | None) -> list[tuple[str, tuple[Submission, ...]]]:
    """Every department that sent a form or owes one, by name, with its forms."""
    sent = {
        name: tuple(own) for name, own in groupby(attribution.submissions, key=lambda each: each.department)
    }
    owing = {entry.department for entry in roster.entries} if roster else set()
    return [(name, sent.get(name, ())) for name in sorted(sent.keys() | owing)]


def _by_department(findings: Iterable[Finding], attribution: Attribution) -> dict[str, list[Finding]]:
    """Findings by whom they concern: whose form it is, or who sent everything else in its file or folder."""
    owners = {each.submission_id: each.department for each in attribution.submissions}
    concerned: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        owner = owners.get(each.subject) or each.department or attribution.senders.of(each.place.file)
        concerned[owner].append(each)
    return concerned


_CROWD = 5
"""Departments: what fewer have in common is worth a look at each of them (Q106)."""
SAME = declare("Q113", "count", "form", "found", "others")


def find_same(
    forms: Iterable[Submission], contents: Mapping[str, Content], scheme: Scheme
) -> Iterator[Finding]:
    """What forms of many departments are the same, figure by figure, but for whose they are (Q113).

    One finding for each such form, however many departments sent it: it is about the round.
    """
    alike: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for each in forms:
        content = contents.get(each.submission_id)
        if content and content.figures:
            alike[each.form, content.figures].append(each)
    for (form, _), found in alike.items():
        names = list(dict.fromkeys(each.department for each in found))
        if len(names) >= _CROWD:
            shown = say("、").join(names[:_NAMED]) + (say("等") if len(names) > _NAMED else "")
            first = found[0]
            figures = {
                "count": str(len(names)),
                "form": scheme.form(form).title,
                "found": str(contents[first.submission_id].count),
                "others": shown,
            }
            yield SAME.finding(Place(first.file, first.sheet), figures=figures)


_NAMED = 3
"""So many files are named where more are counted."""


def tell_attached(findings: Iterable[Finding], attribution: Attribution, owner: str) -> Iterator[Finding]:
    """The findings on one owner; what it sent that is no workbook in one line, of nobody's files by folder.

    F113 beside forms, F115 where nothing else came that could be read.
    """
    attached: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        if each.code == ATTACHED.code:
            attached["" if owner else str(PurePosixPath(each.place.file).parent)].append(each)
        else:
            yield each
    senders = {each.department for each in attribution.submissions}
    for folder, found in attached.items():
        files = [each.place.file for each in found]
        beside = bool(senders) if folder == "." else attribution.senders.have_sent(folder)
        sent = owner in senders if owner else beside
        names = say("、").join(PurePosixPath(file).name for file in files[:_NAMED])
        rest = say("等") if len(files) > _NAMED else ""
        kind = ATTACHED if sent else ATTACHED_ALONE
        yield kind.finding(Place(files[0]), figures={"count": str(len(files)), "files": names + rest})


def _replies(
    results: Iterable[FileResult], attribution: Attribution, names: AbstractSet[str]
) -> dict[str, list[Reply]]:
    """Answers by whose they are: whom the sheet had gone to, else who sent the file; the newest last."""
    answered: dict[str, list[Reply]] = defaultdict(list)
    for result in sorted(results, key=lambda each: (each.modified, each.file)):
        for reply in result.replies:
            sender = attribution.senders.of(result.file)
            answered[reply.department if reply.department in names else sender].append(reply)
    return answered


def _own_digests(round_: Round) -> dict[str, str]:
    """The sha256 of the finance department's own lists."""
    return {each.file: each.sha256 for each in (round_.roster, round_.accounts, round_.waivers) if each}


class _Owned:
    """The lines of roster and accounts by department, found once for a round."""

    def __init__(self, round_: Round, attribution: Attribution) -> None:
        self._roster, self._books = round_.roster, round_.accounts
        entries = round_.roster.entries if round_.roster else ()
        self._entries = {entry.department: entry for entry in entries}
        compared = {each.department for each in attribution.current if each.scope in RECONCILED}
        self.owners = find_owners(self._books, compared, self._roster) if self._books else Owners({}, ())
        self._lines: dict[str, list[tuple[int, AccountLine]]] = defaultdict(list)
        self._called: dict[str, set[str]] = defaultdict(set)
        for name, owner in self.owners.departments.items():
            self._called[owner].add(name)
        for place, line in enumerate(self._books.lines if self._books else ()):
            self._lines[line.department].append((place, line))
        self._kept = self._books.bookkeeping if self._books else None
        self._spelled: dict[str, set[str]] = defaultdict(set)
        for name in self._lines:
            self._spelled[compact_name(name)].add(name)

    def _entry(self, department: str) -> tuple[RosterEntry, ...]:
        entry = self._entries.get(department)
        return (entry,) if entry else ()

    def names(self, department: str) -> tuple[str, ...]:
        """What it may be called, compact."""
        aliases = [name for each in self._entry(department) for name in each.aliases]
        return tuple(dict.fromkeys(map(compact_name, (department, *aliases))))

    def roster(self, department: str) -> Roster | None:
        """Its own entry; without one it is not on the roster."""
        listed = self._roster
        return replace(listed, sha256="", entries=self._entry(department), findings=()) if listed else None

    def booked(self, department: str) -> tuple[str, ...]:
        """By which names the accounts' lines are its own."""
        return tuple(sorted(self._called[department]))

    def accounts(self, department: str) -> Accounts | None:
        """The lines that go by any of its names, in the accounts' order."""
        if self._books is None:
            return None
        names = {name for each in self.names(department) for name in self._spelled[each]}
        placed = {
            place: line for name in names | self._called[department] for place, line in self._lines[name]
        }
        lines = tuple(placed[place] for place in sorted(placed))
        return replace(self._books, sha256="", lines=lines, findings=(), kept=self._kept)
