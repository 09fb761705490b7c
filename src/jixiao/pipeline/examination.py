"""One department's forms, scored, composed and audited: as they came, or with corrections put into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_card, audit_department
from jixiao.domain.corrections import put_figures
from jixiao.domain.forms import Scope
from jixiao.schemas.entries import validate_entries
from jixiao.scoring.cards import score
from jixiao.scoring.composite import compose
from jixiao.scoring.measures import measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Submission
    from jixiao.domain.measures import MeasuredValue
    from jixiao.domain.rounds import Round
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Composite, ScoreCard


@dataclass(frozen=True, slots=True)
class Examination:
    """What the rules make of one department's forms, and what the checks say of them."""

    cards: tuple[ScoreCard, ...]
    composite: Composite | None
    measures: tuple[MeasuredValue, ...]
    findings: tuple[Finding, ...]


def examine(
    submissions: Sequence[Submission], scheme: Scheme, held: frozenset[CellRef] = frozenset()
) -> Examination:
    """Score, compose and audit the forms of one department; `held` are cells that are not in doubt."""
    own = [each for each in submissions if each.scope is not Scope.SUPPORT]
    cards = tuple(score(each, scheme, submissions) for each in own)
    if not cards:
        return Examination((), None, (), ())
    department = submissions[0].department
    composite = compose(department, cards, scheme)
    measured = tuple(measure(department, own, scheme))
    findings: list[Finding] = []
    for card in cards:
        findings += audit_card(card, scheme, scheme.form(card.submission.form), held)
    findings += audit_department(cards, scheme, composite, measured)
    return Examination(cards, composite, measured, tuple(findings))


def examine_corrected(
    submissions: Sequence[Submission], round_: Round, figures: Mapping[CellRef, str]
) -> tuple[Finding, ...]:
    """What there is to say about a department's forms once some of their cells hold other figures."""
    corrected = [put_figures(each, figures) for each in submissions]
    entered = validate_entries(corrected, round_.year, round_.scheme)
    return (*entered, *examine(corrected, round_.scheme, frozenset(figures)).findings)
