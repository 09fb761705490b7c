"""What follows a round by its scheme: 抽查复核, who is examined again, and 结果应用, what results are for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jixiao.domain.forms import Scope


class RiskFact(StrEnum):
    """What adds to the risk of a form: only what the program knows of every round."""

    BLOCKING = "blocking"
    ERRORS = "errors"
    WARNINGS = "warnings"
    EXECUTION = "execution"
    """How far execution is from 100 %, on either side, in steps of ten percentage points."""
    UNVERIFIED = "unverified"
    """How much of the weight the rules could not decide, in steps of ten percentage points."""
    LATE = "late"
    SIGNALS = "signals"
    """What is worth a look（值得一看）."""
    RESENT = "resent"
    """How often the department sent something else after its first submission."""
    EASED = "eased"
    """Indicators of last year that are gone, and targets below last year's."""
    MONEY = "money"
    """Its place by money in its stratum: the largest has all points, the smallest the least."""


class SampledMoney(StrEnum):
    """Which amount stands for the money of a form."""

    ANNUAL_BUDGET = "annual_budget"
    EXECUTED = "executed"


class Strata(StrEnum):
    """What parts the forms before they are drawn; forms of different kinds are never one stratum.

    The money of a department's form holds that of its projects: one sum over both would count it twice.
    """

    FORM = "form"
    CODE = "code"
    """By kind of form and by the first digits of the department's code on the roster."""


@dataclass(frozen=True, slots=True)
class SampleRule:
    """How the forms to be examined again are chosen.

    Of each stratum those are taken whole whose risk is at least `risk_from` points, or that belong to the
    `risk_share` percent with the highest risk (with both: who meets both; with neither: none); then as many
    by money that `count` forms are taken in all, and at least so many that `money_share` percent of the money
    can be expected among them (None: not asked). `weights` are points each, one fact gives `most` at most.
    `digits` of the code make a stratum by code. `basis` says on what this rests.
    """

    title: str
    basis: str
    scopes: tuple[Scope, ...]
    money: SampledMoney
    strata: Strata
    digits: int
    count: int | None
    money_share: Decimal | None
    risk_from: Decimal | None
    risk_share: Decimal | None
    most: Decimal
    weights: Mapping[RiskFact, Decimal]


class Outcome(StrEnum):
    """What a result means for the next budget."""

    KEEP = "keep"
    MEND = "mend"
    REDUCE = "reduce"


class Level(StrEnum):
    """Whose result it is."""

    DEPARTMENT = "department"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class UseRule:
    """One line of the rules on the use of results: the first of them all of whose conditions hold decides.

    Conditions that are None (or ()) are not asked. Scores in points, rates in percent, `below` excludes its
    end; `errors_from` counts what has to be mended still. `reduce` is the percentage of the annual budget to
    cut, None where the rule gives none. `proposed`: no regulation asks for it, the office has to decide.
    """

    id: str
    title: str
    outcome: Outcome | None
    """None: the jurisdiction says in words of its own what follows."""
    text: str
    basis: str
    levels: tuple[Level, ...] = (Level.DEPARTMENT, Level.PROJECT)
    grades: tuple[str, ...] = ()
    score_from: Decimal | None = None
    score_below: Decimal | None = None
    rate_from: Decimal | None = None
    rate_below: Decimal | None = None
    last_score_below: Decimal | None = None
    last_rate_below: Decimal | None = None
    errors_from: int | None = None
    reduce: Decimal | None = None
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Reviews:
    """Both rules of a scheme; without a sample rule nobody is chosen."""

    sample: SampleRule | None = None
    uses: tuple[UseRule, ...] = field(default_factory=tuple)
