"""One weight merged over the scores of several indicators."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.scores import Stake
from jixiao.scoring.cards import score
from tests.builders.schemes import PROJECT, scheme
from tests.builders.scoring_tables import ROWS, SCHEME, scoring_table
from tests.builders.submissions import good_project

if TYPE_CHECKING:
    from jixiao.domain.submissions import Submission

TARGETS = scheme()
BENEFITS = tuple(row for row in ROWS if row.level1 == "效果")


def merged(form: Submission) -> Submission:
    """The form with the first weight cell, 20, merged over the two indicators that have 20 each."""
    first, second, *rest = form.indicators
    entries = {**second.entries, "weight": first.entries["weight"]}
    return replace(form, indicators=(first, replace(second, entries=entries), *rest))


def test_a_shared_weight_counts_once_and_its_scores_are_added() -> None:
    card = score(scoring_table(rows=BENEFITS, total="20"), SCHEME)
    stakes = Stake.of(card.indicators)
    assert [(stake.name, stake.weight, stake.self_score) for stake in stakes] == [
        ("经济效益、社会效益、生态效益", Decimal(15), Decimal(15)),
        ("社会公众或服务对象满意度", Decimal(5), Decimal(5)),
    ]
    assert [weight for stake in stakes for _, weight in stake.rows] == [Decimal(15), None, None, Decimal(5)]
    total = (card.total.weight, card.total.self_score, card.total.accepted_score)
    assert total == (Decimal(20), Decimal(20), None)


def test_one_row_may_hold_the_score_for_all() -> None:
    lumped = {"经济效益": BENEFITS[0]._replace(self_score="14")}
    lumped |= {row.level3: row._replace(self_score="") for row in BENEFITS[1:3]}
    stake = Stake.of(score(scoring_table(lumped, rows=BENEFITS), SCHEME).indicators)[0]
    assert (stake.weight, stake.self_score) == (Decimal(15), Decimal(14))


def test_a_shared_weight_without_any_score_is_not_known() -> None:
    blank = {row.level3: row._replace(self_score="") for row in BENEFITS[:3]}
    stake = Stake.of(score(scoring_table(blank, rows=BENEFITS), SCHEME).indicators)[0]
    assert stake.self_score is None


def test_scores_above_a_shared_weight_are_accepted_up_to_it() -> None:
    greedy = {"经济效益": BENEFITS[0]._replace(self_score="9")}
    card = score(scoring_table(greedy, rows=BENEFITS), SCHEME)
    assert (card.components[0].self_score, card.components[0].accepted_score) == (Decimal(24), Decimal(20))


def test_targets_under_one_weight_are_left_to_a_person() -> None:
    card = score(merged(good_project(PROJECT)), TARGETS)
    assert [each.award.score for each in card.indicators[:3]] == [None, None, Decimal(10)]
    assert card.indicators[0].award.derivation == "几项指标合用一个分值，由人工判定"
    assert (card.components[1].component, card.components[1].weight) == ("产出指标", Decimal(30))
    assert card.components[1].accepted_score == Decimal(30)
