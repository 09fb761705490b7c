"""A whole round at once: what was read, checked, scored, composed, and every finding in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_card, audit_department
from jixiao.audit.unfiled import unfiled_projects
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope, SheetOutcome, Status, Submission
from jixiao.domain.rounds import Evaluation, Round
from jixiao.pipeline.comparisons import compare_round
from jixiao.pipeline.departments import attribute
from jixiao.pipeline.reading import FileResult, load_batches
from jixiao.pipeline.reports import Reporter
from jixiao.pipeline.seeds import known_wordings
from jixiao.pipeline.strays import set_strays_aside
from jixiao.pipeline.supplements import evaluate_supplements
from jixiao.schemas.entries import validate_entries
from jixiao.scoring.cards import score
from jixiao.scoring.composite import compose
from jixiao.scoring.measures import measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Line
    from jixiao.domain.measures import MeasuredValue
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Composite, ScoreCard
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
    current = attribution.current
    scheme = round_.scheme
    cards = tuple(_score(current, scheme))
    composites: list[Composite] = []
    findings = [finding for result in results for finding in result.findings]
    findings += attribution.findings
    findings += validate_entries(current, round_.year, scheme)
    supplements = evaluate_supplements(current, scheme)
    findings += supplements.findings
    measures: list[MeasuredValue] = []
    unfiled: dict[str, tuple[Line, ...]] = {}
    for department, group in groupby(cards, key=lambda card: card.submission.department):
        own = tuple(group)
        composite = compose(department, own, scheme)
        measured = measure(department, [card.submission for card in own], scheme)
        findings += _audit(own, round_, composite, measured)
        measures += measured
        unfiled[department] = unfiled_projects([card.submission for card in own], scheme)
        if composite:
            composites.append(composite)
    comparisons = compare_round(round_, attribution, cards, {each.file: each.modified for each in results})
    findings += comparisons.findings
    reporter = Reporter(known_wordings(), scheme, attribution.submissions)
    reported = reporter.report(findings)
    return Evaluation(
        round=round_,
        submissions=attribution.submissions,
        statuses=_statuses(attribution.submissions, attribution.superseded, findings, reporter),
        outcomes=tuple(_explained(results, reported)),
        cards=tuple(card for card in cards if card.is_scored),
        composites=tuple(composites),
        findings=reported,
        sha256=_digests(round_, results),
        filings=comparisons.filings,
        reconciliations=comparisons.reconciliations,
        appraisals=supplements.appraisals,
        surveys=supplements.surveys,
        measures=tuple(measures),
        unfiled=unfiled,
    )


def _score(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[ScoreCard]:
    """Every form of a department, with all of them before it."""
    for _, group in groupby(submissions, key=lambda each: each.department):
        own = tuple(group)
        yield from (score(each, scheme, own) for each in own if each.scope is not Scope.SUPPORT)


def _audit(
    cards: Sequence[ScoreCard],
    round_: Round,
    composite: Composite | None,
    measured: Sequence[MeasuredValue],
) -> Iterator[Finding]:
    for card in cards:
        yield from audit_card(card, round_.scheme, round_.scheme.form(card.submission.form))
    yield from audit_department(cards, round_.scheme, composite, measured)


def _digests(round_: Round, results: Sequence[FileResult]) -> dict[str, str]:
    """The sha256 of every file that the results come from, the finance department's own lists among them."""
    own = {each.file: each.sha256 for each in (round_.roster, round_.books) if each}
    return {**{result.file: result.sha256 for result in results}, **own}


def _statuses(
    submissions: Sequence[Submission],
    superseded: frozenset[str],
    findings: Sequence[Finding],
    reporter: Reporter,
) -> dict[str, Status]:
    refused = {finding.subject for finding in findings if reporter.severity(finding.code) in _RETURNING}
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
            sentences[finding.file].append(finding.message)
    for result in results:
        for outcome in result.outcomes:
            yield outcome if outcome.reason else replace(outcome, reason="".join(sentences[outcome.file]))
