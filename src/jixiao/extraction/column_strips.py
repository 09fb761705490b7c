"""The printed columns below an indicator header, and which of them are its weights and scores."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import compact, label_key
from jixiao.extraction.entries import points_in_one
from jixiao.extraction.regions import declared_points
from jixiao.extraction.vocabulary import column_keys, keys_of, ordered_keys
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.indicator_columns import Found, Search
    from jixiao.extraction.views import FormView


_PERCENT = re.compile(r"\d+(?:\.\d+)?[%％]")
_FEWEST = 3
"""So many rows at least are added up in a row of totals that no word names."""
_MOST_ELSEWHERE = 20
"""So many points may lie outside the block, with the execution of the budget."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A printed column: where it lies, the cell and text of its heading, and the texts below by row.

    `points` are those of its cells that can be points: plain numbers, no percentages. `total` is what stands
    in the row of totals, None where there is no such row or nothing in it.
    """

    span: tuple[int, int]
    heading: Position
    text: str
    cells: Mapping[int, str]
    points: Mapping[int, Decimal]
    total: Decimal | None = None

    @property
    def is_figures(self) -> bool:
        """Whether all that stands in it can be points."""
        return bool(self.points) and len(self.points) == len(self.cells)


def free_strips(table: TableLayout, header: Header, rows: Sequence[int], view: FormView) -> tuple[Strip, ...]:
    """The columns beside the known ones whose header words head nothing known, from the left.

    `rows` are those that the header governs. Left out are columns that are known to hold no value
    (`ignored_labels`) and the label that stands beside the whole block. A column without a header word counts
    where anything stands in it.
    """
    grid, keys = view.region.grid, view.region.keys
    taken = {at for left, right in header.spans.values() for at in range(left, right + 1)}
    known = column_keys(table).keys() | keys_of(table.ignored_labels)
    found: list[Strip] = []
    left = 0
    while left < grid.width:
        if left in taken:
            left += 1
            continue
        right = left
        while right + 1 < grid.width and _is_one(left, right + 1, rows, view):
            right += 1
        heading = _heading(left, header, view)
        beside = grid.area(*heading).bottom > header.bottom or keys.get(heading, "") in known
        if not beside and not taken & set(range(left, right + 1)):
            strip = _strip((left, right), heading, rows, table, view)
            found += [strip] if strip.cells else []
        left = right + 1
    return tuple(found)


def _is_one(left: int, right: int, rows: Sequence[int], view: FormView) -> bool:
    """Whether most rows have one cell merged over two grid columns."""
    grid = view.region.grid
    merged = sum(grid.anchor(row, left) == grid.anchor(row, right) for row in rows)
    return merged * 2 > len(rows)


def known_strip(
    span: tuple[int, int], table: TableLayout, header: Header, rows: Sequence[int], view: FormView
) -> Strip:
    """The same of a column whose header word is known."""
    return _strip(span, _heading(span[0], header, view), rows, table, view)


def _heading(column: int, header: Header, view: FormView) -> Position:
    """The lowest cell of the header over a column that shows anything; its last row's where none does."""
    for row in range(header.bottom, header.top - 1, -1):
        if not view.is_blank(row, column):
            return view.region.grid.anchor(row, column)
    return header.bottom, column


def _strip(
    span: tuple[int, int], heading: Position, rows: Sequence[int], table: TableLayout, view: FormView
) -> Strip:
    totals, sums = keys_of(table.total_labels), ordered_keys(table.skipped_labels)
    hints = {compact(word) for word in view.lexicon.placeholders}
    cells: dict[int, str] = {}
    points: dict[int, Decimal] = {}
    total: Decimal | None = None
    for row in rows:
        if _is_total(row, totals, view):
            total = _points(row, span[0], view)
            if row == rows[0]:
                continue  # printed above the indicators
            break
        entry = view.entry(row, span[0], ValueKind.TEXT)
        if compact(entry.text) in hints or _is_sum(row, span[0], sums, view):
            continue
        if entry.state is not State.TEXT or entry.ref.row != row or entry.ref.column < span[0]:
            continue
        figure = _points(row, span[0], view)
        cells[row] = _shown(row, span, view)
        if figure is not None:
            points[row] = figure
    if total is None and (last := _sum_below(points)) is not None:
        total = points.pop(last)
        del cells[last]
    return Strip(span, heading, view.entry(*heading, ValueKind.TEXT).text.strip(), cells, points, total)


def _shown(row: int, span: tuple[int, int], view: FormView) -> str:
    """What a row shows in a column: sign, figure and unit in cells of their own as one text."""
    anchors = dict.fromkeys(view.region.grid.anchor(row, column) for column in range(span[0], span[1] + 1))
    return "".join(view.entry(*at, ValueKind.TEXT).text for at in anchors if at[0] == row)


def _sum_below(points: Mapping[int, Decimal]) -> int | None:
    """The last row where its number is what all others add up to, or all points with those elsewhere."""
    *rows, last = points or [0]
    added = sum((points[row] for row in rows), Decimal(0))
    sums_up = (
        len(rows) >= _FEWEST and 0 <= points[last] - added <= _MOST_ELSEWHERE and added > _MOST_ELSEWHERE
    )
    return last if sums_up else None


def _points(row: int, column: int, view: FormView) -> Decimal | None:
    entry = view.entry(row, column, ValueKind.SCORE)
    return None if "%" in entry.text or "％" in entry.text else entry.value


def _is_sum(row: int, column: int, sums: tuple[str, ...], view: FormView) -> bool:
    """Whether a row is a group's subtotal, or a column's cell one's label."""
    keys = (view.region.keys.get((row, left), "") for left in range(column + 1))
    return bool(sums) and any(key.endswith(sums) for key in keys)


def _is_total(row: int, totals: AbstractSet[str], view: FormView) -> bool:
    keys = view.region.keys
    return any(keys.get(at, "") in totals for at in view.region.anchors(row))


_BASES = {Decimal(80), Decimal(90), Decimal(100)}
"""What weights of indicators add up to where no row of totals says so: all points, or all but execution."""
_ELSEWHERE = Decimal(20)
"""So many points may lie outside the block, with the execution of the budget."""
_POINTS = ("weight", "self_score")
_FEWEST_POINTS = 2
_MOSTLY = 0.7
"""Of a column of points so many of its cells are figures, whatever stands in the others."""
_SURE, _LIKELY, _PLACED = 95, 85, 75
_AT_MOST = say("各行数字都不大于分值")


def find_points(search: Search) -> Iterator[Found]:
    """The weights add up to the points there are; the scores are at most the weights, row by row."""
    figures = [strip for strip in search.free if strip.is_figures and len(strip.points) >= _FEWEST_POINTS]
    weight, score = search.known.get("weight"), search.known.get("self_score")
    worded = list(_by_words(search))
    if search.lacks("weight") and search.lacks("self_score"):
        both = worded if len(worded) == len(_POINTS) else list(_in_one(search)) or list(_both(figures))
        yield from both or worded or _alone(figures, search)
    elif score and search.lacks("weight"):
        fitting = [strip for strip in figures if _adds_up(strip) and _covers(strip, score)]
        yield from list(_only("weight", fitting, say("各行数字之和等于总分值，且都不小于得分"))) or worded
    elif weight and search.lacks("self_score"):
        fitting = [strip for strip in figures if _covers(weight, strip) and _is_earned(strip, weight)]
        yield from list(_only("self_score", fitting, _AT_MOST)) or worded
    if not worded:
        yield from _in_percent(search)


def _in_percent(search: Search) -> Iterator[Found]:
    """The one column of plain percentages that add up to the whole: no rates do."""
    fitting = [
        strip
        for strip in search.free
        if len(strip.cells) >= _FEWEST
        and all(map(_PERCENT.fullmatch, strip.cells.values()))
        and sum((Decimal(text.rstrip("%％")) for text in strip.cells.values()), Decimal(0)) in _BASES
    ]
    if len(fitting) == 1 and search.lacks("weight"):
        yield "weight", fitting[0], say("各行百分比之和等于总分值"), _LIKELY


def _by_words(search: Search) -> Iterator[Found]:
    """The columns of figures whose words point to points, though one of their figures fits nothing.

    A word for the department's own score may say 分值 as well; a word that points to neither, or two columns
    for one, tell nothing.
    """
    pointed: dict[str, list[Strip]] = {}
    for strip in search.free:
        key = label_key(strip.text)
        names = [
            name
            for name in reversed(_POINTS)
            if search.lacks(name) and any(stem in key for stem in search.table.column(name).stems)
        ]
        if names and len(strip.points) >= max(_FEWEST_POINTS, len(strip.cells) * _MOSTLY):
            pointed.setdefault(names[0], []).append(strip)
    for name in _POINTS:
        if len(pointed.get(name, ())) == 1:
            yield name, pointed[name][0], say("用语与该列相关"), _LIKELY


def _both(figures: list[Strip]) -> Iterator[Found]:
    """Two columns that add up, one at most the other: the weights, and the scores beside them."""
    pairs = [
        (one, other)
        for one in figures
        for other in figures
        if one is not other and _adds_up(one) and _covers(one, other) and _is_earned(other, one)
    ]
    equal = len(pairs) == _FEWEST_POINTS and pairs[0] == pairs[1][::-1]
    if equal:
        pairs = [min(pairs, key=lambda pair: pair[0].span)]
    weights = [one for one, _ in pairs if all(one is other or _covers(one, other) for other in figures)]
    if len(pairs) > 1 and weights:
        weight = min(weights, key=lambda strip: strip.span)
        yield "weight", weight, say("各行数字之和等于总分值，且不小于其他各列"), _LIKELY
        yield from _only("self_score", [other for one, other in pairs if one is weight], _AT_MOST)
    if len(pairs) == 1:
        weight, score = pairs[0]
        certainty = _LIKELY if equal else _SURE
        yield "weight", weight, say("各行数字之和等于总分值"), certainty
        yield "self_score", score, _AT_MOST, certainty


def _in_one(search: Search) -> Iterator[Found]:
    """The one column that holds points and score together: 20/19.5."""
    fitting = [
        strip for strip in search.free if strip.cells and all(map(points_in_one, strip.cells.values()))
    ]
    if len(fitting) == 1:
        yield "weight", fitting[0], say("分值和得分写在一格里"), _SURE
        yield "self_score", fitting[0], say("分值和得分写在一格里"), _SURE


def _alone(figures: list[Strip], search: Search) -> Iterator[Found]:
    """The one column of figures with a total that fits: scores where the levels announce the weights."""
    added = [strip for strip in figures if strip.total is not None and _adds_up(strip)]
    levels = search.known.get("level1")
    announced = levels is not None and any(declared_points(text) for text in levels.cells.values())
    if len(added) == 1 and announced:
        yield "self_score", added[0], say("分值写在一级指标里，这一列与总分相符"), _LIKELY
    elif len(added) == 1 and added[0].total in _BASES:
        yield "weight", added[0], say("各行数字之和等于总分值"), _LIKELY


def _only(name: str, fitting: list[Strip], reason: str) -> Iterator[Found]:
    """The one column that fits, or of several the one that also fits the row of totals.

    Of several scores the leftmost is the department's own: who checks it writes beside it.
    """
    best = fitting if len(fitting) == 1 else [strip for strip in fitting if strip.total is not None]
    if len(best) == 1:
        yield name, best[0], reason, _SURE if best[0].total is not None else _LIKELY
    elif name == "self_score" and fitting:
        first = min(best or fitting, key=lambda strip: strip.span)
        yield name, first, say("{reason}，取靠左的一列", reason=reason), _PLACED


def _adds_up(strip: Strip) -> bool:
    added = _sum(strip)
    if min(strip.points.values()) <= 0:
        return False
    if strip.total is not None:
        return 0 <= strip.total - added <= _ELSEWHERE
    return added in _BASES


def _is_earned(strip: Strip, weight: Strip) -> bool:
    """Whether numbers at most the weights can be what was earned: most of the weights, or as totalled."""
    added = _sum(strip)
    if strip.total is not None:
        return 0 <= strip.total - added <= _ELSEWHERE
    return added * 2 >= _sum(weight)


def _covers(weight: Strip, score: Strip) -> bool:
    """Whether every number is at most the weight in its row, and nearly every weight has one."""
    rows = weight.points.keys() & score.points.keys()
    if len(rows) < _FEWEST_POINTS or len(rows) * 5 < len(weight.points) * 4:
        return False
    return all(score.points[row] <= weight.points[row] for row in rows) and min(score.points.values()) >= 0


def _sum(strip: Strip) -> Decimal:
    return sum(strip.points.values(), Decimal(0))
