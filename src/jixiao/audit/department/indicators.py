"""An indicator against the same elsewhere: on other forms, in texts, in what the scheme measures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.audit.names import match_names
from jixiao.audit.subject import report
from jixiao.domain.amounts import AMOUNT_STEP, show
from jixiao.domain.findings import declare
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import ActualKind
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import compact_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.quantities import Quantity, Target
    from jixiao.domain.relations import MeasuredValue
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Indicator, Submission

SAME_INDICATOR_DIFFERS = declare("X108", "reported", "place", "other")
MAGNITUDE_DOUBTFUL = declare("X109", "reported", "others", "times")
MEASURED_OFF = declare("X110", "reported", "expected", "derivation")


def check_repeated_indicators(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """X108: one indicator, by name and target the same on the overall and a project form, has two actuals.

    Told once, at the overall form's cell. Indicators of the scheme's distinct levels (satisfaction) and
    those of two projects are each form's own, however alike their names.
    """
    overall = [each for each in submissions if each.scope is Scope.OVERALL]
    if len(overall) != 1:
        return
    own = _by_name(overall[0], scheme)
    for form in submissions:
        if form.scope is not Scope.PROJECT:
            continue
        theirs = _by_name(form, scheme)
        for name, match in match_names(own, theirs).items():
            if match and _contradict(own[name], theirs[match.name]):
                yield _tell(overall[0], own[name], form, theirs[match.name])


def _by_name(form: Submission, scheme: Scheme) -> dict[str, Indicator]:
    """Indicators with a figure by their name; of two with one name the first."""
    named: dict[str, Indicator] = {}
    for each in form.indicators:
        if each.level3 and not {each.level1, each.level2} & set(scheme.distinct_levels):
            named.setdefault(each.level3, each)
    return named


def _contradict(one: Indicator, other: Indicator) -> bool:
    """Whether both are held against the same target and give another figure, or only one of them a bound."""
    first, second = one.actual, other.actual
    if {first.kind, second.kind} != {ActualKind.FIGURE} or not first.quantity or not second.quantity:
        return False
    if not _same_target(one.target, other.target):
        return False
    return first.sign != second.sign or not _same(first.quantity, second.quantity)


def _same_target(one: Target, other: Target) -> bool:
    return (
        one.kind is other.kind
        and (one.low is not None or one.high is not None)
        and _same_bound(one.low, other.low)
        and _same_bound(one.high, other.high)
    )


def _same_bound(one: Quantity | None, other: Quantity | None) -> bool:
    return one is other is None or (one is not None and other is not None and _same(one, other))


def _same(one: Quantity, other: Quantity) -> bool:
    return (one.value, one.dimension) == (other.value, other.dimension)


def _tell(form: Submission, indicator: Indicator, other_form: Submission, other: Indicator) -> Finding:
    at = other.cell("actual")
    return report(
        form,
        SAME_INDICATOR_DIFFERS,
        indicator.cell("actual"),
        indicator.name,
        evidence=(at,),
        reported=indicator.actual.text,
        other=other.actual.text,
        place=say("《{sheet}》{a1}“{name}”", sheet=other_form.sheet, a1=at.a1, name=other.name),
    )


_MONEY = "元"
_UNIT_STEPS = {Decimal(10) ** 4: say("一万倍"), Decimal(10) ** 8: say("一亿倍")}
"""元, 万元 and 亿元 are so far apart."""
_LIKENESS = Decimal("0.05")
"""Two figures of one thing may differ by so much: of another day, or rounded."""
_NOUN = 4
"""So many last characters make a noun (贷款余额) that two statements have in common."""
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]{0,99}+[)）\]】]")
_NOUN_AT_END = re.compile(r"[\u4e00-\u9fff]{2,20}$")
_FARTHEST = 60
"""Characters before a figure in which its noun is looked for, words that lead to the figure among them."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sum of money in 元 that a form states of something, where and how."""

    noun: str
    value: Decimal
    text: str
    ref: CellRef


def check_magnitudes(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """X109: a bare figure, its unit in its name, is 万 or 亿 times off what is said of the same elsewhere.

    Only figures with their unit beside them are evidence, on whichever form of the department they stand.
    """
    statements = [each for form in submissions for each in _statements(form, scheme.lexicon)]
    for form in submissions:
        for indicator in form.indicators:
            own = _sum_of(indicator)
            if own is None or _has_unit(indicator.actual.text):
                continue
            name = _BRACKETS.sub("", indicator.name)
            same = [each for each in statements if _shares_noun(name, each.noun)]
            others = [each for each in same if _times(own, each.value)]
            if others:
                yield report(
                    form,
                    MAGNITUDE_DOUBTFUL,
                    indicator.cell("actual"),
                    indicator.name,
                    evidence=[each.ref for each in others],
                    reported=indicator.actual.text,
                    others=say("、").join(
                        say("《{sheet}》{a1}“{text}”", sheet=each.ref.sheet, a1=each.ref.a1, text=each.text)
                        for each in others
                    ),
                    times=_times(own, others[0].value),
                )


def _statements(form: Submission, lexicon: Lexicon) -> Iterator[_Statement]:
    """What indicators and texts of a form say in figures with a unit."""
    for indicator in form.indicators:
        value = _sum_of(indicator)
        if value is not None and _has_unit(indicator.actual.text):
            text = f"{indicator.name} {indicator.actual.text}"
            yield _Statement(_BRACKETS.sub("", indicator.name), value, text, indicator.cell("actual"))
    for entry in form.fields.values():
        if entry.state is State.TEXT:
            said = _stated("".join(entry.text.split()), lexicon)
            yield from (_Statement(noun, value, text, entry.ref) for noun, value, text in said)


@lru_cache(maxsize=512)
def _stated(text: str, lexicon: Lexicon) -> tuple[tuple[str, Decimal, str], ...]:
    """Sums in a text with the noun before each: figures first, for a noun alone may begin anywhere.

    Every correction that is tried asks for the same texts again.
    """
    found = []
    end = 0
    for figure in _pattern(lexicon).finditer(text):
        words = text[end : figure.start()]
        end = figure.end()
        if noun := _NOUN_AT_END.search(_without_leads(words[-_FARTHEST:], lexicon)):
            digits, scale = figure.groups()
            value = Decimal(digits.replace(",", "")) * lexicon.scales.get(scale or "", Decimal(1))
            found.append((noun[0], value, words[words.rindex(noun[0]) :] + figure[0]))
    return tuple(found)


def _without_leads(words: str, lexicon: Lexicon) -> str:
    """Words without what only leads to a figure at their end (共计, 达到)."""
    while lead := max(
        (each for each in (*lexicon.arrivals, *lexicon.fillers) if each and words.endswith(each)),
        key=len,
        default="",
    ):
        words = words.removesuffix(lead)
    return words


@lru_cache(maxsize=8)
def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """A figure, its scale and 元."""
    scales = "|".join(sorted(map(re.escape, lexicon.scales), key=len, reverse=True))
    return re.compile(rf"(?<![\d,.])(\d[\d,]{{0,20}}(?:\.\d{{1,20}})?)({scales or '(?!)'})?{_MONEY}")


def _sum_of(indicator: Indicator) -> Decimal | None:
    """The actual in 元; None where it is no sum of money. A bare 万亿 is one, what else would it count."""
    actual = indicator.actual
    if actual.kind is not ActualKind.FIGURE or actual.quantity is None:
        return None
    quantity = actual.quantity
    money = quantity.dimension == _MONEY or (not quantity.dimension and quantity.scale > 1)
    return quantity.value if money and quantity.value > 0 else None


def _has_unit(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _shares_noun(one: str, other: str) -> bool:
    same = 0
    while same < min(len(one), len(other)) and one[-same - 1] == other[-same - 1]:
        same += 1
    return same >= _NOUN or (same > 0 and same == len(one) == len(other))


def _times(own: Decimal, other: Decimal) -> str:
    """By how many units one is off the other within likeness, in words; "" where it is by none."""
    if other <= 0:
        return ""
    ratio = max(own, other) / min(own, other)
    return next((word for step, word in _UNIT_STEPS.items() if abs(ratio / step - 1) <= _LIKENESS), "")


_PERCENT = "%"


def check_measured_indicators(
    submissions: Sequence[Submission], values: Sequence[MeasuredValue]
) -> Iterator[Finding]:
    """X110 (scheme's measures): an indicator that names a measure shows what the figures give."""
    known = {
        compact_name(name): value
        for value in values
        if value.value is not None and not value.project
        for name in value.measure.indicators
    }
    for form in submissions:
        for indicator in form.indicators:
            value = known.get(compact_name(indicator.level3))
            if value and _differs(indicator, value):
                yield report(
                    form,
                    MEASURED_OFF,
                    indicator.cell("actual"),
                    indicator.name,
                    evidence=value.refs,
                    reported=indicator.actual.text,
                    expected=f"{show(value.value)}{value.measure.unit}" if value.value is not None else "",
                    derivation=value.derivation,
                )


def _differs(indicator: Indicator, value: MeasuredValue) -> bool:
    """Whether the printed percentage cannot be a rounding of the measure."""
    actual = indicator.actual
    printed = actual.quantity
    if value.value is None or actual.kind is not ActualKind.FIGURE or actual.sign or printed is None:
        return False
    if printed.dimension != _PERCENT:
        return False
    return abs(printed.value - value.value) > max(printed.step, AMOUNT_STEP)
