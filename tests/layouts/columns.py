"""Which columns a form's blocks have, in which order, and what heads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.layouts.parts import TRANSFER
from tests.layouts.words import FUNDS, FURTHER, INDICATORS, PIECES, word

if TYPE_CHECKING:
    from tests.layouts.parts import Plan

FURTHER_COLUMN: Final = "further"
_POINTS: Final = ("weight", "self_score")


def funds_columns(plan: Plan) -> list[str]:
    """The figure columns of the funds block, from left to right."""
    columns = ["initial_budget", "annual_budget", "executed", "weight", "execution_rate", "self_score"]
    dropped = {"no initial": ("initial_budget",), "no rate": ("execution_rate",), "no points": _POINTS}
    gone = set(dropped.get(plan.of("funds columns"), ()))
    if plan.kind == TRANSFER:
        gone.add("initial_budget")
    if plan.has("division", "no execution", "90 without it") or plan.has("points", "none"):
        gone |= set(_POINTS)
    if plan.has("points", "no scores"):
        gone.add("self_score")
    columns = [column for column in columns if column not in gone]
    if plan.has("funds columns", "shuffled"):
        plan.rng("funds order").shuffle(columns)
    return [*columns, FURTHER_COLUMN] if plan.has("funds columns", "further") else columns


def funds_word(column: str, plan: Plan) -> str:
    """What heads a column of the funds block."""
    if column == FURTHER_COLUMN:
        return plan.rng("funds further").choice(FURTHER)
    text = word(plan, "funds words", FUNDS, column)
    declared = plan.has("unit place", "column") and column in {"initial_budget", "annual_budget", "executed"}
    return f"{text}（{plan.of('unit')}）" if declared else text


def level_columns(plan: Plan) -> list[str]:
    """The columns that name a row."""
    gone = {"no first": {"level1"}, "no second": {"level2"}, "none": {"level1", "level2"}}
    return [each for each in ("level1", "level2", "level3") if each not in gone.get(plan.of("levels"), set())]


def target_columns(plan: Plan) -> list[str]:
    """The columns of a target: one, or with its operator and unit in columns of their own."""
    match plan.of("target"):
        case "three cells" | "unit twice":
            order = ["operator", "target", "unit"]
            if plan.rng("target order").random() < 0.3:
                order = ["operator", "unit", "target"]
            return order
        case "headed twice":
            return ["target", "target.2", "target.3"]
        case "operator apart" | "nature beside":
            return ["operator", "target"]
        case "unit apart":
            return ["target", "unit"]
        case _:
            return ["target"]


def row_columns(plan: Plan) -> list[str]:
    """All columns of the indicator block, from left to right."""
    names, value = level_columns(plan), [*target_columns(plan), "actual"]
    points = {"level headings": ["self_score"], "no scores": ["weight"], "none": []}.get(
        plan.of("points"), ["weight", "self_score"]
    )
    match plan.of("columns"):
        case "points first":
            return [*names, *points, *value, "reason"]
        case "score first":
            return [*names, *value, *reversed(points), "reason"]
        case "reason inside":
            return [*names, *value, "reason", *points]
        case "further":
            at = plan.rng("further at").choice((len(value), len(value) + len(points)))
            columns = [*value, *points, "reason"]
            return [*names, *columns[:at], FURTHER_COLUMN, *columns[at:]]
        case _:
            return [*names, *value, *points, "reason"]


def row_word(column: str, plan: Plan) -> str:
    """What heads a column of the indicator block."""
    if column == FURTHER_COLUMN:
        return plan.rng("rows further").choice(FURTHER)
    if column in PIECES:
        return plan.rng(f"piece.{column}").choice(PIECES[column]) if plan.chosen else PIECES[column][0]
    return word(plan, "indicator words", INDICATORS, column)
