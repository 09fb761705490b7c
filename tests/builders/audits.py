"""Audits of forms built in code, reduced to what tests compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_form
from jixiao.audit.subject import Subject
from jixiao.scoring.cards import score
from tests.builders.schemes import scheme

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
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
