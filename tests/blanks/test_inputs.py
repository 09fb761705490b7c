from decimal import Decimal

from jixiao.blanks.inputs import fillings_of, prefilled_departments
from jixiao.domain.blanks import PrefilledDepartment, PrefilledForm
from jixiao.domain.cells import CellRef
from jixiao.domain.references import AccountLine, Due, RosterEntry
from jixiao.domain.submissions import Entry, State
from tests.builders.blanks import order_of

REF = CellRef("账面数.xlsx", "Sheet1", 1, 0)


def line(project: str, **figures: int) -> AccountLine:
    entries = {name: Entry(REF, State.NUMBER, str(value), Decimal(value)) for name, value in figures.items()}
    return AccountLine("虚构局", project, entries, REF)


def test_projects_are_those_of_roster_and_books() -> None:
    entry = RosterEntry("虚构局", "101", (), (Due("project-self-evaluation", "甲项目"),), REF)
    lines = [
        line("", annual_budget=100, executed=90),
        line("乙项目", initial_budget=5, executed=4),
        line("结转项目", carryover=7),
    ]
    (department,) = prefilled_departments([entry], lines)
    assert department == PrefilledDepartment(
        "虚构局",
        "101",
        PrefilledForm(amounts={"annual_budget": Decimal(100)}),
        (PrefilledForm("甲项目"), PrefilledForm("乙项目", amounts={"initial_budget": Decimal(5)})),
    )


def test_amounts_go_to_the_most_detailed_place() -> None:
    order = order_of("national", "project-self-evaluation")
    amounts = {"initial_budget": Decimal(5), "carryover": Decimal(2), "annual_budget": Decimal(9)}
    known = PrefilledForm("甲项目", "虚构中心", amounts)
    department = PrefilledDepartment("虚构局", "101001")
    assert fillings_of(order.layout, department, known, order.scheme.booked) == {
        "department": "[101001]虚构局",
        "project": "甲项目",
        "implementer": "虚构中心",
        "funds.fiscal.initial_budget": Decimal(5),
        "funds.carryover.annual_budget": Decimal(2),
        "funds.total.annual_budget": Decimal(9),
    }


def test_codes_that_reading_would_leave_in_the_name_are_left_out() -> None:
    order = order_of("national", "project-self-evaluation")
    department = PrefilledDepartment("虚构局", "A-1")
    assert fillings_of(order.layout, department, PrefilledForm(), ()) == {"department": "虚构局"}
