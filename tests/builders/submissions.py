"""Submissions built in code: correct forms, and changes of exactly one figure.

Cells: a field or a row of figures stands in a row of its own, its columns from A on in the layout's order.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import step_of
from jixiao.domain.cells import CellRef
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Entry, Group, Indicator, Line, State, Submission
from tests.builders.schemes import FUNDS, INDICATORS, ITEM_TITLES
from tests.builders.targets import at_least, at_most, equal, figure, said, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.forms import FormLayout
    from jixiao.domain.quantities import Actual, Target
    from jixiao.domain.scheme import Scheme

FILE, SHEET = "虚构局.xlsx", "自评表"
FUNDS_ROW, INDICATORS_ROW = 10, 20
GROUPS_COLUMN = 10
Row = tuple[str, str, "Target", "Actual", str | None, str | None]
"""Level 1, name, target, actual, weight, self score."""


def ref(row: int, column: int) -> CellRef:
    return CellRef(FILE, SHEET, row, column)


def entry(row: int, column: int, text: str | None) -> Entry:
    """A cell by its text: a figure, "—" for nothing, "#" for an error, None for blank, else words."""
    at = ref(row, column)
    if text is None:
        return Entry(at, State.BLANK)
    if text == "—":
        return Entry(at, State.DASH, text)
    if text == "#":
        return Entry(at, State.ERROR, text)
    try:
        value = Decimal(text)
    except ArithmeticError:
        return Entry(at, State.TEXT, text)
    return Entry(at, State.NUMBER, text, value, step_of(value))


def line(row: int, item: str, cells: Mapping[str, str | None]) -> Line:
    entries = {name: entry(row, FUNDS.index(name), text) for name, text in cells.items()}
    return Line("funds", item, ITEM_TITLES[item], ref(row, 0), entries)


def indicator(row: int, cells: Row, reason: str | None = None) -> Indicator:
    level1, name, target, actual, weight, self_score = cells
    texts = (name, target.text or None, actual.text or None, weight, self_score, reason)
    entries = {
        column: entry(row, position, text)
        for position, (column, text) in enumerate(zip(INDICATORS, texts, strict=True))
    }
    return Indicator(ref(row, 0), level1, "", name, target, actual, entries)


def submission(
    layout: FormLayout,
    name: str,
    funds: Mapping[str, Mapping[str, str | None]],
    rows: Sequence[Row],
    *,
    total: str | None,
    fields: Mapping[str, str] | None = None,
    department: str = "虚构市示例局",
) -> Submission:
    """A form: `funds` by item and column, the indicators, the printed 总分, further fields."""
    indicators = tuple(indicator(INDICATORS_ROW + position, row) for position, row in enumerate(rows))
    texts = {"department": department, **(fields or {})}
    last = INDICATORS_ROW + len(rows)
    return Submission(
        submission_id=name,
        form=layout.id,
        scope=layout.scope,
        file=FILE,
        sheet=SHEET,
        sha256="0" * 64,
        department=department,
        implementer="",
        project=name if layout.scope is Scope.PROJECT else "",
        year=2024,
        fields={key: entry(position, 1, text) for position, (key, text) in enumerate(texts.items(), 1)},
        lines=tuple(
            line(FUNDS_ROW + position, item, cells) for position, (item, cells) in enumerate(funds.items())
        ),
        indicators=indicators,
        groups=_groups(rows),
        total={"weight": entry(last, 3, "100"), "self_score": entry(last, 4, total)},
        title=ref(0, 0),
    )


def _groups(rows: Sequence[Row]) -> tuple[Group, ...]:
    """First-level names with the weight that a correct form declares, in column K of their first row."""
    weights: dict[str, Decimal] = {}
    first: dict[str, int] = {}
    for position, row in enumerate(rows):
        first.setdefault(row[0], INDICATORS_ROW + position)
        weights[row[0]] = weights.get(row[0], Decimal(0)) + Decimal(row[4] or 0)
    return tuple(Group(name, ref(first[name], GROUPS_COLUMN), weights[name]) for name in weights)


GOOD_ROWS: tuple[Row, ...] = (
    ("产出指标", "示例次数", at_least("12", "次"), figure("13", "次"), "20", "20"),
    ("产出指标", "示例成本", at_most("70", "元"), figure("68.83", "元"), "20", "20"),
    ("产出指标", "示例按期率", equal("100", "%"), figure("100", "%"), "10", "10"),
    ("效益指标", "示例能力", words("提高"), said("提高"), "30", "28"),
    ("满意度指标", "示例满意度", at_least("90", "%"), figure("97", "%"), "10", "10"),
)
GOOD_FUNDS: Mapping[str, Mapping[str, str | None]] = {
    "total": {
        "initial_budget": "410.50",
        "annual_budget": "400.00",
        "executed": "382.17",
        "weight": "10",
        "execution_rate": "95.54",
        "self_score": "9.55",
        "reason": None,
    },
    "fiscal": {"initial_budget": "380.50", "annual_budget": "370.00", "executed": "352.17"},
    "carryover": {"initial_budget": "30.00", "annual_budget": "30.00", "executed": "30.00"},
    "other": {"initial_budget": None, "annual_budget": "—", "executed": None},
}


def good_project(layout: FormLayout, name: str = "示例项目") -> Submission:
    """A project form without a fault: 95.54 % executed, every target met, total 97.55."""
    return submission(layout, name, GOOD_FUNDS, GOOD_ROWS, total="97.55")


def with_funds(form: Submission, item: str, **texts: str | None) -> Submission:
    """The form with other texts in a budget line."""
    return replace(
        form,
        lines=tuple(
            replace(each, entries={**each.entries, **_funds_entries(each, texts)})
            if each.item == item
            else each
            for each in form.lines
        ),
    )


def _funds_entries(row: Line, texts: Mapping[str, str | None]) -> dict[str, Entry]:
    return {name: entry(row.ref.row, FUNDS.index(name), text) for name, text in texts.items()}


def with_indicator(
    form: Submission,
    position: int,
    *,
    target: Target | None = None,
    actual: Actual | None = None,
    **texts: str | None,
) -> Submission:
    """The form with another target, actual or other texts in one indicator's row."""
    old = form.indicators[position]
    if target:
        texts["target"] = target.text or None
    if actual:
        texts["actual"] = actual.text or None
    cells = {name: entry(old.ref.row, INDICATORS.index(name), text) for name, text in texts.items()}
    new = replace(
        old,
        target=target or old.target,
        actual=actual or old.actual,
        entries={**old.entries, **cells},
    )
    indicators = (*form.indicators[:position], new, *form.indicators[position + 1 :])
    return replace(form, indicators=indicators)


def with_total(form: Submission, **texts: str | None) -> Submission:
    """The form with other texts in the row of totals."""
    cells = {
        name: entry(form.total[name].ref.row, form.total[name].ref.column, text)
        for name, text in texts.items()
    }
    return replace(form, total={**form.total, **cells})


def with_fields(form: Submission, **texts: str | None) -> Submission:
    """The form with other texts in its fields; new ones stand in column C from row 1 on."""
    cells = {
        name: entry(form.fields[name].ref.row, 1, text) if name in form.fields else entry(position, 2, text)
        for position, (name, text) in enumerate(texts.items())
    }
    return replace(form, fields={**form.fields, **cells})


def layout_of(form: Submission, scheme: Scheme) -> FormLayout:
    return scheme.form(form.form)
