"""Other people's forms in the folder: known for what they are by their titles, and never half-read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.forms import Direction, ValueKind
from jixiao.domain.text_keys import compact, label_key
from jixiao.extraction.answers import find_answers
from jixiao.extraction.grammar import any_of
from jixiao.extraction.regions import (
    LONGEST_LABEL,
    Marks,
    Region,
    cut_region,
    find_starts,
    find_titles,
    marks_on,
    side_by_side,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.domain.cells import Grid
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.vocabulary import Vocabulary


_TITLED_COVERAGE = 0.34
"""Share of a form's required words that suffices where its title is there."""
_UNTITLED_COVERAGE = 0.8
"""The same where no title is."""
_FEW_LABELS = 2
"""So many labels of its head, filled in, tell a titled form."""
_FEW_LEVELS = 3
"""So many names of levels (产出指标, 数量指标) are a block of indicators."""


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

    `titles` counts the rows with a title of some form, `nearest` is the form that comes closest (None: not
    one word of any form was found), `found` and `missing` its required words, in Chinese, that were and were
    not there.
    """

    region: Region
    nearest: FormLayout | None = None
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    titles: int = 0

    @property
    def is_directory(self) -> bool:
        """Whether it only lists forms: the titles of several, and not one of their words."""
        return self.titles > 1 and not self.found


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
    """The forms of a sheet from top to bottom, and of forms side by side from left to right.

    A sheet is cut where what follows stands as a form of its own, with its own name; a title repeated at a
    page break does not, and belongs to the form above it.
    """
    marks = marks_on(grid, vocabulary)
    parts = side_by_side(grid, marks)
    if len(parts) == 1:
        return _recognise_strip(grid, marks, vocabulary)
    strips = [_recognise_strip(strip, marks_on(strip, vocabulary), vocabulary) for strip in parts]
    firsts = [strip[0] for strip in strips]
    alone = all(_stands_alone(each, firsts[:at], vocabulary) for at, each in enumerate(firsts))
    if not (alone or _are_beside(firsts, vocabulary)):
        return _recognise_strip(grid, marks, vocabulary)
    return tuple(recognition for strip in strips for recognition in strip)


def _are_beside(strips: Sequence[Recognition], vocabulary: Vocabulary) -> bool:
    """Whether forms with titles of their own stand beside a first one, some of whose words no list knows.

    What stands to its right has all its names by itself, so nothing of the first one is meant for it.
    """
    first, *others = strips
    return _is_titled(first, vocabulary) and all(
        _is_named(each, vocabulary) and _is_complete(each, vocabulary) for each in others
    )


def _is_titled(recognition: Recognition, vocabulary: Vocabulary) -> bool:
    """Whether a part of a sheet is recognised, and has a title of its form."""
    return isinstance(recognition, Recognised) and any(
        recognition.layout.id in vocabulary.titles_in(text) for text in recognition.region.texts.values()
    )


def _stands_alone(strip: Recognition, left: Sequence[Recognition], vocabulary: Vocabulary) -> bool:
    """Whether a strip is a form by itself, and lacks no name that stands in a strip to its left.

    A department in the title needs no label; one label for two forms stands above the first of them.
    """
    if not _is_complete(strip, vocabulary) or not isinstance(strip, Recognised):
        return False
    lacking = _lacking(strip.layout, strip.region, vocabulary)
    return all(lacking <= _lacking(strip.layout, each.region, vocabulary) for each in left)


def _recognise_strip(grid: Grid, marks: Marks, vocabulary: Vocabulary) -> tuple[Recognition, ...]:
    titles = find_titles(grid, marks, vocabulary)
    starts = find_starts(titles, marks)

    @cache
    def rows_of(top: int, bottom: int) -> Recognition:
        return _recognise_rows(grid, top, bottom, titles, vocabulary)

    parts = [rows_of(top, bottom) for top, bottom in pairwise([0, *starts, grid.height])]
    if len(parts) == 1:
        return tuple(parts)
    own = [part for part in parts if _is_complete(part, vocabulary)]
    own = _without_continued(own, vocabulary)
    if own and own[0] is not parts[0]:
        head = rows_of(0, own[0].region.top)
        own = [head, *own] if _are_two(head, own[0], vocabulary) else own
    tops = [0, *(part.region.top for part in own[1:]), grid.height]
    return tuple(rows_of(top, bottom) for top, bottom in pairwise(tops))


def _are_two(above: Recognition, below: Recognition, vocabulary: Vocabulary) -> bool:
    """Whether rows above a complete form, though they lack names that it has, are a form before it.

    They have a title and words of a form, and what follows has names of its own or is another form.
    """
    if not isinstance(above, Recognised) or not isinstance(below, Recognised):
        return False
    named = bool(vocabulary.required_fields[below.layout.id]) and _is_named(below, vocabulary)
    return _is_titled(above, vocabulary) and (named or below.layout.id != above.layout.id)


def _without_continued(parts: Sequence[Recognition], vocabulary: Vocabulary) -> list[Recognition]:
    """The parts without those that go on with the one above: the same form, asking for no name of its own.

    A page break repeats its title and header, and nothing but a name could tell it from a second such form.
    """
    forms = [part.layout.id if isinstance(part, Recognised) else "" for part in parts]
    return [
        part
        for at, part in enumerate(parts)
        if not at or forms[at] != forms[at - 1] or vocabulary.required_fields.get(forms[at])
    ]


def _is_complete(recognition: Recognition, vocabulary: Vocabulary) -> bool:
    """Whether a part of a sheet is a form by itself: recognised, and with all labels that it asks for.

    One that asks for none has to have its title: the rows below a page break have not. One whose names stand
    in its title, or under words that no list knows, has its title and nearly all its words.
    """
    if not isinstance(recognition, Recognised):
        return False
    form, region = recognition.layout.id, recognition.region
    words = vocabulary.required_fields[form]
    titled = _is_titled(recognition, vocabulary)
    if not words:
        return titled
    return _is_named(recognition, vocabulary) or (
        titled and _coverage(form, region, vocabulary) >= _UNTITLED_COVERAGE
    )


def _is_named(recognition: Recognition, vocabulary: Vocabulary) -> bool:
    """Whether a part of a sheet has all labels that its form asks for, so that it shares no name."""
    if not isinstance(recognition, Recognised):
        return False
    if not vocabulary.required_fields[recognition.layout.id]:
        return _is_complete(recognition, vocabulary)
    return not _lacking(recognition.layout, recognition.region, vocabulary)


def _lacking(layout: FormLayout, region: Region, vocabulary: Vocabulary) -> frozenset[int]:
    """Which of the labels that a form asks for, by their number, a region does not have."""
    words = vocabulary.required_fields[layout.id]
    return frozenset(
        at
        for at, keys in enumerate(words)
        if not any(region.positions(key) or key in region.inline for key in keys)
    )


def _coverage(form: str, region: Region, vocabulary: Vocabulary) -> float:
    """The share of a form's required words that stand in a region, as labels or before a colon."""
    words = vocabulary.found_of(form, region.cells_by_key.keys() | region.inline.keys())
    return _fit(form, words, vocabulary, titled=True).coverage


def _recognise_rows(
    grid: Grid, top: int, bottom: int, titles: Mapping[int, set[str]], vocabulary: Vocabulary
) -> Recognition:
    rows = [row for row in sorted(titles) if top <= row < bottom]
    region = cut_region(grid, top, bottom, rows[0] if rows else None)
    fits = _fits(region, {form for row in rows for form in titles[row]}, vocabulary)
    best = [fit for fit in fits if fit.order == fits[0].order]
    if not best or not best[0].suffices:
        survey = next((form for form, table in vocabulary.surveys if find_answers(table, region)), None)
        return Recognised(region, survey) if survey else _unrecognised(region, len(rows), best, vocabulary)
    if len(best) > 1:
        return Contested(region, tuple(fit.layout for fit in best))
    return Recognised(region, best[0].layout)


def _fits(region: Region, titled: set[str], vocabulary: Vocabulary) -> list[_Fit]:
    """The forms whose title stands there, best first; where none of them will do, every form with a word."""
    keys = region.cells_by_key.keys()
    by_title = [_fit(form, vocabulary.found_of(form, keys), vocabulary, titled=True) for form in titled]
    by_title = [fit if fit.suffices else _named(fit, region, vocabulary) for fit in by_title]
    if any(fit.suffices for fit in by_title):
        return _ordered(by_title)
    found = vocabulary.found(keys)
    others = [
        _fit(form, words, vocabulary, titled=False)
        for form, words in found.items()
        if form not in titled and vocabulary.required[form]
    ]
    return _ordered([*by_title, *others])


def _named(fit: _Fit, region: Region, vocabulary: Vocabulary) -> _Fit:
    """A titled form that suffices by two labels of its head with something beside, and a word more.

    Its blocks, and one of the labels, may use words that no list knows; names of levels tell a block as well
    as a label does. In a table of many forms the labels stand beside one another.
    """
    head = [
        {label_key(label) for label in field.labels}
        for field in fit.layout.fields
        if field.kind is ValueKind.TEXT and field.direction is Direction.RIGHT
    ]
    filled = sum(any(_is_filled(key, fit.layout.id, region, vocabulary) for key in keys) for keys in head)
    levels = {label_key(level) for level in fit.layout.levels}
    levelled = {level for level in levels for key in region.cells_by_key if key.startswith(level)}
    known = filled + (len(levelled) >= _FEW_LEVELS)
    enough = bool(filled) and known >= _FEW_LABELS and fit.words > filled
    return replace(fit, coverage=_TITLED_COVERAGE) if enough else fit


def _is_filled(key: str, form: str, region: Region, vocabulary: Vocabulary) -> bool:
    """Whether a label stands in a region with a value behind its colon, or in the cell to its right."""
    if key in region.inline:
        return True
    grid = region.grid
    beside = (grid.anchor(row, grid.area(row, column).right + 1) for row, column in region.positions(key))
    return any(at in grid.values and not vocabulary.is_label(form, region.keys.get(at, "")) for at in beside)


def _ordered(fits: Sequence[_Fit]) -> list[_Fit]:
    by_name = sorted(fits, key=lambda fit: fit.layout.id)
    return sorted(by_name, key=lambda fit: fit.order, reverse=True)


def _fit(form: str, words: AbstractSet[str], vocabulary: Vocabulary, *, titled: bool) -> _Fit:
    """How well words cover a form; under its title those that forms of all kinds have suffice."""
    wanted = [vocabulary.required[form].keys(), *([vocabulary.common[form]] if titled else [])]
    coverage = max(len(words & each) / len(each) if each else 0.0 for each in wanted)
    return _Fit(vocabulary.forms[form], titled, coverage, len(words))


def _unrecognised(region: Region, titles: int, best: Sequence[_Fit], vocabulary: Vocabulary) -> Unrecognised:
    if not best:
        return Unrecognised(region, titles=titles)
    layout = best[0].layout
    words = vocabulary.found_of(layout.id, region.cells_by_key.keys())
    required = vocabulary.required[layout.id]
    return Unrecognised(
        region,
        layout,
        found=tuple(title for word, title in required.items() if word in words),
        missing=tuple(title for word, title in required.items() if word not in words),
        titles=titles,
    )


_HEADING = 6
"""A title stands among so many first rows that hold anything."""


def foreign_kind(grid: Grid, vocabulary: Vocabulary, lexicon: Lexicon) -> str:
    """What kind of somebody else's form a sheet is (绩效目标申报表); "" where it may be one of ours.

    Its title says so, where no title of our own forms stands on the sheet. Where none of its cells names any
    form, the sheet's name does.
    """
    shown = (each for each in grid.values.values() if isinstance(each, str) and len(each) <= LONGEST_LABEL)
    if any(vocabulary.titles_in(each) for each in shown):
        return ""
    texts = _short_texts(grid)
    rows = sorted({row for row, _ in grid.values})[:_HEADING]
    heading = [text for (row, _), text in texts.items() if row in rows]
    return next(filter(None, (kind_named(text, lexicon) for text in (*heading, grid.sheet))), "")


def kind_named(text: str, lexicon: Lexicon) -> str:
    """The kind of form whose title a text holds, "" for none; of several the longest words decide.

    A label with a value behind its colon and a cell that quotes a title in brackets (见《…申报表》) are none.
    """
    clean = compact(text)
    if ":" in clean or "《" in clean:
        return ""
    found = _pattern(lexicon).findall(clean)
    return _kinds(lexicon)[max(found, key=len)] if found else ""


def _short_texts(grid: Grid) -> dict[tuple[int, int], str]:
    return {
        position: value
        for position, value in sorted(grid.values.items())
        if isinstance(value, str) and len(value) <= LONGEST_LABEL
    }


@lru_cache(maxsize=16)
def _kinds(lexicon: Lexicon) -> dict[str, str]:
    return {compact(word): kind for kind, words in lexicon.foreign.items() for word in words}


@lru_cache(maxsize=16)
def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """The words, but where 表 goes on behind them: a 自评报告表 is a form, a 自评报告 is none."""
    return re.compile(rf"{any_of(_kinds(lexicon))}(?!表)")
