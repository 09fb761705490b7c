"""Labels that are nearly a known word, with a qualifier more or less: 年度财政资金总额 for 年度资金总额."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.extraction.labels import label_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jixiao.domain.lexicon import Lexicon

_SHORTEST = 2
"""Characters that have to be left of a label: one alone may be the rest of anything."""


@lru_cache(maxsize=65536)
def core_of(key: str, lexicon: Lexicon, *, origins: bool = True) -> str:
    """What is left of a label's key without its qualifiers; "" where that is too little to tell anything.

    `origins`: words that say whose the money is go as well. They do not where rows differ by just that.

    >>> core_of("本年度财政资金总额", lexicon)
    '总额'
    """
    core = _qualifiers(lexicon, origins).sub("", key)
    return core if len(core) >= _SHORTEST else ""


def nearest(
    key: str, known: Mapping[str, Iterable[str]], lexicon: Lexicon, *, origins: bool = True
) -> str | None:
    """The one name that has a label with the same core as a key; None where none or several have.

    `known` are label words by name.
    """
    core = core_of(key, lexicon, origins=origins)
    if not core:
        return None
    names = {
        name
        for name, labels in known.items()
        if any(core_of(label_key(label), lexicon, origins=origins) == core for label in labels)
    }
    return names.pop() if len(names) == 1 else None


@lru_cache(maxsize=8)
def _qualifiers(lexicon: Lexicon, origins: bool) -> re.Pattern[str]:  # noqa: FBT001 - a cache's key
    words = (*lexicon.qualifiers, *(lexicon.origins if origins else ()))
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
