"""The indicators block of a blank form: rows by level, planned before they are drawn, and their total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.blanks.checks import NotAbove, OnlyNumbers, SumHolds, SumIsOneOf, WholeRows
from jixiao.blanks.drafts import divide, is_captioned, shown_columns, table_widths
from jixiao.blanks.formulas import Sum
from jixiao.blanks.inputs import choice_rule, limited_rule, operators
from jixiao.domain.amounts import ZERO, plain
from jixiao.domain.blanks import PrefilledIndicator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.blanks.checks import Check
    from jixiao.blanks.drafts import Draft, Order, Span
    from jixiao.domain.blanks import InputRule
    from jixiao.domain.forms import BlankIndicator, BlankRow, ColumnLayout, TableLayout
    from jixiao.domain.scheme import Scheme

_FEW, _MANY = 3, 8
"""Rows of a first-level indicator of which no more is known; rows where not even those are known."""

_Names = tuple[str, str]
"""First- and second-level name; "" for one that the department writes."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the block, numbered from 1.

    `bearer` is the number of the row whose weight holds for this one as well, else its own number.
    """

    number: int
    level1: str
    level2: str
    known: PrefilledIndicator | None
    bearer: int


def plan_rows(order: Order, table: TableLayout) -> tuple[PlannedRow, ...]:
    """The rows that the layout asks for, else those that the scheme gives points to, with what is known.

    There is room for all known indicators; those of other groups get groups of their own.
    """
    rows: list[PlannedRow] = []
    for number, ((level1, level2), known) in enumerate(_rows(order), start=1):
        above = rows[-1] if rows else None
        shared = above is not None and _shares(known, table) and _shares(above.known, table)
        bearer = above.bearer if above and shared else number
        rows.append(PlannedRow(number, level1, level2, known, bearer))
    return tuple(rows)


def _shares(known: PrefilledIndicator | None, table: TableLayout) -> bool:
    return known is not None and known.level3 in table.shared_weights


def _rows(order: Order) -> Iterator[tuple[_Names, PrefilledIndicator | None]]:
    """Every row with its group, groups of one first level together."""
    sizes, known = _sizes(order), _known(order)
    names = dict.fromkeys((*sizes, *known))
    for level1 in dict.fromkeys(first for first, _ in names):
        for group in (each for each in names if each[0] == level1):
            own = known.get(group, [])
            free = [None] * (sizes.get(group, 0) - len(own))
            yield from ((group, row) for row in (*own, *free))


def _sizes(order: Order) -> Mapping[_Names, int]:
    groups, divisions = order.layout.blank.groups, order.divisions
    if groups:
        return {(level1, level2): size for level1, inner in groups.items() for level2, size in inner.items()}
    if divisions and divisions[0].groups:
        return {(level1, ""): _FEW for level1 in divisions[0].groups}
    return {("", ""): _MANY}


def _known(order: Order) -> Mapping[_Names, list[PrefilledIndicator]]:
    """The known indicators by group, under the usual names of its levels."""
    usual = {word: name for name, words in order.layout.levels.items() for word in (name, *words)}
    known: dict[_Names, list[PrefilledIndicator]] = {}
    printed = (_printed(each, order.scheme) for each in order.layout.blank.indicators)
    for each in (*printed, *order.indicators):
        group = usual.get(each.level1, each.level1), usual.get(each.level2, each.level2)
        known.setdefault(group, []).append(each)
    return known


def _printed(each: BlankIndicator, scheme: Scheme) -> PrefilledIndicator:
    """An indicator of every form, with the weight of its standard where the scheme has one."""
    criteria = (
        criterion
        for criterion in scheme.criteria
        if each.level3 in criterion.labels and criterion.level2 in {"", each.level2}
    )
    weight = next((criterion.weight for criterion in criteria), None)
    return PrefilledIndicator(each.level1, each.level2, each.level3, weight=weight, standard=each.standard)


_WHOLE = ("target", "actual", "weight", "self_score")
"""What an indicator with a name can't do without."""


def group_check(level1: str, points: Decimal, weights: Sequence[str]) -> Check:
    """S109: the weights of a first-level indicator add up to the points that its name announces."""
    return SumIsOneOf(tuple(weights), (points,), f"“{level1}”分值合计应为 {plain(points)} 分")


def block_checks(table: TableLayout, rows: Sequence[PlannedRow], draft: Draft) -> Iterator[Check]:
    """All checks of the block; rows that share a weight are checked together."""
    cells = _Cells(table, draft)
    numbers = [name for column in ("weight", "self_score") for name in cells.of(column, rows)]
    if numbers:
        yield OnlyNumbers(tuple(numbers), "分值和得分只能填数字")
    for neighbours in _neighbours(rows):
        yield from _row_checks(neighbours, cells)
    totals = tuple(dict.fromkeys(division.total for division in draft.order.divisions))
    total = f"{table.name}.total.weight"
    if totals and total in draft.areas:
        allowed = "或".join(plain(each) for each in totals)
        yield SumIsOneOf((total,), totals, f"分值合计应为 {allowed} 分")


class _Cells:
    """The names of the block's cells."""

    def __init__(self, table: TableLayout, draft: Draft) -> None:
        self._table, self._draft = table, draft

    def of(self, column: str, rows: Sequence[PlannedRow]) -> tuple[str, ...]:
        """The cells of a column that there are in some rows."""
        names = (f"{self._table.name}.{row.number}.{column}" for row in rows)
        return tuple(name for name in names if name in self._draft.areas)


def _neighbours(rows: Sequence[PlannedRow]) -> Iterator[list[PlannedRow]]:
    """Rows that share a weight, and in between all that have one of their own."""
    bundles = (list(bundle) for _, bundle in groupby(rows, key=lambda row: row.bearer))
    for sharing, run in groupby(bundles, key=lambda bundle: len(bundle) > 1):
        if sharing:
            yield from run
        else:
            yield [row for bundle in run for row in bundle]


def _row_checks(rows: Sequence[PlannedRow], cells: _Cells) -> Iterator[Check]:
    """The checks of neighbouring rows with a weight each, or of rows that share one."""
    weights, scores = cells.of("weight", rows), cells.of("self_score", rows)
    asked = [name for column in _WHOLE if len(name := cells.of(column, rows)) == len(rows)]
    if asked:
        yield WholeRows((cells.of("level3", rows), *asked), "有的指标没有填完整，每个指标的各栏都要填")
    if scores and len(weights) == len(rows):
        yield NotAbove(scores, weights, "得分应在 0 与分值之间", floored=True)
    elif scores and weights:
        yield SumHolds(weights[0], scores, (), ZERO, "合用一个分值的几项，得分之和应不超过分值", bounded=True)


_TOTAL = "total"
_POINTS = ("weight", "self_score")


@dataclass(frozen=True, slots=True)
class _Block:
    """The block's table, its printed columns, where they stand, and the rows to come."""

    table: TableLayout
    columns: tuple[ColumnLayout, ...]
    spans: Mapping[str, Span]
    rows: tuple[PlannedRow, ...]
    draft: Draft

    def name(self, row: int | str, column: str) -> str:
        """The name of a cell."""
        return f"{self.table.name}.{row}.{column}"


def draw_indicators(table: TableLayout, row: BlankRow, draft: Draft) -> None:
    """Draw header, rows and totals."""
    order = draft.order
    columns = shown_columns(table, order.layout)
    captioned = is_captioned(row, order.layout)
    all_spans = divide(draft.widths, table_widths(table, columns, captioned=captioned))
    spans = all_spans[1:] if captioned else all_spans
    by_name = {column.name: span for column, span in zip(columns, spans, strict=True)}
    block = _Block(table, columns, by_name, plan_rows(order, table), draft)
    top = draft.row
    draft.headers.append(top)
    for column, span in zip(columns, spans, strict=True):
        draft.print(order.label(column.title, column.labels), span)
    draft.row += 1
    for planned in block.rows:
        _draw_row(planned, block)
    _draw_level("level1", lambda row: (row.level1,), block)
    _draw_level("level2", lambda row: (row.level1, row.level2), block)
    if captioned:
        draft.print(row.caption or table.title, all_spans[0], rows=(top, draft.row - 1))
    draft.rows[table.name] = tuple(str(planned.number) for planned in block.rows)
    _draw_totals(block)
    draft.checks += block_checks(table, block.rows, draft)


def total_formulas(table: TableLayout, draft: Draft) -> None:
    """Let the row of totals add up the execution's and the indicators' points."""
    for column in _POINTS:
        name = f"{table.name}.{_TOTAL}.{column}"
        if name in draft.areas:
            cells = (f"{table.name}.{row}.{column}" for row in draft.rows[table.name])
            own = tuple(cell for cell in cells if cell in draft.areas)
            execution = tuple(each for each in draft.execution if each.endswith(f".{column}"))
            draft.formulas[name] = Sum((*execution, *own), asked=own)


def _draw_row(row: PlannedRow, block: _Block) -> None:
    draft = block.draft
    printed = {name for name in ("level1", "level2") if getattr(row, name)}
    for column in block.columns:
        if column.name in printed:
            continue
        if column.name == "weight" and row.bearer != row.number:
            draft.extend(block.name(row.bearer, "weight"))
            continue
        name = block.name(row.number, column.name)
        draft.ask(name, block.spans[column.name], _rule(column, row, block), column.kind)
        value = getattr(row.known, column.name, None)
        if value:
            draft.suggest(name, value)
    draft.row += 1


def _draw_level(column: str, key: Callable[[PlannedRow], tuple[str, ...]], block: _Block) -> None:
    """Print a level's names, each over the rows that it holds for."""
    if column not in block.spans:
        return
    first = block.draft.row - len(block.rows) - 1
    for names, rows in groupby(block.rows, key=key):
        own = list(rows)
        if names[-1]:
            text = names[-1] + (_prescribed(names[0], own, block) if column == "level1" else "")
            lines = first + own[0].number, first + own[-1].number
            block.draft.print(text, block.spans[column], rows=lines)


def _prescribed(level1: str, rows: Sequence[PlannedRow], block: _Block) -> str:
    """The points that the scheme fixes for a first-level indicator, in brackets; they are checked as well."""
    division = block.draft.order.prescribed
    points = division.groups.get(level1) if division else None
    if points is None or "weight" not in block.spans:
        return ""
    block.draft.checks.append(group_check(level1, points, [block.name(row.number, "weight") for row in rows]))
    return f"\n（{plain(points)}分）"


def _rule(column: ColumnLayout, row: PlannedRow, block: _Block) -> InputRule:
    order = block.draft.order
    rule = order.rule(column, block.table.name)
    if column.name == "self_score" and "weight" in block.spans:
        return limited_rule(rule, block.name(row.bearer, "weight"))
    if column.name == "weight" and order.divisions:
        return replace(rule, high=max(division.total for division in order.divisions))
    return choice_rule(rule, operators(order.scheme.lexicon)) if column.name == "operator" else rule


def _draw_totals(block: _Block) -> None:
    """The row of totals: its name up to the first column of points, then the sums."""
    draft, points = block.draft, [name for name in _POINTS if name in block.spans]
    if not points or not block.table.total_labels:
        return
    left = min(block.spans[name][0] for name in points)
    draft.print(block.table.total_labels[0], (0, left - 1))
    for column in block.columns:
        span = block.spans[column.name]
        if column.name in points:
            rule = draft.order.rule(column, block.table.name)
            draft.ask(block.name(_TOTAL, column.name), span, rule, column.kind)
        elif span[0] > left:
            draft.print("", span)
    draft.row += 1
