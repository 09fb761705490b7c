"""The score card of one submission: execution, every first-level indicator, and the total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up
from jixiao.domain.scores import Award, ComponentScore, ScoreCard, Stake
from jixiao.scoring.criteria import score_rows
from jixiao.scoring.execution import is_expected, score_execution
from jixiao.scoring.grades import grade_of, printed_grade
from jixiao.scoring.indicators import score_indicator
from jixiao.scoring.precision import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ExecutionScore, IndicatorScore
    from jixiao.domain.submissions import Submission

EXECUTION: Final = "execution"
TOTAL: Final = "total"
_UNGROUPED: Final = "未归类指标"
_SHARED: Final = "几项指标合用一个分值，由人工判定"
_TAKEN: Final = "另扣的分，由人工判定"
_SHARE_PLACES = 2


def score(submission: Submission, scheme: Scheme, siblings: Iterable[Submission] = ()) -> ScoreCard:
    """All scores of one submission; `siblings` are all forms of its department, whose figures standards use.

    The computed score of a total adds what the rules give and, where they give none, the self score; what is
    neither leaves the total not known. The self total is the printed 总分 or 综合得分, else the sum of the
    self scores. A total out of other than the scheme's points (weights adding to 110) is no score to go on
    with: its accepted score is not known, nor has it a grade.
    """
    execution = score_execution(submission, scheme)
    indicators = tuple(_score_indicators(submission, scheme, tuple(siblings)))
    stakes = Stake.of(each for each in indicators if not each.indicator.detail)
    parts = _parts(submission, execution, stakes, scheme)
    components = tuple(_component(name, items, scheme.score_places) for name, items in parts.items())
    total = _total(submission, parts, scheme)
    return ScoreCard(
        submission=submission,
        components=(*components, total),
        indicators=indicators,
        execution=execution,
        self_grade=printed_grade(submission, scheme) or grade_of(total.self_score, scheme),
        computed_grade=grade_of(
            total.computed_score if _is_whole(total, submission, scheme) else None, scheme
        ),
    )


def _score_indicators(
    submission: Submission, scheme: Scheme, siblings: Sequence[Submission]
) -> Iterator[IndicatorScore]:
    """Each indicator by its target or, where the form has none, by the scheme's standard for it."""
    by_target = scheme.form(submission.form).compares_targets
    for rows in submission.bundles:
        if not by_target:
            yield from score_rows(rows, scheme, siblings)
        elif rows[0].is_extra(scheme.lexicon.deductions):
            taken = Award("", _TAKEN, places=scheme.score_places)
            yield from (replace(score_indicator(row, scheme), award=taken) for row in rows)
        elif len(rows) == 1:
            yield score_indicator(rows[0], scheme)
        else:
            award = Award("", _SHARED, places=scheme.score_places)
            yield from (replace(score_indicator(row, scheme), award=award) for row in rows)


@dataclass(frozen=True, slots=True)
class _Part:
    """What carries points: an indicator, the execution, or (all None) an execution that the form lacks."""

    weight: Decimal | None = None
    self_score: Decimal | None = None
    award: Award | None = None
    is_extra: bool = False
    """Given on top of the whole, or taken from it: no part of the points that the scheme distributes."""

    def decided_weight(self) -> Decimal | None:
        """The weight that the rules could decide; None where the weight is not known."""
        if self.is_extra:
            return ZERO
        return self.weight if self.weight is None or (self.award and self.award.decided) else ZERO

    def computed(self, places: int) -> Decimal | None:
        """What the rule gives, else the self score."""
        ruled = self.award.score if self.award else None
        return self._settle(self.self_score if ruled is None else ruled, places)

    def accepted(self, places: int) -> Decimal | None:
        """What the finance department goes on with."""
        return self._settle(self.award.accepted(self.self_score) if self.award else self.self_score, places)

    def _settle(self, points: Decimal | None, places: int) -> Decimal | None:
        """Points within 0 and the weight, to the scheme's decimals: a formula leaves more in a cell."""
        if points is None:
            return None
        taken = self.is_extra and points < 0
        return round_half_up(points if self.weight is None or taken else clip(points, self.weight), places)


def _parts(
    submission: Submission,
    execution: ExecutionScore | None,
    stakes: Sequence[Stake],
    scheme: Scheme,
) -> dict[str, list[_Part]]:
    """The parts of every component, in printed order."""
    parts: dict[str, list[_Part]] = {}
    if execution:
        line = execution.line
        parts[EXECUTION] = [_Part(line.value("weight"), line.value("self_score"), execution.award)]
    elif is_expected(scheme.form(submission.form)):
        parts[EXECUTION] = [_Part()]
    for stake in stakes:
        extra = any(each.indicator.is_extra(scheme.lexicon.extras) for each in stake.scored)
        part = _Part(stake.weight, stake.self_score, stake.award, extra)
        parts.setdefault(stake.level1 or _UNGROUPED, []).append(part)
    return parts


def _component(name: str, parts: Sequence[_Part], places: int) -> ComponentScore:
    weight = _sum(ZERO if part.is_extra else part.weight for part in parts)
    decided = _sum(part.decided_weight() for part in parts)
    return ComponentScore(
        component=name,
        weight=weight,
        self_score=_sum(part.self_score for part in parts),
        computed_score=_sum(part.computed(places) for part in parts),
        accepted_score=_sum(part.accepted(places) for part in parts),
        verified_share=round_half_up(decided * HUNDRED / weight, _SHARE_PLACES)
        if decided is not None and weight
        else None,
    )


def _total(submission: Submission, parts: dict[str, list[_Part]], scheme: Scheme) -> ComponentScore:
    total = _component(TOTAL, [part for items in parts.values() for part in items], scheme.score_places)
    if not _is_whole(total, submission, scheme):
        total = replace(total, accepted_score=None)
    printed = submission.total.get("self_score") or submission.fields.get("total_score")
    if printed is None or printed.value is None:
        return total
    return replace(total, self_score=printed.value)


def _is_whole(total: ComponentScore, submission: Submission, scheme: Scheme) -> bool:
    """Whether a total is out of the points that the scheme gives such a form."""
    permitted = {each.total for each in scheme.weights if each.scope is submission.scope}
    return not permitted or total.weight is None or total.weight in permitted


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None where a figure is not known or there is none at all."""
    known: list[Decimal] = []
    for figure in figures:
        if figure is None:
            return None
        known.append(figure)
    return sum(known[1:], known[0]) if known else None
