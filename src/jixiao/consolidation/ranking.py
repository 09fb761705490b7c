"""A department's place in the round: its scores, money, findings, and where it lost points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.totals import computed_total, funds, sound_total, sum_known, total_remark
from jixiao.consolidation.words import EXECUTION
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up, show
from jixiao.domain.scheme import CarryoverTreatment
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import CompositeItem, ScoreCard

    Pick = Callable[[ScoreCard], Decimal | None]
    from decimal import Decimal

    from jixiao.domain.scores import Award, ScoreCard

_SHARE_PLACES = 2
TOTAL, _PRINTED = "total", "weighted"
"""Row and column of a department's own composite table that hold its composite score."""


class Unplaced(NamedTuple):
    """Why a department has no rank: in a word, and in a sentence."""

    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class RankedDepartment:
    """The figures of 部门汇总 for one department.

    Scores are the composite's where there is one, else the overall form's, else the projects' weighted by
    their funds; the self score is only what a form prints. `verified_share` in percent; `annual_budget` and
    `executed` in 万元 are the overall form's, without one the sum over the projects. None: not known.
    `remark` says in Chinese what a reader has to know of these figures, `unplaced` why it has no rank
    (None: it has one).
    """

    department: str
    self_score: Decimal | None
    computed_score: Decimal | None
    accepted_score: Decimal | None
    grade: str
    verified_share: Decimal | None
    overall_score: Decimal | None
    annual_budget: Decimal | None
    executed: Decimal | None
    remark: str = ""
    unplaced: Unplaced | None = None

    @property
    def has_money(self) -> bool:
        """Whether any of its amounts is known."""
        return self.annual_budget is not None or self.executed is not None

    @property
    def place(self) -> tuple[bool, Decimal, str]:
        """What departments are sorted by: the best score first, none last; equals by name."""
        return self.accepted_score is None, -(self.accepted_score or ZERO), self.department


def rank_department(dossier: Dossier, scheme: Scheme, *, by_projects: bool = True) -> RankedDepartment:
    """The ranked of one department; `by_projects`: its projects' score may stand for it."""
    overall = dossier.overall
    scored = overall is not None or by_projects
    accepted = _department_score(dossier, scheme, _accepted) if scored else None
    budget, executed = department_funds(dossier)
    return RankedDepartment(
        department=dossier.department,
        self_score=_self_score(dossier, scheme),
        computed_score=_department_score(dossier, scheme, partial(computed_total, scheme=scheme)),
        accepted_score=accepted,
        grade="" if accepted is None else scheme.grade_of(accepted),
        verified_share=_verified_share(dossier, scheme),
        overall_score=overall.total.accepted_score if overall else None,
        annual_budget=budget,
        executed=executed,
        remark=say("；").join(_remarks(dossier, scheme, ranked=scored)),
        unplaced=_unplaced(dossier, ranked=scored) if accepted is None else None,
    )


_FEW = 2
"""So many forms are named."""


def _unplaced(dossier: Dossier, *, ranked: bool) -> Unplaced:
    """Why a department has no accepted score."""
    if not dossier.submissions:
        return Unplaced(say("未报送"), say("没有收到自评表，不排名"))
    if dossier.unevaluated:
        return Unplaced(say("未审核"), say("审核时程序出错，不排名"))
    if not dossier.cards:
        return Unplaced(say("无评分表"), say("报送的表都不计分，不排名"))
    if not ranked:
        return Unplaced(say("不排名"), say("其他部门按整体自评表排名，只有项目自评表的不参加"))
    return Unplaced(say("无得分"), _missing_score(dossier))


def _missing_score(dossier: Dossier) -> str:
    open_ = [card for card in dossier.cards if card.total.accepted_score is None]
    names = say("、").join(f"“{_called(card)}”" for card in open_[:_FEW])
    if len(open_) > _FEW:
        return say("{names}等 {count} 张表没有采用得分，不排名", names=names, count=len(open_))
    if open_:
        return say("{names}没有采用得分，不排名", names=names)
    return say("加权所需的资金不全，不排名")


def _called(card: ScoreCard) -> str:
    return card.submission.project or say("部门整体")


def department_funds(dossier: Dossier) -> tuple[Decimal | None, Decimal | None]:
    """Annual budget and executed amount: the overall form's, without one what the projects state together."""
    if dossier.overall:
        return funds(dossier.overall)
    money = [funds(card) for card in dossier.projects]
    return sum_known(budget for budget, _ in money), sum_known(executed for _, executed in money)


def _remarks(dossier: Dossier, scheme: Scheme, *, ranked: bool) -> Iterator[str]:
    if dossier.overall:
        if remark := total_remark(dossier.overall, scheme):
            yield say("部门整体：{remark}", remark=remark)
        return
    if not dossier.projects:
        return
    yield say("只有项目自评表")
    unknown = sum(None in funds(card) for card in dossier.projects)
    if unknown:
        yield say("{unknown} 个项目的预算数或执行数不掌握", unknown=unknown)
    if not ranked:
        yield say("不参加排名")


_accepted: Pick = attrgetter("total.accepted_score")


def _self_score(dossier: Dossier, scheme: Scheme) -> Decimal | None:
    """The department's score as printed: its own composite, or the total of the form that stands for it."""
    if dossier.composite is None:
        return sound_total(dossier.overall, scheme) if dossier.overall else None
    form, _, table = scheme.composite.table.partition(":") if scheme.composite else ("", "", "")
    lines = (each.line(table, TOTAL) for each in dossier.current(form))
    return next((line.value(_PRINTED) for line in lines if line), None)


def _department_score(dossier: Dossier, scheme: Scheme, pick: Pick) -> Decimal | None:
    """One kind of score by the composite's shares; without a composite the overall form's own.

    Where one of the forms has no accepted score, the department has none and is not ranked: the overall form
    alone would put it before departments whose every form counts.

    The composite is formed from accepted scores. Where the forms found by name do not give it back (two
    projects of one name), another kind of score is known only if it equals the accepted one on every form.
    """
    composite, overall = dossier.composite, dossier.overall
    if composite is None:
        return pick(overall) if overall else _project_score(dossier, scheme, pick)
    if composite.score is None:
        return None
    if all(pick(card) == _accepted(card) for card in dossier.cards):
        return composite.score
    if _weighted(dossier, scheme, _accepted) != composite.score:
        return None
    return _weighted(dossier, scheme, pick)


def _project_score(dossier: Dossier, scheme: Scheme, pick: Pick) -> Decimal | None:
    """The projects' scores weighted by what the scheme's composite takes for their funds.

    None where the scheme forms no composite, or where a score or an amount is not known.
    """
    rule, weighed = scheme.composite, _weighed_projects(dossier, scheme)
    scores = [(weight, pick(card)) for weight, card in weighed]
    known = [(weight, score) for weight, score in scores if score is not None]
    whole = sum((weight for weight, _ in known), ZERO)
    if rule is None or not whole or len(known) < len(dossier.projects):
        return None
    points = sum((weight * score for weight, score in known), ZERO)
    return round_half_up(points / whole, rule.score_places)


def _weighed_projects(dossier: Dossier, scheme: Scheme) -> list[tuple[Decimal, ScoreCard]]:
    """The projects whose funds are known, with these."""
    if scheme.composite is None:
        return []
    address = scheme.composite.project_funds
    found = ((address.value(card.submission), card) for card in dossier.projects)
    return [(amount, card) for amount, card in found if amount is not None and amount >= 0]


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


def _verified_share(dossier: Dossier, scheme: Scheme) -> Decimal | None:
    """The forms' verified shares weighted by their money; without a composite the overall form's."""
    if dossier.composite is None and dossier.overall:
        return dossier.overall.total.verified_share
    weighed: list[tuple[Decimal, ScoreCard | None]] = [
        (item.share_percent, card) for item, card in _scored_items(dossier)
    ]
    weighed += [] if dossier.composite else _weighed_projects(dossier, scheme)
    known = [
        (weight, card.total.verified_share)
        for weight, card in weighed
        if card is not None and card.total.verified_share is not None
    ]
    whole = sum((weight for weight, _ in known), ZERO)
    if not whole:
        return None
    return round_half_up(sum((weight * share for weight, share in known), ZERO) / whole, _SHARE_PLACES)


def _items(dossier: Dossier) -> Sequence[CompositeItem]:
    return dossier.composite.items if dossier.composite else ()


def _scored_items(dossier: Dossier) -> list[tuple[CompositeItem, ScoreCard | None]]:
    projects = {card.submission.project: card for card in dossier.projects}
    return [
        (item, dossier.overall if item.kind == "overall" else projects.get(item.item))
        for item in _items(dossier)
        if item.kind in {"overall", "project"}
    ]


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
    return say("；").join(f"{loss.name} −{show(loss.points)}" for loss in losses[:_SHOWN])


def card_losses(card: ScoreCard) -> Iterator[Loss]:
    """Every loss on one form, in the form's order; what is not known is no loss."""
    if card.execution:
        line = card.execution.line
        yield from _loss(EXECUTION, line.value("weight"), line.value("self_score"), card.execution.award)
    for stake in card.all_stakes:
        yield from _loss(stake.name, stake.weight, stake.self_score, stake.award)


def _loss(name: str, weight: Decimal | None, self_score: Decimal | None, award: Award) -> Iterator[Loss]:
    accepted = award.accepted(self_score)
    if weight is not None and accepted is not None and accepted < weight:
        yield Loss(name, weight - accepted)
