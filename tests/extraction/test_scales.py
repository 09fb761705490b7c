"""On which scale was it answered: by header, by heading, by answers that leave one scale; else not known."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.builders.grids import Typed, grid, read

if TYPE_CHECKING:
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
