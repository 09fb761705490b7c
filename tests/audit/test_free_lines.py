"""Which free lines of a funds block add to its total, by hand-made blocks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.audit.free_lines import free_parts
from jixiao.domain.cells import CellRef
from jixiao.domain.forms import Entry, Line, Scope, State, Submission
from tests.builders.readings import national

FUNDS = national().form("overall-self-evaluation").table("funds")
Row = tuple[str, int, int]
"""Label, annual budget, executed; the total is the row whose label begins with =."""


def block(*rows: Row) -> Submission:
    lines = []
    for number, (label, budget, executed) in enumerate(rows):
        figures = {"annual_budget": budget, "executed": executed}
        entries = {
            name: Entry(CellRef("f", "s", number, column), State.NUMBER, str(value), Decimal(value))
            for column, (name, value) in enumerate(figures.items())
        }
        item = "total" if label.startswith("=") else label
        lines.append(Line("funds", item, label.removeprefix("="), CellRef("f", "s", number, 0), entries))
    return Submission(
        *("s", "overall-self-evaluation", Scope.OVERALL, "f", "s", "0" * 64, "某局", "", "", 2023, {}),
        lines=tuple(lines),
    )


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        ([("=总额", 9, 8), ("财政", 6, 5), ("其他", 3, 3)], ["财政", "其他"]),
        ([("财政小计", 6, 5), ("其他", 3, 3), ("=合计", 9, 8)], ["财政小计", "其他"]),
        (
            [("一般", 4, 4), ("基金", 2, 1), ("财政小计", 6, 5), ("其他", 3, 3), ("=合计", 9, 8)],
            ["财政小计", "其他"],
        ),
        (
            [("拨款", 9, 7), ("收入合计", 9, 7), ("人员", 5, 5), ("公用", 4, 4), ("=支出合计", 9, 9)],
            ["人员", "公用"],
        ),
        (
            [("拨款", 9, 7), ("收入合计", 9, 7), ("人员", 5, 5), ("公用", 4, 3), ("=支出合计", 9, 9)],
            ["人员", "公用"],
        ),
        ([("=总额", 9, 8), ("拨款", 9, 8), ("基本支出", 5, 5), ("项目支出", 4, 3)], ["拨款"]),
        ([("=总额", 9, 8), ("拨款", 9, 8), ("基本支出", 5, 5), ("项目支出", 4, 2)], ["基本支出", "项目支出"]),
        ([("=总额", 9, 8), ("财政", 6, 5), ("其他", 4, 4)], ["财政", "其他"]),
        (
            [
                ("=总额", 9, 8),
                ("一、基本", 5, 5),
                ("（一）人员", 4, 4),
                ("（二）公用", 1, 1),
                ("二、项目", 4, 3),
            ],
            ["一、基本", "二、项目"],
        ),
    ],
)
def test_what_adds_to_the_total(rows: list[Row], parts: list[str]) -> None:
    found = free_parts(FUNDS, block(*rows))
    assert found is not None
    assert [line.label for line in found] == parts


def test_subtotals_that_fit_nothing_leave_it_open() -> None:
    assert (
        free_parts(FUNDS, block(("一般", 4, 4), ("财政小计", 6, 5), ("其他", 2, 2), ("=合计", 9, 8))) is None
    )
