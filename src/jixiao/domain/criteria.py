"""The standards of a rule-based scoring table（评分标准）as data: what a row of it is scored by."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up
from jixiao.domain.quantities import Side
from jixiao.domain.submissions import figure_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.relations import MeasureKind
    from jixiao.domain.submissions import Entry

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
