"""Forms built in code, audited, and settled as a round's are: reduced to what tests compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_form
from jixiao.audit.subject import Subject
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.domain.submissions import put_figures
from jixiao.evaluating.examination import Rehearsal, Settlement, examine
from jixiao.pipeline.settings import wordings_of
from jixiao.schemas.entries import validate_entries
from jixiao.scoring.cards import score
from tests.builders.schemes import scheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding, Judged
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Submission

SCHEME = scheme()


def audit(form: Submission, rules: Scheme = SCHEME) -> list[Finding]:
    """Score a form and audit its card."""
    return list(audit_form(subject_of(score(form, rules), rules)))


def subject_of(card: ScoreCard, rules: Scheme = SCHEME) -> Subject:
    """A scored form as checks look at it."""
    return Subject(card, rules, rules.form(card.submission.form))


def marks(form: Submission, rules: Scheme = SCHEME) -> set[tuple[str, str]]:
    """The exact (code, cell) pairs that an audit gives."""
    return {(finding.code, finding.place.cell) for finding in audit(form, rules)}


def only(form: Submission, rules: Scheme = SCHEME) -> Finding:
    """The one finding of an audit."""
    (finding,) = audit(form, rules)
    return finding


YEAR = 2024


def settle(*forms: Submission, rules: Scheme = SCHEME, more: Iterable[Finding] = ()) -> tuple[Judged, ...]:
    """What is reported of one department's forms; `more` are findings that other checks gave besides."""
    entered, examination = validate_entries(forms, YEAR, rules), examine(forms, rules)
    rehearsal = Rehearsal(forms, Round("批次", YEAR, rules), entered, examination)
    findings = [*more, *entered, *examination.findings]
    return Settlement(rules, wordings_of((seeds_folder(),))).settle(findings, forms, rehearsal)


def errors(judged: Iterable[Judged]) -> list[Judged]:
    """Those that send a form back."""
    return [each for each in judged if each.severity in {Severity.BLOCKING, Severity.ERROR}]


def proposals(judged: Iterable[Judged]) -> dict[CellRef, str]:
    """Every figure that a department's list asks for, by cell."""
    wordings = wordings_of((seeds_folder(),))
    figures: dict[CellRef, str] = {}
    for each in errors(judged):
        finding = each.finding
        if wordings[finding.code].figure and finding.ref and finding.expected and not each.is_open:
            figures[finding.ref] = each.proposal or finding.expected
        figures |= {cell.ref: cell.figure for cell in each.corrections}
    return figures


def follow(forms: Sequence[Submission], judged: Iterable[Judged]) -> tuple[Submission, ...]:
    """The forms of a department that does everything that it was told."""
    figures = proposals(judged)
    return tuple(put_figures(form, figures) for form in forms)
