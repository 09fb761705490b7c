"""What the finance department knows before a form is filled in: roster and accounts into cells by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.domain.blanks import PrefilledDepartment, PrefilledForm
from jixiao.domain.forms import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from jixiao.domain.accounts import AccountLine, BookedFigure
    from jixiao.domain.blanks import Filling
    from jixiao.domain.figure_address import FigureAddress
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.rosters import RosterEntry

_CODE = re.compile(r"\d{3,}")
"""Codes that reading takes off a name again."""
_RESULT = "executed"
"""The column of the accounts that departments report themselves."""


def prefilled_departments(
    entries: Iterable[RosterEntry], lines: Sequence[AccountLine]
) -> tuple[PrefilledDepartment, ...]:
    """What is known of every department of the roster; in the accounts it has to be called as there."""
    known: list[PrefilledDepartment] = []
    for entry in entries:
        own = {line.project: line for line in lines if line.department == entry.department}
        named = [due.project for due in entry.due if due.project]
        projects = dict.fromkeys((*named, *(name for name, line in own.items() if name and _is_new(line))))
        forms = tuple(PrefilledForm(name, amounts=_amounts(own.get(name))) for name in projects)
        known.append(
            PrefilledDepartment(
                entry.department, entry.code, PrefilledForm(amounts=_amounts(own.get(""))), forms
            )
        )
    return tuple(known)


def fillings_of(
    layout: FormLayout, department: PrefilledDepartment, form: PrefilledForm, booked: Iterable[BookedFigure]
) -> dict[str, Filling]:
    """What is known of a form, by the name of the cell.

    An amount goes to the last of the places that `booked` names for it and that the form has, which is the
    most detailed one: a total then computes itself.
    """
    code = f"[{department.code}]" if _CODE.fullmatch(department.code) else ""
    names = {"department": code + department.name, "project": form.project, "implementer": form.implementer}
    fillings: dict[str, Filling] = {name: text for name, text in names.items() if text}
    for figure in booked:
        places = [address for address in figure.addresses if _has(layout, address)]
        if places and figure.column in form.amounts:
            fillings[str(places[-1])] = form.amounts[figure.column]
    return fillings


def _has(layout: FormLayout, address: FigureAddress) -> bool:
    """Whether a form has a place for an amount at an address."""
    items = {item.name for table in layout.tables if table.name == address.table for item in table.items}
    return address.kind(layout) is ValueKind.AMOUNT and (not address.table or address.item in items)


def _is_new(line: AccountLine) -> bool:
    """Whether there is money of the year itself: what only carries over owes no form of its own."""
    return bool(line.value("initial_budget")) or not line.value("carryover")


def _amounts(line: AccountLine | None) -> dict[str, Decimal]:
    """What was approved; what was executed the department reports itself."""
    if line is None:
        return {}
    amounts = {column: line.value(column) for column in line.entries if column != _RESULT}
    return {column: amount for column, amount in amounts.items() if amount is not None}
