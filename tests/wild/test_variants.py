"""Legitimate layouts of other places on which a code was once wrong, and what may be said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.domain.cells import Workbook
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.evaluating.files import FileResult
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.sheets import read_sheets
from tests.builders.readings import national, vocabulary
from tests.builders.sheets import sheet

if TYPE_CHECKING:
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.pipeline.sheets import Sheets

HEAD = """项目支出绩效自评表（2024年度） | < | < | < | < | < | < | <
项目名称 | 示范项目 | < | < | < | < | < | <
主管部门 | 某县水利局 | < | < | 实施单位 | 某县水利局 | < | <
"""
FUNDS = """项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 100 | 100 | 90 | 10 | 90% | 9
^ | 其中：当年财政拨款 | 80 | 80 | 70 | - | - | -
^ | 上年结转资金 | 0 | 0 | 0 | - | - | -
^ | 其他资金 | 20 | 20 | 20 | - | - | -
"""
GOALS = """年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 修建水渠。 | < | < | 已完成。 | < | < | <
"""
COLUMNS = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施\n"
ROWS = """产出指标 | 数量指标 | 修建水渠长度 | ≥20公里 | 21公里 | 20 | 20 |
^ | 质量指标 | 验收合格率 | =100% | 100% | 30 | 30 |
效益指标 | 社会效益指标 | 受益人口 | ≥2000人 | 2100人 | 30 | 30 |
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 95% | 10 | 10 |
"""
TOTAL = "总分 | < | < | < | < | 100 | 99 |\n"
FIRST_ROWS = """产出指标 | 数量指标 | 修建水渠长度 | ≥20公里 | 21公里 | 50 | 50 |
 | 质量指标 | 验收合格率 | =100% | 100% | | |
效益指标 | 社会效益指标 | 受益人口 | ≥2000人 | 2100人 | 30 | 30 |
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 95% | 10 | 10 |
"""
AGAIN = "预算执行指标 | 预算执行率 | 预算执行率 | ≥90% | 90% | 10 | 9 |\n"
BONUS = "加分项 | | 获得省级表彰 | ≥1次 | 1次 | 5 | 5 |\n"
NESTED = """项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 100 | 100 | 90 | 10 | 90% | 9
^ | 当年财政拨款 | 80 | 80 | 70 | - | - | -
^ | 中央资金 | 50 | 50 | 45 | - | - | -
^ | 省级资金 | 30 | 30 | 25 | - | - | -
^ | 其他资金 | 20 | 20 | 20 | - | - | -
"""
BY_LEVEL = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分 | 偏差原因分析及改进措施 | <
产出指标（50分） | 数量指标 | 修建水渠长度 | ≥20公里 | 21公里 | 20 | | <
^ | 质量指标 | 验收合格率 | =100% | 100% | 30 | | <
效益指标（30分） | 社会效益指标 | 受益人口 | ≥2000人 | 2100人 | {score} | | <
满意度指标（10分） | 服务对象满意度指标 | 群众满意度 | ≥90% | 95% | 10 | | <
"""


HUNDREDS = (
    ROWS.replace("| 20 | 20 |", "| 20 | 100 |")
    .replace("| 30 | 30 |", "| 30 | 100 |")
    .replace("| 10 | 10 |", "| 10 | 100 |")
)
HUNDRED_FUNDS = FUNDS.replace("10 | 90% | 9", "10 | 90% | 90")
TAKEN = "扣分项 | | 未按时报送 | 0次 | 1次 | {weight} | -2 |\n"
LESS = TOTAL.replace("| 99", "| 97")
ARRIVED = """项目资金（万元） | | 年初预算数 | 全年预算数 | 实际到位数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 100 | 100 | 95 | 90 | 10 | {rate} | {score}
^ | 其中：当年财政拨款 | 80 | 80 | 75 | 70 | - | - | -
^ | 上年结转资金 | 0 | 0 | 0 | 0 | - | - | -
^ | 其他资金 | 20 | 20 | 20 | 20 | - | - | -
"""
TWO_COLUMNS = COLUMNS.replace("| 分值 |", "| 权重 | 分值 |")
TWO_TOTAL = "总分 | < | < | < | < | {share} | 100 | 99 |\n"
GRADE = "{label} | < | < | | < | < | < | <\n"
NOTE = "注：评价等级由财政部门评定后填写。 | < | < | < | < | < | < | <\n"
POINTLESS = COLUMNS.replace("| 分值 ", "").replace("措施", "措施 | <")
UNSCORED = (
    ROWS.replace("| 20 | 20 |", "| | |").replace("| 30 | 30 |", "| 30 | |").replace("| 10 | 10 |", "| 10 | |")
)
TRANSFER = HEAD.replace("项目支出绩效自评表", "转移支付区域绩效自评表").replace(
    "项目名称 | 示范项目", "转移支付名称 | "
)
YEAR_BELOW = HEAD.replace("（2024年度）", "").replace(
    "项目名称", "（2023年度） | < | < | < | < | < | < | <\n项目名称", 1
)

YEARS_IN_WORDS = """资金（万元） | | 2023年预算数 | 2023年执行数 | 2024年预算数 | 2024年执行数 | 执行率 | 得分
^ | 年度资金总额 | 70 | 70 | 100 | 90 | 90% | 9
^ | 其中：当年财政拨款 | 60 | 60 | 80 | 70 | - | -
^ | 其他资金 | 10 | 10 | 20 | 20 | - | -
"""
LAST_AND_THIS = """项目资金（万元） | 来源 | 上年度 | < | 本年度 | < | < | <
^ | ^ | 预算数 | 执行数 | 预算数 | 执行数 | 执行率 | 得分（10分）
^ | 年度资金总额 | 70 | 70 | 100 | 90 | 90% | 9
^ | 其中：当年财政拨款 | 60 | 60 | 80 | 70 | - | -
^ | 其他资金 | 10 | 10 | 20 | 20 | - | -
"""
THIS_AND_LAST = """项目资金（万元） | 来源 | 本年度（2024年） | < | < | < | 上年度（2023年） | <
^ | ^ | 预算数 | 执行数 | 执行率 | 得分（10分） | 预算数 | 执行数
^ | 年度资金总额 | 100 | 90 | 90% | 9 | 70 | 70
^ | 其中：当年财政拨款 | 80 | 70 | - | - | 60 | 60
^ | 其他资金 | 20 | 20 | - | - | 10 | 10
"""
THREE_YEARS = """项目资金（万元） | 来源 | 2022年 | 2023年 | 2024年 | < | < | <
^ | ^ | 执行数 | 执行数 | 预算数 | 执行数 | 执行率 | 得分（10分）
^ | 年度资金总额 | 70 | 75 | 100 | 90 | 90% | 9
^ | 其中：当年财政拨款 | 60 | 65 | 80 | 70 | - | -
^ | 其他资金 | 10 | 10 | 20 | 20 | - | -
"""
IN_ONE_CELL = """资金（万元） | 预算数 | 总额：100 其中：财政拨款：80 其他资金：20 | < | < | 执行率 | 90% | <
^ | 执行数 | 总额：90 其中：财政拨款：70 其他资金：20 | < | < | 得分（10分） | 9 | <
"""
NAMED_UNDER_HEADINGS = """项目资金（万元） | 全年预算数 | < | 全年执行数 | < | 执行率 | 分值 | 得分
^ | 资金总额：100 | < | 资金总额：90 | < | 90% | 10 | 9
^ | 其中：财政拨款：80 | < | 其中：财政拨款：70 | < | | |
^ | 其他资金：20 | < | 其他资金：20 | < | | |
"""
ROWS_OF_NAMED = """年初预算（万元） | < | 总额：100万元 | < | 其中：财政拨款：80万元 | < | 其他：20万元 | <
全年预算（万元） | < | 总额：100万元 | < | 其中：财政拨款：80万元 | < | 其他资金：20万元 | <
全年执行（万元） | < | 资金总额：90万元 | < | 其中：财政拨款：70万元 | < | 其他资金：20万元 | <
"""
NAMES_UNDER_HEADINGS = """项目资金（万元） | 全年预算数 | | 全年执行数 | | 执行率 | 分值 | 得分
^ | 资金总额 | 100 | 资金总额 | 90 | 90% | 10 | 9
^ | 其中：财政拨款 | 80 | 其中：财政拨款 | 70 | | |
^ | 其他资金 | 20 | 其他资金 | 20 | | |
"""
SOURCES_ACROSS = """项目资金（万元） | | 资金总额 | 财政拨款 | < | < | 其他资金 | 执行率
^ | ^ | ^ | 中央 | 省级 | 县级 | ^ | ^
^ | 全年预算数 | 100 | 50 | 20 | 10 | 20 | 90%
^ | 全年执行数 | 90 | 40 | 20 | 10 | 20 | ^
"""
TWICE_BROKEN_DOWN = """项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 部门预算总额 | 100 | 100 | 90 | 10 | 90% | 9
^ | 按来源：财政资金 | 80 | 70 | 65 | - | - | -
^ | 单位资金 | 20 | 30 | 25 | - | - | -
^ | 按用途：基本支出 | 60 | 60 | 60 | - | - | -
^ | 项目支出 | 40 | 40 | {projects} | - | - | -
"""
OVERALL = """部门整体支出绩效自评表（2024年度） | < | < | < | < | < | < | <
部门名称 | 某县水利局 | < | < | < | < | < | <
"""
BY_STANDARD = COLUMNS.replace("年度指标值", "评分标准").replace("实际完成值", "指标解释")
STANDARDS = (
    ROWS.replace("≥20公里 | 21公里", "按完成比例计分 | 修建的长度")
    .replace("=100% | 100%", "合格得满分 | 合格的比例")
    .replace("≥2000人 | 2100人", "每少1%扣1分 | 受益的人数")
    .replace("≥90% | 95%", "90%以上满分 | 问卷结果")
)
MISSED = ROWS.replace("≥2000人 | 2100人 | 30 | 30", "≥2000人 | 1900人 | 30 | 28.5")
WITHOUT_WEIGHT = TOTAL.replace("| 100 | 99", "| 90 | 90")
PROVINCE = HEAD.replace("项目支出绩效自评表", "转移支付区域绩效自评表").replace("项目名称", "转移支付名称")
IN_UNITS = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 计量单位 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 修建水渠长度 | ≥20 | 公里 | 21 | 50 | 50
效益指标 | 社会效益指标 | 受益人口 | ≥2000 | 人 | 2100 | 30 | 30
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90 | {unit} | 108 | 10 | 10
"""


def read(*drawn: str) -> Sheets:
    grids = tuple(sheet(each, name=f"表{at}") for at, each in enumerate(drawn, start=1))
    return read_sheets(Workbook(grids[0].file, "0" * 64, grids), vocabulary(), national().lexicon)


def found(*drawn: str) -> list[ReportedFinding]:
    sheets = read(*drawn)
    grid = sheet(drawn[0])
    result = FileResult(
        grid.file,
        "0" * 64,
        submissions=tuple(sheets.submissions),
        outcomes=tuple(sheets.outcomes),
        findings=tuple(sheets.findings),
    )
    evaluation = evaluate_results(Round("其他地方的表", 2024, national()), [result])
    return [each for each in evaluation.findings if each.severity is not Severity.INFO]


def form(
    *, funds: str = FUNDS, columns: str = COLUMNS, rows: str = ROWS, total: str = TOTAL, head: str = HEAD
) -> str:
    return head + funds + GOALS + columns + rows + total


def below(label: str, text: str) -> str:
    """The form with one missed target, without a reason in its row, and a text below the table."""
    return (
        form(rows=MISSED, total=TOTAL.replace("| 99", "| 97.5"))
        + f"{label} | {text} | < | < | < | < | < | <\n"
    )


def idle(cells: str) -> str:
    """The funds with this in the row of what was carried over."""
    return FUNDS.replace("上年结转资金 | 0 | 0 | 0 | - | - | -", f"上年结转资金 | {cells}")


def both(*shares: str) -> str:
    """The rows with a share (权重) before the points of each."""
    lines = ROWS.splitlines(keepends=True)
    for at, (points, share) in enumerate(zip(("20", "30", "30", "10"), shares, strict=True)):
        lines[at] = lines[at].replace(f"| {points} | {points} |", f"| {share} | {points} | {points} |")
    return "".join(lines)


def beside_weights(*shares: str, total: str = "") -> str:
    """The form with a column of shares before that of the points."""
    return form(columns=TWO_COLUMNS, rows=both(*shares), total=TWO_TOTAL.format(share=total))


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param(form(), id="the plain form"),
        pytest.param(form(funds=idle("不涉及 | 无 | 不适用 | - | - | -")), id="words that mean nothing"),
        pytest.param(form(rows=FIRST_ROWS), id="weights in the first row of a level, not merged"),
        pytest.param(form(rows=FIRST_ROWS, total=""), id="the same without a row of totals"),
        pytest.param(form(rows=AGAIN + ROWS), id="the execution in the funds block and once more as a row"),
        pytest.param(
            form(rows=ROWS + BONUS, total=TOTAL.replace("| 99", "| 104")), id="points on top of the whole"
        ),
        pytest.param(form(funds=NESTED), id="sources broken down without a word"),
        pytest.param(
            form(rows=ROWS.replace("验收合格率 | =100% | 100%", "拨备覆盖率 | ≥150% | 180%")),
            id="a coverage that may be above 100 %",
        ),
        pytest.param(
            form(
                funds=FUNDS.replace(
                    "100 | 100 | 90 | 10 | 90% | 9", "100 | 98.36 | 88.72 | 10 | 90.19% | 9.02"
                ).replace("80 | 80 | 70", "80 | 78.36 | 68.72"),
                total=TOTAL.replace("| 99", "| 99.02"),
            ),
            id="a rate cut off after two decimals",
        ),
        pytest.param(form(columns="", rows=BY_LEVEL.format(score=30), total=""), id="points by level"),
        pytest.param(
            form(head=HEAD.replace("项目支出", "2025年填报项目支出")),
            id="a title with the year of filing as well",
        ),
        pytest.param(
            form(rows=ROWS.replace("≥20公里", "=20公里")), id="more than a target with an equals sign"
        ),
        pytest.param(form(funds=HUNDRED_FUNDS, rows=HUNDREDS), id="scores out of a hundred beside weights"),
        pytest.param(form(rows=HUNDREDS), id="the same with the execution in points"),
        pytest.param(
            form(funds=HUNDRED_FUNDS, rows=HUNDREDS, total=""), id="the same without a total that confirms it"
        ),
        *(
            pytest.param(form(rows=ROWS + TAKEN.format(weight=each), total=LESS), id=f"points taken, {named}")
            for each, named in (("", "no weight"), ("-", "a dash"), ("-5", "a negative one"), ("5", "of 5"))
        ),
        pytest.param(
            form(rows=ROWS + "扣分项 | | 未按时报送 | 0次 | | | |\n"), id="a row for points taken, not used"
        ),
        pytest.param(
            form(rows=ROWS + "加分项 | | 获得省级表彰 | ≥1次 | 0次 | 5 | 0 |\n"),
            id="points on top not earned",
        ),
        pytest.param(
            form(rows=ROWS.replace("| 20 | 20 |", "| 20 | 20（满分） |")),
            id="a remark beside a score",
        ),
        pytest.param(
            beside_weights("20%", "30%", "30%", "10%", total="90%"), id="weights in percent and points"
        ),
        pytest.param(beside_weights("0.2", "0.3", "0.3", "0.1"), id="weights as fractions and points"),
        pytest.param(beside_weights("40", "60", "100", "100"), id="weights within the level and points"),
        pytest.param(
            form(total=TOTAL + GRADE.format(label="评价等级（由财政部门填写）")), id="a grade left to others"
        ),
        pytest.param(
            form(total=TOTAL + GRADE.format(label="评价等级") + NOTE), id="a note that leaves it to others"
        ),
        pytest.param(
            form(funds=idle("0 | 0 | 0 | - | #DIV/0! | -")),
            id="a division where there is no money",
        ),
    ],
)
def test_nothing_is_said_of_a_legitimate_layout(drawn: str) -> None:
    assert [f"{each.code} {each.cell} {each.message}" for each in found(drawn)] == []


@pytest.mark.parametrize(
    ("drawn", "marks"),
    [
        pytest.param(
            form(rows=AGAIN.replace("| 9 |", "| 10 |") + ROWS),
            {("S101", "F17")},
            id="a row of the execution with other points than the funds block is another one",
        ),
        pytest.param(
            form(funds=NESTED.replace("省级资金 | 30 | 30 | 25", "省级资金 | 30 | 20 | 25")),
            {("A102", "C5"), ("A102", "D5"), ("A102", "E5")},
            id="a breakdown that does not add up is no breakdown",
        ),
        pytest.param(
            form(columns="", rows=BY_LEVEL.format(score=35), total=""),
            {("S121", "A14")},
            id="more points than the level has",
        ),
        pytest.param(
            form(rows=ROWS.replace("| 20 | 20 |", "| 20 | 21 |"), total=TOTAL.replace("| 99", "| 100")),
            {("S102", "G12")},
            id="one score above its weight",
        ),
        pytest.param(
            form(rows=ROWS + TAKEN.format(weight=""), total=TOTAL),
            {("S106", "G17")},
            id="a total without the points taken",
        ),
        pytest.param(
            beside_weights("20%", "30%", "30%", "10%", total="90%").replace("30% | 30 |", "30% | 10 |", 1),
            {("S101", "G16"), ("S102", "H13")},
            id="points that do not add up beside weights",
        ),
        pytest.param(
            form(funds=ARRIVED.format(rate="97%", score="9"), total=TOTAL),
            {("A103", "H5")},
            id="a rate by neither base",
        ),
        pytest.param(
            form(funds=FUNDS.replace("20 | 20 | 20 | - | - | -", "20 | 20 | 20 | - | #DIV/0! | -")),
            {("V107", "G8")},
            id="an error value where there is money",
        ),
        pytest.param(
            form(columns=POINTLESS, rows=UNSCORED, total="总分 | < | < | < | < | 99 | |\n"),
            {("V103", "F12")},
            id="one blank score where no weight asks for it",
        ),
        pytest.param(
            form(head=HEAD + "自评总分 | | < | < | 自评等级 | 优 | < | <\n", total=""),
            {("V103", "B4")},
            id="a blank total in the head",
        ),
        pytest.param(
            form(head=TRANSFER), {("V103", "B2")}, id="the blank name of a transfer that the title leaves out"
        ),
        pytest.param(form(head=YEAR_BELOW), {("X101", "A2")}, id="another year below the title"),
        pytest.param(
            form(funds=ARRIVED.format(rate="90%", score="9.47"), total=TOTAL.replace("| 99", "| 99.47")),
            {("S104", "I5")},
            id="a score by the money that arrived beside a rate by the budget",
        ),
    ],
)
def test_its_faults_are_found_all_the_same(drawn: str, marks: set[tuple[str, str]]) -> None:
    assert {(each.code, each.cell) for each in found(drawn) if each.severity is Severity.ERROR} == marks


@pytest.mark.parametrize(
    ("drawn", "marks"),
    [
        pytest.param(
            form(funds=ARRIVED.format(rate="94.74%", score="9.47"), total=TOTAL.replace("| 99", "| 99.47")),
            [("A108", "H5", "94.74%", "90.00%")],
            id="rate and score by the money that arrived",
        ),
        pytest.param(
            form(funds=ARRIVED.format(rate="94.74%", score="9"), total=TOTAL),
            [("A108", "H5", "94.74%", "90.00%")],
            id="the rate alone",
        ),
        pytest.param(
            form(total=TOTAL + GRADE.format(label="自评等级")), [("V103", "D17", "", "")], id="a blank grade"
        ),
        pytest.param(
            form(
                funds=HUNDRED_FUNDS,
                rows=HUNDREDS.replace("| 20 | 100 |", "| 20 | 95 |"),
                total=TOTAL.replace("| 99", "| 98"),
            ),
            [("S113", "G12", "19.00", "20.00")],
            id="points lost on a scale of a hundred",
        ),
    ],
)
def test_what_may_be_meant_otherwise_is_a_warning(drawn: str, marks: list[tuple[str, str, str, str]]) -> None:
    told = found(drawn)
    assert [(each.code, each.cell, each.reported, each.expected) for each in told] == marks
    assert {each.severity for each in told} == {Severity.WARNING}


def test_a_department_that_only_other_forms_name_is_asked_for() -> None:
    other = HEAD.replace("示范项目", "另一项目").replace("某县水利局", "")
    (told,) = found(form(), form(head=other))
    assert (told.code, told.severity, told.sheet, told.cell) == ("V103", Severity.WARNING, "表2", "B3")
    assert "“部门名称”取“某县水利局”" in told.message


ALL_SOURCES = {"total": ("100", "90"), "fiscal": ("80", "70"), "other": ("20", "20")}
BY_LEVELS = {
    "total": ("100", "90"),
    "中央": ("50", "40"),
    "省级": ("20", "20"),
    "县级": ("10", "10"),
    "other": ("20", "20"),
}


@pytest.mark.parametrize(
    ("drawn", "amounts", "points"),
    [
        pytest.param(form(funds=YEARS_IN_WORDS), ALL_SOURCES, "- 90 9", id="years in the headings' words"),
        pytest.param(form(funds=LAST_AND_THIS), ALL_SOURCES, "10 90 9", id="last year beside this one"),
        pytest.param(form(funds=THIS_AND_LAST), ALL_SOURCES, "10 90 9", id="this year before the last"),
        pytest.param(form(funds=THREE_YEARS), ALL_SOURCES, "10 90 9", id="three years side by side"),
        pytest.param(form(funds=IN_ONE_CELL), ALL_SOURCES, "10 90 9", id="all sources in one cell"),
        pytest.param(
            form(funds=NAMED_UNDER_HEADINGS), ALL_SOURCES, "10 90 9", id="named cells below headings"
        ),
        pytest.param(
            form(funds=ROWS_OF_NAMED, total=WITHOUT_WEIGHT), ALL_SOURCES, "- - -", id="rows of named cells"
        ),
        pytest.param(
            form(funds=NAMES_UNDER_HEADINGS),
            ALL_SOURCES,
            "10 90 9",
            id="names below headings, amounts beside",
        ),
        pytest.param(
            form(funds=NAMES_UNDER_HEADINGS.replace("数 | |", "数 | < |")),
            ALL_SOURCES,
            "10 90 9",
            id="the same with headings over both",
        ),
        pytest.param(
            form(funds=SOURCES_ACROSS, total=WITHOUT_WEIGHT),
            BY_LEVELS,
            "- 90 -",
            id="a source parted in three",
        ),
    ],
)
def test_its_budget_is_read_whole(drawn: str, amounts: dict[str, tuple[str, str]], points: str) -> None:
    (submission,) = read(drawn).submissions
    columns = ("annual_budget", "executed")
    assert {
        line.item: tuple(str(round(line.value(column) or 0)) for column in columns)
        for line in submission.lines
    } == amounts
    total = next(line for line in submission.lines if line.item == "total")
    figures = (total.value(name) for name in ("weight", "execution_rate", "self_score"))
    assert " ".join("-" if each is None else str(round(each)) for each in figures) == points
    assert [f"{each.code} {each.cell} {each.message}" for each in found(drawn)] == []


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        pytest.param(below("偏差大或目标未完成原因分析", "受益人口因搬迁减少。"), [], id="a reason"),
        pytest.param(below("绩效目标没有完成的主要原因", "受益人口因搬迁减少。"), [], id="in unknown words"),
        pytest.param(
            below("未完成原因分析：受益人口因搬迁减少。", "<"), [], id="label and reason in one cell"
        ),
        pytest.param(below("存在的问题", "受益人口没有达到目标，原因是搬迁。"), [], id="a problem naming it"),
        pytest.param(below("未完成原因", "无"), [("P101", "H14")], id="a word for none"),
        pytest.param(below("存在的问题", "资料归档不够及时。"), [("P101", "H14")], id="another problem"),
    ],
)
def test_a_reason_may_stand_below_the_table(drawn: str, said: list[tuple[str, str]]) -> None:
    assert [(each.code, each.cell) for each in found(drawn)] == said


@pytest.mark.parametrize(
    ("local", "department"), [("县（市、区）主管部门", "某县水利局"), ("资金使用单位", "省水利厅")]
)
def test_the_department_above_is_the_sender_only_where_no_other_is(local: str, department: str) -> None:
    head = PROVINCE.replace("主管部门 | 某县水利局", "省级主管部门 | 省水利厅").replace("实施单位", local)
    (submission,) = read(form(head=head)).submissions
    assert submission.department == department


@pytest.mark.parametrize("unit", ["%", "百分比"])
def test_a_column_of_units_makes_a_bare_figure_a_percentage(unit: str) -> None:
    drawn = form(columns="", rows=IN_UNITS.format(unit=unit), total="总分 | < | < | < | < | < | 100 | 99\n")
    assert [(each.code, each.cell) for each in found(drawn)] == [("V116", "F14")]


@pytest.mark.parametrize(
    "drawn",
    [
        form(columns=BY_STANDARD, rows=STANDARDS),
        form(columns=BY_STANDARD, rows=STANDARDS, funds="", total=WITHOUT_WEIGHT),
    ],
)
def test_a_form_scored_by_printed_standards_lacks_no_targets(drawn: str) -> None:
    assert [f"{each.code} {each.cell} {each.message}" for each in found(drawn)] == []


@pytest.mark.parametrize(("projects", "said"), [("30", []), ("35", [("A101", "E4")])])
def test_a_total_broken_down_twice_is_the_sum_of_each(projects: str, said: list[tuple[str, str]]) -> None:
    drawn = form(head=OVERALL, funds=TWICE_BROKEN_DOWN.format(projects=projects))
    assert [(each.code, each.cell) for each in found(drawn)] == said


@pytest.mark.parametrize(
    ("actual", "score", "said"),
    [
        ("未实施", "0", []),
        ("因搬迁取消", "0", []),
        ("未实施", "10", [("V115", "E14")]),
        ("已完成", "0", [("V115", "E14")]),
    ],
)
def test_what_was_not_done_and_earned_nothing_needs_no_figure(
    actual: str, score: str, said: list[tuple[str, str]]
) -> None:
    rows = ROWS.replace("2100人 | 30 | 30 |", f"{actual} | 30 | {score} | 搬迁")
    drawn = form(rows=rows, total=TOTAL.replace("| 99", f"| {69 + int(score)}"))
    assert [(each.code, each.cell) for each in found(drawn)] == said
