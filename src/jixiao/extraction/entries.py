"""One cell into one entry: what it holds, the figure in the project's units, and how finely it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, MoneyUnit, plain, round_half_up, step_of
from jixiao.domain.cells import CellError, CellRef, UnstoredFormula, Value
from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import Entry, State
from jixiao.extraction.labels import compact
from jixiao.extraction.numbers import parse_quantity

if TYPE_CHECKING:
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.quantities import Quantity

_FORMAT_PLACES = re.compile(r"[#0?](?:\.([0#?]+))?")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_OUT_OF = re.compile(r"(\d+(?:\.\d+)?)分?/(\d+(?:\.\d+)?)分?")
_DUST = 9
"""Decimals kept of a stored float: what lies beyond is binary dust of a spreadsheet's sum."""
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a cell: as what, in which unit of money, with whose words."""

    kind: ValueKind
    unit: MoneyUnit
    lexicon: Lexicon


def read_entry(value: Value | None, number_format: str, ref: CellRef, reading: Reading) -> Entry:
    """Read a cell as the kind of thing its label asks for.

    A number stored with more decimals than its format shows counts as shown where it is a score or a rate
    (that is what the department reports), and as stored where it is an amount (so that no rate is refuted
    for digits that are merely hidden). A bare rate of at most 1 is a fraction: 0.97 is 97 %.
    """
    if isinstance(value, Decimal):
        return _read_number(value, number_format, ref, reading)
    if isinstance(value, CellError):
        return Entry(ref, State.ERROR, value.text)
    if isinstance(value, UnstoredFormula):
        return Entry(ref, State.UNSTORED, value.formula)
    return _read_text("" if value is None else str(value).strip(), ref, reading)


def format_places(number_format: str) -> int | None:
    """Decimals that a number format shows; None for General, dates and text."""
    positive = _LITERALS.sub("", number_format.split(";", maxsplit=1)[0])
    found = _FORMAT_PLACES.findall(positive)
    return len(found[-1]) if found and "General" not in positive else None


def _read_number(value: Decimal, number_format: str, ref: CellRef, reading: Reading) -> Entry:
    percent = "%" in _LITERALS.sub("", number_format)
    places = format_places(number_format)
    exact = _without_dust(value * HUNDRED if percent else value)
    if reading.kind is ValueKind.PERCENT and not percent and abs(exact) <= 1:
        exact, places = exact.scaleb(2), None
    shown = exact if places is None else round_half_up(exact, places)
    step = step_of(shown) if places is None else _ONE.scaleb(-places)
    text = plain(shown) if places is None else f"{shown:{',' if ',' in number_format else ''}.{places}f}"
    text += "%" if percent else ""
    if reading.kind is ValueKind.TEXT:
        return Entry(ref, State.TEXT, text)
    if reading.kind is ValueKind.AMOUNT:
        return Entry(ref, State.NUMBER, text, exact * reading.unit.in_wan, step * reading.unit.in_wan)
    return Entry(ref, State.NUMBER, text, shown, step)


def _read_text(text: str, ref: CellRef, reading: Reading) -> Entry:
    if not text:
        return Entry(ref, State.BLANK)
    if compact(text) in reading.lexicon.dashes:
        return Entry(ref, State.DASH, text)
    if reading.kind in {ValueKind.TEXT, ValueKind.YEAR}:
        return Entry(ref, State.TEXT, text)
    if reading.kind is ValueKind.AMOUNT and compact(text) in reading.lexicon.nothings:
        return Entry(ref, State.DASH, text)
    quantity = parse_quantity(_earned(text) if reading.kind is ValueKind.SCORE else text, reading.lexicon)
    factor = _factor(quantity, text, reading) if quantity else None
    if quantity is None or factor is None:
        return Entry(ref, State.TEXT, text)
    return Entry(ref, State.NUMBER, text, quantity.value * factor, quantity.step * factor, as_text=True)


def _earned(text: str) -> str:
    """What a score written "9.5/10" earned; the text itself where it is none of at least as many points."""
    found = _OUT_OF.fullmatch(compact(text))
    return found[1] if found and Decimal(found[1]) <= Decimal(found[2]) else text


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
