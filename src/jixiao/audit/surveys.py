"""Satisfaction surveys: the form's figure against the answers, and answers that nobody can rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.subject import report
from jixiao.domain.amounts import round_half_up, show
from jixiao.domain.surveys import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.findings import Finding
    from jixiao.domain.surveys import Survey

_LONGEST = 30
"""Characters of a question that a finding shows."""


def audit_survey(survey: Survey) -> Iterator[Finding]:
    """X120 another figure than the survey's, X124 a scale that is not known, X125 answers not on it."""
    for question, _ in survey.questions:
        if question.scale is None:
            text = _shortened(question.text)
            yield report(survey.submission, "X124", question.ref, text, evidence=(), reason=question.reason)
            continue
        strange = [answer for answer in question.answers if answer.share is None]
        if strange:
            yield report(
                survey.submission,
                "X125",
                strange[0].ref,
                _shortened(question.text),
                evidence=[answer.ref for answer in strange],
                reported=strange[0].text,
                count=str(len(strange)),
                scale=question.scale.title,
            )
    yield from _check_agreement(survey)


def _check_agreement(survey: Survey) -> Iterator[Finding]:
    """X120 (domain.md, satisfaction): the form states what no way of counting the answers gives."""
    comparison = survey.comparison
    form, indicator, rate = comparison.form, comparison.indicator, survey.composite.rate
    if comparison.agreement is not Agreement.DIFFERS or not form or not indicator or rate is None:
        return
    actual = indicator.entries.get("actual")
    yield report(
        form,
        "X120",
        actual.ref if actual else indicator.ref,
        indicator.name,
        evidence=[question.ref for question, _ in survey.questions],
        reported=indicator.actual.text,
        expected=f"{show(round_half_up(rate, survey.places))}%",
        count=str(survey.count),
        survey=survey.submission.file,
    )


def _shortened(text: str) -> str:
    """A question is a sentence; a finding names it by its beginning."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
