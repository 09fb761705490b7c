"""A generated round of any size: one workbook of seven correct forms a department, figures varied by seed."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import round_half_up
from tests.builders.forms import OVERALL, PROJECT, YEAR
from tests.drawing.facts import FormFacts, FundsRow, IndicatorRow
from tests.drawing.layout import draw
from tests.drawing.writing import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

PROJECTS = 6
"""Project forms in each workbook, beside the overall form."""


def write_round(folder: Path, departments: int, seed: int, *, scheme: str = "hunan-provincial") -> Path:
    """Write round.toml and one workbook of seven forms for each department; give the folder.

    The same seed gives the same files. All forms are correct: no error is to be found in them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "round.toml").write_text(f'scheme = "{scheme}"\nyear = {YEAR}\n', encoding="utf-8")
    for number in range(1, departments + 1):
        name = f"云梦泽省虚构第{number}局"
        write_xlsx(folder / f"{name}.xlsx", [draw(form) for form in department_forms(name, seed)])
    return folder


def department_forms(name: str, seed: int) -> list[FormFacts]:
    """The overall form and six project forms of one department, consistent with each other."""
    chance = random.Random(f"{seed} {name}")  # noqa: S311 - figures of a test, nothing to keep secret
    projects = [_project(name, number, chance) for number in range(1, PROJECTS + 1)]
    return [_overall(name, projects, chance), *projects]


def _project(department: str, number: int, chance: random.Random) -> FormFacts:
    budget, executed = _funds(chance)
    carryover = round_half_up(budget / 10, 2)
    fiscal = FundsRow("其中：当年财政拨款", budget - carryover, budget - carryover, executed - carryover, "—")
    return _filled(
        replace(
            PROJECT,
            sheet=f"附件3-{number}",
            project=f"虚构项目{number}号经费",
            department=department,
            implementer=f"{department}第{number}处",
            funds=(
                _total_row(budget, executed),
                fiscal,
                FundsRow("上年结转资金", carryover, carryover, carryover, "—"),
                FundsRow("其他资金", 0, 0, 0, "—"),
            ),
        ),
        chance,
    )


def _overall(name: str, projects: list[FormFacts], chance: random.Random) -> FormFacts:
    basic_budget, basic = _funds(chance)
    spent = sum((Decimal(project.funds[0].executed) for project in projects), Decimal(0))
    budget = basic_budget + sum((Decimal(project.funds[0].annual_budget) for project in projects), Decimal(0))
    return _filled(
        replace(
            OVERALL,
            department=name,
            funds=(_total_row(budget, basic + spent),),
            income=((OVERALL.income[0][0], budget), (OVERALL.income[1][0], 0), *OVERALL.income[2:]),
            spending=((OVERALL.spending[0][0], basic), (OVERALL.spending[1][0], spent)),
        ),
        chance,
    )


def _funds(chance: random.Random) -> tuple[Decimal, Decimal]:
    """An annual budget and what was executed of it, 90.5 to 100 percent, in 万元."""
    budget = Decimal(chance.randint(5000, 500000)).scaleb(-2)
    return budget, round_half_up(budget * chance.randint(9050, 10000) / 10000, 2)


def _total_row(budget: Decimal, executed: Decimal) -> FundsRow:
    rate = round_half_up(executed / budget * 100, 2)
    return FundsRow("年度资金总额", budget, budget, executed, 10, "formula", round_half_up(rate / 10, 2))


def _filled(form: FormFacts, chance: random.Random) -> FormFacts:
    """The form with varied actuals, and the total that goes with its scores."""
    rows = tuple(_varied(row, chance) for row in form.indicators)
    score = Decimal(form.funds[0].self_score) + sum((Decimal(row.self_score) for row in rows), Decimal(0))
    return replace(form, indicators=rows, total=(100, score))


def _varied(row: IndicatorRow, chance: random.Random) -> IndicatorRow:
    """A minimum that is a plain count is surpassed by up to a quarter; other rows stay as they are."""
    if not (isinstance(row.target, tuple) and row.target[0] == "≥" and row.target[2] != "%"):
        return row
    figure = Decimal(row.target[1])
    return replace(row, actual=round_half_up(figure * chance.randint(100, 125) / 100, 1))
