from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.domain.quantities import Actual, Comparator, Target
from tests.builders.audits import SCHEME, audit, marks, only
from tests.builders.lexicon import LEXICON
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, ref, with_indicator
from tests.builders.targets import at_least, at_most, figure, nothing, said, unsigned, words

GOOD = good_project(PROJECT)
FAR = with_indicator(GOOD, 0, target=at_least("8"), actual=figure("93"))


def test_a_target_exceeded_by_far() -> None:
    finding = only(FAR)
    assert (finding.code, finding.place.cell, finding.label) == ("Q101", "C21", "示例次数")
    assert (finding.reported, finding.expected) == ("93", "≥8")
    assert finding.figures == {"attainment": "1,162.50%", "threshold": "130%"}


def test_one_indicator_in_two_rows() -> None:
    twice = replace(GOOD, indicators=(*GOOD.indicators, replace(GOOD.indicators[0], ref=ref(30, 0))))
    rows = [each for each in audit(twice) if each.code == "Q103"]
    assert [(each.place.cell, each.label, each.figures) for each in rows] == [
        ("C21", "示例次数", {"other": "C21"})
    ]


def test_rows_in_words_may_say_the_same() -> None:
    twice = replace(GOOD, indicators=(*GOOD.indicators, replace(GOOD.indicators[3], ref=ref(30, 0))))
    assert "Q103" not in {each.code for each in audit(twice)}


def test_a_reason_settles_it() -> None:
    assert marks(with_indicator(FAR, 0, reason="上级新增任务。")) == set()


def test_just_below_the_threshold_is_no_doubt() -> None:
    assert marks(with_indicator(GOOD, 0, target=at_least("100"), actual=figure("129.99"))) == set()


def test_an_actual_that_repeats_the_sign() -> None:
    finding = only(
        with_indicator(GOOD, 0, target=at_least("3.5"), actual=figure("3.5", sign=Comparator.MORE))
    )
    assert (finding.code, finding.place.cell, finding.reported) == ("Q102", "C21", "＞3.5")


def test_without_the_column_the_row_is_pointed_to() -> None:
    entries = {name: entry for name, entry in FAR.indicators[0].entries.items() if name != "actual"}
    form = replace(FAR, indicators=(replace(FAR.indicators[0], entries=entries), *FAR.indicators[1:]))
    assert marks(form) == {("Q101", "A21")}


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        (at_least("500", "人"), said("已完成", "")),
        (at_least("95", "%"), said("达到要求", "")),
        (at_most("3", "次"), said("控制良好", "")),
        (unsigned("12", "次"), said("已完成", "")),
    ],
)
def test_words_where_a_figure_is_wanted(target: Target, actual: Actual) -> None:
    finding = only(with_indicator(GOOD, 0, target=target, actual=actual))
    assert (finding.code, finding.place.cell, finding.label) == ("V115", "C21", "示例次数")
    assert (finding.reported, finding.expected) == (actual.text, "")
    assert finding.figures == {"wanted": target.text}


@pytest.mark.parametrize(
    ("target", "actual", "codes"),
    [
        (words("完成"), said("已完成"), set()),
        (at_least("100", "%"), said("已完成", ""), {("S111", "E21")}),
        (at_least("500", "人"), nothing(), set()),
    ],
)
def test_words_that_answer_the_target(target: Target, actual: Actual, codes: set[tuple[str, str]]) -> None:
    assert marks(with_indicator(GOOD, 0, target=target, actual=actual)) == codes


@pytest.mark.parametrize(
    ("target", "actual", "cell", "reported"),
    [
        (at_least("290", "%"), figure("100", "%"), "B21", "≥290%"),
        (at_least("90", "%"), figure("290", "%"), "C21", "290%"),
    ],
)
def test_more_than_a_hundred_percent_of_satisfaction(
    target: Target, actual: Actual, cell: str, reported: str
) -> None:
    row = replace(GOOD.indicators[0], level3="群众满意度")
    form = replace(GOOD, indicators=(row, *GOOD.indicators[1:]))
    rules = replace(SCHEME, lexicon=LEXICON)
    finding = only(with_indicator(form, 0, target=target, actual=actual), rules)
    assert (finding.code, finding.place.cell, finding.reported) == ("V116", cell, reported)
