"""NEW-JURISDICTION.md as a newcomer follows it: its files written, its commands run, in its order."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from jixiao.cli import app
from tests.builders.province import GUIDE, ROUND, commands, write_form, write_province

if TYPE_CHECKING:
    from pathlib import Path

ROOT = GUIDE.parent


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, dict[str, Outcome]]:
    """The working directory when all is done, and what every command gave."""
    place = write_province(tmp_path_factory.mktemp("place"))
    write_form(place / "inputs" / ROUND / "示例.xlsx")
    write_form(place / "seeds" / "cases" / "qinglan" / "林区巡护" / "示例.xlsx")
    return place, {command: run(place, command) for command in commands()}


@dataclass(frozen=True)
class Outcome:
    """What a command left on the screen."""

    returncode: int
    stdout: str
    stderr: str


def run(place: Path, command: str) -> Outcome:
    """A printed command; what works off rounds in a program of its own, the others in this one."""
    program, *words = shlex.split(command)
    assert program == "jixiao"
    if words[0] == "run":
        return _run_alone(place, words)
    with contextlib.chdir(place):
        result = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    return Outcome(result.exit_code, result.stdout, result.stderr)


def _run_alone(place: Path, words: list[str]) -> Outcome:
    """With the program of this checkout, without a server."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
    }
    result = subprocess.run(  # noqa: S603 - the command is our own guide's
        [sys.executable, "-m", "jixiao", *words],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    return Outcome(result.returncode, result.stdout, result.stderr)


Outcomes = tuple["Path", dict[str, Outcome]]


def test_every_command_succeeds(outcomes: Outcomes) -> None:
    _, results = outcomes
    assert {command: result.stderr for command, result in results.items() if result.returncode} == {}
    assert len(results) == 13


def test_the_own_scheme_is_shown_beside_those_of_the_package(outcomes: Outcomes) -> None:
    place, _ = outcomes
    listed = run(place, "jixiao scheme list").stdout
    assert all(each in listed for each in ("national", "hunan-provincial", "qinglan"))
    assert listed.count("2020—至今") == 3


def test_the_worked_form_is_clean_and_its_figures_come_out(outcomes: Outcomes) -> None:
    place, results = outcomes
    told = results[f"jixiao check inputs/{ROUND}/示例.xlsx"].stdout
    assert "88.80" in told
    assert "没有发现问题，可以报送。" in told
    scores = (place / "outputs" / ROUND / "data" / "scores.csv").read_text(encoding="utf-8-sig")
    assert scores.splitlines()[-1].endswith("total,100,88.8,88.8,88.8,80,良好,良好")


def test_the_case_holds_what_the_guide_works_out(outcomes: Outcomes) -> None:
    place, results = outcomes
    assert "1 个案例都与所记相符。" in results["jixiao scheme test qinglan"].stdout
    said = (place / "seeds" / "cases" / "qinglan" / "林区巡护" / "case.toml").read_text(encoding="utf-8")
    assert '"预算执行" = 15.5' in said
    assert '"C10 巡护成本" = 11.3' in said
    assert '"总分" = 88.8' in said
    assert "[[findings]]" not in said


def test_workers_read_with_the_own_scheme_too(outcomes: Outcomes) -> None:
    place, _ = outcomes
    findings = (place / "outputs" / ROUND / "data" / "findings.csv").read_text(encoding="utf-8-sig")
    assert len(findings.splitlines()) == 1


def test_a_wrong_file_is_named_with_its_line(outcomes: Outcomes) -> None:
    place, _ = outcomes
    wrong = place / "seeds" / "schemes" / "wrong.toml"
    wrong.write_text(
        'extends = "national"\ntitle = "误"\njurisdiction = "误"\n[execution]\nrate = 2\n', "utf-8"
    )
    result = run(place, "jixiao scheme validate seeds/schemes/wrong.toml")
    wrong.unlink()
    assert result.returncode == 2
    assert "wrong.toml 第 5 行 execution.rate：不认识的键“rate”，此处可用：" in result.stderr


def test_an_export_does_not_overwrite_what_was_edited(outcomes: Outcomes) -> None:
    place, _ = outcomes
    assert run(place, "jixiao scheme export qinglan").returncode == 0
    again = run(place, "jixiao scheme export qinglan")
    assert again.returncode == 2
    assert "评价方案_qinglan.xlsx 已经存在，请先移走，或用 --out 写明文件名以更新。" in again.stderr


def test_an_import_overwrites_no_file_unasked(outcomes: Outcomes) -> None:
    place, _ = outcomes
    scheme = place / "另存.toml"
    scheme.write_text("# 我的\n", "utf-8")
    again = run(place, "jixiao scheme import 青岚方案.xlsx --out 另存.toml")
    assert (again.returncode, scheme.read_text("utf-8")) == (2, "# 我的\n")
    assert (
        again.stderr
        == "另存.toml 已经存在，没有改动它。要覆盖请加 --overwrite，或用 --out 另写一个文件名。\n"
    )


def test_an_import_with_errors_writes_nothing(outcomes: Outcomes) -> None:
    place, _ = outcomes
    path = place / "改错.xlsx"
    path.write_bytes((place / "青岚方案.xlsx").read_bytes())
    book = load_workbook(path)
    book["分值"]["D4"] = "二十"
    book.save(path)
    result = run(place, "jixiao scheme import 改错.xlsx --out 改错.toml")
    assert result.returncode == 2
    assert result.stderr == "分值!D4（预算执行）：应填数字，现为“二十”。\n共 1 处须修改，没有生成方案文件。\n"
    assert not (place / "改错.toml").exists()
