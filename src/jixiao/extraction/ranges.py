"""Targets with two figures: 10-20次, 90%～95%, ≥80%且≤95%."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.quantities import Comparator, Quantity
from jixiao.extraction.grammar import Role
from jixiao.extraction.numbers import Measure, measure_of, read_number
from jixiao.extraction.phrases import LONGEST, read_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.extraction.grammar import Grammar

_YEARS = range(1900, 2101)
_STRICT = {Comparator.MORE, Comparator.LESS}
_UP = {Comparator.AT_LEAST, Comparator.MORE}
_DOWN = {Comparator.AT_MOST, Comparator.LESS}


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
    high_measure = _measure(found["high_unit"], grammar)
    low_measure = _measure(found["low_unit"], grammar) if found["low_unit"] else high_measure
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


def _measure(unit: str, grammar: Grammar) -> Measure | None:
    found = grammar.quantity.fullmatch(f"1{unit}")
    return measure_of(found, grammar) if found and found["number"] == "1" else None
