"""How a text is written: brought to one spelling, its signs and doubled marks tidied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.text_keys import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.lexicon import Lexicon


_PAIRS = (("《", "》"), ("〈", "〉"), ("«", "»"), ("‹", "›"))
"""Quotation marks: a text that has both holds a title, one that has one of them a sign."""
_TITLE = re.compile("|".join(f"{left}[^{left}{right}]*{right}" for left, right in _PAIRS))
_SIGNS = ("", "<", "<=", "=", ">", ">=")
_DOUBLED = re.compile(r"([%‰])\1+")


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Characters of comparison with what each says; `odd` finds runs that are no plain sign.

    `suspect` finds whatever there may be to put right in a text.
    """

    meanings: Mapping[str, str]
    suspect: re.Pattern[str]
    odd: re.Pattern[str]
    wrapped: re.Pattern[str]


def tidy(text: str, lexicon: Lexicon) -> str:
    """A normalised text with plain comparison signs, without titles in 《》 and what was typed twice.

    Several signs in a row are one (≥＝, 》=, ≥≥); signs that contradict each other are left. Where a form has
    sign and unit in columns of their own and no figure needs them, 无合规无 says 合规.
    """
    marks = _marks_of(lexicon)
    if not marks.suspect.search(text):
        return text
    wrapped = marks.wrapped.fullmatch(text)
    if wrapped:
        text = wrapped["core"]
    if marks.odd.search(text):
        text = marks.odd.sub(lambda found: _plain(found[0], marks), _TITLE.sub("", text) or text)
    return _DOUBLED.sub(r"\1", text)


def _plain(run: str, marks: _Marks) -> str:
    said = set("".join(marks.meanings[mark] for mark in run))
    sign = "".join(sorted(said, key="<>=".index))
    return sign if sign in _SIGNS else run


@lru_cache(maxsize=16)
def _marks_of(lexicon: Lexicon) -> _Marks:
    known = {normalise(mark): sign for mark, sign in lexicon.comparators.items() if len(normalise(mark)) == 1}
    typed = {normalise(mark): sign for mark, sign in lexicon.signs.items()}
    known = {mark: sign for mark, sign in known.items() if not mark.isalnum() and not "一" <= mark <= "鿿"}
    every = "".join(map(re.escape, {**known, **typed}))
    empty = {normalise(word) for word in (*lexicon.dashes, *lexicon.zeros)}
    wraps = "|".join(re.escape(word) for word in sorted(empty) if len(word) == 1)
    odd = rf"[{every}]{{2,}}|[{''.join(map(re.escape, typed))}]"
    return _Marks(
        {**known, **typed},
        re.compile(rf"^(?:{wraps})|{odd}|{_DOUBLED.pattern}"),
        re.compile(odd),
        re.compile(rf"(?P<wrap>{wraps})(?P<core>(?:(?!(?P=wrap)).)+)(?P=wrap)"),
    )
