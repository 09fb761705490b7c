"""What the last lines of a run say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from jixiao.domain.findings import Severity
from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.pipeline import Published
from jixiao.service.digest import Digest, digest
from tests.builders.evaluations import evaluation
from tests.builders.lists import FILED, MISSING
from tests.builders.results import worked

PUBLISHED = Published(Path("o/r"), Path("o/r/汇总.xlsx"), (Path("o/r/审核反馈/a.xlsx"),))
OUTCOMES = (
    SheetOutcome("坏.xlsx", "", "", Status.UNREADABLE, "文件已损坏"),
    SheetOutcome("a.xlsx", "Sheet2", "", Status.UNRECOGNISED, "未能识别"),
    SheetOutcome("说明.txt", "", "", Status.IGNORED, "不是电子表格文件"),
)


def test_a_round_is_summed_up() -> None:
    title = evaluation().round.scheme.title
    assert digest(worked(evaluation(outcomes=OUTCOMES), PUBLISHED, 4)) == Digest(
        round="hunan-2024",
        title=f"2024 年度，{title}",
        files=4,
        forms=7,
        departments=1,
        returned=1,
        findings=Counter({Severity.ERROR: 1, Severity.WARNING: 2}),
        unreadable=("坏.xlsx：文件已损坏",),
        unrecognised=("a.xlsx › Sheet2：未能识别",),
        ignored=("说明.txt：不是电子表格文件",),
        folder=Path("o/r"),
        summary=Path("o/r/汇总.xlsx"),
        feedback=1,
    )


def test_the_artifact_shows_a_row_a_figure() -> None:
    rows = replace(digest(worked(evaluation(outcomes=OUTCOMES), PUBLISHED, 4)), unrecognised=()).rows()
    assert [(row["项目"], row["结果"]) for row in rows] == [
        ("评价批次", "hunan-2024"),
        ("文件", "4"),
        ("报送表", "7"),
        ("部门", "1"),
        ("需修改后重报的部门", "1"),
        ("阻断", "0"),
        ("错误", "1"),
        ("提示", "2"),
        ("说明", "0"),
        ("未能读取", "坏.xlsx：文件已损坏"),
        ("未能识别", "0"),
        ("汇总表", str(Path("o/r/汇总.xlsx"))),
    ]


def test_nothing_in_a_files_name_comes_to_life_in_the_artifact_or_on_the_screen() -> None:
    name = "[点我](http://a.b)<img src=x>`|\x1b[2J\n没有问题.xlsx"
    outcome = SheetOutcome(name, "一\n二", "", Status.UNREADABLE, "文件已损坏")
    given = digest(worked(evaluation(outcomes=(outcome,)), PUBLISHED, 1))
    assert given.unreadable == ("[点我](http://a.b)<img src=x>`|�[2J 没有问题.xlsx › 一 二：文件已损坏",)
    shown = "［点我］(http：//a.b)＜img src=x＞｀｜�［2J 没有问题.xlsx › 一 二：文件已损坏"
    assert {"项目": "未能读取", "结果": shown} in given.rows()


def test_a_folder_of_files_that_belong_to_nobody_is_one_line() -> None:
    lost = [
        SheetOutcome(f"杂/{n}.xlsx", "表", "", Status.UNRECOGNISED, "未能识别为本方案的报送表")
        for n in range(7402)
    ]
    single = SheetOutcome("甲/表.xlsx", "表", "", Status.UNRECOGNISED, "未能识别为本方案的报送表")
    given = digest(worked(evaluation(outcomes=(*lost, single)), PUBLISHED, 7403))
    assert given.unrecognised == (
        "文件夹 杂 里有 7402 个：未能识别为本方案的报送表",
        "甲/表.xlsx › 表：未能识别为本方案的报送表",
    )


def test_with_a_roster_it_says_what_is_owed() -> None:
    given = digest(worked(replace(evaluation(), filings=(FILED, MISSING)), PUBLISHED, 4))
    assert {"项目": "应报情况", "结果": "应报 2 张，已报 1 张，未报 1 张，迟报 1 张。"} in given.rows()
