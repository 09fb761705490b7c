"""Which free lines of a funds block add to its total, by hand-made blocks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.audit.arithmetic.rows import free_parts, outer_rows
from jixiao.domain.cells import CellRef
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Entry, Line, State, Submission
from tests.builders.audits import marks
from tests.builders.details import COLUMNS, Rows, list_scheme, project_list
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


SCHEME = list_scheme()
A = ["300.00", "10.00", "—", "310.00", "280.00", "30.00"]
B = ["200.00", "—", "5.00", "205.00", "200.00", "5.00"]
BOTH = ["500.00", "10.00", "5.00", "515.00", "480.00", "35.00"]
BLANK: list[str | None] = [None] * len(COLUMNS)


def kept(rows: Rows) -> list[str] | None:
    outer = outer_rows(project_list(rows).lines, COLUMNS)
    return None if outer is None else [line.label for line in outer]


def test_rows_side_by_side_are_all_added() -> None:
    assert kept({"甲": [*A], "乙": [*B]}) == ["甲", "乙"]


def test_a_row_that_is_the_sum_of_those_below_heads_them() -> None:
    assert kept({"一、业务": [*BOTH], "甲": [*A], "乙": [*B], "丙": [*B]}) == ["一、业务", "丙"]


def test_a_selection_that_is_the_whole_is_not_added() -> None:
    assert kept({"甲": [*A], "其中：乙": [*A]}) == ["甲"]


def test_a_single_row_of_the_same_figures_is_a_row_of_its_own() -> None:
    assert kept({"甲": [*A], "乙": [*A]}) == ["甲", "乙"]


def test_a_selection_that_is_not_the_whole_leaves_the_list_undecided() -> None:
    assert kept({"甲": [*A], "其中：乙": [*B]}) is None


def test_rows_without_a_figure_are_notes() -> None:
    assert kept({"甲": [*A], "注：数据四舍五入": [*BLANK]}) == ["甲"]


def test_one_figure_may_be_a_sum_by_chance() -> None:
    one: Rows = {
        name: [text, *["—"] * 5] for name, text in {"甲": "5.00", "乙": "2.00", "丙": "3.00"}.items()
    }
    assert kept(one) == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ({"合计": BOTH, "一、业务": BOTH, "甲": A, "乙": B}, set()),
        ({"合计": BOTH, "甲": A, "乙": B, "注：尾差": BLANK}, set()),
        ({"合计": A, "甲": A, "其中：乙": ["100.00", "—", "—", "100.00", "90.00", "10.00"]}, set()),
        ({"合计": BOTH, "示例": A, "示例#2": B}, set()),
    ],
    ids=["a heading is not added twice", "nor a note", "nor a selection", "two rows of one name both count"],
)
def test_sums_of_lists_with_inner_rows(rows: Rows, found: set[tuple[str, str]]) -> None:
    assert marks(project_list({name: [*row] for name, row in rows.items()}), SCHEME) == found
