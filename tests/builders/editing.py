"""A scheme's workbook as an officer changes it: values by sheet and cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import load_workbook

from jixiao.pipeline.scheme_books import export_scheme, import_scheme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from jixiao.pipeline.scheme_books import ImportedScheme

Cells = dict[tuple[str, str], str | float | bool | None]


def edited(path: Path, scheme_id: str, cells: Mapping[tuple[str, str], str | float | bool | None]) -> Path:
    """The exported workbook of a scheme with some cells changed."""
    export_scheme(scheme_id, path)
    book = load_workbook(path)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def import_edited(
    path: Path, scheme_id: str, cells: Mapping[tuple[str, str], str | float | bool | None]
) -> ImportedScheme:
    """What comes of it."""
    return import_scheme(edited(path, scheme_id, cells))


def rows_of(sheet: Worksheet) -> dict[str, int]:
    """The row of every text in the first column."""
    return {str(cell.value): cell.row for cell in sheet["A"] if cell.value is not None and cell.row}
