"""The forms of the grammar themselves: right by construction, reproducible, drawn without overlaps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.domain.cells import column_letters
from tests.layouts.arrangement import print_form
from tests.layouts.content import HUNDRED, MONEY, ZERO, compose
from tests.layouts.faults import FAULTS, judge
from tests.layouts.injection import at
from tests.layouts.judging import compare
from tests.layouts.nightly import needed, plain_plan
from tests.layouts.parts import OVERALL, PARTS, Plan, draw, settle
from tests.layouts.reading import read_form
from tests.layouts.trial import shrink, try_form

SEEDS = range(120)


@pytest.mark.parametrize("column", MONEY)
def test_sources_add_up_to_the_whole(column: str) -> None:
    for seed in SEEDS:
        plan = plain_plan(seed, {"sources": "free"} if seed % 2 else {})
        whole, *sources = compose(plan).funds
        if sources:
            assert sum(each.amounts[column] for each in sources) == whole.amounts[column]
            assert all(ZERO <= each.amounts["executed"] <= each.amounts["annual_budget"] for each in sources)


def test_splits_add_up_to_budget_and_expenditure() -> None:
    for seed in SEEDS:
        content = compose(Plan(seed, OVERALL, {}))
        *income, basic, project = content.splits.values()
        assert sum(income, ZERO) == content.whole.amounts["annual_budget"]
        assert basic + project == content.whole.amounts["executed"]


@pytest.mark.parametrize("division", PARTS["division"])
def test_points_are_divided_and_earned(division: str) -> None:
    for seed in SEEDS:
        content = compose(plain_plan(seed, {"division": division}))
        assert content.total_weight == (90 if division == "90 without it" else HUNDRED)
        for row in content.rows:
            assert row.weight is not None
            assert row.score is not None
            assert ZERO < row.score <= row.weight
            if row.verdict == "missed":
                assert row.score < row.weight
                assert row.reason


def test_scores_follow_the_rules() -> None:
    form = compose(plain_plan(2, {}))
    late = next(row for row in form.rows if row.name == "按期完工率")
    assert (late.weight, late.target, late.actual) == (Decimal(19), Decimal(97), Decimal("89.2"))
    assert late.score == Decimal("17.47")  # 19 × 89.2 ÷ 97
    assert form.execution_score == Decimal("9.29")  # 7,356.73 ÷ 7,923.24 = 92.85 %
    assert (form.total, form.grade) == (Decimal("97.76"), "优")


def test_one_number_gives_one_form() -> None:
    for seed in SEEDS:
        one, other = print_form(draw(seed)), print_form(draw(seed))
        assert (one.canvas.cells, one.canvas.areas) == (other.canvas.cells, other.canvas.areas)


def test_no_two_cells_or_merges_overlap() -> None:
    for seed in range(200):
        form = print_form(draw(seed))
        covered = [at for area in form.canvas.areas for at in area.positions()]
        assert len(covered) == len(set(covered)), str(form.plan)
        anchors = {(area.top, area.left) for area in form.canvas.areas}
        assert not (set(covered) - anchors) & form.canvas.cells.keys(), str(form.plan)


def test_every_option_is_drawn() -> None:
    plans = [draw(seed) for seed in range(1200)]
    drawn = {(part, plan.of(part)) for plan in plans for part in PARTS}
    assert drawn == {(part, option) for part, options in PARTS.items() for option in options}


def test_switching_a_part_off_leaves_the_others() -> None:
    plan = next(plan for seed in SEEDS if {"offset", "unit"} <= (plan := draw(seed)).chosen.keys())
    assert plan.only({"unit"}).chosen == {"unit": plan.of("unit")}
    assert compose(plan.only(plan.chosen.keys() - {"offset"})) == compose(plan)


def test_a_deleted_row_takes_its_cells_and_shortens_merges() -> None:
    form = print_form(plain_plan(1, {}))
    first, last = form.canvas.roles["row.1.level3"], form.canvas.roles["label.total"]
    group = next(area for area in form.canvas.areas if (area.top, area.left) == (first[0] - 1, 0))
    form.canvas.drop_row(first[0])
    assert "row.1.level3" not in form.canvas.roles
    assert form.canvas.roles["label.total"] == (last[0] - 1, last[1])
    assert (group.top, group.bottom - 1) in {(area.top, area.bottom) for area in form.canvas.areas}


@pytest.mark.parametrize(
    ("role", "value", "wrong"),
    [
        ("funds.total.executed", Decimal(1), "amount total.executed:1"),
        ("row.0.actual", "1只", "row actual figure:1只"),
        ("row.1.weight", Decimal(4), "row weight:4"),
        ("project", "别的项目", "project:别的项目"),
        ("total.self_score", Decimal(3), "total:3"),
    ],
)
def test_what_is_read_otherwise_than_filled_in_is_told(role: str, value: str | Decimal, wrong: str) -> None:
    form = print_form(plain_plan(1, {}))
    assert compare(form, read_form(form)).is_right
    form.canvas.type_into(role, value)
    assert wrong in compare(form, read_form(form)).wrong


def test_a_finding_that_is_not_the_root_is_false() -> None:
    form = print_form(plain_plan(1, {}))
    injected = FAULTS["wrong rate"].inject(form)
    assert injected is not None
    raised = read_form(form).raised
    assert judge(injected, raised).is_exact
    assert not judge(at(form, "A103", "total.self_score"), raised).is_exact
    assert len(judge(injected, (*raised, replace(raised[0], code="A101"))).besides) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_changes_the_form(fault: str) -> None:
    changed = 0
    for seed in range(12):
        plan = plain_plan(seed, needed(fault))
        form, right = print_form(plan), print_form(plan)
        if FAULTS[fault].inject(form):
            assert form.canvas.cells != right.canvas.cells
            changed += 1
    assert changed


def test_a_failure_shrinks_to_the_parts_it_needs() -> None:
    parts = {"unit": "元", "widths": "wide", "offset": "rows"}
    trial = try_form(settle(Plan(5, "project", parts)), "wrong grade")
    assert trial.is_void
    failing = try_form(settle(Plan(0, "project", {**parts, "levels": "one header", "columns": "further"})))
    if not failing.passes:  # until that is read, too
        assert "offset=rows" not in shrink(failing).parts


def test_addresses_are_those_of_the_sheet() -> None:
    form = print_form(plain_plan(1, {"offset": "both"}))
    row, column = form.canvas.roles["funds.total.executed"]
    assert form.canvas.address("funds.total.executed") == f"{column_letters(column)}{row + 1}"
