"""Figures that no form should hold, in each kind of cell of every form of every scheme."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.blanks.forms import arrange
from jixiao.domain.rounds import Round
from jixiao.evaluating.files import FileResult
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.sheets import read_sheets
from jixiao.workbooks.blank_writing import write_blank
from jixiao.workbooks.reading import read_workbook
from tests.builders.blanks import all_orders, filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.blanks.drafts import Order
    from jixiao.domain.cells import Grid, Position, Value, Workbook
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme

FIGURES = ("1E+30", "1E-30", "-0", "1E+300", "-1E+300", "1" * 40, f"0.{'1' * 40}", "1E-300", "0", "-1")
NUMBERS = tuple(map(Decimal, FIGURES))
"""As numbers: beyond what 28 digits hold, below what any form prints, and signs that mean nothing."""
TEXTS = (
    *FIGURES,
    *("NaN", "sNaN", "nan123", "Infinity", "-inf", "∞", "1e999", "1E+1000000", "-1E-1000000"),
    *("１Ｅ＋３０％", "1E+30万元", "-1E+30%", "9" * 400, f"≥{'9' * 400}", "≥1E+30", "＜-0", "0x10", "1_000"),
    *("٣٤", "½", "5⁵", "①", "〇", "100%%", "%", "-", "—", "+", ".", "1.2.3", "1,2,3.4.5", "≥≥", "~", "±"),
    *(
        "0:00",
        "25:61",
        "2024-13-45",
        "一亿亿亿亿亿",
        "3/0",
        "1/3",
        "０．００",
        "#DIV/0!",
        "1" * 30 + "." + "1" * 30,
    ),
)
"""As texts: what Decimal takes for a number and accountants do not, and the other way round."""
OWN_MISTAKES = frozenset({"F105", "F109", "F111"})
"""Findings that say that we failed, not the department."""
_TALKING = frozenset({"target", "actual", "standard", "year", "reason", "grade"})
"""Columns and fields whose texts are parsed for figures."""


@dataclass(frozen=True)
class FilledForm:
    """A form as a department would fill it in, and where the cells of each kind stand.

    `kinds`: positions by "table.column" or field, of cells that hold a figure or words about one.
    """

    order: Order
    workbook: Workbook
    kinds: Mapping[str, tuple[Position, ...]]

    def evaluated(self, changes: Mapping[Position, Value]) -> Evaluation:
        """What the form gives with other contents in some of its cells."""
        (grid,) = self.workbook.grids
        return self.evaluated_as(replace(grid, values={**grid.values, **changes}))

    def evaluated_as(self, grid: Grid) -> Evaluation:
        """What the workbook gives with another sheet in place of the form's."""
        workbook = replace(self.workbook, grids=(grid,))
        scheme = self.order.scheme
        sheets = read_sheets(workbook, _vocabulary(scheme.id), scheme.lexicon)
        result = FileResult(
            workbook.file,
            workbook.sha256,
            submissions=tuple(sheets.submissions),
            outcomes=tuple(sheets.outcomes),
            findings=tuple(sheets.findings),
        )
        return evaluate_results(Round("批次", self.order.year, scheme), [result])


@cache
def filled_forms() -> tuple[FilledForm, ...]:
    """Every form of every scheme, filled in."""
    with tempfile.TemporaryDirectory() as folder:
        return tuple(_filled_form(filled(order, 1), Path(folder) / "表.xlsx") for order in all_orders())


def _filled_form(order: Order, path: Path) -> FilledForm:
    form = arrange(order)
    write_blank(path, form)
    workbook = read_workbook(path, path.name).workbook
    assert workbook
    (grid,) = workbook.grids
    kinds: dict[str, list[Position]] = defaultdict(list)
    for cell in form.cells:
        at, column = (cell.area.top, cell.area.left), cell.name.rpartition(".")[2]
        if cell.name and (isinstance(grid.values.get(at), Decimal) or column in _TALKING):
            kinds[".".join(dict.fromkeys((cell.name.partition(".")[0], column)))].append(at)
    return FilledForm(order, workbook, {kind: tuple(places) for kind, places in kinds.items()})


@cache
def _vocabulary(scheme_id: str) -> Vocabulary:
    return Vocabulary(_schemes()[scheme_id].forms)


@cache
def _schemes() -> dict[str, Scheme]:
    return {order.scheme.id: order.scheme for order in all_orders()}


def spreads(form: FilledForm) -> Iterator[dict[Position, Value]]:
    """Changes that together put every extreme into every kind of cell, another into each at a time."""
    extremes: tuple[Value, ...] = (*NUMBERS, *TEXTS)
    for turn in range(len(extremes)):
        yield {
            places[turn % len(places)]: extremes[(turn + number) % len(extremes)]
            for number, places in enumerate(form.kinds.values())
        }


def singles(form: FilledForm) -> Iterator[dict[Position, Value]]:
    """Every extreme alone in a cell of every kind, and in all cells of that kind."""
    extremes: tuple[Value, ...] = (*NUMBERS, *TEXTS)
    for places in form.kinds.values():
        for extreme in extremes:
            yield {places[0]: extreme}
            if len(places) > 1:
                yield dict.fromkeys(places, extreme)


ENDLESS = 10_000
KINDS_OF_TEXT = (
    *(" ", "\n", "0", "1", ",", "，", ".", "%", "-", "—", "≥", "元", "万", "年", "月", "（", "(", ":", "甲"),
    *(
        "a",
        "=",
        ";",
        "、",
        "/",
        "次",
        "其中",
        "第",
        "\u3000",
        "一",
        "1,",
        "1.",
        "1万",
        "1、",
        "≥1",
        "1-",
        "1年",
    ),
    *("1-", "1年", "（1", "(a", "1次，", "甲1", "'", "“", "2024年", "100%", "<b>", "\\x1b["),
)


def endless(form: FilledForm, kind: str) -> dict[Position, Value]:
    """A text of 10,000 characters of a kind, in a cell of every kind."""
    text: Value = kind * (ENDLESS // len(kind))
    return {places[0]: text for places in form.kinds.values()}
