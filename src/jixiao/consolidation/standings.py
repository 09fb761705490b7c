"""A department's place in the round: its scores, money, findings and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up
from jixiao.domain.scheme import CarryoverTreatment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import CompositeItem, ScoreCard

    Pick = Callable[[ScoreCard], Decimal | None]


_SHARE_PLACES = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures of 部门汇总 for one department.

    Scores are the composite's where there is one, else the overall form's; `verified_share` in percent;
    `annual_budget` and `executed` in 万元 are the overall form's. None: not known.
    """

    dossier: Dossier
    self_score: Decimal | None
    computed_score: Decimal | None
    accepted_score: Decimal | None
    grade: str
    verified_share: Decimal | None
    overall_score: Decimal | None
    annual_budget: Decimal | None
    executed: Decimal | None


def rank_departments(dossiers: Sequence[Dossier], scheme: Scheme) -> tuple[Standing, ...]:
    """Standings by accepted score, the best first; without a score last; equals by name."""
    standings = [stand(dossier, scheme) for dossier in dossiers]
    return tuple(
        sorted(
            standings,
            key=lambda standing: (
                standing.accepted_score is None,
                -(standing.accepted_score or ZERO),
                standing.dossier.department,
            ),
        )
    )


def stand(dossier: Dossier, scheme: Scheme) -> Standing:
    """The standing of one department."""
    overall = dossier.overall
    accepted = _department_score(dossier, scheme, _accepted)
    line = overall.execution.line if overall and overall.execution else None
    return Standing(
        dossier=dossier,
        self_score=_department_score(dossier, scheme, _self),
        computed_score=_department_score(dossier, scheme, _computed),
        accepted_score=accepted,
        grade="" if accepted is None else scheme.grade_of(accepted),
        verified_share=_verified_share(dossier),
        overall_score=overall.total.accepted_score if overall else None,
        annual_budget=line.value("annual_budget") if line else None,
        executed=line.value("executed") if line else None,
    )


_self: Pick = attrgetter("total.self_score")
_computed: Pick = attrgetter("total.computed_score")
_accepted: Pick = attrgetter("total.accepted_score")


def _department_score(dossier: Dossier, scheme: Scheme, pick: Pick) -> Decimal | None:
    """One kind of score by the composite's shares; without a composite the overall form's own.

    Where one of the forms has no accepted score, the department has none and is not ranked: the overall form
    alone would put it before departments whose every form counts.

    The composite is formed from accepted scores. Where the forms found by name do not give it back (two
    projects of one name), another kind of score is known only if it equals the accepted one on every form.
    """
    composite, overall = dossier.composite, dossier.overall
    if composite is None:
        return pick(overall) if overall else None
    if composite.score is None:
        return None
    if all(pick(card) == _accepted(card) for card in dossier.cards):
        return composite.score
    if _weighted(dossier, scheme, _accepted) != composite.score:
        return None
    return _weighted(dossier, scheme, pick)


def _weighted(dossier: Dossier, scheme: Scheme, pick: Pick) -> Decimal | None:
    """The sum of rounded weighted scores, carry-over where the scheme puts it; None if a score is missing."""
    rule, items = scheme.composite, _scored_items(dossier)
    carried = sum((item.share_percent for item in _items(dossier) if item.kind == "carryover"), ZERO)
    total = ZERO
    if rule is None:
        return None
    for item, card in items:
        score = pick(card) if card else None
        if score is None:
            return None
        to_overall = item.kind == "overall" and rule.carryover is CarryoverTreatment.TO_OVERALL
        share = item.share_percent + (carried if to_overall else ZERO)
        total += round_half_up(score * share / HUNDRED, rule.score_places)
    return total


def _verified_share(dossier: Dossier) -> Decimal | None:
    """The forms' verified shares weighted by their money; without a composite the overall form's."""
    if dossier.composite is None:
        return dossier.overall.total.verified_share if dossier.overall else None
    known = [
        (item.share_percent, card.total.verified_share)
        for item, card in _scored_items(dossier)
        if card is not None and card.total.verified_share is not None
    ]
    shares = sum((share for share, _ in known), ZERO)
    if not shares:
        return None
    return round_half_up(sum((share * verified for share, verified in known), ZERO) / shares, _SHARE_PLACES)


def _items(dossier: Dossier) -> Sequence[CompositeItem]:
    return dossier.composite.items if dossier.composite else ()


def _scored_items(dossier: Dossier) -> list[tuple[CompositeItem, ScoreCard | None]]:
    projects = {card.submission.project: card for card in dossier.projects}
    return [
        (item, dossier.overall if item.kind == "overall" else projects.get(item.item))
        for item in _items(dossier)
        if item.kind in {"overall", "project"}
    ]
