"""Which form stands in which rows of a sheet: decided by title words and label words, never by sheet name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.extraction.regions import LONGEST_LABEL, Region, cut_region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Grid
    from jixiao.domain.forms import FormLayout
    from jixiao.extraction.vocabulary import Vocabulary

_TITLED_COVERAGE = 0.34
"""Share of a form's required words that suffices where its title is there."""
_UNTITLED_COVERAGE = 0.8
"""The same where no title is."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A region and the one form it holds."""

    region: Region
    layout: FormLayout


@dataclass(frozen=True, slots=True)
class Contested:
    """A region that fits two or more forms equally well."""

    region: Region
    candidates: tuple[FormLayout, ...]


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A region that fits no form.

    `nearest` is the form that comes closest (None: not one word of any form was found), `found` and
    `missing` its required words, in Chinese, that were and were not there.
    """

    region: Region
    nearest: FormLayout | None = None
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


Recognition = Recognised | Contested | Unrecognised


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a form fits a region."""

    layout: FormLayout
    titled: bool
    coverage: float
    words: int

    @property
    def suffices(self) -> bool:
        return self.coverage >= (_TITLED_COVERAGE if self.titled else _UNTITLED_COVERAGE)

    @property
    def order(self) -> tuple[bool, bool, float, int]:
        return self.suffices, self.titled, self.coverage, self.words


def recognise(grid: Grid, vocabulary: Vocabulary) -> tuple[Recognition, ...]:
    """The forms of a sheet from top to bottom.

    A sheet is cut at its titles where what follows stands as a form of its own, with its own name; a title
    repeated at a page break does not, and belongs to the form above it.
    """
    titles = _titles(grid, vocabulary)
    height = grid.height
    cuts = [0, *sorted(titles)[1:], height]
    if len(titles) <= 1:
        return (_recognise_rows(grid, 0, height, titles, vocabulary),)
    own = [top for top, bottom in pairwise(cuts) if _stands_alone(grid, top, bottom, titles, vocabulary)]
    tops = [0, *own[1:], height]
    return tuple(_recognise_rows(grid, top, bottom, titles, vocabulary) for top, bottom in pairwise(tops))


def _titles(grid: Grid, vocabulary: Vocabulary) -> dict[int, set[str]]:
    """Rows that hold a title, with the forms it can be of."""
    titles: dict[int, set[str]] = defaultdict(set)
    for (row, _), value in grid.values.items():
        if isinstance(value, str) and len(value) <= LONGEST_LABEL and (forms := vocabulary.titles_in(value)):
            titles[row] |= forms
    return titles


def _stands_alone(
    grid: Grid, top: int, bottom: int, titles: Mapping[int, set[str]], vocabulary: Vocabulary
) -> bool:
    recognition = _recognise_rows(grid, top, bottom, titles, vocabulary)
    if not isinstance(recognition, Recognised):
        return False
    words = vocabulary.required_fields[recognition.layout.id]
    return all(any(recognition.region.positions(key) for key in keys) for keys in words)


def _recognise_rows(
    grid: Grid, top: int, bottom: int, titles: Mapping[int, set[str]], vocabulary: Vocabulary
) -> Recognition:
    rows = [row for row in sorted(titles) if top <= row < bottom]
    region = cut_region(grid, top, bottom, rows[0] if rows else None)
    fits = _fits(region, {form for row in rows for form in titles[row]}, vocabulary)
    best = [fit for fit in fits if fit.order == fits[0].order]
    if not best or not best[0].suffices:
        return _unrecognised(region, best, vocabulary)
    if len(best) > 1:
        return Contested(region, tuple(fit.layout for fit in best))
    return Recognised(region, best[0].layout)


def _fits(region: Region, titled: set[str], vocabulary: Vocabulary) -> list[_Fit]:
    """Every form of which a title or a word was found, best first."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in region.cells_by_key:
        for form, word in vocabulary.words.get(key, ()):
            found[form].add(word)
    fits = [
        _Fit(
            vocabulary.forms[form], form in titled, _coverage(found[form], form, vocabulary), len(found[form])
        )
        for form in sorted(titled | set(found))
    ]
    return sorted(fits, key=lambda fit: fit.order, reverse=True)


def _coverage(found: set[str], form: str, vocabulary: Vocabulary) -> float:
    required = vocabulary.required[form]
    return sum(word in found for word in required) / len(required) if required else 0.0


def _unrecognised(region: Region, best: Sequence[_Fit], vocabulary: Vocabulary) -> Unrecognised:
    if not best:
        return Unrecognised(region)
    layout = best[0].layout
    words = {
        word
        for key in region.cells_by_key
        for form, word in vocabulary.words.get(key, ())
        if form == layout.id
    }
    required = vocabulary.required[layout.id]
    return Unrecognised(
        region,
        layout,
        found=tuple(title for word, title in required.items() if word in words),
        missing=tuple(title for word, title in required.items() if word not in words),
    )
