"""What may be said of a form's total, and what stays out of averages."""

from dataclasses import replace
from decimal import Decimal

from jixiao.consolidation.totals import (
    base_content,
    computed_total,
    reported_total,
    sound_total,
    total_contents,
    total_remark,
)
from jixiao.domain.report import Tone, Toned
from jixiao.domain.scores import ScoreCard
from tests.builders.evaluations import PROJECT_SHEETS, card, number, scheme

CARD = card(PROJECT_SHEETS[0])
"""Total 98.72 of 100."""


def with_base(given: ScoreCard, base: str) -> ScoreCard:
    *parts, total = given.components
    return replace(given, components=(*parts, replace(total, weight=Decimal(base), accepted_score=None)))


def test_a_total_in_order_needs_no_remark() -> None:
    assert (reported_total(CARD), sound_total(CARD, scheme()), *total_contents(CARD, scheme())) == (
        Decimal("98.72"),
    ) * 4
    assert (base_content(CARD, scheme()), total_remark(CARD, scheme())) == (Decimal(100), "")


def test_a_total_above_the_base_is_shown_and_not_averaged() -> None:
    high = card(replace(PROJECT_SHEETS[0], total=("104.00", "98.72")))
    assert (reported_total(high), sound_total(high, scheme())) == (Decimal("104.00"), None)
    assert total_contents(high, scheme()) == (Toned("104.00", Tone.DOUBT), Decimal("98.72"))
    assert total_remark(high, scheme()) == "自评总分 104.00 高于满分 100.00，不计入平均"


def test_a_score_above_its_weight_keeps_the_total_out_of_averages() -> None:
    first, *others = PROJECT_SHEETS[0].rows
    high = card(replace(PROJECT_SHEETS[0], rows=(replace(first, self_score="52"), *others)))
    assert (reported_total(high), sound_total(high, scheme())) == (Decimal("98.72"), None)
    assert total_remark(high, scheme()) == ("“举办主题宣传活动（次）”得分高于分值，自评总分不计入平均")
    rate = card(replace(PROJECT_SHEETS[0], execution=("10", "10.72", "8.72", "")))
    assert total_remark(rate, scheme()) == "“预算执行”得分高于分值，自评总分不计入平均"


def test_another_base_is_shown_as_such() -> None:
    odd = with_base(CARD, "120")
    assert base_content(odd, scheme()) == Toned("120.00", Tone.DOUBT)
    assert total_contents(odd, scheme()) == (Toned("98.72", Tone.DOUBT),) * 2
    assert (sound_total(odd, scheme()), computed_total(odd, scheme())) == (None, None)
    assert total_remark(odd, scheme()) == (
        "各项分值合计 120.00 分，不是 100.00 分（总分行印为 100.00 分），得分未折算，不计入平均"
    )


def test_a_base_that_the_scheme_allows_is_in_order() -> None:
    allowed = replace(scheme(), weights=tuple(replace(each, total=Decimal(120)) for each in scheme().weights))
    assert base_content(with_base(CARD, "120"), allowed) == Decimal(120)
    assert total_remark(CARD, allowed).startswith("各项分值合计 100.00 分，不是 120.00 分")


def test_a_total_that_is_not_printed_is_computed() -> None:
    unprinted = replace(CARD, submission=replace(CARD.submission, total={}))
    assert (reported_total(unprinted), *total_contents(unprinted, scheme())) == (
        *(None, None, Decimal("98.72")),
    )
    assert total_remark(unprinted, scheme()) == "表上没有总分，核算得分由各项相加"


def test_a_total_may_stand_in_a_field() -> None:
    entry = number("88", CARD.submission.total["self_score"].ref)
    form = replace(CARD.submission, total={}, fields={"total_score": entry})
    assert reported_total(replace(CARD, submission=form)) == Decimal(88)
