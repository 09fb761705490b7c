"""Small Chinese numerals: 三次, 两部, 百分之九十五."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
