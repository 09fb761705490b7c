"""What is told of a run: its digest, and what a scheduled run prints."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.domain.findings import Severity
from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.pipeline import Published
from jixiao.service.progress import Digest, Failure, current, digest, nobody_watches
from tests.builders.evaluations import evaluation
from tests.builders.lists import FILED, MISSING
from tests.builders.results import worked

if TYPE_CHECKING:
    import pytest

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


def test_a_scheduled_run_prints_a_line_at_its_start_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    listener = current()
    assert nobody_watches()
    listener.started("r", 3)
    listener.read("r", 3)
    listener.evaluating("r")
    listener.moved("r", "审核、评分", 1, 1)
    listener.finished(digest(worked(evaluation(name="r"), Published(Path("o"), Path("o/s"), ()), 3)))
    listener.failed(Failure("q", "磁盘已满。"))
    listener.failed(Failure("p", "缺少设置文件。", configuration=True))
    listener.stopped("找不到收件文件夹。")
    lines = capsys.readouterr().out.splitlines()
    assert [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d ", "", line) for line in lines] == [
        "r：开始处理 3 个文件",
        "r：已完成，报送表 7 张，须改正的问题 1 项，结果在 o",
        "q：未能完成，原有结果保留不变。磁盘已满。",
        "p：未处理，原有结果保留不变。缺少设置文件。",
        "本次运行未能完成。找不到收件文件夹。",
    ]
