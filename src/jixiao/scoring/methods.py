"""The closed set of scoring methods: from a target and its actual to an award; and how scores are rounded.

Every award says in one Chinese line how it came about. What a method cannot decide it leaves to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from jixiao.domain.amounts import HUNDRED, ZERO, Rounding, plain, round_half_up, show, show_percent
from jixiao.domain.quantities import Verdict
from jixiao.domain.scheme import Method
from jixiao.domain.scores import Award
from jixiao.domain.spoken import spoken_signs
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jixiao.domain.quantities import Actual, Comparison, Target
    from jixiao.domain.scheme import Band, ScoringRule

_SETTLED = 12
"""Decimals after which a quotient of 28 digits counts as exact: 0.045 × (1 ÷ 3) is 0.015, not 0.01499…"""


def clip(score: Decimal, weight: Decimal) -> Decimal:
    """Never above the weight, never below 0 (the field's rule for every score)."""
    return max(ZERO, min(score, weight))


def round_score(exact: Decimal, places: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """An exact score under the scheme's rounding."""
    return rounding.apply(round_half_up(exact, _SETTLED), places)


def equals(rounding: Rounding) -> str:
    """How a derivation goes on from a product to the score."""
    return " = " if rounding is Rounding.HALF_UP else say("，舍去尾数得 ")


def coarser(
    exacts: Iterable[Decimal],
    weight: Decimal,
    step: Decimal | None,
    places: int,
    rounding: Rounding = Rounding.HALF_UP,
) -> tuple[Decimal, ...]:
    """What the exact scores are in units of `step`, where that is coarser than `places` decimals.

    Many forms have whole-point scores, so a figure with fewer decimals that equals the rounded exact score
    stands: 9.6 for 9.554. Rounding never makes up full marks, though: 9.79 of 10 is a miss, and 10 would
    call it a hit.
    """
    printed = places if step is None else max(0, -step.adjusted())
    if printed >= places:
        return ()
    rounded = (round_score(exact, printed, rounding) for exact in exacts if exact < weight)
    return tuple(dict.fromkeys(each for each in rounded if each < weight))


def shares_of(funds: Sequence[Decimal], places: int) -> tuple[Decimal, ...]:
    """Each figure's share of their sum in percent, half-up, the residual to 100 put on the largest figure.

    The sum must be above 0.
    """
    whole = sum(funds, ZERO)
    shares = [round_half_up(each * HUNDRED / whole, places) for each in funds]
    largest = max(range(len(funds)), key=lambda position: funds[position])
    shares[largest] += HUNDRED - sum(shares, ZERO)
    return tuple(shares)


def weighted_mean(scores: Sequence[Decimal], funds: Sequence[Decimal]) -> Decimal:
    """The scores weighted by their exact shares of the funds, not rounded."""
    return sum((score * fund for score, fund in zip(scores, funds, strict=True)), ZERO) / sum(funds, ZERO)


_TEXT_LENGTH = 40
_RATIO_PLACES = 4


@dataclass(frozen=True, slots=True)
class Case:
    """All that a method may look at: one indicator with a known weight, and the rule for its kind of target.

    `places` are the decimals of a score; `step` is the printed unit of the self score (None: blank).
    """

    weight: Decimal
    target: Target
    actual: Actual
    comparison: Comparison
    rule: ScoringRule
    bands: tuple[Band, ...]
    places: int
    step: Decimal | None = None
    rounding: Rounding = Rounding.HALF_UP

    @property
    def facts(self) -> str:
        """Actual and target as the department wrote them, in one line."""
        return say(
            "实际 {text}，目标 {text2}", text=_shorten(self.actual.text), text2=_shorten(self.target.text)
        )

    @property
    def is_met(self) -> bool:
        """Met or far above: full marks by every method that compares figures."""
        return self.comparison.verdict in {Verdict.MET, Verdict.EXCEEDED}

    def grant(self, exact: Decimal, derivation: str) -> Award:
        """The award of one exact score, clipped and rounded; the self score may print it coarser."""
        clipped = clip(exact, self.weight)
        alternatives = coarser((clipped,), self.weight, self.step, self.places, self.rounding)
        return Award(
            self.rule.id,
            derivation,
            round_score(clipped, self.places, self.rounding),
            alternatives=alternatives,
            places=self.places,
        )

    def full(self) -> Award:
        """The award of a target that was met."""
        far = say("，远超目标") if self.comparison.verdict is Verdict.EXCEEDED else ""
        return self.grant(
            self.weight,
            say("{facts}，达成{far}，得满分 {weight}", facts=self.facts, far=far, weight=show(self.weight)),
        )

    def leave(self, reason: str) -> Award:
        """No award: a person decides."""
        return Award(
            self.rule.id,
            say("{facts}，{reason}，由人工判定", facts=self.facts, reason=reason),
            places=self.places,
        )


def award(case: Case) -> Award:
    """What the case's rule gives for it."""
    verdict = case.comparison.verdict
    if verdict in {Verdict.UNDETERMINED, Verdict.BLANK}:
        return case.leave(case.comparison.reason or say("无法与目标比较"))
    return METHODS[case.rule.method](case)


def proportional(case: Case) -> Award:
    """Met: full weight; missed: weight × actual / target, for minima above 0 (财预〔2020〕10号 and its kin).

    Of a target of 0 or below no share could be reached, so how much a miss costs is left to a person.
    """
    bound = case.target.low or case.target.high
    attainable = bound is None or bound.value > 0
    return _by_share(case, case.comparison.attainment if attainable else None)


def inverse_ratio(case: Case) -> Award:
    """Met: full weight; a maximum missed: weight × target / actual."""
    return _by_share(case, case.comparison.attainment)


def inverse_excess(case: Case) -> Award:
    """Met: full weight; a maximum missed: weight × (1 − (actual − target) / target), not below 0."""
    attainment = case.comparison.attainment
    return _by_share(case, 2 - 1 / attainment if attainment else None)


def all_or_nothing(case: Case) -> Award:
    """Met: full weight; missed: nothing."""
    if case.is_met:
        return case.full()
    if case.comparison.verdict is not Verdict.MISSED:
        return case.leave(say("文字目标不能按数值判定"))
    return case.grant(ZERO, say("{facts}，未达成，得 {zero}", facts=case.facts, zero=show(ZERO)))


def below_full(case: Case) -> Award:
    """Met: full weight; missed: anything below it, and a person decides how much."""
    if case.is_met:
        return case.full()
    if case.comparison.verdict is not Verdict.MISSED:
        return case.leave(say("文字目标不能按数值判定"))
    high = max(ZERO, case.weight - Decimal(1).scaleb(-case.places))
    derivation = say(
        "{facts}，未达成，应低于满分 {weight}，分值由人工判定", facts=case.facts, weight=show(case.weight)
    )
    return Award(case.rule.id, derivation, low=ZERO, high=high, places=case.places)


def band(case: Case) -> Award:
    """Words: the band of the weight that the wording of the actual supports; never a point value."""
    level = "reached" if case.is_met else case.actual.level
    found = next((each for each in case.bands if each.level == level), None)
    if found is None:
        return case.leave(case.comparison.reason or say("从文字看不出完成程度"))
    low, high = case.weight * found.low, case.weight * found.high
    derivation = say(
        "{facts}，属“{title}”，得分应在 {low} 至 {high} 之间",
        facts=case.facts,
        title=found.title,
        low=show(low),
        high=show(high),
    )
    return Award(case.rule.id, derivation, low=low, high=high, places=case.places)


def judged(case: Case) -> Award:
    """A person decides; nothing is computed."""
    return case.leave(case.comparison.reason or case.rule.title)


METHODS: Final[Mapping[Method, Callable[[Case], Award]]] = {
    Method.PROPORTIONAL: proportional,
    Method.INVERSE_RATIO: inverse_ratio,
    Method.INVERSE_EXCESS: inverse_excess,
    Method.ALL_OR_NOTHING: all_or_nothing,
    Method.BAND: band,
    Method.BELOW_FULL: below_full,
    Method.JUDGED: judged,
}


def _by_share(case: Case, share: Decimal | None) -> Award:
    """Met: full weight; missed: the weight times the share reached, where that is known and below 1.

    A miss that has no such share (＜5 against ≥10, 5 against ＞5, 12 against =10) is still no hit.
    """
    if case.is_met or case.comparison.verdict is not Verdict.MISSED or share is None or share >= 1:
        return below_full(case)
    exact = case.weight * share
    product = f"{plain(case.weight)} × {show_percent(share, _RATIO_PLACES)}"
    score = show(round_score(clip(exact, case.weight), case.places, case.rounding))
    outcome = (
        say("{product} 不足 0，得 {score}", product=product, score=score)
        if share < 0
        else f"{product}{equals(case.rounding)}{score}"
    )
    return case.grant(exact, say("{facts}，未达成，{outcome}", facts=case.facts, outcome=outcome))


def _shorten(text: str) -> str:
    line = spoken_signs(" ".join(text.split())) or say("（空）")
    return line if len(line) <= _TEXT_LENGTH else f"{line[:_TEXT_LENGTH]}…"
