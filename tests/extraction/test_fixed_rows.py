"""Funds blocks whose words no list knows, with free sources, beside their words, and where they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.readings import read, shown
from tests.builders.sheets import FUNDS_HEADER, PROJECT, TOTAL_LINE, before, project, sheet

if TYPE_CHECKING:
    from jixiao.domain.submissions import Submission

TOTAL = {
    "initial_budget": "400",
    "annual_budget": "420",
    "executed": "390",
    "weight": "10",
    "execution_rate": "92.86",
    "self_score": "9.29",
}
PARTS = (
    "^ | 其中：当年财政拨款 | 380.00 | 400.00 | 370.00 | — | — | —\n"
    "^ | 上年结转资金 | 20.00 | 20.00 | 20.00 | — | — | —\n"
    "^ | 其他资金 | 0 | 0 | 0 | — | — | —\n"
)


def line(submission: Submission, item: str) -> dict[str, str]:
    found = submission.line("funds", item)
    return shown(found.entries) if found else {}


def inferred(submission: Submission) -> list[tuple[str, str, str]]:
    return [(each.address, each.ref.a1, each.text) for each in submission.inferences]


@pytest.mark.parametrize(
    "word", ["年度财政资金总额", "本年度项目资金总额", "补助经费总额", "预算资金", "某某支出进度", "年度金额"]
)
def test_the_total_line_is_known_by_what_it_is(word: str) -> None:
    form = read(sheet(project(("年度资金总额", word))))
    assert line(form.submission, "total") == TOTAL
    assert form.audit() == {("L113", "B5")}
    assert inferred(form.submission) == [("funds.total", "B5", word)]


def test_the_only_line_of_a_block_is_its_total() -> None:
    form = read(sheet(project((PARTS, ""), ("年度资金总额", "甲"))))
    assert line(form.submission, "total") == TOTAL
    assert form.audit() == {("L113", "B5")}


def test_figures_right_below_their_words_without_a_name() -> None:
    form = read(sheet(project((PARTS, ""), ("^ | 年度资金总额", "^ | "))))
    assert line(form.submission, "total") == TOTAL
    assert form.audit() == {("L113", "C5")}


def test_parts_without_a_total_make_none() -> None:
    form = read(sheet(project((TOTAL_LINE, ""))))
    assert ("L105", "") in form.marks
    assert form.submission.line("funds", "total") is None


def test_a_wrong_figure_under_an_unknown_word_is_still_found() -> None:
    text = project(("年度资金总额", "年度财政资金总额"), ("92.86% | 9.29", "90.00% | 9.29"))
    assert read(sheet(text)).audit() == {("L113", "B5"), ("A103", "G5")}


def test_sources_that_no_list_knows_are_lines_and_parts_of_the_total() -> None:
    text = project(
        ("^ | 其他资金 | 0 | 0 | 0 | — | — | —", "^ | 县级债券 | 5.00 | 7.00 | 6.00 | — | — | —"),
        ("380.00 | 400.00 | 370.00", "375.00 | 393.00 | 364.00"),
    )
    form = read(sheet(text))
    assert line(form.submission, "县级债券") == {
        "initial_budget": "5",
        "annual_budget": "7",
        "executed": "6",
        "weight": "—",
        "execution_rate": "—",
        "self_score": "—",
    }
    assert form.audit() == set()
    wrong = text.replace("7.00 | 6.00", "9.00 | 6.00")
    assert read(sheet(wrong)).audit() == {("A102", "D5")}


def test_a_selection_from_a_source_is_no_further_part() -> None:
    row = "^ | 其中：一般债券 | 100.00 | 100.00 | 90.00 | — | — | —"
    form = read(sheet(project(before("^ | 上年结转资金", row))))
    assert line(form.submission, "一般债券")["executed"] == "90"
    assert form.audit() == set()


def test_two_words_of_one_source_are_two_lines() -> None:
    row = "^ | 单位自筹资金 | 0 | 0 | 0 | — | — | —\n^ | 自有资金 | 0 | 0 | 0 | — | — | —"
    form = read(sheet(project(before("^ | 其他资金", row))))
    items = [each.item for each in form.submission.lines]
    assert items == ["total", "fiscal", "carryover", "单位自筹资金", "other", "其他资金"]


def test_rows_that_number_the_columns_are_no_line() -> None:
    row = "^ | 列次 | 1 | 2 | 3 | 4 | 5 | 6"
    assert read(sheet(project(before("^ | 年度资金总额", row)))).audit() == set()
    bare = "^ |  | 1 | 2 | 3 | 4 | 5 | 6"
    assert read(sheet(project(before("^ | 年度资金总额", bare)))).audit() == set()


BESIDE = """预算执行情况（万元） | 全年预算数 | 420.00 | < | 全年执行数 | 390.00 | < | <
^ | 执行率 | 92.86% | < | 得分 | 9.29 | 分值 | 10
^ | 其中：财政拨款 | 420.00 | < | 其中：财政拨款 | 390.00 | < | <
"""


def test_figures_beside_their_words() -> None:
    text = project(
        (
            f"{FUNDS_HEADER}\n{TOTAL_LINE}\n{PARTS}",
            BESIDE,
        )
    )
    form = read(sheet(text))
    assert line(form.submission, "total") == {key: TOTAL[key] for key in TOTAL if key != "initial_budget"}
    assert line(form.submission, "fiscal") == {"annual_budget": "420", "executed": "390"}
    assert form.audit() == {("L113", "B4")}


@pytest.mark.parametrize(("blank", "cell"), [("420.00", "C4"), ("390.00", "F4")])
def test_one_blank_beside_its_word_leaves_the_block_readable(blank: str, cell: str) -> None:
    """V103 rests on the place of the figures: Certainty makes it a warning."""
    pair = "项目资金（万元） | 全年预算数 | 420.00 | < | 全年执行数 | 390.00 | < | <\n"
    text = project((f"{FUNDS_HEADER}\n{TOTAL_LINE}\n{PARTS}", pair.replace(blank, "")))
    form = read(sheet(text))
    found = form.submission.line("funds", "total")
    assert found is not None
    assert found.entries["annual_budget" if cell == "C4" else "executed"].ref.a1 == cell
    assert ("V103", cell) in form.audit()
    assert not {"L104", "L105", "L106"} & {code for code, _ in form.audit()}
    assert ("funds.total", "B4", "全年预算数") in inferred(form.submission) or cell == "C4"


def test_a_percentage_in_the_row_of_words_heads_no_column() -> None:
    pairs = (
        "项目资金（万元） | 全年实际支出金额 | 390.00 | < | 全年预算数 | 420.00 | 执行率 | 92.86%\n"
        "^ | 分值 | 10 | < | 得分 | 9.29 | 年初预算数 | 400.00\n"
    )
    form = read(sheet(project((f"{FUNDS_HEADER}\n{TOTAL_LINE}\n{PARTS}", pairs))))
    assert line(form.submission, "total") == TOTAL
    assert {code for code, _ in form.audit()} == {"L113"}


def test_the_points_that_a_block_s_heading_announces() -> None:
    text = project(
        (
            FUNDS_HEADER,
            "预算执行情况（万元）（10分） |  | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | 得分 |",
        ),
        ("390.00 | 10 | 92.86% | 9.29", "390.00 | 92.86% | 9.29 |"),
        (PARTS, ""),
    )
    form = read(sheet(text))
    assert line(form.submission, "total") == TOTAL
    assert form.audit() == set()


HEADS = (
    "项目资金（万元） |  | 年初安排数 | 市级全年预算数 | 全年实际支出 | 标准分数 | 资金支出进度 | 自评分值"
)


def test_a_header_of_words_that_no_list_knows() -> None:
    form = read(sheet(project((FUNDS_HEADER, HEADS))))
    assert line(form.submission, "total") == TOTAL
    assert {each.address for each in form.submission.inferences} == {f"funds..{name}" for name in TOTAL}
    assert {code for code, _ in form.audit()} == {"L113"}


@pytest.mark.parametrize(
    ("old", "new", "column", "cell"),
    [
        ("年初预算数", "年初安排数", "initial_budget", "C4"),
        ("全年预算数", "甲", "annual_budget", "D4"),
        ("全年执行数", "乙", "executed", "E4"),
        ("执行率", "丙", "execution_rate", "G4"),
    ],
)
def test_one_unknown_header_word_costs_no_column(old: str, new: str, column: str, cell: str) -> None:
    form = read(sheet(project((FUNDS_HEADER, FUNDS_HEADER.replace(old, new)))))
    assert line(form.submission, "total") == TOTAL
    assert form.audit() == {("L113", cell)}
    assert inferred(form.submission) == [(f"funds..{column}", cell, new)]


def test_amounts_that_are_no_budget_stay_out_of_the_budget() -> None:
    text = project(
        (FUNDS_HEADER, FUNDS_HEADER.replace("年初预算数", "到位资金")),
        ("400.00 | 420.00", "1.00 | 420.00"),
    )
    assert line(read(sheet(text)).submission, "total")["annual_budget"] == "420"


def test_the_initial_budget_that_the_rate_is_measured_by() -> None:
    text = project(
        (
            FUNDS_HEADER,
            "项目资金（万元） |  | 年初预算数（A） | 全年执行数（B） | 分值 | 执行率（B/A） | 得分 |",
        ),
        ("400.00 | 420.00 | 390.00 | 10 | 92.86% | 9.29", "420.00 | 390.00 | 10 | 92.86% | 9.29 |"),
        (PARTS, ""),
    )
    form = read(sheet(text))
    assert line(form.submission, "total")["annual_budget"] == "420"
    assert form.audit() == {("L113", "C4")}


def test_blank_rows_leave_the_row_below_to_itself() -> None:
    """The worked basic data: a block whose row is blank, above 厉行节约保障措施 with its text."""
    form = read(
        sheet(
            "2024年度部门整体支出绩效评价基础数据表 | < | < | <\n"
            "部门名称 | 虚构局 | < | <\n"
            "财政供养人员情况（人） | 编制数 | 2024年实际在职人数 | 控制率\n"
            "^ | 77 | 70 | 90.91%\n"
            "经费控制情况（万元） | 2023年决算数 | 2024年预算数 | 2024年决算数\n"
            "三公经费 | 1.00 | 2.00 | 1.50\n"
            "楼堂馆所控制情况（2024年完工项目） | 批复规模（㎡） | 实际规模（㎡） | 规模控制率\n"
            "^ |  |  | \n"
            "厉行节约保障措施 | 制定并严格执行有关制度 | < | <\n"
        )
    )
    assert form.marks == set()
    assert form.submission.fields["economy_measures"].text == "制定并严格执行有关制度"
    assert [each.item for each in form.submission.lines] == ["staff", "three_public"]


def test_the_correct_form_rests_on_nothing_inferred() -> None:
    form = read(sheet(PROJECT))
    assert form.submission.inferences == ()
    assert form.audit() == set()
