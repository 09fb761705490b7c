"""Faults in weights, scores, totals and grades."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tests.layouts.content import half_up
from tests.layouts.injection import anywhere, at, carry, has, pick, score
from tests.layouts.typing_in import points as typed_points

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tests.layouts.arrangement import Form
    from tests.layouts.injection import Injected, Injector

_EXECUTION: Final = "funds.total.self_score"


def _execution(form: Form, points: Decimal, *, carried: bool) -> None:
    form.canvas.type_into(_EXECUTION, *typed_points(points, form.plan))
    if carried:
        carry(form, points - (form.content.execution_score or Decimal(0)))


def _execution_high(form: Form, *, carried: bool) -> Injected | None:
    weight, right = form.content.execution_weight, form.content.execution_score
    if weight is None or right is None or right == weight or not has(form, _EXECUTION):
        return None
    _execution(form, weight, carried=carried)
    return at(form, "S104", _EXECUTION)


def _execution_low(form: Form, _rng: Random) -> Injected | None:
    right = form.content.execution_score
    if right is None or right != form.content.execution_weight or not has(form, _EXECUTION):
        return None
    _execution(form, right - 2, carried=True)
    return at(form, "S113", _EXECUTION)


def _execution_above(form: Form, _rng: Random) -> Injected | None:
    weight = form.content.execution_weight
    if weight is None or not has(form, _EXECUTION):
        return None
    _execution(form, weight + 5, carried=True)
    return at(form, "S102 S104", _EXECUTION)


def _above_weight(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score")
    if number is None or not has(form, f"row.{number}.weight"):
        return None
    score(form, number, (form.content.rows[number].weight or Decimal(0)) + 2)
    return at(form, "S102", f"row.{number}.self_score")


def _decimal_slip(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score")
    if number is None or not has(form, f"row.{number}.weight"):
        return None
    score(form, number, (form.content.rows[number].score or Decimal(0)) * 10, carried=False)
    return at(form, "S102", f"row.{number}.self_score")


def _negative_score(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score")
    if number is None:
        return None
    score(form, number, -(form.content.rows[number].score or Decimal(1)), carried=False)
    return at(form, "S102 V102", f"row.{number}.self_score")


def _modest(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score", ("at_least", "at_most", "equal", "unsigned"))
    if number is None or not has(form, f"row.{number}.weight"):
        return None
    score(form, number, half_up((form.content.rows[number].weight or Decimal(0)) * Decimal("0.7")))
    return at(form, "S113", f"row.{number}.self_score")


def _outside_band(form: Form, rng: Random) -> Injected | None:
    number = pick(form, rng, "self_score", ("qualitative",), ("qualitative",))
    if number is None or not has(form, f"row.{number}.weight"):
        return None
    score(form, number, half_up((form.content.rows[number].weight or Decimal(0)) * Decimal("0.4")))
    return at(form, "S108", f"row.{number}.self_score")


def _weights_do_not_add_up(form: Form, rng: Random) -> Injected | None:
    """Five points more for one row, in weight, score and total score."""
    number = pick(form, rng, "self_score", verdicts=("met", "qualitative"))
    if number is None or not has(form, f"row.{number}.weight"):
        return None
    row = form.content.rows[number]
    form.canvas.type_into(f"row.{number}.weight", *typed_points((row.weight or Decimal(0)) + 5, form.plan))
    score(form, number, (row.score or Decimal(0)) + 5)
    return anywhere("S101 S109 S106")


def _group_points(form: Form, rng: Random) -> Injected | None:
    levels = list(dict.fromkeys(row.level1 for row in form.content.rows))
    level1 = rng.choice(levels)
    role = f"group.{level1}"
    if not has(form, role, "row.0.weight") or "分" not in str(form.canvas.value(role)):
        return None
    right, wrong = form.content.points(level1), form.content.points(level1) + 5
    if form.plan.has("levels", "repeated"):
        return None  # every row says it: one wrong cell would be another fault
    form.canvas.type_into(role, str(form.canvas.value(role)).replace(f"{right:f}", f"{wrong:f}"))
    return at(form, "S109", role)


def _total(form: Form, change: Decimal) -> Injected | None:
    if not has(form, "total.self_score"):
        return None
    form.canvas.type_into("total.self_score", *typed_points(form.content.total + change, form.plan))
    return at(form, "S106", "total.self_score")


def _full_total(form: Form, _rng: Random) -> Injected | None:
    gap = form.content.total_weight - form.content.total
    return _total(form, gap) if gap and form.content.total_weight == 100 else None


def _total_weight(form: Form, _rng: Random) -> Injected | None:
    if not has(form, "total.weight"):
        return None
    form.canvas.type_into("total.weight", *typed_points(form.content.total_weight - 10, form.plan))
    return at(form, "S106 S101", "total.weight")


def _grade(form: Form, rng: Random) -> Injected | None:
    if not has(form, "grade"):
        return None
    form.canvas.type_into("grade", rng.choice([each for each in "优良中差" if each != form.content.grade]))
    return at(form, "S107", "grade")


INJECTORS: Final[Mapping[str, Injector]] = {
    "execution score too high": lambda form, _: _execution_high(form, carried=True),
    "execution score too high, total right": lambda form, _: _execution_high(form, carried=False),
    "execution score too low": _execution_low,
    "execution score above weight": _execution_above,
    "score above weight": _above_weight,
    "decimal slip": _decimal_slip,
    "negative score": _negative_score,
    "points lost without a word": _modest,
    "score outside its band": _outside_band,
    "weights do not add up": _weights_do_not_add_up,
    "points of a level": _group_points,
    "total too low": lambda form, _: _total(form, Decimal(-7)),
    "total is full marks": _full_total,
    "wrong total of weights": _total_weight,
    "wrong grade": _grade,
}
