"""A whole round at once: what was read, checked, scored, composed, and every finding in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_card, audit_department
from jixiao.catalog.seeds import seeds_folder
from jixiao.catalog.wordings import load_wordings
from jixiao.domain.findings import Severity
from jixiao.domain.forms import SheetOutcome, Status, Submission
from jixiao.domain.rounds import Evaluation, Round
from jixiao.pipeline.departments import attribute
from jixiao.pipeline.reading import FileResult, load_batches
from jixiao.pipeline.reports import Reporter
from jixiao.schemas.entries import validate_entries
from jixiao.scoring.cards import score
from jixiao.scoring.composite import compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jixiao.domain.findings import Finding
    from jixiao.domain.rounds import ReportedFinding
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
    attribution = attribute(results)
    current = [each for each in attribution.submissions if each.submission_id not in attribution.superseded]
    scheme = round_.scheme
    cards = tuple(score(submission, scheme) for submission in current)
    composites: list[Composite] = []
    findings = [finding for result in results for finding in result.findings]
    findings += attribution.findings
    findings += validate_entries(current, round_.year)
    for department, group in groupby(cards, key=lambda card: card.submission.department):
        own = tuple(group)
        findings += _audit(own, round_)
        composite = compose(department, own, scheme)
        if composite:
            composites.append(composite)
    reporter = Reporter(load_wordings(seeds_folder()), scheme, attribution.submissions)
    reported = reporter.report(findings)
    return Evaluation(
        round=round_,
        submissions=attribution.submissions,
        statuses=_statuses(attribution.submissions, attribution.superseded, findings, reporter),
        outcomes=tuple(_explained(results, reported)),
        cards=cards,
        composites=tuple(composites),
        findings=reported,
        sha256={result.file: result.sha256 for result in results},
    )


def _audit(cards: Sequence[ScoreCard], round_: Round) -> Iterator[Finding]:
    for card in cards:
        yield from audit_card(card, round_.scheme, round_.scheme.form(card.submission.form))
    yield from audit_department(cards, round_.scheme)


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
