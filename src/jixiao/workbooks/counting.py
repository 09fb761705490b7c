"""What stands in tables and sheets that were written, counted from the files themselves."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from contextlib import closing
from decimal import Decimal
from html import unescape
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

from lxml import etree

from jixiao.domain.amounts import ZERO, exact_sum, held
from jixiao.domain.cells import column_letters
from jixiao.workbooks.row_writing import inline_text
from jixiao.workbooks.sheet_layout import FIRST_ROW
from jixiao.workbooks.tables import shown_in_table

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

Found = dict[str, dict[str, Decimal]]
"""By what was asked for, then by department as it is spelled there, a number of rows or a sum."""
_LONGEST_FIELD = 2**31 - 1
_PIECE = 2**18


class Asked(NamedTuple):
    """Rows, or the sum of a `column`, by the column `by` ("" for all together).

    `only`: a column and the value of the rows that count. `filled`: rows count that have something there.
    """

    key: str
    column: str = ""
    by: str = ""
    only: tuple[str, str] | None = None
    filled: str = ""


def table_name(department: str) -> str:
    """A department's name as tables spell it."""
    return shown_in_table(department)


def sheet_name(department: str) -> str:
    """A department's name as cells spell it."""
    return inline_text(department)


def count_table(path: Path, asked: Sequence[Asked]) -> Found:
    """Count the rows of a table and add up its columns, exactly."""
    counted: dict[str, dict[str, Decimal]] = {each.key: {} for each in asked}
    rows: dict[str, dict[str, int]] = {each.key: defaultdict(int) for each in asked}
    sums: dict[str, dict[str, list[Decimal]]] = {each.key: defaultdict(list) for each in asked}
    with closing(_rows_of(path)) as lines:
        places = {name: place for place, name in enumerate(next(lines))}
        wanted = [
            (
                *(each.key, places.get(each.by, -1), places.get(each.column, -1)),
                *(places[each.only[0]] if each.only else -1, each.only[1] if each.only else ""),
                places.get(each.filled, -1),
            )
            for each in asked
        ]
        for row in lines:
            for key, by, column, only, value, filled in wanted:
                if (only >= 0 and row[only] != value) or (filled >= 0 and not row[filled]):
                    continue
                name = row[by] if by >= 0 else ""
                if column < 0:
                    rows[key][name] += 1
                elif row[column]:
                    sums[key][name].append(Decimal(row[column]))
    for key in counted:
        counted[key] = {name: Decimal(count) for name, count in rows[key].items()}
        counted[key] |= {name: exact_sum(amounts) for name, amounts in sums[key].items()}
    return counted


def distinct_in(path: Path, columns: Sequence[str]) -> set[tuple[str, ...]]:
    """The different values of columns in a table, of rows in which none of them is blank."""
    with closing(_rows_of(path)) as lines:
        head = next(lines)
        places = [head.index(each) for each in columns]
        found = {tuple(row[place] for place in places) for row in lines}
    return {values for values in found if all(values)}


def _rows_of(path: Path) -> Generator[list[str]]:
    """The rows of a table, its head first."""
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.reader(stream)


class WrittenBook:
    """A workbook that was written, sheet by sheet from its package."""

    def __init__(self, path: Path) -> None:
        """Find the parts of its sheets."""
        self._book = ZipFile(path)
        related = etree.fromstring(self._book.read("xl/_rels/workbook.xml.rels"))
        targets = {each.get("Id"): each.get("Target") for each in related}
        self._parts = {
            each.get("name"): f"xl/{targets[each.get(_RELATED)]}"
            for each in etree.fromstring(self._book.read("xl/workbook.xml")).iter(_SHEET)
        }

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def has(self, sheet: str) -> bool:
        """Whether there is a sheet of that name."""
        return sheet in self._parts

    def count(
        self, names: Sequence[str], columns: Sequence[str], asked: Sequence[Asked], closing: int
    ) -> Found:
        """Count data rows of a sheet that goes on over `names`, and add up its columns as cells hold them.

        `columns` are its titles; the last `closing` rows of each of these sheets are its totals.
        """
        letters = {title: column_letters(place) for place, title in enumerate(columns)}
        numbers = {each.key: _number_in(letters[each.column]) for each in asked if each.column}
        amounts: dict[str, dict[str, list[bytes]]] = {key: defaultdict(list) for key in numbers}
        rows: dict[str, Counter[str]] = {each.key: Counter() for each in asked if not each.column}
        spelled = _Unescaped()
        for by in dict.fromkeys(each.by for each in asked):
            own, text = [each.key for each in asked if each.by == by], _text_in(letters[by])
            for piece in chain.from_iterable(self._data_rows(self._parts[name], closing) for name in names):
                whose = [spelled[match[1]] if match else "" for match in map(text.search, piece)]
                for key in own:
                    if key in rows:
                        rows[key].update(whose)
                        continue
                    for name, value in zip(whose, map(numbers[key].search, piece), strict=True):
                        amounts[key][name].append(value[1] if value else b"0")
        counted = {key: {name: Decimal(count) for name, count in each.items()} for key, each in rows.items()}
        sums = {key: {name: _sum_of(own) for name, own in each.items()} for key, each in amounts.items()}
        return counted | sums

    def _data_rows(self, part: str, closing: int) -> Iterator[list[bytes]]:
        """The rows of a sheet's part without head and totals, some at a time."""
        waiting: list[bytes] = []
        head = FIRST_ROW
        with self._book.open(part) as stream:
            for rows in _rows_in(stream):
                waiting += [row for row in rows[head:] if _REMARK not in row]
                head = max(head - len(rows), 0)
                ready = len(waiting) - closing
                if ready > 0:
                    yield waiting[:ready]
                    waiting = waiting[ready:]


_REMARK = b' t="s"'
"""Marks a text of XlsxWriter's own: what a sheet without rows says in place of them."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET = f"{_MAIN}sheet"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _rows_in(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """The rows of a sheet, some at a time in memory."""
    rest = b""
    while piece := stream.read(_PIECE):
        *rows, rest = (rest + piece).split(b"</row>")
        yield rows


def _text_in(letters: str) -> re.Pattern[bytes]:
    """A text in a column, which stands in its cell."""
    cell = f'<c r="{letters}\\d+" s="\\d+" t="inlineStr"><is><t[^>]*>([^<]*)</t>'
    return re.compile(cell.encode())


def _number_in(letters: str) -> re.Pattern[bytes]:
    """A number in a column, or what a formula gives there."""
    return re.compile(f'<c r="{letters}\\d+" s="\\d+">(?:<f>[^<]*</f>)?<v>([^<]+)</v>'.encode())


class _Unescaped(dict[bytes, str]):
    """Texts by how they stand in a part; departments come again and again."""

    def __missing__(self, text: bytes) -> str:
        spelled = self[text] = unescape(text.decode())
        return spelled


def _sum_of(values: Iterable[bytes]) -> Decimal:
    return exact_sum(held(Decimal(value.decode())) or ZERO for value in values)
