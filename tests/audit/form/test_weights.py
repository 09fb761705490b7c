from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.domain.forms import Scope
from jixiao.domain.scheme import Weights
from tests.builders.audits import SCHEME, audit, marks, only
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_funds, with_indicator, with_total

GOOD = good_project(PROJECT)
FREE = replace(SCHEME, weights=tuple(replace(each, fixed=False) for each in SCHEME.weights))
HEAVY = with_total(with_indicator(GOOD, 4, weight="20", self_score="20"), self_score="107.55")
UNDECLARED = replace(HEAVY, groups=tuple(replace(each, declared_weight=None) for each in HEAVY.groups))
SHIFTED = with_total(
    with_indicator(with_indicator(GOOD, 0, weight="10", self_score="10"), 4, weight="20", self_score="20"),
    self_score="97.55",
)
REDECLARED = replace(
    SHIFTED,
    groups=tuple(
        replace(each, declared_weight=Decimal(weight))
        for each, weight in zip(SHIFTED.groups, ("40", "30", "20"), strict=True)
    ),
)


def test_weights_that_do_not_add_up() -> None:
    finding = only(UNDECLARED, FREE)
    assert (finding.code, finding.place.cell, finding.label) == ("S101", "D26", "总分")
    assert (finding.reported, finding.expected) == ("110.00", "100.00")
    assert finding.figures == {"sum": "110.00"}


def test_without_a_row_of_totals_the_first_weight_is_pointed_to() -> None:
    assert marks(replace(UNDECLARED, total={}), FREE) == {("S101", "D21")}


def test_a_group_at_odds_with_its_own_heading() -> None:
    finding = next(each for each in audit(HEAVY) if each.code == "S109")
    assert (finding.place.cell, finding.label) == ("K25", "满意度指标")
    assert (finding.reported, finding.expected, finding.figures) == ("10.00", "20.00", {"sum": "20.00"})
    assert marks(HEAVY) == {("S101", "D26"), ("S109", "K25")}


def test_a_division_other_than_the_prescribed_one() -> None:
    first, second = audit(REDECLARED)
    assert (first.code, first.place.cell, first.label) == ("S115", "K21", "产出指标")
    assert (first.reported, first.expected, first.figures) == ("40.00", "50.00", {"prescribed": "50.00"})
    assert (second.code, second.place.cell) == ("S115", "K25")


def test_an_execution_weight_other_than_the_prescribed_one() -> None:
    form = with_funds(GOOD, "total", weight="20", self_score="19.11")
    form = with_indicator(form, 3, weight="20", self_score="18")
    groups = tuple(replace(each, declared_weight=None) for each in form.groups)
    form = with_total(replace(form, groups=groups), self_score="97.11")
    assert marks(form) == {("S115", "D11"), ("S115", "K24")}


def test_departments_may_divide_otherwise_where_the_scheme_lets_them() -> None:
    assert marks(REDECLARED, FREE) == set()


def test_one_of_several_permitted_divisions_is_enough() -> None:
    groups = {"产出指标": Decimal(40), "效益指标": Decimal(30), "满意度指标": Decimal(20)}
    second = Weights(Scope.PROJECT, Decimal(100), Decimal(10), groups, fixed=True)
    assert marks(REDECLARED, replace(SCHEME, weights=(*SCHEME.weights, second))) == set()


def test_a_group_that_the_form_calls_by_no_heading_is_found_at_its_first_row() -> None:
    assert marks(replace(REDECLARED, groups=())) == {("S115", "A21"), ("S115", "A25")}


def test_an_unknown_weight_leaves_the_sums_open() -> None:
    assert marks(with_indicator(GOOD, 0, weight=None)) == set()


def test_another_base_that_all_headings_distribute_is_the_form_s_own() -> None:
    groups = tuple(
        replace(each, declared_weight=Decimal(weight))
        for each, weight in zip(HEAVY.groups, ("50", "30", "20"), strict=True)
    )
    finding = only(replace(HEAVY, groups=groups), FREE)
    assert (finding.code, finding.place.cell, finding.reported) == ("S128", "D26", "110.00")


def test_a_base_of_headings_that_leave_one_out_is_nobody_s() -> None:
    assert marks(replace(HEAVY, groups=HEAVY.groups[:2]), FREE) == {("S101", "D26")}


def test_a_scheme_without_weights_for_the_form_asks_nothing() -> None:
    assert marks(UNDECLARED, replace(SCHEME, weights=())) == set()
