"""Which rows of an indicator block are no indicators: total, subtotals, remarks, narratives, blank rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.spoken import is_of_which
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import compact, label_key
from jixiao.extraction.indicator_rows import LEVELS, POINTS, REPORTED, is_level, level_key, usual_levels
from jixiao.extraction.vocabulary import keys_of, ordered_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.indicator_rows import Row
    from jixiao.extraction.views import FormView

_SHARED = (frozenset(LEVELS), frozenset({"target", "actual"}))
"""Columns over which one cell of an indicator may be merged."""
_REPORTED, _VALUES, _ASKED = frozenset(REPORTED), _SHARED[1], frozenset({"target", *POINTS})
_FEWEST = 2
"""So many rows have to stand above one that is known for a total by its figures only."""


@dataclass(frozen=True, slots=True)
class Body:
    """The rows that may be indicators, and the 总分 row (None where the block has none).

    `by_figures`: no known word names that row, its figures do.
    """

    rows: tuple[Row, ...]
    total: Row | None
    by_figures: bool = False


def find_body(rows: Sequence[Row], table: TableLayout, view: FormView) -> Body:
    """Part the indicators' rows from the total, from subtotals and from all that stands below the total.

    A row of totals closes the block unless indicators go on below it: then it is one group's subtotal, or a
    total printed on top. So does a heading across the whole table that is no level's name.
    """
    marks = _totals_among(rows, table, view)
    usual = usual_levels(view.layout)
    named = _named(rows, marks, usual)
    last = max(named, default=-1)
    by_figures = (
        []
        if marks
        else [at for at in range(last + 1, len(rows)) if _sums_up(rows[at], rows[:at], usual, view)]
    )
    marks = marks or by_figures[:1]
    closing = [position for position in marks if position > last]
    ends = [*closing, *(at for at in range(last + 1, len(rows)) if named and rows[at].is_heading)]
    end = min(ends, default=len(rows))
    body = [row for position, row in enumerate(rows[:end]) if position not in marks]
    total = _total(marks, closing, min(named, default=0))
    unlike = _Unlike.of(table, body, view)
    kept = (row for row in body if not unlike.holds(row))
    return Body(_without_sums(tuple(kept)), None if total is None else rows[total], bool(by_figures))


def is_unfilled(row: Row, view: FormView) -> bool:
    """Whether a row is the blank form's own: named 指标1 or …… and nothing reported in it.

    A real name behind the numbering (指标4：培训人次) makes it an indicator, though nothing else is there.
    """
    if _reports(row):
        return False
    name = compact(row.own_text("level3"))
    for word in sorted(map(compact, view.lexicon.placeholders), key=len, reverse=True):
        if name.startswith(word):
            rest = re.sub(r"^\d?[:：.、)]?", "", name.removeprefix(word))
            return not word[-1].isdigit() or not rest or rest in view.lexicon.dashes or _is_hint(rest, view)
    return False


def _is_hint(text: str, view: FormView) -> bool:
    return any(text.startswith(compact(word)) for word in view.lexicon.placeholders)


def _total(marks: Sequence[int], closing: Sequence[int], first: int) -> int | None:
    """Which row of totals is the whole form's: the only one, or the one below the last group's subtotal.

    Where every group has its subtotal and nothing follows the last, none is.
    """
    if len(marks) == 1:
        return marks[0] if closing or marks[0] < first else None
    run = [second for one, second in pairwise(closing) if second == one + 1]
    return run[0] if run else closing[0] if closing and closing == list(marks) else None


def _named(rows: Sequence[Row], marks: Sequence[int], usual: Mapping[str, str]) -> list[int]:
    """Which rows are surely indicators': those with a level's usual name that report something.

    Where no row has one, those with a name, a target and an actual value; below a row of totals only after
    another group's heading or another header.
    """
    others = [at for at in range(len(rows)) if at not in marks and not rows[at].is_heading]
    named = [
        at
        for at in others
        if _reports(rows[at]) and any(level_key(text) in usual for text in _level_texts(rows[at]))
    ]
    if named:
        return named
    closed = False
    for at, row in enumerate(rows):
        opened = is_level(row, usual) is not None or (at and row.header is not rows[at - 1].header)
        closed = at in marks or (closed and not opened)
        if not closed and at in others and _is_full(row):
            named.append(at)
    return named


def _reports(row: Row) -> bool:
    return row.begins(_REPORTED)


def _is_full(row: Row) -> bool:
    own = ("level3", "target", "actual")
    return all(row.own_text(column) for column in own) and len(
        {row.entries[column].ref for column in own}
    ) == len(own)


def _level_texts(row: Row) -> list[str]:
    found = (row.entries.get(name) for name in LEVELS[:2])
    return [entry.text for entry in found if entry and entry.state is State.TEXT]


def _totals_among(rows: Sequence[Row], table: TableLayout, view: FormView) -> list[int]:
    """The rows whose label is a word for totals, wherever left of the points or among the levels it is."""
    totals, keys = keys_of(table.total_labels), view.region.keys
    if not any(view.region.positions(key) for key in totals):
        return []
    found: list[int] = []
    header, right = None, 0
    for position, row in enumerate(rows):
        if row.header is not header:
            header, spans = row.header, row.header.spans
            levels = [spans[name][1] for name in LEVELS if name in spans]
            points = [spans[name][0] - 1 for name in POINTS if name in spans]
            right = max([*levels, *points[:1]], default=header.left)
        if not totals.isdisjoint(map(keys.get, view.region.anchors(row.number)[: right + 1])):
            found.append(position)
    return found


def _sums_up(row: Row, above: Sequence[Row], usual: Mapping[str, str], view: FormView) -> bool:
    """Whether a row totals those above though no word says so: points at least their sum, nothing else.

    A word that only a field can hold may stand there as well: the grade.
    """
    choices = {word for field in view.layout.fields for word in field.choices}
    if any(level_key(text) in usual for text in _level_texts(row)):
        return False
    own = [
        entry.ref
        for name, entry in row.entries.items()
        if name not in POINTS
        and entry.ref.row == row.number
        and entry.text
        and entry.text.strip() not in choices
    ]
    if len(set(own)) > 1 or any(ref.column > row.header.left for ref in own):
        return False
    valued = [other for other in above if other.own_text("target") or other.own_text("actual")]
    sums = {
        name: [other.entries[name].value for other in valued if other.own_figure(name)] for name in POINTS
    }
    return any(
        len(values) >= _FEWEST and row.own_figure(name) and (row.entries[name].value or 0) >= _sum(values)
        for name, values in sums.items()
    )


def _without_sums(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows without a group's subtotal: no target, no actual value, and the points of those just above."""
    kept: list[Row] = []
    run: list[Row] = []
    for row in rows:
        if _is_sum_of(row, run):
            run = []
        else:
            kept.append(row)
            run.append(row)
    return tuple(kept)


def _is_sum_of(row: Row, run: Sequence[Row]) -> bool:
    if row.begins(_VALUES):
        return False
    columns = [name for name in POINTS if name in row.header.spans]
    own = [row.entries[name].value for name in columns if row.own_figure(name)]
    ended = any(
        len(tail) >= _FEWEST
        and own
        == [_sum([each.entries[name].value for each in tail if each.own_figure(name)]) for name in columns]
        for tail in (run[start:] for start in range(len(run)))
        if all(each.own_text("target") or each.own_text("actual") for each in tail)
    )
    return bool(columns) and len(own) == len(columns) and ended


def _sum(values: Sequence[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Unlike:
    """What tells the rows of a block that are no indicators, though they stand among them."""

    view: FormView
    subtotals: tuple[str, ...]
    narratives: frozenset[str]
    clerical: frozenset[str]
    usual: Mapping[str, str]
    level1_is_usual: bool

    @classmethod
    def of(cls, table: TableLayout, rows: Sequence[Row], view: FormView) -> _Unlike:
        usual = usual_levels(view.layout)
        return cls(
            view,
            ordered_keys(table.skipped_labels),
            keys_of(table.narratives),
            keys_of(view.lexicon.clerical),
            usual,
            any(level_key(row.own_text("level1")) in usual for row in rows),
        )

    def holds(self, row: Row) -> bool:
        """Whether a row is none of the indicators' (a level's name across the whole table is kept)."""
        if row.is_heading:
            return is_level(row, self.usual) is None
        subtotal = bool(self.subtotals) and any(
            label_key(row.own_text(column)).endswith(self.subtotals) for column in LEVELS
        )
        return (
            subtotal
            or self._is_narrative(row)
            or self._is_stranger(row)
            or _is_remark(row, self.view)
            or _is_detail(row)
        )

    def _is_narrative(self, row: Row) -> bool:
        """A text below the table by its label, by a cell merged over columns, or by who signs."""
        if any(row.own_figure(column) for column in POINTS):
            return False
        return (
            bool(self.narratives & _keys(row, self.view))
            or _is_merged(row, self.view)
            or self._is_signed(row)
        )

    def _is_signed(self, row: Row) -> bool:
        shown = self.view.region.row(row.number)
        texts = (value for column, value in shown if column <= row.header.right)
        first = next((text for text in texts if isinstance(text, str)), "")
        head, colon, _ = compact(first).partition(":")
        return bool(colon) and label_key(head) in self.clerical

    def _is_stranger(self, row: Row) -> bool:
        """A first level that no list knows, beside usual ones, and nothing reported: another text's label."""
        name = level_key(row.own_text("level1"))
        return bool(name) and self.level1_is_usual and name not in self.usual and not _reports(row)


def _keys(row: Row, view: FormView) -> set[str]:
    """The keys of the labels shown left of the row's figures, none of them from the header or above it."""
    levels = [row.header.spans[name][1] for name in LEVELS if name in row.header.spans]
    right = max(levels, default=row.header.left)
    anchors = view.region.anchors(row.number)[: right + 1]
    return {view.region.keys.get(anchor, "") for anchor in anchors if anchor[0] > row.header.bottom} - {""}


def _is_merged(row: Row, view: FormView) -> bool:
    """Whether a text is merged over columns that no indicator shares: name and target, target and points."""
    spans = row.header.spans
    names = [name for name in (*LEVELS, *REPORTED, "reason") if name in spans]
    anchors = {name: view.region.grid.anchor(row.number, spans[name][0]) for name in names}
    return any(
        anchors[one] == anchors[other] and spans[one][0] != spans[other][0] and anchors[one][0] == row.number
        for one in names
        for other in names
        if one != other
        and not any({one, other} <= each for each in _SHARED)
        and not view.is_blank(row.number, spans[one][0])
    )


def _is_remark(row: Row, view: FormView) -> bool:
    """A row that holds one text only, and that begins as remarks do: 注：…… or 说明1."""
    texts = [value for column, value in view.region.row(row.number) if column <= row.header.right]
    if len(texts) != 1 or not isinstance(texts[0], str):
        return False
    text = compact(texts[0]).lstrip("([【※*")
    heads = (text.removeprefix(word) for word in view.lexicon.notes if text.startswith(word))
    return any(rest[:1] in {":", "、", ".", ")", "]", "】"} or rest[:1].isdigit() for rest in heads)


def _is_detail(row: Row) -> bool:
    """A row that only breaks the figure above down (其中：城区), without target and points of its own."""
    return not row.begins(_ASKED) and breaks_down(row)


def breaks_down(row: Row) -> bool:
    """Whether its name says that a row is a part of the one above."""
    return is_of_which(row.own_text("level3"))
