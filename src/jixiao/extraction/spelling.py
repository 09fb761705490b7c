"""Text brought to one spelling, so that words and figures need to be known in that one only."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "‐‑‒–—―−﹘﹣－⁃╌─━"
_TILDES = "～〜∼˜⁓"
_INVISIBLE = [
    *range(9),
    *range(14, 32),
    0x7F,
    0xAD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    0x2060,
    0xFEFF,
]
_MARKS = {
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _TILDES), "~"),
    **dict.fromkeys(map(ord, "〔［【〖"), "("),
    **dict.fromkeys(map(ord, "〕］】〗"), ")"),
    **dict.fromkeys(map(ord, "“”‘’\"'`"), None),
    **dict.fromkeys(_INVISIBLE, None),
}
_KEPT = re.compile(r"([²³¹⁰-₟¼-¾⅐-⅟↉①-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿])")
"""Characters whose compatibility form would make up digits: 10² is not 102, ①完成 not 1完成."""
_GAP = re.compile(r"\s+")
_DIGIT_GAP = re.compile(r"(?<=[0-9])\s+(?=[0-9])")


@lru_cache(maxsize=16384)
def normalise(text: str) -> str:
    """NFKC, with one kind of dash, tilde and bracket, without quotation marks and invisible characters.

    White space of any kind goes, since Chinese has none that means anything; between two digits one space
    stays, so that "12 3" does not become 123. Serves for matching labels as well as for reading values.

    >>> normalise("≥ ９５ ％")
    '≥95%'
    """
    if not text.isascii():
        text = "".join(
            part if place % 2 else unicodedata.normalize("NFKC", part.translate(_MARKS))
            for place, part in enumerate(_KEPT.split(text))
        )
    text = text.translate(_MARKS)
    return " ".join(_GAP.sub("", part) for part in _DIGIT_GAP.split(text))
