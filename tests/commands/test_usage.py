from __future__ import annotations

import pytest
from typer.testing import CliRunner

from jixiao.cli import app


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
        ("explain a", "缺少“部门”。部门名称，写出能区分的一部分即可。", "jixiao explain"),
    ],
)
def test_wrong_words_are_told_in_chinese(words: str, said: str, command: str) -> None:
    result = CliRunner().invoke(app, words.split(), prog_name="jixiao")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{said}\n查看用法：{command} --help\n"


def test_help_that_is_asked_for_is_no_error() -> None:
    result = CliRunner().invoke(app, ["new"], prog_name="jixiao")
    assert "新建评价批次" in result.output
    assert "查看用法" not in result.output
