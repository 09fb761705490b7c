"""Columns of an indicator block whose header words no list knows: found by what stands in and beside them.

Weights add up to the points there are, scores are at most the weights row by row, levels carry their usual
names, a unit's column holds units, targets and actual values are written alike. What fits two columns is
left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import Basis, Inference
from jixiao.domain.text_keys import label_key
from jixiao.extraction.column_strips import Strip, find_points, free_strips, known_strip
from jixiao.extraction.column_texts import (
    find_by_place,
    find_levels,
    find_name,
    find_reason,
    find_signs,
    find_values,
    has_signs,
)
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.headers import Header
from jixiao.extraction.indicator_rows import level_key, usual_levels
from jixiao.extraction.rows import sections
from jixiao.extraction.vocabulary import column_keys, keys_of
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.views import FormView


_FEWEST = 2
"""So many first levels have to stand below one another, so many cells in a header's row."""
_FEWEST_COLUMNS = 4
"""So many words beside one another, over figures, may head a block: a name, its values and points."""


def headers_over_levels(table: TableLayout, view: FormView) -> tuple[Header, ...]:
    """The row above the first of at least two first-level names in one column, and its repetitions.

    On a form without first levels of at least three second-level names.
    """
    usual, firsts = usual_levels(view.layout), set(view.layout.blank.groups)
    levels = {at: usual[key] for at, text in view.region.texts.items() if (key := level_key(text)) in usual}
    column, level = _column_of([at for at, name in levels.items() if name in firsts], _FEWEST), "level1"
    if column is None:
        column, level = _column_of(list(levels), _FEWEST + 1), "level2"
    if column is None:
        return ()
    # 成本指标 is a first level on some forms, and stands above the others
    first = min(row for row, at in levels if at == column)
    rows = [row for row in view.region.rows if row < first and len(_cells(row, view)) >= _FEWEST]
    rows = [row for row in rows if not _holds_figures(row, view)] or rows
    if not rows:
        return ()
    spans = {level: (column, view.region.grid.area(first, column).right)}
    return with_repetitions(_over(rows[-1], spans, table, view), view)


def _column_of(places: Sequence[Position], fewest: int) -> int | None:
    """The grid column in which most of these places lie, so many at least."""
    columns = [column for _, column in places]
    column = max(columns, key=columns.count, default=None)
    return column if column is not None and columns.count(column) >= fewest else None


def likely_headers(table: TableLayout, above: int, view: FormView) -> Iterator[Header]:
    """Rows below row `above` that may head the block though few words say so: words alone, then figures."""
    rows = [row for row in view.region.rows if row > above]
    for row, below in pairwise(rows):
        shown = {view.region.grid.anchor(row, column) for column in range(view.region.grid.width)}
        texts = [view.region.texts.get(at, "") for at in shown if not view.is_blank(*at)]
        words = all(text and not any(map(str.isdecimal, text)) for text in texts)
        if words and len(texts) >= _FEWEST_COLUMNS and _holds_figures(below, view):
            yield _over(row, {}, table, view)


def _holds_figures(row: int, view: FormView) -> bool:
    """Whether a figure stands in a row; one in a label beside several rows (绩效目标1) does not count."""
    grid = view.region.grid
    own = [at for column in range(grid.width) if grid.area(*(at := (row, column))).bottom == row]
    values = (grid.values.get(at) for at in own)
    return any(isinstance(value, Decimal) or any(map(str.isdecimal, str(value))) for value in values if value)


def _over(row: int, spans: Mapping[str, tuple[int, int]], table: TableLayout, view: FormView) -> Header:
    """The header whose last row this is, with its known words, else with `spans`.

    Cells that reach down to it from above begin it.
    """
    grid = view.region.grid
    areas = {
        area.left: area for column in range(grid.width) if (area := grid.area(row, column)).bottom == row
    }
    names = {
        area: [
            column.name
            for column in column_keys(table).get(view.region.keys.get((area.top, area.left), ""), ())
        ]
        for area in areas.values()
    }
    known: dict[str, tuple[int, int]] = {}
    for area in sorted(names, key=lambda area: (len(names[area]), area.left)):
        name = next((each for each in names[area] if each not in known), None)
        if name:
            known[name] = (area.left, area.right)
    return Header(min((area.top for area in areas.values()), default=row), row, known or spans)


def with_repetitions(header: Header, view: FormView) -> tuple[Header, ...]:
    """A header with the rows further down that say the same in the same columns."""
    return (header, *_repetitions(header, view))


def words_of(header: Header, view: FormView) -> tuple[object, ...]:
    """What a header says, and in which columns: equal where one repeats the other.

    A label that reaches down beside the rows names their block, and is no word of the header.
    """
    rows = range(header.top, header.bottom + 1)
    keys, grid = view.region.keys, view.region.grid
    said = (
        (row - header.top, column, keys[row, column])
        for row in rows
        for column in _cells(row, view)
        if grid.area(row, column).bottom <= header.bottom
    )
    return (*sorted(header.spans.items()), *said)


def _repetitions(header: Header, view: FormView) -> list[Header]:
    words, height = words_of(header, view), header.bottom - header.top
    below = (Header(row, row + height, header.spans) for row in view.region.rows if row > header.bottom)
    return [again for again in below if words_of(again, view) == words]


def _cells(row: int, view: FormView) -> list[int]:
    """The columns in which a row has texts."""
    return [column for column, _ in view.region.row(row) if (row, column) in view.region.texts]


Found = tuple[str, Strip, str, int]
"""A column's name, where it lies, the Chinese reason, and how surely in percent."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked through: the columns without known words, those with, and the form's words."""

    free: tuple[Strip, ...]
    known: Mapping[str, Strip]
    table: TableLayout
    view: FormView

    def lacks(self, name: str) -> bool:
        """Whether the table has such a column and none was found for it."""
        return name not in self.known and any(column.name == name for column in self.table.columns)

    def with_found(self, name: str, strip: Strip) -> Search:
        """The same after one more column is known."""
        free = tuple(each for each in self.free if each is not strip)
        return replace(self, free=free, known={**self.known, name: strip})


_BY_NAMES = 95
_SEVERAL = 3
"""So many words in a column are no slips of somebody who should have written figures."""
_UNSURE = 75
"""What is no surer than this cannot show by itself where a block is."""
_POINTS = {"weight", "self_score"}
_ANYTHING = "某"
"""What could stand behind a numbering."""

_FINDERS: tuple[Callable[[Search], Iterator[Found]], ...] = (
    find_levels,
    find_signs,
    find_points,
    find_values,
    find_name,
    find_by_place,
    find_reason,
)


def complete(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView, others: Sequence[Header] = ()
) -> tuple[tuple[Header, ...], tuple[Inference, ...]]:
    """The headers with the columns that their figures and texts tell, and what was inferred, once a column.

    `end` is the row above which the last header's rows end. Nothing is done for a header all of whose words
    are known. Where too few are known to find a header, the usual names of the levels below show where it is,
    else the first words below the `others` over columns that are an indicator block's by what they hold.
    """
    if not headers:
        by_levels = _from_levels(table, view)
        return by_levels if by_levels[0] else _from_columns(table, view, others)
    end = min(end, _foot(table, headers[-1], view))
    headers = [_beside_sign(table, each, view) for each in _without_misfits(table, headers, end, view)]
    known = {header.top: dict(header.spans) for header in headers}
    told: dict[str, Inference] = {}
    for alike, rows in _by_words(headers, end, view):
        for name, strip, reason, certainty in _found(table, alike[0], rows, view):
            for header in alike:
                known[header.top][name] = strip.span
            told.setdefault(name, _inference((table, view), name, strip, reason, certainty))
    return tuple(replace(header, spans=known[header.top]) for header in headers), tuple(told.values())


def _without_misfits(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView
) -> tuple[Header, ...]:
    """The headers without words for figures over columns of words: these are another block's, next to it."""
    figures = {column.name for column in table.columns if column.kind is not ValueKind.TEXT}
    found: list[Header] = []
    for header, rows in sections(headers, end, view.region):
        misfits = {
            name
            for name, (left, _) in header.spans.items()
            if name in figures and _holds_words(left, rows, view)
        }
        spans = {name: span for name, span in header.spans.items() if name not in misfits}
        found.append(replace(header, spans=spans) if misfits else header)
    return tuple(found)


def _beside_sign(table: TableLayout, header: Header, view: FormView) -> Header:
    """The header with the actual value where a word for both (年度完成值) stands away from the sign and unit.

    The target stands right of its sign, or left of its unit.
    """
    spans = header.spans
    places = [spans["operator"][1] + 1] if "operator" in spans else []
    places += [spans["unit"][0] - 1] if "unit" in spans else []
    taken = {column for left, right in spans.values() for column in range(left, right + 1)}
    if "target" not in spans or "actual" in spans or not places or set(places) & taken:
        return header
    at = view.region.grid.anchor(header.bottom, spans["target"][0])
    names = {each.name for each in column_keys(table).get(view.region.keys.get(at, ""), ())}
    if "actual" not in names:
        return header
    rest = {name: span for name, span in spans.items() if name != "target"}
    return replace(header, spans={**rest, "actual": spans["target"]})


def _holds_words(column: int, rows: Sequence[int], view: FormView) -> bool:
    """Whether words stand in a column, not figures with an odd word among them."""
    values = [value for row in rows if (value := view.region.grid.values.get((row, column))) is not None]
    words = sum(
        isinstance(value, str) and value.strip()[:1].isalpha() and not any(map(str.isdecimal, value))
        for value in values
    )
    return words * 2 > len(values) and (words >= _SEVERAL or 1 < words == len(values))


def _from_levels(table: TableLayout, view: FormView) -> tuple[tuple[Header, ...], tuple[Inference, ...]]:
    """The same where hardly a word is known; nothing where the names and targets cannot be told either."""
    weak = headers_over_levels(table, view)
    found, told = complete(table, weak, _foot(table, weak[-1], view), view) if weak else ((), ())
    if not found or not {"level3", "target"} <= set(found[0].spans):
        return (), ()
    if "level1" not in found[0].spans or any(each.address.endswith("..level1") for each in told):
        return found, told
    level1 = known_strip(found[0].spans["level1"], table, found[0], (), view)
    if label_key(level1.text) in column_keys(table):
        return found, told
    return found, (
        _inference((table, view), "level1", level1, say("所填都是各级指标的通用名称"), _BY_NAMES),
        *told,
    )


def _from_columns(
    table: TableLayout, view: FormView, others: Sequence[Header]
) -> tuple[tuple[Header, ...], tuple[Inference, ...]]:
    """The same where no level's name shows it: names, targets and actual values written alike, and points."""
    above = max((header.bottom for header in others), default=view.region.top)
    readings = []
    for header in likely_headers(table, above, view):
        headers = with_repetitions(header, view)
        found, told = complete(table, headers, _foot(table, headers[-1], view), view)
        unsure = {each.address.rpartition("..")[2] for each in told if each.certainty <= _UNSURE}
        sure = found[0].spans.keys() - unsure
        if sure >= {"level3", "target", "actual"} and (_POINTS & sure or _has_signs(found, table, view)):
            readings.append((len(_POINTS & sure), len(sure), -header.top, (found, told)))
    return max(readings, default=(0, 0, 0, ((), ())))[-1]


def _foot(table: TableLayout, last: Header, view: FormView) -> int:
    """The row above which the rows of a block without known words end.

    Its last row of totals, or the first row that begins with a field's label or a remark, is behind it. A row
    of totals right below the header is printed on top.
    """
    totals, remarks = keys_of(table.total_labels), keys_of(table.narratives)
    keys = view.region.keys
    first = {
        row: next((key for column, _ in shown if (key := keys.get((row, column))) is not None), "")
        for row, shown in view.region.shown.items()
        if row > last.bottom
    }
    top = next(iter(first), None)
    if top is not None and first[top] in totals:
        del first[top]
    if closing := [row for row, key in first.items() if key in totals]:
        return closing[-1] + 1
    below = (row for row, key in first.items() if key and (view.is_field(key) or key in remarks))
    return next(below, view.region.bottom)


def _has_signs(headers: Sequence[Header], table: TableLayout, view: FormView) -> bool:
    """Whether comparison signs stand among the targets: budgets and plain tables have none."""
    return any(
        has_signs(known_strip(header.spans["target"], table, header, rows, view))
        for header, rows in sections(headers, view.region.bottom, view.region)
    )


def _by_words(headers: Sequence[Header], end: int, view: FormView) -> list[tuple[list[Header], list[int]]]:
    """Headers that say the same in the same columns, each with the rows that they govern together."""
    groups: dict[object, tuple[list[Header], list[int]]] = {}
    for header, rows in sections(headers, end, view.region):
        words = words_of(header, view) if len(headers) > 1 else ()
        alike, governed = groups.setdefault(words, ([], []))
        alike.append(header)
        governed += rows
    return list(groups.values())


def _is_template(row: int, view: FormView) -> bool:
    """Whether nothing begins in a row but the template's own numbering, 指标2：, and names of levels."""
    texts = [text for _, value in view.region.row(row) if (text := str(value).strip())]
    usual = usual_levels(view.layout)
    texts = [text for text in texts if level_key(text) not in usual]
    numbering = grammar_of(view.lexicon).numbering
    return len(texts) == 1 and numbering.sub("", f"{texts[0]}{_ANYTHING}") == _ANYTHING


def _found(table: TableLayout, header: Header, governed: Sequence[int], view: FormView) -> list[Found]:
    """What the columns beside the known ones are; nothing where there is none, and the names are known."""
    taken = {at for left, right in header.spans.values() for at in range(left, right + 1)}
    if "level3" in header.spans and taken.issuperset(range(view.region.grid.width)):
        return []
    rows = [row for row in governed if not _is_template(row, view)]
    free = free_strips(table, header, rows, view)
    if not free and "level3" in header.spans:
        return []
    known = {name: known_strip(span, table, header, rows, view) for name, span in header.spans.items()}
    search = Search(free, known, table, view)
    found: list[Found] = []
    for find in _FINDERS:
        for each in find(search):
            found.append(each)
            search = search.with_found(each[0], each[1])
    return found


def _inference(
    form: tuple[TableLayout, FormView], name: str, strip: Strip, reason: str, certainty: int
) -> Inference:
    table, view = form
    ref = view.region.grid.ref(*strip.heading)
    title = table.column(name).title
    address = f"{table.name}..{name}"
    return Inference(Basis.STRUCTURE, ref, strip.text, address, title, reason, certainty)
