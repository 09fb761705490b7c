"""The patterns of the language of forms, made once from a lexicon."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import chain
from string import digits
from typing import TYPE_CHECKING

from jixiao.extraction.spelling import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from jixiao.domain.scheme import Lexicon

_NUMBER = r"(?:[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?|\.[0-9]+)"
_NO_WORD = r"(?!)"


class Role(Enum):
    """What a word beside a figure does to it."""

    COMPARATOR = auto()
    ARRIVAL = auto()
    BASE = auto()
    CHANGE = auto()
    UNIT = auto()
    PLAIN = auto()
    CAUTION = auto()


@dataclass(frozen=True, slots=True)
class Words:
    """Words with what each does and stands for, and the pattern that finds the longest of them."""

    table: Mapping[str, tuple[Role, str]]
    pattern: re.Pattern[str]

    def scan(self, text: str) -> tuple[list[tuple[Role, str]], str]:
        """The known words of a text in order, and what is left of it without them."""
        if not text:
            return [], ""
        known = self.table.get(text)
        if known:
            return [known], ""
        return [self.table[word] for word in self.pattern.findall(text)], self.pattern.sub("", text)


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """Everything made from a lexicon.

    `quantity` finds one figure with its unit (groups number, unit, scale, scaled, rate, bracketed);
    `unit` matches a unit alone; `words` are the lexicon's lists in the project's spelling.
    """

    lexicon: Lexicon
    quantity: re.Pattern[str]
    unit: re.Pattern[str]
    range: re.Pattern[str]
    joint: re.Pattern[str]
    breakdown: re.Pattern[str]
    numeral: re.Pattern[str]
    numbering: re.Pattern[str]
    per: re.Pattern[str]
    nothing: re.Pattern[str]
    before: Words
    after: Words
    units: Mapping[str, tuple[str, Decimal]]
    scales: Mapping[str, Decimal]
    year_units: frozenset[str]
    blanks: frozenset[str]
    zeros: frozenset[str]
    wholes: frozenset[str]
    relative: re.Pattern[str]
    references: re.Pattern[str]


@lru_cache(maxsize=16)
def grammar_of(lexicon: Lexicon) -> Grammar:
    """The patterns of a lexicon; made at the first call, then looked up by the lexicon's identity."""
    unit = _unit_pattern(lexicon)
    return Grammar(
        lexicon=lexicon,
        quantity=re.compile(rf"(?P<number>{_NUMBER})(?:\((?:{_unit_pattern(lexicon, 'b')})\)|{unit})"),
        unit=re.compile(unit),
        range=_range_pattern(lexicon),
        joint=re.compile(any_of(lexicon.joints)),
        breakdown=re.compile(rf"\((?:{any_of(lexicon.breakdowns)})[^()]*\)$"),
        numeral=re.compile(rf"(?P<figure>[{''.join(map(re.escape, lexicon.numerals))}]+)"),
        numbering=_numbering_pattern(lexicon),
        per=re.compile(rf"{any_of(lexicon.per)}(?P<period>{any_of([*lexicon.periods, *lexicon.units])})"),
        nothing=re.compile(rf"{any_of(lexicon.nones)}{any_of(lexicon.incidents)}+"),
        before=_words_before(lexicon),
        after=_words_after(lexicon),
        units={normalise(word): unit for word, unit in lexicon.units.items()},
        scales={normalise(word): scale for word, scale in lexicon.scales.items()},
        year_units=frozenset(normalise(word).removeprefix("{y}") for word in lexicon.years),
        blanks=frozenset(map(normalise, chain(lexicon.dashes, lexicon.placeholders))),
        zeros=frozenset(map(normalise, lexicon.zeros)),
        wholes=frozenset(map(normalise, lexicon.wholes)),
        relative=re.compile(any_of(lexicon.relative)),
        references=re.compile(any_of(lexicon.references)),
    )


def any_of(words: Iterable[str]) -> str:
    """A pattern for the longest of some words; Latin ones do not end inside a longer Latin word."""
    spelled = sorted({normalise(word) for word in words}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_escape, spelled))})" if spelled else _NO_WORD


def _escape(word: str) -> str:
    return re.escape(word) + (r"(?![A-Za-z])" if word[-1:].isascii() and word[-1:].isalpha() else "")


def _unit_pattern(lexicon: Lexicon, suffix: str = "") -> str:
    """Unit, or scale with or without a unit, then a rate's denominators: 次/10万公顷."""
    unit, scale = any_of(lexicon.units), any_of(lexicon.scales)
    below = any_of([*lexicon.units, *lexicon.periods])
    measure = rf"(?:(?P<unit{suffix}>{unit})|(?P<scale{suffix}>{scale})(?P<scaled{suffix}>{unit})?)?"
    return rf"{measure}(?P<rate{suffix}>(?:/(?:[0-9]+{scale}?|{scale})?{below}(?:·{below})?)+)?"


def _range_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    unit = rf"(?:{any_of(lexicon.scales)}?{any_of(lexicon.units)}|{any_of(lexicon.scales)})?"
    rate = r"(?:/[^\s()]+)?"
    return re.compile(
        rf"(?P<low>-?{_NUMBER})(?P<low_unit>{unit})(?:{any_of(lexicon.connectors)})"
        rf"(?P<high>-?{_NUMBER})(?P<high_unit>{unit}{rate}?)(?:{any_of(lexicon.range_ends)})?"
    )


def _numbering_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """The blank form's numbering before an indicator's name: 指标1：, 指标2 or 指标3."""
    words = any_of(word.rstrip(digits) for word in lexicon.placeholders if word[-1] in digits)
    return re.compile(rf"^{words}\s*\d{{1,2}}\s*(?:[:：、)）]\s*(?=\S)|[.．]?\s*(?=[^\s\d:：、)）]))")


def _words_before(lexicon: Lexicon) -> Words:
    return _words(
        lexicon,
        _of(Role.COMPARATOR, lexicon.comparators),
        _of(Role.ARRIVAL, lexicon.arrivals),
        _of(Role.UNIT, lexicon.unit_prefixes),
    )


def _words_after(lexicon: Lexicon) -> Words:
    return _words(lexicon, _of(Role.COMPARATOR, lexicon.suffixes))


def _words(lexicon: Lexicon, *own: Iterator[tuple[str, tuple[Role, str]]]) -> Words:
    """Words by role; where one word has two, the role that is named last wins."""
    names = [change + noun for change in lexicon.changes for noun in lexicon.change_nouns]
    plain = chain(lexicon.fillers, lexicon.harmless, names)
    pairs = chain(
        ((normalise(word), (Role.CAUTION, "")) for word in chain(lexicon.relative, lexicon.cautions)),
        _of(Role.BASE, lexicon.bases),
        _of(Role.CHANGE, lexicon.changes),
        ((normalise(word), (Role.PLAIN, "")) for word in plain),
        *own,
    )
    table = dict(pairs)
    return Words(table, re.compile(any_of(table)))


def _of(role: Role, words: Mapping[str, str]) -> Iterator[tuple[str, tuple[Role, str]]]:
    return ((normalise(word), (role, meaning)) for word, meaning in words.items())
