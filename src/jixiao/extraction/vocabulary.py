"""Every known form's words, indexed once, so that recognition costs the same for 3 forms and for 50."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.forms import ValueKind
from jixiao.domain.text_keys import compact, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.domain.forms import ColumnLayout, FormLayout, TableLayout

_BRACKETED = re.compile(r"\([^()]*\)")
"""What stands in brackets within a title: 项目（政策）支出绩效自评表."""
_HINT = 2
"""Titles are found by their first two characters."""
_MOST_SEEN = 65536
"""So many texts are remembered: a worker may read a whole province."""


class Vocabulary:
    """The words of a set of forms; built once a scheme.

    `words` maps a label key to what it can mean: pairs of form id and word, a word being "field",
    "table.column" or "table/item". `required` gives each form's required words with their Chinese titles,
    `common` those of them that forms of all kinds have,
    `required_fields` the label keys of each of its required fields, `heads` those of all forms together.
    `labels` are a form's words by key, `fields` the keys among them that are labels of fields.
    `surveys` are the forms that are known by the pattern of their answers instead.
    """

    def __init__(self, layouts: Sequence[FormLayout]) -> None:
        """Index titles, fields, columns and row names of the layouts."""
        self.forms = {layout.id: layout for layout in layouts}
        self.words: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.required: dict[str, dict[str, str]] = {}
        self.common: dict[str, frozenset[str]] = {}
        self.required_fields: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.surveys = tuple(
            (layout, table) for layout in layouts for table in layout.tables if table.answers is not None
        )
        self.heads: set[str] = set()
        self.labels: dict[str, dict[str, set[str]]] = {layout.id: defaultdict(set) for layout in layouts}
        self.fields: dict[str, frozenset[str]] = {}
        self._titles: dict[str, set[str]] = defaultdict(set)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        self._seen: dict[str, frozenset[str]] = {}
        for layout in layouts:
            self._add(layout)

    def titles_in(self, text: str) -> frozenset[str]:
        """The ids of the forms whose title words stand in a text, only those of the longest words found.

        Departments print the same few texts over and over: what was found in one is remembered.
        """
        found = self._seen.get(text)
        if found is None:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            clean = compact(text)
            bare = _BRACKETED.sub("", clean)
            found = self._seen[text] = self._find_titles(clean) or self._find_titles(bare) - self._out(clean)
        return found

    def _out(self, title: str) -> frozenset[str]:
        return frozenset(form for form in self.forms if self._excluded(form, title))

    def _find_titles(self, clean: str) -> frozenset[str]:
        found = [
            title
            for start in range(len(clean) - _HINT + 1)
            for length in self._lengths.get(clean[start : start + _HINT], ())
            if (title := clean[start : start + length]) in self._titles
        ]
        longest = max(found, key=len, default="")
        forms = {form for title in found if len(title) == len(longest) for form in self._titles[title]}
        return frozenset(form for form in forms if not self._excluded(form, clean))

    def found(self, keys: AbstractSet[str]) -> dict[str, set[str]]:
        """By form, which of its words the label keys of a sheet mean."""
        found: dict[str, set[str]] = defaultdict(set)
        for key in self.words.keys() & keys:
            for form, word in self.words[key]:
                found[form].add(word)
        return found

    def found_of(self, form: str, keys: AbstractSet[str]) -> set[str]:
        """The same for one form, at a cost that does not depend on how many others there are."""
        meanings = self.labels[form]
        return {word for key in meanings.keys() & keys for word in meanings[key]}

    def is_label(self, form: str, key: str) -> bool:
        """Whether a key is a label word of the form (and so not somebody's value)."""
        return key in self.labels[form]

    def _add(self, layout: FormLayout) -> None:
        self.required[layout.id] = {}
        for word, title, labels, required in _words_of(layout):
            for label in labels:
                self.words[label_key(label)].add((layout.id, word))
                self.labels[layout.id][label_key(label)].add(word)
            if required:
                self.required[layout.id][word] = title
        self.fields[layout.id] = keys_of(
            tuple(label for field in layout.fields for label in (*field.labels, *field.fallback))
        )
        variants = {
            f"{table.name}.{each.name}" for table in layout.tables for each in table.columns if each.variant
        }
        self.common[layout.id] = frozenset(self.required[layout.id].keys() - variants)
        self.required_fields[layout.id] = tuple(
            tuple(label_key(label) for label in field.labels) for field in layout.fields if field.required
        )
        self.heads.update(key for keys in self.required_fields[layout.id] for key in keys)
        for title in layout.titles:
            key = compact(title)
            self._titles[key].add(layout.id)
            self._lengths[key[:_HINT]].add(len(key))

    def _excluded(self, form: str, title: str) -> bool:
        return any(compact(word) in title for word in self.forms[form].excludes)


@lru_cache(maxsize=4096)
def keys_of(words: tuple[str, ...]) -> frozenset[str]:
    """The keys of some words of a layout or of the lexicon."""
    return frozenset(map(label_key, words))


@lru_cache(maxsize=4096)
def ordered_keys(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same in the order of the words."""
    return tuple(map(label_key, words))


@lru_cache(maxsize=1024)
def column_keys(table: TableLayout) -> Mapping[str, Sequence[ColumnLayout]]:
    """Header keys of a table with the columns that each can head, in layout order."""
    keys: dict[str, list[ColumnLayout]] = defaultdict(list)
    for column in table.columns:
        for key in ordered_keys(column.labels):
            if column not in keys[key]:
                keys[key].append(column)
    return dict(keys)


@lru_cache(maxsize=1024)
def item_names(table: TableLayout) -> Mapping[str, str]:
    """The items of a table by the keys of their labels."""
    return {key: item.name for item in table.items for key in ordered_keys(item.labels)}


@dataclass(frozen=True, slots=True)
class Heads:
    """What a table's headers are looked for by, by column name; `order` numbers the header keys.

    `common` are the required columns that forms of all kinds have, `amounts` those that hold money.
    """

    order: Mapping[str, int]
    required: frozenset[str]
    common: frozenset[str]
    amounts: frozenset[str]
    names: frozenset[str]


@lru_cache(maxsize=1024)
def heads_of(table: TableLayout) -> Heads:
    """The same of a table, worked out once."""
    required = [column for column in table.columns if column.required]
    return Heads(
        {key: number for number, key in enumerate(column_keys(table))},
        frozenset(column.name for column in required),
        frozenset(column.name for column in required if not column.variant),
        frozenset(column.name for column in table.columns if column.kind is ValueKind.AMOUNT),
        frozenset(column.name for column in table.columns),
    )


def _words_of(layout: FormLayout) -> Iterator[tuple[str, str, tuple[str, ...], bool]]:
    for field in layout.fields:
        yield field.name, field.title, (*field.labels, *field.fallback), field.required
    for table in layout.tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column.title, column.labels, column.required
        for item in table.items:
            yield f"{table.name}/{item.name}", item.title, item.labels, item.required
