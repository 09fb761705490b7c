"""A jurisdiction's rules as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, Rounding, round_half_up
from jixiao.domain.quantities import Side
from jixiao.domain.reviews import Reviews, UseRule
from jixiao.domain.submissions import figure_of
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.figure_address import FigureAddress, FormAddress
    from jixiao.domain.findings import Severity
    from jixiao.domain.forms import FormLayout, Scope
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.quantities import TargetKind
    from jixiao.domain.references import BookedFigure
    from jixiao.domain.relations import CrossCheck, Measure, MeasureKind, PriorYearCheck
    from jixiao.domain.submissions import Entry
    from jixiao.domain.supplements import AppraisalRule, SurveyRule

RATE_PLACES = 2
"""Decimals of a percentage, as departments print and compare them."""


class CriterionMethod(StrEnum):
    """The closed list of methods; each is a pure function in jixiao.scoring.criteria."""

    POINTS_OFF = "points_off"
    """Full at a standard or on its good side, then points off per percentage point until nothing is left."""
    BANDS = "bands"
    """The score of the band that a percentage lies in."""
    CHECKLIST = "checklist"
    """Items that add up to the weight; the department says itself which of them hold."""
    PER_OCCURRENCE = "per_occurrence"
    """Points off for each case, until nothing is left."""
    COMPARISON = "comparison"
    """One score for nothing, one up to a second figure, one above it."""
    JUDGED = "judged"
    """A person decides, up to the weight."""
    MERGED = "merged"
    """One weight over several scores: a person decides each, their sum is at most the weight."""


@dataclass(frozen=True, slots=True)
class Operands:
    """The two figures of a standard among a department's forms; None for one that no form of it holds."""

    title: str
    kind: MeasureKind
    of: FormAddress | None
    base: FormAddress | None


@dataclass(frozen=True, slots=True)
class Step:
    """A band of percentages: all from (or up to) `bound`, which belongs to it, and the score there."""

    bound: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One item of a checklist and the points that it is worth."""

    title: str
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One standard of a scoring table.

    `labels` are the third-level names that it is for; where `level2` is given, only below that second-level
    name. `adjustable`: departments may put indicators of their own in its place. `parameters` by name, as the
    method asks for them. For POINTS_OFF `worse` is the side of the standard on which points are lost, for
    BANDS the side that the lowest score lies on; `pro_rata`: part of a percentage point counts as a part.
    """

    id: str
    title: str
    labels: tuple[str, ...]
    weight: Decimal
    method: CriterionMethod
    basis: str
    level2: str = ""
    adjustable: bool = False
    operands: Operands | None = None
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    worse: Side = Side.BELOW
    pro_rata: bool = False
    steps: tuple[Step, ...] = ()
    items: tuple[CheckItem, ...] = ()

    @property
    def choices(self) -> tuple[Decimal, ...]:
        """All scores that the standard knows, the best first; none where it allows any up to the weight."""
        if self.method is CriterionMethod.BANDS:
            found = {step.score for step in self.steps} | {self.parameters["otherwise"]}
        elif self.method is CriterionMethod.COMPARISON:
            found = set(self.parameters.values())
        elif self.method is CriterionMethod.PER_OCCURRENCE:
            found = set(_down(self.weight, self.parameters["points"]))
        else:
            found = set()
        return tuple(sorted(found, reverse=True))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A standard with the cells of its two figures; None for one that no form of the department shows."""

    criterion: Criterion
    of: Entry | None = None
    base: Entry | None = None

    @property
    def is_baseless(self) -> bool:
        """Whether what the percentage is a share of is there, and is nothing: blank, a dash or 0."""
        return self.base is not None and (self.base.is_empty or self.base.value == ZERO)

    @property
    def rate(self) -> Decimal | None:
        """The percentage, half-up; None where a figure is not known or there is nothing to divide by."""
        of, base, operands = figure_of(self.of), figure_of(self.base), self.criterion.operands
        if of is None or base is None or base <= 0 or operands is None:
            return None
        return round_half_up(operands.kind.dividend(of, base) * HUNDRED / base, RATE_PLACES)


def _down(weight: Decimal, points: Decimal) -> list[Decimal]:
    """The weight less so many points at a time, down to nothing."""
    left = [weight - points * count for count in range(int(weight // points) + 1)]
    return [*left, ZERO]


class Method(StrEnum):
    """The closed list of scoring methods; each is a pure function in jixiao.scoring.methods."""

    PROPORTIONAL = "proportional"
    """Met: full weight; missed: weight × actual / target."""
    INVERSE_RATIO = "inverse_ratio"
    """Maximum missed: weight × target / actual."""
    INVERSE_EXCESS = "inverse_excess"
    """Maximum missed: weight × (1 − (actual − target) / target), not below 0."""
    ALL_OR_NOTHING = "all_or_nothing"
    """Met: full weight; missed: 0."""
    BAND = "band"
    """Qualitative: a band of the weight by the level that the wording supports."""
    BELOW_FULL = "below_full"
    """Met: full weight; missed: anything below it, a person decides how much."""
    JUDGED = "judged"
    """A person decides; nothing is computed."""


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """One rule: for which kinds of target, by which method, on which basis.

    `title` and `basis` are what an officer reads; `kinds` are TargetKind names.
    """

    id: str
    title: str
    kinds: frozenset[TargetKind]
    method: Method
    basis: str


@dataclass(frozen=True, slots=True)
class Band:
    """A qualitative band: shares of the weight, both ends included, and its name (达成预期指标)."""

    level: str
    title: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class ExecutionRule:
    """How 预算执行 is scored.

    `rate_places` decimals of a percent, then `score_places` of a score, half-up; `exact_accepted`: a self
    score that fits the unrounded quotient stands as well; `reason_below` percent a reason is wanted
    (None: never). `max_rate` caps the rate used for scoring, in percent.
    """

    id: str
    title: str
    basis: str
    rate_places: int
    score_places: int
    exact_accepted: bool
    reason_below: Decimal | None
    rounding: Rounding = Rounding.HALF_UP
    """Of the score; the rate is rounded half-up."""
    overspent_beyond: Decimal = Decimal(0)
    """By how much 万元 more than the annual budget may be executed without a word: what rounding explains."""


@dataclass(frozen=True, slots=True)
class SignalRule:
    """From when on something is worth a look（值得一看）, and how much of it is shown.

    At most `most` a department; full marks on so many `indicators`; so many `amounts` of which `round_share`
    percent are round; so many amounts for their last `digits`; so many `items` as last year; texts that are
    alike to `similarity` percent.
    """

    most: int = 3
    indicators: int = 15
    amounts: int = 12
    round_share: int = 60
    digits: int = 100
    items: int = 4
    similarity: int = 90


@dataclass(frozen=True, slots=True)
class Weights:
    """A permitted division of 100 points, for one scope: execution and first-level indicators by name.

    `fixed` False: departments may divide otherwise, then only the sum is checked.
    """

    scope: Scope
    total: Decimal
    execution: Decimal | None
    groups: Mapping[str, Decimal]
    fixed: bool


@dataclass(frozen=True, slots=True)
class GradeCut:
    """A grade from a score on: 优 from 90."""

    grade: str
    low: Decimal
    synonyms: tuple[str, ...] = ()
    use: str = ""
    """What follows for the next budget, as the jurisdiction rules; "" where it rules nothing."""


class CarryoverTreatment(StrEnum):
    """What happens to money of projects without a form of their own in the composite."""

    TO_OVERALL = "to_overall"
    LEFT_OUT = "left_out"
    RENORMALISED = "renormalised"


@dataclass(frozen=True, slots=True)
class CompositeRule:
    """How the composite is formed: which figures are its funds, and the treatment of the remainder.

    `funds` names, by scope, the address of an item's funds; `whole` the address of the
    overall form's total. `table` ("form-id:table", "" for none) is where departments print
    their own composite.
    """

    id: str
    title: str
    basis: str
    whole: FigureAddress
    overall_funds: FigureAddress
    project_funds: FigureAddress
    carryover: CarryoverTreatment
    share_places: int
    score_places: int
    table: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The scoring rules, identities, grade cut-offs and forms of one jurisdiction.

    `first_year`/`last_year`: valid for forms of these years, both included (None: open).
    `regulations` are full titles with numbers. `severities` overrides a finding code's severity.
    """

    id: str
    title: str
    jurisdiction: str
    regulations: tuple[str, ...]
    first_year: int | None
    last_year: int | None
    extends: str
    forms: tuple[FormLayout, ...]
    weights: tuple[Weights, ...]
    execution: ExecutionRule
    rules: tuple[ScoringRule, ...]
    bands: tuple[Band, ...]
    grades: tuple[GradeCut, ...]
    composite: CompositeRule | None
    """None where the jurisdiction forms none."""
    score_places: int
    exceeded_from: Decimal
    """Attainment from which an over-fulfilled target counts as set too low: 1.3."""
    lexicon: Lexicon
    severities: Mapping[str, Severity] = field(default_factory=dict)
    rounding: Rounding = Rounding.HALF_UP
    """Of an indicator's score to `score_places`."""
    measures: tuple[Measure, ...] = ()
    cross_checks: tuple[CrossCheck, ...] = ()
    prior_year: tuple[PriorYearCheck, ...] = ()
    """Which opening figures continue which closing ones of the year before."""
    distinct_levels: tuple[str, ...] = ()
    """Levels whose indicators are each form's own, however alike their names: 满意度指标."""
    every_project_reports: bool = False
    """Whether every project with money of the year owes a form of its own, in whichever table it stands."""
    booked: tuple[BookedFigure, ...] = ()
    """Which figures of the forms are reconciled with the finance department's accounts."""
    criteria: tuple[Criterion, ...] = ()
    """The standards of a rule-based scoring table."""
    appraisal: AppraisalRule | None = None
    survey: SurveyRule | None = None
    signals: SignalRule = SignalRule()
    reviews: Reviews = field(default_factory=Reviews)
    """Who is examined again, and what results are used for."""

    @property
    def uses(self) -> tuple[UseRule, ...]:
        """The rules on the use of results, in their order.

        What the jurisdiction has settled (rules of its own, the words beside a grade) stands alone; only
        where it has settled nothing there are those that are proposed to it.
        """
        settled = [
            *(rule for rule in self.reviews.uses if not rule.proposed),
            *(_use_of(cut, self.regulations) for cut in self.grades if cut.use),
        ]
        return tuple(settled) or self.reviews.uses

    @property
    def years(self) -> tuple[int | None, int | None]:
        """The first and the last year that it is for."""
        return self.first_year, self.last_year

    @property
    def scores_by_criteria(self) -> bool:
        """Whether standards are all that it scores by: no form has targets, so the rules for these rest."""
        return bool(self.criteria) and not any(form.compares_targets for form in self.forms)

    def rule_for(self, kind: TargetKind) -> ScoringRule | None:
        """The one rule for a kind of target; None for kinds that no rule scores (blank, unreadable)."""
        return next((rule for rule in self.rules if kind in rule.kinds), None)

    def find_form(self, form_id: str) -> FormLayout | None:
        """The layout of that id, None where the scheme has no such form."""
        for form in self.forms:  # asked for every figure: a generator would cost as much again
            if form.id == form_id:
                return form
        return None

    def form(self, form_id: str) -> FormLayout:
        """The layout of that id.

        Raises:
            KeyError: the scheme has none.
        """
        for form in self.forms:
            if form.id == form_id:
                return form
        raise KeyError(form_id)

    def grade_of(self, score: Decimal) -> str:
        """The grade of a score."""
        return next((cut.grade for cut in self.grades if score >= cut.low), self.grades[-1].grade)


def _use_of(cut: GradeCut, regulations: tuple[str, ...]) -> UseRule:
    """The words beside a grade as a rule."""
    basis = say("；").join(regulations)
    return UseRule(
        f"grade.{cut.grade}", say("等级为{grade}", grade=cut.grade), None, cut.use, basis, grades=(cut.grade,)
    )
