"""A figure with its words, in one spelling: sign, unit, frame; and two figures that make a range."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from jixiao.domain.quantities import Comparator, Quantity
from jixiao.domain.text_keys import normalise
from jixiao.extraction.grammar import Role
from jixiao.extraction.numbers import Measure, denominators, measure_of, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.grammar import Grammar

_PAIRS = (("《", "》"), ("〈", "〉"), ("«", "»"), ("‹", "›"))
"""Quotation marks: a text that has both holds a title, one that has one of them a sign."""
_TITLE = re.compile("|".join(f"{left}[^{left}{right}]*{right}" for left, right in _PAIRS))
_SIGNS = ("", "<", "<=", "=", ">", ">=")
_DOUBLED = re.compile(r"([%‰])\1+")


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Characters of comparison with what each says; `odd` finds runs that are no plain sign.

    `suspect` finds whatever there may be to put right in a text.
    """

    meanings: Mapping[str, str]
    suspect: re.Pattern[str]
    odd: re.Pattern[str]
    wrapped: re.Pattern[str]


def tidy(text: str, lexicon: Lexicon) -> str:
    """A normalised text with plain comparison signs, without titles in 《》 and what was typed twice.

    Several signs in a row are one (≥＝, 》=, ≥≥); signs that contradict each other are left. Where a form has
    sign and unit in columns of their own and no figure needs them, 无合规无 says 合规.
    """
    marks = _marks_of(lexicon)
    if not marks.suspect.search(text):
        return text
    wrapped = marks.wrapped.fullmatch(text)
    if wrapped:
        text = wrapped["core"]
    if marks.odd.search(text):
        text = marks.odd.sub(lambda found: _plain(found[0], marks), _TITLE.sub("", text) or text)
    return _DOUBLED.sub(r"\1", text)


def _plain(run: str, marks: _Marks) -> str:
    said = set("".join(marks.meanings[mark] for mark in run))
    sign = "".join(sorted(said, key="<>=".index))
    return sign if sign in _SIGNS else run


@lru_cache(maxsize=16)
def _marks_of(lexicon: Lexicon) -> _Marks:
    known = {normalise(mark): sign for mark, sign in lexicon.comparators.items() if len(normalise(mark)) == 1}
    typed = {normalise(mark): sign for mark, sign in lexicon.signs.items()}
    known = {mark: sign for mark, sign in known.items() if not mark.isalnum() and not "一" <= mark <= "鿿"}
    every = "".join(map(re.escape, {**known, **typed}))
    empty = {normalise(word) for word in (*lexicon.dashes, *lexicon.zeros)}
    wraps = "|".join(re.escape(word) for word in sorted(empty) if len(word) == 1)
    odd = rf"[{every}]{{2,}}|[{''.join(map(re.escape, typed))}]"
    return _Marks(
        {**known, **typed},
        re.compile(rf"^(?:{wraps})|{odd}|{_DOUBLED.pattern}"),
        re.compile(odd),
        re.compile(rf"(?P<wrap>{wraps})(?P<core>(?:(?!(?P=wrap)).)+)(?P=wrap)"),
    )


LONGEST = 120
"""Characters of a text that can still be one figure or range with its words."""
_CONTEXT = re.compile(r"[一-鿿]{1,16}")
"""Unknown words that may stand around a figure with a unit: few, and without punctuation or letters."""
_YEAR_MONTH = re.compile(r"(?:19|20)[0-9]{2}\.(?:0?[1-9]|1[0-2])")
_YEARS = range(1900, 2101)
_EDGES = "。;,、:!"
_NONE: set[str] = set()
_UP = {Comparator.AT_LEAST, Comparator.MORE}
_DOWN = {Comparator.AT_MOST, Comparator.LESS}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One figure with what its words say.

    `sign` is a comparator that holds anywhere; `arrival` one that bounds a target only: 达到95% is ≥95 % as
    a target and exactly 95 % as an actual. `context` are words around the figure that nobody here knows.
    `guess` is a unit that no list knows, by its place (艘). `frame` is set where the words may change what
    the figure means: it can then be held only against a figure in the same frame.
    """

    quantity: Quantity
    sign: Comparator | None = None
    arrival: Comparator | None = None
    context: str = ""
    guess: str = ""
    frame: str = ""


@dataclass(frozen=True, slots=True)
class _Context:
    """What the words before and after a figure say together, and those of them that nobody here knows."""

    before: str
    after: str
    meanings: Mapping[Role, set[str]]
    rest_before: str
    rest_after: str
    periods: str

    @property
    def rest(self) -> str:
        return self.rest_before + self.rest_after

    def of(self, role: Role) -> set[str]:
        return self.meanings.get(role, _NONE)


def read_phrase(text: str, grammar: Grammar, hint: Measure) -> Phrase | None:
    """The one figure of a normalised text; None where there is none, another, or words that are not known.

    Words that the lexicon does not know are let pass only around a figure with a printed unit, when they
    are few and no word among them is known to change what a figure means (约, 计划, 未, 提前 …), or right
    after a figure without one, when they can only be its unit. Around any other figure they are its frame.
    """
    text = text.strip(_EDGES).rstrip(".")
    if text.endswith(")"):
        text = grammar.breakdown.sub("", text)
    figures = grammar.quantity.finditer(text)
    found = next(figures, None)
    if found is None or next(figures, None) is not None:
        return None
    before, negative = _split_sign(text[: found.start()])
    number = read_number(found["number"])
    if before is None or number is None:
        return None
    measure = measure_of(found, grammar)
    context = _read_context(before, _after_unit(text[found.end() :], measure, grammar), grammar)
    return _phrase(-number if negative else number, measure, context, grammar, hint)


def combine(signs: set[Comparator]) -> Comparator | None:
    """Several comparators of one figure as one; None for none.

    ＞95%以上 says both > and ≥: the milder one holds, so that nobody is accused by a slip of the pen.

    Raises:
        ValueError: they contradict each other.
    """
    if len(signs) <= 1:
        return next(iter(signs), None)
    if signs <= _UP:
        return Comparator.AT_LEAST
    if signs <= _DOWN:
        return Comparator.AT_MOST
    raise ValueError(signs)


def _split_sign(before: str) -> tuple[str | None, bool]:
    """What stands before a figure without its minus or plus; None where the hyphen may join it to a word."""
    if before[-1:] not in {"-", "+"}:
        return before, False
    rest = before[:-1]
    if rest and rest[-1].isascii() and (rest[-1].isalnum() or rest[-1] in ")-+%"):
        return None, False
    return rest, before[-1] == "-"


def _after_unit(after: str, measure: Measure, grammar: Grammar) -> str:
    """What stands after a unit, without the unit typed once more: 20万元万元, 95%百分比."""
    if not after or not measure.printed:
        return after
    rest = after.removeprefix(measure.printed)
    if rest != after and not _CONTEXT.match(rest):
        return rest
    return "" if grammar.units.get(after) == (measure.dimension, measure.unit_factor) else after


def _read_context(before: str, after: str, grammar: Grammar) -> _Context:
    periods, printed_before = "", before
    while before and (found := grammar.per.match(before)):
        periods += f"/{found['period']}"
        before = before[found.end() :]
    roles_before, rest_before = grammar.before.scan(before)
    roles_after, rest_after = grammar.after.scan(after)
    meanings: dict[Role, set[str]] = {}
    for role, meaning in chain(roles_before, roles_after):
        meanings.setdefault(role, set()).add(meaning)
    return _Context(printed_before, after, meanings, rest_before, rest_after, periods)


def _phrase(
    number: Decimal, measure: Measure, context: _Context, grammar: Grammar, hint: Measure
) -> Phrase | None:
    measured = _measure(measure, context, grammar)
    if measured is None:
        return None
    known = _is_known(number, measured, context)
    guess = "" if known else _guess(number, measured, context, grammar)
    if guess:
        measured = replace(measured, dimension=guess, printed=measured.printed + guess)
    if _is_date(number, measured, context, grammar):
        return None
    change = _change(number, context)
    signs = {Comparator(sign) for sign in context.of(Role.COMPARATOR)}
    arrivals = {Comparator(sign) for sign in context.of(Role.ARRIVAL)}
    try:
        sign, arrival = combine(signs), combine(signs | arrivals)
    except ValueError:
        return None
    if change is None:
        return None
    quantity = measured.within(hint, number).quantity(number)
    frame = "" if known or guess else _frame(context, grammar)
    if change:
        quantity = replace(quantity, dimension=f"{change}:{quantity.dimension}")
    return Phrase(quantity, sign, arrival, "" if guess else context.rest, guess, frame)


def _guess(number: Decimal, measure: Measure, context: _Context, grammar: Grammar) -> str:
    """The unit that no list knows, right after its figure and with nothing else around it; else ""."""
    if measure.dimension or context.periods or context.rest_before or Role.CAUTION in context.meanings:
        return ""
    word = context.rest_after
    fits = number >= 0 and context.after.startswith(word) and grammar.guess.fullmatch(word)
    return word if fits else ""


def _frame(context: _Context, grammar: Grammar) -> str:
    return f"{grammar.before.frame(context.before)}#{grammar.after.frame(context.after)}"


def _change(number: Decimal, context: _Context) -> str | None:
    """The change that the figure measures with its base (同比增长), "" for none; None for a contradiction."""
    changes, bases = context.of(Role.CHANGE), context.of(Role.BASE)
    if not changes:
        return None if bases else ""
    if len(changes) > 1 or len(bases) > 1 or number < 0:
        return None
    return "".join(bases) + "".join(changes)


def _is_known(number: Decimal, measure: Measure, context: _Context) -> bool:
    """Whether no word is one that changes the figure's meaning, and unknown ones are tolerable."""
    if Role.CAUTION in context.meanings:
        return False
    if not context.rest:
        return True
    return bool(measure.dimension) and number >= 0 and _CONTEXT.fullmatch(context.rest) is not None


def _is_date(number: Decimal, measure: Measure, context: _Context, grammar: Grammar) -> bool:
    """Whether it is rather a point in time: 2024年, or 2024.12 without a comparator or unit."""
    if not measure.printed and not context.of(Role.COMPARATOR):
        return _YEAR_MONTH.fullmatch(str(number)) is not None
    return measure.printed in grammar.year_units and number in _YEARS


def _measure(measure: Measure, context: _Context, grammar: Grammar) -> Measure | None:
    """The printed unit completed by a unit word and by "every month" before the figure."""
    prefixes = context.of(Role.UNIT)
    if prefixes:
        dimension, factor = grammar.units[next(iter(prefixes))]
        if len(prefixes) > 1 or measure.dimension not in {"", dimension}:
            return None
        if not measure.dimension:
            printed = f"{measure.printed}{next(iter(prefixes))}"
            factor *= measure.factor
            measure = replace(measure, dimension=dimension, factor=factor, printed=printed)
    if not context.periods:
        return measure
    return replace(
        measure,
        dimension=measure.dimension + denominators(context.periods, grammar),
        printed=measure.printed + context.periods,
    )


_STRICT = {Comparator.MORE, Comparator.LESS}


@dataclass(frozen=True, slots=True)
class Span:
    """Two bounds in one dimension, low ≤ high. `signed`: each has its own comparator."""

    low: Quantity
    high: Quantity
    signed: bool


def read_span(text: str, grammar: Grammar, hint: Measure) -> Span | None:
    """The range that a normalised text states; None where it is anything else.

    A hyphen between two figures joins them, a hyphen before a figure at the start is its minus. 2023-2024
    are years, 20-10 is no range: neither is read. Two strict comparators have no place here.
    """
    if len(text) > LONGEST:
        return None
    return _read_joined(text, grammar, hint) or _read_signed(text, grammar, hint)


def _read_joined(text: str, grammar: Grammar, hint: Measure) -> Span | None:
    found = grammar.range.search(text)
    if found is None or found.end() < len(text):
        return None
    roles, rest = grammar.before.scan(text[: found.start()])
    if rest or any(role not in {Role.PLAIN, Role.ARRIVAL} for role, _ in roles):
        return None
    low, high = _signed_number(found["low"]), _signed_number(found["high"])
    if low is None or high is None:
        return None
    high_measure = _measure_of_unit(found["high_unit"], grammar)
    low_measure = _measure_of_unit(found["low_unit"], grammar) if found["low_unit"] else high_measure
    if low_measure is None or high_measure is None or (low in _YEARS and not high_measure.printed):
        return None
    low_measure, high_measure = low_measure.within(high_measure, low), high_measure.within(hint, high)
    return _span(low_measure.within(hint, low).quantity(low), high_measure.quantity(high))


def _read_signed(text: str, grammar: Grammar, hint: Measure) -> Span | None:
    for first, second in _halves(text, grammar):
        low, high = read_phrase(first, grammar, hint), read_phrase(second, grammar, hint)
        if low is None or high is None or low.frame or high.frame:
            continue
        if low.sign in _DOWN:
            low, high = high, low
        if low.sign in _UP - _STRICT and high.sign in _DOWN - _STRICT:
            return _span(low.quantity, high.quantity, signed=True)
    return None


def _halves(text: str, grammar: Grammar) -> Iterator[tuple[str, str]]:
    return ((text[: joint.start()], text[joint.end() :]) for joint in grammar.joint.finditer(text))


def _span(low: Quantity, high: Quantity, *, signed: bool = False) -> Span | None:
    if low.dimension != high.dimension or low.value >= high.value:
        return None
    return Span(low, high, signed)


def _signed_number(text: str) -> Decimal | None:
    number = read_number(text.removeprefix("-"))
    return -number if number is not None and text.startswith("-") else number


def _measure_of_unit(unit: str, grammar: Grammar) -> Measure | None:
    found = grammar.quantity.fullmatch(f"1{unit}")
    return measure_of(found, grammar) if found and found["number"] == "1" else None
