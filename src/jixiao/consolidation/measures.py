"""Totals, rates and means as live formulas that carry the value they give now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, exact_sum
from jixiao.domain.report import ColumnSpec, Formula, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard


def rate_column(title: str, scheme: Scheme) -> ColumnSpec:
    """A column of execution rates: with bars, and marked below the scheme's threshold where it has one."""
    low = scheme.execution.reason_below
    return ColumnSpec(title, Kind.RATE, bar=True, low=None if low is None else low / HUNDRED)


def funds(card: ScoreCard | None) -> tuple[Decimal | None, Decimal | None]:
    """Annual budget and executed amount of a form, 万元."""
    line = card.execution.line if card and card.execution else None
    return (line.value("annual_budget"), line.value("executed")) if line else (None, None)


def quotient(executed: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """The execution rate as a fraction, unrounded; None where it is not defined or known."""
    return executed / budget if executed is not None and budget is not None and budget > 0 else None


def rate(
    executed: Decimal | None,
    budget: Decimal | None,
    columns: tuple[str, str] = ("全年执行数", "全年预算数"),
) -> Content:
    """The execution rate as a live formula over the row's two amount columns."""
    value, (above, below) = quotient(executed, budget), columns
    return None if value is None else Formula(f'IF([{below}]>0,[{above}]/[{below}],"")', value)


Money = tuple["Decimal | None", "Decimal | None"]
"""Annual budget and executed amount."""


def pooled(money: Iterable[Money]) -> Decimal | None:
    """The rate of all money together, of those alone that have both amounts and a budget above 0."""
    known = [pair for pair in money if quotient(pair[1], pair[0]) is not None]
    return quotient(sum_known(executed for _, executed in known), sum_known(budget for budget, _ in known))


def pooled_rate(money: Sequence[Money]) -> Content:
    """The same below the two amount columns: of complete rows it follows the filter."""
    value = pooled(money)
    if value is None:
        return None
    if all(quotient(executed, budget) is not None for budget, executed in money):
        return rate(sum_known(each for _, each in money), sum_known(each for each, _ in money))
    both = 'SUMIFS([全年执行数:],[全年预算数:],">0")/SUMIFS([全年预算数:],[全年执行数:],"<>")'
    return Formula(both, value)


def balance(
    executed: Decimal | None,
    budget: Decimal | None,
    columns: tuple[str, str] = ("全年执行数", "全年预算数"),
) -> Content:
    """What is left of the budget as a live formula over the row's two amount columns."""
    if executed is None or budget is None:
        return None
    return Formula(f"[{columns[1]}]-[{columns[0]}]", budget - executed)


def sum_known(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return exact_sum(known) if known else None


def subtotal(title: str, value: Decimal | int | None) -> Content:
    """A column's total that follows the filter."""
    return None if value is None else Formula(f"SUBTOTAL(109,[{title}:])", value)


def mean(values: Sequence[Decimal | None]) -> Decimal | None:
    """The plain mean of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, ZERO) / len(known) if known else None


def live_mean(title: str, values: Sequence[Decimal | None]) -> Content:
    """A column's plain mean that follows the filter."""
    value = mean(values)
    return None if value is None else Formula(f'IFERROR(SUBTOTAL(101,[{title}:]),"")', value)
