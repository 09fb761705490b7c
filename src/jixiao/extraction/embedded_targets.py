"""A target that stands in the indicator's name: 培训人数≥500人 where no target was printed beside it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.quantities import TargetKind
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.spelling import normalise
from jixiao.extraction.targets import parse_target

if TYPE_CHECKING:
    from jixiao.domain.lexicon import Lexicon

_CERTAIN = {TargetKind.AT_LEAST, TargetKind.AT_MOST, TargetKind.EQUAL, TargetKind.ZERO}
_SHORTEST = 2
"""Characters of a name that have to be left before the sign."""
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_NAME_END = re.compile(r"[\s:：,，(（]+$")


def target_in_name(name: str, lexicon: Lexicon) -> str:
    """The target that ends a name, "" where there is none or anything about it could be doubted.

    Certain is one figure in the whole name, behind a comparison sign (≥, 不低于), with at most a unit after
    it: nothing that has two figures, no range, no date, no figure without a sign.
    """
    found = _sign_of(lexicon).search(name)
    if found is None or len(_DIGITS.findall(normalise(name))) != 1:
        return ""
    head, tail = _NAME_END.sub("", name[: found.start()]), name[found.start() :].strip().rstrip("。;；)）")
    if len(normalise(head)) < _SHORTEST or not _is_figure(tail[len(found[0]) :], lexicon):
        return ""
    target = parse_target(tail, percent_format=False, lexicon=lexicon)
    return tail if target.kind in _CERTAIN and not target.words else ""


def _is_figure(text: str, lexicon: Lexicon) -> bool:
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
