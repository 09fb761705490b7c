"""Tests of jixiao.extraction.answers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.builders.grids import Typed, grid, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.submissions import Submission
    from jixiao.domain.supplements import Question


def ask(header: str, *answers: Typed, heading: str = "", beside: tuple[str, ...] = ()) -> Question:
    """The first question of an export with these answers; `beside` are answers to a second one."""
    rows: list[tuple[Typed, ...]] = [(heading,)] if heading else []
    second = ("您对办事效率是否满意",) if beside else ()
    rows.append(("提交时间", header, *second))
    others = beside or ("",) * len(answers)
    rows += [("2025/3/1", answer, other) for answer, other in zip(answers, others, strict=True)]
    (submission,) = read(grid(rows)).submissions
    return submission.questions[0]


def shares(question: Question) -> list[str]:
    return ["?" if each.share is None else f"{each.share:f}" for each in question.answers]


@pytest.mark.parametrize(
    ("header", "answers", "scale", "expected"),
    [
        ("您的满意度（10分制）", (5, 4, 3), "ten_points", ["0.5", "0.4", "0.3"]),
        ("您的满意度（1-10分）", (5, 5), "ten_points", ["0.5", "0.5"]),
        ("您的满意度（10分为非常满意，5分为一般）", (5, 5), "ten_points", ["0.5", "0.5"]),
        ("您的满意度（满分5分）", (5, 4), "five_points", ["1", "0.8"]),
        ("您的满意度（1～5分）", ("5分", "４"), "five_points", ["1", "0.8"]),
        ("您的满意度（五星）", ("5星", "3星"), "five_points", ["1", "0.6"]),
        ("您的满意度（100分）", (97, 8), "hundred_points", ["0.97", "0.08"]),
        ("您对15分钟内办结的满意度", (9, 8), "ten_points", ["0.9", "0.8"]),
        ("您的满意度", (9.5, 10), "ten_points", ["0.95", "1"]),
        ("您的满意度", (95, 80), "hundred_points", ["0.95", "0.8"]),
        ("您的满意度", ("满意", "基本满意", "不满意"), "three_words", ["1", "0.8", "0"]),
        ("您的满意度", ("满意", "满意"), "three_words", ["1", "1"]),
        ("您的满意度", ("A.非常满意", "B、满意"), "five_words", ["1", "0.8"]),
        ("您的满意度", ("5-非常满意", "非常满意（5分）"), "five_words", ["1", "1"]),
        (
            "您的满意度",
            ("非常满意", "比较满意", "一般", "不太满意", "很不满意"),
            "five_words",
            ["1", "0.8", "0.6", "0.4", "0.2"],
        ),
        ("您的满意度（非常满意/满意/一般/不满意）", ("满意", "满意"), "five_words", ["0.8", "0.8"]),
        ("您的满意度（非常满意、满意、基本满意、不满意）", ("满意", "满意"), "five_words", ["0.8", "0.8"]),
        ("您的满意度：满意 基本满意 不满意", ("满意", "基本满意"), "three_words", ["1", "0.8"]),
        ("您的满意度（A.满意 B.基本满意 C.不满意）", ("基本满意", "基本满意"), "three_words", ["0.8", "0.8"]),
        ("您的满意度（5非常满意4满意3一般2不满意）", ("满意", "一般"), "five_words", ["0.8", "0.6"]),
        ("您对服务的评价", ("很好", "较好"), "five_grades", ["1", "0.8"]),
        ("您对服务是否满意", ("是", "否"), "yes_no", ["1", "0"]),
    ],
)
def test_scale(header: str, answers: tuple[Typed, ...], scale: str, expected: list[str]) -> None:
    question = ask(header, *answers)
    assert question.scale is not None
    assert (question.scale.id, shares(question)) == (scale, expected)


@pytest.mark.parametrize(
    ("header", "answers", "reason"),
    [
        ("您的满意度", (5, 4, 5), "没有写明满分，答案按满分 5、10 分都说得通"),
        ("您对15分钟内办结的满意度", (5, 4), "没有写明满分，答案按满分 5、10 分都说得通"),
        (
            "您的满意度（1分为非常满意，5分为很不满意）",
            (1, 2),
            "表头说明分数越小越满意，与通常的计分方向相反",
        ),
        ("您的满意度（满分5分）", (9, 10, 8), "答案与写明的量表不符"),
        ("您的满意度", (0, 0), "没有写明满分，答案按满分 10、100 分都说得通"),
        ("您的满意度", ("满意", "比较满意", "非常满意"), "“比较满意”“满意”的档次无法确定"),
    ],
)
def test_scale_that_is_not_known_is_said(header: str, answers: tuple[Typed, ...], reason: str) -> None:
    question = ask(header, *answers)
    assert (question.scale, question.reason, set(shares(question))) == (None, reason, {"?"})


def test_the_heading_names_the_scale_for_every_question() -> None:
    question = ask("您的满意度", 5, 4, heading="请按10分制打分")
    assert (question.scale and question.scale.id, shares(question)) == ("ten_points", ["0.5", "0.4"])


def test_the_heading_on_points_says_nothing_about_words() -> None:
    question = ask("您的满意度", "满意", "基本满意", heading="请按10分制打分或选择")
    assert (question.scale and question.scale.id, shares(question)) == ("three_words", ["1", "0.8"])


def test_the_header_goes_before_the_heading() -> None:
    question = ask("您的满意度（5分制）", 5, 4, heading="请按10分制打分")
    assert (question.scale and question.scale.id) == "five_points"


def test_one_sheet_uses_one_scale_of_words() -> None:
    question = ask("您的满意度", "满意", "满意", beside=("非常满意", "一般"))
    assert (question.scale and question.scale.id, shares(question)) == ("five_words", ["0.8", "0.8"])


def test_yes_is_satisfied_only_where_that_was_asked() -> None:
    rows = [("提交时间", "您的办事效率印象是否良好"), ("2025/3/1", "是"), ("2025/3/1", "否")]
    assert read(grid(rows)).submissions == []


def test_a_slip_in_one_answer_is_no_other_scale() -> None:
    question = ask("您的满意度（满分5分）", 5, 5, 4, 4, 50)
    assert shares(question) == ["1", "1", "0.8", "0.8", "?"]
    assert question.scale is not None
    assert question.scale.top == Decimal(5)


HEADER = ("序号", "提交答卷时间", "所用时间", "来源", "1、您对服务态度的满意程度（满分10分）")
SHEET: tuple[tuple[Typed, ...], ...] = (
    HEADER,
    (1, "2025/3/1 9:00", "60秒", "微信", 10),
    (2, "2025/3/1 9:05", "75秒", "链接", 8),
)


def survey(rows: Sequence[Sequence[Typed]], sheet: str = "Sheet1") -> Submission:
    """The one survey that the sheet is."""
    (found,) = read(grid(rows, sheet=sheet)).submissions
    assert found.form == "satisfaction-survey"
    return found


def is_survey(rows: Sequence[Sequence[Typed]], sheet: str = "Sheet1") -> bool:
    return [each.form for each in read(grid(rows, sheet=sheet)).submissions] == ["satisfaction-survey"]


def test_an_export_is_known_by_its_columns_alone() -> None:
    (question,) = survey(SHEET).questions
    assert (question.text, question.ref.a1) == (HEADER[-1], "E1")
    assert [(each.ref.a1, each.text, each.share) for each in question.answers] == [
        ("E2", "10", Decimal(1)),
        ("E3", "8", Decimal("0.8")),
    ]


def test_title_and_department_above_the_header() -> None:
    found = survey([("2024年服务对象满意度调查",), ("被评价部门：云梦泽省虚构水务局",), *SHEET])
    assert (found.department, found.project, found.year) == ("云梦泽省虚构水务局", "", None)
    assert [len(question.answers) for question in found.questions] == [2]


def test_a_survey_about_a_project_names_it() -> None:
    assert survey([("项目名称：虚构堤防养护经费",), *SHEET]).project == "虚构堤防养护经费"


def test_what_stands_in_the_header_or_below_names_nobody() -> None:
    rows: list[tuple[Typed, ...]] = [("单位名称", *HEADER)]
    rows += [("某公司", *SHEET[1]), ("主管部门：某某集团", *SHEET[2])]
    assert survey(rows).department == ""


def test_dates_of_answers_are_no_year_of_the_form() -> None:
    rows: list[tuple[Typed, ...]] = [
        HEADER,
        (1, "2025年3月1日", "60秒", "微信", 10),
        (2, "2025年", "60秒", "微信", 9),
    ]
    assert survey(rows).year is None


def test_columns_that_are_no_questions_are_left_out() -> None:
    header = (*HEADER, "您的年龄", "您还有哪些意见建议", "总分", "您对办事效率的评价（满分10分）")
    rows: list[tuple[Typed, ...]] = [header, *((*row, 35, "很满意", 19, 9) for row in SHEET[1:])]
    assert [each.ref.a1 for each in survey(rows).questions] == ["E1", "I1"]


def test_opinions_under_a_rated_header_are_no_rating() -> None:
    rows = [(*HEADER, "您对服务质量的评价"), (*SHEET[1], "窗口少"), (*SHEET[2], "满意")]
    assert [each.ref.a1 for each in survey(rows).questions] == ["E1"]


def test_rows_of_means_and_unanswered_cells_are_no_answers() -> None:
    rows = [*SHEET, (3, "2025/3/1 9:09", "50秒", "微信", "(跳过)"), ("平均分", None, None, None, 9)]
    assert [each.text for each in survey(rows).questions[0].answers] == ["10", "8"]


def test_a_plain_list_of_questions_to_the_reader() -> None:
    rows = [("您对服务态度满意吗", "您对办事效率满意吗"), ("满意", "基本满意"), ("满意", "满意")]
    assert [[each.share for each in question.answers] for question in survey(rows).questions] == [
        [Decimal(1), Decimal(1)],
        [Decimal("0.8"), Decimal(1)],
    ]


def test_the_sheets_name_may_say_that_it_is_a_survey() -> None:
    rows = [("服务态度", "工作效率"), ("满意", "满意"), ("基本满意", "满意")]
    assert not is_survey(rows)
    assert is_survey(rows, "问卷数据")


@pytest.mark.parametrize(
    "rows",
    [
        # a table of counts by option is no answer sheet: its options stand under one question
        [
            ("您对服务态度是否满意", "小计", "比例"),
            ("满意", 30, 0.79),
            ("基本满意", 8, 0.21),
            ("不满意", 0, 0),
        ],
        # one row a unit
        [("单位", "满意率", "得分"), ("一处", 97, 10), ("二处", 98, 9), ("三处", 99, 8)],
        [("序号", "服务单位", "评价得分"), (1, "一处", 10), (2, "二处", 9)],
        [("指标", "满意度指标", "分值"), ("服务对象满意度", 90, 10), ("职工满意度", 95, 10)],
        # words alone
        [("您有何意见", "您的建议"), ("无", "无")],
        [HEADER],
    ],
)
def test_other_sheets_are_no_surveys(rows: Sequence[Sequence[Typed]]) -> None:
    assert not is_survey(rows)


def test_an_unrecognised_sheet_is_never_said_to_be_nearly_a_survey() -> None:
    (finding,) = read(grid([("部门名称", "金额"), ("某处", 12)])).findings
    assert (finding.code, finding.label == "满意度调查答卷") == ("L101", False)
