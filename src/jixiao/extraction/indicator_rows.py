"""The rows of an indicator block as read: joined targets, weights in names, several targets in a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain, step_of
from jixiao.domain.forms import ColumnLayout, TableLayout, ValueKind
from jixiao.domain.quantities import ActualKind, TargetKind
from jixiao.domain.submissions import Entry, State
from jixiao.domain.text_keys import compact, label_key
from jixiao.extraction.entries import points_in_one
from jixiao.extraction.rows import read_cell, sections, with_points_apart
from jixiao.extraction.targets import is_lower_better, join_target, parse_actual, parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.quantities import Actual, Target
    from jixiao.domain.submissions import Indicator
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView


LEVELS = ("level1", "level2", "level3")
POINTS = ("weight", "self_score")
REPORTED = ("target", "actual", *POINTS)
"""The columns that say something about an indicator, beside its names."""
_POINTS_AFTER = re.compile(r"(?<!\d)\d++(?:\.\d++)?分$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row below a header: its table's columns as read, level texts seen through merges.

    `is_heading`: a text is merged across the table's first and a figure column, a note or a heading.
    """

    number: int
    header: Header
    entries: Mapping[str, Entry]
    is_heading: bool = False
    _texts: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _figures: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Tell once what begins in this row: all that sorts rows asks for it."""
        own = [(name, each) for name, each in self.entries.items() if each.ref.row == self.number]
        texts = {name: each.text for name, each in own if each.state is State.TEXT and each.text}
        object.__setattr__(self, "_texts", texts)
        figures = frozenset([name for name, each in own if each.state is State.NUMBER])
        object.__setattr__(self, "_figures", figures)

    def own_text(self, column: str) -> str:
        """The text of a column that begins in this row, "" where blank or merged from above."""
        return self._texts.get(column, "")

    def own_figure(self, column: str) -> bool:
        """Whether a figure of a column begins in this row."""
        return column in self._figures

    def begins(self, columns: AbstractSet[str]) -> bool:
        """Whether a text or figure of one of these columns begins in this row."""
        return not (self._texts.keys().isdisjoint(columns) and self._figures.isdisjoint(columns))


@lru_cache(maxsize=256)
def usual_levels(layout: FormLayout) -> Mapping[str, str]:
    """The usual name of a first or second level by the key of every way it is printed in."""
    return {label_key(word): name for name, words in layout.levels.items() for word in (name, *words)}


@lru_cache(maxsize=16384)
def level_key(text: str) -> str:
    """The key of a level's name without the points that it announces: "" for （50分）, the words lost."""
    return _POINTS_AFTER.sub("", label_key(text))


def is_level(row: Row, usual: Mapping[str, str]) -> str | None:
    """The level whose usual name a row's first own text is; None where it is none."""
    texts = (entry.text for entry in row.entries.values() if entry.ref.row == row.number and entry.text)
    return usual.get(level_key(next(texts, "")))


def read_rows(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Iterator[Row]:
    """Every row below the headers that holds anything, up to row `end`."""
    for header, numbers in sections(headers, end, view.region):
        columns = [column for column in table.columns if column.name in header.spans]
        single = [
            (column.name, header.spans[column.name], ValueKind.TEXT if column.spanned else column.kind)
            for column in columns
            if not column.spanned or _is_alone(column, header)
        ]
        joined = [column for column in columns if column.spanned and not _is_alone(column, header)]
        order = [column.name for column in columns]
        score_first = _is_score_first(numbers, header, view)
        for number in numbers:
            found = {name: read_cell(number, span, kind, view) for name, span, kind in single}
            found |= {column.name: _joined(number, column, header, view) for column in joined}
            own = {name: found[name] for name in order} if joined else found
            entries = with_points_apart(own, header, score_first=score_first)
            yield Row(number, header, entries, _is_heading(number, header, view))


def _is_alone(column: ColumnLayout, header: Header) -> bool:
    """Whether all of a spanned column is one cell of a row: nothing is to be joined."""
    left, right = header.spans[column.name]
    return left == right and not header.spans.keys() & {column.adjusted, *column.parts}


def _is_heading(row: int, header: Header, view: FormView) -> bool:
    corners = view.region.grid.corners
    first = corners.get((row, header.left))
    if first is None:
        return False
    for name in REPORTED:  # a loop: asked for every row
        left = header.spans[name][0] if name in header.spans else header.left
        if left != header.left and corners.get((row, left)) == first:
            return True
    return False


def _is_score_first(rows: Sequence[int], header: Header, view: FormView) -> bool:
    """Whether the score stands before the points where one column holds both: more grow than shrink."""
    span = header.spans.get("weight")
    if span is None or span != header.spans.get("self_score"):
        return False
    pairs = [points_in_one(read_cell(row, span, ValueKind.TEXT, view).text) for row in rows]
    grown = [
        (Decimal(second) > Decimal(first)) - (Decimal(second) < Decimal(first))
        for first, second in filter(None, pairs)
    ]
    return sum(grown) > 0


def _joined(row: int, column: ColumnLayout, header: Header, view: FormView) -> Entry:
    """A column's cells and its parts' as one: sign, number and unit read "≥95%"; the adjusted value wins."""
    span = header.spans[column.name]
    adjusted = header.spans.get(column.adjusted)
    if adjusted and any(
        not view.entry(*cell, ValueKind.TEXT).is_empty for cell in _cells(row, adjusted, view)
    ):
        span = adjusted
    own = _cells(row, span, view)
    parts = [_part_cells(row, names, header, view) for names in (column.parts[:1], column.parts[1:])]
    # Where the value's heading is merged over those of sign and unit, these say which cell is which.
    own = [cell for cell in own if cell not in parts[0] + parts[1]] or own
    before, after = (
        [view.entry(*cell, ValueKind.TEXT) for cell in cells if cell not in own] for cells in parts
    )
    values = [view.entry(*cell, ValueKind.TEXT) for cell in own]
    if not values or (len(values) == 1 and not before and not after):
        return values[0] if values else read_cell(row, span, ValueKind.TEXT, view)
    text = join_target(before, values, after, view.lexicon)
    ref = next((entry.ref for entry in values if entry.text in text), values[0].ref)
    return Entry(ref, State.TEXT if text else _state_of(values), text)


def _state_of(values: Sequence[Entry]) -> State:
    """A dash where the figure's cell has one: signs and units around it say nothing."""
    return State.DASH if any(entry.state is State.DASH for entry in values) else State.BLANK


def _part_cells(row: int, names: Sequence[str], header: Header, view: FormView) -> list[Position]:
    return [cell for name in names if name in header.spans for cell in _cells(row, header.spans[name], view)]


def _cells(row: int, span: tuple[int, int], view: FormView) -> list[Position]:
    """The distinct non-blank cells shown in a span, from left to right."""
    anchors = view.region.anchors(row)[span[0] : span[1] + 1]
    return [anchor for anchor in dict.fromkeys(anchors) if not view.is_blank(*anchor)]


_AT_THE_END = re.compile(r"\((\d+(?:\.\d+)?)分?\)$")


def with_named_points(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with the weights that all of their names end in; unchanged where one of them does not.

    A bracket at the end of one name may say anything, of every name it says the points.
    """
    if any("weight" in row.header.spans for row in rows):
        return tuple(rows)
    points = {row.number: _points(row) for row in rows if row.own_text("level3")}
    if not points or None in points.values():
        return tuple(rows)
    return tuple(_with_weight(row, points.get(row.number)) for row in rows)


def _points(row: Row) -> Decimal | None:
    found = _AT_THE_END.search(compact(row.own_text("level3")))
    return Decimal(found[1]) if found else None


def _with_weight(row: Row, points: Decimal | None) -> Row:
    if points is None:
        return row
    weight = Entry(row.entries["level3"].ref, State.NUMBER, plain(points), points, step_of(points))
    return replace(row, entries={**row.entries, "weight": weight})


_ENDS = re.compile(r"[；;\n]+")
_HEADED = re.compile(r"\s*(?:([一-鿿]{2,12})\s*[:：])?\s*(.*)", re.DOTALL)
_WORDS = re.compile(r"[一-鿿]{2,}")
_MEASURED = {TargetKind.AT_LEAST, TargetKind.AT_MOST, TargetKind.EQUAL, TargetKind.UNSIGNED}


@dataclass(frozen=True, slots=True)
class _Piece:
    """One target with its actual. `head` is what stands before the colon: 数量指标."""

    head: str
    name: str
    target: Target
    actual: Actual

    @property
    def dimension(self) -> str:
        bound = self.target.low or self.target.high
        return bound.dimension if bound else ""

    @property
    def fits(self) -> bool:
        """Whether figure stands against figure in the same printed unit."""
        figure = self.actual.quantity if self.actual.kind is ActualKind.FIGURE else None
        return (
            self.target.kind in _MEASURED and figure is not None and figure.dimension == self.dimension != ""
        )


def part_targets(indicator: Indicator, view: FormView) -> tuple[Indicator, ...]:
    """An indicator for every target in its cell, sharing weight and score; itself where that is not certain.

    Certain is it where both cells hold as many pieces, every piece of the target is a figure, its actual is a
    figure in the same unit, and no other piece has that unit: then no two could be confounded.
    """
    if indicator.target.kind is not TargetKind.UNREADABLE:
        return (indicator,)
    wanted, got = _split(indicator.target.text), _split(indicator.actual.text)
    if len(wanted) < 2 or len(wanted) != len(got):  # noqa: PLR2004 - two make several
        return (indicator,)
    pieces = [_read(*pair, indicator, view) for pair in zip(wanted, got, strict=True)]
    if not all(piece.fits for piece in pieces) or len({piece.dimension for piece in pieces}) < len(pieces):
        return (indicator,)
    return tuple(_indicator(piece, indicator, view) for piece in pieces)


def _split(text: str) -> Sequence[str]:
    return [piece for piece in _ENDS.split(text) if piece.strip()]


def _read(wanted: str, got: str, indicator: Indicator, view: FormView) -> _Piece:
    head, wanted = _headed(wanted)
    words = _WORDS.match(wanted)
    name = words[0] if words else head
    lexicon, year = view.lexicon, view.region.year
    lower = is_lower_better(indicator.level2, f"{head}{name}", lexicon)
    target = parse_target(wanted, percent_format=False, lexicon=lexicon, lower_is_better=lower, year=year)
    actual = parse_actual(_headed(got)[1], percent_format=False, lexicon=lexicon, target=target, year=year)
    return _Piece(head, name, target, actual)


def _headed(text: str) -> tuple[str, str]:
    found = _HEADED.fullmatch(text)
    return (found[1] or "", found[2].strip()) if found else ("", text)


def _indicator(piece: _Piece, indicator: Indicator, view: FormView) -> Indicator:
    entries = dict(indicator.entries)
    for column, text in (("target", piece.target.text), ("actual", piece.actual.text)):
        entries[column] = replace(entries[column], state=State.TEXT, text=text)
    return replace(
        indicator,
        level2=usual_levels(view.layout).get(label_key(piece.head), indicator.level2),
        level3="：".join(filter(None, (indicator.level3, piece.name))),
        target=piece.target,
        actual=piece.actual,
        entries=entries,
    )
