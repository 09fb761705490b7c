"""Units of money told by the figures that have to agree: what is read in which unit, and what is said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.units import settle_units
from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.forms import ValueKind
from jixiao.domain.references import BookedFigure
from jixiao.domain.submissions import Basis
from tests.builders.details import LIST, check, list_scheme, project_list
from tests.builders.lists import account_line, accounts
from tests.builders.schemes import PROJECT, addresses
from tests.builders.submissions import good_project, with_fields, with_funds

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.references import Accounts
    from jixiao.domain.submissions import Entry, Submission

CHECKS = (
    check("project:funds.total.annual_budget", "project-list:projects.{project}.annual_budget"),
    check("project:funds.total.executed", "project-list:projects.{project}.executed"),
)
BOOKED = (
    BookedFigure("annual_budget", "全年预算数", addresses("funds.total.annual_budget")),
    BookedFigure("executed", "全年执行数", addresses("funds.total.executed")),
)
SCHEME = replace(list_scheme(), cross_checks=CHECKS, booked=BOOKED)
DEPARTMENT = "虚构市示例局"
FUNDS = {"total": ("260.00", "230.00"), "fiscal": ("230.00", "200.00"), "carryover": ("30.00", "30.00")}


def project(name: str = "示例乙", **figures: tuple[str, str]) -> Submission:
    form = with_fields(good_project(PROJECT, name), project=name)
    for item, (annual, executed) in {**FUNDS, **figures}.items():
        form = with_funds(form, item, annual_budget=annual, executed=executed)
    return replace(form, sheet="项目表")


def printed(form: Submission, layout: FormLayout, factor: str, unit: MoneyUnit = MoneyUnit.WAN) -> Submission:
    """The form with all amounts as they are read where they are `factor` times off."""
    times = Decimal(factor)

    def scaled(entry: Entry) -> Entry:
        if entry.value is None or entry.step is None:
            return entry
        return replace(entry, value=entry.value * times, step=entry.step * times)

    lines = tuple(
        replace(
            line,
            entries={
                name: scaled(entry)
                if layout.table(line.table).column(name).kind is ValueKind.AMOUNT
                else entry
                for name, entry in line.entries.items()
            },
        )
        for line in form.lines
    )
    return replace(form, lines=lines, units={"": unit, **{each.name: unit for each in layout.tables}})


def settle(
    *forms: Submission, booked: Accounts | None = None
) -> tuple[dict[str, Submission], tuple[Finding, ...]]:
    settled, findings = settle_units(forms, SCHEME, booked, {DEPARTMENT})
    return {each.submission_id: each for each in settled}, findings


def told(findings: tuple[Finding, ...]) -> list[tuple[str, ...]]:
    names = ("others", "times", "unit", "declared")
    return [(each.code, each.subject, *(each.figures.get(name, "") for name in names)) for each in findings]


def amounts(form: Submission) -> dict[str, Decimal | None]:
    return {line.item: line.value("executed") for line in form.lines}


def test_forms_that_agree_are_left_as_they_are() -> None:
    forms = (project(), project_list())
    assert settle(*forms) == ({each.submission_id: each for each in forms}, ())


def test_a_form_in_yuan_that_says_wan_is_read_in_yuan() -> None:
    right = project()
    form = printed(right, PROJECT, "10000")
    settled, findings = settle(form, project_list())
    assert told(findings) == [("V117", "示例乙", "《明细表》", "一万倍", "元", "万元")]
    assert findings[0].place.cell == "A1"
    read = settled["示例乙"]
    assert amounts(read) == amounts(right)
    assert read.line("funds", "total") == right.line("funds", "total")
    assert read.units == {"": MoneyUnit.YUAN, "funds": MoneyUnit.YUAN, "indicators": MoneyUnit.YUAN}
    (inference,) = read.inferences
    assert (inference.basis, inference.address, inference.title, inference.reason) == (
        *(Basis.UNIT, "", "元"),
        "与《明细表》的金额相差正好一万倍",
    )
    assert settled["明细"] == project_list()


def test_a_form_in_wan_that_says_yuan_beside_a_list_that_says_yuan() -> None:
    right = project_list()
    listed = replace(right, units={"": MoneyUnit.YUAN, "projects": MoneyUnit.YUAN})
    form = printed(project(), PROJECT, "0.0001", MoneyUnit.YUAN)
    settled, findings = settle(form, listed)
    assert told(findings) == [("V117", "示例乙", "《明细表》", "一万倍", "万元", "元")]
    assert amounts(settled["示例乙"]) == amounts(project())


def test_a_list_in_yuan_is_told_by_all_its_projects() -> None:
    first = project("示例甲", total=("300.00", "280.00"), fiscal=("270.00", "250.00"))
    listed = printed(project_list(), LIST, "10000")
    settled, findings = settle(first, project(), listed)
    assert told(findings) == [("V117", "明细", "《项目表》", "一万倍", "元", "万元")]
    assert amounts(settled["明细"]) == amounts(project_list())


def test_all_projects_in_yuan_are_each_said() -> None:
    first = project("示例甲", total=("300.00", "280.00"), fiscal=("270.00", "250.00"))
    forms = [printed(each, PROJECT, "10000") for each in (first, project())]
    settled, findings = settle(*forms, project_list())
    assert told(findings) == [
        ("V117", "示例乙", "《明细表》", "一万倍", "元", "万元"),
        ("V117", "示例甲", "《明细表》", "一万倍", "元", "万元"),
    ]
    assert amounts(settled["示例甲"]) == amounts(first)


@pytest.mark.parametrize(
    ("factor", "unit", "said"),
    [("10", "千元", "十倍"), ("0.01", "百万元", "一百倍")],
)
def test_rarer_units_are_told_by_two_figures(factor: str, unit: str, said: str) -> None:
    settled, findings = settle(printed(project(), PROJECT, factor), project_list(), booked=ACCOUNTS)
    assert [(each[0], each[1], *each[3:5]) for each in told(findings)] == [("V117", "示例乙", said, unit)]
    assert amounts(settled["示例乙"]) == amounts(project())


ACCOUNTS = accounts(account_line(2, DEPARTMENT, "示例乙", "250.00 30.00 260.00 230.00"))


def test_the_books_decide_between_two_forms() -> None:
    listed = printed(project_list(), LIST, "0.0001", MoneyUnit.YUAN)
    settled, findings = settle(project(), listed, booked=ACCOUNTS)
    assert told(findings) == [("V117", "明细", "《项目表》", "一万倍", "万元", "元")]
    assert amounts(settled["明细"]) == amounts(project_list())


def test_where_either_side_may_be_off_a_person_is_asked_once() -> None:
    listed = printed(project_list(), LIST, "0.0001", MoneyUnit.YUAN)
    settled, findings = settle(project(), listed)
    assert [each[0] for each in told(findings)] == ["V118"]
    assert amounts(settled["示例乙"]) == amounts(project())
    assert amounts(settled["明细"]) == amounts(listed)
    assert [each.basis for form in settled.values() for each in form.inferences] == [Basis.UNIT, Basis.UNIT]


def test_the_books_alone() -> None:
    settled, findings = settle(printed(project(), PROJECT, "10000"), booked=ACCOUNTS)
    assert told(findings) == [("V117", "示例乙", "账面数", "一万倍", "元", "万元")]
    assert amounts(settled["示例乙"]) == amounts(project())


@pytest.mark.parametrize(
    "figures",
    [
        {"total": ("2600000.00", "230.00")},
        {"total": ("260.00", "2300000.00")},
        {"total": ("2600000.00", "2300001.00")},
        {"total": ("2600010.00", "2300010.00")},
        {"total": ("260000.00", "230000.00")},
        {"total": ("2600000.00", "0.00")},
        {"total": ("2600000.00", "2300000.00")},
    ],
    ids=["one", "other", "a mixture", "not exactly", "no unit", "nil", "at odds with its own lines"],
)
def test_a_mixture_stays_as_it_is(figures: dict[str, tuple[str, str]]) -> None:
    form = project("示例乙", **figures)
    settled, findings = settle(form, project_list())
    assert (settled["示例乙"], findings) == (form, ())


def test_one_weak_figure_is_no_unit() -> None:
    listed = project_list()
    form = printed(with_funds(project(), "total", executed=None), PROJECT, "10000")
    assert settle(form, listed)[1] == ()


def test_figures_that_say_their_unit_keep_it() -> None:
    form = printed(project(), PROJECT, "10000")
    total = form.line("funds", "total")
    assert total is not None
    budget = replace(
        total.entries["initial_budget"], text="410.50万元", as_text=True, value=Decimal("410.50")
    )
    changed = replace(total, entries={**total.entries, "initial_budget": budget})
    settled, _ = settle(
        replace(form, lines=tuple(changed if each is total else each for each in form.lines)), project_list()
    )
    read = settled["示例乙"].line("funds", "total")
    assert read is not None
    assert (read.value("initial_budget"), read.value("executed")) == (Decimal("410.50"), Decimal("230.00"))
