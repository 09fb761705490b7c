from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.indicators import (
    check_magnitudes,
    check_measured_indicators,
    check_repeated_indicators,
)
from jixiao.domain.quantities import Actual, ActualKind, Comparator, Quantity
from jixiao.domain.relations import MeasuredValue, MeasureKind
from tests.builders.lexicon import LEXICON
from tests.builders.measures import rule
from tests.builders.schemes import OVERALL, PROJECT, scheme
from tests.builders.submissions import submission, with_fields
from tests.builders.targets import at_least, at_most, figure, said, words

if TYPE_CHECKING:
    from jixiao.domain.quantities import Target
    from jixiao.domain.submissions import Submission
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


IN_MONEY = replace(scheme(), lexicon=LEXICON)
NAME = "金融机构贷款余额（万元）"


def money(text: str, value: str, dimension: str = "元", scale: str = "1") -> Actual:
    """An actual of so many 元; `text` is what the cell shows."""
    return Actual(text, ActualKind.FIGURE, Quantity(Decimal(value), dimension, scale=Decimal(scale)))


BARE = money("74377.1", "743771000", scale="10000")


def form(actual: Actual, name: str = NAME, text: str = "") -> Submission:
    rows = (("产出指标", name, at_least("60000"), actual, "10", "10"),)
    built = submission(OVERALL, "整体", {}, rows, total=None)
    return with_fields(built, reason=text) if text else built


def project_of(actual: Actual, name: str) -> Submission:
    rows = (("效益指标", name, at_least("58000"), actual, "10", "10"),)
    return submission(PROJECT, "项目", {}, rows, total=None)


def test_a_figure_that_can_only_be_in_another_unit_is_told_with_the_other_figures() -> None:
    own = form(BARE, text="全省存款余额8.24万亿元，贷款余额达7.44万亿元，存贷比90.82%。")
    other = project_of(money("7.34万亿", "7340000000000", "", "1000000000000"), "各项贷款余额")
    (finding,) = check_magnitudes((own, other), IN_MONEY)
    assert (finding.code, finding.place.cell, finding.label) == ("X109", "C21", NAME)
    assert (finding.reported, finding.figures["times"]) == ("74377.1", "一万倍")
    assert (
        finding.figures["others"]
        == "《自评表》C1“贷款余额达7.44万亿元”、《自评表》C21“各项贷款余额 7.34万亿”"
    )


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("贷款余额7.44万亿元", "一万倍"),
        ("贷款余额 7.44 亿元", ""),
        ("贷款余额74,377.1亿元", "一万倍"),
        ("贷款余额743771亿亿元", ""),
        ("贷款余额6.44万亿元", ""),
        ("存款余额7.44万亿元", ""),
        ("余额7.44万亿元", ""),
        ("贷款余额增长7.44%", ""),
        ("贷款余额0元", ""),
        ("贷款余额7.44元", "一亿倍"),
        ("", ""),
    ],
)
def test_what_a_text_says(text: str, times: str) -> None:
    findings = list(check_magnitudes((form(BARE, text=text),), IN_MONEY))
    assert [each.figures["times"] for each in findings] == ([times] if times else [])


@pytest.mark.parametrize(
    ("own", "name"),
    [
        pytest.param(money("7.44亿元", "744000000"), NAME, id="its own unit beside it"),
        pytest.param(money("744000000", "744000000", "户"), NAME, id="no money"),
        pytest.param(money("744000000", "744000000", ""), NAME, id="a bare count"),
        pytest.param(money("-744000000", "-744000000"), NAME, id="below zero"),
        pytest.param(Actual("提高", ActualKind.WORDS), NAME, id="words"),
        pytest.param(BARE, "企业贷款户数（万元）", id="another noun"),
    ],
)
def test_what_is_not_asked_about(own: Actual, name: str) -> None:
    assert list(check_magnitudes((form(own, name, "贷款余额7.44万亿元"),), IN_MONEY)) == []


def test_a_short_name_is_a_noun_where_it_is_the_whole_name() -> None:
    assert len(list(check_magnitudes((form(BARE, "税收（万元）", "全市税收7.44万亿元"),), IN_MONEY))) == 0
    assert len(list(check_magnitudes((form(BARE, "税收（万元）", "税收7.44万亿元"),), IN_MONEY))) == 1


MEASURE = rule(MeasureKind.SAVING, of=("a:b",), base=("a:c",), indicators=("三公经费节约率",))


def value(result: str | None, project: str = "") -> MeasuredValue:
    exact = None if result is None else Decimal(result)
    return MeasuredValue(
        measure=MEASURE, department="局", project=project, value=exact, derivation="算式", refs=()
    )


def codes(
    actual: Actual, measured: MeasuredValue, name: str = "“三公”经费节约率"
) -> list[tuple[str, str, str]]:
    form = submission(
        OVERALL, "整体", {}, (("产出指标", name, at_least("5", "%"), actual, "3", "0"),), total=None
    )
    findings = check_measured_indicators((form,), (measured,))
    return [(each.code, each.place.cell, each.expected) for each in findings]


def test_an_indicator_that_the_departments_figures_refute() -> None:
    assert codes(figure("-98.29", "%"), value("-89.29")) == [("X110", "C21", "−89.29%")]


@pytest.mark.parametrize(
    ("actual", "measured"),
    [
        pytest.param(figure("-89.29", "%"), value("-89.29"), id="equal"),
        pytest.param(figure("-89.3", "%"), value("-89.29"), id="printed with fewer digits"),
        pytest.param(figure("-98.29"), value("-89.29"), id="no percentage"),
        pytest.param(figure("5", "%", sign=Comparator.MORE), value("-89.29"), id="a bound"),
        pytest.param(said("下降"), value("-89.29"), id="words"),
        pytest.param(figure("-98.29", "%"), value(None), id="a measure that is not known"),
        pytest.param(figure("-98.29", "%"), value("-89.29", "项目"), id="a project's measure"),
    ],
)
def test_what_is_left_alone(actual: Actual, measured: MeasuredValue) -> None:
    assert codes(actual, measured) == []


def test_another_indicator_is_left_alone() -> None:
    assert codes(figure("-98.29", "%"), value("-89.29"), "公用经费节约率") == []
