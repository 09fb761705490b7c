"""The words of the language of forms: seeds/lexicon.toml as a Lexicon."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

from jixiao.catalog.documents import Document
from jixiao.catalog.problems import SchemeError
from jixiao.catalog.sources import read_source
from jixiao.domain.quantities import Comparator
from jixiao.domain.scheme import Lexicon

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from jixiao.catalog.tables import Table

_SIGNS = tuple(sign for sign in Comparator if sign is not Comparator.BETWEEN)
_LEVELS = ("reached", "partly", "missed")
_FURTHEST_YEAR = 5
_DAY = re.compile(r"(?:\d{1,2}|\{m\})-(?:\d{1,2}|\{d\})")


def load_lexicon(path: Path) -> Lexicon:
    """Read a lexicon; each of its tables is the field of the same name.

    Raises:
        SchemeError: with every problem of the file, each naming line and key.
    """
    document = Document([read_source(path)])
    lexicon = _read(document.root)
    document.root.close()
    if document.problems:
        raise SchemeError(*document.problems)
    return lexicon


def _read(root: Table) -> Lexicon:
    lists = {each.name: root.texts(each.name) for each in fields(Lexicon) if each.type == "tuple[str, ...]"}
    return Lexicon(
        **lists,
        comparators=_signs(root, "comparators"),
        suffixes=_signs(root, "suffixes"),
        arrivals=_signs(root, "arrivals"),
        directions=_signs(root, "directions"),
        signs=_signs(root, "signs"),
        changes=_words(root, "changes"),
        bases=_words(root, "bases"),
        units=_units(root),
        unit_prefixes=_words(root, "unit_prefixes"),
        scales=_numbers(root, "scales"),
        directed_percent=root.decimal("directed_percent"),
        numerals=_numbers(root, "numerals"),
        years=_years(root),
        dates=_dates(root),
        levels=_levels(root),
        foreign=_lists(root, "foreign"),
    )


def _inner(root: Table, key: str) -> Table | None:
    found = root.table(key)
    if found is None and not root.has(key):
        root.report(f"缺少“{key}”（表）。", key)
    return found


def _signs(root: Table, key: str) -> Mapping[str, str]:
    table = _inner(root, key)
    return {word: table.choice(word, _SIGNS).value for word in table.names} if table else {}


def _words(root: Table, key: str) -> Mapping[str, str]:
    table = _inner(root, key)
    return {word: table.text(word) for word in table.names} if table else {}


def _lists(root: Table, key: str) -> Mapping[str, tuple[str, ...]]:
    table = _inner(root, key)
    return {name: table.texts(name) for name in table.names} if table else {}


def _numbers(root: Table, key: str) -> Mapping[str, Decimal]:
    table = _inner(root, key)
    return {word: table.decimal(word) for word in table.names} if table else {}


def _units(root: Table) -> Mapping[str, tuple[str, Decimal]]:
    units: dict[str, tuple[str, Decimal]] = {}
    for table in root.tables("units"):
        for word in table.names:
            if word in units:
                table.report(f"单位“{word}”已归入“{units[word][0]}”。", word)
            units[word] = (table.name, _factor(table, word))
    return units


def _factor(table: Table, word: str) -> Decimal:
    factor = table.decimal(word)
    if factor == 0:
        table.report("换算系数必须大于 0。", word)
    return factor


def _years(root: Table) -> Mapping[str, int]:
    table = _inner(root, "years")
    return {word: table.integer(word, low=0, high=_FURTHEST_YEAR) for word in table.names} if table else {}


def _dates(root: Table) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for form, days in _words(root, "dates").items():
        first, _, last = days.partition("..")
        found[form] = (first, last or first)
        if not all(map(_DAY.fullmatch, found[form])):
            root.report(f"应为“月-日”或“月-日..月-日”，现为“{days}”。", "dates", form)
    return found


def _levels(root: Table) -> Mapping[str, tuple[str, ...]]:
    table = _inner(root, "levels")
    if table is None:
        return {}
    found = {level: table.texts(level) for level in _LEVELS}
    table.close()
    return found
