from dataclasses import replace
from decimal import Decimal

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.standings import rank_departments
from jixiao.domain.scheme import CarryoverTreatment
from tests.builders.evaluations import (
    COMPOSITE,
    OVERALL_SHEET,
    PROJECT_SHEETS,
    evaluation,
    large_evaluation,
    scheme,
)


def test_worked_example() -> None:
    (standing,) = rank_departments(gather_dossiers(evaluation()), scheme())
    assert (standing.self_score, standing.computed_score, standing.accepted_score) == (Decimal("98.03"),) * 3
    assert (standing.grade, standing.overall_score) == ("优", Decimal("96.55"))
    assert standing.verified_share == Decimal("70.00")
    assert (standing.annual_budget, standing.executed) == (Decimal("5173.99"), Decimal("4943.35"))


def test_self_score_is_weighted_like_the_accepted_one() -> None:
    overall = replace(OVERALL_SHEET, total=("98.55", "96.55"))
    (standing,) = rank_departments(gather_dossiers(evaluation((overall, *PROJECT_SHEETS))), scheme())
    # 98.55 × (46.36 + 1.11) % = 46.78 instead of 45.83
    assert (standing.self_score, standing.accepted_score) == (Decimal("98.98"), Decimal("98.03"))


def test_self_score_is_not_known_where_forms_cannot_be_told_apart() -> None:
    overall = replace(OVERALL_SHEET, total=("98.55", "96.55"))
    same = replace(PROJECT_SHEETS[1], project=PROJECT_SHEETS[0].project)
    items = list(COMPOSITE.items)
    items[2] = replace(items[2], item=PROJECT_SHEETS[0].project)
    given = evaluation(
        (overall, PROJECT_SHEETS[0], same, *PROJECT_SHEETS[2:]),
        composites=(replace(COMPOSITE, items=tuple(items)),),
    )
    (standing,) = rank_departments(gather_dossiers(given), scheme())
    assert (standing.self_score, standing.accepted_score) == (None, Decimal("98.03"))


def test_left_out_carryover_is_not_given_to_the_overall_form() -> None:
    rule = scheme().composite
    assert rule is not None
    left_out = replace(scheme(), composite=replace(rule, carryover=CarryoverTreatment.LEFT_OUT))
    first, *others, whole = COMPOSITE.items
    composite = replace(
        COMPOSITE,
        items=(
            replace(first, weighted_score=Decimal("44.76")),
            *others,
            replace(whole, weighted_score=Decimal("96.96")),
        ),
    )
    overall = replace(OVERALL_SHEET, total=("98.55", "96.55"))
    given = evaluation((overall, *PROJECT_SHEETS), composites=(composite,))
    (standing,) = rank_departments(gather_dossiers(given), left_out)
    # 98.55 × 46.36 % = 45.69 instead of 44.76
    assert (standing.self_score, standing.accepted_score) == (Decimal("97.89"), Decimal("96.96"))


def test_without_a_composite_the_overall_form_stands_for_the_department() -> None:
    (standing,) = rank_departments(gather_dossiers(evaluation(composites=())), scheme())
    assert (standing.accepted_score, standing.verified_share) == (Decimal("96.55"), Decimal("70.00"))


def test_a_composite_that_is_not_known_leaves_the_department_unranked() -> None:
    *items, whole = COMPOSITE.items
    unknown = replace(COMPOSITE, items=(*items, replace(whole, weighted_score=None)), grade="")
    (standing,) = rank_departments(gather_dossiers(evaluation(composites=(unknown,))), scheme())
    assert (standing.self_score, standing.accepted_score, standing.grade) == (None, None, "")
    assert standing.overall_score == Decimal("96.55")


def test_without_an_overall_form_nothing_is_known() -> None:
    (standing,) = rank_departments(gather_dossiers(evaluation(PROJECT_SHEETS, composites=())), scheme())
    assert (standing.self_score, standing.accepted_score, standing.grade) == (None, None, "")
    assert (standing.overall_score, standing.annual_budget, standing.verified_share) == (None, None, None)


def test_best_first_unknown_last() -> None:
    given = large_evaluation(3)
    unknown = replace(OVERALL_SHEET, department="云梦泽省虚构无分局", file="无分.xlsx", project="某项目")
    given = replace(
        given,
        cards=(*given.cards, *evaluation((unknown,)).cards),
        submissions=(*given.submissions, *evaluation((unknown,)).submissions),
        statuses={**given.statuses, **evaluation((unknown,)).statuses},
    )
    ranked = rank_departments(gather_dossiers(given), scheme())
    assert [standing.dossier.department for standing in ranked] == [
        "云梦泽省虚构第1局",
        "云梦泽省虚构第2局",
        "云梦泽省虚构第3局",
        "云梦泽省虚构无分局",
    ]
