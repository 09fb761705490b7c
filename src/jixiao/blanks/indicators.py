"""The indicators block of a blank form: rows by first- and second-level name, and the row of totals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.blanks.arrangement import divide, is_captioned, shown_columns, table_widths
from jixiao.blanks.formulas import Sum
from jixiao.blanks.indicator_rows import block_checks, group_check, plan_rows
from jixiao.blanks.inputs import choice_rule, limited_rule, operators
from jixiao.domain.amounts import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jixiao.blanks.arrangement import Span
    from jixiao.blanks.drafts import Draft
    from jixiao.blanks.indicator_rows import PlannedRow
    from jixiao.domain.blank_layouts import BlankRow
    from jixiao.domain.blanks import InputRule
    from jixiao.domain.forms import ColumnLayout, TableLayout

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
