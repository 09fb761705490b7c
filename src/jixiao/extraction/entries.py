"""One cell into what it holds: a figure in the project's units, or a target's figure, date or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import HUNDRED, MoneyUnit, plain, round_half_up, step_of
from jixiao.domain.cells import CellError, CellRef, UnstoredFormula, Value
from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import Entry, State
from jixiao.domain.text_keys import compact, normalise
from jixiao.extraction.dates import Period, find_period, read_period
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.numbers import parse_quantity, read_hint, read_stored, spell_figure
from jixiao.extraction.phrases import LONGEST, Phrase, read_phrase, tidy

if TYPE_CHECKING:
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.quantities import Quantity


_FORMAT_PLACES = re.compile(r"[#0?](?:\.([0#?]+))?")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]{0,200}\]|_.')
_OUT_OF = re.compile(r"(\d+(?:\.\d+)?)分?/(\d+(?:\.\d+)?)分?")
_REMARK = re.compile(r"\([^()0-9]+\)$")
_BOTH = re.compile(r"(\d+(?:\.\d+)?)分?[/,、;](\d+(?:\.\d+)?)分?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
"""476,000.00 is one number, not two."""
_DUST = 9
"""Decimals kept of a stored float: what lies beyond is binary dust of a spreadsheet's sum."""
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a cell: as what, in which unit of money, with whose words."""

    kind: ValueKind
    unit: MoneyUnit
    lexicon: Lexicon


@lru_cache(maxsize=256)
def reading_of(kind: ValueKind, unit: MoneyUnit, lexicon: Lexicon) -> Reading:
    """The same, made once."""
    return Reading(kind, unit, lexicon)


def read_entry(value: Value | None, number_format: str, ref: CellRef, reading: Reading) -> Entry:
    """Read a cell as the kind of thing its label asks for.

    A number stored with more decimals than its format shows counts as shown where it is a score or a rate
    (that is what the department reports), and as stored where it is an amount (so that no rate is refuted
    for digits that are merely hidden). A bare rate of at most 1 is a fraction: 0.97 is 97 %.
    """
    if value is None:
        return Entry(ref, State.BLANK)
    if isinstance(value, Decimal):
        return Entry(ref, *_parts_of_number(str(value), number_format, reading.kind, reading.unit))
    if isinstance(value, CellError):
        return Entry(ref, State.ERROR, value.text)
    if isinstance(value, UnstoredFormula):
        return Entry(ref, State.UNSTORED, value.formula)
    return Entry(ref, *_parts_of_text(str(value).strip(), reading.kind, reading.unit, reading.lexicon))


@lru_cache(maxsize=1024)
def format_places(number_format: str) -> int | None:
    """Decimals that a number format shows; None for General, dates and text."""
    positive = _LITERALS.sub("", number_format.split(";", maxsplit=1)[0])
    found = _FORMAT_PLACES.findall(positive)
    return len(found[-1]) if found and "General" not in positive else None


@lru_cache(maxsize=1024)
def _shows_percent(number_format: str) -> bool:
    return "%" in _LITERALS.sub("", number_format)


_Parts = tuple[State, str, Decimal | None, Decimal | None, bool]
"""What an entry says beside its place: a file says the same few figures and words again and again."""


@lru_cache(maxsize=2048)
def _parts_of_number(number: str, number_format: str, kind: ValueKind, unit: MoneyUnit) -> _Parts:
    """A stored number, given in the spelling that no other number has (1.0 equals 1.00)."""
    value = Decimal(number)
    percent = _shows_percent(number_format)
    places = format_places(number_format)
    exact = _without_dust(value * HUNDRED if percent else value)
    if kind is ValueKind.PERCENT and not percent and abs(exact) <= 1:
        exact, places = exact.scaleb(2), None
    shown = exact if places is None else round_half_up(exact, places)
    step = step_of(shown) if places is None else _ONE.scaleb(-places)
    text = plain(shown) if places is None else f"{shown:{',' if ',' in number_format else ''}.{places}f}"
    text += "%" if percent else ""
    if kind is ValueKind.TEXT:
        return State.TEXT, text, None, None, False
    if kind is ValueKind.AMOUNT:
        return State.NUMBER, text, exact * unit.in_wan, step * unit.in_wan, False
    return State.NUMBER, text, shown, step, False


@lru_cache(maxsize=16384)
def _parts_of_text(text: str, kind: ValueKind, unit: MoneyUnit, lexicon: Lexicon) -> _Parts:
    if not text:
        return State.BLANK, "", None, None, False
    if compact(text) in lexicon.dashes:
        return State.DASH, text, None, None, False
    if kind in {ValueKind.TEXT, ValueKind.YEAR}:
        return State.TEXT, text, None, None, False
    if kind is ValueKind.AMOUNT and compact(text) in lexicon.nothings:
        return State.DASH, text, None, None, False
    quantity = parse_quantity(_earned(text) if kind is ValueKind.SCORE else text, lexicon)
    factor = _factor(quantity, text, Reading(kind, unit, lexicon)) if quantity else None
    if quantity is None or factor is None:
        return State.TEXT, text, None, None, False
    return State.NUMBER, text, quantity.value * factor, quantity.step * factor, True


def points_in_one(text: str) -> tuple[str, str] | None:
    """The two numbers of a cell for points and score, as printed: 20 and 19.5 of "20/19.5"."""
    found = None if _THOUSANDS.fullmatch(compact(text)) else _BOTH.fullmatch(compact(text))
    return (found[1], found[2]) if found else None


def _earned(text: str) -> str:
    """What a score written "9.5/10" earned; the text itself where it is none of at least as many points.

    A remark in brackets that holds no figure, 20（满分）, changes no score.
    """
    plain_text = _REMARK.sub("", compact(text)) or text
    found = _OUT_OF.fullmatch(plain_text)
    return found[1] if found and Decimal(found[1]) <= Decimal(found[2]) else plain_text


def _factor(quantity: Quantity, text: str, reading: Reading) -> Decimal | None:
    """What to multiply a text's quantity by; None where the unit in the text does not fit the cell.

    A scale word beside an amount ("5.8万") makes it an amount in 元, whatever the form's unit.
    """
    bare = not quantity.dimension
    if reading.kind is ValueKind.AMOUNT:
        scaled = bare and any(word in text for word in reading.lexicon.scales)
        if scaled or quantity.dimension == "元":
            return MoneyUnit.YUAN.in_wan
        return reading.unit.in_wan if bare else None
    if reading.kind is ValueKind.PERCENT:
        if quantity.dimension == "%":
            return _ONE
        return (HUNDRED if abs(quantity.value) <= 1 else _ONE) if bare else None
    points = {"", "分", "%"}  # of a hundred points, 10 % are 10
    return _ONE if quantity.dimension in points or reading.kind is ValueKind.NUMBER else None


def _without_dust(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -_DUST:
        return value
    return round_half_up(value, _DUST).normalize()


class Manner(NamedTuple):
    """How to read a cell: with whose words, in which unit by the indicator's name, in which year."""

    lexicon: Lexicon
    percent_format: bool = False
    unit_hint: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A cell's text as the department sees it, and the one thing it holds.

    `words` is the normalised text, "" unless the cell holds text. A cell that holds none of phrase, period
    and words is blank if `readable`, else an error or a reference to somewhere else. `framed` is the figure
    of a text that holds no phrase because other words may change what its figure means.
    """

    text: str
    words: str = ""
    phrase: Phrase | None = None
    period: Period | None = None
    readable: bool = True
    framed: Phrase | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing was filled in: an empty cell, a dash, a template's placeholder."""
        return self.readable and not (self.words or self.phrase or self.period)


def read_content(value: Value | None, manner: Manner) -> Content:
    """What a cell holds. A stored number is a figure, a date cell a day; texts are read by the lexicon."""
    if value is None:
        return Content("")
    if isinstance(value, str):
        return _content_of_text(value.strip(), manner)
    if isinstance(value, Decimal):
        return _content_of_number(str(value), manner)
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Content(day.isoformat(), period=Period(day, day))
    if isinstance(value, CellError | UnstoredFormula):
        text = value.text if isinstance(value, CellError) else value.formula
        return Content(text, readable=False)
    return Content(str(value), readable=False)


@lru_cache(maxsize=8192)
def _content_of_number(number: str, manner: Manner) -> Content:
    """A number cell's content, by the spelling that no other number has."""
    value = Decimal(number)
    hint = read_hint(manner.unit_hint, manner.lexicon)
    quantity = read_stored(value, percent=manner.percent_format, hint=hint)
    if quantity is None:
        return Content(str(value), readable=False)
    text = f"{plain(value.scaleb(2))}%" if manner.percent_format else plain(value)
    return Content(text, text, Phrase(quantity))


@lru_cache(maxsize=8192)
def _content_of_text(text: str, manner: Manner) -> Content:
    """A text cell's content; kept, because a round says 100% and ≥95% thousands of times."""
    grammar = grammar_of(manner.lexicon)
    words = tidy(normalise(text), manner.lexicon)
    if not words or words in grammar.blanks:
        return Content(text)
    if grammar.references.search(words):
        return Content(text, readable=False)
    period = read_period(words, manner.lexicon, manner.year)
    if period:
        return Content(text, words, period=period)
    return _read_words(text, words, manner)


def _read_words(text: str, words: str, manner: Manner) -> Content:
    """A figure that is sure, else a date among words, else a figure in a guessed unit or in a frame.

    In a text that is longer than any such, there is none.
    """
    if len(words) > LONGEST:
        return Content(text, words)
    grammar, hint = grammar_of(manner.lexicon), read_hint(manner.unit_hint, manner.lexicon)
    figures = spell_figure(words, grammar)
    phrase = read_phrase(figures, grammar, hint)
    if phrase and not (phrase.guess or phrase.frame):
        return Content(text, figures, phrase)
    period = find_period(words, manner.lexicon, manner.year)
    if period:
        return Content(text, words, period=period)
    if phrase and phrase.frame:
        return Content(text, figures, framed=phrase)
    return Content(text, figures, phrase)
