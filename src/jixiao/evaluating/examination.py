"""One department's forms, scored, composed and audited: as they came, or with corrections put into them.

And from what the checks found to what is reported: judged, gathered, traced to causes, corrected together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from jixiao.audit.checks import audit_department, audit_form
from jixiao.audit.department.supplements import audit_appraisal, audit_survey
from jixiao.audit.settling.causes import attach_consequences, gather_repeats
from jixiao.audit.settling.certainty import Certainty
from jixiao.audit.settling.corrections import Corrector, most_audits
from jixiao.audit.subject import Subject
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import put_figures
from jixiao.schemas.entries import recheck_entries
from jixiao.scoring.cards import score
from jixiao.scoring.composite import compose
from jixiao.scoring.measures import measure
from jixiao.scoring.supplements import appraise, evaluate_survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.audit.department.crosschecks import Compared
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding, Judged, Severity, Wording
    from jixiao.domain.relations import MeasuredValue
    from jixiao.domain.rounds import Round
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Composite, ScoreCard
    from jixiao.domain.submissions import Submission
    from jixiao.domain.supplements import Appraisal, Survey
    from jixiao.scoring.measures import Measured


class Examined(NamedTuple):
    """One form as the checks looked at it, with what they say of it by itself."""

    subject: Subject
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What was found before of one department's forms, by their identity: whoever asks keeps them alive."""

    forms: dict[int, Examined] = field(default_factory=dict)
    compared: Compared = field(default_factory=dict)
    measured: Measured = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examination:
    """What the rules make of one department's forms, and what the checks say of them.

    `across` are the findings between forms, `known` is for whoever tries other figures on some of them.
    """

    forms: tuple[Examined, ...]
    composite: Composite | None
    measures: tuple[MeasuredValue, ...]
    across: tuple[Finding, ...]
    known: Known = field(default_factory=Known, repr=False, compare=False)

    @property
    def cards(self) -> tuple[ScoreCard, ...]:
        """The score cards, form by form."""
        return tuple(each.subject.card for each in self.forms)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, form by form, then those between forms."""
        return (*(finding for each in self.forms for finding in each.findings), *self.across)


def examine(
    submissions: Sequence[Submission],
    scheme: Scheme,
    held: frozenset[CellRef] = frozenset(),
    known: Known | None = None,
) -> Examination:
    """Score, compose and audit the forms of one department.

    `held` are cells that are not in doubt. What is `known` of the very same forms stands; what is found of
    others is added to it. Where corrections are tried (`known`), only the measures that something is held
    against are worked out.
    """
    tried, known = known is not None, Known() if known is None else known
    own = [each for each in submissions if each.scope is not Scope.SUPPORT]
    forms = tuple(_examine_form(each, submissions, scheme, held, known.forms) for each in own)
    if not forms:
        return Examination((), None, (), ())
    department = submissions[0].department
    composite = compose(department, [each.subject.card for each in forms], scheme)
    measured = measure(department, own, scheme, printed=tried, known=known.measured)
    subjects = [each.subject for each in forms]
    across = tuple(audit_department(subjects, scheme, composite, measured, held, known.compared))
    return Examination(forms, composite, measured, across, known)


def _examine_form(
    form: Submission,
    siblings: Sequence[Submission],
    scheme: Scheme,
    held: frozenset[CellRef],
    known: dict[int, Examined],
) -> Examined:
    """Score and audit a form, unless it is known and the figures of others give it the same scores."""
    layout, before = scheme.form(form.form), known.get(id(form))
    if before and (layout.compares_targets or not layout.scope.is_scored):
        return before  # scored by nothing but itself
    card = score(form, scheme, siblings)
    if before is None or before.subject.card != card:
        subject = Subject(card, scheme, layout, held)
        before = known[id(form)] = Examined(subject, tuple(audit_form(subject)))
    return before


class _Tried(NamedTuple):
    """A form with other figures in some of its cells, and what validation says of it."""

    form: Submission
    entered: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One department's forms with what was found on them, ready to be examined with other figures.

    `entered` is what validation says of them as they are, `examination` what the checks say. What was tried
    on one form is kept, by the figures put into its sheet: most corrections leave most forms as they are.
    """

    submissions: Sequence[Submission]
    round: Round
    entered: Sequence[Finding]
    examination: Examination
    tried: dict[tuple[str, frozenset[tuple[CellRef, str]]], _Tried] = field(default_factory=dict)

    def findings(self, figures: Mapping[CellRef, str]) -> tuple[Finding, ...]:
        """What there is to say once some cells hold other figures; only forms that change are audited."""
        tried = [self._put(each, figures) for each in self.submissions]
        changed = [new for new, old in zip(tried, self.submissions, strict=True) if new.form is not old]
        if not changed:
            return (*self.entered, *self.examination.findings)
        ids = {each.form.submission_id for each in changed}
        entered = [each for each in self.entered if each.subject not in ids]
        again = (finding for each in changed for finding in each.entered)
        entered += {(each.code, each.place): each for each in again}.values()
        forms = [each.form for each in tried]
        examined = examine(forms, self.round.scheme, frozenset(figures), self.examination.known)
        return (*entered, *examined.findings)

    def _put(self, form: Submission, figures: Mapping[CellRef, str]) -> _Tried:
        """A form with the figures in its cells; the form itself where none of them is on its sheet."""
        sheet = (form.file, form.sheet)
        own = frozenset((ref, each) for ref, each in figures.items() if (ref.file, ref.sheet) == sheet)
        if not own:
            return _Tried(form, ())
        key = form.submission_id, own
        if key not in self.tried:
            changed = put_figures(form, figures)
            entered = recheck_entries([changed], self.round.year, self.round.scheme)
            self.tried[key] = _Tried(changed, entered)
        return self.tried[key]


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


@dataclass(frozen=True, slots=True)
class Settlement:
    """How findings are settled: by the scheme's severities and by what the codes' wordings follow from."""

    scheme: Scheme
    wordings: Mapping[str, Wording]

    def settle(
        self,
        findings: Iterable[Finding],
        submissions: Sequence[Submission] = (),
        rehearsal: Rehearsal | None = None,
        confirmed: frozenset[CellRef] = frozenset(),
    ) -> tuple[Judged, ...]:
        """The findings on one department as they are reported, in no particular order.

        `submissions` are all of its own, `rehearsal` what corrections are tried on; a figure in a cell that
        is `confirmed` by the finance department's accounts is never corrected.
        """
        certainty = Certainty(submissions, self.scheme, self._severity)
        judged = gather_repeats(map(certainty.judge, findings), self.wordings, lambda _: "")
        settled = attach_consequences(judged, self.wordings)
        if rehearsal is None:
            return settled
        audit = partial(_audit, rehearsal, certainty)
        most = most_audits(sum(map(_cells, rehearsal.submissions)))
        return Corrector(audit, self.wordings, confirmed, most).correct(settled)

    def _severity(self, code: str) -> Severity:
        """A code's own severity under the scheme."""
        return self.scheme.severities.get(code, self.wordings[code].severity)


def _cells(form: Submission) -> int:
    """How many cells were read of a form."""
    rows = (*(each.entries for each in form.lines), *(each.entries for each in form.indicators))
    return sum(map(len, (form.fields, form.total, *rows)))


def _audit(rehearsal: Rehearsal, certainty: Certainty, figures: Mapping[CellRef, str]) -> tuple[Judged, ...]:
    return tuple(map(certainty.judge, rehearsal.findings(figures)))
