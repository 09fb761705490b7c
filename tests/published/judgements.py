"""What an auditor made of each published form before the program saw it: judgements/*.toml.

A judgement says what the form says (department, amounts in 万元, every indicator row, the total) and which
findings must stand, which may, and which only come from a page that ends early (`excerpt`, never counted).
Any other finding above info is a false accusation.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.utils.cell import rows_from_range

from jixiao.domain.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.rounds import ReportedFinding

HERE = Path(__file__).parent
WORKBOOKS = HERE / "workbooks"
FACTS = HERE / "facts"

ASIDE_IS_OPEN = True
"""Whether the forms put aside by lot are measured and tested: they were judged from their facts alone."""

ANYWHERE = "*"
AMOUNTS = ("initial_budget", "annual_budget", "executed")


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of findings: their codes, and words one of which their label has to hold (none: any)."""

    codes: frozenset[str]
    labels: tuple[str, ...] = ()

    def holds(self, finding: ReportedFinding) -> bool:
        """Whether a finding is of this class."""
        labelled = not self.labels or any(label in finding.label for label in self.labels)
        return finding.code in self.codes and labelled


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding by what it may be called, where it may stand and how severe it has to be and may be at most.

    `rows`, where given, are rows of the sheet that each have to be named, by one finding or by several.
    """

    kinds: tuple[Kind, ...]
    names: tuple[str, ...]
    cells: frozenset[str]
    why: str
    most: Severity
    least: Severity
    rows: tuple[int, ...]

    def covers(self, finding: ReportedFinding) -> frozenset[str]:
        """The cells for which a finding is this one, however severe; one finding may stand for several."""
        if not any(kind.holds(finding) for kind in self.kinds):
            return frozenset()
        cells = cells_of(finding)
        return cells if ANYWHERE in self.cells else cells & self.cells

    def allows(self, finding: ReportedFinding) -> frozenset[str]:
        """The cells for which a finding is no more severe than an auditor would have it."""
        return self.covers(finding) if finding.severity.rank >= self.most.rank else frozenset()

    def is_said_by(self, finding: ReportedFinding) -> bool:
        """Whether a finding says it as severely as an auditor would."""
        return bool(self.covers(finding)) and finding.severity.rank <= self.least.rank

    def __str__(self) -> str:
        """The finding in a line."""
        return f"{'/'.join(self.names)} {'/'.join(sorted(self.cells))}：{self.why}"


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure and the cell it stands in."""

    cell: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class FundsRow:
    """A row of the funds block: its cell and label, the amounts by column; `item` where it is certain."""

    cell: str
    label: str
    item: str
    amounts: Mapping[str, Printed]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as printed.

    A level may hold alternatives parted by |; one that is `shared` has its score in the row above.
    """

    cell: str
    levels: tuple[str, str]
    name: str
    target: str
    actual: str
    weight: Decimal | None
    self_score: Decimal | None
    reason: str
    shared: bool

    @property
    def row(self) -> int:
        """The row of the sheet, from 1."""
        return row_of(self.cell)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything about one form. `head`: scope, department, implementer, project by name."""

    name: str
    workbook: str
    facts: str
    layout: str
    is_aside: bool
    year: int
    head: Mapping[str, str]
    execution: Mapping[str, Printed]
    total: Mapping[str, Printed]
    grade: str
    grade_cell: str
    funds: tuple[FundsRow, ...]
    indicators: tuple[IndicatorRow, ...]
    must: tuple[Expected, ...]
    may: tuple[Expected, ...]
    excerpt: tuple[Expected, ...]


def cells_of(finding: ReportedFinding) -> frozenset[str]:
    """The cells that a finding stands for: "E15:E19、E21" where it stands for several, else its own."""
    several: str = getattr(finding, "cells", "")
    ranges = several.split("、") if several else [finding.cell]
    return frozenset(cell for each in ranges for cell in _cells(each))


def row_of(cell: str) -> int:
    """The row of an address, from 1; 0 where it has none."""
    digits = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits.isdigit() else 0


def _cells(address: str) -> Iterator[str]:
    if ":" not in address:
        yield address
        return
    for row in rows_from_range(address):
        yield from row


@cache
def judgements() -> tuple[Judgement, ...]:
    """Every judgement, sorted by name."""
    return tuple(_load(path) for path in sorted((HERE / "judgements").glob("*.toml")))


def opened(which: str = "all") -> tuple[Judgement, ...]:
    """The forms of a set (open, aside, all) that may be run: those put aside only when they are opened."""
    wanted = {"open": {False}, "aside": {True}, "all": {False, True}}[which]
    return tuple(
        each for each in judgements() if each.is_aside in wanted and (ASIDE_IS_OPEN or not each.is_aside)
    )


@cache
def _kinds() -> Mapping[str, Kind]:
    root = tomllib.loads((HERE / "kinds.toml").read_text(encoding="utf-8"))
    return {
        name: Kind(frozenset(kind["codes"]), tuple(kind.get("labels", ()))) for name, kind in root.items()
    }


def kinds(names: Sequence[str]) -> tuple[Kind, ...]:
    """The classes of findings that names stand for; any other name is a code."""
    return tuple(_kinds().get(name) or Kind(frozenset({name})) for name in names)


def _load(path: Path) -> Judgement:
    root = tomllib.loads(path.read_text(encoding="utf-8"))
    form, total = root["form"], root["total"]
    return Judgement(
        name=path.stem,
        workbook=root["workbook"],
        facts=root["facts"],
        layout=root["layout"],
        is_aside=root["set"] == "aside",
        year=form["year"],
        head={key: value for key, value in form.items() if key != "year"},
        execution=dict(_printed(root["execution"], "weight", "rate", "score")),
        total=dict(_printed(total, "weight", "score")),
        grade=total.get("grade", ""),
        grade_cell=total.get("grade_cell", ""),
        funds=tuple(
            FundsRow(row["cell"], row["label"], row["item"], dict(_printed(row, *AMOUNTS)))
            for row in root["funds"]
        ),
        indicators=tuple(_indicator(row) for row in root.get("indicators", ())),
        must=tuple(_expected(entry) for entry in root.get("must", ())),
        may=tuple(_expected(entry) for entry in root.get("may", ())),
        excerpt=tuple(_expected(entry) for entry in root.get("excerpt", ())),
    )


def _printed(row: Mapping[str, str], *names: str) -> Iterator[tuple[str, Printed]]:
    for name in names:
        if name in row:
            yield name, Printed(row[f"{name}_cell"], Decimal(row[name]))


def _indicator(row: Mapping[str, Any]) -> IndicatorRow:
    weight, score = (Decimal(row[name]) if name in row else None for name in ("weight", "score"))
    return IndicatorRow(
        cell=row["cell"],
        levels=(row["level1"], row["level2"]),
        name=row["level3"],
        target=row["target"],
        actual=row["actual"],
        weight=weight,
        self_score=score,
        reason=row.get("reason", ""),
        shared=row.get("shared", False),
    )


def _expected(entry: Mapping[str, Any]) -> Expected:
    names = tuple(entry["codes"])
    return Expected(
        kinds=kinds(names),
        names=names,
        cells=frozenset(entry["cells"]),
        why=entry["why"],
        most=Severity(entry.get("most", "error")),
        least=Severity(entry.get("least", "warning")),
        rows=tuple(entry.get("rows", ())),
    )
