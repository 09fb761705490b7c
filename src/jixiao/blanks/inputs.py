"""What may be entered in a cell of a blank form, and what stands there already."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.blanks import Entering, InputRule, PrefilledDepartment, PrefilledForm
from jixiao.domain.forms import SIGNED_NEVER, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jixiao.domain.blanks import Filling
    from jixiao.domain.figure_address import FigureAddress
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.references import AccountLine, BookedFigure, RosterEntry

_LARGEST = Decimal(10) ** 12
_FIRST_YEAR, _LAST_YEAR = Decimal(2000), Decimal(2099)
_LONGEST_TITLE = 32

_HELP = {
    ValueKind.AMOUNT: "填数字，单位为万元，保留两位小数。没有的填 0，不要写单位。",
    ValueKind.NUMBER: "填数字，不要写单位。",
    ValueKind.SCORE: "填数字，不要写“分”字。",
    ValueKind.PERCENT: "填百分数，如 95.5%。",
    ValueKind.YEAR: "填四位数年份。",
}
_HELP_BY_NAME = {
    "target": "写明数值和单位，如 ≥95%、不少于12次、12月底前；定性指标用文字写明要达到的程度。",
    "actual": "写实际结果，数值与指标值同口径、同单位，如 97.2%、14次；不要照抄比较符号。",
    "weight": "填本指标的分值，全表合计应等于总分。",
    "self_score": "填本指标的自评得分，不超过分值。",
    "reason": "没有完成，或远远超过指标值的，说明原因和改进措施。",
    "level3": "每行填一个指标；用不着的行空着。行数不够时，在本组最后一行之上插入行。",
    "grade": "从列表中选择。",
    "operator": "从列表中选择。",
}


def input_rule(name: str, kind: ValueKind, title: str, help_text: str = "") -> InputRule:
    """What may be entered into a field or column of that name and kind."""
    rule = InputRule(
        title=title.replace("\n", "")[:_LONGEST_TITLE],
        help=help_text or _HELP_BY_NAME.get(name) or _HELP.get(kind, ""),
    )
    match kind:
        case ValueKind.TEXT:
            return rule
        case ValueKind.YEAR:
            return replace(rule, entering=Entering.WHOLE, low=_FIRST_YEAR, high=_LAST_YEAR)
        case ValueKind.SCORE:
            return replace(rule, entering=Entering.DECIMAL, low=Decimal(0), high=_LARGEST)
    low = Decimal(0) if name in SIGNED_NEVER else -_LARGEST
    return replace(rule, entering=Entering.DECIMAL, low=low, high=_LARGEST)


def choice_rule(rule: InputRule, choices: Sequence[str]) -> InputRule:
    """The same, but only one of some words."""
    return replace(rule, entering=Entering.CHOICE, low=None, high=None, choices=tuple(choices))


def limited_rule(rule: InputRule, cell: str) -> InputRule:
    """The same, but not above another cell's figure."""
    return replace(rule, high=None, limit=cell)


def operators(lexicon: Lexicon) -> tuple[str, ...]:
    """One sign for every way of comparing: the first that the lexicon has for it."""
    signs: dict[str, str] = {}
    for sign, comparator in lexicon.comparators.items():
        signs.setdefault(comparator, sign)
    return tuple(signs.values())


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
