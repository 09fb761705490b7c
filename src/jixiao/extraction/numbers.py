"""Figures in texts with their units, written in digits or in Chinese characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import round_half_up, step_of
from jixiao.domain.quantities import Quantity
from jixiao.domain.text_keys import normalise
from jixiao.extraction.grammar import grammar_of

if TYPE_CHECKING:
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.grammar import Grammar


_DIGIT = re.compile(r"[0-9]")
_TEN, _HUNDRED = Decimal(10), Decimal(100)


def spell_figure(text: str, grammar: Grammar) -> str:
    """The text in digits where it is a numeral up to 100 with a unit or comparator and nothing else.

    Any other text comes back unchanged: 一次性, 三公 and 第一 are words.
    """
    if not grammar.numeral.search(text) or _DIGIT.search(text):
        return text
    spelled = (_spelled(text, found, grammar) for found in grammar.numeral.finditer(text))
    return next((each for each in spelled if each), text)


def read_numeral(text: str, grammar: Grammar) -> Decimal | None:
    """The value of a numeral from 0 to 100; None for any other sequence of its characters (三五, 二〇)."""
    values = [grammar.lexicon.numerals[character] for character in text]
    if len(values) == 1:
        return values[0]
    return _composed([Decimal(1), *values] if values[0] == _TEN else values)


def _spelled(text: str, found: re.Match[str], grammar: Grammar) -> str:
    """The text with the numeral in digits, "" where anything around it is more than unit and comparator."""
    number = read_numeral(found["figure"], grammar)
    if number is None:
        return ""
    before, after = text[: found.start()], text[found.end() :]
    unit = grammar.unit.match(after)
    length = unit.end() if unit else 0
    roles, rest_before = grammar.before.scan(before)
    _, rest_after = grammar.after.scan(after[length:])
    known = not rest_before and not rest_after and (length > 0 or bool(roles))
    return f"{before}{number}{after}" if known else ""


def _composed(values: list[Decimal]) -> Decimal | None:
    """Tens, the word ten, ones: 二十三; or one hundred: 一百."""
    if values == [Decimal(1), _HUNDRED]:
        return _HUNDRED
    if not 2 <= len(values) <= 3 or values[1] != _TEN or not 1 <= values[0] < _TEN:  # noqa: PLR2004 - parts
        return None
    ones = sum(values[2:], Decimal(0))
    return values[0] * _TEN + ones if ones < _TEN else None


__all__ = ["Measure", "normalise", "parse_quantity"]

_ONE = Decimal(1)
_PERCENT = "%"
DIGIT = re.compile(r"[0-9]")
"""Whether a text says any figure at all."""
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)?(?:\.[0-9]+)?")
_BRACKETED = re.compile(r"\(([0-9]*[,.][0-9,.]*)\)")
_FIGURE_BELOW = re.compile(r"[0-9]+")
_SMALL = 10
_MOST_DIGITS = 20
"""More digits than any budget has; with fewer, scaling stays exact in the 28 digits of the arithmetic."""
_STORED_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; what a stored float has beyond is binary dust."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as printed: its dimension, how many base units one is, and how many its unit word alone is.

    万元 has the factor 10000 and the unit factor 1. `scaled` says that a scale word was printed.
    """

    dimension: str = ""
    factor: Decimal = _ONE
    unit_factor: Decimal = _ONE
    printed: str = ""
    scaled: bool = False

    def quantity(self, number: Decimal) -> Quantity:
        """A number in this unit."""
        step = step_of(number) * self.factor
        return Quantity(number * self.factor, self.dimension, step, self.factor, self.printed)

    def within(self, hint: Measure, number: Decimal) -> Measure:
        """This unit completed by the one that the indicator's name announces.

        What the cell prints goes before. A small bare figure under a % may be a fraction typed without its
        format (0.97, 1.2), so the % is not taken over: comparing then considers both readings.
        """
        if self.dimension or not hint.printed:
            return self
        if self.scaled:
            return Measure(hint.dimension, self.factor * hint.unit_factor, _ONE, self.printed, scaled=True)
        return self if hint.dimension == _PERCENT and 0 < abs(number) <= _SMALL else hint


PERCENT = Measure(_PERCENT, printed=_PERCENT)


def parse_quantity(text: str, lexicon: Lexicon) -> Quantity | None:
    """The quantity that a text states, if it is a figure with its unit and nothing else; else None.

    Thousands separators must stand where they belong. "约500" and "100以上" are no exact figures, "12 3" and
    "1.2.3" none at all. Accountants' brackets make a negative where the figure in them has a separator or a
    decimal point; "(3)" is numbering.
    """
    text = normalise(text)
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        text = f"-{bracketed[1]}"
    grammar = grammar_of(lexicon)
    found = grammar.quantity.fullmatch(text.removeprefix("-").removeprefix("+"))
    number = read_number(found["number"]) if found and text[:2] not in {"-+", "+-"} else None
    if found is None or number is None:
        return None
    return measure_of(found, grammar).quantity(-number if text.startswith("-") else number)


def read_number(text: str) -> Decimal | None:
    """An unsigned number in plain digits; None where separators are misplaced or it is absurdly long."""
    if not text or not _NUMBER.fullmatch(text):
        return None
    digits = text.replace(",", "")
    return Decimal(digits) if len(digits) <= _MOST_DIGITS else None


def read_stored(value: Decimal, *, percent: bool, hint: Measure) -> Quantity | None:
    """A number cell as a quantity: 0.97 in a percent format is 97 %; None for NaN and infinities."""
    if not value.is_finite():
        return None
    if len(value.as_tuple().digits) > _STORED_DIGITS:
        value = round_half_up(value, _STORED_DIGITS - 1 - value.adjusted()).normalize()
    if percent:
        return PERCENT.quantity(value.scaleb(2))
    return Measure().within(hint, value).quantity(value)


def measure_of(found: re.Match[str], grammar: Grammar) -> Measure:
    """The unit that a match of the quantity pattern printed."""
    suffix = "" if found["unitb"] is None and found["scaleb"] is None and found["rateb"] is None else "b"
    unit, scale = found[f"unit{suffix}"] or found[f"scaled{suffix}"], found[f"scale{suffix}"]
    rate = found[f"rate{suffix}"] or ""
    below = denominators(rate, grammar) if rate else ""
    dimension, factor = grammar.units[unit] if unit else ("", _ONE)
    scaling = grammar.scales[scale] if scale else _ONE
    printed = f"{scale or ''}{unit or ''}{rate}"
    return Measure(dimension + below, factor * scaling, factor, printed, scaled=scale is not None)


@lru_cache(maxsize=4096)
def denominators(rate: str, grammar: Grammar) -> str:
    """The denominators of a rate in one spelling and order: /人·月, /月/人 and 每人每月 are all /人/月."""
    parts = (_first_word(part, grammar) for part in grammar.rate.findall(rate))
    return "".join(f"/{part}" for part in sorted(parts))


def _first_word(part: str, grammar: Grammar) -> str:
    figure = _FIGURE_BELOW.match(part)
    start = figure.end() if figure else 0
    return part[:start] + grammar.first_words.get(part[start:], part[start:])


@lru_cache(maxsize=4096)
def read_hint(text: str, lexicon: Lexicon) -> Measure:
    """The unit in an indicator's name, "次" or "万元"; no unit where the text is anything else."""
    if not text:
        return Measure()
    grammar = grammar_of(lexicon)
    found = grammar.quantity.fullmatch(f"1{normalise(text)}")
    return measure_of(found, grammar) if found and found["number"] == "1" else Measure()
