"""Targets as departments write them: in one cell or several, or in the name, telling unit and direction."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO
from jixiao.domain.quantities import Comparator, Quantity, Side, Target, TargetKind
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import compact, normalise
from jixiao.extraction.actuals import parse_actual
from jixiao.extraction.dates import earliest_end
from jixiao.extraction.entries import Manner, read_content
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.numbers import DIGIT, PERCENT, read_hint
from jixiao.extraction.phrases import read_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.cells import Value
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.submissions import Entry
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


_BARE = {TargetKind.UNSIGNED, TargetKind.EQUAL, TargetKind.ZERO}
"""Kinds of a figure that has no sign of its own."""
_DIGITS = "0123456789"


def join_target(
    before: Sequence[Entry], values: Sequence[Entry], after: Sequence[Entry], words: Lexicon
) -> str:
    """The target's text: "≥95%" from a sign, a figure and a unit in cells of their own, "" without a figure.

    `before` are the cells for the sign, `after` those for the unit; where no header words tell them apart,
    all are `values` and what stands in each does. A value that has its own sign or unit (98%以上, 100%) keeps
    it and takes no second; words (合规) take neither.
    """
    if not before and not after:
        before, values, after = _told_apart(values, words)
    value = "".join(dict.fromkeys(entry.text for entry in values if entry.state is not State.DASH))
    if not value:
        return ""
    sign = "".join(_sign(entry.text, words) for entry in before)
    unit = "".join(entry.text for entry in after if entry.state is not State.DASH)
    if not _is_figure(value, words):
        return f"{sign}{value}" if sign and grammar_of(words).relative.search(value) else value
    return f"{'' if _is_signed(value, words) else sign}{value}{unit if _takes(unit, value, words) else ''}"


def is_sign(text: str, words: Lexicon) -> bool:
    """Whether a cell holds nothing but a comparison sign, or what some forms write for one (正向, 定量)."""
    word = compact(text)
    return word in words.natures or word in words.directions or normalise(text) in _comparators(words)


def is_unit(text: str, words: Lexicon) -> bool:
    """Whether a cell holds nothing but a unit."""
    return text.strip() not in words.zeros and read_hint(text, words).printed != ""


def _comparators(words: Lexicon) -> frozenset[str]:
    return frozenset(map(normalise, words.comparators))


def _told_apart(
    cells: Sequence[Entry], words: Lexicon
) -> tuple[Sequence[Entry], Sequence[Entry], Sequence[Entry]]:
    """Cells under one header word by what they hold; a unit goes with a figure, alone it is the value."""
    before = [entry for entry in cells if is_sign(entry.text, words)]
    rest = [entry for entry in cells if entry not in before]
    after = [entry for entry in rest if len(rest) > 1 and is_unit(entry.text, words)]
    return before, [entry for entry in rest if entry not in after], after


def _sign(text: str, words: Lexicon) -> str:
    """A cell for the sign may say 正向 instead of ≥; 定性 says nothing that the words themselves do not."""
    word = compact(text)
    return "" if word in (*words.natures, *words.dashes) else words.directions.get(word, text)


def _is_figure(value: str, words: Lexicon) -> bool:
    return (
        any(digit in normalise(value) for digit in _DIGITS)
        or _kind(value, words) is not TargetKind.QUALITATIVE
    )


def _is_signed(value: str, words: Lexicon) -> bool:
    """Whether a value says itself how it is meant: ≥95%, 98%以上, 3-5次, 9月底前."""
    bare = normalise(value)
    return bare[:1] in "=<>≥≤≧≦" or _kind(value, words) not in {*_BARE, TargetKind.UNREADABLE}


def _takes(unit: str, value: str, words: Lexicon) -> bool:
    """Whether a unit belongs behind a value: it is one, and the value has none."""
    if not unit or compact(unit) in (*words.zeros, *words.natures):
        return False
    found = grammar_of(words).quantity.search(normalise(value))
    if found is None:
        return True
    rest = normalise(value)[found.end("number") :]
    own = rest not in {"", ")"} and rest not in {normalise(scale) for scale in words.scales}
    return not own


def _kind(value: str, words: Lexicon) -> TargetKind:
    return parse_target(value, percent_format=False, lexicon=words).kind


_CERTAIN = {TargetKind.AT_LEAST, TargetKind.AT_MOST, TargetKind.EQUAL, TargetKind.ZERO}
_SHORTEST = 2
"""Characters of a name that have to be left before the sign."""
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_WHOLE = re.compile(r"100(?:\.0+)?\s*+[%％]$")
_NAME_END = re.compile(r"(?<![\s:：,，(（])[\s:：,，(（]++$")


def target_in_name(name: str, lexicon: Lexicon) -> str:
    """The target that ends a name, "" where there is none or anything about it could be doubted.

    Certain is one figure in the whole name, behind a comparison sign (≥, 不低于), with at most a unit after
    it: nothing that has two figures, no range, no date, no figure without a sign.
    """
    found = _sign_of(lexicon).search(name)
    if found is None or len(_FIGURES.findall(normalise(name))) != 1:
        return ""
    head, tail = _NAME_END.sub("", name[: found.start()]), name[found.start() :].strip().rstrip("。;；)）")
    if len(normalise(head)) < _SHORTEST or not _is_one_figure(tail[len(found[0]) :], lexicon):
        return ""
    target = parse_target(tail, percent_format=False, lexicon=lexicon)
    return tail if target.kind in _CERTAIN and not target.words else ""


def whole_of_rate(name: str, lexicon: Lexicon) -> str:
    """The unsigned 100% that ends a rate's name (完成率100%); "" where anything else is there to be doubted.

    By itself it says as little as 完成率 alone; beside an actual value it is what that is held against.
    """
    found = _WHOLE.search(name)
    head = name[: found.start()].rstrip() if found else ""
    alone = len(_FIGURES.findall(normalise(name))) == 1
    named = len(normalise(head)) >= _SHORTEST and head.endswith(tuple(lexicon.change_nouns))
    return found[0] if found and alone and named else ""


def _is_one_figure(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is one figure with its unit and nothing else."""
    return grammar_of(lexicon).quantity.fullmatch(normalise(text)) is not None


@lru_cache(maxsize=16)
def _sign_of(lexicon: Lexicon) -> re.Pattern[str]:
    """The comparison signs of a lexicon and its long words (不低于) as printed, the longest first.

    Two characters such as 不满 or 最低 may be part of the name.
    """
    known = (word for word in lexicon.comparators if not word[0].isalpha() or len(word) > _SHORTEST)
    words = sorted(known, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
