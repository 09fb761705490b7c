"""What departments write as actual values, and which qualitative level their words support."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.quantities import Actual, ActualKind, Comparator, Quantity, Target, TargetKind
from jixiao.domain.text_keys import normalise
from jixiao.extraction.entries import Manner, read_content
from jixiao.extraction.grammar import any_of, grammar_of
from jixiao.extraction.numbers import DIGIT, PERCENT, spell_figure
from jixiao.extraction.phrases import tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Value
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.dates import Period
    from jixiao.extraction.entries import Content
    from jixiao.extraction.phrases import Phrase


_REACHED, _PARTLY, _MISSED, _UNSURE = "reached", "partly", "missed", "unsure"
_LEVELS = {_REACHED, _PARTLY, _MISSED}


@dataclass(frozen=True, slots=True)
class _Token:
    role: str
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class _Patterns:
    """`evidence` has one named group a level, and "harmless" and "unsure"."""

    evidence: re.Pattern[str]
    change: re.Pattern[str]
    changes: Mapping[str, str]
    supporting: frozenset[str]
    filler: re.Pattern[str]
    on_time: re.Pattern[str]
    beginnings: re.Pattern[str]
    intense: re.Pattern[str]


def level_of(words: str, target_words: str, lexicon: Lexicon) -> str:
    """The level ("reached", "partly", "missed") that the words support against a target; "" if not certain.

    An actual that says what the target says has reached it, and a hedge that the target itself uses
    (基本建成) is no shortfall. A supporting word next to a negator counts as missed (没有提高, 效果不明显); a
    negator anywhere else, a doubt (待, 个别), a change in another direction, a degree less (满意 beside
    非常满意), or words of two kinds decide nothing.
    """
    patterns = _patterns_of(lexicon)
    words, target_words = normalise(words), normalise(target_words)
    if _core(words, patterns) == _core(target_words, patterns) != "":
        return _REACHED
    if target_words.endswith(words) and patterns.intense.fullmatch(target_words.removesuffix(words)):
        return ""
    roles = {token.role for token in _tokens(words, patterns) if not _is_shared_hedge(token, target_words)}
    found, wanted = _changes(words, patterns), _changes(target_words, patterns)
    if found.keys() and found.keys() == wanted.keys():
        roles = roles or {_REACHED}
    elif (found and wanted) or not patterns.supporting.issuperset(set().union(*found.values())):
        return ""
    if roles == {_REACHED, _PARTLY}:
        return _PARTLY
    return roles.pop() if len(roles) == 1 and roles <= _LEVELS else ""


def keeps_deadline(words: str, lexicon: Lexicon) -> str:
    """Whether words without a date say that a deadline was kept: "reached" (按时完成), "missed", or ""."""
    words = normalise(words)
    if not _patterns_of(lexicon).on_time.search(words):
        return ""
    level = level_of(words, "", lexicon)
    return level if level != _PARTLY else ""


def is_whole(target_words: str, lexicon: Lexicon) -> bool:
    """Whether 100 % of what a target in words says is all of it: of 及时, 全覆盖, 按时完成; not of 提高."""
    words = normalise(target_words)
    if _changes(words, _patterns_of(lexicon)):
        return False
    return level_of(words, "", lexicon) == _REACHED


def is_open(words: str, lexicon: Lexicon) -> bool:
    """Whether words beside a date leave open that it is the date of completion: 计划, 延期, 开工."""
    patterns = _patterns_of(lexicon)
    roles = {token.role for token in _tokens(normalise(words), patterns)}
    return bool(roles - {_REACHED}) or patterns.beginnings.search(normalise(words)) is not None


def _is_shared_hedge(token: _Token, target_words: str) -> bool:
    return token.role == _PARTLY and token.word in target_words


def _core(words: str, patterns: _Patterns) -> str:
    """The words without what says nothing in front of them: 已基本建成 says 基本建成."""
    return patterns.filler.sub("", words.strip("。;.,、"))


def _changes(words: str, patterns: _Patterns) -> dict[str, set[str]]:
    """The words of change in a text by the word that stands for them."""
    found: dict[str, set[str]] = {}
    for word in patterns.change.findall(words):
        found.setdefault(patterns.changes[word], set()).add(word)
    return found


def _tokens(words: str, patterns: _Patterns) -> list[_Token]:
    """The words that speak for a level; a supporting word that touches a denial belongs to it."""
    tokens: list[_Token] = []
    for match in patterns.evidence.finditer(words):
        token = _Token(match.lastgroup or "", match[0], match.start(), match.end())
        if token.role == "harmless":
            continue
        touching = tokens[-1] if tokens and tokens[-1].end == token.start else None
        if touching and {touching.role, token.role} == {_REACHED, _MISSED}:
            tokens.pop()
            token = _Token(_MISSED, token.word, touching.start, token.end)
        tokens.append(token)
    return tokens


@lru_cache(maxsize=16)
def _patterns_of(lexicon: Lexicon) -> _Patterns:
    reached, partly, missed = (any_of(lexicon.levels[level]) for level in (_REACHED, _PARTLY, _MISSED))
    negator = any_of(lexicon.negators)
    unsure = any_of([*lexicon.doubts, *lexicon.negators])
    neutral = any_of([*lexicon.harmless, *(set(lexicon.changes) - set(lexicon.levels[_REACHED]))])
    return _Patterns(
        evidence=re.compile(
            rf"(?P<harmless>{neutral})|(?P<missed>{missed}|{negator}{reached})"
            rf"|(?P<reached>{reached})|(?P<partly>{partly})|(?P<unsure>{unsure})"
        ),
        change=re.compile(any_of(lexicon.changes)),
        changes={normalise(word): change for word, change in lexicon.changes.items()},
        supporting=frozenset(map(normalise, lexicon.levels[_REACHED])),
        filler=re.compile(rf"^(?:{any_of(lexicon.fillers)})+(?=.)"),
        on_time=re.compile(any_of(lexicon.on_time)),
        beginnings=re.compile(any_of(lexicon.beginnings)),
        intense=re.compile(any_of(lexicon.intensifiers)),
    )


_ZERO = Quantity(Decimal(0))
_WORDED = {ActualKind.WORDS, ActualKind.UNREADABLE}
_UNSETTLED = {TargetKind.UNREADABLE, TargetKind.RELATIVE, TargetKind.DEADLINE}
_EDGES = "。;,、:!."
_MAXIMA = {TargetKind.ZERO, TargetKind.AT_MOST}


def parse_actual(  # noqa: PLR0913 - the interface that all parts share
    value: Value | None,
    percent_format: bool,  # noqa: FBT001 - the interface that all parts share
    lexicon: Lexicon,
    target: Target,
    *,
    unit_hint: str = "",
    year: int | None = None,
) -> Actual:
    """Read an actual value beside its target.

    A figure is read only where nothing around it could change its meaning. The target decides how words
    are read: 未发生 is 0 beside a maximum, 全覆盖 100 % beside a minimum in percent, 按时完成 an answer to a
    deadline; and which unit a generic one (个) stands for. A repeated comparator is kept as `sign`.
    `unit_hint` is the unit in the indicator's name, `year` (the form's) completes dates without one.
    """
    manner = Manner(lexicon, percent_format, unit_hint, year)
    if isinstance(value, str):
        return _actual_of_text(value, manner, target)
    return _actual(read_content(value, manner), target, lexicon)


@lru_cache(maxsize=8192)
def _actual_of_text(text: str, manner: Manner, target: Target) -> Actual:
    """The same of a text; kept as targets are."""
    return _actual(read_content(text, manner), target, manner.lexicon)


def _actual(content: Content, target: Target, lexicon: Lexicon) -> Actual:
    actual = _read(content, target, lexicon)
    may_repeat = actual.kind in _WORDED or target.kind in _UNSETTLED
    return replace(actual, repeats=True) if may_repeat and _repeats(content, target, lexicon) else actual


def _read(content: Content, target: Target, lexicon: Lexicon) -> Actual:
    if content.phrase:
        return _figure(content, content.phrase, target, lexicon)
    if content.framed and target.beside and content.framed.frame == target.words:
        figure = _figure(content, content.framed, target.beside, lexicon)
        return replace(figure, words=content.framed.frame, echoes=True)
    if content.period:
        return _dated(content.text, content.period, target, lexicon)
    if content.is_blank:
        return Actual(content.text, ActualKind.BLANK)
    if not content.readable or DIGIT.search(content.words):
        return Actual(content.text, ActualKind.UNREADABLE)
    return _worded(content, target, lexicon)


def _repeats(content: Content, target: Target, lexicon: Lexicon) -> bool:
    """Whether an actual says what the target says, word for word, and is no mask left in (XX)."""
    said = content.words.strip(_EDGES)
    if not content.readable or not said or grammar_of(lexicon).masks.search(said):
        return False
    return said == spell_figure(tidy(normalise(target.text), lexicon), grammar_of(lexicon)).strip(_EDGES)


def _figure(content: Content, phrase: Phrase, target: Target, lexicon: Lexicon) -> Actual:
    quantity, bound, words = phrase.quantity, target.low or target.high, phrase.context
    if phrase.guess and bound:
        quantity, words = _in_guessed_unit(quantity, phrase.guess, bound)
    if bound and bound.dimension != quantity.dimension:
        quantity = replace(quantity, dimension=_aligned(quantity.dimension, bound.dimension, lexicon))
    sign = None if phrase.sign is Comparator.EQUAL else phrase.sign
    level = "" if sign else _level_of_figure(content.words, quantity, target, lexicon)
    echoes = bool(words) and words == target.words
    return Actual(
        content.text, ActualKind.FIGURE, quantity=quantity, sign=sign, words=words, level=level, echoes=echoes
    )


def _in_guessed_unit(quantity: Quantity, guess: str, bound: Quantity) -> tuple[Quantity, str]:
    """A figure in a unit that no list knows beside the target's, and the words that may restrict it.

    艘渔船 is in the target's 艘; beside a target without a unit, nobody knows whether 艘 is what it counts.
    """
    wanted = bound.dimension
    if wanted and wanted != guess and (guess.startswith(wanted) or wanted.startswith(guess)):
        return replace(quantity, dimension=wanted), guess.removeprefix(wanted) if wanted in guess else ""
    return quantity, "" if wanted else guess


def _aligned(dimension: str, wanted: str, lexicon: Lexicon) -> str:
    """The target's dimension where the actual's says the same in a more general or a fuller way.

    个 stands for any counter, and a change without its base (增长6%) is meant from the target's base
    (较上年增长5%), or the other way about; two different bases stay different.
    """
    pair = {dimension, wanted}
    if pair & set(lexicon.generic) and pair <= {*lexicon.generic, *lexicon.counters}:
        return wanted
    if ":" in dimension and ":" in wanted and dimension.endswith(wanted) != wanted.endswith(dimension):
        return wanted
    return dimension


def _level_of_figure(words: str, quantity: Quantity, target: Target, lexicon: Lexicon) -> str:
    """What a figure says to a target in words: 提高5% has reached 提高, 已完成100% has reached 完成."""
    grows = ":" in quantity.dimension and quantity.value > 0
    whole = PERCENT.dimension == quantity.dimension and quantity.value == HUNDRED
    if target.kind is not TargetKind.QUALITATIVE or not (grows or whole):
        return ""
    level = level_of(words, target.words, lexicon)
    if whole and not level and is_whole(target.words, lexicon):
        return "reached"
    return level if level == "reached" else ""


def _worded(content: Content, target: Target, lexicon: Lexicon) -> Actual:
    grammar, words = grammar_of(lexicon), content.words
    if target.kind in _MAXIMA and (words in grammar.zeros or grammar.nothing.fullmatch(words)):
        return Actual(content.text, ActualKind.FIGURE, quantity=_ZERO, words=words)
    if words in grammar.wholes and _is_percent_minimum(target):
        return Actual(content.text, ActualKind.FIGURE, quantity=PERCENT.quantity(HUNDRED), words=words)
    return Actual(content.text, ActualKind.WORDS, words=words, level=_level(words, target, lexicon))


def _level(words: str, target: Target, lexicon: Lexicon) -> str:
    """The level that words support; nothing beside a figure, and nothing where they compare themselves."""
    if target.kind is TargetKind.DEADLINE:
        return keeps_deadline(words, lexicon)
    if target.kind is not TargetKind.QUALITATIVE or grammar_of(lexicon).relative.search(words):
        return ""
    return level_of(words, target.words, lexicon)


def _is_percent_minimum(target: Target) -> bool:
    return target.low is not None and target.high is None and target.low.dimension == PERCENT.dimension


def _dated(text: str, period: Period, target: Target, lexicon: Lexicon) -> Actual:
    """A date; one known by its month or quarter has two ends, "before" it everything up to its end.

    Beside words that the target does not use and that may tell of a plan, a delay or a beginning, it is no
    date of completion.
    """
    if period.words and period.words != target.words and is_open(period.words, lexicon):
        return Actual(text, ActualKind.UNREADABLE)
    since = date.min if period.before or period.until else period.first
    return Actual(
        text,
        ActualKind.DATE,
        when=period.last,
        since=None if since == period.last else since,
        yearless=period.yearless,
    )
