"""What a target or actual cell holds before anything is made of it: a figure, a date, words, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain
from jixiao.domain.cells import CellError, UnstoredFormula
from jixiao.extraction.dates import Period, find_period, read_period
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.numbers import read_hint, read_stored
from jixiao.extraction.numerals import spell_figure
from jixiao.extraction.phrases import LONGEST, Phrase, read_phrase
from jixiao.extraction.signs import tidy
from jixiao.extraction.spelling import normalise

if TYPE_CHECKING:
    from jixiao.domain.cells import Value
    from jixiao.domain.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Manner:
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
        return _read_text(value.strip(), manner)
    if isinstance(value, Decimal):
        return _read_number(value, manner)
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Content(day.isoformat(), period=Period(day, day))
    if isinstance(value, CellError | UnstoredFormula):
        text = value.text if isinstance(value, CellError) else value.formula
        return Content(text, readable=False)
    return Content(str(value), readable=False)


def _read_number(value: Decimal, manner: Manner) -> Content:
    hint = read_hint(manner.unit_hint, manner.lexicon)
    quantity = read_stored(value, percent=manner.percent_format, hint=hint)
    if quantity is None:
        return Content(str(value), readable=False)
    text = f"{plain(value.scaleb(2))}%" if manner.percent_format else plain(value)
    return Content(text, text, Phrase(quantity))


@lru_cache(maxsize=8192)
def _read_text(text: str, manner: Manner) -> Content:
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
