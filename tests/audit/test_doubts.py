from __future__ import annotations

from dataclasses import replace

from jixiao.domain.quantities import Comparator
from tests.builders.audits import marks, only
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_indicator
from tests.builders.targets import at_least, figure

GOOD = good_project(PROJECT)
FAR = with_indicator(GOOD, 0, target=at_least("8"), actual=figure("93"))


def test_a_target_exceeded_by_far() -> None:
    finding = only(FAR)
    assert (finding.code, finding.place.cell, finding.label) == ("Q101", "C21", "示例次数")
    assert (finding.reported, finding.expected) == ("93", "≥8")
    assert finding.figures == {"attainment": "1,162.50%", "threshold": "130%"}


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
