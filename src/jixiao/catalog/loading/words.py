"""Words of the language of forms: seeds/lexicon.toml, and seeds/words.toml that a jurisdiction has confirmed.

In the latter a table is a form, an address a key: a field ("department"), a row ("funds.total"), a column
("funds..executed"); its words are added to the labels of the form's layout.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from jixiao.catalog.loading.seeds import form_ids, words_path
from jixiao.catalog.loading.sources import SchemeError, read_source
from jixiao.catalog.loading.tables import Document
from jixiao.domain.forms import TableKind
from jixiao.domain.lexicon import Lexicon
from jixiao.domain.quantities import LEVELS, Comparator
from jixiao.domain.text_keys import has_words, label_key
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal
    from pathlib import Path

    from jixiao.catalog.loading.tables import Table
    from jixiao.domain.forms import FormLayout, TableLayout


TOTAL = "total"
"""The row of an indicator table or a list that totals the others."""
LearntWords = dict[str, dict[str, tuple[str, ...]]]
"""Label words by form id and address."""


def load_words(*seeds: Path) -> LearntWords:
    """The confirmed words; none where the jurisdiction has no such file.

    Raises:
        SchemeError: the file is not TOML, or names a form that there is not; carries all problems.
    """
    path = words_path(*seeds)
    if not path.is_file():
        return {}
    document = Document([read_source(path)])
    known = form_ids(*seeds)
    words: LearntWords = {}
    for name in document.root.names:
        table = document.root.table(name)
        if table is None:
            continue
        if name not in known:
            document.root.report(
                say("没有名为“{name}”的报送表，可用：{known}。", name=name, known=say("、").join(known)), name
            )
        words[name] = {address: table.texts(address) for address in table.names}
    if not document.sound():
        raise SchemeError(*document.problems)
    return words


def with_words(layout: FormLayout, words: Mapping[str, tuple[str, ...]]) -> FormLayout:
    """The layout with further labels at their addresses; addresses that lead nowhere change nothing."""
    fields = tuple(replace(each, labels=_joined(each.labels, words.get(each.name))) for each in layout.fields)
    return replace(layout, fields=fields, tables=tuple(_with_words(each, words) for each in layout.tables))


def refute_words(layout: FormLayout, words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """(address, what is wrong in Chinese): no such place on the form, or a word that means something else."""
    addresses = dict(_addresses(layout))
    for address, texts in words.items():
        if address not in addresses:
            yield address, say("《{title}》没有“{address}”这个位置。", title=layout.title, address=address)
            continue
        own, group = addresses[address]
        for text in texts:
            others = (each for each in addresses if each != address and addresses[each][1] == group)
            taken = next((each for each in others if label_key(text) in _keys(each, layout)), "")
            if not label_key(text) or not has_words(text):
                yield address, say("“{text}”没有可以比对的文字。", text=text)
            elif taken:
                yield (
                    address,
                    say(
                        "“{text}”已是“{addresses}”的用语，不能又作“{own}”。",
                        text=text,
                        addresses=addresses[taken][0],
                        own=own,
                    ),
                )


def address_titles(layout: FormLayout) -> dict[str, str]:
    """Every place of a form that has words, with its Chinese name, in the layout's order."""
    return {address: title for address, (title, _) in _addresses(layout)}


def _addresses(layout: FormLayout) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every address with its title and the group inside which a word can mean one thing only."""
    for field in layout.fields:
        yield field.name, (field.title, "")
    for table in layout.tables:
        for item in table.items:
            yield f"{table.name}.{item.name}", (item.title, f"{table.name}.")
        if table.kind is not TableKind.LINES and table.total_labels:
            yield f"{table.name}.{TOTAL}", (table.total_labels[0], f"{table.name}.")
        for column in table.columns:
            yield f"{table.name}..{column.name}", (column.title, f"{table.name}..")


def _keys(address: str, layout: FormLayout) -> set[str]:
    table_name, _, rest = address.partition(".")
    if not rest:
        labels = next(each.labels for each in layout.fields if each.name == address)
    else:
        table = layout.table(table_name)
        item, _, column = rest.rpartition(".") if rest.startswith(".") else (rest, "", "")
        if column:
            labels = table.column(column).labels
        elif table.items:
            labels = next(each.labels for each in table.items if each.name == item)
        else:
            labels = table.total_labels
    return {label_key(each) for each in labels}


def _with_words(table: TableLayout, words: Mapping[str, tuple[str, ...]]) -> TableLayout:
    total = words.get(f"{table.name}.{TOTAL}") if not table.items else None
    return replace(
        table,
        items=tuple(
            replace(each, labels=_joined(each.labels, words.get(f"{table.name}.{each.name}")))
            for each in table.items
        ),
        columns=tuple(
            replace(each, labels=_joined(each.labels, words.get(f"{table.name}..{each.name}")))
            for each in table.columns
        ),
        total_labels=_joined(table.total_labels, total),
    )


def _joined(labels: tuple[str, ...], further: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*labels, *(further or ()))))


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
        root.report(say("缺少“{key}”（表）。", key=key), key)
    return found


def _signs(root: Table, key: str) -> Mapping[str, str]:
    table = _inner(root, key)
    return {word: table.choice(word, list(Comparator)).value for word in table.names} if table else {}


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
                table.report(say("单位“{word}”已归入“{units}”。", word=word, units=units[word][0]), word)
            units[word] = (table.name, _factor(table, word))
    return units


def _factor(table: Table, word: str) -> Decimal:
    factor = table.decimal(word)
    if factor == 0:
        table.report(say("换算系数必须大于 0。"), word)
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
            root.report(say("应为“月-日”或“月-日..月-日”，现为“{days}”。", days=days), "dates", form)
    return found


def _levels(root: Table) -> Mapping[str, tuple[str, ...]]:
    table = _inner(root, "levels")
    if table is None:
        return {}
    found = {level: table.texts(level) for level in LEVELS}
    table.close()
    return found
