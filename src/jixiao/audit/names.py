"""Names across forms, accounts and roster: the one place that says which of them mean the same.

Exactly first, then by similarity, never silently: who uses a match that is not exact has to say so (X104).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up
from jixiao.domain.text_keys import compact_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SUFFICIENT = Decimal(85)
"""Similarity in percent from which two names may mean the same; 100 means the same letters."""
_CUTOFF = float(_SUFFICIENT)
_SUFFICIENT_RETYPED = Decimal(92)
"""The same where a character was replaced, not left out: 农业 and 林业 differ by one character, too."""
_LEAD = Decimal(3)
"""By so much the best candidate has to lead the second, else nobody can tell which was meant."""
_PLACES = 2
_NUMERAL = re.compile(r"\d+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Match:
    """The known name that a wanted one means; `similarity` in percent, 100 where the match is exact."""

    name: str
    exact: bool
    similarity: Decimal


def match_names(wanted: Iterable[str], known: Iterable[str]) -> dict[str, Match | None]:
    """What each wanted name means among the known ones; None where nobody can tell.

    Names that differ only in white space, width, case and punctuation match exactly. Of the rest two names
    match where each is the other's best candidate by a clear lead, and no known name is given away twice.
    Names with different numbers in them (第1批, 第2批) never match.
    """
    asked, given = list(wanted), _grouped(known)
    keys = {name: compact_name(name) for name in asked}
    similar = _best_pairs(
        frozenset(keys.values() - given.keys() - {""}), frozenset(given.keys() - set(keys.values()))
    )
    return {name: _match(name, keys[name], given, similar) for name in asked}


def assume_same(match: Match | None) -> tuple[str, ...]:
    """What a comparison takes for granted that is made by a similar name, in words; nothing by the same."""
    return () if match is None or match.exact else (say("按相近的名称“{name}”对应", name=match.name),)


def _match(
    name: str, key: str, given: Mapping[str, list[str]], similar: Mapping[str, tuple[str, Decimal]]
) -> Match | None:
    """The exact match before the similar one; of known names that differ in punctuation the same spelling."""
    if key in given:
        same = name if name in given[key] else min(given[key])
        return Match(same, exact=True, similarity=HUNDRED)
    if key not in similar:
        return None
    other, similarity = similar[key]
    return Match(min(given[other]), exact=False, similarity=similarity)


def similar_pairs(names: Iterable[str]) -> tuple[tuple[str, str, Decimal], ...]:
    """Names that look like two spellings of one, with their similarity in percent; each pair sorted."""
    keys = {key: min(group) for key, group in _grouped(names).items()}
    pairs = [
        (*_in_order(keys[first], keys[second]), similarity)
        for group in _by_numerals(keys).values()
        for first, second in combinations(group, 2)
        if (similarity := _similarity(first, second))
    ]
    return tuple(sorted(pairs))


def _in_order(first: str, second: str) -> tuple[str, str]:
    return min(first, second), max(first, second)


def _grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """The names by what exact matches share; names without a letter or digit are none."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if key := compact_name(name):
            groups[key].append(name)
    return dict(groups)


@lru_cache(maxsize=256)
def _best_pairs(wanted: frozenset[str], known: frozenset[str]) -> Mapping[str, tuple[str, Decimal]]:
    """Pairs of keys of which each is the clear best of the other, with their similarity.

    Kept, since several checks ask for the same names, and again for every correction that is tried.
    """
    candidates, claimants = _scored(wanted, known)
    pairs: dict[str, tuple[str, Decimal]] = {}
    for key, found in candidates.items():
        best = _clear_best(found)
        if best and _clear_best(claimants[best]) == key:
            pairs[key] = best, found[best]
    return pairs


def _scored(
    wanted: Iterable[str], known: Iterable[str]
) -> tuple[dict[str, dict[str, Decimal]], dict[str, dict[str, Decimal]]]:
    """The sufficient similarities, by wanted and by known key; only names of equal numbers are compared."""
    candidates: dict[str, dict[str, Decimal]] = defaultdict(dict)
    claimants: dict[str, dict[str, Decimal]] = defaultdict(dict)
    others = _by_numerals(known)
    for numerals, group in _by_numerals(wanted).items():
        for first in group:
            for second in others.get(numerals, ()):
                if similarity := _similarity(first, second):
                    candidates[first][second] = claimants[second][first] = similarity
    return candidates, claimants


def _clear_best(scores: Mapping[str, Decimal]) -> str:
    best, *others = sorted(scores, key=lambda name: -scores[name])
    return "" if others and scores[best] - scores[others[0]] < _LEAD else best


def _similarity(first: str, second: str) -> Decimal:
    """In percent; 0 where it does not suffice."""
    ratio = fuzz.ratio(first, second, score_cutoff=_CUTOFF)
    if not ratio:
        return ZERO
    similarity = round_half_up(Decimal(repr(ratio)), _PLACES)
    retyped = not (_contains(first, second) or _contains(second, first))
    return similarity if similarity >= (_SUFFICIENT_RETYPED if retyped else _SUFFICIENT) else ZERO


def _contains(longer: str, shorter: str) -> bool:
    """Whether the shorter name is the longer one with characters left out."""
    rest = iter(longer)
    return all(char in rest for char in shorter)


def _by_numerals(keys: Iterable[str]) -> dict[tuple[float, ...], list[str]]:
    groups: dict[tuple[float, ...], list[str]] = defaultdict(list)
    for key in sorted(keys):
        groups[tuple(_numerals(key))].append(key)
    return groups


def _numerals(key: str) -> Iterator[float]:
    """The numbers in a name, whatever they are written in: 2 for 2 as well as for 二."""
    for part in _NUMERAL.findall(key):
        value = float(part) if part.isdecimal() else unicodedata.numeric(part, -1)
        if value >= 0:
            yield value
