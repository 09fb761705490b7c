"""The points of a form: which of two columns holds them, and whether scores are given out of a hundred."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import HUNDRED, ZERO, step_of
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.submissions import Basis, Inference, State
from jixiao.extraction.indicator_limits import find_body
from jixiao.extraction.indicator_rows import read_rows
from jixiao.extraction.vocabulary import column_keys
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.submissions import Entry, Indicator, Line, Submission
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

_WEIGHT, _SCORE = "weight", "self_score"
_FEW = 3
"""Fewer scores than these show no scale."""
_SURE, _LIKELY = 95, 80
"""How surely, in percent: with a total that confirms the scale, and without."""
_MADE_UP = say("各项得分都不超过 100，按分值折算后的和等于总分")
_OPEN = say("各项得分都不超过 100，却超过各自的分值，没有能印证的总分，得分暂不核算")


def settle_weights(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView
) -> tuple[Header, ...]:
    """The headers over the points, where two columns are headed by a word for them (权重 and 分值).

    One is a share of the other, of the level or of the whole: the points are those whose sum may be out of a
    hundred; of two such those without a percent sign, then those whose sum is nearest to it, then those right
    of the names.
    """
    return tuple(_nearest(table, _alternatives(table, header, view), end, view) for header in headers)


def _nearest(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Header:
    """Of several readings of a header the likeliest; hardly ever there is more than one."""
    if len(headers) == 1:
        return headers[0]
    return min(headers, key=lambda each: _distance(table, each, end, view))


def _alternatives(table: TableLayout, header: Header, view: FormView) -> list[Header]:
    """The header as it is, then with every other column that only a word for weights heads."""
    if _WEIGHT not in header.spans or _SCORE not in header.spans:
        return [header]
    taken = set(header.spans.values())
    found = [header]
    for key in _weight_keys(table):
        for row, column in view.region.positions(key):
            area = view.region.grid.area(row, column)
            inside = header.top <= row <= header.bottom and (area.left, area.right) not in taken
            if inside and area.left >= header.left:
                found.append(replace(header, spans={**header.spans, _WEIGHT: (area.left, area.right)}))
    return found


@lru_cache(maxsize=1024)
def _weight_keys(table: TableLayout) -> tuple[str, ...]:
    """The header words of a table that only weights are under."""
    columns = column_keys(table).items()
    return tuple(key for key, heads in columns if [each.name for each in heads] == [_WEIGHT])


def _distance(
    table: TableLayout, header: Header, end: int, view: FormView
) -> tuple[bool, bool, Decimal, bool]:
    body = find_body(tuple(read_rows(table, (header,), end, view)), table, view)
    cells = {
        entry.ref: entry
        for row in body.rows
        if (entry := row.entries.get(_WEIGHT)) and entry.value is not None
    }
    total = sum((each.value or ZERO for each in cells.values()), ZERO)
    distance = abs(HUNDRED - total)
    percent = any("%" in each.text for each in cells.values())
    return distance * 2 > HUNDRED, percent, distance, not _is_beside_name(header)


def _is_beside_name(header: Header) -> bool:
    """Whether the weights stand right of the indicators' names: those of levels stand right of these."""
    name, weight = header.spans.get("level3"), header.spans.get(_WEIGHT)
    return bool(name and weight and name[1] + 1 == weight[0])


class Scaled(NamedTuple):
    """A form with its scores in points, and what was inferred for that."""

    submission: Submission
    inferences: tuple[Inference, ...] = ()


def in_points(submission: Submission, headers: Sequence[Header], view: FormView) -> Scaled:
    """The form's scores in points where all of them are given out of a hundred beside their weights.

    That is sure where they are at most a hundred, most are above their weights, and weight × score ÷ 100 adds
    up to the printed total. Without such a total nobody knows: if all are above their weights they are left
    undecided, not called wrong one by one. `headers` are those of the indicators.
    """
    rows = _scored(submission)
    scores = [each.self_score or ZERO for each in rows]
    above = [each for each in rows if _exceeds(each)]
    if len(rows) < _FEW or len(above) * 2 <= len(rows) or not all(ZERO <= each <= HUNDRED for each in scores):
        return Scaled(submission)
    execution = _execution(submission, view.layout)
    own = {each.entries[_SCORE].ref: each.weight or ZERO for each in rows}
    whole = own | ({execution.entries[_SCORE].ref: execution.value(_WEIGHT) or ZERO} if execution else {})
    for weights, line in ((own, None), (whole, execution)):
        cells = {ref: weights.get(ref) for ref in whole}
        if _makes_up(submission, cells):
            told = _told(headers, line, view, _MADE_UP, _SURE)
            return _put(submission, cells, told)
    if len(above) + scores.count(ZERO) < len(rows):
        return Scaled(submission)
    line = execution if execution and _exceeds(execution) else None
    told, refs = _told(headers, line, view, _OPEN, _LIKELY), whole if line else own
    return _put(submission, dict.fromkeys(refs), told, undecided=True)


def _exceeds(row: Line | Indicator) -> bool:
    """Whether a score is above its weight."""
    score, weight = row.entries[_SCORE].value, row.entries[_WEIGHT].value
    return score is not None and weight is not None and score > weight


def _scored(submission: Submission) -> Sequence[Indicator]:
    """The indicators with a weight and a score; none where a cell of these holds for several."""
    rows = [
        each
        for each in submission.indicators
        if not each.detail and each.weight is not None and each.self_score is not None
    ]
    cells = [each.entries[name].ref for each in rows for name in (_WEIGHT, _SCORE)]
    return rows if len(set(cells)) == len(cells) else ()


def _makes_up(submission: Submission, weights: Mapping[CellRef, Decimal | None]) -> bool:
    """Whether scores, those with a weight in points, add up to the printed total but for its last digit."""
    printed = submission.total.get(_SCORE) or submission.fields.get("total_score")
    if printed is None or printed.value is None:
        return False
    cells = {entry.ref: entry for entry in _score_cells(submission) if entry.ref in weights}
    points = (_in_points(entry, weights[ref]).value for ref, entry in cells.items())
    total = sum((each for each in points if each is not None), ZERO)
    return abs(printed.value - total) < (printed.step or step_of(printed.value))


def _score_cells(submission: Submission) -> Iterator[Entry]:
    rows = (*(each.entries for each in submission.lines), *(each.entries for each in submission.indicators))
    yield from (entries[_SCORE] for entries in rows if _SCORE in entries)


def _execution(submission: Submission, layout: FormLayout) -> Line | None:
    budgets = {table.name for table in layout.tables if table.budget}
    lines = (each for each in submission.lines if each.table in budgets)
    scored = (each for each in lines if each.value(_WEIGHT) is not None and each.value(_SCORE) is not None)
    return next(scored, None)


def _in_points(entry: Entry, weight: Decimal | None) -> Entry:
    """A score out of a hundred in points of its weight; without one it is in points already."""
    if weight is None or entry.value is None:
        return entry
    step = entry.step * weight / HUNDRED if entry.step is not None else None
    return replace(entry, value=entry.value * weight / HUNDRED, step=step)


def _undecided(entry: Entry) -> Entry:
    return replace(entry, state=State.TEXT, value=None, step=None)


def _put(
    submission: Submission,
    weights: Mapping[CellRef, Decimal | None],
    told: tuple[Inference, ...],
    *,
    undecided: bool = False,
) -> Scaled:
    """The form with the scores of these cells in points, or undecided."""

    def put(entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
        entry = entries.get(_SCORE)
        if entry is None or entry.ref not in weights:
            return entries
        changed = _undecided(entry) if undecided else _in_points(entry, weights[entry.ref])
        return {**entries, _SCORE: changed}

    form = replace(
        submission,
        lines=tuple(replace(each, entries=put(each.entries)) for each in submission.lines),
        indicators=tuple(replace(each, entries=put(each.entries)) for each in submission.indicators),
        inferences=(*submission.inferences, *told),
    )
    return Scaled(form, told)


def _told(
    headers: Sequence[Header], execution: Line | None, view: FormView, reason: str, certainty: int
) -> tuple[Inference, ...]:
    """One inference for the column of scores, one more for the execution's score where it is converted."""
    table = next(each for each in view.layout.tables if each.kind is TableKind.INDICATORS)
    header = headers[-1]
    head = view.entry(header.top, header.spans[_SCORE][0], ValueKind.TEXT)
    title = say("{title}（百分制）", title=table.column(_SCORE).title)
    own = Inference(Basis.STRUCTURE, head.ref, head.text, f"{table.name}..{_SCORE}", title, reason, certainty)
    if execution is None:
        return (own,)
    entry = execution.entries[_SCORE]
    address = f"{execution.table}.{execution.item}.{_SCORE}"
    return (own, Inference(Basis.STRUCTURE, entry.ref, entry.text, address, title, reason, certainty))
