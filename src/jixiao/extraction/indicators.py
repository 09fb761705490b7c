"""The indicator block: rows of 一级/二级/三级指标 with target, actual, weight, score and reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.forms import Entry, Group, Indicator, State, ValueKind
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.hints import is_lower_better, unit_hint
from jixiao.extraction.indicator_limits import find_body, is_unfilled
from jixiao.extraction.indicator_rows import read_rows, usual_levels
from jixiao.extraction.labels import declared_points, label_key
from jixiao.extraction.several import part_targets
from jixiao.extraction.targets import parse_actual, parse_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Value
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.indicator_rows import Row
    from jixiao.extraction.views import FormView


_LINE_BREAKS = re.compile(r"(?<=[^\x00-\x7f])\s*[\r\n]+\s*(?=[^\x00-\x7f])")
"""Breaks between Chinese characters are a narrow cell's, no part of a name."""

_MARKS = "★☆▲△◆◇●○※ "
"""What forms put before the name of a core indicator."""


@dataclass(frozen=True, slots=True)
class IndicatorBlock:
    """What the block holds: its indicators, its first-level groups, and the 总分 row."""

    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...]
    total: Mapping[str, Entry]


def read_indicators(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView
) -> IndicatorBlock:
    """Read the rows below the headers, up to the 总分 row or row `end`.

    First- and second-level names hold downwards, whether merged, repeated or printed in the first row only.
    Unfilled template rows and notes are left out.
    """
    indicators: list[Indicator] = []
    groups: dict[str, Group] = {}
    names = _LevelNames(view)
    body = find_body(tuple(read_rows(table, headers, end, view)), table, view)
    for row in body.rows:
        level1, level2 = names.of(row)
        entry = row.entries.get("level1")
        if level1 and level1 not in groups and entry and entry.state is State.TEXT:
            groups[level1] = Group(level1, entry.ref, declared_points(entry.text))
        if _is_indicator(row, view):
            above = indicators[-1] if indicators else None
            indicator = _indicator(_sharing(row, table, above), level1, level2, view)
            indicators += part_targets(indicator, view)
    total = _figures(body.total) if body.total else {}
    return IndicatorBlock(tuple(indicators), tuple(groups.values()), total)


class _LevelNames:
    """Carries first- and second-level names down the rows, in their usual spelling."""

    def __init__(self, view: FormView) -> None:
        self._level1 = ""
        self._level2 = ""
        self._usual = usual_levels(view.layout)

    def of(self, row: Row) -> tuple[str, str]:
        """The names that hold in a row; a new first level ends the second."""
        level1 = self._name(row, "level1")
        if level1 and level1 != self._level1:
            self._level1, self._level2 = level1, ""
        self._level2 = self._name(row, "level2") or self._level2
        return self._level1, self._level2

    def _name(self, row: Row, column: str) -> str:
        entry = row.entries.get(column)
        if entry is None or entry.state is not State.TEXT:
            return ""
        key = label_key(entry.text)
        return self._usual.get(key, key)


def _figures(row: Row) -> dict[str, Entry]:
    return {name: row.entries[name] for name in ("weight", "self_score") if name in row.entries}


def _is_indicator(row: Row, view: FormView) -> bool:
    """A row with a name of its own, not a template's; or one whose name was forgotten or merged over it."""
    if row.own_text("level3"):
        return not is_unfilled(row, view)
    name = row.entries.get("level3")
    points = row.own_figure("weight") or row.own_figure("self_score")
    return name is not None and (points or (name.state is State.TEXT and row.own_text("target") != ""))


def _sharing(row: Row, table: TableLayout, above: Indicator | None) -> Row:
    """The row with the weight of the one above, where both share one that is printed only once."""
    shared = {label_key(label) for label in table.shared_weights}
    own, other = row.entries.get("weight"), above.entries.get("weight") if above else None
    if above is None or own is None or own.state is not State.BLANK or other is None:
        return row
    both = {label_key(above.level3), label_key(row.own_text("level3"))}
    return replace(row, entries={**row.entries, "weight": other}) if both <= shared else row


def _indicator(row: Row, level1: str, level2: str, view: FormView) -> Indicator:
    name = row.own_text("level3") or (row.entries["level3"].text if "level3" in row.entries else "")
    name = _without_numbering(_LINE_BREAKS.sub("", name), view)
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
    """Neither the template's numbering nor a mark is part of the name: "★指标1：培训人数" is 培训人数."""
    return grammar_of(view.lexicon).numbering.sub("", name.strip().lstrip(_MARKS))


def _raw(column: str, row: Row, view: FormView) -> tuple[Value | None, bool]:
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
