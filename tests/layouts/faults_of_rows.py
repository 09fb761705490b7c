"""Faults in indicator rows: targets missed, far exceeded, rows twice or gone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tests.layouts.content import half_up
from tests.layouts.injection import achieve, anywhere, at, explain, has, pick, score

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tests.layouts.arrangement import Form
    from tests.layouts.injection import Injected, Injector


def _places(form: Form, number: int) -> int:
    target = form.content.rows[number].target or Decimal(0)
    return max(0, -int(target.as_tuple().exponent))


def _part_of_target(form: Form, number: int, share: str) -> Decimal:
    target = form.content.rows[number].target or Decimal(0)
    return half_up(target * Decimal(share), _places(form, number))


def _missed(form: Form, rng: Random, kind: str, share: str) -> tuple[int, Decimal] | None:
    """A met row made a missed one with a reason; its number and the score it then earns."""
    number = pick(form, rng, "self_score", (kind,))
    if number is None or not has(form, f"row.{number}.actual", f"row.{number}.weight"):
        return None
    row, actual = form.content.rows[number], _part_of_target(form, number, share)
    target = row.target or Decimal(0)
    ratio = actual / target if kind == "at_least" else target / actual
    achieve(form, number, actual)
    explain(form, number)
    return number, half_up((row.weight or Decimal(0)) * ratio)


def _full_for_missed(form: Form, rng: Random) -> Injected | None:
    missed = _missed(form, rng, "at_least", "0.78")
    return at(form, "S105", f"row.{missed[0]}.self_score") if missed else None


def _full_for_overrun(form: Form, rng: Random) -> Injected | None:
    missed = _missed(form, rng, "at_most", "1.4")
    return at(form, "S105", f"row.{missed[0]}.self_score") if missed else None


def _too_much_for_missed(form: Form, rng: Random) -> Injected | None:
    missed = _missed(form, rng, "at_least", "0.5")
    if missed is None:
        return None
    number, _ = missed
    weight = form.content.rows[number].weight or Decimal(0)
    score(form, number, half_up(weight * Decimal("0.9")))
    return at(form, "S103", f"row.{number}.self_score")


def _no_reason(form: Form, rng: Random) -> Injected | None:
    missed = None if form.content.reason else _missed(form, rng, "at_least", "0.8")
    if missed is None:
        return None
    number, earned = missed
    score(form, number, earned)
    explain(form, number, None)
    return at(form, "P101", f"row.{number}.reason", f"row.{number}.actual", f"row.{number}.level3")


def _late(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score", ("deadline",))
    if number is None or not has(form, f"row.{number}.weight") or form.plan.has("target", "headed twice"):
        return None  # a date in two cells of its target would be another fault
    form.canvas.type_into(f"row.{number}.target", "6月底前", "")
    form.canvas.type_into(f"row.{number}.actual", "9月15日", "")
    explain(form, number)
    return at(form, "S105", f"row.{number}.self_score")


def _accidents(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score", ("zero",))
    if number is None or not has(form, f"row.{number}.weight"):
        return None
    achieve(form, number, Decimal(2))
    explain(form, number)
    return at(form, "S105", f"row.{number}.self_score")


def _undone(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score", ("qualitative",), ("qualitative",))
    if number is None or not has(form, f"row.{number}.weight"):
        return None
    form.canvas.type_into(f"row.{number}.actual", "未完成", "")
    explain(form, number)
    return at(form, "S105 S108", f"row.{number}.self_score")


def _far_exceeded(form: Form, rng: Random) -> Injected | None:
    rows = [
        number
        for number, row in enumerate(form.content.rows)
        if row.kind == "at_least"
        and row.unit != "%"
        and row.verdict == "met"
        and has(form, f"row.{number}.actual")
    ]
    if not rows or form.content.reason:
        return None
    number = rng.choice(rows)
    achieve(form, number, _part_of_target(form, number, "2.6"))
    return at(form, "Q101", f"row.{number}.actual")


def _repeated_sign(form: Form, rng: Random) -> Injected | None:
    rows = [
        n
        for n, row in enumerate(form.content.rows)
        if row.kind == "at_least" and has(form, f"row.{n}.actual")
    ]
    if not rows:
        return None
    number = rng.choice(rows)
    row = form.content.rows[number]
    unit = "" if form.plan.has("names of rows", "unit in name") else row.unit
    form.canvas.type_into(f"row.{number}.actual", f"≥{row.actual}{unit}", "")
    return at(form, "Q102", f"row.{number}.actual")


def _words_for_number(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "actual", ("at_least",))
    if number is None or form.content.rows[number].unit == "%":
        return None
    form.canvas.type_into(f"row.{number}.actual", "已完成", "")
    return at(form, "", f"row.{number}.actual", f"row.{number}.self_score")


def _impossible(form: Form, rng: Random) -> Injected | None:
    rows = [n for n, row in enumerate(form.content.rows) if "满意度" in row.name and row.verdict == "met"]
    rows = [number for number in rows if has(form, f"row.{number}.actual")]
    if not rows:
        return None
    number = rng.choice(rows)
    form.canvas.type_into(f"row.{number}.actual", "290%", "")
    return at(form, "", f"row.{number}.actual")


def _twice(form: Form, rng: Random) -> Injected | None:
    """One row says what another one says; weights and scores stay as they are."""
    rows = [n for n, row in enumerate(form.content.rows) if row.verdict == "met" and row.kind == "at_least"]
    if len(rows) < 2:
        return None
    one, other = rng.sample(rows, 2)
    if form.content.rows[one].level2 != form.content.rows[other].level2:
        return None
    for column in ("level3", "operator", "target", "unit", "actual"):
        source = f"row.{one}.{column}"
        if source in form.canvas.roles:
            form.canvas.type_into(f"row.{other}.{column}", *form.canvas.cells[form.canvas.roles[source]])
    return at(
        form, "", f"row.{one}.level3", f"row.{other}.level3", f"row.{one}.actual", f"row.{other}.actual"
    )


def _gone(form: Form, rng: Random) -> Injected | None:
    """A row deleted: what is left does not add up."""
    number = pick(form, rng, "level3")
    if number is None or not has(form, f"row.{number}.weight", "total.weight"):
        return None
    if form.content.rows[number].weight is None:
        return None  # 其中 rows have no points that could be missed
    form.canvas.drop_row(form.canvas.roles[f"row.{number}.level3"][0])
    return anywhere("S101 S109 S106")


def _actuals_gone(form: Form, _rng: Random) -> Injected | None:
    """The whole column of actuals empty, its header too."""
    if "hdr.actual" not in form.canvas.roles or not form.plan.has("page break", "no"):
        return None
    if form.plan.has("header", "two rows") or form.plan.has("blocks", "two with headers"):
        return None
    for role in list(form.canvas.roles):
        if role == "hdr.actual" or (role.startswith("row.") and role.endswith(".actual")):
            form.canvas.type_into(role, None)
    return anywhere("L104")


INJECTORS: Final[Mapping[str, Injector]] = {
    "missed with full marks": _full_for_missed,
    "overrun with full marks": _full_for_overrun,
    "missed with too many points": _too_much_for_missed,
    "missed without a reason": _no_reason,
    "late with full marks": _late,
    "accidents with full marks": _accidents,
    "undone with full marks": _undone,
    "far exceeded": _far_exceeded,
    "sign repeated": _repeated_sign,
    "words for a number": _words_for_number,
    "impossible percentage": _impossible,
    "row twice": _twice,
    "row gone": _gone,
    "column of actuals gone": _actuals_gone,
}
