"""Which years a scheme is for, and what of it holds in one: the dated amendments of its files.

An amendment is a table of the array `since`: from its `year` on, whatever it says lies over its file, as a
scheme lies over the one it extends. The rules of a round are settled when they are loaded; nothing that
works with them knows of dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.loading.sources import OWN, SINCE, SchemeError, Source, problem_at
from jixiao.catalog.loading.tables import Table
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.catalog.loading.sources import KeyPath, SchemeProblem

EARLIEST, LATEST = 2000, 2100
"""Years outside are slips of the pen."""
_YEAR, _BASIS = "year", "basis"
_UNDATED = frozenset({*OWN - {"remove"}, "first_year", "last_year"})
"""What is true of a file as a whole."""


class Amendment(NamedTuple):
    """What changes from a year on, as a layer over its file; `basis` says by which document."""

    year: int
    basis: str
    layer: Source


def read_amendments(source: Source) -> tuple[Amendment, ...]:
    """The amendments of a file, earliest first.

    Raises:
        SchemeError: one has no year or the year of another, or says what cannot change; carries all problems.
    """
    problems: list[SchemeProblem] = []

    def report(path: KeyPath, message: str) -> None:
        problems.append(problem_at([source], path, message))

    found = tuple(_read(source, report_to=Table(report, (), source.data)))
    if problems:
        raise SchemeError(*problems)
    return tuple(sorted(found, key=lambda each: each.year))


def _read(source: Source, report_to: Table) -> Iterator[Amendment]:
    seen: set[int] = set()
    for table in report_to.rows(SINCE) if report_to.has(SINCE) else ():
        year, basis = table.integer(_YEAR, low=EARLIEST, high=LATEST), table.text(_BASIS, "")
        if year in seen:
            table.report(say("{year} 年度起的修订已在上面写过，请并作一处。", year=year), _YEAR)
        for key in sorted(_UNDATED & set(table.names)):
            table.report(say("“{key}”说的是整个方案，不能按年度修订。", key=key), key)
        seen.add(year)
        data = table.values_without(_YEAR, _BASIS)
        yield Amendment(year, basis, Source(source.file, source.text, data, table.path))


def layers_in(files: Sequence[Source], year: int | None) -> tuple[Source, ...]:
    """What holds in a year (None: the latest rules): every file below its amendments up to then.

    Raises:
        SchemeError: an amendment is not written as one.
    """
    layers: list[Source] = []
    for file in files:
        amendments = (each for each in read_amendments(file) if year is None or each.year <= year)
        layers += [*reversed([each.layer for each in amendments]), file]
    return tuple(layers)


def changes_of(files: Sequence[Source]) -> tuple[Amendment, ...]:
    """The amendments of a file and of those it extends, earliest first.

    Raises:
        SchemeError: an amendment is not written as one.
    """
    return tuple(
        sorted((each for file in files for each in read_amendments(file)), key=lambda each: each.year)
    )


def years_covered(data: Mapping[str, object]) -> tuple[int | None, int | None]:
    """The first and the last year of a merged scheme, None where it is open or no whole number."""
    first, last = (data.get(key) for key in ("first_year", "last_year"))
    return first if isinstance(first, int) else None, last if isinstance(last, int) else None


def covers(years: tuple[int | None, int | None], year: int) -> bool:
    """Whether a year lies within the two, which both belong to it."""
    first, last = years
    return (first is None or first <= year) and (last is None or year <= last)


def in_words(years: tuple[int | None, int | None]) -> str:
    """The years as one says them: 2020 年度及以后."""
    first, last = years
    if first is None and last is None:
        return say("各年度")
    if first is None:
        return say("{last} 年度及以前", last=last)
    if last is None:
        return say("{first} 年度及以后", first=first)
    return (
        say("{first} 年度", first=first)
        if first == last
        else say("{first}—{last} 年度", first=first, last=last)
    )


def nearest(years: tuple[int | None, int | None], year: int) -> int:
    """The year itself where it is covered, else the first or the last that is."""
    first, last = years
    if first is not None and year < first:
        return first
    return last if last is not None and year > last else year
