"""Targets that stand in several cells, or in the indicator's name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.quantities import TargetKind
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import compact, normalise
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.numbers import read_hint
from jixiao.extraction.targets import parse_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.submissions import Entry


_BARE = {TargetKind.UNSIGNED, TargetKind.EQUAL, TargetKind.ZERO}
"""Kinds of a figure that has no sign of its own."""
_DIGITS = "0123456789"


def join_target(
    before: Sequence[Entry], values: Sequence[Entry], after: Sequence[Entry], words: Lexicon
) -> str:
    """The target's text: "≥95%" from a sign, a figure and a unit in cells of their own, "" without a figure.

    `before` are the cells for the sign, `after` those for the unit; where no header words tell them apart,
    all are `values` and what stands in each does. A value that has its own sign or unit (98%以上, 100%) keeps
    it and takes no second; words (合规) take neither.
    """
    if not before and not after:
        before, values, after = _told_apart(values, words)
    value = "".join(dict.fromkeys(entry.text for entry in values if entry.state is not State.DASH))
    if not value:
        return ""
    sign = "".join(_sign(entry.text, words) for entry in before)
    unit = "".join(entry.text for entry in after if entry.state is not State.DASH)
    if not _is_figure(value, words):
        return f"{sign}{value}" if sign and grammar_of(words).relative.search(value) else value
    return f"{'' if _is_signed(value, words) else sign}{value}{unit if _takes(unit, value, words) else ''}"


def is_sign(text: str, words: Lexicon) -> bool:
    """Whether a cell holds nothing but a comparison sign, or what some forms write for one (正向, 定量)."""
    word = compact(text)
    return word in words.natures or word in words.directions or normalise(text) in _comparators(words)


def is_unit(text: str, words: Lexicon) -> bool:
    """Whether a cell holds nothing but a unit."""
    return text.strip() not in words.zeros and read_hint(text, words).printed != ""


def _comparators(words: Lexicon) -> frozenset[str]:
    return frozenset(map(normalise, words.comparators))


def _told_apart(
    cells: Sequence[Entry], words: Lexicon
) -> tuple[Sequence[Entry], Sequence[Entry], Sequence[Entry]]:
    """Cells under one header word by what they hold; a unit goes with a figure, alone it is the value."""
    before = [entry for entry in cells if is_sign(entry.text, words)]
    rest = [entry for entry in cells if entry not in before]
    after = [entry for entry in rest if len(rest) > 1 and is_unit(entry.text, words)]
    return before, [entry for entry in rest if entry not in after], after


def _sign(text: str, words: Lexicon) -> str:
    """A cell for the sign may say 正向 instead of ≥; 定性 says nothing that the words themselves do not."""
    word = compact(text)
    return "" if word in (*words.natures, *words.dashes) else words.directions.get(word, text)


def _is_figure(value: str, words: Lexicon) -> bool:
    return (
        any(digit in normalise(value) for digit in _DIGITS)
        or _kind(value, words) is not TargetKind.QUALITATIVE
    )


def _is_signed(value: str, words: Lexicon) -> bool:
    """Whether a value says itself how it is meant: ≥95%, 98%以上, 3-5次, 9月底前."""
    bare = normalise(value)
    return bare[:1] in "=<>≥≤≧≦" or _kind(value, words) not in {*_BARE, TargetKind.UNREADABLE}


def _takes(unit: str, value: str, words: Lexicon) -> bool:
    """Whether a unit belongs behind a value: it is one, and the value has none."""
    if not unit or compact(unit) in (*words.zeros, *words.natures):
        return False
    found = grammar_of(words).quantity.search(normalise(value))
    if found is None:
        return True
    rest = normalise(value)[found.end("number") :]
    own = rest not in {"", ")"} and rest not in {normalise(scale) for scale in words.scales}
    return not own


def _kind(value: str, words: Lexicon) -> TargetKind:
    return parse_target(value, percent_format=False, lexicon=words).kind


_CERTAIN = {TargetKind.AT_LEAST, TargetKind.AT_MOST, TargetKind.EQUAL, TargetKind.ZERO}
_SHORTEST = 2
"""Characters of a name that have to be left before the sign."""
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_WHOLE = re.compile(r"100(?:\.0+)?\s*+[%％]$")
_NAME_END = re.compile(r"(?<![\s:：,，(（])[\s:：,，(（]++$")


def target_in_name(name: str, lexicon: Lexicon) -> str:
    """The target that ends a name, "" where there is none or anything about it could be doubted.

    Certain is one figure in the whole name, behind a comparison sign (≥, 不低于), with at most a unit after
    it: nothing that has two figures, no range, no date, no figure without a sign.
    """
    found = _sign_of(lexicon).search(name)
    if found is None or len(_FIGURES.findall(normalise(name))) != 1:
        return ""
    head, tail = _NAME_END.sub("", name[: found.start()]), name[found.start() :].strip().rstrip("。;；)）")
    if len(normalise(head)) < _SHORTEST or not _is_one_figure(tail[len(found[0]) :], lexicon):
        return ""
    target = parse_target(tail, percent_format=False, lexicon=lexicon)
    return tail if target.kind in _CERTAIN and not target.words else ""


def whole_of_rate(name: str, lexicon: Lexicon) -> str:
    """The unsigned 100% that ends a rate's name (完成率100%); "" where anything else is there to be doubted.

    By itself it says as little as 完成率 alone; beside an actual value it is what that is held against.
    """
    found = _WHOLE.search(name)
    head = name[: found.start()].rstrip() if found else ""
    alone = len(_FIGURES.findall(normalise(name))) == 1
    named = len(normalise(head)) >= _SHORTEST and head.endswith(tuple(lexicon.change_nouns))
    return found[0] if found and alone and named else ""


def _is_one_figure(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is one figure with its unit and nothing else."""
    return grammar_of(lexicon).quantity.fullmatch(normalise(text)) is not None


@lru_cache(maxsize=16)
def _sign_of(lexicon: Lexicon) -> re.Pattern[str]:
    """The comparison signs of a lexicon and its long words (不低于) as printed, the longest first.

    Two characters such as 不满 or 最低 may be part of the name.
    """
    known = (word for word in lexicon.comparators if not word[0].isalpha() or len(word) > _SHORTEST)
    words = sorted(known, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
