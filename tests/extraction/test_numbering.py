"""Rows that number the columns of a table."""

from __future__ import annotations

import pytest

from jixiao.extraction.numbering import is_numbering
from jixiao.extraction.regions import cut_region
from tests.builders.sheets import sheet


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("1 | 2 | 3", True),
        ("栏次 | 1 | 2 | 3", True),
        ("甲 | 乙 | 1 | 2 | 3", True),
        ("(1) | （2） | (3)", True),
        ("① | ② | ③", True),
        ("A | B | C | D=C/B", True),
        ("1 | 2", False),
        ("2 | 3 | 4", False),
        ("培训人数 | 1 | 2 | 3", False),
        ("1 | 2 | 4", False),
    ],
)
def test_a_row_of_consecutive_numbers_numbers_the_columns(row: str, numbers: bool) -> None:  # noqa: FBT001
    grid = sheet(f"题 | 名 | 值\n{row}")
    assert is_numbering(1, cut_region(grid, 0, grid.height, None)) is numbers
