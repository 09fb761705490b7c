"""Every known form's words, indexed once, so that recognition costs the same for 3 forms and for 50."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from jixiao.extraction.labels import compact, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.forms import ColumnLayout, FormLayout, TableLayout

_HINT = 2
"""Titles are found by their first two characters."""


class Vocabulary:
    """The words of a set of forms; built once a scheme.

    `words` maps a label key to what it can mean: pairs of form id and word, a word being "field",
    "table.column" or "table/item". `required` gives each form's required words with their Chinese titles,
    `required_fields` the label keys of each of its required fields.
    """

    def __init__(self, layouts: Sequence[FormLayout]) -> None:
        """Index titles, fields, columns and row names of the layouts."""
        self.forms = {layout.id: layout for layout in layouts}
        self.words: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.required: dict[str, dict[str, str]] = {}
        self.required_fields: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._titles: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for layout in layouts:
            self._add(layout)

    def titles_in(self, text: str) -> set[str]:
        """The ids of the forms whose title words stand in a text, only those of the longest words found."""
        clean = compact(text)
        found = [
            (len(title), form)
            for start in range(len(clean) - _HINT + 1)
            for title, form in self._titles.get(clean[start : start + _HINT], ())
            if clean.startswith(title, start)
        ]
        longest = max((length for length, _ in found), default=0)
        return {form for length, form in found if length == longest and not self._excluded(form, clean)}

    def is_label(self, form: str, key: str) -> bool:
        """Whether a key is a label word of the form (and so not somebody's value)."""
        return any(of == form for of, _ in self.words.get(key, ()))

    def _add(self, layout: FormLayout) -> None:
        self.required[layout.id] = {}
        for word, title, labels, required in _words_of(layout):
            for label in labels:
                self.words[label_key(label)].add((layout.id, word))
            if required:
                self.required[layout.id][word] = title
        self.required_fields[layout.id] = tuple(
            tuple(label_key(label) for label in field.labels) for field in layout.fields if field.required
        )
        for title in layout.titles:
            key = compact(title)
            self._titles[key[:_HINT]].append((key, layout.id))

    def _excluded(self, form: str, title: str) -> bool:
        return any(compact(word) in title for word in self.forms[form].excludes)


def column_keys(table: TableLayout) -> dict[str, list[ColumnLayout]]:
    """Header keys of a table with the columns that each can head, in layout order."""
    keys: dict[str, list[ColumnLayout]] = defaultdict(list)
    for column in table.columns:
        for label in column.labels:
            if column not in keys[label_key(label)]:
                keys[label_key(label)].append(column)
    return keys


def _words_of(layout: FormLayout) -> Iterator[tuple[str, str, tuple[str, ...], bool]]:
    for field in layout.fields:
        yield field.name, field.title, field.labels, field.required
    for table in layout.tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column.title, column.labels, column.required
        for item in table.items:
            yield f"{table.name}/{item.name}", item.title, item.labels, item.required
