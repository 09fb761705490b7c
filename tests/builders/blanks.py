"""Blank forms filled in: consistent figures at random, and what the program reads back by the cell's name."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from jixiao.blanks.checks import spell_identities
from jixiao.blanks.drafts import Order, is_asked
from jixiao.blanks.forms import arrange
from jixiao.blanks.indicators import plan_rows
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import nearest, scheme_ids, seeds_folder
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up
from jixiao.domain.blanks import LiveFormula
from jixiao.domain.forms import IdentityKind, TableKind, ValueKind
from jixiao.domain.text_keys import label_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.blanks.checks import Spelled
    from jixiao.domain.blanks import BlankForm, Filling
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.submissions import Entry, Submission

YEAR = 2024
_MET = (("≥95%", "96.5%"), ("12次", "12次"), ("≥3项", "3项"), ("100%", "100%"), ("≤5%", "4%"))
_SPENT = ("executed", "basic_expenditure", "project_expenditure", "basic", "project")
"""What is spent, and so kept smaller than what there is to spend."""
_ROWS = 2
"""Rows of a list that are filled in."""


@cache
def all_orders() -> tuple[Order, ...]:
    """Every form of every scheme that departments fill in, in a year that the scheme is valid for."""
    return tuple(_all_orders())


def _all_orders() -> Iterator[Order]:
    for scheme_id in scheme_ids(seeds_folder()):
        scheme = load_scheme(scheme_id, seeds_folder())
        year = nearest(scheme.years, YEAR)
        yield from (Order(layout, scheme, year) for layout in filter(is_asked, scheme.forms))


def order_of(scheme_id: str, form_id: str) -> Order:
    """One of them."""
    found = (each for each in all_orders() if (each.scheme.id, each.layout.id) == (scheme_id, form_id))
    return next(found)


def stored(form: BlankForm) -> dict[str, Filling]:
    """What stands in every named cell, formulas by the value that they give; empty cells left out."""
    contents = {
        cell.name: cell.content.value if isinstance(cell.content, LiveFormula) else cell.content
        for cell in form.cells
        if cell.name
    }
    return {name: content for name, content in contents.items() if content not in {None, ""}}


def verdicts(form: BlankForm) -> list[object]:
    """What the check cells say."""
    return [cell.content.value for cell in form.checks if isinstance(cell.content, LiveFormula)]


def filled(order: Order, seed: int) -> Order:
    """The order with everything filled in at random, so that all identities hold and every target is met."""
    chance = random.Random(f"{seed} {order.layout.id}")  # noqa: S311 - figures of a test
    fillings = dict(order.fillings)
    for name, cell in arrange(order).inputs.items():
        value = _value(name, cell.kind, order, chance)
        if value is not None and cell.content is None:
            fillings[name] = value
    fillings |= _points(order, chance)
    fillings = _balanced(_reconciled(replace(order, fillings=fillings)), order)
    grade = _grade(replace(order, fillings=fillings))
    return replace(order, fillings={**fillings, **({"grade": grade} if grade else {})})


def _value(name: str, kind: ValueKind, order: Order, chance: random.Random) -> Filling | None:
    """A plausible entry; None for rows that stay empty and for what has to fit other entries."""
    table, _, rest = name.partition(".")
    layout = next((each for each in order.layout.tables if each.name == table and rest), None)
    column = name.rpartition(".")[2]
    if layout and not _is_used(rest, column, kind, layout):
        return None
    if layout and column == "item":
        return f"虚构第{rest.partition('.')[0]}处"
    match kind:
        case ValueKind.TEXT:
            return None if name == "grade" else f"虚构{name}{chance.randint(1, 99)}号"
        case ValueKind.AMOUNT:
            ceiling = 9000 if column in _SPENT else 90000
            return Decimal(chance.randint(ceiling // 10, ceiling)).scaleb(-2)
        case ValueKind.PERCENT:
            return Decimal(chance.randint(5000, 10000)).scaleb(-4)
        case _:
            return Decimal(chance.randint(90, 99))


def _is_used(rest: str, column: str, kind: ValueKind, table: TableLayout) -> bool:
    """Whether a cell of a table is filled in here: the first rows of a list; indicators follow later."""
    if table.kind is not TableKind.LIST:
        return table.kind is TableKind.LINES
    row = rest.partition(".")[0]
    needed = table.column(column).required or kind is ValueKind.AMOUNT
    return needed and row.isdecimal() and int(row) <= _ROWS


def _points(order: Order, chance: random.Random) -> dict[str, Filling]:
    """Indicators that are met, with weights that add up to what the scheme gives to each group."""
    fillings: dict[str, Filling] = {}
    for table in order.layout.tables:
        if table.kind is not TableKind.INDICATORS:
            continue
        rows = plan_rows(order, table)
        for level1 in dict.fromkeys(row.level1 for row in rows):
            own = [row for row in rows if row.level1 == level1]
            points = order.divisions[0].groups.get(level1, ZERO)
            used = own if own[0].known else own[: chance.randint(1, len(own))]
            for index, row in enumerate(used):
                share = points // len(used) + (points % len(used) if index == 0 else 0)
                weight = row.known.weight if row.known and row.known.weight else share
                target, actual = chance.choice(_MET)
                sharing = sum(each.bearer == row.bearer for each in own)
                values: dict[str, Filling | None] = {
                    "level2": row.level2 or "虚构二级指标",
                    "level3": row.known.level3 if row.known else f"虚构指标{row.number}号",
                    "target": target,
                    "actual": actual,
                    "weight": weight,
                    "self_score": Decimal(weight) / sharing,
                }
                fillings |= {
                    f"{table.name}.{row.number}.{name}": value for name, value in values.items() if value
                }
    names = arrange(order).inputs
    return {name: value for name, value in fillings.items() if name in names}


def _reconciled(order: Order) -> dict[str, Filling]:
    """The fillings with parts changed so that all equations that no formula takes care of hold."""
    fillings = dict(order.fillings)
    for spelled in _equations(order):
        form = arrange(replace(order, fillings=fillings))
        known, inputs = stored(form), form.inputs
        done = spelled.total in form.computed and not spelled.identity.alternatives
        if done and spelled.identity.kind is not IdentityKind.AT_MOST:
            continue
        if spelled.identity.alternatives and spelled.total in inputs:
            parts = (Decimal(known.get(name, ZERO)) for name in spelled.plus)
            fillings[spelled.total] = sum(parts, ZERO)
            continue
        total = known.get(spelled.total)
        free = [part for part in spelled.plus if part in inputs]
        if not isinstance(total, Decimal) or not free:
            continue
        if spelled.identity.kind is IdentityKind.AT_MOST:
            part = round_half_up(total / (len(spelled.plus) + 1), 2)
            fillings |= dict.fromkeys(free, part)
        elif spelled.identity.kind is IdentityKind.SUM:
            others = [known.get(name, ZERO) for name in spelled.plus if name != free[-1]]
            taken = [known.get(name, ZERO) for name in spelled.minus]
            fillings[free[-1]] = total - sum(map(Decimal, others)) + sum(map(Decimal, taken))
    return fillings


def _balanced(fillings: dict[str, Filling], order: Order) -> dict[str, Filling]:
    """The municipal form's balances, which belong to two lists: the same row is the same office here."""
    known = stored(arrange(replace(order, fillings=fillings)))
    for row in (name.split(".")[1] for name in known if name.startswith("spending.") and ".balance" in name):
        if f"income.{row}.total" in known and row.isdecimal():
            income, carryover, spent = (
                Decimal(known[f"{name}"])
                for name in (f"income.{row}.total", f"income.{row}.carryover", f"spending.{row}.total")
            )
            fillings[f"spending.{row}.balance"] = income - spent
            fillings[f"spending.{row}.current_balance"] = income - carryover - spent
    return fillings


def _equations(order: Order) -> list[Spelled]:
    form = arrange(order)
    rows = {
        table.name: tuple(item.name for item in table.items) or tuple(str(row) for row in range(1, 20))
        for table in order.layout.tables
    }
    cells = {cell.name for cell in form.cells if cell.name}
    return list(spell_identities(order.layout, rows, cells))


def _grade(order: Order) -> str:
    known = stored(arrange(order))
    scores = (
        known.get(name) for name in ("indicators.total.self_score", "total_score", "items.total.weighted")
    )
    score = next((each for each in scores if isinstance(each, Decimal)), None)
    asked = any(field.name == "grade" for field in order.layout.fields)
    return order.scheme.grade_of(score) if asked and score is not None else ""


def read_back(submission: Submission, layout: FormLayout, known: Mapping[str, Filling]) -> dict[str, Filling]:
    """What was read, under the names and in the terms of the blank form's cells."""
    entries = {name: _entry(name, submission, layout, known) for name in known}
    kinds = {name: _kind(name, layout) for name in known}
    return {
        name: _plain(entry, kinds[name]) if entry is not None else "（没有读出）"
        for name, entry in entries.items()
    }


def _entry(
    name: str, submission: Submission, layout: FormLayout, known: Mapping[str, Filling]
) -> Entry | None:
    table_name, _, rest = name.partition(".")
    row, _, column = rest.partition(".")
    if not rest:
        return submission.fields.get(name)
    table = layout.table(table_name)
    if table.kind is TableKind.INDICATORS:
        if row == "total":
            return submission.total.get(column)
        rows = sorted(
            {
                int(each.split(".")[1])
                for each in known
                if each.startswith(f"{table_name}.") and "total" not in each
            }
        )
        indicators = submission.indicators
        return indicators[rows.index(int(row))].entries.get(column) if len(rows) == len(indicators) else None
    item = label_key(str(known.get(f"{table_name}.{row}.item", row))) if table.kind is TableKind.LIST else row
    line = submission.line(table_name, item)
    return line.entries.get(column) if line else None


def _kind(name: str, layout: FormLayout) -> ValueKind:
    table, _, rest = name.partition(".")
    if not rest:
        return next(field.kind for field in layout.fields if field.name == name)
    return layout.table(table).column(rest.partition(".")[2]).kind


def _plain(entry: Entry, kind: ValueKind) -> Filling:
    if kind is ValueKind.TEXT or entry.value is None:
        return entry.text
    return entry.value / HUNDRED if kind is ValueKind.PERCENT else entry.value
