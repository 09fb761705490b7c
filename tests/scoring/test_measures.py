from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.relations import MeasureKind
from jixiao.domain.submissions import State
from jixiao.scoring.measures import measure
from tests.builders.details import Rows, list_scheme, project_list
from tests.builders.measures import rule
from tests.builders.schemes import OVERALL, PROJECT
from tests.builders.submissions import good_project, submission, with_fields, with_funds

if TYPE_CHECKING:
    from jixiao.domain.relations import Measure, MeasuredValue
    from jixiao.domain.submissions import Submission

ANNUAL, EXECUTED = "project:funds.total.annual_budget", "project:funds.total.executed"
WHOLE = "project-list:projects.total.annual_budget"
BASIC, SPENT = "overall:basic_expenditure", "overall:funds.total.executed"


def project(name: str, annual: str | None, executed: str | None) -> Submission:
    return with_funds(good_project(PROJECT, name), "total", annual_budget=annual, executed=executed)


def overall(**amounts: str | None) -> Submission:
    executed = amounts.pop("executed", "200.00")
    form = submission(OVERALL, "整体", {"total": {"executed": executed}}, (), total=None)
    return with_fields(form, **amounts)


def values(measure_: Measure, *forms: Submission) -> tuple[MeasuredValue, ...]:
    return measure("局", forms, replace(list_scheme(), measures=(measure_,)))


def value(measure_: Measure, *forms: Submission) -> MeasuredValue:
    (found,) = values(measure_, *forms)
    return found


@pytest.mark.parametrize(
    ("kind", "expected", "derivation"),
    [
        (MeasureKind.RATIO, "60", "基本支出 120.00 ÷ 年度资金总额·全年执行数 200.00 = 60.00%"),
        (MeasureKind.SHARE, "60", "基本支出 120.00 ÷ 年度资金总额·全年执行数 200.00 = 60.00%"),
        (
            MeasureKind.CHANGE,
            "-40",
            "（基本支出 120.00 − 年度资金总额·全年执行数 200.00）÷ 年度资金总额·全年执行数 200.00 = −40.00%",
        ),
        (
            MeasureKind.SAVING,
            "40",
            "（年度资金总额·全年执行数 200.00 − 基本支出 120.00）÷ 年度资金总额·全年执行数 200.00 = 40.00%",
        ),
        (MeasureKind.ADJUSTMENT, "60", "｜基本支出 120.00｜ ÷ 年度资金总额·全年执行数 200.00 = 60.00%"),
    ],
)
def test_quotients(kind: MeasureKind, expected: str, derivation: str) -> None:
    found = value(rule(kind, of=(BASIC,), base=(SPENT,)), overall(basic_expenditure="120.00"))
    assert (found.value, found.derivation) == (Decimal(expected), derivation)
    assert [ref.a1 for ref in found.refs] == ["C1", "C11"]


def test_a_difference_has_no_denominator() -> None:
    found = value(
        rule(MeasureKind.DIFFERENCE, of=(SPENT,), less=(BASIC,)), overall(basic_expenditure="120.00")
    )
    assert (found.value, found.numerator, found.denominator) == (Decimal(80), None, None)
    assert found.derivation == "年度资金总额·全年执行数 200.00 − 基本支出 120.00 = 80.00 万元"


def test_several_figures_are_added_and_others_taken_away() -> None:
    measure_ = rule(
        MeasureKind.ADJUSTMENT,
        of=(BASIC, "overall:project_expenditure"),
        less=("overall:other_funds",),
        base=(SPENT,),
    )
    found = value(
        measure_, overall(basic_expenditure="10.00", project_expenditure="20.00", other_funds="80.00")
    )
    assert (found.value, found.numerator, found.denominator) == (Decimal(25), Decimal(50), Decimal(200))
    assert found.derivation.startswith("｜（基本支出 10.00 + 项目支出 20.00） − 其他资金 80.00｜ ÷ ")


def test_rounding_is_half_up_and_once() -> None:
    measure_ = rule(MeasureKind.RATIO, of=(BASIC,), base=(SPENT,))
    assert value(measure_, overall(basic_expenditure="17.429")).value == Decimal("8.71")
    assert value(measure_, overall(basic_expenditure="17.43")).value == Decimal("8.72")


@pytest.mark.parametrize(
    ("basic", "executed", "derivation"),
    [
        (None, "200.00", "缺少：基本支出"),
        ("见附件", "200.00", "缺少：基本支出"),
        ("120.00", "0.00", "年度资金总额·全年执行数 0.00，不大于 0，无法计算"),
        ("120.00", "—", "年度资金总额·全年执行数 0.00，不大于 0，无法计算"),
        (None, None, "缺少：基本支出、年度资金总额·全年执行数"),
    ],
)
def test_what_is_not_known_says_so(basic: str | None, executed: str | None, derivation: str) -> None:
    measure_ = rule(MeasureKind.RATIO, of=(BASIC,), base=(SPENT,))
    found = value(measure_, overall(basic_expenditure=basic, executed=executed))
    assert (found.value, found.derivation) == (None, derivation)


def test_a_dash_is_nothing() -> None:
    found = value(rule(MeasureKind.SAVING, of=(BASIC,), base=(SPENT,)), overall(basic_expenditure="—"))
    assert found.value == Decimal(100)


def test_a_form_that_did_not_come_or_came_twice_is_named() -> None:
    measure_ = rule(MeasureKind.RATIO, of=(BASIC,), base=(WHOLE,))
    form = overall(basic_expenditure="120.00")
    assert value(measure_, form).derivation == "缺少：项目支出明细表（未报送）"
    lists = (project_list(), project_list(submission_id="另一份"))
    assert value(measure_, form, *lists).derivation == "缺少：项目支出明细表（有多份）"


def test_a_measure_none_of_whose_forms_came_is_left_out() -> None:
    assert values(rule(MeasureKind.RATIO, of=(BASIC,), base=(SPENT,)), project("甲", "1", "1")) == ()


def test_a_measure_of_each_project() -> None:
    measure_ = rule(MeasureKind.SAVING, of=(EXECUTED,), base=(ANNUAL,), per_form=True)
    found = values(measure_, project("甲", "528.87", "419.55"), project("乙", None, "1.00"))
    assert [(each.project, each.value) for each in found] == [("甲", Decimal("20.67")), ("乙", None)]


PROJECTS = (
    project("甲", "100.00", "50.00"),
    project("乙", "300.00", "270.00"),
    project("丙", "100.00", "89.99"),
)


def test_mean_and_pooled_rates_are_different_things() -> None:
    mean = value(rule(MeasureKind.MEAN, of=(EXECUTED,), base=(ANNUAL,)), *PROJECTS)
    pooled = value(rule(MeasureKind.POOLED, of=(EXECUTED,), base=(ANNUAL,)), *PROJECTS)
    assert (mean.value, mean.derivation) == (
        Decimal("76.66"),
        "（50.00% + 90.00% + 89.99%）÷ 3 = 76.66%",
    )
    assert (pooled.value, pooled.derivation) == (Decimal("82.00"), "3 张表合计：409.99 ÷ 500.00 = 82.00%")


def test_projects_below_a_threshold() -> None:
    count = value(
        rule(MeasureKind.COUNT_BELOW, of=(EXECUTED,), base=(ANNUAL,), threshold="90", places=0), *PROJECTS
    )
    assert (count.value, count.derivation) == (
        Decimal(2),
        "共 3 个，低于 90% 的：甲 50.00%、丙 89.99% = 2 万元",
    )
    rows: Rows = {"合计": [None, None, None, "800.00", None, None]}
    share = value(
        rule(MeasureKind.SHARE_BELOW, of=(EXECUTED,), base=(ANNUAL,), whole=(WHOLE,), threshold="90"),
        *PROJECTS,
        project_list(rows),
    )
    assert (share.value, share.derivation) == (
        Decimal(25),
        "低于的 2 个合计 200.00 ÷ 合计·全年预算总数 800.00 = 25.00%",
    )


def test_pooling_needs_every_form() -> None:
    found = value(
        rule(MeasureKind.MEAN, of=(EXECUTED,), base=(ANNUAL,)), *PROJECTS, project("丁", "5.00", None)
    )
    assert (found.value, found.derivation) == (None, "缺少：丁·年度资金总额·全年执行数")


def test_a_project_without_a_budget_has_no_rate() -> None:
    found = value(
        rule(MeasureKind.MEAN, of=(EXECUTED,), base=(ANNUAL,)), *PROJECTS, project("丁", "0.00", "0.00")
    )
    assert found.value == Decimal("76.66")
    assert found.derivation.startswith("（另有 1 张表分母不大于 0，没有比率）")


def test_no_project_has_a_budget() -> None:
    forms = (project("甲", "0.00", "0.00"),)
    mean = value(rule(MeasureKind.MEAN, of=(EXECUTED,), base=(ANNUAL,)), *forms)
    pooled = value(rule(MeasureKind.POOLED, of=(EXECUTED,), base=(ANNUAL,)), *forms)
    assert (mean.value, pooled.value) == (None, None)


def test_a_share_of_projects_that_did_not_come() -> None:
    measure_ = rule(MeasureKind.SHARE_BELOW, of=(EXECUTED,), base=(ANNUAL,), whole=(WHOLE,), threshold="90")
    assert value(measure_, project_list()).derivation == "缺少：项目支出绩效自评表（未报送）"


def test_the_list_in_use_holds_figures() -> None:
    line = project_list().line("projects", "total")
    assert line is not None
    assert {entry.state for entry in line.entries.values()} == {State.NUMBER}


@given(st.decimals(1, 10**6, places=2), st.decimals(1, 10**6, places=2), st.integers(2, 9))
def test_scaling_all_figures_changes_no_percentage(of: Decimal, base: Decimal, factor: int) -> None:
    measure_ = rule(MeasureKind.SAVING, of=(BASIC,), base=(SPENT,))
    plain = value(measure_, overall(basic_expenditure=str(of), executed=str(base)))
    scaled = value(measure_, overall(basic_expenditure=str(of * factor), executed=str(base * factor)))
    assert plain.value == scaled.value
