"""Which qualitative level the words of an actual value support."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.extraction.grammar import any_of
from jixiao.extraction.spelling import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.lexicon import Lexicon

_REACHED, _PARTLY, _MISSED, _UNSURE = "reached", "partly", "missed", "unsure"
_LEVELS = {_REACHED, _PARTLY, _MISSED}


@dataclass(frozen=True, slots=True)
class _Token:
    role: str
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class _Patterns:
    """`evidence` has one named group a level, and "harmless" and "unsure"."""

    evidence: re.Pattern[str]
    change: re.Pattern[str]
    changes: Mapping[str, str]
    supporting: frozenset[str]
    filler: re.Pattern[str]
    on_time: re.Pattern[str]
    beginnings: re.Pattern[str]
    intense: re.Pattern[str]


def level_of(words: str, target_words: str, lexicon: Lexicon) -> str:
    """The level ("reached", "partly", "missed") that the words support against a target; "" if not certain.

    An actual that says what the target says has reached it, and a hedge that the target itself uses
    (基本建成) is no shortfall. A supporting word next to a negator counts as missed (没有提高, 效果不明显); a
    negator anywhere else, a doubt (待, 个别), a change in another direction, a degree less (满意 beside
    非常满意), or words of two kinds decide nothing.
    """
    patterns = _patterns_of(lexicon)
    words, target_words = normalise(words), normalise(target_words)
    if _core(words, patterns) == _core(target_words, patterns) != "":
        return _REACHED
    if target_words.endswith(words) and patterns.intense.fullmatch(target_words.removesuffix(words)):
        return ""
    roles = {token.role for token in _tokens(words, patterns) if not _is_shared_hedge(token, target_words)}
    found, wanted = _changes(words, patterns), _changes(target_words, patterns)
    if found.keys() and found.keys() == wanted.keys():
        roles = roles or {_REACHED}
    elif (found and wanted) or not patterns.supporting.issuperset(set().union(*found.values())):
        return ""
    if roles == {_REACHED, _PARTLY}:
        return _PARTLY
    return roles.pop() if len(roles) == 1 and roles <= _LEVELS else ""


def keeps_deadline(words: str, lexicon: Lexicon) -> str:
    """Whether words without a date say that a deadline was kept: "reached" (按时完成), "missed", or ""."""
    words = normalise(words)
    if not _patterns_of(lexicon).on_time.search(words):
        return ""
    level = level_of(words, "", lexicon)
    return level if level != _PARTLY else ""


def is_whole(target_words: str, lexicon: Lexicon) -> bool:
    """Whether 100 % of what a target in words says is all of it: of 及时, 全覆盖, 按时完成; not of 提高."""
    words = normalise(target_words)
    if _changes(words, _patterns_of(lexicon)):
        return False
    return level_of(words, "", lexicon) == _REACHED


def is_open(words: str, lexicon: Lexicon) -> bool:
    """Whether words beside a date leave open that it is the date of completion: 计划, 延期, 开工."""
    patterns = _patterns_of(lexicon)
    roles = {token.role for token in _tokens(normalise(words), patterns)}
    return bool(roles - {_REACHED}) or patterns.beginnings.search(normalise(words)) is not None


def _is_shared_hedge(token: _Token, target_words: str) -> bool:
    return token.role == _PARTLY and token.word in target_words


def _core(words: str, patterns: _Patterns) -> str:
    """The words without what says nothing in front of them: 已基本建成 says 基本建成."""
    return patterns.filler.sub("", words.strip("。;.,、"))


def _changes(words: str, patterns: _Patterns) -> dict[str, set[str]]:
    """The words of change in a text by the word that stands for them."""
    found: dict[str, set[str]] = {}
    for word in patterns.change.findall(words):
        found.setdefault(patterns.changes[word], set()).add(word)
    return found


def _tokens(words: str, patterns: _Patterns) -> list[_Token]:
    """The words that speak for a level; a supporting word that touches a denial belongs to it."""
    tokens: list[_Token] = []
    for match in patterns.evidence.finditer(words):
        token = _Token(match.lastgroup or "", match[0], match.start(), match.end())
        if token.role == "harmless":
            continue
        touching = tokens[-1] if tokens and tokens[-1].end == token.start else None
        if touching and {touching.role, token.role} == {_REACHED, _MISSED}:
            tokens.pop()
            token = _Token(_MISSED, token.word, touching.start, token.end)
        tokens.append(token)
    return tokens


@lru_cache(maxsize=16)
def _patterns_of(lexicon: Lexicon) -> _Patterns:
    reached, partly, missed = (any_of(lexicon.levels[level]) for level in (_REACHED, _PARTLY, _MISSED))
    negator = any_of(lexicon.negators)
    unsure = any_of([*lexicon.doubts, *lexicon.negators])
    neutral = any_of([*lexicon.harmless, *(set(lexicon.changes) - set(lexicon.levels[_REACHED]))])
    return _Patterns(
        evidence=re.compile(
            rf"(?P<harmless>{neutral})|(?P<missed>{missed}|{negator}{reached})"
            rf"|(?P<reached>{reached})|(?P<partly>{partly})|(?P<unsure>{unsure})"
        ),
        change=re.compile(any_of(lexicon.changes)),
        changes={normalise(word): change for word, change in lexicon.changes.items()},
        supporting=frozenset(map(normalise, lexicon.levels[_REACHED])),
        filler=re.compile(rf"^(?:{any_of(lexicon.fillers)})+(?=.)"),
        on_time=re.compile(any_of(lexicon.on_time)),
        beginnings=re.compile(any_of(lexicon.beginnings)),
        intense=re.compile(any_of(lexicon.intensifiers)),
    )
