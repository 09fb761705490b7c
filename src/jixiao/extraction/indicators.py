"""The indicator block: rows of 一级/二级/三级指标 with target, actual, weight, score and reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import Basis, Entry, Group, Indicator, Inference, State
from jixiao.domain.text_keys import label_key
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.indicator_limits import breaks_down, find_body, is_unfilled
from jixiao.extraction.indicator_rows import (
    POINTS,
    level_key,
    part_targets,
    read_rows,
    usual_levels,
    with_named_points,
)
from jixiao.extraction.regions import declared_points
from jixiao.extraction.targets import (
    is_lower_better,
    parse_actual,
    parse_target,
    target_in_name,
    unit_hint,
    whole_of_rate,
)
from jixiao.extraction.vocabulary import keys_of
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Value
    from jixiao.domain.forms import FieldLayout, FormLayout, TableLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.headers import Header
    from jixiao.extraction.indicator_rows import Row
    from jixiao.extraction.views import FormView


_LINE_BREAKS = re.compile(r"(?<=[^\x00-\x7f])\s*[\r\n]+\s*(?=[^\x00-\x7f])")
"""Breaks between Chinese characters are a narrow cell's, no part of a name."""

_LABEL_AND_VALUE = 2
_IN_NAME = 95
_BY_CHOICE = 95
_TOTAL_BY_FIGURES = 90
"""How surely, in percent, these were inferred."""

_MARKS = "★☆▲△◆◇●○※ "
"""What forms put before the name of a core indicator."""


@dataclass(frozen=True, slots=True)
class IndicatorBlock:
    """What the block holds: its indicators, its first-level groups, the 总分 row, and what was inferred."""

    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...]
    total: Mapping[str, Entry]
    inferences: tuple[Inference, ...] = ()
    beside_total: Mapping[str, Entry] = field(default_factory=dict)
    """Fields that stand without a label behind the score in the 总分 row."""


def read_indicators(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView
) -> IndicatorBlock:
    """Read the rows below the headers, up to the 总分 row or row `end`.

    First- and second-level names hold downwards, whether merged, repeated or printed in the first row only.
    Unfilled template rows and notes are left out.
    """
    indicators: list[Indicator] = []
    told: list[Inference] = []
    names = LevelNames(table, view)
    body = find_body(tuple(read_rows(table, headers, end, view)), table, view)
    for row in with_named_points(body.rows):
        level1, level2 = names.of(row)
        if _is_indicator(row, view):
            above = indicators[-1] if indicators else None
            shared = _with_target(_sharing(row, table, above), table, view, told)
            indicator = _part_of(_indicator(shared, level1, level2, view), row, indicators)
            indicators += part_targets(indicator, view)
    total = _labelled_figures(body.total, table, view) or _figures(body.total) if body.total else {}
    if body.total and (moved := _score_before_grade(total, view)):
        total = {"self_score": moved}
        told.append(_moved(moved, table))
    if body.by_figures and body.total:
        told.append(_total_by_figures(body.total, table, view))
    last = body.total or next(reversed(body.rows), None)
    beside = _below(last, view) if last else {}
    beside |= _beside_total(body.total, total, view) if body.total else {}
    told += [_by_choice(name, entry, view) for name, entry in beside.items()]
    inferences = (*names.inferences, *told)
    return IndicatorBlock(tuple(indicators), tuple(names.groups.values()), total, inferences, beside)


def _score_before_grade(total: Mapping[str, Entry], view: FormView) -> Entry | None:
    """The score where the grade stands in its column: 自评总分 | 98.69 | 优, the score under the weights."""
    weight, score = total.get("weight"), total.get("self_score")
    graded = score is not None and any(_is_choice(score, layout) for layout in view.layout.fields)
    return weight if graded and weight is not None and weight.value is not None else None


def _moved(entry: Entry, table: TableLayout) -> Inference:
    address, title = f"{table.name}.total.self_score", table.column("self_score").title
    return Inference(Basis.STRUCTURE, entry.ref, entry.text, address, title, say("右侧是等级"), _BY_CHOICE)


def _beside_total(row: Row, total: Mapping[str, Entry], view: FormView) -> dict[str, Entry]:
    """Fields by a word that only they can hold, right of the score: the grade."""
    left = max((entry.ref.column + 1 for entry in total.values()), default=view.region.grid.width)
    chosen = [layout for layout in view.layout.fields if layout.choices]
    columns = range(left, view.region.grid.width) if chosen else ()
    cells = [view.entry(row.number, column, ValueKind.TEXT) for column in columns]
    return {layout.name: entry for layout in chosen for entry in cells if _is_choice(entry, layout)}


def _below(row: Row, view: FormView) -> dict[str, Entry]:
    """Fields in rows of their own below the block: an unknown label, and a word that only they can hold."""
    found: dict[str, Entry] = {}
    chosen = any(layout.choices for layout in view.layout.fields)
    for number in (each for each in view.region.rows if each > row.number and chosen):
        shown = {at for at in view.region.anchors(number) if not view.is_blank(*at)}
        if len(shown) != _LABEL_AND_VALUE:
            continue
        entry = view.entry(*max(shown), ValueKind.TEXT)
        found |= {layout.name: entry for layout in view.layout.fields if _is_choice(entry, layout)}
    return found


def _is_choice(entry: Entry, layout: FieldLayout) -> bool:
    return entry.text != "" and entry.text.strip() in layout.choices


def _by_choice(name: str, entry: Entry, view: FormView) -> Inference:
    title = next(layout.title for layout in view.layout.fields if layout.name == name)
    return Inference(
        Basis.STRUCTURE, entry.ref, entry.text.strip(), name, title, say("写在总分旁边"), _BY_CHOICE
    )


def _with_target(row: Row, table: TableLayout, view: FormView, told: list[Inference]) -> Row:
    """The row with the target that stands in its name, where none was printed beside it."""
    entry, name = row.entries.get("target"), row.entries.get("level3")
    if name is None or (entry is not None and entry.state is not State.BLANK):
        return row
    own, actual = _LINE_BREAKS.sub("", row.own_text("level3")), row.entries.get("actual")
    text = target_in_name(own, view.lexicon)
    if not text and actual is not None and not actual.is_empty:
        text = whole_of_rate(own, view.lexicon)
    if not text:
        return row
    title = table.column("target").title
    address = f"{table.name}.{label_key(name.text)}.target"
    reason = say("没有单独填写，指标名称里写明了")
    told.append(Inference(Basis.STRUCTURE, name.ref, name.text.strip(), address, title, reason, _IN_NAME))
    return replace(row, entries={**row.entries, "target": Entry(name.ref, State.TEXT, text)})


def _part_of(indicator: Indicator, row: Row, above: Sequence[Indicator]) -> Indicator:
    """The indicator, as a detail where it only breaks down one above it that has the points for both."""
    if not breaks_down(row):
        return indicator
    points = [row.entries[name] for name in POINTS if name in row.entries]
    scored = (each for each in reversed(above) if not each.detail)
    whole = next(scored, None)
    if not points or any(not entry.is_empty for entry in points) or whole is None:
        return indicator
    if whole.level1 != indicator.level1 or all(each is None for each in (whole.weight, whole.self_score)):
        return indicator
    entries = {name: entry for name, entry in indicator.entries.items() if name not in POINTS}
    return replace(indicator, entries=entries, detail=True)


def _total_by_figures(row: Row, table: TableLayout, view: FormView) -> Inference:
    """What was taken for the 总分 row though no known word says so."""
    ref = view.region.grid.ref(row.number, row.header.left)
    texts = (entry.text.strip() for entry in row.entries.values() if entry.state is State.TEXT)
    title = table.total_labels[0] if table.total_labels else ""
    reason = say("位于各项指标之后，分数不小于各项之和")
    return Inference(
        Basis.STRUCTURE, ref, next(texts, ""), f"{table.name}.total", title, reason, _TOTAL_BY_FIGURES
    )


def _labelled_figures(row: Row, table: TableLayout, view: FormView) -> dict[str, Entry]:
    """The points of a row of totals that names each before its figure: 总分值 | 100 | 总得分 | 98.

    Empty unless all points are named so; then the columns above do not count.
    """
    totals = keys_of(table.total_labels)
    grid, found = view.region.grid, dict[str, Entry]()
    for at in ((row.number, column) for column, _ in view.region.row(row.number)):
        key = view.region.keys.get(at)
        if key is None or key not in totals:
            continue
        beside = view.entry(*grid.anchor(row.number, grid.area(*at).right + 1), ValueKind.SCORE)
        for column in table.columns:
            if column.name not in POINTS or beside.value is None:
                continue
            if any(key.endswith(label_key(label)) for label in column.labels):
                found.setdefault(column.name, beside)
    return found if len(found) == len(POINTS) else {}


def _figures(row: Row) -> dict[str, Entry]:
    return {name: row.entries[name] for name in ("weight", "self_score") if name in row.entries}


def _is_indicator(row: Row, view: FormView) -> bool:
    """A row with a name of its own, not a template's; or one whose name was forgotten or merged over it."""
    if row.is_heading:
        return False
    if row.own_text("level3"):
        return not is_unfilled(row, view)
    name = row.entries.get("level3")
    points = row.own_figure("weight") or row.own_figure("self_score")
    return name is not None and (points or (name.state is State.TEXT and row.own_text("target") != ""))


def _sharing(row: Row, table: TableLayout, above: Indicator | None) -> Row:
    """The row with the weight of the one above, where both share one that is printed only once."""
    own, other = row.entries.get("weight"), above.entries.get("weight") if above else None
    if above is None or own is None or own.state is not State.BLANK or other is None:
        return row
    shared = keys_of(table.shared_weights)
    both = {label_key(above.level3), label_key(row.own_text("level3"))}
    return replace(row, entries={**row.entries, "weight": other}) if both <= shared else row


def _indicator(row: Row, level1: str, level2: str, view: FormView) -> Indicator:
    name = row.own_text("level3") or (row.entries["level3"].text if "level3" in row.entries else "")
    name = _bare_name(name, view.lexicon)
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


@lru_cache(maxsize=16384)
def _bare_name(name: str, lexicon: Lexicon) -> str:
    """Neither the template's numbering nor a mark is part of the name: "★指标1：培训人数" is 培训人数."""
    return grammar_of(lexicon).numbering.sub("", _LINE_BREAKS.sub("", name).strip().lstrip(_MARKS))


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


_BY_SECOND_LEVEL = 95
"""How surely, in percent, a first level whose words are lost is that of its second-level indicators."""


class LevelNames:
    """Carries first- and second-level names down the rows, in their usual spelling.

    `groups` are the first levels as they are printed, by name; `inferences` those whose words are lost
    (（50分） alone) and that were known by the second level beside them.
    """

    def __init__(self, table: TableLayout, view: FormView) -> None:
        """Nothing holds before the first row."""
        self.groups: dict[str, Group] = {}
        self.inferences: list[Inference] = []
        self._level1 = ""
        self._level2 = ""
        self._usual = usual_levels(view.layout)
        self._parents = first_levels(view.layout)
        self._table = table

    def of(self, row: Row) -> tuple[str, str]:
        """The names that hold in a row; a new first level ends the second."""
        heading = row.is_heading
        entry = next((each for each in row.entries.values() if heading), row.entries.get("level1"))
        named = self._is_name(row)
        level2 = "" if heading or named else self._name(row.entries.get("level2"))
        level1 = self._name(entry) or self._lost(row, level2)
        if level1 and level1 != self._level1:
            self._level1, self._level2 = level1, ""
        if level1 and entry and level1 not in self.groups:
            self.groups[level1] = Group(level1, entry.ref, declared_points(entry.text))
        self._level2 = "" if named else level2 or self._level2
        return self._level1, self._level2

    def _is_name(self, row: Row) -> bool:
        """Whether the indicator's own name reaches over the second level's column."""
        second, third = row.entries.get("level2"), row.entries.get("level3")
        shared = second is not None and third is not None and second.ref == third.ref and second.text != ""
        return shared and second is not None and level_key(second.text) not in self._usual

    def _name(self, entry: Entry | None) -> str:
        if entry is None or entry.state is not State.TEXT:
            return ""
        key = level_key(entry.text)
        return self._usual.get(key, key)

    def _lost(self, row: Row, level2: str) -> str:
        """The first level whose cell says nothing but its points, by the second level in its row."""
        entry = row.entries.get("level1")
        if entry is None or entry.state is not State.TEXT or entry.ref.row != row.number:
            return ""
        level1 = self._parents.get(level2, "")
        self._level1 = self._level2 = ""
        if level1:
            title = self._table.column("level1").title
            reason = say("二级指标是“{level2}”", level2=level2)
            address = f"{self._table.name}.{level1}.level1"
            text = entry.text.strip()
            self.inferences.append(
                Inference(
                    Basis.STRUCTURE,
                    entry.ref,
                    text,
                    address,
                    say("{title}“{level1}”", title=title, level1=level1),
                    reason,
                    _BY_SECOND_LEVEL,
                )
            )
        return level1


@lru_cache(maxsize=256)
def first_levels(layout: FormLayout) -> dict[str, str]:
    """The first level of every second one that belongs to one only, as the blank form prints them."""
    pairs = [(level2, level1) for level1, seconds in layout.blank.groups.items() for level2 in seconds]
    return {level2: level1 for level2, level1 in pairs if [one for one, _ in pairs].count(level2) == 1}
