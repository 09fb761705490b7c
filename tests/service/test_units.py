"""What starts the service with a computer: a systemd unit, a task of Windows."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from jixiao.cli import app

FLOWS = Path(__file__).resolve().parents[2] / "flows"
UNIT = (FLOWS / "jixiao.service").read_text(encoding="utf-8")
BATCH = (FLOWS / "jixiao-serve.bat").read_bytes().decode("ascii")


def served(command: str) -> list[str]:
    """The words after `jixiao` in a line that starts it."""
    words = shlex.split(command, posix=True)
    return words[next(n for n, word in enumerate(words) if "jixiao" in Path(word).name) + 1 :]


def commands() -> list[list[str]]:
    (unit,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    (batch,) = re.findall(r'^"%PROGRAM%.*?\.exe" (.*?) >>', BATCH, re.MULTILINE)
    return [served(unit), shlex.split(batch)]


@pytest.mark.parametrize("words", commands())
def test_both_serve_with_options_that_there_are(words: list[str]) -> None:
    assert words[0] == "serve"
    help_text = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200"}).stdout
    assert all(word in help_text for word in words if word.startswith("--"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
def test_the_unit_is_one(tmp_path: Path) -> None:
    unit = tmp_path / "jixiao.service"
    unit.write_text(re.sub(r"(?<=^ExecStart=)\S+", "/bin/true", UNIT, flags=re.MULTILINE), encoding="utf-8")
    result = subprocess.run(  # noqa: S603 - our own file
        ["systemd-analyze", "verify", str(unit)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in result.stderr.splitlines() if "jixiao" in line] == []


def test_a_service_that_is_wrongly_set_up_is_not_started_again_and_again() -> None:
    assert "RestartPreventExitStatus=2\n" in UNIT


def test_the_batch_file_is_one_for_every_code_page() -> None:
    assert BATCH.count("\n") == BATCH.count("\r\n")


def test_the_task_never_ends_by_itself_nor_runs_twice() -> None:
    task = etree.parse(FLOWS / "jixiao-task.xml")
    said = {etree.QName(each).localname: (each.text or "").strip() for each in task.getroot().iter("{*}*")}
    assert said["ExecutionTimeLimit"] == "PT0S"
    assert said["MultipleInstancesPolicy"] == "IgnoreNew"
    assert said["Command"].endswith(r"flows\jixiao-serve.bat")
