from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.repetitions import check_repeated_indicators
from jixiao.domain.quantities import Comparator
from tests.builders.schemes import OVERALL, PROJECT, scheme
from tests.builders.submissions import submission
from tests.builders.targets import at_least, at_most, figure, said, words

if TYPE_CHECKING:
    from jixiao.domain.forms import Submission
    from jixiao.domain.quantities import Actual, Target
    from tests.builders.submissions import Row

RULES = replace(scheme(), distinct_levels=("满意度指标",))
LEVEL = "产出指标"


def overall(name: str, target: Target, actual: Actual, level: str = LEVEL) -> Submission:
    rows: tuple[Row, ...] = ((level, name, target, actual, "10", "10"),)
    return submission(OVERALL, "整体", {}, rows, total=None)


def project(name: str, target: Target, actual: Actual, level: str = LEVEL) -> Submission:
    rows: tuple[Row, ...] = ((level, name, target, actual, "10", "10"),)
    return submission(PROJECT, "项目", {}, rows, total=None)


def cells(*forms: Submission) -> list[tuple[str, str, str]]:
    return [(each.code, each.subject, each.place.cell) for each in check_repeated_indicators(forms, RULES)]


def test_two_actuals_of_one_indicator_are_told_once() -> None:
    bound = figure("3.5", "万元", sign=Comparator.MORE)
    forms = (
        overall("非法集资案件追赃挽损金额", at_least("3.5", "万元"), bound),
        project("全年非法集资案件追赃挽损金额", at_least("3.5", "万元"), figure("15", "万元")),
    )
    (first,) = check_repeated_indicators(forms, RULES)
    assert (first.code, first.subject, first.place.cell) == ("X108", "整体", "C21")
    assert (first.reported, first.figures["other"]) == ("＞3.5万元", "15万元")
    assert first.figures["place"] == "《自评表》C21“全年非法集资案件追赃挽损金额”"


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        pytest.param(
            ("1年以上陈案审结率", at_least("60", "%"), figure("64.47", "%")),
            ("1年以上陈案审结率", at_least("60", "%"), figure("64.47", "%")),
            id="the same actual",
        ),
        pytest.param(
            ("示例培训人次", at_least("500", "人"), figure("620", "人")),
            ("示例培训人次", at_least("80", "人"), figure("200", "人")),
            id="another target is another indicator",
        ),
        pytest.param(
            ("示例覆盖率", at_least("60", "%"), figure("62", "%")),
            ("示例投诉率", at_least("60", "%"), figure("70", "%")),
            id="another name",
        ),
        pytest.param(
            ("示例覆盖率", at_least("5", "%"), figure("6", "%")),
            ("示例覆盖率", at_most("5", "%"), figure("4", "%")),
            id="another kind of target",
        ),
        pytest.param(
            ("示例能力", words("提高"), said("提高")), ("示例能力", words("提高"), said("增强")), id="words"
        ),
    ],
)
def test_what_is_no_contradiction(
    own: tuple[str, Target, Actual], theirs: tuple[str, Target, Actual]
) -> None:
    assert cells(overall(*own), project(*theirs)) == []


def test_satisfaction_is_each_forms_own() -> None:
    target = at_least("90", "%")
    forms = (
        overall("服务对象满意度", target, figure("97", "%"), "满意度指标"),
        project("服务对象满意度", target, figure("98", "%"), "满意度指标"),
    )
    assert cells(*forms) == []


def test_two_projects_have_indicators_of_their_own() -> None:
    target = at_least("3", "次")
    assert cells(project("示例培训", target, figure("4")), project("示例培训", target, figure("5"))) == []


def test_two_overall_forms_are_left_alone() -> None:
    target = at_least("3", "次")
    one = overall("示例培训", target, figure("4"))
    assert cells(one, one, project("示例培训", target, figure("5"))) == []
