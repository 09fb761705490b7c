"""Sheets given row by row, as they are typed in: whole numbers and decimals become figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.cells import Grid, Workbook
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.sheets import Sheets, read_sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.cells import Value

Typed = str | int | float | None

SCHEME = load_scheme("hunan-provincial", seeds_folder())
_VOCABULARY = Vocabulary(SCHEME.forms)


def grid(rows: Sequence[Sequence[Typed]], *, file: str = "表.xlsx", sheet: str = "Sheet1") -> Grid:
    """A sheet with these rows from A1 on; None leaves a cell blank."""
    values: dict[tuple[int, int], Value] = {}
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                values[row, column] = cell if isinstance(cell, str) else Decimal(repr(cell))
    return Grid(file, sheet, values)


def read(*grids: Grid) -> Sheets:
    """What the provincial scheme makes of a workbook with these sheets."""
    return read_sheets(Workbook("表.xlsx", "0" * 64, grids), _VOCABULARY, SCHEME.lexicon)
