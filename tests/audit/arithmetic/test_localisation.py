from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.audit.arithmetic.equations import find_breach
from jixiao.audit.arithmetic.expansion import equations_of
from jixiao.audit.arithmetic.localisation import Candidate, _Sums
from tests.audit.arithmetic.faults import grounds
from tests.builders.audits import audit, marks, only
from tests.builders.details import (
    BALANCE,
    BUDGET,
    COLUMNS,
    GOOD_ROWS,
    TOTALS,
    Rows,
    list_scheme,
    project_list,
)
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_fields, with_funds
from tests.builders.worked import worked_overall

if TYPE_CHECKING:
    from jixiao.audit.arithmetic.equations import Figure

SCHEME = list_scheme()


def changed(name: str, column: str, text: str | None) -> Rows:
    """The good list with one other figure."""
    at = COLUMNS.index(column)
    row = GOOD_ROWS[name]
    return {**GOOD_ROWS, name: [*row[:at], text, *row[at + 1 :]]}


def test_a_list_that_holds_together_is_left_alone() -> None:
    assert audit(project_list(), SCHEME) == []


def test_the_cell_that_its_row_and_its_column_both_accuse_is_named_with_its_figure() -> None:
    finding = only(project_list(changed("示例乙", "initial_budget", "200.20")), SCHEME)
    assert (finding.code, finding.place.cell, finding.label) == ("A105", "B5", "示例乙·年初预算数")
    assert (finding.reported, finding.expected) == ("200.20", "250.00")
    assert finding.figures == {
        "parts": "年初预算数 200.20 + 上年结转数 30.00 + 调整预算数 −20.00",
        "sum": "210.20",
        "gap": "49.80",
        "tolerance": "0.02",
        "total": "“示例乙·全年预算总数”的 260.00",
        "others": "“合计·年初预算数”",
    }


def test_two_gaps_of_one_figure_name_one_cell_although_parts_are_blank() -> None:
    row: Rows = {**GOOD_ROWS, "示例甲": ["250.20", None, None, "300.00", "280.00", "20.00"]}
    finding = only(project_list(row), SCHEME)
    assert (finding.code, finding.place.cell, finding.expected) == ("A105", "B4", "300.00")
    assert finding.assumed == ()


def test_where_every_sum_lacks_parts_the_cell_is_named_and_what_that_presumes() -> None:
    row: Rows = {
        **GOOD_ROWS,
        "示例甲": ["250.20", None, None, "300.00", "280.00", "20.00"],
        "示例丁": [None, None, None, None, None, None],
    }
    finding = only(project_list(row), SCHEME)
    assert (finding.code, finding.place.cell, finding.expected) == ("A105", "B4", "300.00")
    assert finding.reported == "250.20"


@pytest.mark.parametrize(
    ("name", "column", "text", "cell", "expected"),
    [
        pytest.param("示例甲", "initial_budget", "350.00", "B4", "300.00", id="a part"),
        pytest.param("示例乙", "annual_budget", "269.00", "E5", "260.00", id="in two rows' equations"),
        pytest.param(
            "示例乙", "adjustment", "20.00", "D5", "−20.00", id="a sign; adjustments may be negative"
        ),
        pytest.param("示例丙", "carryover", "5.00", "C6", "0.00", id="a figure where there should be none"),
        pytest.param("示例乙", "carryover", "—", "C5", "30.00", id="a dash where there should be a figure"),
        pytest.param("合计", "executed", "605.00", "F3", "650.00", id="a total that its own row confirms"),
    ],
)
def test_one_wrong_cell(name: str, column: str, text: str, cell: str, expected: str) -> None:
    finding = only(project_list(changed(name, column, text)), SCHEME)
    assert (finding.code, finding.place.cell, finding.expected) == ("A105", cell, expected)


def test_a_lone_sum_accuses_its_total_while_any_of_its_parts_may_be_wrong() -> None:
    rules = list_scheme(TOTALS)
    finding = only(project_list(changed("示例乙", "executed", "250.00")), rules)
    assert (finding.code, finding.place.cell) == ("A101", "F3")
    assert "suspects" not in finding.figures


def test_two_suspects_are_both_named() -> None:
    found = audit(with_fields(worked_overall(), project_expenditure="2653.34"), list_scheme())
    (finding,) = (each for each in found if each.code.startswith("A"))
    assert (finding.code, finding.figures["suspects"]) == (
        "A101",
        "基本支出（应为 2,290.01）、项目支出（应为 2,652.34）",
    )


def test_of_two_suspects_the_slip_of_the_hand_is_named() -> None:
    found = audit(with_fields(worked_overall(), project_expenditure="2562.34"), list_scheme())
    (finding,) = (each for each in found if each.code.startswith("A"))
    assert (finding.code, finding.label, finding.expected) == ("A105", "项目支出", "2,652.34")


def test_two_wrong_cells_apart_are_both_named() -> None:
    rows = changed("示例甲", "initial_budget", "350.00")
    rows["示例丙"] = [*rows["示例丙"][:5], "25.00"]
    assert marks(project_list(rows), SCHEME) == {("A105", "B4"), ("A105", "G6")}


def test_a_cell_is_not_accused_where_its_change_would_break_another_equation() -> None:
    rows = changed("示例乙", "initial_budget", "240.00")
    rows["合计"] = ["690.00", *rows["合计"][1:]]
    codes = {code for code, _ in marks(project_list(rows), SCHEME)}
    assert codes == {"A101"}


def test_no_negative_budget_is_proposed_but_a_negative_adjustment() -> None:
    rows: Rows = {"示例甲": ["20.00", "—", "—", "−5.00", "—", "−5.00"]}
    finding = only(project_list(rows), list_scheme(BUDGET, BALANCE))
    assert (finding.code, finding.place.cell, finding.expected) == ("A105", "D3", "−25.00")


@pytest.mark.parametrize(
    ("old", "new", "slip"),
    [
        ("732.16", "723.16", True),
        ("2562.34", "2652.34", True),
        ("1203.00", "1230.00", True),
        ("1023.45", "1024.35", True),
        ("732.16", "732.61", True),
        ("732.16", "237.16", False),
        ("732.16", "724.16", False),
        ("732.16", "732.16", False),
        ("99.00", "199.00", False),
    ],
)
def test_slips_of_the_hand(old: str, new: str, *, slip: bool) -> None:
    assert Candidate(figure(old), Decimal(new)).is_slip is slip


def figure(text: str) -> Figure:
    form = project_list(changed("示例甲", "executed", text))
    equations = equations_of(form, SCHEME.form(form.form))
    return next(
        each for equation in equations for each in equation.figures if each.label == "示例甲·本年决算数"
    )


amounts = st.decimals(0, 9999, places=2)


@st.composite
def consistent(draw: st.DrawFn) -> Rows:
    """A list of three to six projects whose rows and columns hold."""
    body: list[list[Decimal]] = []
    for _ in range(draw(st.integers(3, 6))):
        initial, carryover, executed = draw(amounts) + 50, draw(amounts), draw(amounts)
        adjustment = draw(st.decimals(-50, 50, places=2))
        annual = initial + carryover + adjustment
        body.append([initial, carryover, adjustment, annual, executed, annual - executed])
    total = [sum(column, Decimal(0)) for column in zip(*body, strict=True)]
    named = {"合计": total, **{f"示例{number}": row for number, row in enumerate(body)}}
    return {name: [f"{each:.2f}" for each in row] for name, row in named.items()}


@given(consistent())
def test_consistent_lists_are_never_accused(rows: Rows) -> None:
    assert marks(project_list(rows), SCHEME) == set()


@settings(max_examples=200)
@given(consistent(), st.data())
def test_one_wrong_cell_is_found_with_the_figure_that_stood_there(rows: Rows, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(rows)))
    column = data.draw(
        st.sampled_from(["initial_budget", "carryover", "adjustment", "annual_budget", "executed"])
    )
    at = COLUMNS.index(column)
    right = Decimal(rows[name][at] or 0)
    wrong = right + data.draw(st.decimals(1, 500, places=2))
    rows = {**rows, name: [*rows[name][:at], f"{wrong:.2f}", *rows[name][at + 1 :]]}
    finding = only(project_list(rows), SCHEME)
    row = list(rows).index(name) + 3
    assert (finding.code, finding.place.cell) == ("A105", f"{'ABCDEFG'[at + 1]}{row}")
    assert Decimal(finding.expected.replace(",", "").replace("−", "-")) == right


def test_dust_of_stored_sums_changes_nothing() -> None:
    form = project_list(changed("示例乙", "initial_budget", "200.2000001"))
    finding = only(form, SCHEME)
    assert (finding.code, finding.place.cell) == ("A105", "B5")
    assert replace(finding, figures={}).reported == "200.2000001"


@pytest.mark.parametrize(
    ("item", "column", "printed", "meant"),
    [
        ("fiscal", "annual_budget", "3700000", "370.00"),
        ("carryover", "executed", "300000.00", "30.00"),
        ("total", "initial_budget", "0.04105", "410.50"),
    ],
)
def test_a_single_cell_in_another_unit_is_named_with_its_figure(
    item: str, column: str, printed: str, meant: str
) -> None:
    found = audit(with_funds(good_project(PROJECT), item, **{column: printed}))
    cell = {"fiscal": "B12", "carryover": "C13", "total": "A11"}[item]
    code = "A105" if item != "total" else "A102"
    assert [(each.code, each.place.cell, each.expected) for each in found if each.code[0] == "A"] == [
        (code, cell, meant)
    ]


def test_a_sum_is_judged_with_another_figure_as_if_it_were_added_up_again() -> None:
    """The short cut against the sum itself, for every cell of the worked forms with several figures."""
    chance = random.Random(4)  # noqa: S311 figures of a test
    for ground in grounds():
        equations, step = ground.equations(ground.form)
        sums = _Sums(step)
        for equation in equations:
            for figure in (*equation.figures, *equation.alternatives):
                if figure.ref is None or figure.value is None:
                    continue
                for value in (
                    figure.value,
                    figure.value + Decimal(chance.randrange(-3, 4)) / 200,
                    Decimal(7),
                ):
                    again = bool(find_breach(equation.put(figure.ref, value), step))
                    assert sums.breaks(equation, figure, value) == again
