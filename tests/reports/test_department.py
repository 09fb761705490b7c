"""A department's report: nine chapters, every figure with its cell, and gaps where nobody knows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.documents import Heading, Mark, Paragraph
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Status
from jixiao.reports.department import department_report
from tests.builders.reports import below, rows, runs, said, table, worked_department

if TYPE_CHECKING:
    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.documents import Document
    from jixiao.domain.rounds import Evaluation

OFFICE = "中共湖南省委金融委员会办公室"
FILE = "省委金融办2024年度绩效自评表.xlsx"
Given = tuple["Evaluation", "Rulebook"]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Given:
    return worked_department(tmp_path_factory.mktemp("memory"), "hunan-2024", OFFICE)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Given:
    return worked_department(tmp_path_factory.mktemp("memory"), "yueyang-2020", "岳阳市金融办")


def report(given: Given) -> Document:
    evaluation, rules = given
    document = department_report(evaluation, rules.report)
    assert document is not None
    return document


@pytest.fixture(scope="module")
def office(province: Given) -> Document:
    return report(province)


def test_the_nine_chapters_of_the_source_document_with_their_sections(office: Document) -> None:
    assert office.title == f"{OFFICE}\n2024年度部门整体支出绩效自评报告"
    chapters = [block.text for block in office.blocks if isinstance(block, Heading) and block.level == 1]
    sections = [block.text for block in office.blocks if isinstance(block, Heading) and block.level == 2]
    assert chapters == [
        "一、基本情况",
        "二、一般公共预算支出情况",
        "三、政府性基金预算支出情况",
        "四、国有资本经营预算支出情况",
        "五、社会保险基金预算支出情况",
        "六、部门整体支出绩效情况",
        "七、存在的问题及原因分析",
        "八、下一步改进措施",
        "九、部门整体支出绩效自评结果及拟应用和公开情况",
    ]
    assert sections == [
        *("（一）部门基本情况", "（二）部门整体收支情况", "（三）绩效目标"),
        *("（一）基本支出情况", "（二）项目支出情况"),
        *("（一）年度目标完成情况", "（二）项目目标完成情况", "（三）绩效指标完成情况"),
        *("（一）预算执行方面", "（二）绩效指标方面", "（三）管理方面"),
        *("（一）绩效自评结果", "（二）自评结果拟应用和公开情况"),
    ]


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        (
            "3.人员情况",
            (
                "2024年末，人员编制77人，实有在职人员70人，在职人员控制率90.91%。"
                "【待补：人员构成和比上年增减的原因】"
            ),
        ),
        (
            "1.整体收入规模",
            "2024年度全年预算5,173.99万元，年初预算4,873.59万元。按收入性质分：一般公共预算5,173.99万元。",
        ),
        (
            "2.整体支出规模",
            "2024年度全年执行4,943.35万元，执行率95.54%，其中：基本支出2,291.01万元，项目支出2,652.34万元。",
        ),
        (
            "3.使用方向和主要内容",
            (
                "基本支出2,291.01万元，其中：工资福利支出1,670.38万元，商品和服务支出361.94万元，"
                "对个人和家庭的补助258.69万元；项目支出2,652.34万元，各项目的预算和执行见本报告第二部分。"
                "【待补：资金使用的方向和主要内容】"
            ),
        ),
        (
            "1.基本支出概况",
            (
                "2024年度基本支出全年预算2,317.36万元，占全年预算的44.79%，其中：年初预算2,198.56万元，"
                "预算调整118.80万元。决算支出2,291.01万元，占全年执行数的46.35%，年末结转和结余26.35万元。"
            ),
        ),
        (
            "2.“三公”经费支出情况",
            (
                "2024年度“三公”经费决算33.75万元，因公出国（境）费10.98万元，公务用车运行费21.69万元，"
                "公务接待费1.08万元。当年预算66.00万元，上年决算17.83万元，"
                "节约率−89.29%（与上年决算比，负数为增加）。【待补：“三公”经费比上年增减的原因】"
            ),
        ),
        (
            "1.项目支出概况",
            (
                "2024年度项目支出年初预算2,675.03万元，上年结转181.60万元，全年预算2,856.63万元，"
                "占部门全年预算的55.21%。决算支出2,652.34万元，占全年执行数的53.65%，年末结转和结余204.29万元。"
            ),
        ),
        (
            "三、政府性基金预算支出情况",
            "2024年度没有政府性基金拨款。【待补：政府性基金的支出和结余，没有支出的写明没有】",
        ),
        (
            "（一）预算执行方面",
            (
                "各项目自评表执行率的简单平均为89.88%，按金额合计为92.71%；"
                "其中执行率偏低的项目，全年预算占项目支出全年预算的38.08%。"
            ),
        ),
        (
            "（一）绩效自评结果",
            "2024年度绩效自评得分98.03分（各表得分按资金占比加权），评价等级为“优”。",
        ),
    ],
)
def test_sentences_of_the_worked_department(heading: str, wanted: str, office: Document) -> None:
    assert said(office, heading)[0] == wanted


def test_every_sentence_with_figures_names_their_cells(office: Document) -> None:
    (staff,) = below(office, "3.人员情况")
    assert isinstance(staff, Paragraph)
    assert staff.source == f"{FILE} › 附件1!B4、D4、F4"
    bare = [
        block.text
        for block in office.blocks
        if isinstance(block, Paragraph)
        and not block.source
        and any(character.isdigit() for character in block.runs[0].text.replace("2024", ""))
        and block.runs[0].mark is Mark.PLAIN
    ]
    # a text that the department wrote over several lines has its cell at the last of them
    assert [text for text in bare if text[1:2] != "."] == []


def test_the_composite_comes_out_item_by_item(office: Document) -> None:
    found = rows(table(office, "绩效自评综合评分表"))
    assert [row[:5] for row in found[:7]] == [
        ("部门整体（基本支出）", "2,291.01", "96.55", "46.36%", "45.83"),
        ("地方金融监管工作经费", "419.55", "97.93", "8.49%", "8.31"),
        ("地方金融风险防范专项工作经费", "358.02", "98.72", "7.24%", "7.15"),
        ("地方金融风险预警平台建设项目", "1,442.20", "100.00", "29.17%", "29.17"),
        ("湖南省地方金融征信与监管平台运维经费", "195.96", "99.65", "3.96%", "3.95"),
        ("湖南金融宣传工作经费", "112.88", "97.63", "2.28%", "2.23"),
        ("金融干部业务知识培训", "68.83", "100.00", "1.39%", "1.39"),
    ]
    carried = found[7:-1]
    assert len(carried) == 7
    assert sum(Decimal(row[3].rstrip("%")) for row in carried) == Decimal("1.11")
    assert found[-1] == ("合计", "4,943.35", "", "100.00%", "98.03", "")


def test_points_by_component_with_what_was_lost_and_why(office: Document) -> None:
    why = "公务用车老旧，维修成本上升；机构改革后人员和用车次数增加；为保障行车安全集中检修车辆。"
    assert said(office, "九、部门整体支出绩效自评结果及拟应用和公开情况", "（一）绩效自评结果")[1:] == [
        (
            "1.预算执行，分值10分，得分9.55分，得分率95.5%。"
            "扣分原因：全年预算5,173.99万元，全年执行4,943.35万元，执行率95.54%。"
        ),
        (
            "2.产出指标，分值50分，得分47分，得分率94%。"
            f"扣分：三公经费节约率，年度指标值≥5%，实际完成值-89.29%，扣3分。原因：{why}"
        ),
        "3.效益指标，分值30分，得分30分，得分率100%。",
        "4.满意度指标，分值10分，得分10分，得分率100%。",
    ]


def test_deductions_of_all_forms_with_a_gap_where_no_reason_was_given(office: Document) -> None:
    found = rows(table(office, "各表扣分明细"))
    assert [(row[0], row[1], row[5], row[6][:5]) for row in found] == [
        ("部门整体支出绩效自评表", "预算执行", "0.45", "【待补：原"),
        ("部门整体支出绩效自评表", "三公经费节约率", "3", "公务用车老"),
        ("地方金融监管工作经费", "预算执行", "2.07", "【待补：原"),
        ("地方金融风险防范专项工作经费", "预算执行", "1.28", "【待补：原"),
        ("湖南省地方金融征信与监管平台运维经费", "预算执行", "0.35", "【待补：原"),
        ("湖南金融宣传工作经费", "预算执行", "2.37", "【待补：原"),
    ]


def test_projects_executed_below_the_threshold_are_named(office: Document) -> None:
    assert said(office, "（一）预算执行方面")[1:] == [
        (
            "地方金融监管工作经费：全年预算528.87万元，全年执行419.55万元，执行率79.33%，低于90%，"
            "结余109.32万元。【待补：原因（报送表未填）】"
        ),
        (
            "地方金融风险防范专项工作经费：全年预算410.83万元，全年执行358.02万元，执行率87.15%，低于90%，"
            "结余52.81万元。【待补：原因（报送表未填）】"
        ),
        (
            "湖南金融宣传工作经费：全年预算148.00万元，全年执行112.88万元，执行率76.27%，低于90%，"
            "结余35.12万元。【待补：原因（报送表未填）】"
        ),
        "【待补：预算编制、执行方面的问题和原因】",
    ]


def test_what_the_forms_do_not_hold_is_a_marked_gap(office: Document) -> None:
    for heading in ("1.部门职能职责", "2.内设机构情况", "2.项目资金管理情况", "八、下一步改进措施"):
        (only,) = below(office, heading)
        assert isinstance(only, Paragraph)
        assert [run.mark for run in only.runs] == [Mark.GAP]
    assert all(text.startswith("【待补：") and text.endswith("】") for text in runs(office, Mark.GAP))
    assert len(list(runs(office, Mark.GAP))) == 24


def test_a_disputed_figure_is_said_beside_the_table_that_prints_it(office: Document) -> None:
    doubts = list(runs(office, Mark.DOUBT))
    assert doubts[0] == "【待核：报送表中有 2 处须修改（见审核意见）；修改后重新报送，再用重新生成的报告】"
    wrong = "《项目支出明细》B17“地方金融风险预警平台建设项目·年初预算数”填报 1,442.20，应为 1,492.00"
    assert [text for text in doubts if wrong in text] == doubts[1:2]


def test_tables_are_those_of_the_forms_with_their_dashes(office: Document) -> None:
    found = table(office, "“三公”经费明细表")
    assert [column.title for column in found.columns] == [
        *("项目", "上年决算数", "本年预算数", "本年决算数", "费用节约额", "节约率（%）")
    ]
    assert rows(found)[1] == ("1、因公出国（境）费", "1.14", "18.00", "10.98", "−9.84", "−863.16")
    assert rows(found)[3] == ("公务用车购置费", "—", "—", "—", "—", "—")
    assert found.source == f"{FILE} › 三公经费明细!B4:F7、B9:F10"
    listed = table(office, "项目支出情况明细表")
    assert len(listed.rows) == 14
    assert listed.strong == frozenset({0})
    assert listed.source == f"{FILE} › 项目支出明细!B4:G6、B8:G18"


def test_a_municipal_department_scores_by_its_table(city: Given) -> None:
    document = report(city)
    assert said(document, "1.整体收入规模") == [
        "2020年度收入合计575.17万元，其中：上年结转60.29万元，财政拨款490.71万元，其他收入24.17万元。"
    ]
    assert said(document, "2.整体支出规模") == [
        (
            "2020年度支出合计553.06万元，其中：基本支出553.06万元（人员支出410.02万元，公用支出143.04万元）。"
            "当年结余−38.18万元，累计结余22.11万元。"
        )
    ]
    result = said(document, "九、部门整体支出绩效自评结果及拟应用和公开情况", "（一）绩效自评结果")
    assert result[0] == "2020年度绩效自评得分88.00分（按自评表核算），评价等级为“良”。"
    assert result[3:] == [
        "3.产出，分值25分，得分25分，得分率100%。",
        "4.效果，分值20分，得分20分，得分率100%。",
    ]
    points = [(row[1], row[5]) for row in rows(table(document, "各表扣分明细"))]
    assert points == [("“三公经费”变动率", "5"), ("资金结余", "1"), ("“三公经费”控制率", "6")]


def test_a_department_with_projects_alone(province: Given) -> None:
    evaluation, rules = province
    projects = tuple(each for each in evaluation.submissions if each.scope is Scope.PROJECT)
    cards = tuple(each for each in evaluation.cards if each.submission.scope is Scope.PROJECT)
    alone = replace(evaluation, submissions=projects, cards=cards, composites=(), measures=())
    document = report((alone, rules))
    assert document.title == f"{OFFICE}\n2024年度项目支出绩效自评报告"
    assert said(document, "1.整体收入规模") == ["【待补：全年收入规模及其构成】"]
    assert rows(table(document, "有自评表的项目预算执行情况"))[-1] == (
        *("合计", "2,801.73", "2,597.44", "92.71%", "204.29"),
    )
    score = "2024年度绩效自评得分99.36分（各项目得分按资金加权），评价等级为“优”。"
    assert said(document, "（一）绩效自评结果")[0] == score


def test_who_sent_nothing_or_was_not_evaluated_has_no_report(province: Given) -> None:
    evaluation, rules = province
    nothing = replace(evaluation, submissions=(), cards=(), composites=())
    assert department_report(nothing, rules.report) is None
    statuses = dict.fromkeys(evaluation.statuses, Status.UNEVALUATED)
    assert department_report(replace(evaluation, statuses=statuses), rules.report) is None


def test_a_form_that_cannot_be_scored_leaves_a_gap_for_the_score(province: Given) -> None:
    evaluation, rules = province
    (composite,) = evaluation.composites
    *items, total = composite.items
    unscored = replace(composite, items=(*items, replace(total, weighted_score=None)))
    document = report((replace(evaluation, composites=(unscored,)), rules))
    assert said(document, "（一）绩效自评结果")[0] == (
        "【待补：自评得分和等级（有报送表不能计分，改正后才能得出）】"
    )
    assert document.values["得分"] == ""


def test_texts_of_others_are_one_line_without_controls(province: Given) -> None:
    evaluation, rules = province
    name = "甲\x07局<w:p>{{ 1 }}\u202e"
    forms = tuple(replace(each, department=name) for each in evaluation.submissions)
    cards = tuple(
        replace(each, submission=replace(each.submission, department=name)) for each in evaluation.cards
    )
    document = report((replace(evaluation, submissions=forms, cards=cards), rules))
    assert document.title.splitlines()[0] == "甲�局<w:p>{{ 1 }}�"


def test_indicators_stand_with_target_actual_points_and_what_was_found(office: Document) -> None:
    found = table(office, "部门整体绩效指标完成情况")
    assert rows(found)[2] == (
        *("产出指标／成本指标", "三公经费节约率", "≥5%", "-89.29%", "3.00", "0.00", "未达成"),
    )
    assert len(found.rows) == 21
    assert found.source == f"{FILE} › 附件2!E14:H34"
