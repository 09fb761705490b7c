"""Overviews: a department a row, what its forms state side by side, as the layouts mark it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import Edition
from jixiao.domain.report import Formula, Kind
from tests.builders.overviews import EXPENSES, OVERVIEW, PROFILE, UNITS, Rows, form, round_of
from tests.builders.results import overviews_of

if TYPE_CHECKING:
    from jixiao.domain.report import SheetSpec
    from jixiao.domain.submissions import Submission

ROWS: Rows = {
    "all": {"last": "5.00", "plan": "8.00", "spent": "6.00", "rate": "75.00"},
    "travel": {"last": None, "plan": None, "spent": "2.50"},
}
PEOPLE = {"people": "12", "house": "300"}
SOURCE = "《示例概况表》（示例概况表）"


def overviews(*forms: Submission, superseded: tuple[str, ...] = ()) -> list[SheetSpec]:
    given = round_of(*forms, superseded=superseded)
    edition = Edition(given.round, datetime(2025, 4, 20, tzinfo=UTC), "1")
    return overviews_of(given, edition)


def test_items_and_columns_stand_side_by_side_in_the_layouts_order() -> None:
    (sheet,) = overviews(form(PROFILE, "虚构甲局", ROWS, PEOPLE))
    assert sheet.name == OVERVIEW
    assert [(column.title, column.kind) for column in sheet.columns] == [
        ("部门", Kind.TEXT),
        ("人数（人）", Kind.COUNT),
        ("总额\n上年数", Kind.AMOUNT),
        ("总额\n预算数", Kind.AMOUNT),
        ("总额\n本年数", Kind.AMOUNT),
        ("总额\n占比", Kind.RATE),
        ("差旅\n本年数", Kind.AMOUNT),
        ("数据取自", Kind.TEXT),
    ]
    assert sheet.rows == (
        (
            *("虚构甲局", Decimal(12), Decimal("5.00"), Decimal("8.00"), Decimal("6.00")),
            *(Decimal("0.7500"), Decimal("2.50"), SOURCE),
        ),
    )


def test_totals_are_live_and_rates_have_none() -> None:
    other = form(PROFILE, "虚构乙局", {"all": {"spent": "4.00", "rate": "50.00"}}, {"people": "3"})
    (sheet,) = overviews(form(PROFILE, "虚构甲局", ROWS, PEOPLE), other)
    (total,) = sheet.totals
    assert (total[0], total[1], total[4], total[5], total[-1]) == (
        "合计",
        Formula("SUBTOTAL(109,[人数（人）:])", Decimal(15)),
        Formula("SUBTOTAL(109,[总额\n本年数:])", Decimal("10.00")),
        None,
        None,
    )


def test_a_blank_stays_blank() -> None:
    (sheet,) = overviews(
        form(PROFILE, "虚构甲局", ROWS), form(PROFILE, "虚构乙局", {"all": {"spent": "4.00"}})
    )
    assert [row[1] for row in sheet.rows] == [None, Decimal("5.00")]


def test_half_a_person_is_not_rounded_away() -> None:
    (sheet,) = overviews(form(PROFILE, "虚构甲局", {}, {"people": "12.5"}))
    assert sheet.columns[1].kind is Kind.AMOUNT


def test_of_two_forms_the_first_is_used_and_the_other_named() -> None:
    second = form(EXPENSES, "虚构甲局", {"all": {"last": "9.00"}})
    (sheet,) = overviews(second, form(PROFILE, "虚构甲局", ROWS))
    assert sheet.rows[0][1] == Decimal("5.00")
    assert sheet.rows[0][-1] == f"{SOURCE}；《示例费用表》（示例费用表）也填了其中的数，未采用"


def test_what_only_the_second_form_has_is_taken_from_it() -> None:
    second = form(EXPENSES, "虚构甲局", {"travel": {"last": "1.00"}})
    (sheet,) = overviews(form(PROFILE, "虚构甲局", ROWS), second)
    titles = [column.title for column in sheet.columns]
    assert sheet.rows[0][titles.index("差旅\n上年数")] == Decimal("1.00")
    assert sheet.rows[0][-1] == f"{SOURCE}、《示例费用表》（示例费用表）"


def test_a_list_gives_its_total_row() -> None:
    rows: Rows = {
        "total": {"all": "9.00", "travel": "3.00"},
        "本级": {"all": "7.00"},
        "二级": {"all": "2.00"},
    }
    (sheet,) = overviews(form(UNITS, "虚构甲局", rows))
    assert [column.title for column in sheet.columns[1:-1]] == ["机构\n总额", "机构\n差旅"]
    assert sheet.rows[0][1:3] == (Decimal("9.00"), Decimal("3.00"))


def test_the_only_row_of_a_list_stands_for_the_whole() -> None:
    (sheet,) = overviews(form(UNITS, "虚构甲局", {"本级": {"all": "7.00"}}))
    assert sheet.rows[0][1] == Decimal("7.00")


def test_several_rows_without_a_total_are_not_guessed() -> None:
    assert overviews(form(UNITS, "虚构甲局", {"本级": {"all": "7.00"}, "二级": {"all": "2.00"}})) == []


def test_superseded_forms_and_departments_without_figures_have_no_row() -> None:
    old = form(PROFILE, "虚构甲局", ROWS, sheet="旧表")
    empty = form(PROFILE, "虚构乙局", {"all": {"last": None}})
    assert overviews(old, empty, superseded=(old.submission_id,)) == []


def test_titles_cannot_break_a_formula() -> None:
    marked = replace(PROFILE, fields=(replace(PROFILE.fields[0], title="人数[年末]:全部!"),))
    given = round_of(form(marked, "虚构甲局", {}, PEOPLE), layouts=(marked,))
    edition = Edition(given.round, datetime(2025, 4, 20, tzinfo=UTC), "1")
    (sheet,) = overviews_of(given, edition)
    assert sheet.columns[1].title == "人数［年末］：全部！（人）"
