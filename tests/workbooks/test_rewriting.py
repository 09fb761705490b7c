"""A workbook of another format as .xlsx: read again, it says what it said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, CellError, Grid, Workbook
from jixiao.workbooks.reading import read_workbook
from jixiao.workbooks.rewriting import rewrite

if TYPE_CHECKING:
    from pathlib import Path

GRID = Grid(
    file="表.xls",
    sheet="附件1",
    values={
        (0, 0): "部门预算支出情况",
        (1, 0): "执行率",
        (1, 1): Decimal("0.9554"),
        (1, 2): date(2025, 4, 30),
        (2, 0): CellError("#DIV/0!"),
        (2, 1): True,
        (3, 3): Decimal("1442.2"),
    },
    merged=(Area(0, 0, 0, 3),),
    formats={(1, 1): "0.00%", (1, 2): "yyyy-mm-dd"},
    hidden_rows=frozenset({3}),
    hidden_columns=frozenset({2}),
    names={"jixiao_form": "overall|national|2024"},
)


def again(path: Path, *grids: Grid) -> tuple[Grid, ...]:
    path.write_bytes(rewrite(Workbook(path.name, "", grids)))
    book = read_workbook(path, grids[0].file).workbook
    assert book is not None
    return book.grids


def test_values_formats_merges_and_what_is_hidden_are_the_same(tmp_path: Path) -> None:
    hidden = replace(GRID, sheet="旧表", hidden=True)
    assert again(tmp_path / "表.xlsx", GRID, hidden) == (GRID, hidden)


def test_the_same_gives_the_same_bytes() -> None:
    book = Workbook("表.xls", "", (GRID,))
    assert rewrite(book) == rewrite(book)
