"""Texts that departments copied from each other: found over the light forms of a whole round.

Only texts that have one of their least pieces in common are compared, so that a thousand departments cost a
thousand times one, not a million pairs. What many departments have alike is the form's or the guidance's own.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from rapidfuzz import fuzz

from jixiao.domain.findings import Hint, Place, declare
from jixiao.domain.spoken import quote
from jixiao.domain.submissions import State
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Submission

COPIED = declare("Q106", "label", "department", "place", "likeness", "count", "examples")

SHORTEST: Final = 30
"""Letters, without figures and marks: shorter texts are alike by chance."""
_LONGEST = 400
_PIECE, _KEYS = 8, 6
"""Compared are texts that share one of their so many least pieces of so many letters."""
_OWN = 5
"""Departments: what more of them have in common is nobody's own."""
_CROWD = 40
"""Texts: a piece that so many have is a turn of phrase, and tells nothing."""


class LongText(NamedTuple):
    """A long text on a form: its field's or indicator's name, its cell, its beginning, its letters alone."""

    name: str
    ref: CellRef
    text: str
    letters: str
    keys: tuple[int, ...]


def long_texts(form: Submission) -> tuple[LongText, ...]:
    """The texts of a form that are long enough to be somebody's own."""
    rows = ((each.name, entry) for each in form.indicators for entry in each.entries.values())
    cells = {entry.ref: (name, entry) for name, entry in chain(form.fields.items(), rows)}
    found = (_long_text(name, entry) for name, entry in cells.values() if entry.state is State.TEXT)
    return tuple(each for each in found if each)


def _long_text(name: str, entry: Entry) -> LongText | None:
    if len(entry.text) < SHORTEST:
        return None
    letters = "".join(char for char in entry.text if char.isalpha())[:_LONGEST]
    if len(letters) < SHORTEST:
        return None
    pieces = {crc32(letters[at : at + _PIECE].encode()) for at in range(len(letters) - _PIECE + 1)}
    return LongText(name, entry.ref, quote(entry.text), letters, tuple(sorted(pieces)[:_KEYS]))


class _Owned(NamedTuple):
    text: LongText
    form: Submission


class _Alike(NamedTuple):
    """A text of somebody else's, and how like it is in percent."""

    other: _Owned
    likeness: int


def find_copies(
    forms: Iterable[Submission], texts: Mapping[str, Sequence[LongText]], scheme: Scheme
) -> dict[str, tuple[Hint, ...]]:
    """By department, what it has in common with others (Q106).

    `forms` have their departments, `texts` are by submission_id. Of several texts in common with the same
    departments the longest is shown.
    """
    owned = [_Owned(text, form) for form in forms for text in texts.get(form.submission_id, ())]
    alike: dict[int, list[_Alike]] = defaultdict(list)
    for first, second, likeness in _alike(owned, scheme.signals.similarity):
        alike[first].append(_Alike(owned[second], likeness))
        alike[second].append(_Alike(owned[first], likeness))
    shared: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for at, others in alike.items():
        names = frozenset(each.other.form.department for each in others)
        shared[owned[at].form.department, names].append(at)
    found: dict[str, list[Hint]] = defaultdict(list)
    for (department, _), places in shared.items():
        longest = max(places, key=lambda at: len(owned[at].text.letters))
        found[department].append(_told(owned[longest], alike[longest], len(places), scheme))
    return {department: tuple(hints) for department, hints in found.items()}


def _alike(owned: Sequence[_Owned], similarity: int) -> Iterator[tuple[int, int, int]]:
    """Pairs of different departments' texts with their likeness, without what more than a few have."""
    likeness = dict(_compared(owned, similarity))
    sharing: dict[int, set[str]] = defaultdict(set)
    for first, second in likeness:
        sharing[first].add(owned[second].form.department)
        sharing[second].add(owned[first].form.department)
    for (first, second), ratio in likeness.items():
        if max(len(sharing[first]), len(sharing[second])) < _OWN:
            yield first, second, ratio


def _compared(owned: Sequence[_Owned], similarity: int) -> Iterator[tuple[tuple[int, int], int]]:
    blocks: dict[int, list[int]] = defaultdict(list)
    for at, each in enumerate(owned):
        for key in each.text.keys:
            blocks[key].append(at)
    candidates = {
        pair for block in blocks.values() if len(block) <= _CROWD for pair in combinations(block, 2)
    }
    for first, second in sorted(candidates):
        one, other = owned[first], owned[second]
        if one.form.department == other.form.department:
            continue
        ratio = fuzz.ratio(one.text.letters, other.text.letters, score_cutoff=similarity)
        if ratio:
            yield (first, second), int(ratio)


def _told(own: _Owned, alike: Sequence[_Alike], count: int, scheme: Scheme) -> Hint:
    nearest = max(alike, key=lambda each: each.likeness)
    names = list(dict.fromkeys(each.other.form.department for each in (nearest, *alike)))
    named = say("“{names}”", names=names[0]) + (
        say("等 {count} 个部门", count=len(names)) if len(names) > 1 else ""
    )
    place = nearest.other.text.ref
    finding = COPIED.finding(
        Place.at(own.text.ref),
        subject=own.form.submission_id,
        label=_title(own, scheme),
        evidence=tuple(each.other.text.ref for each in alike),
        figures={
            "department": named,
            "place": say("《{sheet}》{a1}", sheet=place.sheet, a1=place.a1),
            "likeness": f"{nearest.likeness}%",
            "count": str(count),
            "examples": own.text.text,
        },
    )
    return Hint(finding, min(100, nearest.likeness - 25 + 5 * (count + len(names) - 1)), None)


def _title(owned: _Owned, scheme: Scheme) -> str:
    fields = scheme.form(owned.form.form).fields
    return next((each.title for each in fields if each.name == owned.text.name), owned.text.name)
