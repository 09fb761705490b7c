"""Labelled single values: find the label by its words, take the value beside, below or after its colon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.forms import Direction, Entry, FieldLayout, State
from jixiao.extraction.entries import Reading, read_entry
from jixiao.extraction.labels import label_key, next_labels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from jixiao.domain.cells import Area, Position
    from jixiao.extraction.views import FormView

_SEPARATORS = " \t\r\n\u3000;,、；，"
_REACH = 5
"""How many cells beside a label are looked at for its value."""


def find_field(field: FieldLayout, view: FormView, taken: AbstractSet[int] = frozenset()) -> Entry | None:
    """The value of a label; a blank entry where only the label is there, None where not even that is.

    Labels are tried in their order of preference; of several places the first that holds a value is taken.
    Labels in `taken` rows are a table's: 其他资金 in a funds block is no field beside it.
    """
    blank: Entry | None = None
    for entry in _candidates(field, view, taken):
        if entry.state is not State.BLANK:
            return entry
        blank = blank or entry
    return blank


def _candidates(field: FieldLayout, view: FormView, taken: AbstractSet[int]) -> Iterator[Entry]:
    region = view.region
    for label in field.labels:
        key = label_key(label)
        for position, rest in region.inline.get(key, ()):
            if position[0] in taken:
                continue
            yield _read(rest, position, field, view)
        for position in region.positions(key):
            if position[0] in taken:
                continue
            yield _value_of(field, position, view)


def _value_of(field: FieldLayout, label: Position, view: FormView) -> Entry:
    """The first value shown in the label's direction, up to the next label; else a blank entry."""
    places = _places(field.direction, view.region.grid.area(*label), view)
    for row, column in places:
        if view.is_blank(row, column):
            continue
        if view.is_label((row, column)) or view.is_clerical((row, column)):
            break
        entry = view.entry(row, column, field.kind)
        apart = entry.state is State.TEXT and _until_next_label(entry.text, view) != entry.text.strip()
        return _read(entry.text, (row, column), field, view) if apart else entry
    return Entry(view.region.grid.ref(*(places[0] if places else label)), State.BLANK)


def _read(text: str, position: Position, field: FieldLayout, view: FormView) -> Entry:
    reading = Reading(field.kind, view.unit, view.lexicon)
    return read_entry(_until_next_label(text, view), "", view.region.grid.ref(*position), reading)


def _until_next_label(text: str, view: FormView) -> str:
    """A value without the further labels in its cell, such as the date of filling in."""
    clerical = {label_key(word) for word in view.lexicon.clerical}
    for key, start, _ in next_labels(text):
        if key in clerical or view.vocabulary.is_label(view.layout.id, key):
            return text[:start].strip(_SEPARATORS)
    return text.strip()


def _places(direction: Direction, label: Area, view: FormView) -> list[Position]:
    if direction is Direction.RIGHT:
        return [(label.top, label.right + step) for step in range(1, _REACH + 1)]
    return [(label.bottom + 1, label.left)] if label.bottom + 1 < view.region.bottom else []
