"""The 25 rows of the municipal scoring table, each by its own standard of the shipped scheme."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.domain.quantities import Verdict
from jixiao.scoring.cards import score
from jixiao.scoring.criteria import find_criterion
from tests.builders.scoring_tables import ROWS, SCHEME, Row, one_row, profile, scoring_table

OPEN = None


def judged(name: str, figures: dict[str, str], level2: str = "") -> tuple[Decimal | None, str]:
    """Score and rule of the row of that name, beside a sectioned form with these figures."""
    row = next(each for each in ROWS if each.level3 == name and each.level2.startswith(level2))
    form = one_row(row)
    (scored,) = score(form, SCHEME, (form, profile(figures))).indicators
    return scored.award.score, scored.award.rule


@pytest.mark.parametrize(
    ("name", "rule", "figures", "expected"),
    [
        ("财政供养人员控制率", "staff_control", {}, "5"),
        ("财政供养人员控制率", "staff_control", {"on_payroll": "12"}, "5"),
        ("财政供养人员控制率", "staff_control", {"on_payroll": "17"}, "2"),
        ("财政供养人员控制率", "staff_control", {"on_payroll": "20"}, "0"),
        ("财政供养人员控制率", "staff_control", {"authorised": "0"}, OPEN),
        ("财政供养人员控制率", "staff_control", {"authorised": ""}, OPEN),
        ("“三公经费”变动率", "three_public_change", {}, OPEN),
        ("重点支出安排率", "key_spending", {}, OPEN),
        ("重点支出安排率", "key_spending", {"spending.total.project": ""}, OPEN),
        ("预算调整率", "budget_adjustment", {}, OPEN),
        ("支付进度", "payment_progress", {}, OPEN),
        ("资金结余", "balance", {}, "2"),
        ("资金结余", "balance", {"spending.total.balance": "0"}, "3"),
        ("资金结余", "balance", {"spending.total.balance": "—"}, "3"),
        ("资金结余", "balance", {"spending.total.balance": "60.29"}, "2"),
        ("资金结余", "balance", {"spending.total.balance": "60.30"}, "0"),
        ("资金结余", "balance", {"income.total.carryover": "—"}, "0"),
        ("资金结余", "balance", {"income.total.carryover": ""}, OPEN),
        ("资金结余", "balance", {"spending.total.balance": "-3"}, OPEN),
        ("“三公经费”控制率", "three_public_control", {}, OPEN),
        ("资金使用合规性", "compliance", {}, OPEN),
        ("预决算信息公开性和完善性", "disclosure", {}, OPEN),
        ("政府采购执行率", "procurement", {}, OPEN),
        ("公务卡刷卡率", "official_cards", {}, OPEN),
        ("资产管理安全性", "asset_safety", {}, OPEN),
        ("固定资产利用率", "asset_use", {}, "3"),
        ("固定资产利用率", "asset_use", {"assets.total.in_use": "44.361"}, "2"),
        ("固定资产利用率", "asset_use", {"assets.total.in_use": "—"}, "0"),
        ("固定资产利用率", "asset_use", {"assets.total.total": "0"}, OPEN),
        ("推进全面小康建设指标任务完成情况", "moderate_prosperity", {}, OPEN),
        ("建设湖南新增长极目标任务完成情况", "growth_pole", {}, OPEN),
        ("《政府工作报告》目标任务完成情况", "work_report", {}, OPEN),
        ("省市重点民生实事完成情况", "livelihood", {}, OPEN),
        ("省市重点工程和重大项目建设完成情况", "key_works", {}, OPEN),
        ("其他工作实绩指标完成情况", "other_achievements", {}, OPEN),
        ("经济效益", "benefits", {}, OPEN),
        ("社会公众或服务对象满意度", "satisfaction", {}, OPEN),
    ],
)
def test_each_row_by_its_standard(
    name: str, rule: str, figures: dict[str, str], expected: str | None
) -> None:
    assert judged(name, figures) == (None if expected is None else Decimal(expected), rule)


@pytest.mark.parametrize(("level2", "rule"), [("预算管理", "budget_rules"), ("资产管理", "asset_rules")])
def test_two_rows_of_one_name_are_told_apart_by_their_second_level(level2: str, rule: str) -> None:
    assert judged("管理制度健全性", {}, level2) == (None, rule)


def test_every_row_of_the_table_has_a_standard_and_every_standard_a_row() -> None:
    found = [find_criterion(each, SCHEME.criteria) for each in scoring_table().indicators]
    assert len(found) == len(ROWS) == 25
    assert {each.id for each in found if each} == {each.id for each in SCHEME.criteria}
    assert len(SCHEME.criteria) == 23
    assert None not in found


@pytest.mark.parametrize(
    "name",
    ["财政供养人员\n控制率", "财政供养人员控制率（5分）", " 财政供养 人员控制率 ", "“财政供养人员”控制率"],
)
def test_a_name_is_known_without_breaks_brackets_and_quotation_marks(name: str) -> None:
    (row,) = one_row(ROWS[0]._replace(level3=name)).indicators
    criterion = find_criterion(row, SCHEME.criteria)
    assert criterion is not None
    assert criterion.id == "staff_control"


def test_a_name_with_a_second_level_elsewhere_has_no_standard() -> None:
    (row,) = one_row(Row("过程", "项目管理", "管理制度健全性", "3", "3")).indicators
    assert find_criterion(row, SCHEME.criteria) is None


def test_an_indicator_of_the_departments_own_is_left_to_a_person() -> None:
    form = one_row(Row("产出", "职责履行", "虚构任务完成情况", "5", "4"))
    (scored,) = score(form, SCHEME, (form, profile())).indicators
    assert (scored.award.score, scored.award.rule, scored.evidence) == (None, "", None)
    assert scored.comparison.verdict is Verdict.UNDETERMINED
    assert scored.award.derivation == "方案没有这项指标的评分标准，由人工判断"


@pytest.mark.parametrize(
    ("weight", "reason"),
    [
        ("4", "分值与评分标准规定的不同，未能核实，暂按自评得分计"),
        ("", "分值不明，未能核实，暂按自评得分计"),
    ],
)
def test_points_for_another_weight_are_not_computed(weight: str, reason: str) -> None:
    form = one_row(ROWS[0]._replace(weight=weight, self_score="4"))
    (scored,) = score(form, SCHEME, (form, profile())).indicators
    assert (scored.award.score, scored.award.derivation) == (None, reason)


def test_without_the_sectioned_form_nothing_is_computed() -> None:
    form = scoring_table()
    assert {each.award.score for each in score(form, SCHEME, (form,)).indicators} == {None}
    assert {each.award.score for each in score(form, SCHEME).indicators} == {None}


def test_of_two_sectioned_forms_none_is_chosen() -> None:
    form = one_row(ROWS[0])
    (scored,) = score(form, SCHEME, (form, profile(), replace(profile(), submission_id="other"))).indicators
    assert scored.award.score is None


def test_the_worked_card() -> None:
    lost = {name: Row(*row[:4], "0") for row in ROWS for name in [row.level3] if "三公" in name}
    form = scoring_table(lost, total="88")
    card = score(form, SCHEME, (form, profile({"spending.total.project": ""})))
    figures = [
        (
            each.component,
            *map(str, (each.weight, each.self_score, each.computed_score, each.accepted_score)),
            str(each.verified_share),
        )
        for each in card.components
    ]
    assert figures == [
        ("投入", "15", "10", "10.00", "10.00", "33.33"),
        ("过程", "40", "33", "33.00", "33.00", "15.00"),
        ("产出", "25", "25", "25.00", "25.00", "0.00"),
        ("效果", "20", "20", "20.00", "20.00", "0.00"),
        ("total", "100", "88", "88.00", "88.00", "11.00"),
    ]
    assert (card.self_grade, card.computed_grade) == ("良", "良")
    decided = {each.indicator.name: each.award.score for each in card.indicators if each.award.decided}
    assert decided == {
        "财政供养人员控制率": Decimal(5),
        "资金结余": Decimal(2),
        "固定资产利用率": Decimal(3),
    }


def test_the_sectioned_form_has_its_printed_score_and_grade_and_no_points() -> None:
    card = score(profile(fields={"total_score": "88", "grade": "良好"}), SCHEME)
    assert (card.total.self_score, card.total.weight, card.total.accepted_score) == (Decimal(88), None, None)
    assert (card.self_grade, card.computed_grade, card.indicators) == ("良", "", ())
