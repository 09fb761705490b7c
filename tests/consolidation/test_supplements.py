from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from jixiao.consolidation.edition import Edition
from jixiao.consolidation.supplements import survey_sheet, survey_table
from jixiao.domain.report import SheetSpec, Tone, Toned
from tests.builders.evaluations import evaluation
from tests.builders.supplements import DEPARTMENT, QUESTION, answer_sheet, evaluated, reporting
from tests.builders.targets import figure

SHEET = replace(answer_sheet((10,), (9,), (9,)), department=DEPARTMENT)
OTHER = replace(answer_sheet((5,), headers=("您的满意程度",)), department=DEPARTMENT)
FORM = reporting(figure("97", "%"))
GIVEN = replace(evaluation(), surveys=(evaluated(SHEET, FORM), evaluated(OTHER, FORM)))


def sheet() -> SheetSpec:
    edition = Edition(GIVEN.round, datetime(2025, 4, 20, tzinfo=UTC), "0.1.0")
    (spec,) = survey_sheet(GIVEN, edition)
    return spec


def test_a_row_a_question_and_the_composite_of_each_survey() -> None:
    assert [column.title for column in sheet().columns] == [
        *(
            "部门",
            "项目",
            "题目",
            "量表",
            "答案数",
            "满意度",
            "满意答案占比",
            "自评表填报",
            "结论",
            "说明",
            "来源",
        ),
    ]
    rate = Decimal("0.9333")
    assert sheet().rows == (
        (
            *(
                DEPARTMENT,
                "",
                QUESTION,
                "十分制",
                3,
                rate,
                Decimal(1),
                None,
                None,
                "",
                "问卷.xlsx › Sheet1!B1",
            ),
        ),
        (
            *(DEPARTMENT, "", "综合满意度", None, 3, rate, Decimal(1), "示例满意度1 97%"),
            *(Toned("不一致", Tone.DOUBT), "有效答卷 3 份", "虚构局.xlsx › 自评表!C22"),
        ),
        (
            *(DEPARTMENT, "", "您的满意程度", None, 1, None, None, None, None),
            *("没有写明满分，答案按满分 5、10 分都说得通", "问卷.xlsx › Sheet1!B1"),
        ),
        (
            *(DEPARTMENT, "", "综合满意度", None, 1, None, None, None, Toned("未核对", Tone.NOTE)),
            *("有效答卷 1 份；有题目的满分或档次无法确定，综合满意度不掌握", "问卷.xlsx › Sheet1"),
        ),
    )
    assert sheet().strong == {1, 3}


def test_table() -> None:
    table = survey_table(GIVEN)
    assert table.column("kind") == ["question", "composite"] * 2
    assert table.column("rate") == [Decimal("93.33"), Decimal("93.33"), None, None]
    assert table.column("questionnaires") == [3, 3, 1, 1]
    assert table.column("reported") == [None, "示例满意度1 97%", None, None]
    assert table.column("agreement") == [None, "differs", None, "open"]


def test_a_form_that_agrees_says_by_which_count() -> None:
    given = replace(evaluation(), surveys=(evaluated(SHEET, reporting(figure("93", "%"))),))
    assert survey_table(given).column("note")[1] == "有效答卷 3 份；按综合满意度相符"


def test_a_round_without_surveys_has_no_such_sheet() -> None:
    edition = Edition(GIVEN.round, datetime(2025, 4, 20, tzinfo=UTC), "0.1.0")
    assert list(survey_sheet(evaluation(), edition)) == []
    assert survey_table(evaluation()).rows == ()
