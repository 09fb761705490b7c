"""The facts of an example: what each department wrote in its forms, read from TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parents[2] / "seeds" / "examples"

Raw = str | int | Decimal
"""What is typed into a cell, as `drawing.typed` takes it; "" leaves it blank."""

Target = Raw | tuple[Raw, ...]
"""A target in one cell, or its operator, figure and unit."""


@dataclass(frozen=True, slots=True)
class FundsRow:
    """A row of the funds block: its printed name and six cells."""

    label: str
    initial_budget: Raw = ""
    annual_budget: Raw = ""
    executed: Raw = ""
    weight: Raw = ""
    execution_rate: Raw = ""
    """`formula` writes executed / annual budget as a formula with its value at full precision."""
    self_score: Raw = ""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of the indicators block."""

    level1: str
    level2: str
    level3: str
    target: Target
    actual: Raw
    weight: Raw
    self_score: Raw
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a department lays its form out; the default is the standard form, neatly merged.

    `labels`: labels over several rows are "merged", "repeated" in each row, or only in the "first_row".
    `target_cells`: "one"; "three" (operator, figure and unit under one merged header); "headed" (the three
    under a header each). `percent`: as Excel stores a typed percentage ("format"), as "text", or the bare
    number of percent points ("bare"). `vertical_label` False leaves out the column 绩效指标: 8 columns
    instead of 9, and 10 with "headed". `header_before` repeats the header row before these indicators
    (counted from 1), as a page break does.
    """

    rows_before: int = 0
    columns_before: int = 0
    labels: str = "merged"
    target_cells: str = "one"
    percent: str = "format"
    vertical_label: bool = True
    header_before: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFacts:
    """One form as filled in.

    `kind` is "overall" or "project"; `labels` are printed words that differ from the standard form's.
    """

    kind: str
    sheet: str
    title: str
    department: str
    funds: tuple[FundsRow, ...]
    indicators: tuple[IndicatorRow, ...]
    total: tuple[Raw, Raw]
    annex: str = ""
    subtitle: str = ""
    project: str = ""
    implementer: str = ""
    unit: str = "万元"
    income: tuple[tuple[str, Raw], ...] = ()
    spending: tuple[tuple[str, Raw], ...] = ()
    objective_expected: str = ""
    objective_actual: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    hidden: bool = False

    def word(self, label: str) -> str:
        """The printed word of a label."""
        words = {**standard_labels()[self.kind], **self.labels}
        return words[label].format(unit=self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """A sheet with a title and lines of text, no form at all."""

    sheet: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFacts:
    """A sheet with a layout of its own, row by row as printed; "<" and "^" merge a cell leftwards or upwards.

    `widths` are the columns', in characters; `headings` the styles of the first rows (title, subtitle).
    """

    sheet: str
    widths: tuple[int, ...]
    rows: tuple[tuple[Raw, ...], ...]
    headings: tuple[str, ...] = ()
    hidden: bool = False


SheetFacts = FormFacts | NoticeFacts | PrintedFacts


@dataclass(frozen=True, slots=True)
class WorkbookFacts:
    """One file of a department, relative to the round folder; `text` makes it a plain text file."""

    file: str
    sheets: tuple[SheetFacts, ...] = ()
    text: str = ""


@cache
def standard_labels() -> Mapping[str, Mapping[str, str]]:
    """The words of the standard forms by kind of form."""
    return tomllib.loads((FOLDER / "labels.toml").read_text(encoding="utf-8"))


def load_workbooks(path: Path) -> tuple[WorkbookFacts, ...]:
    """The workbooks that one facts file describes, figures as exact decimals."""
    document = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return tuple(
        WorkbookFacts(
            file=table["file"],
            sheets=tuple(_sheet(sheet) for sheet in table.get("sheets", ())),
            text=table.get("text", ""),
        )
        for table in document["workbooks"]
    )


def _sheet(table: dict[str, Any]) -> SheetFacts:
    if "lines" in table:
        return NoticeFacts(sheet=table["sheet"], title=table["title"], lines=tuple(table["lines"]))
    if "rows" in table:
        lists = {name: tuple(table.get(name, ())) for name in ("widths", "headings")}
        return PrintedFacts(**{**table, **lists, "rows": tuple(tuple(row) for row in table["rows"])})
    return FormFacts(
        **{
            **table,
            "funds": tuple(FundsRow(*row) for row in table["funds"]),
            "indicators": tuple(_indicator(row) for row in table["indicators"]),
            "total": tuple(table["total"]),
            "income": tuple(tuple(row) for row in table.get("income", ())),
            "spending": tuple(tuple(row) for row in table.get("spending", ())),
            "layout": _layout(table.get("layout", {})),
        }
    )


def _indicator(row: list[Any]) -> IndicatorRow:
    level1, level2, level3, target, *rest = row
    return IndicatorRow(level1, level2, level3, tuple(target) if isinstance(target, list) else target, *rest)


def _layout(table: dict[str, Any]) -> Layout:
    return Layout(**{**table, "header_before": tuple(table.get("header_before", ()))})
