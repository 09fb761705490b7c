"""One department's forms, scored, composed and audited: as they came, or with corrections put into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_card, audit_department
from jixiao.audit.department.supplements import audit_appraisal, audit_survey
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import put_figures
from jixiao.schemas.entries import validate_entries
from jixiao.scoring.cards import score
from jixiao.scoring.composite import compose
from jixiao.scoring.measures import measure
from jixiao.scoring.supplements import appraise, evaluate_survey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.relations import MeasuredValue
    from jixiao.domain.rounds import Round
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Composite, ScoreCard
    from jixiao.domain.submissions import Submission
    from jixiao.domain.supplements import Appraisal, Survey


@dataclass(frozen=True, slots=True)
class Examination:
    """What the rules make of one department's forms, and what the checks say of them.

    `on_form` are the findings on each form by itself, by submission_id; `across` those between forms.
    """

    cards: tuple[ScoreCard, ...]
    composite: Composite | None
    measures: tuple[MeasuredValue, ...]
    on_form: Mapping[str, tuple[Finding, ...]]
    across: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, form by form, then those between forms."""
        return (*(finding for found in self.on_form.values() for finding in found), *self.across)


def examine(
    submissions: Sequence[Submission],
    scheme: Scheme,
    held: frozenset[CellRef] = frozenset(),
    earlier: Examination | None = None,
) -> Examination:
    """Score, compose and audit the forms of one department.

    `held` are cells that are not in doubt. What an `earlier` examination made of the very same form, none of
    whose cells is held, stands; but for forms that are scored by figures of others.
    """
    own = [each for each in submissions if each.scope is not Scope.SUPPORT]
    known = {card.submission.submission_id: card for card in earlier.cards} if earlier else {}
    cards: list[ScoreCard] = []
    on_form: dict[str, tuple[Finding, ...]] = {}
    for each in own:
        layout, card = scheme.form(each.form), known.get(each.submission_id)
        by_itself = layout.compares_targets or not layout.scope.is_scored
        if earlier and card and card.submission is each and by_itself:
            on_form[each.submission_id] = earlier.on_form[each.submission_id]
        else:
            card = score(each, scheme, submissions)
            on_form[each.submission_id] = tuple(audit_card(card, scheme, layout, held))
        cards.append(card)
    if not cards:
        return Examination((), None, (), {}, ())
    department = submissions[0].department
    composite = compose(department, cards, scheme)
    measured = tuple(measure(department, own, scheme))
    across = tuple(audit_department(cards, scheme, composite, measured, held))
    return Examination(tuple(cards), composite, measured, on_form, across)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One department's forms with what was found on them, ready to be examined with other figures.

    `entered` is what validation says of them as they are, `examination` what the checks say.
    """

    submissions: Sequence[Submission]
    round: Round
    entered: Sequence[Finding]
    examination: Examination

    def findings(self, figures: Mapping[CellRef, str]) -> tuple[Finding, ...]:
        """What there is to say once some cells hold other figures; only forms that change are audited."""
        scheme = self.round.scheme
        corrected = [put_figures(each, figures) for each in self.submissions]
        changed = [new for new, old in zip(corrected, self.submissions, strict=True) if new is not old]
        if not changed:
            return (*self.entered, *self.examination.findings)
        ids = {each.submission_id for each in changed}
        entered = [each for each in self.entered if each.subject not in ids]
        entered += validate_entries(changed, self.round.year, scheme)
        examined = examine(corrected, scheme, frozenset(figures), self.examination)
        return (*entered, *examined.findings)


@dataclass(frozen=True, slots=True)
class Supplements:
    """One department's appraisals and surveys, with what was found in them."""

    appraisals: tuple[Appraisal, ...]
    surveys: tuple[Survey, ...]
    findings: tuple[Finding, ...]


def evaluate_supplements(current: Sequence[Submission], scheme: Scheme) -> Supplements:
    """Evaluate them all; `current` are one department's submissions without the superseded ones."""
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
    return tuple(evaluate_survey(each, current, rule) for each in current if each.questions)
