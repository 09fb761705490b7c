from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.scoring.cards import score
from tests.builders.schemes import OVERALL, PROJECT, scheme
from tests.builders.submissions import good_project, with_fields, with_funds, with_indicator, with_total
from tests.builders.targets import figure, said
from tests.builders.worked import worked_forms, worked_overall

SCHEME = scheme()
GOOD = good_project(PROJECT)


def test_the_worked_totals() -> None:
    totals = [score(form, SCHEME).total for form in worked_forms()]
    expected = ["96.55", "98.72", "99.65", "97.93", "97.63", "100", "100"]
    assert [total.self_score for total in totals] == [Decimal(each) for each in expected]
    assert [total.computed_score for total in totals] == [Decimal(each) for each in expected]
    assert [total.accepted_score for total in totals] == [Decimal(each) for each in expected]
    assert [total.weight for total in totals] == [Decimal(100)] * 7


def test_the_worked_overall_card() -> None:
    card = score(worked_overall(), SCHEME)
    figures = [
        (each.component, str(each.weight), str(each.computed_score), str(each.verified_share))
        for each in card.components
    ]
    assert figures == [
        ("execution", "10", "9.55", "100.00"),
        ("产出指标", "50", "47.00", "100.00"),
        ("效益指标", "30", "30.00", "0.00"),
        ("满意度指标", "10", "10.00", "100.00"),
        ("total", "100", "96.55", "70.00"),
    ]
    assert (card.self_grade, card.computed_grade) == ("优", "优")


def test_a_refuted_score_is_replaced_and_a_lower_one_stands() -> None:
    refuted = score(with_indicator(GOOD, 0, actual=figure("6"), self_score="20"), SCHEME)
    modest = score(with_indicator(GOOD, 0, self_score="15"), SCHEME)
    assert refuted.components[1].accepted_score == Decimal("40.00")
    assert modest.components[1].accepted_score == Decimal("45.00")
    assert modest.components[1].computed_score == Decimal("50.00")


def test_an_undecided_score_counts_as_written() -> None:
    card = score(with_indicator(GOOD, 0, actual=said("完成", "")), SCHEME)
    assert card.total.computed_score == Decimal("97.55")
    assert card.total.verified_share == Decimal("50.00")


def test_a_blank_score_takes_what_the_rule_gives() -> None:
    card = score(with_indicator(GOOD, 0, self_score=None), SCHEME)
    outputs = card.components[1]
    assert (outputs.self_score, outputs.computed_score, outputs.accepted_score) == (
        None,
        Decimal("50.00"),
        Decimal("50.00"),
    )


def test_what_is_neither_computed_nor_written_leaves_the_total_not_known() -> None:
    card = score(with_indicator(GOOD, 3, self_score=None), SCHEME)
    assert (card.total.computed_score, card.total.accepted_score) == (None, None)
    assert (card.self_grade, card.computed_grade) == ("优", "")


def test_an_undecided_score_counts_within_its_weight() -> None:
    above = score(with_indicator(GOOD, 3, self_score="35"), SCHEME)
    below = score(with_indicator(GOOD, 3, self_score="-2"), SCHEME)
    assert (above.components[2].self_score, above.components[2].accepted_score) == (Decimal(35), Decimal(30))
    assert (below.components[2].self_score, below.components[2].accepted_score) == (Decimal(-2), Decimal(0))


def test_an_unknown_weight_is_no_zero() -> None:
    card = score(with_indicator(GOOD, 0, weight=None), SCHEME)
    assert (card.components[1].weight, card.total.weight, card.total.verified_share) == (None, None, None)
    assert card.total.computed_score == Decimal("97.55")


def test_the_self_total_is_the_printed_one_else_the_sum() -> None:
    assert score(with_total(GOOD, self_score="98"), SCHEME).total.self_score == 98
    assert score(with_total(GOOD, self_score=None), SCHEME).total.self_score == Decimal("97.55")
    assert score(replace(GOOD, total={}), SCHEME).total.self_score == Decimal("97.55")


def test_a_total_out_of_other_points_is_none_to_go_on_with() -> None:
    card = score(with_indicator(GOOD, 4, weight="20", self_score="20"), SCHEME)
    total = card.total
    assert (total.weight, total.computed_score) == (Decimal(110), Decimal("107.55"))
    assert total.accepted_score is None
    assert card.computed_grade == ""


def test_a_form_that_lacks_its_execution_has_no_total() -> None:
    card = score(replace(GOOD, lines=()), SCHEME)
    execution = card.components[0]
    assert card.execution is None
    assert (execution.component, execution.weight, execution.computed_score) == ("execution", None, None)
    assert card.total.computed_score is None


def test_a_form_without_a_place_for_execution_does_not_miss_it() -> None:
    plain = replace(PROJECT, tables=PROJECT.tables[1:])
    card = score(replace(GOOD, lines=()), replace(SCHEME, forms=(plain,)))
    assert [each.component for each in card.components] == ["产出指标", "效益指标", "满意度指标", "total"]
    assert card.total.computed_score == Decimal("88.00")


def test_a_form_with_nothing_to_score_gives_an_empty_card() -> None:
    bare = replace(OVERALL, tables=())
    empty = replace(worked_overall(), lines=(), indicators=(), groups=(), total={})
    card = score(empty, replace(SCHEME, forms=(bare,)))
    assert [each.component for each in card.components] == ["total"]
    assert (card.total.weight, card.total.self_score, card.total.computed_score) == (None, None, None)
    assert (card.self_grade, card.computed_grade) == ("", "")


def test_an_indicator_without_its_first_level_is_still_counted() -> None:
    nameless = (replace(GOOD.indicators[0], level1=""), *GOOD.indicators[1:])
    card = score(replace(GOOD, indicators=nameless), SCHEME)
    assert card.components[1].component == "未归类指标"
    assert card.total.computed_score == Decimal("97.55")


def test_digits_that_the_form_hides_do_not_reach_the_accepted_score() -> None:
    hidden = with_funds(GOOD, "total", self_score="9.55425")
    assert score(hidden, SCHEME).components[0].accepted_score == Decimal("9.55")


def test_the_printed_grade_is_the_self_grade() -> None:
    assert score(with_fields(GOOD, grade="良好"), SCHEME).self_grade == "良"
