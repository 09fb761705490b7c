"""One department from its forms to its results: the one pure function that everything is evaluated by.

Nothing here knows of other departments, of files or of the time: the same forms, brief and rules always give
the same results.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from jixiao.audit.department.accounts import Reconciled, reconcile
from jixiao.audit.department.composites import unfiled_projects
from jixiao.audit.department.filings import (
    check_filing,
    check_lateness,
    check_projects,
    compare_filing,
    late_submissions,
)
from jixiao.audit.department.signals import find_recurrences, find_signals, money_of
from jixiao.audit.department.units import settle_units
from jixiao.blanks.drafts import Order
from jixiao.blanks.forms import arrange
from jixiao.consolidation.dossiers import Dossier, gather_dossiers
from jixiao.consolidation.findings import strongest
from jixiao.domain.findings import NOT_EVALUATED, Finding, Judged, Place, Severity
from jixiao.domain.followups import Followup, History
from jixiao.domain.references import AccountVerdict
from jixiao.domain.rounds import Evaluation, Signal
from jixiao.domain.submissions import Status
from jixiao.evaluating.examination import Rehearsal, Settlement, evaluate_supplements, examine
from jixiao.evaluating.followups import RETURNING, Delivery, Follower, progress_of
from jixiao.evaluating.last_years import check_last_year, compare_years
from jixiao.evaluating.reports import Reporter
from jixiao.schemas.entries import OTHER_YEAR, validate_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Hint, Wording
    from jixiao.domain.followups import FiledForm
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.references import FilingRecord, Reconciliation
    from jixiao.domain.rounds import ReportedFinding, Round
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Submission
    from jixiao.evaluating.briefs import Brief
    from jixiao.evaluating.examination import Examination
    from jixiao.evaluating.files import FileResult


_INFO = Severity.INFO
_ANY_YEAR = 2000
"""Which cells compute themselves does not depend on the year."""


def evaluate_department(
    brief: Brief, files: Iterable[FileResult], round_: Round, wordings: Mapping[str, Wording]
) -> Evaluation:
    """Validate, score, audit and compose what one department sent: a round's evaluation with it alone.

    `files` are those that hold its forms, whole; of what else is in them nothing counts. Superseded forms
    keep the findings of reading them, but are neither scored nor audited. A department that sent nothing
    gets what it owes.
    """
    prepared = prepare_department(brief, files, round_)
    (entered,) = validate_prepared((prepared,), round_)
    return evaluate_prepared(prepared, entered, round_, wordings)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A department's forms in their true units; `current` count, `found` is what was found so far."""

    brief: Brief
    forms: tuple[Submission, ...]
    current: tuple[Submission, ...]
    found: tuple[Finding, ...]


def prepare_department(brief: Brief, files: Iterable[FileResult], round_: Round) -> Prepared:
    """What stands before validation; `files` as for `evaluate_department`."""
    read, found = _own(brief, files)
    forms, misprinted = _in_true_units(brief, read, round_)
    current = tuple(each for each in forms if each.submission_id not in brief.superseded)
    return Prepared(brief, forms, current, (*found, *brief.findings, *misprinted))


def validate_prepared(departments: Sequence[Prepared], round_: Round) -> list[list[Finding]]:
    """What validation says of each department's forms: one call for all of them, for each call costs."""
    forms = [form for each in departments for form in each.current]
    by_form: dict[str, list[Finding]] = defaultdict(list)
    for finding in validate_entries(forms, round_.year, round_.scheme):
        by_form[finding.subject].append(finding)
    return [[found for form in each.current for found in by_form[form.submission_id]] for each in departments]


def evaluate_prepared(
    prepared: Prepared, entered: Sequence[Finding], round_: Round, wordings: Mapping[str, Wording]
) -> Evaluation:
    """The evaluation of a department of which validation says what is `entered` wrongly."""
    scheme, brief = round_.scheme, prepared.brief
    forms, current = prepared.forms, prepared.current
    supplements = evaluate_supplements(current, scheme)
    examined = examine(current, scheme)
    compared = compare(brief, forms, examined.cards, round_)
    findings = (
        *(*prepared.found, *supplements.findings),
        *(each for each in entered if not (brief.years_in_doubt and each.code == OTHER_YEAR.code)),
        *(*examined.findings, *compared.findings),
        *check_last_year(current, brief.history, scheme),
    )
    rehearsal = _rehearsal(current, round_, entered, examined)
    confirmed = frozenset(_confirmed(compared.reconciliations))
    judged = Settlement(scheme, wordings).settle(findings, forms, rehearsal, confirmed)
    cards = examined.cards
    reporter = Reporter(wordings, forms, brief.department, brief.superseded)
    pairs = reporter.pairs(judged)
    history = brief.history or History(kept=False)
    delivery = Delivery.of(current, frozenset(brief.digests.values()), history.past)
    follower = Follower(current, delivery, history, brief.excuses, scheme.lexicon)
    traced, gone = follower.follow(list(_answered(brief, (reported for _, reported in pairs))))
    idle = follower.idle(traced)
    held = [each for (each, _), reported in zip(pairs, traced, strict=True) if not reported.excused]
    hints = (
        *brief.hints,
        *find_signals(cards, current, scheme, partial(_computed, scheme)),
        *find_recurrences(cards, _filed_before(history), scheme),
    )
    evaluation = Evaluation(
        round=round_,
        submissions=forms,
        statuses=_statuses(forms, brief.superseded, held),
        outcomes=(),
        cards=tuple(card for card in cards if card.is_scored),
        composites=(examined.composite,) if examined.composite else (),
        findings=traced,
        sha256=brief.digests,
        filings=compared.filings,
        reconciliations=compared.reconciliations,
        appraisals=supplements.appraisals,
        surveys=supplements.surveys,
        measures=examined.measures,
        replies=brief.replies,
        signals=_signals(hints, current, reporter, round_),
        idle=idle,
        unfiled={brief.department: unfiled_projects([card.submission for card in cards], scheme)}
        if cards
        else {},
    )
    if not history.kept:
        return evaluation
    (dossier,) = gather_dossiers(evaluation) or (_nobody(brief.department),)
    progress = progress_of(dossier, gone, delivery, history, scheme)
    name, before = brief.department, history.past.seen if history.past else ()
    seen = tuple(dict.fromkeys((*before, *sorted(delivery.hashes))))
    years = compare_years(current, history.last_year, progress, scheme.lexicon)
    followup = Followup({name: gone}, {name: progress}, {name: seen}, {name: years})
    return replace(evaluation, followup=followup)


def _answered(brief: Brief, findings: Iterable[ReportedFinding]) -> Iterator[ReportedFinding]:
    """The findings, each with what the department answered to it last."""
    answers = {each.finding_id: each.text for each in brief.replies}
    for finding in findings:
        answer = answers.get(finding.finding_id)
        yield replace(finding, reply=answer) if answer else finding


def _filed_before(history: History) -> tuple[FiledForm, ...]:
    """What counted of the forms of the year before; nothing where that may have been another department."""
    last = None if history.likened else history.last_year
    return tuple(each for each in last.forms if each.status != Status.SUPERSEDED.value) if last else ()


def _computed(scheme: Scheme, layout: FormLayout) -> tuple[str, ...]:
    """The addresses of the cells that compute themselves on a blank form, by name."""
    return tuple(sorted(arrange(Order(layout, scheme, _ANY_YEAR)).computed))


def _signals(
    hints: Sequence[Hint], forms: Sequence[Submission], reporter: Reporter, round_: Round
) -> tuple[Signal, ...]:
    """The strongest hints in words, as many as the scheme wants, each with the money concerned."""
    scheme, own = round_.scheme, {each.submission_id: each for each in forms}
    by_finding = {id(each.finding): each for each in hints}
    found = []
    for judged, reported in reporter.pairs([Judged(finding=each.finding, severity=_INFO) for each in hints]):
        hint, form = by_finding[id(judged.finding)], own.get(judged.finding.subject)
        money = money_of((form,), scheme) if hint.money is None and form else hint.money
        found.append(Signal(reporter.title(reported.code), reported, hint.strength, money))
    return strongest(found, scheme.signals.most)


def unevaluated(brief: Brief, reason: str, round_: Round, wordings: Mapping[str, Wording]) -> Evaluation:
    """What stands for a department whose evaluation failed: nothing is accepted, nothing held against it.

    F111 says it to the finance department; `reason` says in Chinese what happened. The forms are light.
    """
    finding = NOT_EVALUATED.finding(
        Place(""),
        department=brief.department,
        figures={"department": brief.department, "detail": reason},
    )
    judged = Settlement(round_.scheme, wordings).settle([finding])
    filings: tuple[FilingRecord, ...] = ()
    with suppress(Exception):  # what failed may be just this
        filings = compare(replace(brief, accounts=None), brief.forms, (), round_).filings
    return Evaluation(
        round=round_,
        submissions=brief.forms,
        statuses={
            each.submission_id: Status.SUPERSEDED
            if each.submission_id in brief.superseded
            else Status.UNEVALUATED
            for each in brief.forms
        },
        outcomes=(),
        cards=(),
        composites=(),
        findings=Reporter(wordings, brief.forms, brief.department).report(judged),
        sha256=brief.digests,
        filings=filings,
        replies=brief.replies,
    )


def _nobody(department: str) -> Dossier:
    """A department that sent nothing and owes nothing."""
    return Dossier(department, (), {}, (), None, ())


def _own(brief: Brief, files: Iterable[FileResult]) -> tuple[tuple[Submission, ...], list[Finding]]:
    """The department's forms, whole, in the brief's order, and what was found in reading them."""
    own = {each.submission_id: each for each in brief.forms}
    whole: dict[str, Submission] = {}
    found: list[Finding] = []
    for file in files:
        whole |= {each.submission_id: each for each in file.submissions if each.submission_id in own}
        found += [each for each in file.findings if each.subject in own]
    forms = (
        replace(whole[each.submission_id], department=each.department, inferences=each.inferences)
        for each in brief.forms
    )
    return tuple(forms), found


def _in_true_units(
    brief: Brief, forms: Sequence[Submission], round_: Round
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """The forms read in the units that their figures tell (V117, V118); superseded ones stay as they were."""
    current = tuple(each for each in forms if each.submission_id not in brief.superseded)
    settled, findings = settle_units(current, round_.scheme, brief.accounts, frozenset(brief.names))
    read = {each.submission_id: each for each in settled}
    return tuple(read.get(each.submission_id, each) for each in forms), findings


def _rehearsal(
    current: Sequence[Submission], round_: Round, entered: Iterable[Finding], examined: Examination
) -> Rehearsal | None:
    """The forms with what validation and the checks say of them, for corrections to be tried on."""
    if not current:
        return None
    by_form: dict[str, list[Finding]] = defaultdict(list)
    for finding in entered:
        by_form[finding.subject].append(finding)
    return Rehearsal(
        current, round_, [found for each in current for found in by_form[each.submission_id]], examined
    )


def _confirmed(reconciliations: Iterable[Reconciliation]) -> Iterator[CellRef]:
    for row in reconciliations:
        if row.verdict is AccountVerdict.AGREES and row.booked and row.ref is not None:
            yield row.ref


def _statuses(
    submissions: Sequence[Submission], superseded: frozenset[str], judged: Iterable[Judged]
) -> dict[str, Status]:
    """Returned is what has an error of its own, or a cell that has to follow one on another form."""
    errors = [each for each in judged if each.severity in RETURNING]
    refused = {finding.subject for each in errors for finding in each.findings}
    refused |= {cell.subject for each in errors for cell in each.corrections}
    return {
        each.submission_id: Status.SUPERSEDED
        if each.submission_id in superseded
        else Status.RETURNED
        if each.submission_id in refused
        else Status.ACCEPTED
        for each in submissions
    }


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What the comparisons gave; empty where the round has nothing to compare with."""

    filings: tuple[FilingRecord, ...]
    reconciliations: tuple[Reconciliation, ...]
    findings: tuple[Finding, ...]


def compare(
    brief: Brief, forms: Sequence[Submission], cards: Sequence[ScoreCard], round_: Round
) -> Comparisons:
    """Compare one department; `forms` are its own, superseded ones too, `cards` of those that count.

    A copy that had gone back to it marked is late when it comes after the time set for that.
    """
    first, again = (
        late_submissions(
            [each for each in forms if (each.file in brief.returned) is back], brief.stamps, until
        )
        for back, until in ((False, round_.deadline), (True, round_.resubmit_by))
    )
    current = [each for each in forms if each.submission_id not in brief.superseded]
    filings = compare_filing(current, brief.roster, first | again) if brief.roster else ()
    reconciled = _reconcile(brief, cards, round_)
    deadline = show_deadline(round_.deadline)
    findings = [
        *check_lateness(current, first, brief.stamps, deadline),
        *check_lateness(current, again, brief.stamps, show_deadline(round_.resubmit_by)),
        *reconciled.findings,
    ]
    if brief.roster:
        findings += check_filing(filings, round_.scheme, deadline)
        findings += check_projects(filings, current, brief.roster)
    return Comparisons(filings, reconciled.rows, tuple(findings))


def _reconcile(brief: Brief, cards: Sequence[ScoreCard], round_: Round) -> Reconciled:
    if brief.accounts is None:
        return Reconciled((), ())
    lines = [line for line in brief.accounts.lines if line.department in brief.booked]
    return reconcile(cards, brief.accounts, lines, round_.scheme)


def show_deadline(deadline: date | datetime | None) -> str:
    """2025-04-30, or 2025-04-30 18:00; "" where there is none."""
    if deadline is None:
        return ""
    return deadline.strftime("%Y-%m-%d %H:%M" if isinstance(deadline, datetime) else "%Y-%m-%d")
