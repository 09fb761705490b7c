from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.accounts import Reconciled, find_owners, reconcile
from jixiao.domain.references import AccountVerdict, BookedFigure, Reconciliation
from jixiao.scoring.cards import score
from tests.builders.lists import account_line, accounts, roster, roster_entry
from tests.builders.schemes import OVERALL, PROJECT, addresses, scheme
from tests.builders.submissions import good_project, with_funds

if TYPE_CHECKING:
    from jixiao.domain.references import AccountLine, Roster
    from jixiao.domain.submissions import Submission

SCHEME = replace(
    scheme(),
    booked=(
        BookedFigure(
            "initial_budget",
            "年初预算数",
            addresses("funds.total.initial_budget", "funds.fiscal.initial_budget"),
            ("carryover",),
        ),
        BookedFigure("carryover", "上年结转", addresses("funds.carryover.initial_budget")),
        BookedFigure("annual_budget", "全年预算数", addresses("funds.total.annual_budget")),
        BookedFigure("executed", "全年执行数", addresses("funds.total.executed")),
    ),
)
FARMS = "云梦泽省虚构农事局"
NAME = "虚构病虫害监测经费"
RIGHT = "380.50 30.00 400.00 382.17"
"""What the books hold where the good form is right: its 410.50 includes the 30.00."""


def form(name: str = NAME, department: str = FARMS) -> Submission:
    filled = replace(good_project(PROJECT, name), department=department)
    return replace(filled, submission_id=f"{department}/{name}")


def run(forms: list[Submission], *lines: AccountLine, listed: Roster | None = None) -> Reconciled:
    kept = accounts(*lines)
    owners = find_owners(kept, {each.department for each in forms}, listed)
    rows: list[Reconciliation] = []
    findings = [*owners.findings]
    for department in sorted({each.department for each in forms}):
        cards = [score(each, SCHEME) for each in forms if each.department == department]
        own = [line for line in lines if owners.departments.get(line.department) == department]
        result = reconcile(cards, kept, own, SCHEME)
        rows += result.rows
        findings += result.findings
    return Reconciled(tuple(rows), tuple(findings))


def marks(result: Reconciled) -> list[tuple[str, str, str, str]]:
    return [(each.code, each.place.file, each.place.cell, each.label) for each in result.findings]


def test_figures_that_agree() -> None:
    result = run([form()], account_line(2, FARMS, NAME, RIGHT))
    assert result.findings == ()
    assert [(row.item, row.reported, row.booked, row.verdict, row.difference) for row in result.rows] == [
        ("年初预算数", Decimal("380.50"), Decimal("380.50"), AccountVerdict.AGREES, Decimal("0.00")),
        ("上年结转", Decimal("30.00"), Decimal("30.00"), AccountVerdict.AGREES, Decimal("0.00")),
        ("全年预算数", Decimal("400.00"), Decimal("400.00"), AccountVerdict.AGREES, Decimal("0.00")),
        ("全年执行数", Decimal("382.17"), Decimal("382.17"), AccountVerdict.AGREES, Decimal("0.00")),
    ]


def test_an_initial_budget_that_includes_the_carryover() -> None:
    bare = with_funds(form(), "fiscal", initial_budget=None)
    result = run([bare], account_line(2, FARMS, NAME, RIGHT))
    assert (result.rows[0].reported, result.rows[0].booked) == (Decimal("410.50"), Decimal("410.50"))
    assert result.findings == ()


@pytest.mark.parametrize("executed", ["382.165", "382.17", "382.18"])
def test_rounding_is_excused(executed: str) -> None:
    assert run([form()], account_line(2, FARMS, NAME, f"380.50 30.00 400.00 {executed}")).findings == ()


def test_books_in_whole_units_are_rounded_more_coarsely() -> None:
    assert run([form()], account_line(2, FARMS, NAME, "381 30 400 382")).findings == ()


def test_a_figure_that_differs() -> None:
    (finding,) = run([form()], account_line(7, FARMS, NAME, "380.50 30.00 400.00 381.17")).findings
    assert (finding.code, finding.place.cell, finding.subject) == ("X130", "C11", f"{FARMS}/{NAME}")
    assert (finding.label, finding.reported, finding.expected) == ("全年执行数", "382.17", "381.17")
    assert finding.figures == {"gap": "1.00", "source": "账面数.xlsx", "place": "《账面》F8"}


def test_what_one_side_does_not_give_is_unknown() -> None:
    result = run([with_funds(form(), "total", executed=None)], account_line(2, FARMS, NAME, RIGHT))
    assert [row.verdict for row in result.rows if row.item == "全年执行数"] == [AccountVerdict.UNKNOWN]
    assert result.findings == ()


def test_nothing_on_either_side_is_no_comparison() -> None:
    bare = with_funds(with_funds(form(), "carryover", initial_budget="—"), "total", initial_budget="380.50")
    result = run([bare], account_line(2, FARMS, NAME, "380.50 - 400.00 382.17"))
    assert [row.item for row in result.rows] == ["年初预算数", "全年预算数", "全年执行数"]


def test_a_similar_name_that_the_figures_confirm() -> None:
    line = account_line(2, FARMS, "虚构病虫害监测工作经费", "380.50 30.00 400.00 381.17")
    result = run([form()], line)
    assert [code for code, *_ in marks(result)] == ["X104", "X130"]
    assert result.findings[0].figures["other"] == "虚构病虫害监测工作经费"
    assert {row.booked_as for row in result.rows} == {"虚构病虫害监测工作经费"}


def test_a_similar_name_that_no_figure_confirms_is_another_project() -> None:
    result = run([form()], account_line(2, FARMS, "虚构病虫害监测工作经费", "11.00 0 12.00 13.00"))
    assert marks(result) == [
        ("X132", "虚构局.xlsx", "A1", NAME),
        ("X131", "账面数.xlsx", "B3", "虚构病虫害监测工作经费"),
    ]
    assert [row.verdict for row in result.rows] == [AccountVerdict.NO_LINE, AccountVerdict.NO_FORM]


def test_a_project_that_lives_on_carryover_may_have_no_form() -> None:
    result = run(
        [form()],
        account_line(2, FARMS, NAME, RIGHT),
        account_line(3, FARMS, "虚构结转项目", "0 15.69 15.69 15.69"),
    )
    assert marks(result) == [("X136", "账面数.xlsx", "B4", "虚构结转项目")]
    assert result.findings[0].department == FARMS


def test_lines_of_one_name_are_said_and_accuse_nobody() -> None:
    wrong = "1.00 1.00 1.00 1.00"
    result = run([form()], account_line(2, FARMS, NAME, wrong), account_line(3, FARMS, NAME, wrong))
    assert marks(result) == [("X135", "账面数.xlsx", "B3", NAME)]
    assert {row.verdict for row in result.rows} == {AccountVerdict.UNKNOWN}


def test_the_department_as_a_whole() -> None:
    whole = replace(good_project(OVERALL, "整体"), department=FARMS, project="")
    line = account_line(2, FARMS, "", "410.50 30.00 400.00 380.17")
    (finding,) = run([whole], line).findings
    assert (finding.code, finding.reported, finding.expected) == ("X130", "382.17", "380.17")


def test_books_without_whole_departments_lack_none_of_them() -> None:
    whole = replace(good_project(OVERALL, "整体"), department=FARMS, project="")
    result = run([whole, form()], account_line(2, FARMS, NAME, RIGHT))
    assert result.findings == ()
    assert {row.project for row in result.rows} == {NAME}


def test_departments_of_similar_and_unknown_names() -> None:
    result = run(
        [form()],
        account_line(2, "云梦泽虚构农事局", NAME, RIGHT),
        account_line(3, "云梦泽省虚构渔业局", NAME, RIGHT),
    )
    assert sorted(marks(result)) == [
        ("X104", "账面数.xlsx", "B3", "云梦泽虚构农事局"),
        ("X134", "账面数.xlsx", "B4", "云梦泽省虚构渔业局"),
    ]
    assert {row.verdict for row in result.rows} == {AccountVerdict.AGREES}


def test_the_roster_knows_the_books_departments() -> None:
    listed = roster(
        roster_entry(FARMS, aliases=("农事局",)),
        roster_entry("云梦泽省虚构渔业局"),
    )
    result = run(
        [form()],
        account_line(2, "农事局", NAME, RIGHT),
        account_line(3, "云梦泽省虚构渔业局", NAME, RIGHT),
        listed=listed,
    )
    assert result.findings == ()
    assert {row.verdict for row in result.rows} == {AccountVerdict.AGREES}


def test_one_project_name_in_two_departments() -> None:
    other = "云梦泽省虚构文博局"
    result = run(
        [form(), form(department=other)],
        account_line(2, FARMS, NAME, RIGHT),
        account_line(3, other, NAME, "380.50 30.00 400.00 381.17"),
    )
    assert [(each.code, each.subject) for each in result.findings] == [("X130", f"{other}/{NAME}")]
