"""The indicator block: rows of 一级/二级/三级指标 with target, actual, weight, score and reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.forms import ColumnLayout, Entry, Group, Indicator, State, TableLayout, ValueKind
from jixiao.extraction.hints import is_lower_better, unit_hint
from jixiao.extraction.labels import compact, declared_points, label_key
from jixiao.extraction.tables import read_cell, sections
from jixiao.extraction.targets import parse_actual, parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import Position, Value
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

_REPORTED = ("target", "actual", "weight", "self_score")


@dataclass(frozen=True, slots=True)
class IndicatorBlock:
    """What the block holds: its indicators, its first-level groups, and the 总分 row."""

    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...]
    total: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row below a header: its table's columns as read, level texts seen through merges."""

    number: int
    header: Header
    entries: Mapping[str, Entry]

    def own_text(self, column: str) -> str:
        """The text of a column that begins in this row, "" where blank or merged from above."""
        entry = self.entries.get(column)
        return entry.text if entry and entry.state is State.TEXT and entry.ref.row == self.number else ""

    def own_figure(self, column: str) -> bool:
        entry = self.entries.get(column)
        return entry is not None and entry.state is State.NUMBER and entry.ref.row == self.number


def read_indicators(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView
) -> IndicatorBlock:
    """Read the rows below the headers, up to the 总分 row or row `end`.

    First- and second-level names hold downwards, whether merged, repeated or printed in the first row only.
    Unfilled template rows and notes are left out.
    """
    indicators: list[Indicator] = []
    groups: dict[str, Group] = {}
    totals = {label_key(label) for label in table.total_labels}
    names = _LevelNames(view)
    for row in _rows(table, headers, end, view):
        if _is_total(row, totals, view):
            return IndicatorBlock(tuple(indicators), tuple(groups.values()), _figures(row))
        if _is_note(row.number, row.header, view):
            continue
        level1, level2 = names.of(row)
        entry = row.entries.get("level1")
        if level1 and level1 not in groups and entry and entry.state is State.TEXT:
            groups[level1] = Group(level1, entry.ref, declared_points(entry.text))
        if _is_indicator(row, view):
            indicators.append(_indicator(row, level1, level2, view))
    return IndicatorBlock(tuple(indicators), tuple(groups.values()), {})


class _LevelNames:
    """Carries first- and second-level names down the rows, in their usual spelling."""

    def __init__(self, view: FormView) -> None:
        self._level1 = ""
        self._level2 = ""
        usual = view.layout.levels.items()
        self._usual = {label_key(word): name for name, words in usual for word in (name, *words)}

    def of(self, row: _Row) -> tuple[str, str]:
        """The names that hold in a row; a new first level ends the second."""
        level1 = self._name(row, "level1")
        if level1 and level1 != self._level1:
            self._level1, self._level2 = level1, ""
        self._level2 = self._name(row, "level2") or self._level2
        return self._level1, self._level2

    def _name(self, row: _Row, column: str) -> str:
        entry = row.entries.get(column)
        if entry is None or entry.state is not State.TEXT:
            return ""
        key = label_key(entry.text)
        return self._usual.get(key, key)


def _rows(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Iterator[_Row]:
    for header, numbers in sections(headers, end, view.region):
        columns = [column for column in table.columns if column.name in header.spans]
        spans = {column.name: joined_span(column, header) for column in columns}
        for number in numbers:
            entries = {
                column.name: _joined(number, spans[column.name], view)
                if column.spanned
                else read_cell(number, spans[column.name], column.kind, view)
                for column in columns
            }
            yield _Row(number, header, entries)


def joined_span(column: ColumnLayout, header: Header) -> tuple[int, int]:
    """The grid columns that a column is read from: its own and those of its parts that lie beside it."""
    left, right = header.spans[column.name]
    parts = sorted(header.spans[name] for name in column.parts if name in header.spans)
    for part_left, part_right in reversed(parts):
        left = part_left if part_right == left - 1 else left
    for part_left, part_right in parts:
        right = part_right if part_left == right + 1 else right
    return left, right


def _is_note(row: int, header: Header, view: FormView) -> bool:
    """A text merged across the table's first and a figure column is a note or a heading."""
    first = view.region.grid.anchor(row, header.left)
    return any(
        view.region.grid.anchor(row, header.spans[column][0]) == first
        for column in _REPORTED
        if column in header.spans and header.spans[column][0] != header.left
    )


def _is_total(row: _Row, totals: set[str], view: FormView) -> bool:
    grid = view.region.grid
    right = row.header.spans.get("weight", row.header.spans.get("self_score", (row.header.left + 1, 0)))[0]
    keys = (view.region.keys.get(grid.anchor(row.number, column)) for column in range(right))
    return any(key in totals for key in keys)


def _figures(row: _Row) -> dict[str, Entry]:
    return {name: row.entries[name] for name in ("weight", "self_score") if name in row.entries}


def _is_indicator(row: _Row, view: FormView) -> bool:
    """A row with a name of its own, or with a figure where the name was forgotten; not a template's row."""
    name = row.own_text("level3")
    if not name:
        return "level3" in row.entries and (row.own_figure("weight") or row.own_figure("self_score"))
    filled = any(row.own_text(column) or row.own_figure(column) for column in _REPORTED)
    return filled or not _is_placeholder(name, view)


def _is_placeholder(name: str, view: FormView) -> bool:
    return any(compact(name).startswith(compact(word)) for word in view.lexicon.placeholders)


def _indicator(row: _Row, level1: str, level2: str, view: FormView) -> Indicator:
    name = row.own_text("level3") or (row.entries["level3"].text if "level3" in row.entries else "")
    name = _without_numbering(name, view)
    unit, year = unit_hint(name, view.lexicon), view.region.year
    target_value, percent = _raw("target", row, view)
    actual_value, actual_percent = _raw("actual", row, view)
    lower = is_lower_better(level2, name, view.lexicon)
    target = parse_target(
        target_value, percent, view.lexicon, unit_hint=unit, lower_is_better=lower, year=year
    )
    actual = parse_actual(actual_value, actual_percent, view.lexicon, target, unit_hint=unit, year=year)
    left = row.header.spans.get("level3", (row.header.left, 0))[0]
    return Indicator(
        view.region.grid.ref(row.number, left), level1, level2, name, target, actual, row.entries
    )


def _without_numbering(name: str, view: FormView) -> str:
    """The template's numbering is no part of the name: "指标1：培训人数" is 培训人数."""
    for word in view.lexicon.placeholders:
        head, colon, rest = name.replace("：", ":").partition(":")
        if colon and rest.strip() and compact(head).startswith(compact(word)):
            return rest.strip()
    return name.strip()


def _raw(column: str, row: _Row, view: FormView) -> tuple[Value | None, bool]:
    """The raw value of a target or actual and whether it is formatted as a percentage."""
    entry = row.entries.get(column)
    if entry is None or entry.state is State.BLANK:
        return None, False
    grid = view.region.grid
    position = (entry.ref.row, entry.ref.column)
    value = grid.values.get(position)
    if isinstance(value, Decimal) and entry.text == view.entry(*position, ValueKind.TEXT).text:
        return value, "%" in grid.formats.get(position, "")
    return entry.text, False


def _cells(row: int, span: tuple[int, int], view: FormView) -> list[Position]:
    """The distinct non-blank cells shown in a span, from left to right."""
    anchors = (view.region.grid.anchor(row, column) for column in range(span[0], span[1] + 1))
    return [anchor for anchor in dict.fromkeys(anchors) if not view.is_blank(*anchor)]


def _joined(row: int, span: tuple[int, int], view: FormView) -> Entry:
    """The texts of all cells in a span as one: operator, number and unit in three cells read "≥95%"."""
    cells = _cells(row, span, view)
    if len(cells) <= 1:
        return read_cell(row, span, ValueKind.TEXT, view)
    entries = [view.entry(*cell, ValueKind.TEXT) for cell in cells]
    return Entry(entries[0].ref, State.TEXT, "".join(entry.text for entry in entries))
