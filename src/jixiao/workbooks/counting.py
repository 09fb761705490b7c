"""What stands in tables and sheets that were written, counted from the files themselves."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from functools import lru_cache
from html import unescape
from io import StringIO
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
    from collections.abc import Iterable, Iterator, Sequence
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


def count_table(columns: Sequence[str], text: str, asked: Sequence[Asked]) -> Found:
    """Count the rows of a table and add up its columns, exactly, by its `text` below the head."""
    rows: dict[str, dict[str, int]] = {each.key: defaultdict(int) for each in asked}
    sums: dict[str, dict[str, list[Decimal]]] = {each.key: defaultdict(list) for each in asked}
    places = {name: place for place, name in enumerate(columns)}
    wanted = [
        (
            *(each.key, places.get(each.by, -1), places.get(each.column, -1)),
            *(places[each.only[0]] if each.only else -1, each.only[1] if each.only else ""),
            places.get(each.filled, -1),
        )
        for each in asked
    ]
    for row in _rows_in_table(text):
        for key, by, column, only, value, filled in wanted:
            if (only >= 0 and row[only] != value) or (filled >= 0 and not row[filled]):
                continue
            name = row[by] if by >= 0 else ""
            if column < 0:
                rows[key][name] += 1
            elif row[column]:
                sums[key][name].append(Decimal(row[column]))
    counted = {key: {name: Decimal(count) for name, count in own.items()} for key, own in rows.items()}
    added = {key: {name: exact_sum(each) for name, each in own.items()} for key, own in sums.items()}
    return {key: counted[key] | added[key] for key in counted}


def add_found(several: Iterable[Found]) -> Found:
    """What was counted in several pieces of one table, as counted in all of it."""
    amounts: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for found in several:
        for key, own in found.items():
            for name, amount in own.items():
                amounts[key][name].append(amount)
    return {key: {name: exact_sum(each) for name, each in own.items()} for key, own in amounts.items()}


def distinct_in(columns: Sequence[str], text: str, wanted: Sequence[str]) -> set[tuple[str, ...]]:
    """The different values of the `wanted` columns in a table, of rows in which none of them is blank."""
    places = [columns.index(each) for each in wanted]
    found = {tuple(row[place] for place in places) for row in _rows_in_table(text)}
    return {values for values in found if all(values)}


def _rows_in_table(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(StringIO(text, newline=""))


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
        texts = {each.by: _text_in(letters[each.by]) for each in asked}
        numbers = {each.key: _number_in(letters[each.column]) for each in asked if each.column}
        amounts: dict[str, dict[str, list[bytes]]] = {key: defaultdict(list) for key in numbers}
        rows: dict[str, Counter[str]] = {each.key: Counter() for each in asked if not each.column}
        spelled = _Unescaped()
        for piece in chain.from_iterable(self._data_rows(self._parts[name], closing) for name in names):
            whose = {by: [spelled[name] for name in text.findall(piece)] for by, text in texts.items()}
            for each in asked:
                if not each.column:
                    rows[each.key].update(whose[each.by])
                    continue
                found, own = numbers[each.key].findall(piece), amounts[each.key]
                for name, value in zip(whose[each.by], found, strict=True):
                    own[name].append(value or b"0")
        counted = {key: {name: Decimal(count) for name, count in each.items()} for key, each in rows.items()}
        sums = {key: {name: _sum_of(own) for name, own in each.items()} for key, each in amounts.items()}
        return counted | sums

    def _data_rows(self, part: str, closing: int) -> Iterator[bytes]:
        """The rows of a sheet's part without head and totals, some at a time: every row has all its cells."""
        with self._book.open(part) as stream:
            rest = _below_head(stream)
            while True:
                end = len(rest)
                for _ in range(closing + 1):
                    end = rest.rfind(_ROW_END, 0, end) if end >= 0 else end
                if end >= 0:
                    yield rest[: end + len(_ROW_END)]
                    rest = rest[end + len(_ROW_END) :]
                if not (piece := stream.read(_PIECE)):
                    return
                rest += piece


_ROW_END = b"</row>"
_REMARK = re.compile(rb'<row [^>]*><c r="[^"]*"(?: s="[^"]*")? t="s">')
"""Begins a row with a text of XlsxWriter's own: what a sheet without rows says in place of them."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET = f"{_MAIN}sheet"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _below_head(stream: IO[bytes]) -> bytes:
    """What follows the head of a sheet's part, and its remark where it has no rows, as far as it is read."""
    begun = b""
    while begun.count(_ROW_END) <= FIRST_ROW and (piece := stream.read(_PIECE)):
        begun += piece
    below = begun.split(_ROW_END, FIRST_ROW)[-1]
    return below.partition(_ROW_END)[2] if _REMARK.match(below) else below


def _text_in(letters: str) -> re.Pattern[bytes]:
    """A cell of a column, and its text, which stands in it."""
    cell = f'<c r="{letters}\\d+" s="\\d+"(?: t="inlineStr"><is><t[^>]*>([^<]*)</t>)?'
    return re.compile(cell.encode())


def _number_in(letters: str) -> re.Pattern[bytes]:
    """A cell of a column, and its number, or what a formula gives there."""
    return re.compile(f'<c r="{letters}\\d+" s="\\d+"(?:>(?:<f>[^<]*</f>)?<v>([^<]+)</v>)?'.encode())


class _Unescaped(dict[bytes, str]):
    """Texts by how they stand in a part; departments come again and again."""

    def __missing__(self, text: bytes) -> str:
        spelled = self[text] = unescape(text.decode())
        return spelled


def _sum_of(values: Iterable[bytes]) -> Decimal:
    return exact_sum(map(_held, values))


@lru_cache(maxsize=8192)
def _held(value: bytes) -> Decimal:
    """A number as cells hold it; those of a form stand in several places."""
    return held(Decimal(value.decode())) or ZERO
