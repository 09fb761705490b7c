"""Which unnamed columns of an indicator block are its levels, names, signs, units, targets and reasons."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.text_keys import normalise
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.indicator_rows import level_key, usual_levels
from jixiao.extraction.numbers import measure_of
from jixiao.extraction.targets import is_sign, is_unit
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.column_strips import Strip
    from jixiao.extraction.indicator_columns import Found, Search

_SIGNED = re.compile(r"[<>≥≤≧≦]|以上|以内|以下")
_SURE, _LIKELY, _PLACED = 95, 85, 75


def find_levels(search: Search) -> Iterator[Found]:
    """Columns most of whose texts are the usual names of a level; first levels are those over others."""
    usual = usual_levels(search.view.layout)
    firsts = set(search.view.layout.blank.groups)
    for strip in search.free:
        names = [usual.get(level_key(text), "") for text in strip.cells.values()]
        if not _most(names, bool):
            continue
        name = "level1" if _most([each for each in names if each], lambda each: each in firsts) else "level2"
        if search.lacks(name):
            yield name, strip, say("所填都是各级指标的通用名称"), _SURE
            search = search.with_found(name, strip)


def find_signs(search: Search) -> Iterator[Found]:
    """Columns of comparison signs, and columns of units; a sign's column under the target's header word."""
    words = search.view.lexicon
    target = search.known.get("target")
    if target and search.lacks("operator") and all(is_sign(text, words) for text in target.cells.values()):
        beside = [each for each in search.free if each.span[0] == target.span[1] + 1 and not each.text]
        if beside:
            yield "operator", target, say("所填都是比较符号"), _SURE
            yield "target", beside[0], say("在比较符号的右侧"), _SURE
            search = search.with_found("operator", target).with_found("target", beside[0])
    for strip in search.free:
        texts = list(strip.cells.values())
        if search.lacks("operator") and all(is_sign(text, words) for text in texts):
            yield "operator", strip, say("所填都是比较符号"), _SURE
            search = search.with_found("operator", strip)
        elif search.lacks("unit") and _are_units(texts, words):
            yield "unit", strip, say("所填都是计量单位"), _SURE
            search = search.with_found("unit", strip)


def find_values(search: Search) -> Iterator[Found]:
    """Targets and actual values: written alike, side by side; the targets have the signs or stand first."""
    target, actual = search.known.get("target"), search.known.get("actual")
    if target and search.lacks("actual"):
        yield from _likest("actual", target, search)
    elif actual and search.lacks("target"):
        found = list(_likest("target", actual, search))
        if not (found and search.lacks("level3") and _named_before(actual, search) == [found[0][1]]):
            yield from found  # else the targets stand in the names
    elif search.lacks("target") and search.lacks("actual"):
        yield from list(_pair(search)) or list(_pair_of_words(search)) or _signed(search)


def _named_before(values: Strip, search: Search) -> list[Strip]:
    """The columns left of the values that may hold the indicators' names."""
    return [strip for strip in search.free if strip.span[0] < values.span[0] and _are_names(strip)]


def find_name(search: Search) -> Iterator[Found]:
    """The indicators' names: the texts nearest to the left of the values, hardly one of them twice.

    Where there are none, the innermost level holds the names.
    """
    if not search.lacks("level3"):
        return
    values = [search.known[name].span[0] for name in ("target", "actual") if name in search.known]
    left = min(values, default=0)
    names = [strip for strip in search.free if strip.span[0] < left and _are_names(strip)]
    if names:
        yield "level3", names[-1], say("指标值左侧各行互不相同的文字"), _LIKELY
        return
    second = search.known.get("level2")
    usual = usual_levels(search.view.layout)
    if (
        second
        and _are_names(second)
        and not _most(list(second.cells.values()), lambda each: level_key(each) in usual)
    ):
        yield "level3", second, say("该列就是各项指标的名称"), _LIKELY


def find_by_place(search: Search) -> Iterator[Found]:
    """What only one column is left for: the value between names and points, the level before another."""
    for name in ("target", "actual"):
        other = search.known.get("actual" if name == "target" else "target")
        if other and search.lacks(name):
            between = _between_names_and_points(search)
            if len(between) == 1:
                yield name, between[0], say("指标名称与分值之间只有这一列没有写明"), _PLACED
    for name, inner in (("level2", "level3"), ("level1", "level2")):
        below = search.known.get(inner)
        beside = [strip for strip in search.free if below and strip.span[1] + 1 == below.span[0]]
        if beside and search.lacks(name) and beside[0].text and not beside[0].points:
            yield name, beside[0], say("位于下一级指标的左侧"), _PLACED
            search = search.with_found(name, beside[0])


def _between_names_and_points(search: Search) -> list[Strip]:
    """The columns with a heading between the names and what stands right of them: points or the reason."""
    known = search.known
    names = known.get("level3")
    if names is None:
        return []
    starts = [known[each].span[0] for each in ("weight", "self_score", "reason") if each in known]
    end = min((each for each in starts if each > names.span[1]), default=search.view.region.grid.width)
    return [
        strip
        for strip in search.free
        if names.span[1] < strip.span[0] < end and strip.text and not strip.points
    ]


def find_reason(search: Search) -> Iterator[Found]:
    """The rightmost texts behind the actual values: where departments explain what they missed."""
    actual = search.known.get("actual")
    if not actual or not search.lacks("reason"):
        return
    behind = [
        strip for strip in search.free if strip.span[0] > actual.span[1] and not strip.points and strip.text
    ]
    if behind:
        yield "reason", behind[-1], say("位于表的右侧，所填是文字说明"), _PLACED


def _likest(name: str, other: Strip, search: Search) -> Iterator[Found]:
    """The one column written as the other is, or where none is, as the other is but for a missing unit."""
    words = search.view.lexicon
    alike = [strip for strip in search.free if _alike(strip, other, words)]
    alike = alike or [strip for strip in search.free if _alike(strip, other, words, bare=True)]
    if len(alike) == 1:
        yield name, alike[0], say("所填数值的写法、单位与另一列相同"), _LIKELY


def _pair(search: Search) -> Iterator[Found]:
    neighbours = [
        pair for pair in pairwise(search.free) if not all(strip.is_figures for strip in pair)
    ] or list(pairwise(search.free))
    words = search.view.lexicon
    pairs = [pair for pair in neighbours if _alike(*pair, words)]
    pairs = pairs or [pair for pair in neighbours if _alike(*pair, words, bare=True)]
    if len(pairs) > 1:  # the figure with a sign, or beside its sign or unit, is the target
        pairs = [
            pair
            for pair in pairs
            if _is_beside_part(pair[0], search) or (_signs(pair[0]) and not _signs(pair[1]))
        ]
    if len(pairs) == 1:
        one, other = pairs[0]
        target, actual = (other, one) if _signs(other) > _signs(one) else (one, other)
        yield "target", target, say("与右侧一列数值的写法、单位相同"), _LIKELY
        yield "actual", actual, say("与左侧一列数值的写法、单位相同"), _LIKELY


def _is_beside_part(strip: Strip, search: Search) -> bool:
    """Whether a column stands behind that of the signs, or before that of the units."""
    before, after = search.known.get("operator"), search.known.get("unit")
    return bool(
        (before and before.span[1] + 1 == strip.span[0]) or (after and strip.span[1] + 1 == after.span[0])
    )


def _pair_of_words(search: Search) -> Iterator[Found]:
    """The one pair of neighbours right of the names most of whose rows say the same: 全覆盖 | 全覆盖."""
    names = search.known.get("level3")
    right = [strip for strip in search.free if not names or strip.span[0] > names.span[1]]
    pairs = [pair for pair in pairwise(right) if _repeats(*pair)]
    if len(pairs) == 1:
        target, actual = pairs[0]
        yield "target", target, say("与右侧一列所填文字大多相同"), _PLACED
        yield "actual", actual, say("与左侧一列所填文字大多相同"), _PLACED


def _signed(search: Search) -> Iterator[Found]:
    """The one column most of whose texts have a comparison sign: targets, where no actual values stand."""
    signed = [strip for strip in search.free if _signs(strip) * 2 > len(strip.cells)]
    if len(signed) == 1:
        yield "target", signed[0], say("所填大多带有比较符号"), _LIKELY


def _repeats(one: Strip, other: Strip) -> bool:
    rows = one.cells.keys() & other.cells.keys()
    same = [row for row in rows if one.cells[row].strip() == other.cells[row].strip()]
    return (
        not one.is_figures
        and len(rows) * 2 > max(len(one.cells), len(other.cells))
        and len(same) * 2 >= len(rows) > 1
    )


def _alike(one: Strip, other: Strip, words: Lexicon, *, bare: bool = False) -> bool:
    """Whether most rows hold values in the same unit, or words on both sides; and some rows figures.

    `bare`: a figure without a unit goes with any.
    """
    rows = one.cells.keys() & other.cells.keys()
    if len(rows) * 2 < max(len(one.cells), len(other.cells)):
        return False
    shapes = [(_shape(one.cells[row], words), _shape(other.cells[row], words)) for row in rows]
    fitting = [a for a, b in shapes if a == b or (bare and a is not None and b is not None and "" in {a, b})]
    return any(a is not None for a in fitting) and len(fitting) * 3 >= len(shapes) * 2


def _shape(text: str, words: Lexicon) -> str | None:
    """The unit of a value's figure, "" for a bare one, None for words; 指标1： counts rows."""
    grammar = grammar_of(words)
    found = grammar.quantity.search(normalise(grammar.numbering.sub("", text.strip())))
    return measure_of(found, grammar).printed if found else None


def has_signs(strip: Strip) -> bool:
    """Whether a comparison sign stands in one of its cells."""
    return bool(_signs(strip))


def _signs(strip: Strip) -> int:
    return sum(bool(_SIGNED.search(normalise(text))) for text in strip.cells.values())


def _are_units(texts: Sequence[str], words: Lexicon) -> bool:
    """Whether cells hold units, but for those of indicators in words (无, 定性)."""
    left = [text for text in texts if text.strip() not in (*words.zeros, *words.natures)]
    return bool(left) and all(is_unit(text, words) for text in left)


def _are_names(strip: Strip) -> bool:
    texts = list(strip.cells.values())
    values = _most(texts, lambda text: text.strip()[:1].isdecimal())  # last year's figures, not names
    return len(set(texts)) * 5 >= len(texts) * 4 and not values and not strip.is_figures and len(texts) > 1


def _most(texts: Sequence[str], holds: Callable[[str], bool]) -> bool:
    return bool(texts) and sum(map(holds, texts)) * 2 > len(texts)
