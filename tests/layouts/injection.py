"""What faults are made with: where they were put, and scores carried into the totals that depend on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from tests.layouts.arrangement import Form
from tests.layouts.typing_in import figure, is_bare, points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jixiao.domain.rounds import ReportedFinding
    from tests.layouts.content import Row

ANYWHERE = "*"
_CELL = re.compile(r"(?<![A-Z])[A-Z]{1,2}\d{1,3}(?=“)")


@dataclass(frozen=True, slots=True)
class Injected:
    """What a fault deserves: any of the codes (empty: whichever) at any of the cells (`*`: wherever)."""

    codes: frozenset[str]
    cells: frozenset[str]

    def fits(self, found: ReportedFinding) -> bool:
        """Whether a finding names the fault, in its own right or as the possible cause of what it says."""
        cells = {found.cell, *_CELL.findall(found.related)}
        told = not self.codes or found.code in self.codes or bool(found.related)
        return told and (ANYWHERE in self.cells or bool(cells & self.cells))


Injector = Callable[[Form, Random], "Injected | None"]


def at(form: Form, codes: str, *roles: str) -> Injected:
    """Deserves one of the codes ("A101 A105", "" for any) at one of the roles' cells."""
    cells = (form.canvas.address(role) for role in roles if role in form.canvas.roles)
    return Injected(frozenset(codes.split()), frozenset(cells))


def anywhere(codes: str) -> Injected:
    """Deserves one of the codes, at a cell or at the sheet."""
    return Injected(frozenset(codes.split()), frozenset({ANYWHERE}))


def has(form: Form, *roles: str) -> bool:
    """Whether the form prints something in all of these roles."""
    canvas = form.canvas
    return all(role in canvas.roles and canvas.value(role) is not None for role in roles)


def pick(
    form: Form, rng: Random, column: str, kinds: Iterable[str] = (), verdicts: Iterable[str] = ("met",)
) -> int | None:
    """The number of a row that prints a column, is of a kind and of a verdict."""
    wanted, told = set(kinds), set(verdicts)
    rows = [
        number
        for number, row in enumerate(form.content.rows)
        if (not wanted or row.kind in wanted) and row.verdict in told and has(form, f"row.{number}.{column}")
    ]
    rows = [number for number in rows if form.content.rows[number].weight is not None or column == "level3"]
    return rng.choice(rows) if rows else None


def carry(form: Form, change: Decimal, number: int | None = None) -> None:
    """Add a change of one score to everything that adds it up: subtotal, total, grade."""
    canvas, content = form.canvas, form.content
    level1 = content.rows[number].level1 if number is not None else ""
    subtotal = sum((row.score or Decimal(0) for row in content.rows if row.level1 == level1), Decimal(0))
    for role, value in ((f"subtotal.{level1}.self_score", subtotal), ("total.self_score", content.total)):
        if role in canvas.roles:
            canvas.type_into(role, *points(value + change, form.plan))
    total = form.content.total + change
    cuts = ((90, "优"), (80, "良"), (60, "中"))
    for role in ("grade", "grade beside"):
        if role in canvas.roles:
            canvas.type_into(role, next((grade for low, grade in cuts if total >= low), "差"))


def score(form: Form, number: int, value: Decimal, *, carried: bool = True) -> None:
    """Give a row another score."""
    old = form.content.rows[number].score or Decimal(0)
    form.canvas.type_into(f"row.{number}.self_score", *points(value, form.plan))
    if carried:
        carry(form, value - old, number)


def achieve(form: Form, number: int, value: Decimal) -> None:
    """Give a row another actual."""
    row = form.content.rows[number]
    typed = figure(value, _unit_of(row, form), form.plan, bare=is_bare(row, form.plan))
    form.canvas.type_into(f"row.{number}.actual", *typed)


def explain(form: Form, number: int, text: str | None = "因汛期影响，已调整计划。") -> None:
    """Give a row a reason, or take it away."""
    form.canvas.type_into(f"row.{number}.reason", text)


def _unit_of(row: Row, form: Form) -> str:
    return "" if form.plan.has("names of rows", "unit in name") else row.unit
