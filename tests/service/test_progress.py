"""What a scheduled run prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.pipeline import Published
from jixiao.service.digest import digest
from jixiao.service.progress import Failure, PlainListener, current
from tests.builders.evaluations import evaluation
from tests.builders.results import worked

if TYPE_CHECKING:
    import pytest


def test_a_scheduled_run_prints_a_line_at_its_start_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    listener = current()
    assert isinstance(listener, PlainListener)
    listener.started("r", 3)
    listener.read("r", 3)
    listener.evaluating("r")
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
