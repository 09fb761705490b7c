"""The cells of a form that rules are held against, melted from its budget lines, indicators and heading."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import ZERO
from jixiao.domain.forms import SIGNED_NEVER, State
from jixiao.schemas.rules import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import Entry, Indicator, Line, Submission

_TITLES = {
    "initial_budget": "年初预算数",
    "carryover": "上年结转",
    "annual_budget": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "level3": "三级指标",
    "target": "年度指标值",
    "actual": "实际完成值",
}
_YEAR, _TOTAL, _EXECUTION = "年度", "总分", "预算执行"


class EnteredCell(NamedTuple):
    """One cell with what its findings need. `column` to `state` are a row of rules.EnteredCells.

    `ref` is None only for a year on a form whose title stands nowhere.
    """

    submission: Submission
    label: str
    ref: CellRef | None
    text: str
    column: str
    value: Decimal | None
    bound: Decimal | None
    state: str | None


def enter_cells(submission: Submission, year: int) -> Iterator[EnteredCell]:
    """All cells of one form that a rule concerns; `year` is the round's."""
    yield from _heading(submission, year)
    scored = _scored_weights(submission.lines)
    bounds = _bounds(submission.lines)
    for line in submission.lines:
        for column in SIGNED_NEVER:
            yield from _cell(submission, line, line.label, column, asked=False)
        yield from _score(submission, line, _EXECUTION, scored, bounds)
    yield from _indicators(submission)


def _heading(submission: Submission, year: int) -> Iterator[EnteredCell]:
    if submission.year is not None:
        printed = submission.fields.get("year")
        ref, value = printed.ref if printed else submission.title, Decimal(submission.year)
        yield EnteredCell(
            submission, _YEAR, ref, str(submission.year), "year", value, Decimal(year), state=None
        )
    total = submission.total.get("self_score")
    if total:
        yield EnteredCell(
            submission, _TOTAL, total.ref, total.text, "self_score", total.value, bound=None, state=None
        )


def _indicators(submission: Submission) -> Iterator[EnteredCell]:
    scored = _scored_weights(submission.indicators)
    bounds = _bounds(submission.indicators)
    named = any(indicator.level3 for indicator in submission.indicators)
    complete = _weights_are_complete(submission)
    for indicator in submission.indicators:
        if named and not indicator.level3:
            yield EnteredCell(
                *(submission, _label(indicator.name, "level3"), indicator.ref, "", "level3", None, None),
                State.BLANK.value,
            )
        pointless = complete and all(
            _is_empty(indicator.entries.get(column)) for column in ("weight", "self_score")
        )
        for column in REQUIRED[1:]:
            asked = not (pointless and column == "weight")
            yield from _cell(submission, indicator, indicator.name, column, asked=asked)
        yield from _score(submission, indicator, indicator.name, scored, bounds)


def _cell(
    submission: Submission, row: Line | Indicator, name: str, column: str, *, asked: bool
) -> Iterator[EnteredCell]:
    entry = row.entries.get(column)
    if entry:
        state = entry.state.value if asked else None
        label = _label(name, column)
        yield EnteredCell(submission, label, entry.ref, entry.text, column, entry.value, None, state)


def _score(
    submission: Submission,
    row: Line | Indicator,
    label: str,
    scored: frozenset[CellRef],
    bounds: Mapping[CellRef, Decimal],
) -> Iterator[EnteredCell]:
    """A score with its weight; asked for unless a row that shares the weight's cell has it."""
    entry, weight = row.entries.get("self_score"), row.entries.get("weight")
    if entry:
        bound = bounds.get(entry.ref)
        state = None if weight is None or weight.ref in scored else entry.state.value
        yield EnteredCell(submission, label, entry.ref, entry.text, "self_score", entry.value, bound, state)


def _label(name: str, column: str) -> str:
    return f"{name}·{_TITLES[column]}" if name else _TITLES[column]


def _scored_weights(rows: Sequence[Line | Indicator]) -> frozenset[CellRef]:
    """The weight cells for which some row has a score: one merged over several rows may be scored in one."""
    return frozenset(
        row.entries["weight"].ref
        for row in rows
        if "weight" in row.entries and not _is_empty(row.entries.get("self_score"))
    )


def _bounds(rows: Sequence[Line | Indicator]) -> dict[CellRef, Decimal]:
    """The most that each score cell can hold: all weights that it is merged over, each cell once."""
    weights: dict[CellRef, dict[CellRef, Decimal]] = {}
    for row in rows:
        score, weight = row.entries.get("self_score"), row.entries.get("weight")
        if score and weight and weight.value is not None:
            weights.setdefault(score.ref, {})[weight.ref] = weight.value
    return {score: sum(cells.values(), ZERO) for score, cells in weights.items()}


def _weights_are_complete(submission: Submission) -> bool:
    """Whether the weights there are make up the printed total: a row without one then carries no points."""
    total = submission.total.get("weight")
    cells: dict[CellRef, Decimal] = {}
    rows: tuple[Line | Indicator, ...] = (*submission.lines, *submission.indicators)
    for row in rows:
        entry = row.entries.get("weight")
        if entry and entry.value is not None:
            cells[entry.ref] = entry.value
    return total is not None and sum(cells.values(), ZERO) == total.value


def _is_empty(entry: Entry | None) -> bool:
    return entry is None or entry.is_empty
