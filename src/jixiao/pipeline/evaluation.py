"""A whole round at once: what was read, checked, scored, composed, and every finding in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.audit.department.composites import unfiled_projects
from jixiao.audit.department.filings import check_overall_forms, check_years
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Evaluation, Round
from jixiao.domain.submissions import SheetOutcome, Status, Submission
from jixiao.evaluating.attribution import attribute
from jixiao.evaluating.comparisons import compare_round
from jixiao.evaluating.examination import Examination, Rehearsal, examine
from jixiao.evaluating.reports import Reporter
from jixiao.evaluating.settlement import Settlement
from jixiao.evaluating.strays import set_strays_aside
from jixiao.evaluating.supplements import evaluate_supplements
from jixiao.evaluating.true_units import settle
from jixiao.pipeline.reading import load_batches
from jixiao.pipeline.seeds import known_wordings
from jixiao.schemas.entries import validate_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.domain.findings import Finding, Judged
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.evaluating.files import FileResult
    from jixiao.pipeline.rounds import RoundFolder

_RETURNING = {Severity.BLOCKING, Severity.ERROR}


def evaluate(folder: RoundFolder, batch_paths: Sequence[Path]) -> Evaluation:
    """Evaluate a round from its stored batches."""
    return evaluate_results(folder.round, load_batches(batch_paths))


def evaluate_results(round_: Round, results: Sequence[FileResult]) -> Evaluation:
    """Validate, score, audit and compose everything that was read.

    Superseded submissions keep the findings of reading them, but are neither scored nor audited.
    """
    results = set_strays_aside(results, round_.roster)
    attribution = attribute(results, round_.roster)
    scheme = round_.scheme
    findings = [finding for result in results for finding in result.findings]
    attribution = settle(attribution, round_)
    findings += attribution.findings
    current = attribution.current
    entered = validate_entries(current, round_.year, scheme)
    findings += check_years(entered, current, round_.year)
    findings += check_overall_forms(current, scheme)
    supplements = evaluate_supplements(current, scheme)
    findings += supplements.findings
    groups = {name: tuple(own) for name, own in groupby(current, key=lambda each: each.department)}
    examined = {name: examine(own, scheme) for name, own in groups.items()}
    findings += [finding for each in examined.values() for finding in each.findings]
    cards = tuple(card for each in examined.values() for card in each.cards)
    unfiled = {
        name: unfiled_projects([card.submission for card in each.cards], scheme)
        for name, each in examined.items()
        if each.cards
    }
    comparisons = compare_round(round_, attribution, cards, {each.file: each.modified for each in results})
    findings += comparisons.findings
    wordings = known_wordings()
    reporter = Reporter(wordings, attribution.submissions)
    settlement = Settlement(round_, wordings, reporter.department)
    rehearsals = _rehearsals(groups, round_, entered, examined)
    judged = settlement.settle(findings, attribution, rehearsals, comparisons.reconciliations)
    reported = reporter.report(judged)
    return Evaluation(
        round=round_,
        submissions=attribution.submissions,
        statuses=_statuses(attribution.submissions, attribution.superseded, judged),
        outcomes=tuple(_explained(results, reported)),
        cards=tuple(card for card in cards if card.is_scored),
        composites=tuple(each.composite for each in examined.values() if each.composite),
        findings=reported,
        sha256=_digests(round_, results),
        filings=comparisons.filings,
        reconciliations=comparisons.reconciliations,
        appraisals=supplements.appraisals,
        surveys=supplements.surveys,
        measures=tuple(value for each in examined.values() for value in each.measures),
        unfiled=unfiled,
    )


def _rehearsals(
    groups: Mapping[str, Sequence[Submission]],
    round_: Round,
    entered: Iterable[Finding],
    examined: Mapping[str, Examination],
) -> dict[str, Rehearsal]:
    """Every department's forms with what validation and the checks say of them."""
    by_form: dict[str, list[Finding]] = defaultdict(list)
    for finding in entered:
        by_form[finding.subject].append(finding)
    return {
        name: Rehearsal(
            own, round_, [found for each in own for found in by_form[each.submission_id]], examined[name]
        )
        for name, own in groups.items()
    }


def _digests(round_: Round, results: Sequence[FileResult]) -> dict[str, str]:
    """The sha256 of every file that the results come from, the finance department's own lists among them."""
    own = {each.file: each.sha256 for each in (round_.roster, round_.accounts) if each}
    return {**{result.file: result.sha256 for result in results}, **own}


def _statuses(
    submissions: Sequence[Submission], superseded: frozenset[str], judged: Iterable[Judged]
) -> dict[str, Status]:
    """Returned is what has an error of its own, or a cell that has to follow one on another form."""
    errors = [each for each in judged if each.severity in _RETURNING]
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


def _explained(results: Sequence[FileResult], reported: Sequence[ReportedFinding]) -> Iterator[SheetOutcome]:
    """Outcomes with their reasons; a file that could not be read has its finding's sentence for one."""
    sentences: dict[str, list[str]] = defaultdict(list)
    for finding in reported:
        if not finding.sheet:
            sentences[finding.file].append(finding.statement)
    for result in results:
        for outcome in result.outcomes:
            yield outcome if outcome.reason else replace(outcome, reason="".join(sentences[outcome.file]))
