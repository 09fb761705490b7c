"""Worth a look beside the forms of the year before: the same figures again, targets left far below again.

What the department sent last year is as the ledger keeps it; without a ledger there is nothing to compare.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.audit.subject import report
from jixiao.domain.amounts import ZERO
from jixiao.domain.findings import Hint, declare
from jixiao.domain.quantities import ActualKind, Verdict
from jixiao.domain.spoken import quote, spoken_name
from jixiao.domain.text_keys import compact_name, normalise
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.followups import FiledForm
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import IndicatorScore, ScoreCard
    from jixiao.domain.submissions import Entry, Submission

SAME_AGAIN = declare("Q111", "label", "count", "examples")
LOW_AGAIN = declare("Q112", "label", "reported", "expected", "count", "examples")

_EXAMPLES: Final = 3
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def find_recurrences(
    cards: Sequence[ScoreCard], earlier: Sequence[FiledForm], scheme: Scheme
) -> Iterator[Hint]:
    """What each form has in common with that of the same kind and project of the year before."""
    filed = {(each.form, compact_name(each.project)): each for each in earlier}
    for card in cards:
        form = card.submission
        last = filed.get((form.form, compact_name(form.project)))
        if last:
            yield from _same_again(form, last, scheme)
            yield from _low_again(card, last, scheme)


class _Pair(NamedTuple):
    label: str
    entry: Entry
    is_same: bool


def _same_again(form: Submission, last: FiledForm, scheme: Scheme) -> Iterator[Hint]:
    """Q111: every amount executed and every figure reached is that of the year before."""
    pairs = [*_amounts(form, last), *_reached(form, last)]
    if len(pairs) < scheme.signals.items or not all(pair.is_same for pair in pairs):
        return
    finding = report(
        form,
        SAME_AGAIN,
        pairs[0].entry.ref,
        pairs[0].label,
        evidence=[pair.entry for pair in pairs],
        count=str(len(pairs)),
        examples=say("、").join(f"{pair.label} {quote(pair.entry.text)}" for pair in pairs[:_EXAMPLES]),
    )
    yield Hint(finding, min(100, 60 + 4 * len(pairs)))


def _amounts(form: Submission, last: FiledForm) -> Iterator[_Pair]:
    for line in form.lines:
        entry, before = line.entries.get("executed"), last.figures.get(f"{line.table}.{line.item}.executed")
        if entry and before and (entry.value or Decimal(before[0])):
            yield _Pair(spoken_name(line.label), entry, entry.value == Decimal(before[0]))


def _reached(form: Submission, last: FiledForm) -> Iterator[_Pair]:
    """Figures but percentages: 100% is reached every year."""
    for each in form.indicators:
        entry, before = each.entries.get("actual"), last.indicators.get(each.name, {}).get("actual", "")
        quantity = each.actual.quantity
        counted = each.actual.kind is ActualKind.FIGURE and quantity is not None and quantity.dimension != "%"
        if entry and before and counted:
            yield _Pair(each.name, entry, normalise(entry.text) == normalise(before))


def _low_again(card: ScoreCard, last: FiledForm, scheme: Scheme) -> Iterator[Hint]:
    """Q112: targets that are what they were, far below what was reached both times."""
    found = [
        (scored, before)
        for scored in card.indicators
        if (before := last.indicators.get(scored.indicator.name))
        and scored.comparison.verdict is Verdict.EXCEEDED
        and normalise(before.get("target", "")) == normalise(scored.indicator.target.text)
        and _attained(scored, before.get("actual", "")) >= scheme.exceeded_from
    ]
    if not found:
        return
    first = found[0][0].indicator
    cells = [each.indicator.entries["actual"] for each, _ in found if "actual" in each.indicator.entries]
    finding = report(
        card.submission,
        LOW_AGAIN,
        cells[0].ref if cells else first.ref,
        first.name,
        evidence=cells,
        reported=first.actual.text,
        expected=first.target.text,
        count=str(len(found)),
        examples=say("、").join(
            say(
                "{name} 目标 {text}，上年 {before}，本年 {text2}",
                name=each.indicator.name,
                text=quote(each.indicator.target.text),
                before=quote(before["actual"]),
                text2=quote(each.indicator.actual.text),
            )
            for each, before in found[:_EXAMPLES]
        ),
    )
    yield Hint(finding, min(100, 50 + 10 * len(found)))


def _attained(scored: IndicatorScore, before: str) -> Decimal:
    """How much of the target was reached last year, in the same words around the figure; 0 if unknown."""
    now, then = normalise(scored.indicator.actual.text), normalise(before)
    figures = [_NUMBER.findall(each.replace(",", "")) for each in (now, then)]
    words = [_NUMBER.sub("", each.replace(",", "")) for each in (now, then)]
    attainment = scored.comparison.attainment
    if attainment is None or words[0] != words[1] or any(len(each) != 1 for each in figures):
        return ZERO
    this, last = (Decimal(each[0]) for each in figures)
    return attainment * last / this if this else ZERO
