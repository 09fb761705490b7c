"""What scoring gives: a score card for every submission and a composite for every department."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jixiao.domain.amounts import round_half_up
from jixiao.domain.submissions import bundle
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from jixiao.domain.quantities import Comparison
    from jixiao.domain.scheme import Evidence
    from jixiao.domain.submissions import Indicator, Line, Submission


@dataclass(frozen=True, slots=True)
class Award:
    """What a rule gives for one weight: a score, a band, or nothing where a person must judge.

    `alternatives` are scores that another permitted rounding convention gives; a self score equal to one of
    them stands. `derivation` is one Chinese line with the figures.
    """

    rule: str
    derivation: str
    score: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    alternatives: tuple[Decimal, ...] = ()
    places: int = 2
    """Decimals of a score under the scheme."""

    @property
    def decided(self) -> bool:
        """Whether the rule gives one score."""
        return self.score is not None

    def supports(self, self_score: Decimal) -> bool:
        """Whether the self score stands under this award (always, where nothing could be decided).

        A formula leaves more digits in a cell than the form shows (8.7145534…, 1.7999999999999998): only
        `places` decimals count.
        """
        claimed = round_half_up(self_score, self.places)
        if self.score is not None:
            return claimed == self.score or claimed in self.alternatives
        if self.low is not None and self.high is not None:
            return self.low <= claimed <= self.high
        return True

    def accepted(self, self_score: Decimal | None) -> Decimal | None:
        """The score the finance department goes on with.

        The self score where it stands or is lower than what the rule gives, the rule's score where it refutes
        the self score or none was written.
        """
        if self_score is None or self.score is None:
            return self.score if self_score is None else self_score
        return self_score if self.supports(self_score) else min(self_score, self.score)


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """An indicator with what comparing and scoring gave."""

    indicator: Indicator
    comparison: Comparison
    award: Award
    evidence: Evidence | None = None
    """Where a standard of the scheme is for it: the standard with its figures."""


@dataclass(frozen=True)
class Stake:
    """What points are given for: an indicator, or several with a weight or score cell merged over them."""

    scored: tuple[IndicatorScore, ...]

    @classmethod
    def of(cls, scores: Iterable[IndicatorScore]) -> tuple[Stake, ...]:
        """The scored indicators in their order, together where they share a cell of points."""
        return tuple(cls(rows) for rows in bundle(scores, lambda each: each.indicator))

    @cached_property
    def name(self) -> str:
        """What to call it in a sentence."""
        return say("、").join(each.indicator.name for each in self.scored)

    @cached_property
    def rows(self) -> tuple[tuple[IndicatorScore, Decimal | None], ...]:
        """Each indicator with its weight; of those that share one only the first, so that weights add up."""
        first = {each.indicator.weight_cell: each for each in reversed(self.scored)}
        return tuple(
            (each, each.indicator.weight if first[each.indicator.weight_cell] is each else None)
            for each in self.scored
        )

    @property
    def level1(self) -> str:
        """The first-level indicator that it belongs to."""
        return self.scored[0].indicator.level1

    @cached_property
    def weight(self) -> Decimal | None:
        """The weights added, each cell once; None where one of them is not known."""
        if len(self.scored) == 1:
            return self.scored[0].indicator.weight
        weights = list({each.indicator.weight_cell: each.indicator.weight for each in self.scored}.values())
        known = [weight for weight in weights if weight is not None]
        return sum(known[1:], known[0]) if len(known) == len(weights) else None

    @cached_property
    def points(self) -> tuple[Decimal, ...]:
        """The scores given for the weight, each cell once: one may be merged over all the rows."""
        entries = (each.indicator.entries.get("self_score") for each in self.scored)
        cells = {entry.ref: entry.value for entry in entries if entry}
        return tuple(value for value in cells.values() if value is not None)

    @property
    def self_score(self) -> Decimal | None:
        """All scores given for the weight, None where there is none; one row may hold the score for all."""
        points = self.points
        return sum(points[1:], points[0]) if points else None

    @property
    def award(self) -> Award:
        """What the rules give for the weight; rows that share one are left to a person alike."""
        return self.scored[0].award


@dataclass(frozen=True, slots=True)
class ExecutionScore:
    """The execution part of a form. `rate` in percent, two decimals; None where not defined or known."""

    line: Line
    rate: Decimal | None
    award: Award


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """A row of scores.csv: execution, a first-level indicator, or total."""

    component: str
    weight: Decimal | None
    self_score: Decimal | None
    computed_score: Decimal | None
    accepted_score: Decimal | None
    verified_share: Decimal | None
    """Share of the weight that the rules could decide, in percent, two decimals."""


@dataclass(frozen=True)
class ScoreCard:
    """All scores of one submission; the last component is the total."""

    submission: Submission
    components: tuple[ComponentScore, ...]
    indicators: tuple[IndicatorScore, ...]
    execution: ExecutionScore | None
    self_grade: str
    computed_grade: str

    @property
    def total(self) -> ComponentScore:
        """The 总分 row."""
        return self.components[-1]

    @property
    def is_scored(self) -> bool:
        """Whether the form has anything to score: basic data and tables of details have not."""
        return len(self.components) > 1

    @cached_property
    def all_stakes(self) -> tuple[Stake, ...]:
        """What points are given for, details among them."""
        return Stake.of(self.indicators)

    @cached_property
    def stakes(self) -> tuple[Stake, ...]:
        """What points are given for; a detail (其中：城区) has none of its own, so none are missing."""
        return Stake.of(each for each in self.indicators if not each.indicator.detail)


@dataclass(frozen=True, slots=True)
class CompositeItem:
    """One item of a composite. `kind`: overall, project, carryover, total."""

    item: str
    kind: str
    funds: Decimal
    share_percent: Decimal
    score: Decimal | None
    weighted_score: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Composite:
    """The fund-weighted score of one department, its total last among the items."""

    department: str
    items: tuple[CompositeItem, ...]
    grade: str
    variants: tuple[tuple[str, Decimal], ...] = ()
    """What the other treatments of carry-over would give, by their Chinese name."""

    @property
    def score(self) -> Decimal | None:
        """The composite score."""
        return self.items[-1].weighted_score
