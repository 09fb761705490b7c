"""Audits of forms built in code, reduced to what tests compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_card
from jixiao.scoring.cards import score
from tests.builders.schemes import scheme

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

SCHEME = scheme()


def audit(form: Submission, rules: Scheme = SCHEME) -> list[Finding]:
    """Score a form and audit its card."""
    return list(audit_card(score(form, rules), rules, rules.form(form.form)))


def marks(form: Submission, rules: Scheme = SCHEME) -> set[tuple[str, str]]:
    """The exact (code, cell) pairs that an audit gives."""
    return {(finding.code, finding.place.cell) for finding in audit(form, rules)}


def only(form: Submission, rules: Scheme = SCHEME) -> Finding:
    """The one finding of an audit."""
    (finding,) = audit(form, rules)
    return finding
