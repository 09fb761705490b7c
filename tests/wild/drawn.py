"""Forms as other places lay them out, drawn as they look, each with an auditor's judgement: <group>/*.toml.

A case says `year`, `head` (scope, department, implementer, project), the drawn `sheet` and, by row or cell,
what stands there:

- `funds`: a row a line, `total | C5=400 D5=420 E5=390`, the amounts in the order of `columns` (- for none);
- `execution`: weight, rate and score, `total`: weight and score, as `F5=10 G5=92.86 H5=9.29` (- for none);
- `rows`: an indicator a line: row, levels 1 to 3, target, actual, weight, score, reason;
- `must`, `may`: findings as `P102/S113 G5 H5 | why`; any other finding above info is a false accusation.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.domain.cells import Workbook
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.evaluating.files import FileResult
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.sheets import read_sheets
from tests.builders.readings import national, vocabulary
from tests.builders.sheets import sheet
from tests.published.judgements import (
    AMOUNTS,
    Expected,
    FundsRow,
    IndicatorRow,
    Judgement,
    Printed,
    kinds,
)
from tests.published.running import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.cells import Grid

HERE = Path(__file__).parent
_NONE = "-"
_SHA = "0" * 64


@dataclass(frozen=True, slots=True)
class Case:
    """A drawn form and its judgement."""

    grid: Grid
    judgement: Judgement


@cache
def cases(group: str = "*") -> tuple[Case, ...]:
    """The cases of a group (all groups), sorted by name."""
    return tuple(_load(path) for path in sorted(HERE.glob(f"{group}/*.toml")))


def outcome_of(case: Case) -> Outcome:
    """The drawn sheet as a round of its own, evaluated by the national scheme."""
    workbook = Workbook(case.grid.file, _SHA, (case.grid,))
    sheets = read_sheets(workbook, vocabulary(), national().lexicon)
    result = FileResult(
        case.grid.file,
        _SHA,
        submissions=tuple(sheets.submissions),
        outcomes=tuple(sheets.outcomes),
        findings=tuple(sheets.findings),
    )
    evaluation = evaluate_results(Round("其他地方的表", case.judgement.year, national()), [result])
    grave = (each for each in evaluation.findings if each.severity is not Severity.INFO)
    return Outcome(evaluation.submissions, tuple(grave))


def _load(path: Path) -> Case:
    root = tomllib.loads(path.read_text(encoding="utf-8"))
    judgement = Judgement(
        name=path.stem,
        workbook=path.name,
        facts="",
        layout="drawn",
        is_aside=False,
        year=root["year"],
        head=root["head"],
        execution=_figures(root.get("execution", ""), ("weight", "rate", "score")),
        total=_figures(root.get("total", ""), ("weight", "score")),
        grade=root.get("grade", "").partition("=")[2],
        grade_cell=root.get("grade", "").partition("=")[0],
        funds=tuple(_funds(root.get("funds", ""), root.get("columns", AMOUNTS))),
        indicators=tuple(_rows(root.get("rows", ""))),
        must=tuple(_expected(each) for each in root.get("must", ())),
        may=tuple(_expected(each) for each in root.get("may", ())),
        excerpt=(),
    )
    return Case(sheet(root["sheet"]), judgement)


def _figures(text: str, names: Sequence[str]) -> dict[str, Printed]:
    cells = zip(names, text.split(), strict=False)
    return {name: _printed(each) for name, each in cells if each != _NONE}


def _printed(text: str) -> Printed:
    cell, _, value = text.partition("=")
    return Printed(cell, Decimal(value))


def _funds(text: str, columns: Sequence[str]) -> Iterator[FundsRow]:
    for line in text.strip().splitlines():
        item, _, cells = line.partition("|")
        amounts = _figures(cells, columns)
        first = next(iter(amounts.values()))
        yield FundsRow(first.cell, item.strip(), item.strip() if item.strip().isascii() else "", amounts)


def _rows(text: str) -> Iterator[IndicatorRow]:
    for line in text.strip().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        row, level1, level2, name, target, actual, weight, score, *reason = cells
        points = [Decimal(each) if each else None for each in (weight, score)]
        yield IndicatorRow(
            f"A{row}",
            (level1.replace("/", "|"), level2.replace("/", "|")),
            name,
            target,
            actual,
            points[0],
            points[1],
            reason[0] if reason else "",
            shared=False,
        )


def _expected(text: str) -> Expected:
    found, _, why = text.partition("|")
    codes, *cells = found.split()
    names = tuple(codes.split("/"))
    return Expected(kinds(names), names, frozenset(cells), why.strip(), Severity.ERROR, Severity.WARNING, ())
