"""What a department sends beside its forms: the internal appraisal and the satisfaction survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.subject import report
from jixiao.domain.amounts import HUNDRED, ZERO, Interval, round_half_up, show
from jixiao.domain.findings import declare
from jixiao.domain.supplements import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.submissions import Entry
    from jixiao.domain.supplements import Appraisal, AppraisalRule, DivisionRate, Survey

SURVEY_OFF = declare("X120", "reported", "expected", "survey", "count")
ANNUAL_RATE_OFF = declare("X121", "reported", "expected", optional=("derivation",))
RANK_OFF = declare("X122", "reported", "expected")
QUARTER_LACKING = declare("X123")
FULL_MARKS_OPEN = declare("X124", "label", "reason")
OFF_THE_SCALE = declare("X125", "label", "count", "scale")
RATE_OUT_OF_BOUNDS = declare("X126", "reported")


def audit_appraisal(appraisal: Appraisal, rule: AppraisalRule, layout: FormLayout) -> Iterator[Finding]:
    """X121 annual rate, X122 rank, X123 a period's rate not known, X126 a rate that no execution can have.

    Printed ranks that follow printed annual rates of another kind are not held against the department twice.
    """
    titles = {column.name: column.title for column in layout.table(rule.table).columns}
    yield from _check_periods(appraisal, rule, titles)
    wrong = list(_check_annual_rates(appraisal, rule, titles))
    yield from wrong or _check_ranks(appraisal, rule, titles)


def _check_periods(appraisal: Appraisal, rule: AppraisalRule, titles: Mapping[str, str]) -> Iterator[Finding]:
    for each in appraisal.divisions:
        for column in rule.weights:
            label = f"{each.line.label}·{titles[column]}"
            entry, rate = each.line.entries.get(column), each.line.value(column)
            if rate is None:
                yield report(appraisal.submission, QUARTER_LACKING, _ref(each, entry), label, evidence=())
            elif not ZERO <= rate <= HUNDRED:
                shown = _percent(rate)
                at = _ref(each, entry)
                yield report(appraisal.submission, RATE_OUT_OF_BOUNDS, at, label, evidence=(), reported=shown)


def _check_annual_rates(
    appraisal: Appraisal, rule: AppraisalRule, titles: Mapping[str, str]
) -> Iterator[Finding]:
    for each in appraisal.divisions:
        if not _annual_holds(each, rule):
            printed = each.line.entries[rule.annual]
            yield report(
                *(
                    appraisal.submission,
                    ANNUAL_RATE_OFF,
                    printed.ref,
                    f"{each.line.label}·{titles[rule.annual]}",
                ),
                evidence=[each.line.entries.get(column) for column in rule.weights],
                reported=printed.text,
                expected=_percent(each.annual),
                derivation=each.derivation,
            )


def _check_ranks(appraisal: Appraisal, rule: AppraisalRule, titles: Mapping[str, str]) -> Iterator[Finding]:
    """Only where every rate is known: one that is missing may have been known to whoever ranked."""
    if any(each.rank is None for each in appraisal.divisions):
        return
    for each in appraisal.divisions:
        if not _rank_holds(each, appraisal.divisions):
            printed = each.line.entries[rule.rank]
            yield report(
                *(appraisal.submission, RANK_OFF, printed.ref, f"{each.line.label}·{titles[rule.rank]}"),
                evidence=[other.line.entries.get(rule.annual) for other in appraisal.divisions],
                reported=printed.text,
                expected=str(each.rank),
            )


def _annual_holds(division: DivisionRate, rule: AppraisalRule) -> bool:
    """Whether a printed annual rate can be rounded from rates that are printed rounded themselves."""
    printed = division.line.entries.get(rule.annual)
    if printed is None or printed.value is None or printed.step is None or division.annual is None:
        return True
    reach = Interval(ZERO, ZERO)
    for column, weight in rule.weights.items():
        period = division.line.entries[column]
        around = Interval.around(period.value or ZERO, period.step or ZERO)
        reach += Interval(around.low * weight, around.high * weight)
    return reach.meets(Interval.around(printed.value, printed.step))


def _rank_holds(division: DivisionRate, divisions: Sequence[DivisionRate]) -> bool:
    """Whether a printed rank is one by any usual way of ranking ties: 1 1 3, 1 1 2 or 1 2 3."""
    printed, own = division.printed_rank, division.annual
    if printed is None or own is None or division.rank is None:
        return True
    rates = [each.annual for each in divisions if each.annual is not None]
    above = {rate for rate in rates if rate > own}
    last = division.rank + rates.count(own) - 1
    return division.rank <= printed <= last or printed == len(above) + 1


def _ref(division: DivisionRate, entry: Entry | None) -> CellRef:
    return entry.ref if entry else division.line.ref


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{show(rate)}%"


_LONGEST = 30
"""Characters of a question that a finding shows."""


def audit_survey(survey: Survey) -> Iterator[Finding]:
    """X120 another figure than the survey's, X124 a scale that is not known, X125 answers not on it."""
    for question, _ in survey.questions:
        if question.scale is None:
            text = _shortened(question.text)
            yield report(
                survey.submission, FULL_MARKS_OPEN, question.ref, text, evidence=(), reason=question.reason
            )
            continue
        strange = [answer for answer in question.answers if answer.share is None]
        if strange:
            yield report(
                survey.submission,
                OFF_THE_SCALE,
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
    yield report(
        form,
        SURVEY_OFF,
        indicator.cell("actual"),
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
