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
    letters = "".join(char for char in entry.text if char.isalpha())[:_LONGEST]
    if len(letters) < SHORTEST:
        return None
    pieces = {crc32(letters[at : at + _PIECE].encode()) for at in range(len(letters) - _PIECE + 1)}
    return LongText(name, entry.ref, quote(entry.text), letters, tuple(sorted(pieces)[:_KEYS]))


class _Owned(NamedTuple):
    text: LongText
    form: Submission


class _Pair(NamedTuple):
    own: _Owned
    other: _Owned
    likeness: int


def find_copies(
    forms: Iterable[Submission], texts: Mapping[str, Sequence[LongText]], scheme: Scheme
) -> dict[str, tuple[Hint, ...]]:
    """By department, what it has in common with each other one (Q106).

    `forms` have their departments, `texts` are by submission_id. Of several texts in common with one
    department the longest is shown.
    """
    owned = [_Owned(text, form) for form in forms for text in texts.get(form.submission_id, ())]
    shared: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for pair in _alike(owned, scheme.signals.similarity):
        for own, other in ((pair.own, pair.other), (pair.other, pair.own)):
            shared[own.form.department, other.form.department].append(_Pair(own, other, pair.likeness))
    found: dict[str, list[Hint]] = defaultdict(list)
    for (department, _), pairs in sorted(shared.items()):
        found[department].append(_told(pairs, scheme))
    return {department: tuple(hints) for department, hints in found.items()}


def _alike(owned: Sequence[_Owned], similarity: int) -> Iterator[_Pair]:
    """Pairs of different departments that are alike, without what more than a few departments have."""
    likeness = dict(_compared(owned, similarity))
    sharing: dict[int, set[str]] = defaultdict(set)
    for first, second in likeness:
        sharing[first].add(owned[second].form.department)
        sharing[second].add(owned[first].form.department)
    for (first, second), ratio in likeness.items():
        if max(len(sharing[first]), len(sharing[second])) < _OWN:
            yield _Pair(owned[first], owned[second], ratio)


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


def _told(pairs: Sequence[_Pair], scheme: Scheme) -> Hint:
    longest = max(pairs, key=lambda pair: (len(pair.own.text.letters), pair.likeness))
    own, other = longest.own, longest.other
    count = len({pair.own.text.ref for pair in pairs})
    finding = COPIED.finding(
        Place.at(own.text.ref),
        subject=own.form.submission_id,
        label=_title(own, scheme),
        evidence=(other.text.ref,),
        figures={
            "department": other.form.department,
            "place": f"《{other.text.ref.sheet}》{other.text.ref.a1}",
            "likeness": f"{longest.likeness}%",
            "count": str(count),
            "examples": own.text.text,
        },
    )
    return Hint(finding, min(100, longest.likeness - 20 + 5 * count), None)


def _title(owned: _Owned, scheme: Scheme) -> str:
    fields = scheme.form(owned.form.form).fields
    return next((each.title for each in fields if each.name == owned.text.name), owned.text.name)
