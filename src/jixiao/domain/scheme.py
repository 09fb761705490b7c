"""A jurisdiction's rules as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from jixiao.domain.amounts import Rounding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.appraisals import AppraisalRule
    from jixiao.domain.books import BookedFigure
    from jixiao.domain.criteria import Criterion
    from jixiao.domain.findings import Severity
    from jixiao.domain.forms import FormLayout, Scope
    from jixiao.domain.measures import Measure
    from jixiao.domain.quantities import TargetKind
    from jixiao.domain.relations import CrossCheck
    from jixiao.domain.surveys import SurveyRule


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
    """One rule: for which kinds of target, by which method, with which parameters, on which basis.

    `title` and `basis` are what an officer reads; `kinds` are TargetKind names.
    """

    id: str
    title: str
    kinds: frozenset[TargetKind]
    method: Method
    basis: str
    parameters: Mapping[str, Decimal] = field(default_factory=dict)


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


class CarryoverTreatment(StrEnum):
    """What happens to money of projects without a form of their own in the composite."""

    TO_OVERALL = "to_overall"
    LEFT_OUT = "left_out"
    RENORMALISED = "renormalised"


@dataclass(frozen=True, slots=True)
class CompositeRule:
    """How the composite is formed: which figures are its funds, and the treatment of the remainder.

    `funds` names, by scope, the address (see forms.Identity) of an item's funds; `whole` the address of the
    overall form's total. `table` ("form-id:table", "" for none) is where departments print
    their own composite.
    """

    id: str
    title: str
    basis: str
    whole: str
    overall_funds: str
    project_funds: str
    carryover: CarryoverTreatment
    share_places: int
    score_places: int
    table: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Lexicon:
    """The words of the language of forms, by purpose; seeds/lexicon.toml has one table a field.

    Compared and hashed by identity, so that the patterns made from it are made once.
    """

    comparators: Mapping[str, str]
    """Words before a figure → Comparator value."""
    suffixes: Mapping[str, str]
    """Words after a figure → Comparator value (以上)."""
    arrivals: Mapping[str, str]
    """Words that bound a target and state an actual exactly (达到, 控制在) → Comparator value."""
    changes: Mapping[str, str]
    """Words of change (上升) → the one that stands for them (增长)."""
    change_nouns: tuple[str, ...]
    """Endings that make a word of change a name (增长率): the figure is then no change."""
    bases: Mapping[str, str]
    """What a change is measured from (较上年) → the word that stands for it (同比)."""
    units: Mapping[str, tuple[str, Decimal]]
    """Unit word → (dimension, factor)."""
    unit_prefixes: Mapping[str, str]
    """Words before a figure that act as its unit: 百分之 → %."""
    scales: Mapping[str, Decimal]
    """万 → 10000."""
    periods: tuple[str, ...]
    """Further units that stand only below a rate's stroke or after 每: 月, 人·天."""
    per: tuple[str, ...]
    """Words before a rate's denominator: 每."""
    generic: tuple[str, ...]
    """Dimensions that count anything: 个."""
    counters: tuple[str, ...]
    """Dimensions that a generic one may stand for: 家, 项."""
    undirected: tuple[str, ...]
    """Dimensions in which an unsigned figure may be a maximum as well as a minimum: 元, 秒."""
    directed_percent: Decimal
    """From here on an unsigned percentage is a minimum."""
    numerals: Mapping[str, Decimal]
    """Chinese numerals: 三 → 3, 十 → 10."""
    connectors: tuple[str, ...]
    """What stands between the ends of a range."""
    range_ends: tuple[str, ...]
    """Words after a range: 之间."""
    joints: tuple[str, ...]
    """What joins two conditions: 且."""
    fillers: tuple[str, ...]
    """Words around a figure that change nothing about it: 共, 已完成."""
    counted: tuple[str, ...]
    """Words after a figure that say what it counts, before one perhaps a plan: 任务."""
    intensifiers: tuple[str, ...]
    """Words without which a quality is one degree less: 非常."""
    harmless: tuple[str, ...]
    """Words that hold a negation or a caution but mean none: 不断, 不良率."""
    cautions: tuple[str, ...]
    """Words that change what a figure means: 约, 计划, 提前, 未."""
    breakdowns: tuple[str, ...]
    """First words of a bracket that only breaks a figure down: 其中, 线上."""
    references: tuple[str, ...]
    """Words that send the reader elsewhere: 详见."""
    years: Mapping[str, int]
    """How a year is written ({y} for its digits) → years after it that are meant."""
    dates: Mapping[str, tuple[str, str]]
    """How a date or period is written ({y}, {m}, {d}) → its first and last day as month-day."""
    before: tuple[str, ...]
    """Words after a date: up to it, with or without it (前)."""
    within: tuple[str, ...]
    """Words after a date: in it (内)."""
    done: tuple[str, ...]
    """Words beside a date that say it is the date of completion."""
    on_time: tuple[str, ...]
    """Words that say that a deadline was kept."""
    levels: Mapping[str, tuple[str, ...]]
    """Qualitative level (reached, partly, missed) → words that support it."""
    negators: tuple[str, ...]
    """Words that turn a supporting word right after them round: 未, 没有."""
    doubts: tuple[str, ...]
    """Words beside which nothing about the level is certain: 待, 拟."""
    relative: tuple[str, ...]
    """Words that make a target relative: 平均, 上年, 同期."""
    zeros: tuple[str, ...]
    """Whole texts of an actual that say nothing happened: 无, 未发生."""
    nones: tuple[str, ...]
    """First words of "nothing happened": 无, 零, 未发生."""
    incidents: tuple[str, ...]
    """What then did not happen, in any sequence: 重大, 安全, 事故, 投诉."""
    wholes: tuple[str, ...]
    """Whole texts of an actual that say 100 %: 全覆盖."""
    samples: tuple[str, ...]
    """Words of a sheet name that mark a sample."""
    foreign: Mapping[str, tuple[str, ...]]
    """Kinds of form that are no self-evaluation (绩效目标申报表) → words of their titles."""
    placeholders: tuple[str, ...]
    """Texts of unfilled template cells: ……, 指标1."""
    prompts: tuple[str, ...]
    """Words by which a blank form asks for something, wherever they stand in a cell: 请填写."""
    dashes: tuple[str, ...]
    """Marks that mean "nothing"."""
    notes: tuple[str, ...]
    """First words of a remark between the rows of a table: 注, 说明."""
    clerical: tuple[str, ...]
    """Labels that no form's figures depend on, but that end a value before them: 填报日期."""
    natures: tuple[str, ...]
    """What a cell for the comparison sign says in words of no direction: 定性, 定量."""
    directions: Mapping[str, str]
    """What it says in words of a direction (正向) → Comparator value."""
    qualifiers: tuple[str, ...]
    """Words that a label may have or not have without meaning anything else: 本年, 合计."""
    origins: tuple[str, ...]
    """The same of words that say whose the money is, but where rows differ by just that: 财政, 市级."""
    evaluations: tuple[str, ...]
    """Words that a form's own title begins with, after the name of what is evaluated."""
    organisations: tuple[str, ...]
    """What the names of departments end in: 局, 中心."""
    lower_is_better: tuple[str, ...]
    """Words in an indicator's names that make its unsigned figure a maximum: 成本, 投诉."""
    spending: tuple[str, ...]
    """Words of a reason that speaks of spending: 执行率, 支付, 结余."""
    shortfalls: tuple[str, ...]
    """Words of such a reason that say why not all was spent: 未, 延, 结余."""
    indicator_words: tuple[str, ...]
    """Words by which the reason of a form's execution speaks of its indicators as well: 指标, 扣分."""
    higher_is_better: tuple[str, ...]
    """Words in an indicator's own name that overrule these: 节约率."""
    undirected_names: tuple[str, ...]
    """Words in an indicator's name that leave open whether more or less is better: 控制率, 占比."""
    bounded: tuple[str, ...]
    """Rates of which there is no more than 100 %: 满意度, 覆盖率."""
    signs: Mapping[str, str]
    """Characters typed for a comparison sign (》, ═) → Comparator value."""
    unit_joints: tuple[str, ...]
    """What stands between the denominators of a rate: 元/人·月."""
    until: tuple[str, ...]
    """Words before a date: up to it, itself included (≤, 截至)."""
    beginnings: tuple[str, ...]
    """Words beside a date that say it is the date of a beginning: 启动, 开工."""


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
    distinct_levels: tuple[str, ...] = ()
    """Levels whose indicators are each form's own, however alike their names: 满意度指标."""
    every_project_reports: bool = False
    """Whether every project with money of the year owes a form of its own, in whichever table it stands."""
    booked: tuple[BookedFigure, ...] = ()
    """Which figures of the forms are reconciled with the finance department's books."""
    criteria: tuple[Criterion, ...] = ()
    """The standards of a rule-based scoring table."""
    appraisal: AppraisalRule | None = None
    survey: SurveyRule | None = None

    @property
    def scores_by_standards(self) -> bool:
        """Whether standards are all that it scores by: no form has targets, so the rules for these rest."""
        return bool(self.criteria) and not any(form.compares_targets for form in self.forms)

    def rule_for(self, kind: TargetKind) -> ScoringRule | None:
        """The one rule for a kind of target; None for kinds that no rule scores (blank, unreadable)."""
        return next((rule for rule in self.rules if kind in rule.kinds), None)

    def form(self, form_id: str) -> FormLayout:
        """The layout of that id."""
        return next(form for form in self.forms if form.id == form_id)

    def grade_of(self, score: Decimal) -> str:
        """The grade of a score."""
        return next((cut.grade for cut in self.grades if score >= cut.low), self.grades[-1].grade)
