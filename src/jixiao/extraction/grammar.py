"""The patterns of the language of forms, made once from a lexicon."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, auto
from functools import lru_cache
from itertools import chain
from string import digits
from typing import TYPE_CHECKING

from jixiao.domain.text_keys import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from jixiao.domain.lexicon import Lexicon

_NUMBER = r"(?:[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?|\.[0-9]+)"
_NO_WORD = r"(?!)"


class Role(IntEnum):
    """What a word beside a figure does to it. A number, because it is looked up for every figure."""

    COMPARATOR = auto()
    ARRIVAL = auto()
    BASE = auto()
    CHANGE = auto()
    UNIT = auto()
    PLAIN = auto()
    CAUTION = auto()


_SILENT = {Role.COMPARATOR, Role.ARRIVAL, Role.PLAIN}


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

    def frame(self, text: str) -> str:
        """A text without comparison signs and words that say nothing: what its figure is about."""
        return self.pattern.sub(lambda found: "" if self.table[found[0]][0] in _SILENT else found[0], text)


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """Everything made from a lexicon.

    `quantity` finds one figure with its unit (groups number, unit, scale, scaled, rate, bracketed);
    `unit` matches a unit alone, `rate` one denominator of a rate, `guess` the words right after a figure
    that can only be a unit that no list knows (艘, 幅作品); `first_words` gives every unit's first word for
    exactly the same (㎡ → 平方米); `words` are the lexicon's lists in the project's spelling.
    """

    lexicon: Lexicon
    quantity: re.Pattern[str]
    unit: re.Pattern[str]
    rate: re.Pattern[str]
    guess: re.Pattern[str]
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
    first_words: Mapping[str, str]
    scales: Mapping[str, Decimal]
    year_units: frozenset[str]
    blanks: frozenset[str]
    masks: re.Pattern[str]
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
        rate=re.compile(_rate_part(lexicon)),
        guess=_guess_pattern(lexicon),
        range=_range_pattern(lexicon),
        joint=re.compile(any_of(lexicon.joints)),
        breakdown=re.compile(rf"\((?:{any_of(lexicon.breakdowns)})[^()]*\)$"),
        numeral=re.compile(rf"(?P<figure>[{''.join(map(re.escape, lexicon.numerals))}]+)"),
        numbering=_numbering_pattern(lexicon),
        per=re.compile(rf"{any_of(lexicon.per)}(?P<period>{any_of([*lexicon.periods, *lexicon.units])})"),
        nothing=_nothing_pattern(lexicon),
        before=_words_before(lexicon),
        after=_words_after(lexicon),
        units={normalise(word): unit for word, unit in lexicon.units.items()},
        first_words=_first_words(lexicon),
        scales={normalise(word): scale for word, scale in lexicon.scales.items()},
        year_units=frozenset(normalise(word).removeprefix("{y}") for word in lexicon.years),
        blanks=frozenset(map(normalise, chain(lexicon.dashes, lexicon.placeholders))),
        masks=re.compile(any_of(word for word in lexicon.placeholders if len(word) > 1 == len(set(word)))),
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
    """Unit, or scale with or without a unit, then denominators: 次/10万公顷, 元/(人·月), 元每人每月."""
    unit, scale = any_of(lexicon.units), any_of(lexicon.scales)
    part, joint = _rate_part(lexicon), any_of(lexicon.unit_joints)
    ends = rf"(?:(?![一-鿿])|(?={any_of(lexicon.suffixes)}))"
    parts = rf"{part}(?:{joint}{part}{ends})*"
    measure = rf"(?:(?P<unit{suffix}>{unit})|(?P<scale{suffix}>{scale})(?P<scaled{suffix}>{unit})?)?"
    return rf"{measure}(?P<rate{suffix}>(?:/\({parts}\)|(?:/|{any_of(lexicon.per)}){parts})+)?"


def _rate_part(lexicon: Lexicon) -> str:
    """One denominator of a rate: 人, 10万公顷, 10万."""
    below, scale = any_of([*lexicon.units, *lexicon.periods]), any_of(lexicon.scales)
    return rf"(?:(?:[0-9]*{scale}|[0-9]+)?{below}|[0-9]*{scale})"


def _guess_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """Few words, of which the first is no time that would make the figure a date (12月份)."""
    return re.compile(rf"(?!{any_of(lexicon.periods)})[一-鿿]{{1,6}}")


def _first_words(lexicon: Lexicon) -> Mapping[str, str]:
    first: dict[tuple[str, Decimal], str] = {}
    return {normalise(word): first.setdefault(unit, normalise(word)) for word, unit in lexicon.units.items()}


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


def _nothing_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """无重大安全事故; words with a verb (不发生) say so by themselves, 无 alone may as well mean a blank."""
    alone = any_of(word for word in lexicon.nones if len(word) > 2)  # noqa: PLR2004 - negation and a verb
    return re.compile(rf"{any_of(lexicon.nones)}{any_of(lexicon.incidents)}+|{alone}")


def _words_before(lexicon: Lexicon) -> Words:
    return _words(
        lexicon,
        _of(Role.COMPARATOR, lexicon.comparators),
        _of(Role.ARRIVAL, lexicon.arrivals),
        _of(Role.UNIT, lexicon.unit_prefixes),
    )


def _words_after(lexicon: Lexicon) -> Words:
    counted = ((normalise(word), (Role.PLAIN, "")) for word in lexicon.counted)
    return _words(lexicon, _of(Role.COMPARATOR, lexicon.suffixes), counted)


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
