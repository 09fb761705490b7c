"""Tests of jixiao.extraction.submissions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from jixiao.domain.cells import Workbook
from jixiao.domain.submissions import Status
from jixiao.pipeline.sheets import Sheets, read_sheets
from tests.builders.forms import LAYOUTS, overall_form, project_form
from tests.builders.readings import Marks, national, parts, read, read_all, recognised, vocabulary
from tests.builders.sheets import (
    DEPARTMENT_ROW,
    FUNDS_HEADER,
    HEADER_ROW,
    PROJECT,
    TITLE_ROW,
    TOTAL_ROW,
    before,
    placed,
    project,
    rows_of,
    sheet,
)

if TYPE_CHECKING:
    from tests.drawing.facts import Layout


INDICATORS = [
    ("产出指标", "数量指标", "改造管网（公里）", "≥36公里", "37.5公里", "20", "20", ""),
    ("产出指标", "数量指标", "更换水表（只）", "≥2000只", "2,150只", "10", "10", ""),
    ("产出指标", "质量指标", "验收合格率", "100%", "100%", "20", "20", ""),
    ("效益指标", "社会效益指标", "居民用水条件", "改善", "改善", "30", "30", ""),
    ("满意度指标", "服务对象满意度指标", "居民满意度", "≥90%", "92%", "10", "10", ""),
]
NONE = {"weight": "—", "execution_rate": "—", "self_score": "—"}
WHOLE: dict[str, Any] = {
    "form": "project-self-evaluation",
    "names": ("虚构水务局", "虚构管网处", "虚构管网改造项目"),
    "year": 2024,
    "fields": {
        "project": "虚构管网改造项目",
        "department": "虚构水务局",
        "implementer": "虚构管网处",
        "objective_expected": "改造老旧管网。",
        "objective_actual": "老旧管网改造完成。",
    },
    "lines": {
        "funds.total": {
            "initial_budget": "400",
            "annual_budget": "420",
            "executed": "390",
            "weight": "10",
            "execution_rate": "92.86",
            "self_score": "9.29",
        },
        "funds.fiscal": {"initial_budget": "380", "annual_budget": "400", "executed": "370", **NONE},
        "funds.carryover": {"initial_budget": "20", "annual_budget": "20", "executed": "20", **NONE},
        "funds.other": {"initial_budget": "0", "annual_budget": "0", "executed": "0", **NONE},
    },
    "indicators": INDICATORS,
    "groups": [("产出指标", "50"), ("效益指标", "30"), ("满意度指标", "10")],
    "total": {"weight": "100", "self_score": "99.29"},
}
"""What the correct form says."""

TITLE, BENEFITS = "2024年度项目支出绩效自评表", "效益指标（30分） |"

SAME: dict[str, str] = {
    "as it is": PROJECT,
    "title and header again at a page break": project(
        before("^ | ^ | 更换水表（只） |", TITLE_ROW, HEADER_ROW),
        ("2,150只 | 10", "2,150只 | 10"),
    ).replace("^ | ^ | 更换水表（只）", "产出指标（50分） | 数量指标 | 更换水表（只）"),
    "title again as a continuation": project(
        before(BENEFITS, f"{TITLE}（续表） | < | < | < | < | < | < | <", HEADER_ROW)
    ),
    "page break with other columns": project(
        (BENEFITS, f"{TITLE_ROW}\n | {HEADER_ROW}\n | {BENEFITS}"),
        ("满意度指标（10分） |", " | 满意度指标（10分） |"),
        (TOTAL_ROW, f"总分 | {TOTAL_ROW.replace('总分', '<')}"),
    ),
    "line breaks and spaces in header words": project(
        (
            HEADER_ROW,
            (
                "一 级\u3000指标 | 二级⏎指标 | 三级指⏎标 | 年度⏎指标值 | 实际⏎完成值"
                " | 分 值 | 得 分 | 偏差原因分析⏎及改进措施"
            ),
        )
    ),
    "header words with letters and remarks": project(
        (
            HEADER_ROW,
            (
                "一级指标 | 二级指标 | 三级指标 | 年度指标值（A） | 全年实际完成值B"
                " | 分值（权重） | 自评得分（分） | 偏差原因分析及改进措施（未完成的填写）"
            ),
        )
    ),
    "unmerged header in two lines": project(
        (
            HEADER_ROW,
            (
                "一级 | 二级 | 三级 | 年度 | 实际 | 分值 | 得分 | 偏差原因分析\n"
                "指标 | 指标 | 指标 | 指标值 | 完成值 |  |  | 及改进措施"
            ),
        )
    ),
    "merged header in two lines, words over groups": project(
        (HEADER_ROW, f"绩效指标 | < | < | 指标值 | < | 评分 | < | 偏差原因\n{HEADER_ROW}")
    ),
    "remark merged over a row": project(before(BENEFITS, "注：以下为效益指标。 | < | < | < | < | < | < | <")),
    "remark in the first cell of a row": project(before(BENEFITS, "注：以下为效益指标。")),
    "remark in the name's cell": project(before(BENEFITS, " |  | 说明：以下为效益指标。")),
    "subtotal of a group": project(before(BENEFITS, "小计 | < | < | < | < | 50 | 50 |")),
    "subtotal under the second level": project(before(BENEFITS, "^ | 小计 | < |  |  | 50 | 50 |")),
    "subtotal among the names": project(before(BENEFITS, "^ | ^ | 小计 |  |  | 50 | 50 |")),
    "subtotal with the group's name": project(before(BENEFITS, "产出指标小计 | < | < | < | < | 50 | 50 |")),
    "totals of groups and of all": project(
        before(BENEFITS, "合计 | < | < | < | < | 50 | 50 |"),
        before("满意度指标（10分） |", "合计 | < | < | < | < | 30 | 30 |"),
        before(TOTAL_ROW, "合计 | < | < | < | < | 10 | 10 |"),
    ),
    "total on top": project((TOTAL_ROW, ""), (HEADER_ROW, f"{HEADER_ROW}\n{TOTAL_ROW}")),
    "row that breaks a figure down": project(
        before("^ | ^ | 更换水表（只） |", "^ | ^ | 其中：城区（公里） |  | 20公里 |  |  |")
    ),
    "blank rows": project(before(BENEFITS, "", "", "")),
    "remarks below": f"{PROJECT}注：1.得分按计分办法填写。⏎2.分值统一设置 | < | < | < | < | < | < | <\n"
    "填表人：某某 |  |  填报日期：2025年3月1日 | <\n",
    "remarks below in words of labels": f"{PROJECT}注： |  | 得分 | 按办法计\n"
    "产出指标 | 指预算资金提供的产品和服务\n",
    "template rows left": project(
        before("^ | 质量指标 |", "^ | ^ | 指标3： |  |  |  |  |", "^ | ^ | …… |  |  |  |  |")
    ),
    "numbering of the template and a mark": project(
        ("改造管网（公里）", "指标1：改造管网（公里）"),
        ("更换水表（只）", "★指标2 更换水表（只）"),
        ("验收合格率", "指标10.验收合格率"),
    ),
    "levels repeated": project(
        ("^ | ^ | 更换水表", "产出指标（50分） | 数量指标 | 更换水表"),
        ("^ | 质量指标", "产出指标（50分） | 质量指标"),
    ),
    "levels in the first row": project(
        ("^ | ^ | 更换水表", " |  | 更换水表"), ("^ | 质量指标", " | 质量指标")
    ),
    "level merged over a page break": project(
        before("^ | 质量指标 |", f"^ | {HEADER_ROW.partition(' | ')[2]}")
    ),
    "year in Chinese numerals": project((TITLE, "二〇二四年度项目支出绩效自评表")),
    "year with a circle for zero": project((TITLE, "二○二四年项目支出绩效自评表")),
    "year below the title": project(
        (TITLE_ROW, TITLE_ROW.replace("2024年度", "") + "\n（2024年度） | < | < | < | < | < | < | <")
    ),
    "year in the header's words": project(
        (TITLE, "项目支出绩效自评表"),
        (
            "| 年初预算数 | 全年预算数 | 全年执行数 |",
            "| 2024年年初预算数 | 2024年全年预算数 | 2024年度执行数 |",
        ),
    ),
    "unit far right": project(
        ("项目资金（万元）", "项目资金"), (TITLE_ROW, f"{TITLE_ROW}\n |  |  |  |  |  |  | 单位：万元")
    ),
    "amounts in 元": project(
        ("项目资金（万元）", "项目资金（元）"),
        ("400.00 | 420.00 | 390.00", "4000000 | 4,200,000.00 | '3900000元"),
        ("380.00 | 400.00 | 370.00", "3800000 | 4000000 | 3700000"),
        ("20.00 | 20.00 | 20.00", "200000 | 200000 | 200000"),
    ),
    "figures as text in wide digits": project(
        ("400.00 | 420.00 | 390.00", "４００．００ | ４２０．００ | '390.00万元")
    ),
    "points with their word": project(
        ("10 | 92.86% | 9.29", "10分 | '92.86% | 9.29分"), ("37.5公里 | 20 | 20", "37.5公里 | 20分 | 20分")
    ),
    "weights in percent": project(
        ("37.5公里 | 20 |", "37.5公里 | 20% |"),
        ("改善 | 30 |", "改善 | 30% |"),
        ("92% | 10 |", "92% | '10% |"),
        ("| 100 | 99.29", "| 100% | 99.29"),
    ),
    "points out of points": project(
        ("92.86% | 9.29", "92.86% | 9.29/10"), ("2,150只 | 10 | 10", "2,150只 | 10 | '10/10")
    ),
    "rate as a fraction": project(("92.86%", "0.9286")),
    "funds headed with letters": project(
        (
            FUNDS_HEADER,
            "项目资金（万元） |  | 年初预算数 | 全年预算数A | 全年执行数B | 分值 | 执行率B/A | 得分C",
        )
    ),
    "funds headed with formulas": project(
        (
            FUNDS_HEADER,
            (
                "项目资金（万元） |  | 年初预算数 | 全年预算数⏎（A） | 全年执行数⏎（B）"
                " | 分值⏎（10分） | 执行率⏎（B/A）×100% | 得分⏎（10分×执行率）"
            ),
        )
    ),
    "further columns": project(
        ("| 分值 | 得分 | 偏差", "| 是否核心指标 | 分值 | 完成率 | 得分系数 | 得分 | 偏差"),
        ("37.5公里 | 20 | 20", "37.5公里 | 是 | 20 | 104.17% | 1 | 20"),
        ("2,150只 | 10 | 10", "2,150只 | 否 | 10 | 107.50% | 1 | 10"),
        ("| 100% | 20 | 20", "| 100% | 是 | 20 | 100% | 1 | 20"),
        ("改善 | 30 | 30", "改善 | 否 | 30 | 超额完成 | 1 | 30"),
        ("92% | 10 | 10", "92% | 否 | 10 | 102.22% | 1 | 10"),
        ("| 100 | 99.29 |", "|  | 100 |  |  | 99.29 |"),
    ),
}
"""Every one of these says what the correct form says, and nothing is wrong with it."""


def indicators(submission_parts: dict[str, Any]) -> list[Any]:
    found: list[Any] = submission_parts["indicators"]
    return found


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_form_says_the_same_in_every_layout(text: str) -> None:
    form = read(sheet(text))
    assert parts(form.submission) == WHOLE
    assert form.audit() == set()


NAMES: dict[str, tuple[tuple[str, str], tuple[str, str, str]]] = {
    "code in brackets": (("虚构水务局", "[101]虚构水务局"), ("虚构水务局", "虚构管网处", "虚构管网改造项目")),
    "code and space": (("虚构水务局", "101001 虚构水务局"), ("虚构水务局", "虚构管网处", "虚构管网改造项目")),
    "code behind": (("虚构管网处", "虚构管网处（101002）"), ("虚构水务局", "虚构管网处", "虚构管网改造项目")),
    "seal": (
        ("主管部门 | < | 虚构水务局", "主管部门（盖章）： | < | 虚构水务局（公章）"),
        ("虚构水务局", "虚构管网处", "虚构管网改造项目"),
    ),
    "project code": (
        ("虚构管网改造项目", "【43000021T000001】虚构管网改造项目"),
        ("虚构水务局", "虚构管网处", "虚构管网改造项目"),
    ),
    "both names in one cell": (
        (DEPARTMENT_ROW, "主管部门：虚构水务局  实施单位：虚构管网处 | < | < | < | < | < | < | <"),
        ("虚构水务局", "虚构管网处", "虚构管网改造项目"),
    ),
    "date in the name's cell": (
        (
            DEPARTMENT_ROW,
            (
                "主管部门（公章）：虚构水务局　　填报日期：2025年3月1日 | < | < | < "
                "| 实施单位 | 虚构管网处 | < | <"
            ),
        ),
        ("虚构水务局", "虚构管网处", "虚构管网改造项目"),
    ),
    "date in the value's cell": (
        ("虚构水务局", "虚构水务局   填报日期：2025年3月1日"),
        ("虚构水务局", "虚构管网处", "虚构管网改造项目"),
    ),
    "year belongs to the name": (
        ("虚构管网改造项目", "2024年虚构管网改造项目"),
        ("虚构水务局", "虚构管网处", "2024年虚构管网改造项目"),
    ),
}


@pytest.mark.parametrize(("change", "names"), NAMES.values(), ids=NAMES)
def test_names(change: tuple[str, str], names: tuple[str, str, str]) -> None:
    form = read(sheet(project(change)))
    assert parts(form.submission)["names"] == names
    assert form.audit() == set()


FAULTS: dict[str, tuple[str, Marks]] = {
    "no name for an indicator": (project(("改造管网（公里） |", " |")), {("V103", "C12")}),
    "no 一级指标 column": (project(("一级指标 |", "序号 |")), {("L114", "")}),
    "another word for the total line": (project(("年度资金总额", "甲")), {("L113", "B5")}),
    "no funds block": (
        project((FUNDS_HEADER, "项目资金（万元）"), ("^ | 年度资金总额", "^ | 甲")),
        {("L106", "")},
    ),
    "no department": (project((DEPARTMENT_ROW, "")), {("L103", "")}),
    "words for a figure": (project(("390.00 | 10", "约390 | 10")), {("V101", "E5")}),
    "error value": (project(("390.00 | 10", "#REF! | 10")), {("V107", "E5")}),
    "blank form's own text": (project(("虚构管网处", "请填写")), {("V105", "F3")}),
    "masked name": (project(("虚构水务局", "XX局")), {("V105", "C3")}),
    "two units": (project((TITLE_ROW, f"{TITLE_ROW}\n |  |  |  |  |  |  | 单位：元")), {("V104", "")}),
}


@pytest.mark.parametrize(("text", "marks"), FAULTS.values(), ids=FAULTS)
def test_one_fault_one_finding(text: str, marks: Marks) -> None:
    assert read(sheet(text)).audit() == marks


def test_without_a_row_of_totals_the_total_is_not_known() -> None:
    form = read(sheet(project((TOTAL_ROW, ""))))
    assert parts(form.submission) == {**WHOLE, "total": {}}
    assert form.audit() == set()


def test_totals_of_groups_alone_are_no_total() -> None:
    text = project(
        before(BENEFITS, "合计 | < | < | < | < | 50 | 50 |"), (TOTAL_ROW, "合计 | < | < | < | < | 40 | 40 |")
    )
    form = read(sheet(text))
    assert parts(form.submission) == {**WHOLE, "total": {}}
    assert form.audit() == set()


def test_without_a_title_the_year_is_not_known() -> None:
    form = read(sheet(project((f"{TITLE_ROW}\n", ""))))
    assert parts(form.submission) == {**WHOLE, "year": None}
    assert form.audit() == set()


def test_what_stands_on_the_form_for_the_round_before_is_another_year() -> None:
    form = read(sheet(project((TITLE, "2023年度项目支出绩效自评表"))))
    assert parts(form.submission) == {**WHOLE, "year": 2023}
    assert form.audit() == {("X101", "A1")}


def test_several_targets_in_one_cell_are_left_to_a_person() -> None:
    text = project(
        (
            "改造管网（公里） | ≥36公里 | 37.5公里 | 20 | 20 |",
            "改造工程 | 数量：管网≥36公里；质量：合格率≥95% | 改造37.5公里，合格率96% | 20 | 20 |",
        )
    )
    form = read(sheet(text))
    assert indicators(parts(form.submission))[0] == (
        "产出指标",
        "数量指标",
        "改造工程",
        "数量：管网≥36公里；质量：合格率≥95%",
        "改造37.5公里，合格率96%",
        "20",
        "20",
        "",
    )
    assert form.audit() == {("S111", "G12")}


def test_cells_with_formats_only_say_nothing() -> None:
    grid = sheet(PROJECT)
    formats = {(row, column): "0.00" for row in range(1000) for column in range(40)}
    form = read(replace(grid, formats={**formats, **grid.formats}))
    assert parts(form.submission)["lines"] == WHOLE["lines"]


def test_a_stray_cell_far_away_changes_nothing() -> None:
    form = read(placed(sheet(PROJECT), {(5000, 200): Decimal(7)}))
    assert parts(form.submission) == WHOLE
    assert form.audit() == set()


def test_two_forms_below_each_other() -> None:
    second = PROJECT.replace("虚构管网改造项目", "虚构水表更换项目")
    forms = read_all(sheet(f"{PROJECT}\n{second}"))
    assert [form.submission.project for form in forms] == ["虚构管网改造项目", "虚构水表更换项目"]
    assert [indicators(parts(form.submission)) for form in forms] == [INDICATORS, INDICATORS]
    assert [form.audit() for form in forms] == [set(), set()]


def test_two_forms_below_each_other_without_a_second_title() -> None:
    second = PROJECT.replace("虚构管网改造项目", "虚构水表更换项目").replace(f"{TITLE_ROW}\n", "")
    forms = read_all(sheet(f"{PROJECT}\n{second}"))
    assert [form.submission.project for form in forms] == ["虚构管网改造项目", "虚构水表更换项目"]
    assert [indicators(parts(form.submission)) for form in forms] == [INDICATORS, INDICATORS]
    assert [form.audit() for form in forms] == [set(), set()]


def test_two_forms_beside_each_other() -> None:
    second = rows_of(PROJECT.replace("虚构管网改造项目", "虚构水表更换项目"))
    grid = sheet([[*left, "", *right] for left, right in zip(rows_of(PROJECT), second, strict=True)])
    forms = read_all(grid)
    assert recognised(grid) == ["project-self-evaluation"] * 2
    assert [form.submission.project for form in forms] == ["虚构管网改造项目", "虚构水表更换项目"]
    assert [indicators(parts(form.submission)) for form in forms] == [INDICATORS, INDICATORS]
    assert [form.audit() for form in forms] == [set(), set()]


def test_two_forms_beside_each_other_that_share_their_names_are_told_of() -> None:
    second = rows_of(project(("项目支出名称 | <", "甲 | <"), ("主管部门 |", "乙 |")))
    grid = sheet([[*left, "", *right] for left, right in zip(rows_of(PROJECT), second, strict=True)])
    form = read(grid)
    assert parts(form.submission)["names"] == WHOLE["names"]
    assert form.audit() == {("L112", "J1")}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_standard_forms_are_free_of_findings_in_every_layout(layout: Layout) -> None:
    for form in (overall_form(layout), project_form(layout)):
        assert read(form.grid()).audit() == set()


ROWS = PROJECT.strip("\n").split("\n")
UPPER, REST = (
    "\n".join(ROWS[:13]),
    "\n".join(["产出指标（50分） | 质量指标 | 验收合格率 | 100% | 100% | 20 | 20 |", *ROWS[14:]]),
)
UNNAMED_REST = REST.replace("产出指标（50分） | 质量指标", " | 质量指标")
CONTINUED = "2024年度项目支出绩效自评表（续表） | < | < | < | < | < | < | <"


def sheets(*texts: str) -> Sheets:
    grids = tuple(sheet(text, name=f"Sheet{number}") for number, text in enumerate(texts, start=1))
    workbook = Workbook("虚构局.xlsx", "0" * 64, grids)
    return read_sheets(workbook, vocabulary(), national().lexicon)


def marks(found: Sheets) -> Marks:
    return {(finding.code, f"{finding.place.sheet}!{finding.place.cell}") for finding in found.findings}


@pytest.mark.parametrize(
    "rest",
    [
        f"{CONTINUED}\n{HEADER_ROW}\n{REST}",
        f"{TITLE_ROW}\n{HEADER_ROW}\n{REST}",
        f"续表\n{HEADER_ROW}\n{REST}",
        f"{HEADER_ROW}\n{REST}",
        f"{CONTINUED}\n{HEADER_ROW}\n{UNNAMED_REST}",
    ],
    ids=["titled", "same title", "called so", "untitled", "level over the break"],
)
def test_the_rest_of_a_form_on_the_next_sheet(rest: str) -> None:
    found = sheets(UPPER, rest)
    (form,) = found.submissions
    assert parts(form) == parts(read(sheet(PROJECT)).submission)
    assert marks(found) == {("L111", "Sheet2!")}
    assert found.outcomes == []
    assert form.indicators[2].ref.sheet == "Sheet2"


def test_indicators_altogether_on_the_next_sheet() -> None:
    found = sheets("\n".join(ROWS[:10]), f"{CONTINUED}\n" + "\n".join(ROWS[10:]))
    (form,) = found.submissions
    assert parts(form) == parts(read(sheet(PROJECT)).submission)
    assert marks(found) == {("L111", "Sheet2!")}


def test_a_fault_on_the_next_sheet_is_found_at_its_cell() -> None:
    found = sheets(UPPER, f"{CONTINUED}\n{HEADER_ROW}\n{REST}".replace("| 92% | 10 | 10", "| 92% | 十 | 10"))
    assert marks(found) == {("L111", "Sheet2!"), ("V101", "Sheet2!F5")}
    assert {finding.subject for finding in found.findings} == {found.submissions[0].submission_id}


def test_a_form_with_a_name_of_its_own_is_no_continuation() -> None:
    found = sheets(project((TOTAL_ROW, "")), PROJECT.replace("虚构管网改造项目", "虚构水表更换项目"))
    assert [form.project for form in found.submissions] == ["虚构管网改造项目", "虚构水表更换项目"]
    assert marks(found) == set()


def test_nothing_goes_on_after_the_total() -> None:
    found = sheets(PROJECT, f"{HEADER_ROW}\n{REST}")
    assert len(found.submissions) == 1
    assert [(outcome.sheet, outcome.status) for outcome in found.outcomes] == [
        ("Sheet2", Status.UNRECOGNISED)
    ]
    assert marks(found) == {("L101", "Sheet2!")}
