"""Worth a look: what is no mistake, and yet what an auditor would look at first when choosing forms.

Nothing here is held against a department or told to it: it goes to the finance department alone, a few for
each department. Each check is silent unless there are figures enough to say so.

What the department sent last year is as the ledger keeps it; without a ledger there is nothing to compare.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.audit.subject import report
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up, show
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.findings import Hint, declare
from jixiao.domain.forms import Scope, TableKind, ValueKind
from jixiao.domain.quantities import ActualKind, Verdict
from jixiao.domain.spoken import quote, spoken_name
from jixiao.domain.text_keys import compact_name, normalise
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.followups import FiledForm
    from jixiao.domain.forms import ComparisonLayout, FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import IndicatorScore, ScoreCard, Stake
    from jixiao.domain.submissions import Entry, Submission

SAME_AGAIN = declare("Q111", "label", "count", "examples")
LOW_AGAIN = declare("Q112", "label", "reported", "expected", "count", "examples")

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


ALL_FULL = declare("Q104", "label", "reported", "count", "rows", "found")
ONE_FREE = declare("Q105", "label", "reported", "total", "executed")
ROUND_FIGURES = declare("Q107", "label", "count", "found", "size", "examples")
LAST_DIGITS = declare("Q108", "label", "count", "found", "kind", "limit")
TYPED_OVER = declare("Q110", "label", "reported", "count", "found", "examples")
AS_LAST_YEAR = declare("Q109", "label", "count", "examples")

_EXAMPLES: Final = 3
_ROUND: Final = 10
"""万元: what was spent is hardly ever a multiple of it."""
_ABSURD = Decimal("1E+15")
"""万元 that nobody has spent: of so large a figure the last digits are none."""
_LIMIT: Final = Decimal("27.88")
"""χ² of nine degrees of freedom that one department in a thousand exceeds by chance (Pearson 1900)."""
_DIGITS: Final = 10
_CENTS: Final = 100


def find_signals(
    cards: Sequence[ScoreCard],
    forms: Sequence[Submission],
    scheme: Scheme,
    computed: Callable[[FormLayout], Iterable[str]] = lambda _: (),
) -> Iterator[Hint]:
    """What is worth a look on one department's forms, superseded ones left out, in no particular order.

    `computed` are the addresses of a blank form's cells that compute themselves.
    """
    yield from _all_full(cards, scheme)
    yield from chain.from_iterable(_back_solved(card, scheme) for card in cards)
    yield from _round_figures(forms, scheme)
    yield from _last_digits(forms, scheme)
    yield from chain.from_iterable(_as_last_year(form, scheme) for form in forms)
    made = [form for form in forms if form.formulas]
    yield from chain.from_iterable(_typed_over(form, computed(scheme.form(form.form))) for form in made)


def money_of(forms: Iterable[Submission], scheme: Scheme) -> Decimal | None:
    """What was spent by these forms together, 万元; None where none of them says."""
    return _sum(filter(None, (_executed(form, scheme) for form in forms)))


def _sum(amounts: Iterable[Decimal]) -> Decimal | None:
    known = list(amounts)
    return sum(known[1:], known[0]) if known else None


def _executed(form: Submission, scheme: Scheme) -> Decimal | None:
    budgets = scheme.form(form.form).budget_tables
    lines = (line for line in form.lines if line.table in budgets)
    return next((value for line in lines if (value := line.value("executed")) is not None), None)


def _all_full(cards: Sequence[ScoreCard], scheme: Scheme) -> Iterator[Hint]:
    """Q104: not a point lost anywhere, execution included, on all forms that a department is scored by.

    The stronger, the more of it no rule can decide.
    """
    scored = [card for card in cards if card.submission.scope in {Scope.OVERALL, Scope.PROJECT}]
    stakes = [stake for card in scored for stake in card.stakes]
    if not scored or len(stakes) < scheme.signals.indicators or not all(map(_is_full, scored)):
        return
    first = next((card for card in scored if card.submission.scope is Scope.OVERALL), scored[0])
    open_ = sum(not stake.award.decided for stake in stakes)
    total = _total(first)
    finding = report(
        first.submission,
        ALL_FULL,
        total.ref if total else None,
        say("总分"),
        evidence=(),
        reported=show(total.value if total and total.value is not None else HUNDRED),
        count=str(len(scored)),
        rows=str(len(stakes)),
        found=str(open_),
    )
    forms = [card.submission for card in scored]
    whole = [each for each in forms if each.scope is Scope.OVERALL] or forms
    yield Hint(finding, 30 + 60 * open_ // len(stakes), money_of(whole, scheme))


def _is_full(card: ScoreCard) -> bool:
    line = card.execution.line if card.execution else None
    pairs = [(stake.weight, stake.self_score) for stake in card.stakes]
    pairs += [(line.value("weight"), line.value("self_score"))] if line else []
    return all(weight is not None and score == weight for weight, score in pairs)


def _total(card: ScoreCard) -> Entry | None:
    return card.submission.total.get("self_score") or card.submission.fields.get("total_score")


def _back_solved(card: ScoreCard, scheme: Scheme) -> Iterator[Hint]:
    """Q105: a whole total though execution has a fraction, and but one score that a person gave makes it so.

    Nothing else on the form is free: all other fractions are those that rules give.
    """
    total = _total(card)
    execution = card.execution.line.entries.get("self_score") if card.execution else None
    if total is None or total.value is None or execution is None or execution.value is None:
        return
    broken = [stake for stake in card.stakes if not _is_whole(stake.self_score or ZERO)]
    given = [stake for stake in broken if not stake.award.decided]
    if not _is_whole(total.value) or _is_whole(execution.value) or len(given) != 1 or not _loses(given[0]):
        return
    if not _is_whole(execution.value + sum((stake.self_score or ZERO for stake in broken), ZERO)):
        return
    cell = given[0].scored[0].indicator.entries.get("self_score")
    finding = report(
        card.submission,
        ONE_FREE,
        cell.ref if cell else None,
        given[0].name,
        evidence=(total, execution),
        reported=show(given[0].self_score or ZERO),
        total=show(total.value),
        executed=show(execution.value),
    )
    at_grade = any(total.value == cut.low for cut in scheme.grades)
    yield Hint(finding, 90 if at_grade else 70, money_of((card.submission,), scheme))


def _is_whole(score: Decimal) -> bool:
    return score == score.to_integral_value()


def _loses(stake: Stake) -> bool:
    return stake.weight is not None and (stake.self_score or ZERO) < stake.weight


def _round_figures(forms: Sequence[Submission], scheme: Scheme) -> Iterator[Hint]:
    """Q107: most of what was spent comes in whole tens of 万元."""
    rule = scheme.signals
    large = [(form, each) for form in forms for each in _spent(form, scheme) if _value(each) >= 2 * _ROUND]
    heap = [(form, each) for form, each in large if _value(each) < _ABSURD and not _value(each) % _ROUND]
    if len(large) < rule.amounts or len(heap) * HUNDRED < rule.round_share * len(large):
        return
    form, first = max(heap, key=lambda each: _value(each[1]))
    finding = report(
        form,
        ROUND_FIGURES,
        first.ref,
        say("执行数"),
        evidence=[each for _, each in heap],
        count=str(len(large)),
        found=str(len(heap)),
        size=say("{round} 万元", round=_ROUND),
        examples=say("、").join(show(_value(each)) for _, each in heap[:_EXAMPLES]),
    )
    share = int(len(heap) * HUNDRED / len(large))
    yield Hint(finding, share, sum((_value(each) for _, each in heap), ZERO))


def _value(entry: Entry) -> Decimal:
    return entry.value or ZERO


def _spent(form: Submission, scheme: Scheme) -> Iterator[Entry]:
    """The cells that say what was executed, each once, no totals: these are sums of others."""
    columns = {
        table.name
        for table in scheme.form(form.form).tables
        for column in table.columns
        if (column.name, column.kind) == ("executed", ValueKind.AMOUNT)
    }
    lines = (line for line in form.lines if line.table in columns and line.item != "total")
    entries = (line.entries["executed"] for line in lines if "executed" in line.entries)
    seen: set[CellRef] = set()
    for entry in entries:
        if entry.value and entry.ref not in seen:
            seen.add(entry.ref)
            yield entry


def _last_digits(forms: Sequence[Submission], scheme: Scheme) -> Iterator[Hint]:
    """Q108: the last digits of many amounts are far from equally frequent, as those of made-up ones."""
    printed = [(form, each) for form in forms for each in _spent(form, scheme) if _has_cents(each)]
    counts = Counter(int(abs(_value(each)) * _CENTS) % _DIGITS for _, each in printed)
    if len(printed) < scheme.signals.digits:
        return
    wanted = Decimal(len(printed)) / _DIGITS
    distance = sum(((counts[digit] - wanted) ** 2 / wanted for digit in range(_DIGITS)), ZERO)
    if distance <= _LIMIT:
        return
    digit, often = counts.most_common(1)[0]
    form, first = next(each for each in printed if int(abs(_value(each[1])) * _CENTS) % _DIGITS == digit)
    finding = report(
        form,
        LAST_DIGITS,
        first.ref,
        say("执行数"),
        evidence=(),
        count=str(len(printed)),
        found=say("{digit} 有 {often} 个", digit=digit, often=often),
        kind=show(round_half_up(distance, 2)),
        limit=show(_LIMIT),
    )
    whole = sum((_value(each) for _, each in printed), ZERO)
    yield Hint(finding, min(100, 50 + int(distance / _LIMIT * 10)), whole)


def _has_cents(entry: Entry) -> bool:
    """Whether it is printed to two decimals, so that its last digit means something."""
    return entry.step is not None and entry.step == Decimal("0.01")


def _typed_over(form: Submission, computed: Iterable[str]) -> Iterator[Hint]:
    """Q110: figures typed where the blank form computes them, though others of it still do."""
    formulas = form.formulas or frozenset()
    known = [
        (address, entry) for address in map(FigureAddress.parse, computed) if (entry := _at(address, form))
    ]
    typed = [(address, entry) for address, entry in known if entry.ref not in formulas]
    if not typed:
        return
    first = typed[0][1]
    finding = report(
        form,
        TYPED_OVER,
        first.ref,
        _named(typed[0][0], form) or first.ref.a1,
        evidence=[entry for _, entry in typed],
        reported=first.text,
        count=str(len(known)),
        found=str(len(typed)),
        examples=say("、").join(f"{entry.ref.a1} {quote(entry.text)}" for _, entry in typed[:_EXAMPLES]),
    )
    yield Hint(finding, 60 + 30 * len(typed) // len(known), None)


def _at(address: FigureAddress, form: Submission) -> Entry | None:
    """The figure at an address, in the row of totals as well."""
    block = form.total if address.item == "total" and form.line(address.table, "total") is None else {}
    entry = address.entry(form) or block.get(address.column)
    return entry if entry and entry.value is not None else None


def _named(address: FigureAddress, form: Submission) -> str:
    line = form.line(address.table, address.item)
    return spoken_name(line.label) if line else say("总分")


def _as_last_year(form: Submission, scheme: Scheme) -> Iterator[Hint]:
    """Q109: what was spent is, item by item, what was spent the year before."""
    layout = scheme.form(form.form)
    for table in layout.tables:
        comparison = table.comparison
        if comparison is None or table.kind is TableKind.LIST or not comparison.prior:
            continue
        pairs = list(_compared(form, table.name, comparison))
        if len(pairs) < scheme.signals.items or any(prior.value != now.value for _, prior, now in pairs):
            continue
        label, _, first = pairs[0]
        finding = report(
            form,
            AS_LAST_YEAR,
            first.ref,
            label,
            evidence=[entry for _, *both in pairs for entry in both],
            count=str(len(pairs)),
            examples=say("、").join(f"{label} {show(_value(now))}" for label, _, now in pairs[:_EXAMPLES]),
        )
        whole = sum((_value(now) for _, _, now in pairs), ZERO)
        yield Hint(finding, min(100, 50 + 5 * len(pairs)), whole)


def _compared(
    form: Submission, table: str, comparison: ComparisonLayout
) -> Iterator[tuple[str, Entry, Entry]]:
    """The items that have a figure in either year, with both cells."""
    for item in comparison.items:
        line = form.line(table, item)
        both = [line.entries.get(name) for name in (comparison.prior, comparison.executed)] if line else []
        if line and len(both) == len([each for each in both if each is not None]):
            prior, now = (each for each in both if each is not None)
            if prior.value or now.value:
                yield spoken_name(line.label), prior, now
