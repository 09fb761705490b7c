"""A form's total as it may be spoken of: what the department printed, and out of how many points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.words import EXECUTION
from jixiao.domain.amounts import HUNDRED, show
from jixiao.domain.report import Tone, Toned
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard

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
