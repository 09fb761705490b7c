"""What departments sent beside the forms: internal appraisals and satisfaction surveys, each evaluated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.audit.department.supplements import audit_appraisal, audit_survey
from jixiao.scoring.appraisals import appraise
from jixiao.scoring.surveys import evaluate_survey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission
    from jixiao.domain.supplements import Appraisal, Survey


@dataclass(frozen=True, slots=True)
class Supplements:
    """Appraisals and surveys in the round's order, with what was found in them."""

    appraisals: tuple[Appraisal, ...]
    surveys: tuple[Survey, ...]
    findings: tuple[Finding, ...]


def evaluate_supplements(current: Sequence[Submission], scheme: Scheme) -> Supplements:
    """Evaluate them all; `current` are the round's submissions without the superseded ones."""
    appraisals = _appraise(current, scheme)
    surveys = _survey(current, scheme)
    findings = [finding for survey in surveys for finding in audit_survey(survey)]
    if rule := scheme.appraisal:
        layout = scheme.form(rule.form)
        findings += [finding for each in appraisals for finding in audit_appraisal(each, rule, layout)]
    return Supplements(appraisals, surveys, tuple(findings))


def _appraise(current: Sequence[Submission], scheme: Scheme) -> tuple[Appraisal, ...]:
    rule = scheme.appraisal
    return tuple(appraise(each, rule) for each in current if each.form == rule.form) if rule else ()


def _survey(current: Sequence[Submission], scheme: Scheme) -> tuple[Survey, ...]:
    rule = scheme.survey
    if rule is None:
        return ()
    siblings: dict[str, list[Submission]] = defaultdict(list)
    for each in current:
        siblings[each.department].append(each)
    asked = (each for each in current if each.questions)
    return tuple(evaluate_survey(each, siblings[each.department], rule) for each in asked)
