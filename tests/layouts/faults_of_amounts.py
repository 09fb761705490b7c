"""Faults in the funds block: sums, rates, units, budgets that do not fit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tests.layouts.content import HUNDRED, MONEY, half_up
from tests.layouts.funds import printed_sources
from tests.layouts.injection import anywhere, at, carry, has
from tests.layouts.typing_in import IN_WAN, amount, plain, points

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tests.layouts.arrangement import Form
    from tests.layouts.injection import Injected, Injector

_BUDGETED: Final = ("annual_budget", "executed")


def _columns(form: Form, item: str = "total") -> list[str]:
    return [column for column in MONEY if has(form, f"funds.{item}.{column}")]


def _is_broken_down(form: Form) -> bool:
    """Whether the total line has its sources below it, so that a sum can contradict it."""
    return len(printed_sources(form.content, form.plan)) > 1 and not form.plan.has("sources", "of which")


def _sum_codes(form: Form) -> str:
    """What a broken sum may be called: where rows or cells were left out, the gap may be theirs."""
    open_ended = form.plan.has("funds rows", "filled only") or form.plan.has("nil", "blank")
    return "A101 A102 A105 A104" if open_ended else "A101 A102 A105"


def _wrong_total(form: Form, rng: Random) -> Injected | None:
    if not _is_broken_down(form):
        return None
    column = rng.choice(_columns(form))
    value = form.content.whole.amounts[column]
    form.canvas.type_into(f"funds.total.{column}", *amount(half_up(value * Decimal("1.137")), form.plan))
    return at(form, _sum_codes(form), f"funds.total.{column}")


def _wrong_source(form: Form, rng: Random) -> Injected | None:
    sources = [each for each in printed_sources(form.content, form.plan)[1:] if not each.is_nil]
    if not _is_broken_down(form) or not sources:
        return None
    source = rng.choice(sources)
    column = rng.choice(_columns(form, source.item))
    value = half_up(source.amounts[column] * Decimal("0.831") + Decimal("-7.77"))
    form.canvas.type_into(f"funds.{source.item}.{column}", *amount(abs(value), form.plan))
    return at(form, _sum_codes(form), f"funds.{source.item}.{column}", f"funds.total.{column}")


def _wrong_split(form: Form, rng: Random) -> Injected | None:
    if not form.content.splits:
        return None
    name = rng.choice(["general_public_budget", "basic_expenditure", "project_expenditure"])
    value = form.content.splits[name] * Decimal("1.31") + Decimal("3.33")
    form.canvas.type_into(f"split.{name}", *amount(half_up(value), form.plan))
    column = "annual_budget" if name == "general_public_budget" else "executed"
    return at(form, "A101 A102 A105", f"split.{name}", f"funds.total.{column}")


def _wrong_rate(form: Form, rng: Random) -> Injected | None:
    rate = form.content.whole.rate
    if rate is None or not has(form, "funds.total.execution_rate"):
        return None
    wrong = plain(rate - Decimal(rng.randint(2, 9)))
    form.canvas.type_into("funds.total.execution_rate", f"{wrong:f}%", "")
    return at(form, "A103", "funds.total.execution_rate")


def _amount_for_rate(form: Form, _rng: Random) -> Injected | None:
    if not has(form, "funds.total.execution_rate"):
        return None
    form.canvas.type_into("funds.total.execution_rate", plain(form.content.whole.amounts["executed"]), "")
    return at(form, "", "funds.total.execution_rate")


def _unit_slip(form: Form, rng: Random) -> Injected | None:
    """One cell in 元 on a form in 万元."""
    column = rng.choice(_BUDGETED)
    if not has(form, f"funds.total.{column}") or form.plan.of("unit") != "万元":
        return None
    if not (_is_broken_down(form) or has(form, "funds.total.execution_rate")):
        return None
    value = plain(form.content.whole.amounts[column] * 10_000)
    form.canvas.type_into(f"funds.total.{column}", value, "")
    return at(form, "", f"funds.total.{column}")


def _overspent(form: Form, _rng: Random) -> Injected | None:
    roles = ("funds.total.executed", "funds.total.annual_budget")
    parted = len(printed_sources(form.content, form.plan)) > 1
    if parted or form.content.splits or not has(form, *roles) or form.content.reason:
        return None
    annual = form.content.whole.amounts["annual_budget"]
    executed = half_up(annual * Decimal("1.25"))
    form.canvas.type_into("funds.total.executed", *amount(executed, form.plan))
    if has(form, "funds.total.execution_rate"):
        rate = plain(half_up(executed * HUNDRED / annual))
        form.canvas.type_into("funds.total.execution_rate", f"{rate:f}%", "")
    if has(form, "funds.total.self_score") and form.content.execution_weight:
        form.canvas.type_into("funds.total.self_score", *points(form.content.execution_weight, form.plan))
        carry(form, form.content.execution_weight - (form.content.execution_score or Decimal(0)))
    return at(form, "P106", "funds.total.executed", "funds.total.execution_rate")


def _no_budget(form: Form, _rng: Random) -> Injected | None:
    """Money executed of a budget of 0, on a form that has no further line."""
    printed = printed_sources(form.content, form.plan)
    if form.content.splits or len(printed) > 1 or not has(form, "funds.total.annual_budget"):
        return None
    form.canvas.type_into("funds.total.annual_budget", Decimal(0), "")
    if "funds.total.execution_rate" in form.canvas.roles:
        form.canvas.type_into("funds.total.execution_rate", None)
    return at(form, "", "funds.total.annual_budget", "funds.total.executed")


def _no_reason_for_low(form: Form, _rng: Random) -> Injected | None:
    if not form.content.reason or not has(form, "reason"):
        return None
    form.canvas.type_into("reason", None)
    names = ("execution_rate", "executed", "annual_budget", "self_score")
    return at(form, "P102 V103", "reason", *(f"funds.total.{name}" for name in names))


def _negative(form: Form, rng: Random) -> Injected | None:
    items = [each.item for each in printed_sources(form.content, form.plan) if not each.is_nil]
    item = rng.choice(items)
    column = rng.choice(_columns(form, item))
    value = next(each for each in form.content.funds if each.item == item).amounts[column]
    form.canvas.type_into(f"funds.{item}.{column}", plain(-value / IN_WAN[form.plan.of("unit")]), "")
    # where a sum says which figure belongs there, naming it (A105) says more than that it is below 0
    return at(form, "V102 A105", f"funds.{item}.{column}")


def _no_total_line(form: Form, _rng: Random) -> Injected | None:
    """The total line is gone, label and all."""
    if not _is_broken_down(form) or not has(form, "label.funds.total"):
        return None
    form.canvas.drop_row(form.canvas.roles["label.funds.total"][0])
    return anywhere("L105")


INJECTORS: Final[Mapping[str, Injector]] = {
    "wrong total": _wrong_total,
    "wrong source": _wrong_source,
    "wrong split": _wrong_split,
    "wrong rate": _wrong_rate,
    "amount for a rate": _amount_for_rate,
    "unit slip": _unit_slip,
    "overspent": _overspent,
    "no budget": _no_budget,
    "no reason for a low rate": _no_reason_for_low,
    "negative amount": _negative,
    "no total line": _no_total_line,
}
