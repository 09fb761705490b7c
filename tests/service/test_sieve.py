"""The screen of a service shows its own lines and nothing of what its machinery prints."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from jixiao.service.progress import Sieve, only_ours, stamped

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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
