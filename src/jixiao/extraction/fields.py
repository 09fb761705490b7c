"""Labelled single values: find the label by its words, take the value beside, below or after its colon."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.forms import Direction, FieldLayout, ValueKind
from jixiao.domain.submissions import Basis, Entry, Inference, State
from jixiao.domain.text_keys import label_key
from jixiao.extraction.entries import read_entry, reading_of
from jixiao.extraction.regions import field_cores, nearest, next_labels
from jixiao.extraction.vocabulary import keys_of, ordered_keys
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from jixiao.domain.cells import Area, Position
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

_SEPARATORS = " \t\r\n\u3000;,、；，"
_LIKELY = 90
"""How surely, in percent, a label with a qualifier more or less is the known one."""
_WHOLE = 4
"""Characters of a label that tell what it is, whatever stands before."""
_SHORTEST = 2
"""Characters of a word that may stand for a longer label."""
_IDENTITY = {"department", "project"}
_NOUN = 2
"""Characters at the end of a label that name the thing: 等级 of 评价等级."""
_LONGEST = 10
"""Characters that a label has at most: what is longer explains something."""
_SENTENCES = re.compile(r"[。；;\n]")
_REACH = 5
"""How many cells beside a label are looked at for its value."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is a table's and so no label of a field: rows of the grid, and the cells of headers."""

    rows: AbstractSet[int] = frozenset()
    headers: Sequence[Header] = ()

    def holds(self, position: Position) -> bool:
        """Whether a position belongs to a table."""
        row, column = position
        if row in self.rows:
            return True
        for header in self.headers:  # a loop, not a generator: asked for every label
            if header.top <= row <= header.bottom and header.left <= column <= header.right:
                return True
        return False


_NOTHING = Taken()


def find_field(field: FieldLayout, view: FormView, taken: Taken = _NOTHING) -> Entry | None:
    """The value of a label; a blank entry where only the label is there, None where not even that is.

    Labels are tried in their order of preference; of several places the first that holds a value is taken.
    Labels in `taken` places are a table's: 其他资金 in a funds block is no field beside it.
    """
    blank: Entry | None = None
    for entry in _candidates(field, view, taken):
        if entry.state is not State.BLANK:
            return entry
        blank = blank or entry
    return blank


def fallback_fields(known: Mapping[str, Entry], view: FormView, taken: Taken) -> dict[str, Entry]:
    """Fields that no other word names, by the labels that name them only then."""
    lacking = (each for each in view.layout.fields if each.fallback and each.name not in known)
    found = {each.name: find_field(replace(each, labels=each.fallback), view, taken) for each in lacking}
    return {name: entry for name, entry in found.items() if entry is not None}


def pointed_fields(
    known: Mapping[str, Entry], view: FormView, taken: Taken
) -> Iterator[tuple[str, Entry, Inference]]:
    """Texts that stand alone in their row under a word that only points to their field: ……的主要原因."""
    wanted = {each.name: each for each in view.layout.fields if each.stems and each.name not in known}
    grid, stems = view.region.grid, {stem for each in wanted.values() for stem in each.stems}
    for label, key in view.strange if wanted else ():
        if not any(stem in key for stem in stems):
            continue
        shown = {at for at in view.region.anchors(label[0]) if not view.is_blank(*at)}
        beside = grid.anchor(label[0], grid.area(*label).right + 1)
        if taken.holds(label) or shown != {label, beside} or label == beside:
            continue
        for name, field in list(wanted.items()):
            entry = view.entry(*beside, ValueKind.TEXT)
            if any(stem in key for stem in field.stems) and entry.state is State.TEXT:
                del wanted[name]
                yield name, entry, _near(field, label, view)


def is_left_to_reviewer(name: str, entry: Entry, view: FormView) -> bool:
    """Whether a field for one of a few words (a grade) is blank because the form leaves it to a reviewer.

    Then the label or a note names the field, and in the same sentence who fills it in.
    """
    field = next((each for each in view.layout.fields if each.name == name), None)
    if field is None or not field.choices or entry.state is not State.BLANK:
        return False
    grid, nouns = view.region.grid, _nouns(field.labels)
    said = (
        sentence
        for (row, _), value in grid.values.items()
        if isinstance(value, str) and view.region.top <= row < view.region.bottom
        for sentence in _SENTENCES.split(value)
    )
    return any(
        any(noun in each for noun in nouns) and any(word in each for word in view.lexicon.reviewers)
        for each in said
    )


def near_fields(
    known: Mapping[str, Entry], view: FormView, taken: Taken
) -> Iterator[tuple[str, Entry, Inference]]:
    """Fields that the form asks for under a word nearly like theirs: required ones, grades, and amounts.

    A word that is the label of anything already is not looked at, nor one that is near to several fields.
    """
    wanted = {
        field.name: field
        for field in view.layout.fields
        if field.name not in known
        and (_is_wanted(field, view) or _is_grade(field) or field.kind is ValueKind.AMOUNT)
        and not field.stands_for
        and field.direction is not Direction.INLINE
    }
    if not wanted:
        return
    cores = field_cores(view.layout, view.lexicon)
    asked = [each for each in wanted.values() if _is_wanted(each, view)]
    for position, key in view.strange:
        if taken.holds(position):
            continue
        field = (
            wanted.get(nearest(key, cores, view.lexicon) or "")
            or _ending_in(key, asked)
            or _beginning_with(key, asked)
            or _asking_for_grade(key, position, wanted.values(), view)
        )
        entry = _value_of(field, position, view) if field else None
        if field and entry and (entry.state is State.NUMBER or field.kind is ValueKind.TEXT):
            del wanted[field.name]
            asked = [each for each in asked if each.name != field.name]
            yield field.name, entry, _near(field, position, view)
        if not wanted:
            return
    for key, places in view.region.inline.items():
        if view.is_field(key):
            continue
        field = wanted.get(nearest(key, cores, view.lexicon) or "") or _ending_in(key, wanted.values())
        if field and field.kind is ValueKind.TEXT and not taken.holds(places[0][0]):
            position, rest = places[0]
            del wanted[field.name]
            yield field.name, _read(rest, position, field, view), _near(field, position, view)


def by_choice(known: Mapping[str, Entry], top: int, view: FormView) -> Iterator[tuple[str, Entry, Inference]]:
    """Fields above row `top` that only certain words can fill in, beside a label that no list knows."""
    wanted = [field for field in view.layout.fields if field.choices and field.name not in known]
    for label, _, shown in _head_values(top, view) if wanted else ():
        entry = shown(ValueKind.TEXT)
        for field in wanted:
            if entry.text.strip() in field.choices:
                ref, text = view.region.grid.ref(*label), view.region.texts[label].strip()
                reason = say("所填“{strip}”只能是{title}", strip=entry.text.strip(), title=field.title)
                told = Inference(Basis.STRUCTURE, ref, text, field.name, field.title, reason, _LIKELY)
                yield field.name, entry, told


def head_total(
    table: TableLayout, earned: Decimal, top: int, view: FormView
) -> tuple[Entry, Inference] | None:
    """The total score above row `top` under words of no field: those of a total's row, or unknown.

    Unknown ones count that begin or end with a word for scores (全部得分), beside most of what was
    `earned` in the rows of `table`, the block of indicators. Where no such figure stands, an error value
    or words in its place are what is told of.
    """
    totals = keys_of(table.total_labels)
    scores = ordered_keys(table.column("self_score").labels)
    places = [
        (label, key, shown(ValueKind.SCORE))
        for label, key, shown in _head_values(top, view, totals)
        if key in totals or key.startswith(scores) or key.endswith(scores)
    ]
    figures = (
        (label, entry)
        for label, _, entry in places
        if entry.value is not None and earned <= entry.value * 2 <= 2 * HUNDRED
    )
    spoilt = (
        (label, entry)
        for label, key, entry in places
        if entry.state in {State.ERROR, State.UNSTORED}
        or ((key in totals or key.endswith(scores)) and _is_said(entry, view))
    )
    found = next(figures, None) or next(spoilt, None)
    if found is None:
        return None
    label, entry = found
    ref, text = view.region.grid.ref(*label), view.region.texts[label].strip()
    address, title = f"{table.name}.total", table.total_labels[0]
    return entry, Inference(Basis.LIKENESS, ref, text, address, title, say("写在表头，是得分的用语"), _LIKELY)


def _is_said(entry: Entry, view: FormView) -> bool:
    """Whether a few words stand where a figure belongs, and these are none of those that a field wants."""
    text = entry.text.strip()
    wanted = {choice for field in view.layout.fields for choice in field.choices}
    return entry.state is State.TEXT and len(text) <= _LONGEST and text not in wanted


def _beginning_with(key: str, fields: Iterable[FieldLayout]) -> FieldLayout | None:
    """The name whose title begins with a word of two characters or more: 项目 for 项目名称."""
    found = [
        field
        for field in fields
        if field.name in _IDENTITY and len(key) >= _SHORTEST and field.title.startswith(key)
    ]
    return found[0] if len(found) == 1 else None


def _head_values(
    top: int, view: FormView, known: AbstractSet[str] = frozenset()
) -> Iterator[tuple[Position, str, Callable[[ValueKind], Entry]]]:
    """Labels above a row that no list, or only the list of `known` ones, has; and what reads their value.

    The value stands in the cell beside, or behind the label's colon.
    """
    grid = view.region.grid
    for label, key in view.region.keys.items():
        if label[0] >= top:  # they come in reading order
            break
        if key in known or not (view.is_label(label) or view.is_clerical(label)):
            beside = grid.anchor(label[0], grid.area(*label).right + 1)
            if not view.is_blank(*beside) and not view.is_label(beside):
                yield label, key, partial(view.entry, *beside)
    for key, places in view.region.inline.items():
        for label, rest in places:
            if label[0] < top and (key in known or not view.vocabulary.is_label(view.layout.id, key)):
                yield label, key, partial(_typed, rest, label, view)


def _typed(text: str, position: Position, view: FormView, kind: ValueKind) -> Entry:
    reading = reading_of(kind, view.unit, view.lexicon)
    return read_entry(until_next_label(text, view), "", view.region.grid.ref(*position), reading)


def _near(field: FieldLayout, label: Position, view: FormView) -> Inference:
    ref, text = view.region.grid.ref(*label), view.region.texts[label].strip()
    return Inference(Basis.LIKENESS, ref, text, field.name, field.title, say("与表样用语相近"), _LIKELY)


def _is_wanted(field: FieldLayout, view: FormView) -> bool:
    """Whether a form is nothing without the field: required ones, and whose self-evaluation it is."""
    return field.required or (view.layout.compares_targets and field.name in _IDENTITY)


def _is_grade(field: FieldLayout) -> bool:
    """Whether a field wants one of a few words, and has to be filled in."""
    return field.filled and bool(field.choices)


def _asking_for_grade(
    key: str, label: Position, fields: Iterable[FieldLayout], view: FormView
) -> FieldLayout | None:
    """The grade under a short word that names one (绩效自评结果等级), with a grade or nothing beside it."""
    for field in filter(_is_grade, fields) if len(key) <= _LONGEST else ():
        if any(noun in key for noun in _nouns(field.labels)):
            shown = _value_of(field, label, view)
            if shown.state is State.BLANK or shown.text.strip() in field.choices:
                return field
    return None


@lru_cache(maxsize=256)
def _nouns(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(label[-_NOUN:] for label in labels)


def _ending_in(key: str, fields: Iterable[FieldLayout]) -> FieldLayout | None:
    """The one field with a label of four characters or more that a key ends in: 业务主管部门."""
    found = [field for field in fields if key.endswith(_whole_labels(field.labels))]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=256)
def _whole_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label_key(label) for label in labels if len(label) >= _WHOLE)


def _candidates(field: FieldLayout, view: FormView, taken: Taken) -> Iterator[Entry]:
    region, inline = view.region, field.direction is Direction.INLINE
    keys = keys_of(field.labels)
    if not (region.cells_by_key.keys() & keys or region.inline.keys() & keys):
        return
    for key in ordered_keys(field.labels):
        for position, rest in region.inline.get(key, ()):
            if taken.holds(position) or (inline and not rest[:1].isdigit()):
                continue
            yield _read(rest, position, field, view)
        for position in () if inline else region.cells_by_key.get(key, ()):
            if taken.holds(position):
                continue
            yield _value_of(field, position, view)


def _value_of(field: FieldLayout, label: Position, view: FormView) -> Entry:
    """The first value shown in the label's direction, up to the next label; else a blank entry.

    An amount that does not stand beside its label may stand below it.
    """
    area = view.region.grid.area(*label)
    entry = _first_value(field, _places(field.direction, area, view), label, view)
    if entry.state is State.BLANK and field.kind is ValueKind.AMOUNT:
        below = _first_value(field, _places(Direction.BELOW, area, view), label, view)
        return below if below.state is State.NUMBER else entry
    return entry


def _first_value(field: FieldLayout, places: Sequence[Position], label: Position, view: FormView) -> Entry:
    """The first of these places that shows anything, up to a label.

    Words that reach down from above stand beside a block of amounts and are in none of its cells.
    """
    for row, column in places:
        if view.is_blank(row, column):
            continue
        if view.is_label((row, column)) or view.is_clerical((row, column)):
            break
        entry = view.entry(row, column, field.kind)
        if field.kind is ValueKind.AMOUNT and entry.state is State.TEXT and entry.ref.row < label[0]:
            break
        apart = entry.state is State.TEXT and until_next_label(entry.text, view) != entry.text.strip()
        return _read(entry.text, (row, column), field, view) if apart else entry
    return Entry(view.region.grid.ref(*(places[0] if places else label)), State.BLANK)


def _read(text: str, position: Position, field: FieldLayout, view: FormView) -> Entry:
    return _typed(text, position, view, field.kind)


def until_next_label(text: str, view: FormView) -> str:
    """A value without the further labels in its cell, such as the date of filling in."""
    for key, start, _ in next_labels(text):
        if key in view.clerical or view.vocabulary.is_label(view.layout.id, key):
            return text[:start].strip(_SEPARATORS)
    return text.strip()


def _places(direction: Direction, label: Area, view: FormView) -> list[Position]:
    if direction is Direction.RIGHT:
        return [(label.top, label.right + step) for step in range(1, _REACH + 1)]
    return [(label.bottom + 1, label.left)] if label.bottom + 1 < view.region.bottom else []
