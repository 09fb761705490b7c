from __future__ import annotations

import pytest

from jixiao.audit.nesting import outer_rows
from tests.builders.audits import marks
from tests.builders.details import COLUMNS, Rows, list_scheme, project_list

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
