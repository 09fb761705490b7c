"""Tidy tables as CSV files that open in Excel and WPS as they are: UTF-8 with BOM, comma, header row."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain

_GUARD, _QUOTE = "'", '"'
_QUOTED = re.compile(r'[,"\r\n]')
_ACTIVE = re.compile(r"\s*[=+@＝＋－＠'-]|[\t\r\n]")
"""How formulas begin in Excel, WPS and LibreOffice, which take wide signs as well; and the guard itself."""
_FIGURE = re.compile(r"[+-]*(?:\d[\d,]*(?:\.\d+)?%?)?")
_SHOWN = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}
"""Control characters by the signs that stand for them."""

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from jixiao.domain.report import Cell, Row


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write one table; the same rows give the same bytes.

    Decimals are written exactly and without exponent, None as an empty cell. Texts stay as the department
    wrote them, line breaks included, but for the guard (see `guarded`) and for controls of screens, which are
    shown (ESC as ␛): a table that is printed in a terminal does nothing to it.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(csv_text([tuple(columns)]))
        stream.write(csv_text(rows))


def csv_text(rows: Iterable[Row]) -> str:
    """Rows as they stand in a table's file (see `write_csv`)."""
    columns = [_fields(cells) for cells in zip(*rows, strict=True)]
    return "".join([f"{','.join(row)}\r\n" for row in zip(*columns, strict=True)])


def _fields(cells: Sequence[Cell]) -> Iterable[str]:
    if set(map(type, cells)) == {str}:
        return map(_field, cells)
    return [
        "" if cell is None else _field(cell) if cell.__class__ is str else _figure(cell) for cell in cells
    ]


def guarded(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: with an apostrophe before what could be one.

    What begins with an apostrophe gets another, so that taking one away from every text that begins with one
    gives the texts as they were. Signed figures, and signs alone, are no formulas and stay.

    >>> guarded("=1+1"), guarded("'甲"), guarded("-89.29%")
    ("'=1+1", "''甲", '-89.29%')
    """
    return _GUARD + text if _ACTIVE.match(text) and not _FIGURE.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text.removeprefix(_GUARD)


def _figure(cell: Cell) -> str:
    return plain(cell) if isinstance(cell, Decimal) else str(cell)


@lru_cache(maxsize=8192)
def _field(text: str) -> str:
    """A text as a field of its row.

    In quotes where it has to be, as Python's `csv` has it, which looks at every letter of every cell anew.
    """
    shown = shown_in_table(text)
    return f'"{shown.replace(_QUOTE, _QUOTE * 2)}"' if _QUOTED.search(shown) else shown


def shown_in_table(text: str) -> str:
    """A text as it stands in a table; files, sheets and titles come again and again."""
    return guarded(text if text.isprintable() else text.translate(_SHOWN))
