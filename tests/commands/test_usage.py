from __future__ import annotations

import re

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from jixiao.cli import app, schemes


@pytest.mark.parametrize(
    ("words", "said", "command"),
    [
        ("rnu", "没有命令 rnu。是不是要写 run？", "jixiao"),
        ("run --foo", "没有选项 --foo。", "jixiao run"),
        ("run --input x", "没有选项 --input。是不是要写 --inputs、--outputs？", "jixiao run"),
        (
            "template national --year x",
            "选项 --year 的值不能用，应为整数。评价年度；不写则为上一年。",
            "jixiao template",
        ),
        ("scheme show a b c", "多写了：b c。", "jixiao scheme show"),
        ("new x", "缺少选项 --scheme。评价方案，jixiao scheme list 列出全部。", "jixiao new"),
        ("run --inputs", "选项 --inputs 后面要写一个值。", "jixiao run"),
        (
            "scheme list --seeds /没有",
            "选项 --seeds 的值不能用：没有文件夹 /没有。",
            "jixiao scheme list",
        ),
        ("check --json=yes a.xlsx", "选项 --json 后面不写值。", "jixiao check"),
        ("explain a", "缺少“部门”。部门名称，写出能区分的一部分即可。", "jixiao explain"),
    ],
)
def test_wrong_words_are_told_in_chinese(words: str, said: str, command: str) -> None:
    result = CliRunner().invoke(app, words.split(), prog_name="jixiao")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{said}\n查看用法：{command} --help\n"


GROUPS = {"": app, "scheme": schemes}
COMMANDS = [
    f"{group} {command.name or command.callback.__name__}".split()
    for group, own in GROUPS.items()
    for command in own.registered_commands
    if command.callback
]
ENGLISH = re.compile(r"usage|options|arguments|commands|message|default|required|<\w+>|args", re.IGNORECASE)


@pytest.mark.parametrize("words", [[], ["scheme"], *COMMANDS])
def test_the_help_speaks_no_english(words: list[str]) -> None:
    said = CliRunner().invoke(app, [*words, "--help"], prog_name="jixiao", env={"COLUMNS": "80"})
    assert said.exit_code == 0
    assert said.output.startswith(f"用法：{' '.join(('jixiao', *words))}")
    assert ENGLISH.findall(said.output) == []
    assert "…" not in re.sub(r"命令 …|://\s*│?\s*│?\s*…", "", said.output)
    assert max(map(cell_len, said.output.splitlines())) <= 80


def test_help_that_is_asked_for_is_no_error() -> None:
    result = CliRunner().invoke(app, ["new"], prog_name="jixiao")
    assert "新建评价批次" in result.output
    assert "查看用法" not in result.output
