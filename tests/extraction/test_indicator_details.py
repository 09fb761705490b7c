"""Rows that are easily lost or misread: parts of a row above, templates' numbering, targets inside names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.quantities import TargetKind
from jixiao.extraction.targets import target_in_name
from jixiao.scoring.cards import score
from tests.builders.readings import national, read
from tests.builders.sheets import HEADER_ROW, TOTAL_ROW, before, project, sheet

ROW = "^ | ^ | 更换水表（只） | ≥2000只 | 2,150只 | 10 | 10 |"
TOWN, LAND = (
    "^ | ^ | 其中城区水表 | ≥1500只 | 1600只 |  |  |",
    "^ | ^ | 其中：乡镇水表 | ≥500只 | 550只 |  |  |",
)
PARTS = (ROW, f"{ROW}\n{TOWN}\n{LAND}")


def test_parts_of_a_scored_row_are_read_and_asked_for_no_points() -> None:
    form = read(sheet(project(PARTS)))
    names = {each.level3: each.detail for each in form.submission.indicators}
    assert names == {
        "改造管网（公里）": False,
        "更换水表（只）": False,
        "其中城区水表": True,
        "其中：乡镇水表": True,
        "验收合格率": False,
        "居民用水条件": False,
        "居民满意度": False,
    }
    assert form.audit() == set()
    assert score(form.submission, national()).total.weight == Decimal(100)


@pytest.mark.parametrize(
    "part",
    ["^ | ^ | 其中城区水表 | ≥1500只 | 1400只 |  |  |", "^ | ^ | 其中城区水表 | ≥1500只 |  |  |  |"],
    ids=["missed without a reason", "blank"],
)
def test_parts_owe_neither_reason_nor_figures(part: str) -> None:
    form = read(sheet(project((ROW, f"{ROW}\n{part}\n{LAND}"))))
    assert [each.detail for each in form.submission.indicators].count(True) == 2
    assert form.audit() == set()


def test_parts_without_a_scored_row_above_are_asked_for_theirs() -> None:
    text = project((ROW, "^ | ^ | 其中城区水表 | ≥1500只 | 1600只 | 10 | 10 |"))
    assert [each.detail for each in read(sheet(text)).submission.indicators] == [False] * 5


@pytest.mark.parametrize(
    "name", ["指标4：培训人次", "指标4.不合格产品处置率", "指标4 培训人次", "指标8:0-6岁儿童管理数"]
)
def test_a_real_name_behind_a_template_s_numbering_is_an_indicator(name: str) -> None:
    form = read(sheet(project((ROW, f"{ROW}\n^ | ^ | {name} |  |  |  |  |"))))
    assert len(form.submission.indicators) == 6
    assert form.submission.indicators[2].level3 == name[3:].lstrip(":：. ")
    assert {("V103", "D14"), ("V103", "E14")} <= form.audit()


@pytest.mark.parametrize(
    "name",
    [
        "指标4",
        "指标4：",
        "指标4：/",
        "指标4：……",
        "……",
        "指标1：XX率",
        "请填写三级指标",
        "例如：培训人次",
        "/",
    ],
)
def test_a_template_s_unfilled_row_is_none(name: str) -> None:
    form = read(sheet(project((ROW, f"{ROW}\n^ | ^ | {name} |  |  |  |  |"))))
    assert len(form.submission.indicators) == 5
    assert form.audit() == set()


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("培训人数≥500人", "≥500人"),
        ("培训人数（≥500人）", "≥500人"),
        ("培训人数：≥ 500 人", "≥ 500 人"),
        ("群众满意度不低于95%", "不低于95%"),
        ("事故数=0起", "=0起"),
        ("差错率≤0.5%", "≤0.5%"),
        ("工作经费不超过1,200万元", "不超过1,200万元"),
    ],
)
def test_a_target_inside_a_name(name: str, target: str) -> None:
    assert target_in_name(name, national().lexicon) == target
    form = read(sheet(project(("更换水表（只） | ≥2000只 | 2,150只", f"{name} |  | 2150"))))
    second = form.submission.indicators[1]
    assert (second.level3, second.target.text) == (name, target)
    assert [(each.ref.a1, each.text) for each in form.submission.inferences] == [("C13", name)]


@pytest.mark.parametrize(
    "name",
    [
        "年度资金支付完成率100%",
        "培训500人",
        "培训3期≥500人",
        "5000吨稻谷储备到位率≥100%",
        "培训人数≥500人以上或600人",
        "群众不满3次",
        "≥500人",
        "数量≥500人、质量",
        "2024年底前完成",
        "培训人数500-600人",
        "完成率≥",
    ],
)
def test_a_doubtful_one_is_no_target(name: str) -> None:
    assert target_in_name(name, national().lexicon) == ""


@pytest.mark.parametrize(
    ("name", "actual", "target"),
    [
        ("年度资金支付完成率100%", "95%", "100%"),
        ("事项办结率 100％", "已办结", "100％"),
        ("年度资金支付完成率100%", "", ""),
        ("年度资金支付完成率95%", "95%", ""),
        ("资金拨付100%", "100%", ""),
        ("按期完成率100%到位", "100%", ""),
        ("3项任务完成率100%", "100%", ""),
    ],
)
def test_the_whole_of_a_rate_in_its_name_is_a_target_beside_an_actual_value(
    name: str, actual: str, target: str
) -> None:
    form = read(sheet(project(("更换水表（只） | ≥2000只 | 2,150只", f"{name} |  | {actual}"))))
    assert form.submission.indicators[1].target.text == target


def test_a_printed_target_beats_the_name() -> None:
    form = read(sheet(project(("更换水表（只） |", "更换水表≥1000只 |"))))
    assert form.submission.indicators[1].target.text == "≥2000只"
    assert form.submission.inferences == ()


def test_names_hold_the_targets_where_no_column_does() -> None:
    text = project(
        (HEADER_ROW, HEADER_ROW.replace("年度指标值 |", "")),
        ("改造管网（公里） | ≥36公里", "改造管网≥36公里"),
        ("更换水表（只） | ≥2000只", "更换水表≥2000只"),
        ("验收合格率 | 100%", "验收合格率=100%"),
        ("居民用水条件 | 改善", "居民用水条件"),
        ("居民满意度 | ≥90%", "居民满意度≥90%"),
        (TOTAL_ROW, TOTAL_ROW.replace("总分 | <", "总分")),
    )
    kinds = [each.target.kind for each in read(sheet(text)).submission.indicators]
    least, equal, blank = TargetKind.AT_LEAST, TargetKind.EQUAL, TargetKind.BLANK
    assert kinds == [least, least, equal, blank, least]


def test_a_grade_beside_the_total() -> None:
    form = read(sheet(project((TOTAL_ROW, TOTAL_ROW + " 优"))))
    assert form.submission.fields["grade"].text == "优"
    assert [each.address for each in form.submission.inferences] == ["grade"]
    assert form.audit() == {("L113", "H17")}


def test_a_grade_under_its_label_wins() -> None:
    form = read(sheet(project((TOTAL_ROW, TOTAL_ROW + " 优\n自评等级 | 良"))))
    assert form.submission.fields["grade"].text == "良"
    assert form.submission.inferences == ()


def test_any_other_text_beside_the_total_is_no_grade() -> None:
    form = read(sheet(project((TOTAL_ROW, TOTAL_ROW + " 无"))))
    assert "grade" not in form.submission.fields


def test_a_row_below_the_table_that_asks_for_something_else() -> None:
    text = project(before(TOTAL_ROW, "其他需要说明事项 | < | < | 无 | < | < | < | <"))
    assert read(sheet(text)).audit() == set()


def test_a_grade_under_an_unknown_label_below_the_block() -> None:
    form = read(sheet(project((TOTAL_ROW, "绩效自评结果档次 | < | 优 | < | < | < | < | <"))))
    assert form.submission.fields["grade"].text == "优"
    assert [each.address for each in form.submission.inferences] == ["grade"]
