from __future__ import annotations

from datetime import date

import pytest

from jixiao.extraction.dates import Period, earliest_end, read_period
from jixiao.extraction.spelling import normalise
from tests.builders.lexicon import LEXICON


@pytest.mark.parametrize(
    ("text", "first", "last", "before"),
    [
        ("2024年11月20日", date(2024, 11, 20), date(2024, 11, 20), False),
        ("2024年11月20日完成", date(2024, 11, 20), date(2024, 11, 20), False),
        ("已于2024年11月20日全部完成", date(2024, 11, 20), date(2024, 11, 20), False),
        ("2024-11-20", date(2024, 11, 20), date(2024, 11, 20), False),
        ("2024-11-20 00:00:00", date(2024, 11, 20), date(2024, 11, 20), False),
        ("２０２４．６．３０前", date(2024, 6, 30), date(2024, 6, 30), True),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29), False),
        ("2023年2月底", date(2023, 2, 28), date(2023, 2, 28), False),
        ("2024年第三季度", date(2024, 7, 1), date(2024, 9, 30), False),
        ("2024年3季度", date(2024, 7, 1), date(2024, 9, 30), False),
        ("2024年底前", date(2024, 12, 31), date(2024, 12, 31), True),
        ("2024年内", date(2024, 1, 1), date(2024, 12, 31), False),
        ("2024年6月中旬", date(2024, 6, 11), date(2024, 6, 20), False),
    ],
)
def test_dates_with_a_year(text: str, first: date, last: date, before: bool) -> None:  # noqa: FBT001 - a table's column
    assert read_period(normalise(text), LEXICON) == Period(first, last, yearless=False, before=before)


def test_a_date_without_a_year_takes_the_forms() -> None:
    assert read_period("9月前", LEXICON, 2024) == Period(date(2024, 9, 1), date(2024, 9, 30), before=True)
    assert read_period("次年3月", LEXICON, 2024) == Period(date(2025, 3, 1), date(2025, 3, 31))
    assert read_period("次年3月", LEXICON) is None
    yearless = read_period("9月30日", LEXICON)
    assert yearless is not None
    assert (yearless.yearless, yearless.last.month, yearless.last.day) == (True, 9, 30)


def test_before_a_month_has_two_readings_and_before_a_day_one() -> None:
    assert earliest_end(Period(date(2024, 9, 1), date(2024, 9, 30), before=True)) == date(2024, 8, 31)
    assert earliest_end(Period(date(2024, 9, 30), date(2024, 9, 30), before=True)) == date(2024, 9, 30)
    assert earliest_end(Period(date(2024, 9, 1), date(2024, 9, 30))) == date(2024, 9, 30)


@pytest.mark.parametrize(
    "text",
    ["", "2024年13月", "2月30日", "0月", "2024.12", "12", "6个月", "1-12月", "9月启动", "前", "2" * 41],
)
def test_no_date(text: str) -> None:
    assert read_period(text, LEXICON) is None


def test_years_at_the_end_of_the_calendar_are_no_dates() -> None:
    assert read_period("次年3月", LEXICON, 9998) == Period(date(9999, 3, 1), date(9999, 3, 31))
    assert read_period("3月", LEXICON, 9999) is None
    assert read_period("3月", LEXICON, 0) is None
