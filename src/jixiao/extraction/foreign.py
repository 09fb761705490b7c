"""Other people's forms in the folder: known for what they are by their titles, and never half-read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.extraction.grammar import any_of
from jixiao.extraction.labels import compact
from jixiao.extraction.regions import LONGEST_LABEL

if TYPE_CHECKING:
    from jixiao.domain.cells import Grid
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.vocabulary import Vocabulary

_HEADING = 6
"""A title stands among so many first rows that hold anything."""


def foreign_kind(grid: Grid, vocabulary: Vocabulary, lexicon: Lexicon) -> str:
    """What kind of somebody else's form a sheet is (绩效目标申报表); "" where it may be one of ours.

    Its title says so, where no title of our own forms stands on the sheet. Where none of its cells names any
    form, the sheet's name does.
    """
    texts = _short_texts(grid)
    if any(vocabulary.titles_in(text) for text in texts.values()):
        return ""
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
