"""What departments write as actual value (实际完成值)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.quantities import Actual, ActualKind, Comparator, Quantity, Target, TargetKind
from jixiao.extraction.contents import Manner, read_content
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.levels import is_open, is_whole, keeps_deadline, level_of
from jixiao.extraction.numbers import DIGIT, PERCENT
from jixiao.extraction.numerals import spell_figure
from jixiao.extraction.signs import tidy
from jixiao.extraction.spelling import normalise

if TYPE_CHECKING:
    from jixiao.domain.cells import Value
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.contents import Content
    from jixiao.extraction.dates import Period
    from jixiao.extraction.phrases import Phrase

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
    content = read_content(value, Manner(lexicon, percent_format, unit_hint, year))
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
