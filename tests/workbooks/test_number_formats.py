"""Which format codes are dates, and what numbers mean under them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.cells import CellError, Value
from jixiao.workbooks.number_formats import BUILTIN, exact, interpret, meaningful, parse_iso

NOON = datetime(2024, 12, 31, 12)  # noqa: DTZ001  cells have no time zone


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("", Decimal("45657.5")),
        ("0.00%", Decimal("45657.5")),
        ('#,##0.00"days"', Decimal("45657.5")),
        ("[Red]0.00;[Blue]-0.00", Decimal("45657.5")),
        ('0!.0,"万"', Decimal("45657.5")),
        (r"0\d", Decimal("45657.5")),
        ("0.00_h", Decimal("45657.5")),
        ("0.00E+00", Decimal("45657.5")),
        ('G/通用格式"部"', Decimal("45657.5")),
        ("@", Decimal("45657.5")),
        ("yyyy-mm-dd", NOON),
        ('[$-804]yyyy"年"m"月"d"日";@', NOON),
        ("[DBNum1]m月d日", NOON),
        ("aaaa", NOON),
        ("yyyy-mm-dd h:mm AM/PM", NOON),
        ("h:mm", NOON),
        ("[h]:mm", timedelta(days=45657, hours=12)),
    ],
)
def test_a_code_decides_what_a_number_means(code: str, value: Value) -> None:
    assert interpret(45657.5, code, from_1904=False) == value


@pytest.mark.parametrize(
    ("number", "code", "from_1904", "value"),
    [
        (45657.0, "yyyy", False, date(2024, 12, 31)),
        (44195.0, "yyyy", True, date(2024, 12, 31)),
        (1.0, "yyyy", False, date(1900, 1, 1)),
        (59.0, "yyyy", False, date(1900, 2, 28)),
        (61.0, "yyyy", False, date(1900, 3, 1)),
        (0.4305555555555556, "h:mm", False, time(10, 20)),
        (-1.0, "yyyy", False, Decimal(-1)),
        (2_958_464.0, "yyyy", False, date(9999, 12, 30)),
        (2_958_465.0, "yyyy", False, Decimal(2_958_465)),
        (2_957_003.0, "yyyy", True, Decimal(2_957_003)),
        (float("nan"), "yyyy", False, CellError("#NUM!")),
        (float("inf"), "yyyy", False, CellError("#NUM!")),
    ],
)
def test_the_calendar(number: float, code: str, *, from_1904: bool, value: Value) -> None:
    assert interpret(number, code, from_1904=from_1904) == value


@pytest.mark.parametrize(
    ("number", "text"),
    [(10.0, "10"), (-0.0, "0"), (95.54, "95.54"), (1e22, "1E+22"), (0.1 + 0.2, "0.30000000000000004")],
)
def test_a_float_is_its_shortest_notation(number: float, text: str) -> None:
    assert str(exact(number)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_float_is_changed(number: float) -> None:
    value = exact(number)
    assert isinstance(value, Decimal)
    assert float(value) == number


@given(st.floats(), st.sampled_from(["", "yyyy", "h:mm", "yyyy h", "[h]", "0%"]), st.booleans())
def test_every_float_means_something(number: float, code: str, from_1904: bool) -> None:  # noqa: FBT001  drawn
    assert interpret(number, code, from_1904=from_1904) is not None


@pytest.mark.parametrize("code", [None, "", "General", "GENERAL", "G/通用格式"])
def test_codes_that_say_nothing(code: str | None) -> None:
    assert meaningful(code) == ""


def test_codes_that_say_something() -> None:
    assert meaningful("0%") == "0%"


def test_builtin_numbers_of_a_chinese_machine_are_dates() -> None:
    dates = {
        number
        for number, code in BUILTIN.items()
        if not isinstance(interpret(1.5, code, from_1904=False), Decimal)
    }
    assert dates == {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-12-31", date(2024, 12, 31)),
        ("2024-12-31T12:00:00", NOON),
        ("08:30:00", time(8, 30)),
        ("去年", "去年"),
    ],
)
def test_iso_dates(text: str, value: Value) -> None:
    assert parse_iso(text) == value
