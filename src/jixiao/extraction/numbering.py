"""Rows below a header that only number its columns: 1, 2, 3 …, (1) (2) …, A B C …, 栏次 | 1 | 2 …."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.extraction.labels import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.cells import Value
    from jixiao.extraction.regions import Region

_FEWEST = 3
"""So many consecutive numbers are no chance."""
_LONGEST_NAME = 2
"""Characters of what may stand before the numbers: 栏次, 行次, 甲."""
_NUMBER = re.compile(r"[(]?(\d{1,2}|[A-Z])[)]?(?:=.*)?")
"""A column's number, perhaps with what it is reckoned from: (5)=(4)/(3)."""
_CIRCLED = {sign: str(number) for number, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", start=1)}


def without_numbering(rows: Sequence[int], region: Region) -> Sequence[int]:
    """The rows below a header without the first one, where this numbers the columns."""
    return rows[1:] if rows and is_numbering(rows[0], region) else rows


def is_numbering(row: int, region: Region) -> bool:
    """Whether a row holds nothing but consecutive numbers or letters from the first on, and its own name."""
    values = [value for value in _shown(row, region) if not _is_blank(value)]
    numbers = [_number_of(value) for value in values]
    first = next((at for at, number in enumerate(numbers) if number is not None), len(numbers))
    named = all(len(compact(str(value))) <= _LONGEST_NAME for value in values[:first])
    counted = numbers[first:]
    return named and len(counted) >= _FEWEST and counted in (_from(0, counted), _from(1, counted))


def _shown(row: int, region: Region) -> list[Value]:
    columns = range(region.grid.width)
    return [region.grid.values[row, column] for column in columns if (row, column) in region.grid.values]


def _is_blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip()


def _from(first: int, numbers: Sequence[int | None]) -> list[int]:
    return list(range(first, first + len(numbers)))


def _number_of(value: Value) -> int | None:
    """1 for 1, (1), ① and A."""
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else None
    text = str(value).strip()
    found = _NUMBER.fullmatch(_CIRCLED.get(text, compact(text)))
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else ord(found[1]) - ord("A") + 1
