"""Comparisons: last year, budget and this year item by item, as the layouts mark them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import Edition
from jixiao.domain.report import Formula
from tests.builders.overviews import COMPARISON, EXPENSES, PROFILE, UNITS, Rows, form, round_of
from tests.builders.results import comparisons_of

if TYPE_CHECKING:
    from jixiao.domain.report import SheetSpec
    from jixiao.domain.submissions import Submission

ROWS: Rows = {
    "all": {"last": "5.00", "plan": "8.00", "spent": "6.00"},
    "travel": {"last": None, "plan": "4.00", "spent": "2.50"},
}
SOURCE, OTHER = "《示例概况表》（示例概况表）", "《示例费用表》（示例费用表）"
CHANGE = "[本年决算数]-[上年决算数]"
RATE = 'IF([上年决算数]>0,([本年决算数]-[上年决算数])/[上年决算数],"")'
SHARE = 'IF([本年预算数]>0,[本年决算数]/[本年预算数],"")'


def comparisons(*forms: Submission) -> list[SheetSpec]:
    given = round_of(*forms)
    edition = Edition(given.round, datetime(2025, 4, 20, tzinfo=UTC), "1")
    return comparisons_of(given, edition)


def test_an_item_with_its_change_and_its_share_of_the_budget() -> None:
    (sheet,) = comparisons(form(PROFILE, "虚构甲局", ROWS))
    assert sheet.name == COMPARISON
    assert sheet.rows == (
        (
            *("虚构甲局", "总额", Decimal("5.00"), Decimal("8.00"), Decimal("6.00")),
            *(
                Formula(CHANGE, Decimal("1.00")),
                Formula(RATE, Decimal("0.2")),
                Formula(SHARE, Decimal("0.75")),
            ),
            SOURCE,
        ),
        (
            *("虚构甲局", "差旅", None, Decimal("4.00"), Decimal("2.50"), None, None),
            *(Formula(SHARE, Decimal("0.625")), SOURCE),
        ),
    )
    assert sheet.strong == {0}


def test_closing_rows_add_up_item_by_item() -> None:
    other = form(PROFILE, "虚构乙局", {"all": {"last": "1.00", "plan": "2.00", "spent": "4.00"}})
    (sheet,) = comparisons(form(PROFILE, "虚构甲局", ROWS), other)
    assert [row[1] for row in sheet.totals] == ["总额", "差旅"]
    assert sheet.totals[0][2:7] == (
        Formula("SUMIF([费用:],[费用],[上年决算数:])", Decimal("6.00")),
        Formula("SUMIF([费用:],[费用],[本年预算数:])", Decimal("10.00")),
        Formula("SUMIF([费用:],[费用],[本年决算数:])", Decimal("10.00")),
        Formula(CHANGE, Decimal("4.00")),
        Formula(RATE, Decimal("4.00") / Decimal("6.00")),
    )
    assert sheet.totals[1][2:5] == (
        None,
        Formula("SUMIF([费用:],[费用],[本年预算数:])", Decimal("4.00")),
        Formula("SUMIF([费用:],[费用],[本年决算数:])", Decimal("2.50")),
    )


def test_nothing_spent_last_year_has_a_change_and_no_rate() -> None:
    (sheet,) = comparisons(form(PROFILE, "虚构甲局", {"all": {"last": "0", "plan": "0", "spent": "6.00"}}))
    assert sheet.rows[0][5:8] == (Formula(CHANGE, Decimal("6.00")), None, None)


def test_of_two_forms_it_is_said_which_was_used() -> None:
    same = form(EXPENSES, "虚构甲局", ROWS)
    (sheet,) = comparisons(same, form(PROFILE, "虚构甲局", ROWS))
    assert [row[-1] for row in sheet.rows] == [f"{SOURCE}；{OTHER}也有，两表一致，未采用", SOURCE]


def test_of_two_forms_that_differ_too() -> None:
    other = form(EXPENSES, "虚构甲局", {"all": {"last": "5.10"}})
    (sheet,) = comparisons(form(PROFILE, "虚构甲局", ROWS), other)
    assert sheet.rows[0][2] == Decimal("5.00")
    assert sheet.rows[0][-1] == f"{SOURCE}；{OTHER}也有，两表不一致，未采用"


def test_the_second_form_alone_is_used() -> None:
    (sheet,) = comparisons(form(EXPENSES, "虚构甲局", ROWS), form(PROFILE, "虚构甲局", {}))
    assert sheet.rows[0][-1] == OTHER


def test_the_columns_of_a_lists_total_row_are_this_years() -> None:
    rows: Rows = {"total": {"all": "9.00", "travel": "3.00"}, "本级": {"all": "9.00"}}
    (sheet,) = comparisons(form(UNITS, "虚构甲局", rows))
    assert [row[1:8] for row in sheet.rows] == [
        ("总额", None, None, Decimal("9.00"), None, None, None),
        ("差旅", None, None, Decimal("3.00"), None, None, None),
    ]


def test_a_round_without_such_figures_has_no_sheet() -> None:
    assert comparisons(form(PROFILE, "虚构甲局", {"all": {"rate": "5.00"}})) == []
