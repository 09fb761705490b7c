from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.domain.scheme import CarryoverTreatment
from jixiao.scoring.cards import score
from jixiao.scoring.composite import compose, remainder_of
from tests.builders.schemes import scheme
from tests.builders.submissions import with_fields, with_funds, with_indicator
from tests.builders.worked import worked_forms

if TYPE_CHECKING:
    from jixiao.domain.scores import Composite, ScoreCard

SCHEME = scheme()
CARDS = tuple(score(form, SCHEME) for form in worked_forms())
OVERALL, *PROJECTS = CARDS


def composed(treatment: CarryoverTreatment = CarryoverTreatment.TO_OVERALL) -> Composite:
    composite = compose("虚构市示例局", CARDS, scheme(treatment))
    assert composite is not None
    return composite


def texts(*figures: Decimal | None) -> list[str]:
    return [str(figure) for figure in figures]


def test_the_worked_composite() -> None:
    items = composed().items
    shares = ["46.36", "7.24", "3.96", "8.49", "2.28", "29.17", "1.39", "1.11", "100"]
    weighted = ["45.83", "7.15", "3.95", "8.31", "2.23", "29.17", "1.39", "None", "98.03"]
    assert texts(*(item.share_percent for item in items)) == shares
    assert texts(*(item.weighted_score for item in items)) == weighted
    assert [item.kind for item in items] == ["overall", *["project"] * 6, "carryover", "total"]
    assert (items[-2].funds, items[-1].funds) == (Decimal("54.90"), Decimal("4943.35"))
    assert (composed().score, composed().grade) == (Decimal("98.03"), "优")


def test_the_items_are_named_and_noted() -> None:
    items = composed().items
    assert [item.item for item in items][:2] == ["部门整体（基本支出）", "风险防范"]
    assert items[0].note == "连同结转占比 1.11%，按 47.47% 加权"
    assert items[-2].note == "未单独报送项目的占比计入部门整体"


def test_the_other_treatments_are_told() -> None:
    assert composed().variants == (
        ("未单独报送项目的占比不计分", Decimal("96.95")),
        ("剔除未单独报送项目后重新折算占比", Decimal("98.04")),
    )


def test_carryover_left_out_keeps_its_share_and_earns_nothing() -> None:
    composite = composed(CarryoverTreatment.LEFT_OUT)
    overall, carryover = composite.items[0], composite.items[-2]
    assert texts(overall.share_percent, overall.weighted_score) == ["46.36", "44.76"]
    assert texts(carryover.share_percent, carryover.weighted_score) == ["1.11", "None"]
    assert composite.score == Decimal("96.96")
    assert composite.variants[0] == ("未单独报送项目的占比计入部门整体", Decimal("98.03"))


def test_carryover_renormalised_has_no_share() -> None:
    composite = composed(CarryoverTreatment.RENORMALISED)
    assert sum(item.share_percent for item in composite.items[:-2]) == 100
    assert composite.items[-2].share_percent == 0
    assert [score for _, score in composite.variants] == [Decimal("98.03"), Decimal("96.95")]


@pytest.mark.parametrize(
    ("whole", "remainder"),
    [("300.04", "0.04"), ("300.02", "0"), ("300.00", "0"), ("299.98", "0"), ("250.00", "0")],
)
def test_rounding_is_no_remainder_and_neither_is_an_excess(whole: str, remainder: str) -> None:
    assert remainder_of(Decimal(whole), [Decimal(100)] * 3) == Decimal(remainder)


def test_without_a_remainder_there_is_no_carryover_and_nothing_else_to_tell() -> None:
    whole = with_fields(OVERALL.submission, basic_expenditure="2345.91")
    composite = compose("d", (score(whole, SCHEME), *PROJECTS), SCHEME)
    assert composite is not None
    assert [item.kind for item in composite.items] == ["overall", *["project"] * 6, "total"]
    assert composite.variants == ()


def test_an_overall_form_alone_is_its_own_composite() -> None:
    whole = with_fields(OVERALL.submission, basic_expenditure="4943.35")
    composite = compose("d", (score(whole, SCHEME),), SCHEME)
    assert composite is not None
    assert texts(composite.items[0].share_percent, composite.score) == ["100.00", "96.55"]


@pytest.mark.parametrize(
    "cards",
    [
        (),
        PROJECTS,
        (OVERALL, OVERALL, *PROJECTS),
        (score(with_fields(OVERALL.submission, basic_expenditure=None), SCHEME), *PROJECTS),
        (score(with_funds(OVERALL.submission, "total", executed="—"), SCHEME), *PROJECTS),
        (OVERALL, score(with_funds(PROJECTS[0].submission, "total", executed="#"), SCHEME)),
        (OVERALL, score(with_funds(PROJECTS[0].submission, "total", executed="-1"), SCHEME)),
        (score(with_fields(OVERALL.submission, basic_expenditure="0"), SCHEME),),
    ],
)
def test_no_composite_where_funds_are_not_known(cards: tuple[ScoreCard, ...]) -> None:
    assert compose("d", cards, SCHEME) is None


def test_a_score_that_is_not_known_leaves_the_composite_without_one() -> None:
    open_form = with_indicator(PROJECTS[0].submission, 7, self_score=None)
    composite = compose("d", (OVERALL, score(open_form, SCHEME), *PROJECTS[1:]), SCHEME)
    assert composite is not None
    assert (composite.items[1].weighted_score, composite.items[1].note) == (None, "得分不明，无法加权")
    assert (composite.score, composite.grade, composite.variants) == (None, "", ())
    assert sum(item.share_percent for item in composite.items[:-1]) == 100


def test_an_overall_score_that_is_not_known_is_not_weighted() -> None:
    open_form = with_indicator(OVERALL.submission, 16, self_score=None)
    composite = compose("d", (score(open_form, SCHEME), *PROJECTS), SCHEME)
    assert composite is not None
    assert (composite.items[0].weighted_score, composite.score) == (None, None)


def test_the_accepted_score_counts_and_the_note_says_so() -> None:
    praised = with_funds(PROJECTS[4].submission, "total", executed="1400.00", self_score="10")
    composite = compose("d", (OVERALL, *PROJECTS[:4], score(praised, SCHEME), PROJECTS[5]), SCHEME)
    assert composite is not None
    item = composite.items[5]
    assert texts(item.score) == ["99.71"]
    assert item.note == "自评 100.00，按采用得分计"


@settings(max_examples=30)
@given(
    st.lists(st.decimals("0.01", 5000, places=2), min_size=6, max_size=6),
    st.sampled_from(CarryoverTreatment),
)
def test_the_total_is_the_sum_of_the_weighted_scores(
    executed: list[Decimal], treatment: CarryoverTreatment
) -> None:
    rule = scheme(treatment)
    projects = [
        replace(card, submission=with_funds(card.submission, "total", executed=str(money)))
        for card, money in zip(PROJECTS, executed, strict=True)
    ]
    composite = compose("d", (OVERALL, *projects), rule)
    assert composite is not None
    *items, total = composite.items
    assert sum(item.share_percent for item in items) == 100
    assert total.weighted_score == sum(item.weighted_score or 0 for item in items)
