"""Targets as departments write them, and what an indicator's name says about their unit and direction."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO
from jixiao.domain.quantities import Comparator, Quantity, Side, Target, TargetKind
from jixiao.domain.text_keys import normalise
from jixiao.extraction.actuals import parse_actual
from jixiao.extraction.dates import earliest_end
from jixiao.extraction.entries import Manner, read_content
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.numbers import DIGIT, PERCENT, read_hint
from jixiao.extraction.phrases import read_span

if TYPE_CHECKING:
    from jixiao.domain.cells import Value
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.dates import Period
    from jixiao.extraction.entries import Content
    from jixiao.extraction.phrases import Phrase, Span


_BRACKET = re.compile(r"\((?:[^():]*:)?([^():]{1,12})\)")


@lru_cache(maxsize=16384)
def unit_hint(name: str, lexicon: Lexicon) -> str:
    """The unit that a name announces in brackets: "次" for 开展培训（次）; "" where there is none.

    金额（单位：万元） announces 万元. The last bracket that holds a unit counts; brackets with anything else
    (本级, 含税) announce nothing.
    """
    brackets = reversed(_BRACKET.findall(normalise(name)))
    return next((unit for unit in brackets if read_hint(unit, lexicon).printed), "")


@lru_cache(maxsize=16384)
def is_lower_better(level2: str, name: str, lexicon: Lexicon) -> bool | None:
    """Whether an unsigned figure of this indicator is a maximum: 成本指标, 投诉次数; not 节约率.

    None where its name leaves that open: of 控制率 and 占比 less may be as good as more.
    """
    if any(word in name for word in lexicon.undirected_names):
        return None
    if any(word in name for word in lexicon.higher_is_better):
        return False
    return any(word in level2 or word in name for word in lexicon.lower_is_better)


__all__ = ["parse_actual", "parse_target"]

_SIGN = re.compile(r"[<>=≥≤≧≦⩾⩽≮≯]")
_YEARS = range(1900, 2101)


def parse_target(  # noqa: PLR0913 - the interface that all parts share
    value: Value | None,
    percent_format: bool,  # noqa: FBT001 - the interface that all parts share
    lexicon: Lexicon,
    *,
    unit_hint: str = "",
    lower_is_better: bool | None = False,
    year: int | None = None,
) -> Target:
    """Read a target.

    `unit_hint` is the unit in the indicator's name (次), `lower_is_better` says that its unsigned figure is
    a maximum (None: nobody can tell), `year` (the form's) completes dates without one.

    较上年增长5% has no sign, and that it means at least 5 % is how everybody uses it, as with 12次: it is
    UNSIGNED, in a dimension of its own, so that only an actual in the same words (增长6.2%) is compared with
    it. 较上年增长 without a figure is RELATIVE: nobody here knows last year's figure.
    """
    manner = Manner(lexicon, percent_format, unit_hint, year)
    if isinstance(value, str):
        return _target_of_text(value, manner, lower_is_better)
    return _target(read_content(value, manner), manner, lower_is_better)


@lru_cache(maxsize=8192)
def _target_of_text(text: str, manner: Manner, lower_is_better: bool | None) -> Target:  # noqa: FBT001
    """The same of a text; kept, because a round says 100% and ≥95% thousands of times."""
    return _target(read_content(text, manner), manner, lower_is_better)


def _target(content: Content, manner: Manner, lower_is_better: bool | None) -> Target:  # noqa: FBT001
    lexicon = manner.lexicon
    if content.phrase:
        return _by_sign(content.text, content.phrase, _Direction(lexicon, lower_is_better))
    if content.period:
        return _due(content.text, content.period)
    if content.is_blank:
        return Target(content.text, TargetKind.BLANK)
    if not content.readable:
        return Target(content.text, TargetKind.UNREADABLE)
    span = read_span(content.words, grammar_of(lexicon), read_hint(manner.unit_hint, lexicon))
    if span:
        return _between(content.text, span, _Direction(lexicon, lower_is_better))
    return _framed(content, _worded(content, lexicon), lexicon)


@dataclass(frozen=True, slots=True)
class _Direction:
    """Which way an unsigned figure points, by its unit and its indicator's name."""

    lexicon: Lexicon
    lower_is_better: bool | None

    def fails(self, quantity: Quantity) -> Side | None:
        """None where only less than the figure is a miss, NONE where nobody can tell."""
        upwards = self.lower_is_better is False and self._is_minimum(quantity)
        return None if upwards else Side.NONE

    def is_maximum(self, quantity: Quantity) -> bool:
        """Money, time and counts of what should be little; 100 % of cost control says nothing."""
        relative = PERCENT.dimension in quantity.dimension or ":" in quantity.dimension
        return bool(self.lower_is_better) and quantity.value > 0 and not relative

    def _is_minimum(self, quantity: Quantity) -> bool:
        """Counts, changes and high percentages are minima to everybody.

        Money, time, low percentages, negative figures and what looks like a year may be the contrary.
        """
        if quantity.value < 0 or (quantity.is_bare and quantity.value in _YEARS):
            return False
        if quantity.dimension == PERCENT.dimension:
            return quantity.value >= self.lexicon.directed_percent
        return quantity.dimension.split("/")[0] not in self.lexicon.undirected


def _worded(content: Content, lexicon: Lexicon) -> Target:
    grammar = grammar_of(lexicon)
    text, words = content.text, content.words
    if grammar.nothing.fullmatch(words):
        return Target(text, TargetKind.ZERO, low=Quantity(ZERO), words=words)
    if grammar.relative.search(words):
        return Target(text, TargetKind.RELATIVE, words=words)
    if DIGIT.search(words) or _SIGN.search(words):
        return Target(text, TargetKind.UNREADABLE)
    return Target(text, TargetKind.QUALITATIVE, words=words)


def _framed(content: Content, target: Target, lexicon: Lexicon) -> Target:
    """A target with what it wants of an actual in the same words; which way they point, nobody here knows."""
    if content.framed is None:
        return target
    beside = _by_sign(content.text, content.framed, _Direction(lexicon, lower_is_better=None))
    return replace(target, words=content.framed.frame, beside=beside)


def _by_sign(text: str, phrase: Phrase, direction: _Direction) -> Target:
    target = _figured(text, phrase, direction)
    return replace(target, words=phrase.context) if phrase.context else target


def _figured(text: str, phrase: Phrase, direction: _Direction) -> Target:
    quantity, sign = phrase.quantity, phrase.arrival
    if phrase.guess and sign is None:
        direction = replace(direction, lower_is_better=None)
    if sign is None:
        return _unsigned(text, quantity, direction)
    if sign in {Comparator.AT_LEAST, Comparator.MORE}:
        return Target(text, TargetKind.AT_LEAST, low=quantity, strict=sign is Comparator.MORE)
    if sign is Comparator.EQUAL:
        kind = TargetKind.EQUAL if quantity.value else TargetKind.ZERO
        return Target(text, kind, low=quantity, fails=direction.fails(quantity) if quantity.value else None)
    kind = TargetKind.AT_MOST if quantity.value else TargetKind.ZERO
    return Target(text, kind, high=quantity, strict=sign is Comparator.LESS)


def _unsigned(text: str, quantity: Quantity, direction: _Direction) -> Target:
    """A figure without sign: nothing may happen, exactly 100 %, a maximum by its name, or as it is.

    Where a figure in its unit could as well be a maximum, only an actual that equals it is decided.
    """
    if quantity.value == 0:
        return Target(text, TargetKind.ZERO, low=quantity)
    if direction.is_maximum(quantity):
        return Target(text, TargetKind.AT_MOST, high=quantity)
    whole = quantity.dimension == PERCENT.dimension and quantity.value == HUNDRED
    kind = TargetKind.EQUAL if whole else TargetKind.UNSIGNED
    return Target(text, kind, low=quantity, fails=direction.fails(quantity))


def _between(text: str, span: Span, direction: _Direction) -> Target:
    """A range. More than 10-20次 is no certain miss, where ≤20 would be one."""
    fails = None if span.signed else direction.fails(span.low) or Side.BELOW
    return Target(text, TargetKind.BETWEEN, low=span.low, high=span.high, fails=fails)


def _due(text: str, period: Period) -> Target:
    return Target(
        text,
        TargetKind.DEADLINE,
        due=period.last,
        due_surely=earliest_end(period),
        yearless=period.yearless,
        words=period.words,
    )
