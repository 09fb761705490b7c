"""Totals, rates and means as live formulas with their value now; a form's total as it may be spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.words import EXECUTION
from jixiao.domain.amounts import HUNDRED, ZERO, exact_sum, show
from jixiao.domain.report import ColumnSpec, Formula, Kind, Tone, Toned
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard


def rate_column(title: str, scheme: Scheme) -> ColumnSpec:
    """A column of execution rates: with bars, and marked below the scheme's threshold where it has one."""
    low = scheme.execution.reason_below
    return ColumnSpec(title, Kind.RATE, bar=True, low=None if low is None else low / HUNDRED)


def funds(card: ScoreCard | None) -> tuple[Decimal | None, Decimal | None]:
    """Annual budget and executed amount of a form, 万元."""
    line = card.execution.line if card and card.execution else None
    return (line.value("annual_budget"), line.value("executed")) if line else (None, None)


def quotient(executed: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """The execution rate as a fraction, unrounded; None where it is not defined or known."""
    return executed / budget if executed is not None and budget is not None and budget > 0 else None


def rate(
    executed: Decimal | None,
    budget: Decimal | None,
    columns: tuple[str, str] = ("全年执行数", "全年预算数"),
) -> Content:
    """The execution rate as a live formula over the row's two amount columns."""
    value, (above, below) = quotient(executed, budget), columns
    return None if value is None else Formula(f'IF([{below}]>0,[{above}]/[{below}],"")', value)


Money = tuple["Decimal | None", "Decimal | None"]
"""Annual budget and executed amount."""


def pooled(money: Iterable[Money]) -> Decimal | None:
    """The rate of all money together, of those alone that have both amounts and a budget above 0."""
    known = [pair for pair in money if quotient(pair[1], pair[0]) is not None]
    return quotient(sum_known(executed for _, executed in known), sum_known(budget for budget, _ in known))


def pooled_rate(money: Sequence[Money]) -> Content:
    """The same below the two amount columns: of complete rows it follows the filter."""
    value = pooled(money)
    if value is None:
        return None
    if all(quotient(executed, budget) is not None for budget, executed in money):
        return rate(sum_known(each for _, each in money), sum_known(each for each, _ in money))
    both = 'SUMIFS([全年执行数:],[全年预算数:],">0")/SUMIFS([全年预算数:],[全年执行数:],"<>")'
    return Formula(both, value)


def balance(
    executed: Decimal | None,
    budget: Decimal | None,
    columns: tuple[str, str] = ("全年执行数", "全年预算数"),
) -> Content:
    """What is left of the budget as a live formula over the row's two amount columns."""
    if executed is None or budget is None:
        return None
    return Formula(f"[{columns[1]}]-[{columns[0]}]", budget - executed)


def sum_known(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return exact_sum(known) if known else None


def subtotal(title: str, value: Decimal | int | None) -> Content:
    """A column's total that follows the filter."""
    return None if value is None else Formula(f"SUBTOTAL(109,[{title}:])", value)


def mean(values: Sequence[Decimal | None]) -> Decimal | None:
    """The plain mean of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, ZERO) / len(known) if known else None


def live_mean(title: str, values: Sequence[Decimal | None]) -> Content:
    """A column's plain mean that follows the filter."""
    value = mean(values)
    return None if value is None else Formula(f'IFERROR(SUBTOTAL(101,[{title}:]),"")', value)


_NAMED = 2
"""So many scores above their weight are named."""


def reported_total(card: ScoreCard) -> Decimal | None:
    """The total that the form prints; a sum that nobody wrote down is computed, never self-reported."""
    form = card.submission
    printed = form.total.get("self_score") or form.fields.get("total_score")
    return printed.value if printed else None


def is_comparable(card: ScoreCard, scheme: Scheme) -> bool:
    """Whether the form scores out of as many points as the scheme's other forms of its kind."""
    return card.total.weight is None or card.total.weight in _permitted(card, scheme)


def sound_total(card: ScoreCard, scheme: Scheme) -> Decimal | None:
    """The printed total where it may go into an average.

    Its base is the usual one, and neither it nor a score in it exceeds its weight.
    """
    reported, base = reported_total(card), card.total.weight
    above = reported is not None and base is not None and reported > base
    return None if above or any(_exceeding(card)) or not is_comparable(card, scheme) else reported


def computed_total(card: ScoreCard, scheme: Scheme) -> Decimal | None:
    """What the rules give, where it may go into an average."""
    return card.total.computed_score if is_comparable(card, scheme) else None


def total_contents(card: ScoreCard, scheme: Scheme) -> tuple[Content, Content]:
    """The printed and the computed total; one out of line stands as a word, which no average counts."""
    return (
        _content(reported_total(card), sound_total(card, scheme)),
        _content(card.total.computed_score, computed_total(card, scheme)),
    )


def _content(score: Decimal | None, sound: Decimal | None) -> Content:
    return Toned(show(score), Tone.DOUBT) if score is not None and sound is None else score


def base_content(card: ScoreCard, scheme: Scheme) -> Content:
    """Out of how many points the form scores, marked where the scheme has it otherwise."""
    base = card.total.weight
    return _content(base, base if is_comparable(card, scheme) else None)


def total_remark(card: ScoreCard, scheme: Scheme) -> str:
    """What a reader has to know of the total: another base, scores above their weight, no printed total."""
    return say("；").join(_remarks(card, scheme))


def _remarks(card: ScoreCard, scheme: Scheme) -> Iterator[str]:
    base, reported = card.total.weight, reported_total(card)
    if base is not None and not is_comparable(card, scheme):
        usual = say("或").join(show(each) for each in sorted(_permitted(card, scheme)))
        said = say(
            "各项分值合计 {base} 分，不是 {usual} 分{card}",
            base=show(base),
            usual=usual,
            card=_printed_base(card, base),
        )
        yield say("{said}，得分未折算，不计入平均", said=said)
    if reported is not None and base is not None and reported > base:
        yield say("自评总分 {reported} 高于满分 {base}，不计入平均", reported=show(reported), base=show(base))
    if exceeding := list(_exceeding(card)):
        names = say("、").join(say("“{name}”", name=name) for name in exceeding[:_NAMED])
        more = say("等 {count} 项", count=len(exceeding)) if len(exceeding) > _NAMED else ""
        yield say("{names}{more}得分高于分值，自评总分不计入平均", names=names, more=more)
    if reported is None and card.total.computed_score is not None:
        yield say("表上没有总分，核算得分由各项相加")


def _printed_base(card: ScoreCard, base: Decimal) -> str:
    entry = card.submission.total.get("weight")
    if entry is None or entry.value is None or entry.value == base:
        return ""
    return say("（总分行印为 {value} 分）", value=show(entry.value))


def _permitted(card: ScoreCard, scheme: Scheme) -> frozenset[Decimal]:
    """The totals that the scheme allows for such a form; 100 where it says nothing."""
    allowed = frozenset(each.total for each in scheme.weights if each.scope is card.submission.scope)
    return allowed or frozenset({HUNDRED})


def _exceeding(card: ScoreCard) -> Iterator[str]:
    """What was given more points than its weight, by name."""
    if card.execution:
        line = card.execution.line
        if _above(line.value("self_score"), line.value("weight")):
            yield EXECUTION
    for stake in card.all_stakes:
        if _above(stake.self_score, stake.weight):
            yield stake.name


def _above(score: Decimal | None, weight: Decimal | None) -> bool:
    return score is not None and weight is not None and score > weight
