"""A run on a terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from jixiao.commands.run import ScreenListener
from jixiao.pipeline import Published
from jixiao.service.progress import Failure, digest
from tests.builders.evaluations import evaluation
from tests.builders.results import worked

DIGEST = digest(worked(evaluation(name="r"), Published(Path("o"), Path("o/s.xlsx"), ()), 3))


def test_a_terminal_shows_how_many_files_are_read_and_is_left_clean() -> None:
    output = io.StringIO()
    console = Console(file=output, force_terminal=True, width=100, markup=False)
    with ScreenListener(console) as listener:
        listener.preparing()
        listener.started("r", 3)
        listener.read("r", 2)
        listener.evaluating("r")
        for step in ("审核、评分", "写出结果"):
            for done in range(3):
                listener.moved("r", step, done, 2)
            console.file.flush()
            listener._bar.refresh()  # noqa: SLF001 - else it draws when it has time
        listener.finished(DIGEST)
    drawn = output.getvalue()
    shown = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", drawn).split("\r")
    assert shown[1].startswith("正在准备（首次运行约需十几秒） ━")
    assert any(line.startswith("r 读取文件 ━") and " 0/3 " in line for line in shown)
    for step in ("审核、评分", "写出结果"):  # the bar moves on and begins anew with each step
        assert any(line.startswith(f"r {step} ━") and " 2/2 " in line for line in shown)
    assert drawn.endswith("\r\x1b[2K\x1b[?25h\r")  # the last bar is wiped away, the cursor back


def test_a_round_may_begin_again_after_its_server_was_lost() -> None:
    output = io.StringIO()
    with ScreenListener(Console(file=output, width=100)) as listener:
        listener.preparing()
        for _ in range(2):
            listener.started("r", 3)
            listener.read("r", 3)
        listener.evaluating("r")
        listener.finished(replace(DIGEST, round="r"))
    assert output.getvalue().splitlines() == ["r：读取 3 个文件"] * 2 + ["r：审核、评分并输出"]


def test_a_round_that_fails_before_it_begins_leaves_no_bar() -> None:
    output = io.StringIO()
    with ScreenListener(Console(file=output, width=100)) as listener:
        listener.failed(Failure("r", "磁盘已满。"))
    assert output.getvalue() == ""
