"""The state folder and its logs: a service shows its own lines and nothing of what its machinery prints."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from jixiao.service import state
from jixiao.service.state import (
    Sieve,
    keep_events,
    log_file,
    only_ours,
    record,
    spool_folder,
    stamped,
    state_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_it_lies_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JIXIAO_STATE", raising=False)
    assert state_folder() == tmp_path / ".jixiao"
    assert not state_folder().exists()


def test_a_variable_puts_it_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path / "别处"))
    assert state_folder() == tmp_path / "别处"


def test_a_log_stays_until_it_is_overlong(tmp_path: Path) -> None:
    log = log_file(tmp_path, "server")
    log.write_bytes(b"x" * 5_000_000)
    assert log_file(tmp_path, "server") == tmp_path / "logs" / "server.log"
    assert log.stat().st_size == 5_000_000
    log.write_bytes(b"x" * 5_000_001)
    assert log_file(tmp_path, "server") == log
    assert sorted(path.name for path in log.parent.iterdir()) == ["server.old.log"]


def test_what_happens_is_kept_in_words_and_on_request_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JIXIAO_LOG_JSON", raising=False)
    keep_events(tmp_path)
    record("started", "甲批：开始处理 3 个文件\n假行", round="甲批", files=3)
    monkeypatch.setenv("JIXIAO_LOG_JSON", "1")
    keep_events(tmp_path)
    record("failed", "甲批：未能完成。", level=logging.ERROR, round="甲批")
    chatty = logging.getLogger("chatty")
    chatty.setLevel(logging.INFO)
    chatty.info("still here")
    try:
        int("x")
    except ValueError:
        logging.getLogger("somebody").exception("broke")
    lines = (tmp_path / "logs" / "jixiao.log").read_text("utf-8").splitlines()
    assert [line[20:] for line in lines] == ["信息 甲批：开始处理 3 个文件 假行", "错误 甲批：未能完成。"]
    kept = [json.loads(line) for line in (tmp_path / "logs" / "jixiao.jsonl").read_text("utf-8").splitlines()]
    assert [(each["event"], each["message"], each["level"]) for each in kept] == [
        ("failed", "甲批：未能完成。", "ERROR"),
        ("", "broke", "ERROR"),
    ]
    assert kept[0]["round"] == "甲批"
    assert datetime.fromisoformat(kept[0]["time"]).tzinfo is not None
    assert "ValueError: invalid literal" in kept[1]["traceback"]


def test_an_overlong_log_is_set_aside_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "_LARGEST_LOG", 10)
    keep_events(tmp_path)
    for message in ("一", "二"):
        record("note", message)
    logs = tmp_path / "logs"
    assert [(path.name, path.read_text("utf-8")[-2]) for path in sorted(logs.iterdir())] == [
        ("jixiao.log", "二"),
        ("jixiao.old.log", "一"),
    ]


def test_a_log_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file", encoding="utf-8")
    keep_events(tmp_path)
    record("note", "一")


@pytest.fixture(autouse=True)
def keeps_nothing_afterwards() -> Iterator[None]:
    events = logging.getLogger("jixiao.events")
    before = [*events.handlers], [*logging.getLogger().handlers]
    yield
    events.handlers, logging.getLogger().handlers = before


def test_what_a_killed_run_left_is_cleared_after_a_day(tmp_path: Path) -> None:
    fresh, stale = (spool_folder(tmp_path) / name for name in ("run-new", "run-old"))
    for folder in (fresh, stale):
        folder.mkdir()
        (folder / "a.batch").write_bytes(b"figures")
    yesterday = time.time() - 86_401
    os.utime(stale, (yesterday, yesterday))
    assert sorted(path.name for path in spool_folder(tmp_path).iterdir()) == ["run-new"]


def test_lines_of_ours_are_shown_and_others_logged_however_they_are_cut() -> None:
    shown, log = io.StringIO(), io.StringIO()
    sieve = Sieve(shown, log)
    for piece in (
        "2025-05-06 18:00 批次：已完",
        "成\nTraceback (most",
        " recent call last):\n",
        "\n2025-05-06 18:00 x\n",
    ):
        sieve.write(piece)
    assert shown.getvalue() == "2025-05-06 18:00 批次：已完成\n"
    assert log.getvalue() == "Traceback (most recent call last):\n\n2025-05-06 18:00 x\n"


def test_both_streams_are_sorted_while_a_service_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = stamped("调度服务已恢复。")
    with only_ours(tmp_path / "serve.log"):
        for stream in (sys.stdout, sys.stderr):
            stream.write(f"{ours}\nFailed the last 3 attempts.\n")
    sys.stdout.write("done\n")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == (f"{ours}\ndone\n", f"{ours}\n")
    assert (tmp_path / "serve.log").read_text("utf-8") == "Failed the last 3 attempts.\n" * 2
