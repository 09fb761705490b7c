"""Which unnamed columns of an indicator block are its weights and scores: numbers tell by their sums."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.extraction.entries import points_in_one
from jixiao.extraction.labels import declared_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.extraction.column_strips import Strip
    from jixiao.extraction.indicator_columns import Found, Search

_BASES = {Decimal(80), Decimal(90), Decimal(100)}
"""What weights of indicators add up to where no row of totals says so: all points, or all but execution."""
_MOST_ELSEWHERE = Decimal(20)
"""So many points may lie outside the block, with the execution of the budget."""
_FEWEST = 2
_SURE, _LIKELY, _PLACED = 95, 85, 75
_AT_MOST = "各行数字都不大于分值"


def find_points(search: Search) -> Iterator[Found]:
    """The weights add up to the points there are; the scores are at most the weights, row by row."""
    figures = [strip for strip in search.free if strip.is_figures and len(strip.points) >= _FEWEST]
    weight, score = search.known.get("weight"), search.known.get("self_score")
    if search.lacks("weight") and search.lacks("self_score"):
        yield from list(_in_one(search)) or list(_both(figures)) or _alone(figures, search)
    elif score and search.lacks("weight"):
        fitting = [strip for strip in figures if _adds_up(strip) and _covers(strip, score)]
        yield from _only("weight", fitting, "各行数字之和等于总分值，且都不小于得分")
    elif weight and search.lacks("self_score"):
        fitting = [strip for strip in figures if _covers(weight, strip) and _is_earned(strip, weight)]
        yield from _only("self_score", fitting, _AT_MOST)


def _both(figures: list[Strip]) -> Iterator[Found]:
    """Two columns that add up, one at most the other: the weights, and the scores beside them."""
    pairs = [
        (one, other)
        for one in figures
        for other in figures
        if one is not other and _adds_up(one) and _covers(one, other) and _is_earned(other, one)
    ]
    equal = len(pairs) == _FEWEST and pairs[0] == pairs[1][::-1]
    if equal:
        pairs = [min(pairs, key=lambda pair: pair[0].span)]
    weights = [one for one, _ in pairs if all(one is other or _covers(one, other) for other in figures)]
    if len(pairs) > 1 and weights:
        weight = min(weights, key=lambda strip: strip.span)
        yield "weight", weight, "各行数字之和等于总分值，且不小于其他各列", _LIKELY
        yield from _only("self_score", [other for one, other in pairs if one is weight], _AT_MOST)
    if len(pairs) == 1:
        weight, score = pairs[0]
        certainty = _LIKELY if equal else _SURE
        yield "weight", weight, "各行数字之和等于总分值", certainty
        yield "self_score", score, _AT_MOST, certainty


def _in_one(search: Search) -> Iterator[Found]:
    """The one column that holds points and score together: 20/19.5."""
    fitting = [
        strip for strip in search.free if strip.cells and all(map(points_in_one, strip.cells.values()))
    ]
    if len(fitting) == 1:
        yield "weight", fitting[0], "分值和得分写在一格里", _SURE
        yield "self_score", fitting[0], "分值和得分写在一格里", _SURE


def _alone(figures: list[Strip], search: Search) -> Iterator[Found]:
    """The one column of figures with a total that fits: scores where the levels announce the weights."""
    added = [strip for strip in figures if strip.total is not None and _adds_up(strip)]
    levels = search.known.get("level1")
    announced = levels is not None and any(declared_points(text) for text in levels.cells.values())
    if len(added) == 1 and announced:
        yield "self_score", added[0], "分值写在一级指标里，这一列与总分相符", _LIKELY
    elif len(added) == 1 and added[0].total in _BASES:
        yield "weight", added[0], "各行数字之和等于总分值", _LIKELY


def _only(name: str, fitting: list[Strip], reason: str) -> Iterator[Found]:
    """The one column that fits, or of several the one that also fits the row of totals.

    Of several scores the leftmost is the department's own: who checks it writes beside it.
    """
    best = fitting if len(fitting) == 1 else [strip for strip in fitting if strip.total is not None]
    if len(best) == 1:
        yield name, best[0], reason, _SURE if best[0].total is not None else _LIKELY
    elif name == "self_score" and fitting:
        first = min(best or fitting, key=lambda strip: strip.span)
        yield name, first, f"{reason}，取靠左的一列", _PLACED


def _adds_up(strip: Strip) -> bool:
    added = _sum(strip)
    if min(strip.points.values()) <= 0:
        return False
    if strip.total is not None:
        return 0 <= strip.total - added <= _MOST_ELSEWHERE
    return added in _BASES


def _is_earned(strip: Strip, weight: Strip) -> bool:
    """Whether numbers at most the weights can be what was earned: most of the weights, or as totalled."""
    added = _sum(strip)
    if strip.total is not None:
        return 0 <= strip.total - added <= _MOST_ELSEWHERE
    return added * 2 >= _sum(weight)


def _covers(weight: Strip, score: Strip) -> bool:
    """Whether every number is at most the weight in its row, and nearly every weight has one."""
    rows = weight.points.keys() & score.points.keys()
    if len(rows) < _FEWEST or len(rows) * 5 < len(weight.points) * 4:
        return False
    return all(score.points[row] <= weight.points[row] for row in rows) and min(score.points.values()) >= 0


def _sum(strip: Strip) -> Decimal:
    return sum(strip.points.values(), Decimal(0))
