"""Number format codes: which stand for dates, and what a stored number means under one."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING

from jixiao.domain.cells import CellError

if TYPE_CHECKING:
    from jixiao.domain.cells import Value

GENERAL = frozenset({"", "general", "g/通用格式"})
"""Codes that say nothing, in lower case; the last is what a Chinese Excel or WPS writes for General."""

BUILTIN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0',
    6: '"¥"#,##0',
    7: '"¥"#,##0.00',
    8: '"¥"#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    **dict.fromkeys((14, 15, 30, 31), "yyyy-mm-dd"),
    **dict.fromkeys((16, 28, 29, 51, 53, 54, 58), "m-d"),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-mm"),
    **dict.fromkeys((18, 20, 32, 34, 55), "h:mm"),
    **dict.fromkeys((19, 21, 33, 35, 56), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    41: "#,##0",
    42: '"¥"#,##0',
    43: "#,##0.00",
    44: '"¥"#,##0.00',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""Codes that files name by number only (ECMA-376 part 1, 18.8.30, with the zh-cn table's dates).

Which date notation such a number shows depends on the machine, so one notation stands for each family.
"""

_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NOT_TOKENS = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]{0,200}\]|am/pm|a/p', re.IGNORECASE)
_LAST_SERIAL = 2_958_465
"""9999-12-31, counted as Excel counts."""
_DAYS_TO_1904 = 1462
_PHANTOM = 60
"""Excel's serial number of 1900-02-29, a day that never was; from here on days are counted one too many."""
_EXACT_INTEGERS = 1e15


class _Kind(Enum):
    NUMBER = auto()
    DATE = auto()
    DATETIME = auto()
    TIME = auto()
    ELAPSED = auto()


@lru_cache(maxsize=1024)
def _kind_of(code: str) -> _Kind:
    """What a format code shows; literals, colours and conditions in it don't count."""
    if _ELAPSED.search(code):
        return _Kind.ELAPSED
    tokens = _NOT_TOKENS.sub("", code).split(";")[0].lower()
    timed = any(token in tokens for token in "hs")
    dated = any(token in tokens for token in ("y", "d", "aaa")) or ("m" in tokens and not timed)
    if dated:
        return _Kind.DATETIME if timed else _Kind.DATE
    return _Kind.TIME if timed else _Kind.NUMBER


def meaningful(code: str | None) -> str:
    """The code, or "" where it says nothing."""
    return "" if code is None or code.lower() in GENERAL else code


def exact(number: float) -> Decimal | CellError:
    """A stored float as the decimal of its shortest notation; 10.0 is 10. What is no number is an error."""
    if not isfinite(number):
        return CellError("#NUM!")
    if abs(number) < _EXACT_INTEGERS and number.is_integer():
        return Decimal(int(number))
    return Decimal(repr(number))


def interpret(number: float, code: str, *, from_1904: bool) -> Value:
    """What a stored number means under its format code.

    Args:
        number: the stored number; under a date format days since the epoch.
        code: the format code, "" for General.
        from_1904: whether the workbook counts days from 1904-01-01.

    Returns:
        A date, datetime, time or duration under such a format, else the exact decimal (also where the
        number is out of the calendar's range, as Excel then shows no date either).
    """
    kind = _kind_of(code) if code else _Kind.NUMBER
    days = number + _DAYS_TO_1904 if from_1904 else number
    if kind is _Kind.NUMBER or number < 0 or not days < _LAST_SERIAL:
        return exact(number)
    if kind is _Kind.ELAPSED:
        return timedelta(milliseconds=round(number * 86_400_000))
    moment = _moment(days)
    if kind is _Kind.TIME and number < 1:
        return moment.time()
    return moment.date() if kind is _Kind.DATE and number.is_integer() else moment


def _moment(days: float) -> datetime:
    """The moment of a serial number, to the millisecond."""
    epoch = datetime(1899, 12, 30 if days >= _PHANTOM else 31)  # noqa: DTZ001  a cell's date has no time zone
    return epoch + timedelta(milliseconds=round(days * 86_400_000))


def parse_iso(text: str) -> Value:
    """A date, datetime or time in ISO 8601 as .xlsx (`t="d"`) and .ods write it; else the text itself."""
    try:
        if "T" in text:
            return datetime.fromisoformat(text)
        return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)
    except ValueError:
        return text
