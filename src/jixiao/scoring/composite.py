"""综合得分: the fund-weighted score of one department over its overall form and its projects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up, rounding_slack, show
from jixiao.domain.forms import Scope
from jixiao.domain.scheme import CarryoverTreatment
from jixiao.domain.scores import Composite, CompositeItem
from jixiao.language import say
from jixiao.scoring.cards import grade_of
from jixiao.scoring.methods import shares_of, weighted_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.scheme import CompositeRule, Scheme
    from jixiao.domain.scores import ScoreCard

_CARRYOVER_ITEM = say("未单独报送的项目（上年结转等）")
_TREATMENTS = {
    CarryoverTreatment.TO_OVERALL: say("未单独报送项目的占比计入部门整体"),
    CarryoverTreatment.LEFT_OUT: say("未单独报送项目的占比不计分"),
    CarryoverTreatment.RENORMALISED: say("剔除未单独报送项目后重新折算占比"),
}


def compose(department: str, cards: Sequence[ScoreCard], scheme: Scheme) -> Composite | None:
    """The composite of one department's cards by the scheme's rule.

    None where the scheme has none, where there is not exactly one overall form, or where the funds of an item
    or of the whole are not known: no share could be given without guessing. The score of an item is its
    accepted score; where that is not known neither is the total.
    """
    rule = scheme.composite
    funds = _funds(cards, rule) if rule else None
    if rule is None or funds is None:
        return None
    items = _items(funds, rule, scheme)
    total = _total(items, funds)
    grade = grade_of(total.weighted_score, scheme)
    return Composite(department, (*items, total), grade, tuple(_variants(funds, rule)))


def remainder_of(whole: Decimal, parts: Sequence[Decimal]) -> Decimal:
    """What the items leave of the whole: carry-over projects without a form of their own.

    0 where the rounding of the printed figures explains it, and where the items exceed the whole (the audit
    says so, X103).
    """
    rest = whole - sum(parts, ZERO)
    return rest if rest > rounding_slack(len(parts)) else ZERO


@dataclass(frozen=True, slots=True)
class _Funds:
    """The cards that make up a composite, overall first, with their funds in 万元, and what remains."""

    cards: tuple[ScoreCard, ...]
    amounts: tuple[Decimal, ...]
    carryover: Decimal

    @property
    def scores(self) -> tuple[Decimal | None, ...]:
        return tuple(card.total.accepted_score for card in self.cards)


def _funds(cards: Sequence[ScoreCard], rule: CompositeRule) -> _Funds | None:
    overall = [card for card in cards if card.submission.scope is Scope.OVERALL]
    if len(overall) != 1:
        return None
    projects = [card for card in cards if card.submission.scope is Scope.PROJECT]
    own, project = rule.overall_funds, rule.project_funds
    whole = rule.whole.value(overall[0].submission)
    figures = (own.value(overall[0].submission), *(project.value(card.submission) for card in projects))
    amounts = tuple(figure for figure in figures if figure is not None and figure >= 0)
    if whole is None or len(amounts) < len(figures) or sum(amounts, ZERO) <= 0:
        return None
    return _Funds((overall[0], *projects), amounts, remainder_of(whole, amounts))


def _items(funds: _Funds, rule: CompositeRule, scheme: Scheme) -> tuple[CompositeItem, ...]:
    """The rows before the total, shares rounded, each score weighted with the share it counts for."""
    counted = rule.carryover is not CarryoverTreatment.RENORMALISED and funds.carryover > 0
    shares = shares_of((*funds.amounts, funds.carryover) if counted else funds.amounts, rule.share_places)
    carryover = shares[-1] if counted else ZERO
    items = tuple(
        _item(card, amount, share, rule)
        for card, amount, share in zip(funds.cards, funds.amounts, shares, strict=False)
    )
    overall = replace(items[0], item=_overall_title(funds.cards[0], rule, scheme))
    if counted and rule.carryover is CarryoverTreatment.TO_OVERALL:
        overall = _with_carryover(overall, carryover, rule)
    rest = CompositeItem(
        _CARRYOVER_ITEM, "carryover", funds.carryover, carryover, None, None, _TREATMENTS[rule.carryover]
    )
    return (overall, *items[1:], *((rest,) if funds.carryover else ()))


def _item(card: ScoreCard, amount: Decimal, share: Decimal, rule: CompositeRule) -> CompositeItem:
    accepted, submission = card.total.accepted_score, card.submission
    weighted = None if accepted is None else round_half_up(accepted * share / HUNDRED, rule.score_places)
    return CompositeItem(
        submission.subject_name, submission.scope.value, amount, share, accepted, weighted, _note(card)
    )


def _note(card: ScoreCard) -> str:
    accepted, written = card.total.accepted_score, card.total.self_score
    if accepted is None:
        return say("得分不明，无法加权")
    return (
        ""
        if written is None or written == accepted
        else say("自评 {written}，按采用得分计", written=show(written))
    )


def _with_carryover(overall: CompositeItem, carryover: Decimal, rule: CompositeRule) -> CompositeItem:
    """The overall form's item, weighted with its own share and that of the carry-over."""
    share = overall.share_percent + carryover
    note = say("；").join(
        filter(
            None,
            (
                overall.note,
                say(
                    "连同结转占比 {carryover}%，按 {share}% 加权",
                    carryover=show(carryover),
                    share=show(share),
                ),
            ),
        )
    )
    if overall.score is None:
        return replace(overall, note=note)
    weighted = round_half_up(overall.score * share / HUNDRED, rule.score_places)
    return replace(overall, weighted_score=weighted, note=note)


def _overall_title(card: ScoreCard, rule: CompositeRule, scheme: Scheme) -> str:
    address = rule.overall_funds
    return say("部门整体（{form}）", form=address.title(scheme.form(card.submission.form)))


def _total(items: Sequence[CompositeItem], funds: _Funds) -> CompositeItem:
    weighted = [item.weighted_score for item in items if item.kind != "carryover"]
    known = [score for score in weighted if score is not None]
    return CompositeItem(
        item=say("合计"),
        kind="total",
        funds=sum(funds.amounts, funds.carryover),
        share_percent=HUNDRED,
        score=None,
        weighted_score=sum(known, ZERO) if len(known) == len(weighted) else None,
    )


def _variants(funds: _Funds, rule: CompositeRule) -> Iterator[tuple[str, Decimal]]:
    """What the other treatments of the remainder would give, by exact shares, rounded once at the end."""
    scores = [score for score in funds.scores if score is not None]
    if not funds.carryover or len(scores) < len(funds.cards):
        return
    for treatment, title in _TREATMENTS.items():
        if treatment is not rule.carryover:
            score = weighted_mean(*_counted(funds, scores, treatment))
            yield title, round_half_up(score, rule.score_places)


def _counted(
    funds: _Funds, scores: Sequence[Decimal], treatment: CarryoverTreatment
) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """What a treatment averages: the remainder counts with the overall's score, with 0, or not at all."""
    if treatment is CarryoverTreatment.RENORMALISED:
        return tuple(scores), funds.amounts
    rest = scores[0] if treatment is CarryoverTreatment.TO_OVERALL else ZERO
    return (*scores, rest), (*funds.amounts, funds.carryover)
