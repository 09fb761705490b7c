"""Where a department lost points: the weight of an indicator less the score that was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.words import EXECUTION
from jixiao.domain.amounts import show
from jixiao.domain.scores import Stake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.scores import Award, ScoreCard

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """Points lost on one indicator or on execution."""

    name: str
    points: Decimal


def main_losses(dossier: Dossier) -> str:
    """The greatest losses in one line: 三公经费节约率 −3.00；预算执行 −0.45.

    They are the overall form's, whose score stands for the department; where there is none, the projects',
    each with its project's name.
    """
    if dossier.overall:
        losses = list(card_losses(dossier.overall))
    else:
        losses = [
            Loss(f"{card.submission.project}·{loss.name}", loss.points)
            for card in dossier.projects
            for loss in card_losses(card)
        ]
    losses.sort(key=lambda loss: -loss.points)
    return "；".join(f"{loss.name} −{show(loss.points)}" for loss in losses[:_SHOWN])


def card_losses(card: ScoreCard) -> Iterator[Loss]:
    """Every loss on one form, in the form's order; what is not known is no loss."""
    if card.execution:
        line = card.execution.line
        yield from _loss(EXECUTION, line.value("weight"), line.value("self_score"), card.execution.award)
    for stake in Stake.of(card.indicators):
        yield from _loss(stake.name, stake.weight, stake.self_score, stake.award)


def _loss(name: str, weight: Decimal | None, self_score: Decimal | None, award: Award) -> Iterator[Loss]:
    accepted = award.accepted(self_score)
    if weight is not None and accepted is not None and accepted < weight:
        yield Loss(name, weight - accepted)
