"""Blocks all of whose words no list knows: read by their figures, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.readings import parts, read
from tests.builders.sheets import sheet

if TYPE_CHECKING:
    from jixiao.domain.submissions import Submission

NAMES = """
2024年度项目支出绩效自评表 | < | < | < | < | < | <
项目名称 | 虚构管网改造项目 | < | < | < | < | <
主管部门 | 虚构水务局 | < | < | < | < | <
"""
PAIRS = """
经费（万元） | 甲额 | 400 | 乙额 | 420 | 丙额 | 390.6
^ | 标准 | 10 | 所得 | 9.3 | 快慢 | 93%
"""
BELOW = """
经费 | 甲额 | 乙额 | 丙额 | 快慢 | 标准 | 所得
^ | （万元） | （万元） | （万元） | （%） | （分） | （分）
全部 | 400 | 420 | 390.6 | 93 | 10 | 9.3
"""
ROWS = """
事项 | 想要 | 做到 | 标准 | 所得 | 缘由
改造管网 | ≥36公里 | 37.5公里 | 40 | 40 |
更换水表 | ≥2000只 | 2150只 | 20 | 20 |
验收合格率 | =100% | 100% | 20 | 20 |
居民满意度 | ≥90% | 81% | 10 | 9 | 汛期停水
"""
KNOWN = """
一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 备注
产出指标 | 改造管网 | ≥36公里 | 37.5公里 | 50 | 50 |
效益指标 | 居民用水条件 | 改善 | 改善 | 30 | 30 |
满意度指标 | 居民满意度 | ≥90% | 81% | 10 | 9 | 汛期停水
"""
FUNDS = """
项目资金（万元） | | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 420 | 390.6 | 10 | 93% | 9.3
"""


def total_line(form: Submission) -> dict[str, tuple[str, str]]:
    (line,) = (line for line in form.lines if line.item == "total")
    return {name: (entry.ref.a1, entry.text) for name, entry in line.entries.items()}


def inferred(form: Submission, table: str) -> set[str]:
    return {
        each.address.rpartition("..")[2] for each in form.inferences if each.address.startswith(f"{table}..")
    }


def test_words_beside_their_figures_are_told_by_these() -> None:
    form = read(sheet(NAMES + PAIRS.lstrip("\n") + KNOWN.lstrip("\n"))).submission
    line = total_line(form)
    assert line["annual_budget"] == ("E4", "420")
    assert line["executed"] == ("G4", "390.6")
    assert line["execution_rate"] == ("G5", "93%")
    assert line["weight"] == ("C5", "10")
    assert line["self_score"] == ("E5", "9.3")
    assert {"annual_budget", "executed", "execution_rate", "weight", "self_score"} <= inferred(form, "funds")


def test_words_over_their_figures_are_told_by_these() -> None:
    form = read(sheet(NAMES + BELOW.lstrip("\n") + KNOWN.lstrip("\n"))).submission
    line = total_line(form)
    assert (line["annual_budget"], line["executed"]) == (("C6", "420"), ("D6", "390.6"))
    assert (line["execution_rate"], line["weight"], line["self_score"]) == (
        ("E6", "93"),
        ("F6", "10"),
        ("G6", "9.3"),
    )


@pytest.mark.parametrize("wrong", ["93%", "9.3"])
def test_figures_that_do_not_agree_name_nothing(wrong: str) -> None:
    pairs = PAIRS.replace(wrong, "88.88%" if wrong == "93%" else "4.44").lstrip("\n")
    form = read(sheet(NAMES + pairs + KNOWN.lstrip("\n"))).submission
    told = inferred(form, "funds")
    assert not told & ({"execution_rate"} if wrong == "93%" else {"weight", "self_score"})


def test_a_block_of_indicators_is_told_by_its_columns() -> None:
    form = read(sheet(NAMES + FUNDS.lstrip("\n") + ROWS.lstrip("\n"))).submission
    assert parts(form)["indicators"] == [
        ("", "", "改造管网", "≥36公里", "37.5公里", "40", "40", ""),
        ("", "", "更换水表", "≥2000只", "2150只", "20", "20", ""),
        ("", "", "验收合格率", "=100%", "100%", "20", "20", ""),
        ("", "", "居民满意度", "≥90%", "81%", "10", "9", "汛期停水"),
    ]
    assert {"level3", "target", "actual", "weight", "self_score"} <= inferred(form, "indicators")


def test_points_and_score_in_one_cell_are_two_figures() -> None:
    block = (
        KNOWN.replace("分值 | 得分", "分值/得分 | 说明")
        .replace("50 | 50", "50/50 |")
        .replace("30 | 30", "30/30 |")
    )
    block = block.replace("10 | 9 | 汛期停水", "10/9 | 汛期停水 |").lstrip("\n")
    form = read(sheet(NAMES + FUNDS.lstrip("\n") + block)).submission
    assert [(str(row.weight), str(row.self_score)) for row in form.indicators] == [
        ("50", "50"),
        ("30", "30"),
        ("10", "9"),
    ]
    assert {row.entries["weight"].ref.a1 for row in form.indicators} == {"E7", "E8", "E9"}


@pytest.mark.parametrize(
    "head",
    ["全部得分 | 98.3 | 评定档次 | 优 | < | < | <", "全部得分：98.3分 | < | 评定档次：优 | < | < | < | <"],
)
def test_total_and_grade_in_the_head_are_read_under_any_word(head: str) -> None:
    form = read(sheet(NAMES + head + "\n" + FUNDS.lstrip("\n") + KNOWN.lstrip("\n"))).submission
    assert str(form.total["self_score"].value) == "98.3"
    assert form.fields["grade"].text == "优"
    assert {"grade", "indicators.total"} <= {each.address for each in form.inferences}


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("自评得分总计 | #REF! | < | < | < | < | <", ("V107", "B4")),
        ("合计 | 满意 | < | < | < | < | <", ("V101", "B4")),
    ],
)
def test_what_spoils_the_total_in_the_head_is_told_of(head: str, mark: tuple[str, str]) -> None:
    read_form = read(sheet(NAMES + head + "\n" + FUNDS.lstrip("\n") + KNOWN.lstrip("\n")))
    assert read_form.submission.total["self_score"].ref.a1 == "B4"
    assert {each.address for each in read_form.submission.inferences} == {"indicators.total"}
    assert read_form.marks == {mark, ("L113", "A4"), ("L114", "")}


@pytest.mark.parametrize(
    "head", ["得分等级 | 优", "得分依据 | 见附件", "合计 | 本表由财政部门在复核以后统一汇总填写"]
)
def test_other_words_beside_words_for_scores_are_no_total(head: str) -> None:
    form = read(sheet(NAMES + head + " | < | < | < | < | <\n" + FUNDS.lstrip("\n") + KNOWN.lstrip("\n")))
    assert "self_score" not in form.submission.total
    assert not {"V101", "V107"} & {code for code, _ in form.marks}


def test_the_department_stands_behind_an_unknown_word_in_one_cell() -> None:
    names = NAMES.replace("主管部门 | 虚构水务局", "被评价部门：虚构水务局 | ")
    form = read(sheet(names + FUNDS.lstrip("\n") + KNOWN.lstrip("\n"))).submission
    assert form.sender is not None
    assert form.sender.text == "虚构水务局"


def test_the_grade_in_the_column_of_scores_leaves_the_score_beside_it() -> None:
    total = "自评总分 | < | < | < | 98.3 | 优 | <\n"
    form = read(sheet(NAMES + FUNDS.lstrip("\n") + KNOWN.lstrip("\n") + total)).submission
    assert {name: entry.text for name, entry in form.total.items()} == {"self_score": "98.3"}
    assert form.fields["grade"].text == "优"


SOURCES = """
项目资金（万元） | | 年初安排数 | 市级全年预算数 | 全年实际支出金额 | 标准分数 | {word} | 所得
^ | 年度资金总额 | 400 | 420 | 390.6 | 10 | {rate} | 9.3
^ | 其中：当年财政拨款 | 400 | 420 | 390.6 | — | — | —
"""


def with_rate(word: str, rate: str) -> Submission:
    funds = SOURCES.format(word=word, rate=rate).lstrip("\n")
    return read(sheet(NAMES + funds + KNOWN.lstrip("\n"))).submission


@pytest.mark.parametrize("rate", ["", "较高", "390.6"])
def test_a_rate_that_was_forgotten_or_holds_something_else_is_known_by_its_word(rate: str) -> None:
    form = with_rate("预算执行进度", rate)
    assert total_line(form)["execution_rate"] == ("G5", rate)
    assert "execution_rate" in inferred(form, "funds")


@pytest.mark.parametrize("word", ["支出进度说明", "支出进度（万元）"])
def test_words_and_amounts_under_other_words_are_no_rate(word: str) -> None:
    assert "execution_rate" not in total_line(with_rate(word, "390.6"))


def test_a_budget_that_was_forgotten_is_known_by_the_word_over_it() -> None:
    below = (
        "资金（万元） | 本年预算安排数 | 全年执行数 | 分值 | 执行率 | 得分\n^ | | 390.6 | 10 | 93% | 9.3\n"
    )
    form = read(sheet(NAMES + below + KNOWN.lstrip("\n"))).submission
    assert total_line(form)["annual_budget"] == ("B5", "")


@pytest.mark.parametrize("score", ["优秀", "-9", "29"])
def test_one_wrong_score_costs_no_column(score: str) -> None:
    block = ROWS.replace("标准 | 所得", "赋分值数 | 本项自评得分").replace("10 | 9 |", f"10 | {score} |")
    form = read(sheet(NAMES + FUNDS.lstrip("\n") + block.lstrip("\n"))).submission
    assert [row.entries["self_score"].text for row in form.indicators] == ["40", "20", "20", score]
    assert [str(row.weight) for row in form.indicators] == ["40", "20", "20", "10"]


def test_targets_are_known_by_their_signs_where_no_actual_values_stand() -> None:
    block = """
大类 | 小类 | 内容 | 想要 | 分值 | 得分
产出指标 | 数量指标 | 改造管网 | ≥36公里 | 50 | 50
效益指标 | 社会效益指标 | 受益人口 | ≥2000人 | 30 | 30
满意度指标 | 服务对象满意度指标 | 居民满意度 | ≥90% | 10 | 9
"""
    form = read(sheet(NAMES + FUNDS.lstrip("\n") + block.lstrip("\n"))).submission
    assert [row.target.text for row in form.indicators] == ["≥36公里", "≥2000人", "≥90%"]


@pytest.mark.parametrize(
    ("label", "asked"), [("绩效自评结果等级", True), ("等级评定的标准和办法说明", False)]
)
def test_a_grade_left_blank_is_asked_for_under_a_word_that_names_one(label: str, asked: bool) -> None:  # noqa: FBT001
    form = read(
        sheet(NAMES + FUNDS.lstrip("\n") + KNOWN.lstrip("\n") + f"{label} | < | | | | |\n")
    ).submission
    assert ("grade" in form.fields) is asked


def test_no_row_of_indicators_is_a_grade() -> None:
    known = KNOWN.replace("居民用水条件 | 改善 | 改善", "水质等级 | 良 | 良").lstrip("\n")
    assert "grade" not in read(sheet(NAMES + FUNDS.lstrip("\n") + known)).submission.fields
