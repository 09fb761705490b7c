"""The state folder and its logs: a service shows its own lines and nothing of what its machinery prints."""

from __future__ import annotations

import io
import os
import sys
import time
from typing import TYPE_CHECKING

from jixiao.service.state import Sieve, log_file, only_ours, spool_folder, stamped, state_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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
