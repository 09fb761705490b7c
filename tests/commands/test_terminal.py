"""How commands end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from jixiao.commands.terminal import CommandFailedError, UsageError, complain, crashes_told, screen

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (UsageError("没有这个文件：a[1].xlsx"), 2, "没有这个文件：a[1].xlsx\n"),
        (CommandFailedError("无法按计划运行。"), 1, "无法按计划运行。\n"),
        (KeyboardInterrupt(), 130, "已停止。\n"),
    ],
)
def test_an_end_is_a_sentence_and_a_code(
    error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, crashes_told(1):
        raise error
    assert ended.value.code == code
    assert capsys.readouterr().err == told


def test_a_crash_is_logged_where_this_user_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    with pytest.raises(SystemExit) as ended, crashes_told(1):
        raise ValueError("ours")
    log = tmp_path / "jixiao-crash.log"
    assert ended.value.code == 1
    assert capsys.readouterr().err == f"程序内部出错，未能完成（ValueError：ours）。\n详细记录：{log}\n"
    assert "ValueError: ours" in log.read_text(encoding="utf-8")


HOSTILE = "表\x1b[2J\x1b]0;题\x07一\r\x9b31m\u202e红.xlsx"
SHOWN = "表�[2J�]0;题一�31m�红.xlsx"  # rich drops bells and returns by itself


def test_nothing_that_others_wrote_moves_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table.grid()
    table.add_row("文件", Text(HOSTILE))
    for shown in (HOSTILE, Text(HOSTILE), table, Panel(HOSTILE)):
        screen().print(shown)
    complain(HOSTILE)
    printed = capsys.readouterr()
    assert not set(printed.out + printed.err) & set("\x1b\x07\r\x9b\u202e")
    assert printed.out.startswith(f"{SHOWN}\n")
    assert printed.err == f"{SHOWN}\n"


def test_a_log_has_one_line_a_record(tmp_path: Path) -> None:
    script = (
        "import logging, pathlib, sys\n"
        "from jixiao.commands.terminal import log_to\n"
        "log_to(pathlib.Path(sys.argv[1]))\n"
        "try: raise ValueError('甲\\x1b[2J')\n"
        "except ValueError: logging.exception('%s', '乙\\n2025 ERROR x: 丙')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script, str(tmp_path / "log")], check=True, env=environment
    )
    first, *others = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert first.endswith(" root: 乙 2025 ERROR x: 丙")
    assert others[-1] == "ValueError: 甲�[2J"


def program(words: str, **changes: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "jixiao", *words.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path, **changes},
    )


def test_a_console_of_another_code_page_gets_utf_8() -> None:
    output, errors = program("scheme explain A101", PYTHONIOENCODING="ascii").communicate(timeout=60)
    assert output.decode("utf-8").startswith("A101 ")
    assert errors == b""


@pytest.mark.parametrize("words", ["scheme show national", f"check {__file__} --json"])
def test_a_reader_that_has_seen_enough_is_no_crash(words: str) -> None:
    process = program(words)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), errors) == (1, b"")
