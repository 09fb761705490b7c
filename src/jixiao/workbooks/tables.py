"""Tidy tables as CSV files that open in Excel and WPS as they are: UTF-8 with BOM, comma, header row."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from jixiao.domain.tables import Cell, Row


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write one table; the same rows give the same bytes.

    Decimals are written exactly and without exponent, None as an empty cell. Texts stay as the department
    wrote them, line breaks included.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([_text(cell) for cell in row] for row in rows)


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return plain(cell)
    return "" if cell is None else str(cell)
