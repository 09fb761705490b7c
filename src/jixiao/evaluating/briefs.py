"""A round divided: of each department what its evaluation is made from, of the round what concerns nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import PurePosixPath
from statistics import median_low
from typing import TYPE_CHECKING

from jixiao.audit.department.accounts import RECONCILED, Owners, find_owners
from jixiao.audit.department.copies import find_copies
from jixiao.audit.department.filings import check_overall_forms, check_years
from jixiao.domain.amounts import ZERO, plain, round_half_up, show
from jixiao.domain.findings import Place, declare
from jixiao.domain.forms import Scope
from jixiao.domain.text_keys import compact_name
from jixiao.evaluating.attribution import attribute, set_strays_aside
from jixiao.evaluating.files import ATTACHED, ATTACHED_ALONE, UNRECOGNISED
from jixiao.evaluating.followups import tell_strangers
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from jixiao.domain.findings import Finding, Hint
    from jixiao.domain.followups import Excuse, History
    from jixiao.domain.own_sheets import Reply
    from jixiao.domain.references import AccountLine, Accounts, Roster, RosterEntry
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


@dataclass(frozen=True, slots=True)
class Received:
    """What came in: the files as they were `listed` before any was read, the sheets and forms as read.

    `sheets` by file and name, `continued` those of them that hold nothing but the rest of a form on the sheet
    before. Of the `forms` that were read so many are `set_aside` as lists of the finance department.
    """

    listed: tuple[str, ...] = ()
    sheets: tuple[tuple[str, str], ...] = ()
    continued: frozenset[tuple[str, str]] = frozenset()
    forms: int = 0
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class Division:
    """A whole round over its departments; `findings` and `outcomes` are those of no department's forms."""

    briefs: tuple[Brief, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[SheetOutcome, ...]
    sha256: Mapping[str, str]
    received: Received = field(default_factory=Received)
    """What came, as it was listed and read: what is accounted for is held against it."""


def divide(round_: Round, results: Sequence[FileResult]) -> Division:
    """Settle everything that takes a look at all files of a round, and hand each department its own.

    `results` may be light. The cost is one pass over the forms' names, whatever they report.
    """
    sent, results = results, set_strays_aside(results, round_.roster)
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
        owner: list(tell_attached(tell_sheets(found) if owner else found, attribution, owner))
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
    same = (
        *find_same(attribution.current, contents, round_.scheme),
        *find_far_off(attribution.current, contents),
    )
    if round_.waivers:
        names = {name for brief in made for name in brief.names}
        own_faults += tell_strangers(round_.waivers.of_nobody(names))
    rest = [each for found in concerned.values() for each in found]
    return Division(
        made,
        (*rest, *((doubt,) if doubt else ()), *same, *own_faults),
        tuple(outcome for result in results for outcome in result.outcomes),
        {**{each.file: each.sha256 for each in results}, **_own_digests(round_)},
        _received(sent, results),
    )


def _received(sent: Sequence[FileResult], kept: Sequence[FileResult]) -> Received:
    """What came, by what reading it gave; who listed the files before says which there had to be."""
    read = sum(len(each.submissions) for each in sent)
    told = {(each.file, own.sheet) for each in kept for own in each.submissions}
    told |= {(each.file, own.sheet) for each in kept for own in each.outcomes}
    return Received(
        tuple(each.file for each in sent),
        tuple((each.file, sheet) for each in sent for sheet in each.sheets),
        frozenset((each.file, sheet) for each in sent for sheet in each.continued) - told,
        read,
        read - sum(len(each.submissions) for each in kept),
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
UNRECOGNISED_FOLDER = declare("L116", "count", "files", "examples", optional=("folder", "label"))
UNRECOGNISED_SHEETS = declare("L117", "count", "examples", optional=("label",))
_FEW = 5
"""So many unknown sheets of a folder or file are told one by one."""
SAME = declare("Q113", "count", "form", "found", "others")


def tell_sheets(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings on a department; many sheets of one file that are no forms (L101) in one line, L117."""
    unknown: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for each in findings:
        if each.code == UNRECOGNISED.code:
            unknown[each.place.file, each.label].append(each)
        else:
            yield each
    for (file, nearest), sheets in unknown.items():
        if len(sheets) <= _FEW:
            yield from sheets
        else:
            names = _some(say("《{sheet}》", sheet=each.place.sheet) for each in sheets)
            figures = {"count": str(len(sheets)), "examples": names}
            yield UNRECOGNISED_SHEETS.finding(Place(file), label=nearest, figures=figures)


def _some(names: Iterable[str]) -> str:
    """The first of several names, in their order."""
    known = list(dict.fromkeys(names))
    return say("、").join(known[:_NAMED]) + (say("等") if len(known) > _NAMED else "")


def tell_folders(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings on no department; many sheets of one folder that are no forms (L101) in one line, L116.

    Those that come near different forms are told apart: what may be a form after all is not lost among
    lists and letters. What became of each sheet stands in the submissions' table.
    """
    unknown: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for each in findings:
        if each.code == UNRECOGNISED.code:
            unknown[str(PurePosixPath(each.place.file).parent), each.label].append(each)
        else:
            yield each
    for (folder, nearest), sheets in unknown.items():
        if len(sheets) > _FEW:
            yield _folder_told(folder, nearest, sheets)
        else:
            yield from sheets


def _folder_told(folder: str, nearest: str, sheets: Sequence[Finding]) -> Finding:
    files = {each.place.file for each in sheets}
    inside = "" if folder == "." else folder
    return UNRECOGNISED_FOLDER.finding(
        Place(inside),
        label=nearest,
        figures={
            "folder": inside,
            "count": str(len(sheets)),
            "files": str(len(files)),
            "examples": _some(PurePosixPath(each.place.file).name for each in sheets),
        },
    )


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
            first = found[0]
            figures = {
                "count": str(len(names)),
                "form": scheme.form(form).title,
                "found": str(contents[first.submission_id].count),
                "others": _some(names),
            }
            yield SAME.finding(Place(first.file, first.sheet), figures=figures)


FAR_OFF = declare("Q114", "department", "reported", "limit", "times")
_FAR = 5000
"""Times the median: 元 for 万元 is ten thousand times, the largest of a province's are some hundred."""


def find_far_off(forms: Iterable[Submission], contents: Mapping[str, Content]) -> Iterator[Finding]:
    """Departments whose amounts are beyond the others', as where 元 stands for 万元 throughout (Q114).

    Within one department nothing tells: all its figures agree with each other.
    """
    largest: dict[str, tuple[Decimal, Submission]] = {}
    for each in forms:
        content = contents.get(each.submission_id)
        amount = content.largest if content and each.scope is Scope.OVERALL else ZERO
        if amount > largest.get(each.department, (ZERO, each))[0]:
            largest[each.department] = amount, each
    if len(largest) < _CROWD:
        return
    middle = median_low(amount for amount, _ in largest.values())
    for name, (amount, form) in largest.items():
        if amount >= _FAR * middle:
            times = plain(round_half_up(amount / middle, 0))
            figures = {"department": name, "limit": show(middle), "times": times}
            yield FAR_OFF.finding(Place(form.file, form.sheet), reported=show(amount), figures=figures)


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
        kind, names = ATTACHED if sent else ATTACHED_ALONE, _some(PurePosixPath(each).name for each in files)
        yield kind.finding(Place(files[0]), figures={"count": str(len(files)), "files": names})


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
