"""The score card of one submission: execution, every first-level indicator, the total and its grade."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.domain.amounts import HUNDRED, ZERO, percentage, plain, round_half_up, show
from jixiao.domain.scores import Award, ComponentScore, ExecutionScore, ScoreCard, Stake
from jixiao.language import say
from jixiao.scoring.criteria import score_rows
from jixiao.scoring.indicators import score_indicator
from jixiao.scoring.methods import clip, coarser, equals, round_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.amounts import Rounding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import ExecutionRule, Scheme
    from jixiao.domain.scores import IndicatorScore
    from jixiao.domain.submissions import Line, Submission

_BRACKETS = re.compile(r"[(（][^)）]{0,99}+[)）]|\s")
_LONGEST = 8
"""Characters of a grade with what may stand around it: 等级为“优秀”."""
_SENTENCE = 200
"""Characters, whatever is in brackets, of what is a sentence and no grade."""


def grade_of(score: Decimal | None, scheme: Scheme) -> str:
    """The grade of a score as printed (to the scheme's decimals); "" where there is no score."""
    return "" if score is None else scheme.grade_of(round_half_up(score, scheme.score_places))


def printed_grade(submission: Submission, scheme: Scheme) -> str:
    """The grade that the form's `grade` field names, 良好 read as 良; "" where it names none or several.

    A row of tick boxes (优□ 良☑ 中□ 差□) names them all: which one is ticked is not read, so nothing is. Nor
    is a sentence (项目实施情况良好，……): a grade is a word or two.
    """
    entry = submission.fields.get("grade")
    text = entry.text if entry else ""
    if len(text) > _SENTENCE or len(_BRACKETS.sub("", text).strip()) > _LONGEST:
        return ""
    named = {cut.grade for cut in scheme.grades if any(word in text for word in (cut.grade, *cut.synonyms))}
    return named.pop() if len(named) == 1 else ""


def is_expected(layout: FormLayout) -> bool:
    """Whether the form has a place for an execution score: a budget table with a weight column."""
    return any(column.name == "weight" for table in layout.tables if table.budget for column in table.columns)


def score_execution(submission: Submission, scheme: Scheme) -> ExecutionScore | None:
    """The execution part of a form; None where no budget line carries a weight or a score.

    The rate is 全年执行数 ÷ 全年预算数 (年初预算数 is never the base, see `FormLayout.budget_column`); it is
    undefined where a figure is not known or the budget is not above 0.
    """
    line = scored_line(submission, scheme.form(submission.form))
    if line is None:
        return None
    base = scheme.form(submission.form).budget_column(line)
    rate = percentage(line.value("executed"), line.value(base), scheme.execution.rate_places)
    return ExecutionScore(line, rate, _award(line, rate, scheme.execution, base))


def scored_line(submission: Submission, layout: FormLayout) -> Line | None:
    """The budget line that carries the weight, else the one that carries a score.

    The first of several: a weight cell merged over the lines below it shows in each of them.
    """
    lines = [line for line in submission.lines if line.table in layout.budget_tables]
    carriers = (
        line for column in ("weight", "self_score") for line in lines if line.value(column) is not None
    )
    return next(carriers, None)


def _award(line: Line, rate: Decimal | None, rule: ExecutionRule, base: str) -> Award:
    """Weight × rate, at most the weight; the unrounded quotient stands as well where the rule accepts it."""
    weight, annual, executed = (line.value(column) for column in ("weight", base, "executed"))
    if weight is None or annual is None or executed is None:
        return Award(rule.id, say("分值、全年预算数或全年执行数不明，无法核算"), places=rule.score_places)
    if rate is None:
        return Award(rule.id, say("全年预算数不大于 0，执行率无意义，由人工判定"), places=rule.score_places)
    by_rate = clip(weight * rate / HUNDRED, weight)
    by_quotient = clip(weight * executed / annual, weight)
    score, exact = (round_score(each, rule.score_places, rule.rounding) for each in (by_rate, by_quotient))
    accepted = (by_rate, by_quotient) if rule.exact_accepted else (by_rate,)
    entry = line.entries.get("self_score")
    alternatives = coarser(accepted, weight, entry.step if entry else None, rule.score_places, rule.rounding)
    derivation = _derive(weight, executed, annual, rate, rule.rounding) + show(score)
    if rule.exact_accepted and exact != score:
        alternatives = (exact, *alternatives)
        derivation += say("（执行率不取整则为 {exact}，同样认可）", exact=show(exact))
    return Award(rule.id, derivation, score, alternatives=alternatives, places=rule.score_places)


def _derive(weight: Decimal, executed: Decimal, annual: Decimal, rate: Decimal, rounding: Rounding) -> str:
    """How the score comes about, up to the score itself."""
    quotient = say(
        "执行率 {executed} ÷ {annual} = {rate}%",
        executed=show(executed),
        annual=show(annual),
        rate=show(rate),
    )
    product = f"{plain(weight)} × {show(rate)}%"
    if rate > HUNDRED:
        return say("{quotient}，{product} 超过分值，按满分 ", quotient=quotient, product=product)
    if rate < 0:
        return say("{quotient}，{product} 不足 0，得 ", quotient=quotient, product=product)
    return say(
        "{quotient}，{product}{rounding}", quotient=quotient, product=product, rounding=equals(rounding)
    )


EXECUTION: Final = "execution"
TOTAL: Final = "total"
_UNGROUPED: Final = say("未归类指标")
_SHARED: Final = say("几项指标合用一个分值，由人工判定")
_TAKEN: Final = say("另扣的分，由人工判定")
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
    components = tuple(_component(name, items) for name, items in parts.items())
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


class _Part(NamedTuple):
    """What carries points: an indicator, the execution, or (all None) an execution that the form lacks.

    `weight` is what it counts for (0 for points on top of the whole, or taken from it: no part of the points
    that the scheme distributes), `decided` that of it which the rules could decide. `computed` is what the
    rule gives, else the self score; `accepted` what the finance department goes on with.
    """

    weight: Decimal | None = None
    self_score: Decimal | None = None
    decided: Decimal | None = None
    computed: Decimal | None = None
    accepted: Decimal | None = None

    @classmethod
    def of(
        cls,
        weight: Decimal | None,
        self_score: Decimal | None,
        award: Award,
        places: int,
        *,
        is_extra: bool = False,
    ) -> _Part:
        """The part with its points to the scheme's decimals."""

        def settle(points: Decimal | None) -> Decimal | None:
            """Points within 0 and the weight: a formula leaves more decimals in a cell."""
            if points is None:
                return None
            if weight is not None and not (is_extra and points < 0):
                points = clip(points, weight)
            return round_half_up(points, places)

        counted = ZERO if is_extra else weight
        decided = counted if weight is None or award.decided else ZERO
        computed = settle(self_score if award.score is None else award.score)
        return cls(counted, self_score, decided, computed, settle(award.accepted(self_score)))


def _parts(
    submission: Submission,
    execution: ExecutionScore | None,
    stakes: Sequence[Stake],
    scheme: Scheme,
) -> dict[str, list[_Part]]:
    """The parts of every component, in printed order."""
    parts: dict[str, list[_Part]] = {}
    places = scheme.score_places
    if execution:
        line = execution.line
        points = line.value("weight"), line.value("self_score")
        parts[EXECUTION] = [_Part.of(*points, execution.award, places)]
    elif is_expected(scheme.form(submission.form)):
        parts[EXECUTION] = [_Part()]
    for stake in stakes:
        extra = any(each.indicator.is_extra(scheme.lexicon.extras) for each in stake.scored)
        part = _Part.of(stake.weight, stake.self_score, stake.award, places, is_extra=extra)
        parts.setdefault(stake.level1 or _UNGROUPED, []).append(part)
    return parts


def _component(name: str, parts: Sequence[_Part]) -> ComponentScore:
    columns = zip(*parts, strict=True) if parts else [()] * 5
    weight, self_score, decided, computed, accepted = map(_sum, columns)
    return ComponentScore(
        component=name,
        weight=weight,
        self_score=self_score,
        computed_score=computed,
        accepted_score=accepted,
        verified_share=round_half_up(decided * HUNDRED / weight, _SHARE_PLACES)
        if decided is not None and weight
        else None,
    )


def _total(submission: Submission, parts: dict[str, list[_Part]], scheme: Scheme) -> ComponentScore:
    total = _component(TOTAL, [part for items in parts.values() for part in items])
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
    total: Decimal | None = None
    for figure in figures:
        if figure is None:
            return None
        total = figure if total is None else total + figure
    return total
