from __future__ import annotations

from datetime import date

import pytest

from jixiao.domain.text_keys import normalise
from jixiao.extraction.dates import Period, earliest_end, find_period, read_period
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


@pytest.mark.parametrize(
    ("text", "last", "before", "words"),
    [
        ("2024年12月底前完成项目建设", date(2024, 12, 31), True, "项目建设"),
        ("于9月30日前拨付给各县", date(2024, 9, 30), True, "给各县"),
        ("资金于2024年5月发放到位", date(2024, 5, 31), False, "资金"),
        ("三季度前完成招标", date(2024, 9, 30), True, "招标"),
        ("2024年底前建成并使用", date(2024, 12, 31), True, "并使用"),
        ("不晚于10月31日提交报告", date(2024, 10, 31), False, "提交报告"),
    ],
)
def test_a_date_in_a_phrase(text: str, last: date, before: bool, words: str) -> None:  # noqa: FBT001 - a table's column
    found = find_period(normalise(text), LEXICON, 2024)
    assert found is not None
    assert (found.last, found.before, found.words) == (last, before, words)


@pytest.mark.parametrize(
    "text",
    [
        "12月底前完成100户",
        "6月完成制作;9月完成文本",
        "每月10日前发放",
        "上半年平稳运行",
        "2024年度工作计划",
        "彻底完成",
        "9月启动",
        "2024年13月前完成",
        "12月底前" + "建设" * 30,
    ],
)
def test_no_date_in_a_phrase(text: str) -> None:
    assert find_period(normalise(text), LEXICON, 2024) is None


def test_a_sign_before_a_date_is_no_before() -> None:
    found = read_period("≤2024年12月", LEXICON)
    assert found == Period(date(2024, 12, 1), date(2024, 12, 31), until=True)
    assert earliest_end(Period(date(2024, 12, 1), date(2024, 12, 31), until=True)) == date(2024, 12, 31)


def test_a_day_of_absurdly_many_digits_is_no_date() -> None:
    assert read_period("9月30000000000000000000日", LEXICON) is None


def test_years_at_the_end_of_the_calendar_are_no_dates() -> None:
    assert read_period("次年3月", LEXICON, 9998) == Period(date(9999, 3, 1), date(9999, 3, 31))
    assert read_period("3月", LEXICON, 9999) is None
    assert read_period("3月", LEXICON, 0) is None
