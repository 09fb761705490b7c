"""The forms against the finance department's own accounts: which line is whose, which figures differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from jixiao.audit.arithmetic.equations import printed_step
from jixiao.audit.names import assume_same, match_names
from jixiao.audit.subject import SIMILAR_NAME, Subject, at_name
from jixiao.domain.amounts import ZERO, show
from jixiao.domain.findings import Declaration, Finding, Place, declare
from jixiao.domain.forms import Scope
from jixiao.domain.references import AccountVerdict, Reconciliation
from jixiao.domain.text_keys import compact_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.audit.names import Match
    from jixiao.domain.references import AccountLine, Accounts, BookedFigure, Roster
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Entry, Submission

ACCOUNTS_DIFFER = declare("X130", "reported", "expected", optional=("gap", "source", "place"))
ACCOUNT_WITHOUT_FORM = declare("X131", "label", "source", "department")
FORM_WITHOUT_ACCOUNT = declare("X132", "source")
NOTHING_SENT = declare("X134", "label", "source")
ACCOUNT_REPEATED = declare("X135", "label", "source", "department")
CARRYOVER_WITHOUT_FORM = declare("X136", "label", "source", "department")


RECONCILED = frozenset({Scope.OVERALL, Scope.PROJECT})
"""The forms that the accounts can be compared with."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Every comparison of one department, form by form, and what is to be said about it."""

    rows: tuple[Reconciliation, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A form with its line in the accounts, or one alone; `repeated`: several lines of that name."""

    subject: Subject | None
    line: AccountLine | None
    match: Match | None
    rows: tuple[Reconciliation, ...]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose lines these are, by the accounts' name of the department; and what is said about that."""

    departments: Mapping[str, str]
    findings: tuple[Finding, ...]


def find_owners(accounts: Accounts, departments: Collection[str], roster: Roster | None = None) -> Owners:
    """The department of the round by the accounts' name for it, for a whole round.

    `departments` are those that sent a form which the accounts can be compared with. X104 is said of one that
    goes by a similar name, X134 of one of which nothing came.
    """
    entries = roster.entries if roster else ()
    listed = {compact_name(alias): entry.department for entry in entries for alias in entry.aliases}
    listed |= {compact_name(entry.department): entry.department for entry in entries}
    names = {line.department for line in accounts.lines}
    owners = {name: listed[compact_name(name)] for name in names if compact_name(name) in listed}
    matches = match_names(names - owners.keys(), set(departments) - set(owners.values()))
    owners |= {name: match.name for name, match in matches.items() if match}
    return Owners(owners, tuple(_department_findings(accounts, matches)))


def reconcile(
    cards: Sequence[ScoreCard], accounts: Accounts, lines: Sequence[AccountLine], scheme: Scheme
) -> Reconciled:
    """Compare a department's overall and project forms with their lines in the accounts, by scheme.booked.

    `lines` are the department's own. Names are matched exactly first, then by similarity, which is said
    (X104) and only believed where at least one figure agrees: what another project spent is no mistake on
    this one's form.
    """
    subjects = [
        Subject(card, scheme, scheme.form(card.submission.form))
        for card in cards
        if card.submission.scope in RECONCILED
    ]
    findings: list[Finding] = []
    rows: list[Reconciliation] = []
    for pair in _pair_up(subjects, lines, accounts) if subjects else ():
        department = subjects[0].submission.department
        rows += _rows(pair, department)
        findings += _findings(pair, department, accounts)
    return Reconciled(tuple(rows), tuple(findings))


def _department_findings(accounts: Accounts, matches: dict[str, Match | None]) -> Iterator[Finding]:
    """X104 for a department that goes by a similar name, X134 for one of which nothing came."""
    first = {line.department: line for line in reversed(accounts.lines)}
    for name, match in matches.items():
        if match is None or not match.exact:
            kind, other = (SIMILAR_NAME, match.name) if match else (NOTHING_SENT, "")
            figures = {"other": other} if match else {}
            yield _on_line(first[name], kind, name, other, accounts, **figures)


def _pair_up(own: Sequence[Subject], lines: Sequence[AccountLine], accounts: Accounts) -> Iterator[_Pair]:
    """Every form of a department with its line, then the lines that no form takes."""
    counts = Counter(compact_name(line.project) for line in lines)
    first = {line.project: line for line in reversed(lines)}
    projects = {each.submission.project for each in own if each.submission.scope is Scope.PROJECT}
    matches = match_names(projects, first.keys() - {""})
    used = set()
    for subject in own:
        whole = subject.submission.scope is Scope.OVERALL
        if whole and not accounts.bookkeeping.has_wholes:
            continue  # accounts without lines for whole departments lack none of them
        match = None if whole else matches[subject.submission.project]
        line = first.get("") if whole else first[match.name] if match else None
        pair = _pair(subject, line, match, accounts)
        if pair.line:
            used.add(compact_name(pair.line.project))
        yield replace(pair, repeated=pair.line is not None and counts[compact_name(pair.line.project)] > 1)
    for line in lines:
        if line.project and compact_name(line.project) not in used:
            used.add(compact_name(line.project))
            yield _Pair(None, line, None, (), repeated=counts[compact_name(line.project)] > 1)


def _pair(subject: Subject, line: AccountLine | None, match: Match | None, accounts: Accounts) -> _Pair:
    """The pair with its comparison; a similar name that no figure confirms is no match."""
    if line is None:
        return _Pair(subject, None, None, ())
    slack = (printed_step(subject.submission, subject.layout) + accounts.bookkeeping.step) / 2
    rows = compare_form(subject.submission, line, subject.scheme.booked, slack)
    confirmed = any(row.verdict is AccountVerdict.AGREES and row.booked for row in rows)
    if match and not match.exact and not confirmed:
        return _Pair(subject, None, None, ())
    return _Pair(subject, line, match, rows)


def _rows(pair: _Pair, department: str) -> Sequence[Reconciliation]:
    if pair.line is None and pair.subject is not None:
        submission = pair.subject.submission
        verdict, project, form = AccountVerdict.NO_LINE, submission.project, submission.form
        return (Reconciliation(department, project, form, "", verdict, ref=submission.title),)
    if pair.subject is None and pair.line is not None:
        line = pair.line
        verdict = AccountVerdict.NO_FORM
        return (
            Reconciliation(department, "", "", "", verdict, booked_as=line.project, account_ref=line.ref),
        )
    if pair.repeated:
        return [replace(row, verdict=AccountVerdict.UNKNOWN) for row in pair.rows]
    return pair.rows


def _findings(pair: _Pair, department: str, accounts: Accounts) -> Iterator[Finding]:
    """X104, X130 to X132, X135 and X136 about one pair."""
    subject, line = pair.subject, pair.line
    if line and pair.repeated:
        yield _on_line(line, ACCOUNT_REPEATED, line.project, department, accounts, department=department)
    elif line and subject:
        yield from _name_findings(subject, pair.match, accounts)
        assumed = assume_same(pair.match)
        for row in pair.rows:
            if row.verdict is AccountVerdict.DIFFERS:
                yield replace(_difference(subject, row, accounts), assumed=assumed)
    elif line:
        kind = CARRYOVER_WITHOUT_FORM if is_carryover(line) else ACCOUNT_WITHOUT_FORM
        yield _on_line(line, kind, line.project, department, accounts, department=department)
    elif subject:
        place, label = subject.submission.cell("project"), subject.submission.subject_name
        yield subject.finding(FORM_WITHOUT_ACCOUNT, place, label, evidence=(), source=accounts.file)


def _name_findings(subject: Subject, match: Match | None, accounts: Accounts) -> Iterator[Finding]:
    if match and not match.exact:
        figures = {"other": match.name, "source": accounts.file}
        yield at_name(subject.submission, SIMILAR_NAME, "project", evidence=(), **figures)


def _difference(subject: Subject, row: Reconciliation, accounts: Accounts) -> Finding:
    reported, booked, gap = (
        show(value) for value in (row.reported, row.booked, row.difference) if value is not None
    )
    place = (
        say("《{sheet}》{a1}", sheet=row.account_ref.sheet, a1=row.account_ref.a1) if row.account_ref else ""
    )
    figures = {"reported": reported, "expected": booked, "gap": gap.lstrip("−"), "source": accounts.file}
    return subject.finding(
        ACCOUNTS_DIFFER, row.ref, row.item, evidence=(row.account_ref,), place=place, **figures
    )


def _on_line(
    line: AccountLine, kind: Declaration, label: str, whose: str, accounts: Accounts, **figures: str
) -> Finding:
    """A finding at a line of the accounts, about a department's project or its name."""
    return kind.finding(
        Place.at(line.ref),
        label=label,
        reported=label,
        figures={"source": accounts.file, **figures},
        department=whose,
    )


class _Compared(NamedTuple):
    """A figure of the form and one of the accounts that it may mean."""

    entry: Entry
    reported: Decimal
    booked: Decimal

    @property
    def gap(self) -> Decimal:
        return abs(self.reported - self.booked)


def compare_form(
    submission: Submission, line: AccountLine, booked: Sequence[BookedFigure], slack: Decimal
) -> tuple[Reconciliation, ...]:
    """A row for every figure that the form and the accounts both have a place for.

    Of several places and sums that a figure may stand for, the pair that differs least counts. Figures agree
    within `slack` 万元, what rounding excuses. Where neither side gives a figure there is nothing to say.
    """
    return tuple(row for figure in booked for row in _compare_figure(submission, line, figure, slack))


def _compare_figure(
    submission: Submission, line: AccountLine, figure: BookedFigure, slack: Decimal
) -> Iterator[Reconciliation]:
    cells = [cell for address in figure.addresses if (cell := address.entry(submission))]
    if not cells or figure.column not in line.entries:
        return
    nearest = min(_pairs(cells, line, figure), key=lambda pair: pair.gap, default=None)
    reported = next((cell.value for cell in cells if cell.value is not None), None)
    booked = line.value(figure.column)
    if nearest:
        verdict = AccountVerdict.AGREES if nearest.gap <= slack else AccountVerdict.DIFFERS
        reported, booked = nearest.reported, nearest.booked
    elif reported is not None or booked:
        verdict = AccountVerdict.UNKNOWN
    else:
        return
    yield Reconciliation(
        department=submission.department,
        project=submission.project,
        form=submission.form,
        item=figure.title,
        verdict=verdict,
        reported=reported,
        booked=booked,
        booked_as=line.project,
        ref=(nearest.entry if nearest else cells[0]).ref,
        account_ref=line.entries[figure.column].ref,
    )


def _pairs(cells: Sequence[Entry], line: AccountLine, figure: BookedFigure) -> Iterator[_Compared]:
    """Every cell with the accounts' figure, then with that figure and what it may include."""
    alone = line.value(figure.column)
    if alone is None:
        return
    included = [value for column in figure.includes if (value := line.value(column)) is not None]
    for booked in (alone, sum(included, alone)):
        yield from (_Compared(cell, cell.value, booked) for cell in cells if cell.value is not None)


def is_carryover(line: AccountLine) -> bool:
    """Whether a project lives on last year's money alone: such projects often have no form of their own."""
    return not line.value("initial_budget") and (line.value("carryover") or ZERO) > ZERO
