"""Dates and periods as departments write them: 2024年11月20日, 9月底, 三季度, 年底前."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.text_keys import normalise
from jixiao.extraction.grammar import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jixiao.domain.lexicon import Lexicon

_ANY_YEAR = 4
"""Stands for the year where none is known; a leap year, so that 29 February exists."""
_LONGEST = 40
_EDGES = "。;,、:! "
_FIELD = re.compile(r"\{([ymd])\}")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Period:
    """From a first to a last day. `yearless`: only month and day count.

    `before`: the text says "up to" it; whether a longer period is itself included is read in two ways.
    `until`: it says so with the period included (≤, 截至). `words` are those around the date that say more
    than that something was done by then.
    """

    first: date
    last: date
    yearless: bool = False
    before: bool = False
    until: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """A way of writing a date: its fields in order, the years to add (None: no year said), its days."""

    fields: tuple[str, ...]
    offset: int | None
    days: tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Calendar:
    """Ways of writing dates by their shape (digits as "#"), and the words that may stand around one."""

    forms: Mapping[str, _Form]
    lead: re.Pattern[str]
    trail: re.Pattern[str]
    before: re.Pattern[str]
    within: re.Pattern[str]
    until: re.Pattern[str]
    inside: re.Pattern[str]
    every: re.Pattern[str]
    done: re.Pattern[str]


def read_period(text: str, lexicon: Lexicon, year: int | None = None) -> Period | None:
    """The date or period that a normalised text states and nothing else; None for any other text.

    `year` completes a date that has none. Words of completion may stand around the date.
    """
    if not text or len(text) > _LONGEST:
        return None
    calendar = _calendar_of(lexicon)
    core = calendar.trail.sub("", calendar.lead.sub("", text)).strip()
    bare = calendar.before.sub("", core)
    before, core = bare != core, calendar.within.sub("", bare)
    form = calendar.forms.get(_YEAR.sub("#", core)) or calendar.forms.get(_DIGITS.sub("#", core))
    if form is None:
        return None
    found = (_YEAR if "m" not in form.fields else _DIGITS).findall(core)
    try:
        period = _period(form, dict(zip(form.fields, map(int, found), strict=True)), year, before=before)
    except (ValueError, OverflowError):
        return None
    return replace(period, until=True) if period and calendar.until.match(text) else period


def find_period(text: str, lexicon: Lexicon, year: int | None = None) -> Period | None:
    """The one date in a phrase without any other figure: 于9月30日前拨付到位, 12月底前完成项目建设.

    Only where a word says "before" or that something is done; None for 上半年平稳运行 and for what recurs
    (每月10日前).
    """
    if len(text) > _LONGEST:
        return None
    calendar = _calendar_of(lexicon)
    found = calendar.inside.search(text)
    if found is None:
        return None
    around = f"{text[: found.start()]}{text[found.end() :]}"
    if _DIGITS.search(around) or calendar.every.search(text[: found.start()]):
        return None
    period = read_period(found[0], lexicon, year)
    if period is None or not (period.before or period.until or calendar.done.search(around)):
        return None
    words = calendar.trail.sub("", calendar.lead.sub("", calendar.done.sub("", around)))
    return replace(period, words=words.strip(_EDGES))


def earliest_end(period: Period) -> date:
    """The last day up to which "before the period" is kept under every reading: 31 August for 9月前."""
    if not period.before or period.first == period.last:
        return period.last
    return period.first - timedelta(days=1)


def _period(form: _Form, fields: Mapping[str, int], year: int | None, *, before: bool) -> Period | None:
    """The days of a form.

    Raises:
        ValueError: there is no such month or day, or a year is needed that nobody knows.
        OverflowError: a day of more digits than any number of days has.
    """
    known = fields.get("y", year)
    if known is None and form.offset:
        return None
    if known is not None and not _ANY_YEAR <= known < MAXYEAR:
        return None
    if "y" in fields and not _YEAR.fullmatch(str(known)):
        return None
    number = _ANY_YEAR if known is None else known + (form.offset or 0)
    first, last = (_day(each, number, fields) for each in form.days)
    return Period(first, last, yearless=known is None, before=before)


def _day(template: str, year: int, fields: Mapping[str, int]) -> date:
    month, day = template.split("-")
    number = fields["m"] if month == "{m}" else int(month)
    if day == "{d}":
        return date(year, number, fields["d"])
    if not 1 <= number <= 12:  # noqa: PLR2004 - months; monthrange raises its own error type
        raise ValueError(number)
    return date(year, number, min(int(day), monthrange(year, number)[1]))


@lru_cache(maxsize=16)
def _calendar_of(lexicon: Lexicon) -> _Calendar:
    done = any_of(lexicon.done)
    until = any_of(lexicon.until)
    return _Calendar(
        dict(_forms(lexicon)),
        re.compile(rf"^(?:{done}|{until})+"),
        re.compile(rf"{done}+$"),
        re.compile(rf"{any_of(lexicon.before)}$"),
        re.compile(rf"{any_of(lexicon.within)}$"),
        re.compile(rf"{done}*{until}"),
        _inside_pattern(lexicon),
        re.compile(rf"{any_of(lexicon.per)}$"),
        re.compile(any_of(word for word in lexicon.done if len(word) > 1)),
    )


def _inside_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """A date inside a text: with a month or a quarter, or a year and its end; a year alone is a name's."""
    yearless = [form for form in lexicon.dates if "{y}" not in form]
    months = _any_spelled(form for form in lexicon.dates if "{m}" in form)
    alone = _any_spelled(form for form in yearless if len(form) > 1)
    after = rf"(?:{any_of(lexicon.within)})?(?:{any_of(lexicon.before)})?"
    date_of_year = rf"(?:{_any_spelled(lexicon.years)})(?:{_any_spelled(yearless)})"
    return re.compile(
        rf"(?:{any_of(lexicon.until)})?(?<![0-9])(?:{date_of_year}|(?:{months})|(?:{alone})){after}"
    )


def _any_spelled(forms: Iterable[str]) -> str:
    """A pattern for the longest of some ways of writing a date."""
    return "|".join(sorted(map(_spelled, forms), key=len, reverse=True))


def _spelled(form: str) -> str:
    """A way of writing a date as a pattern."""
    spelled = re.escape(normalise(form)).replace(r"\{y\}", r"(?:19|20)[0-9]{2}")
    return spelled.replace(r"\{m\}", "[0-9]{1,2}").replace(r"\{d\}", "[0-9]{1,2}(?![0-9])")


def _forms(lexicon: Lexicon) -> Iterator[tuple[str, _Form]]:
    """Every way of writing a date by its shape, those without a year also behind each way to write one."""
    for form, days in lexicon.dates.items():
        yield _shape(form), _Form(_fields(form), 0 if "{y}" in form else None, days)
        if "{y}" not in form:
            for word, offset in lexicon.years.items():
                yield _shape(word + form), _Form(_fields(word + form), offset, days)


def _fields(form: str) -> tuple[str, ...]:
    return tuple(_FIELD.findall(form))


def _shape(form: str) -> str:
    return _FIELD.sub("#", normalise(form))
