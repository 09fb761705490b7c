"""A layout into a blank form: heading, fields and tables in their order, formulas, checks, notes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.blanks.checks import (
    Filled,
    GradeFits,
    WholeRows,
    batches,
    live_formulas,
    spell_identities,
    sum_checks,
    verdict,
    verdict_text,
)
from jixiao.blanks.drafts import (
    FEWEST,
    Draft,
    Order,
    arranged_rows,
    is_captioned,
    shown_columns,
    table_widths,
)
from jixiao.blanks.formulas import References, Sum
from jixiao.blanks.indicators import draw_indicators, total_formulas
from jixiao.blanks.tables import draw_fields, draw_lines, draw_list, draw_texts
from jixiao.domain.blanks import BlankForm, LiveFormula, Role
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.own_sheets import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from jixiao.blanks.checks import Check
    from jixiao.blanks.formulas import Formula
    from jixiao.domain.forms import BlankRow, FormLayout, TableLayout

_LEGEND = "浅黄色单元格由填报单位填写，灰色单元格自动计算，其余内容不需改动；选中单元格可看填写说明。"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_UNIT_COLUMNS = 2
_SUM = Sum(())
_APPROVED = frozenset(
    {
        *("department", "project", "implementer", "item", "initial_budget", "carryover", "adjustment"),
        *("annual_budget", "level1", "level2", "level3", "standard", "operator", "target", "unit", "weight"),
    }
)
"""Fields and columns that may be known before the year is over: a form that has only these is not begun."""

_TABLES: dict[TableKind, Callable[[TableLayout, BlankRow, Draft], None]] = {
    TableKind.LINES: draw_lines,
    TableKind.LIST: draw_list,
    TableKind.INDICATORS: draw_indicators,
}


def arrange(order: Order) -> BlankForm:
    """The blank form that is ordered."""
    layout = order.layout
    draft = Draft(order, _widths(layout))
    _draw_heading(draft)
    for row in arranged_rows(layout):
        _draw_row(row, draft)
    _compute(draft)
    _draw_checks(draft)
    for note in (*layout.blank.notes, _LEGEND):
        draft.print(note, draft.whole, Role.NOTE)
        draft.row += 1
    cells = tuple(sorted(draft.cells, key=lambda cell: (cell.area.top, cell.area.left)))
    fingerprint = Fingerprint(layout.id, order.scheme.id, order.year)
    header = draft.headers[0] if len(draft.headers) == 1 else None
    return BlankForm(fingerprint, layout.title, sheet_name(layout.title), cells, draft.widths, header)


def sheet_name(title: str) -> str:
    """A title as the name of a sheet: no forbidden characters, 31 at most."""
    return _FORBIDDEN.sub("", title)[:_LONGEST_NAME]


def _widths(layout: FormLayout) -> tuple[int, ...]:
    """The columns of the form: those of its widest table."""
    widths = [
        table_widths(table, shown_columns(table, layout), captioned=is_captioned(row, layout))
        for row in arranged_rows(layout)
        if row.table
        for table in [layout.table(row.table)]
    ]
    return max((FEWEST, *widths), key=lambda each: (len(each), sum(each)))


def _draw_heading(draft: Draft) -> None:
    """Title; year, and the unit of money where the form has amounts."""
    layout, last = draft.order.layout, draft.whole[1]
    draft.print(draft.order.label(layout.title, layout.titles), draft.whole, Role.TITLE)
    draft.row += 1
    money = _has_money(layout)
    middle = last - _UNIT_COLUMNS if money else last
    draft.print(f"（{draft.order.year}年度）", (0, middle), Role.SUBTITLE)
    if money:
        draft.print("单位：万元", (middle + 1, last), Role.UNIT)
    draft.row += 1


def _has_money(layout: FormLayout) -> bool:
    kinds = {column.kind for table in layout.tables for column in table.columns}
    return ValueKind.AMOUNT in kinds | {field.kind for field in layout.fields}


def _draw_row(row: BlankRow, draft: Draft) -> None:
    if row.table:
        table = draft.order.layout.table(row.table)
        _TABLES.get(table.kind, draw_list)(table, row, draft)
    elif row.texts:
        draw_texts(row.texts, draft)
    else:
        draw_fields(row, draft)


def _compute(draft: Draft) -> None:
    """Let the cells compute that can: totals, rates, points; their values in the order of dependence."""
    order = draft.order
    for table in order.layout.tables:
        if table.kind is TableKind.INDICATORS and table.name in draft.rows:
            total_formulas(table, draft)
    spelled = list(spell_identities(order.layout, draft.rows, draft.areas.keys()))
    places = order.scheme.execution.rate_places + 2
    draft.formulas |= live_formulas(spelled, places, draft.fillings, draft.formulas)
    draft.checks += sum_checks(spelled, draft.formulas)
    at = References(draft.areas)
    for name in _ordered(draft.formulas):
        formula = draft.formulas[name]
        value = formula.value(draft.fillings)
        draft.fillings[name] = value
        content = LiveFormula(formula.text(at), value)
        draft.put(replace(draft.cell(name), role=Role.COMPUTED, content=content, rule=None))


def _ordered(formulas: dict[str, Formula]) -> list[str]:
    """The computing cells, each after those that it reads."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in formulas and name not in done:
            for operand in formulas[name].operands:
                visit(operand)
            done[name] = None

    for name in formulas:
        visit(name)
    return list(done)


def _draw_checks(draft: Draft) -> None:
    """The cells at the bottom that say whether the form holds together."""
    order, score = draft.order, _total_score(draft)
    if "grade" in draft.areas and score:
        cuts = tuple((cut.grade, cut.low) for cut in order.scheme.grades)
        message = "等级与总分不符"
        draft.checks.append(GradeFits("grade", score, cuts, order.scheme.score_places, message))
    reported = [name for name in draft.areas if draft.is_open(name) and _is_reported(name)]
    at = References(draft.areas)
    for checks in batches([_without_rates(check, draft) for check in draft.checks]):
        text = verdict_text(checks, reported, at)
        draft.print_verdict(LiveFormula(text, verdict(checks, reported, draft.fillings)))
        draft.row += 1


def _is_reported(name: str) -> bool:
    """Whether a cell is the department's own report, not what was approved or may be filled in for it."""
    return name.rpartition(".")[2] not in _APPROVED


def _without_rates(check: Check, draft: Draft) -> Check:
    """A check for filled cells asks for no cell that computes a rate: that may be rightly undefined."""

    def is_asked(name: str) -> bool:
        return isinstance(draft.formulas.get(name, _SUM), Sum)

    match check:
        case Filled(names):
            return replace(check, names=tuple(filter(is_asked, names)))
        case WholeRows(columns):
            return replace(check, columns=tuple(column for column in columns if all(map(is_asked, column))))
        case _:
            return check


def _total_score(draft: Draft) -> str:
    """The cell with the total score; "" where the form has none."""
    tables = (table.name for table in draft.order.layout.tables if table.kind is TableKind.INDICATORS)
    return next((name for table in tables if (name := f"{table}.total.self_score") in draft.areas), "")
