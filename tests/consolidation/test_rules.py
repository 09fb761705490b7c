from dataclasses import replace

from jixiao.consolidation.rules import RuleRow, describe_scheme
from jixiao.domain.scheme import CarryoverTreatment, Scheme
from tests.builders.evaluations import scheme


def described(given: Scheme) -> dict[str, RuleRow]:
    return {row.id: row for row in describe_scheme(given)}


def test_every_rule_of_the_scheme_is_described_once() -> None:
    rules = scheme()
    identities = [f"{form.id}.{identity.id}" for form in rules.forms for identity in form.identities]
    assert [row.id for row in describe_scheme(rules)] == [
        *("weights.overall", "weights.project", "execution"),
        *(rule.id for rule in rules.rules),
        *("overshoot", "grades", "composite"),
        *identities,
        *(f"cross_checks.{check.id}" for check in rules.cross_checks),
        *(f"measures.{measure.id}" for measure in rules.measures),
        *("appraisal", "survey", "reconciliation", "sample"),
        *(f"uses.{rule.id}" for rule in rules.uses),
    ]


def test_weights_and_grades_can_be_checked_against_the_regulation() -> None:
    rows = described(scheme())
    assert rows["weights.overall"].method == "应按规定分值设置"
    assert rows["weights.overall"].parameters == (
        "总分 100；预算执行 10；产出指标 50；效益指标 30；满意度指标 10"
    )
    assert rows["grades"].parameters.startswith("优 ≥90；良 ≥80；中 ≥60；差 <60；")


def test_execution_says_how_it_rounds() -> None:
    assert described(scheme())["execution"].parameters == (
        "执行率保留2位小数（百分数）；得分保留2位小数，四舍五入；按未舍入的执行率计算的得分同样认可；"
        "执行率低于90%应说明原因；执行数超过全年预算数 0.01 万元以上的应说明资金来源"
    )
    strict = replace(scheme(), execution=replace(scheme().execution, exact_accepted=False, reason_below=None))
    assert described(strict)["execution"].parameters == (
        "执行率保留2位小数（百分数）；得分保留2位小数，四舍五入；"
        "执行数超过全年预算数 0.01 万元以上的应说明资金来源"
    )


def test_qualitative_rule_names_its_bands() -> None:
    assert described(scheme())["qualitative"].parameters == (
        "达成年度指标 100%～80%；部分达成年度指标并具有一定效果 80%～60%；未达成年度指标且效果较差 60%～0%"
    )


def test_left_out_carry_over_and_adjustable_weights() -> None:
    rules = scheme()
    assert rules.composite is not None
    given = replace(
        rules,
        weights=(replace(rules.weights[0], execution=None, fixed=False),),
        composite=replace(rules.composite, carryover=CarryoverTreatment.LEFT_OUT),
    )
    rows = described(given)
    assert rows["weights.overall"].words[2:4] == (
        "可调整各部分分值，合计应等于总分",
        "总分 100；产出指标 50；效益指标 30；满意度指标 10",
    )
    assert rows["composite"].parameters.endswith("没有单独自评表的结转项目占资金比重，但不计得分")


def test_measures_and_cross_checks_say_what_they_compare() -> None:
    rows = described(scheme())
    assert rows["measures.low_projects"].words == (
        "执行率低于90%的项目数",
        "低于界限的表数",
        "各项目自评表的执行率",
        "单位 个；保留0位小数，四舍五入；界限 90%",
        "只列示，不计分",
    )
    assert rows["cross_checks.three_public"].words[1:3] == (
        "“三公”经费明细表",
        "两处应一致，允许四舍五入误差",
    )
    assert rows["cross_checks.project_carryover"].method == "两处不一致的提示核实，口径可以不同"
