from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.problems import SchemeError, SchemeProblem
from jixiao.catalog.sources import Source, merge_layers, problem_at, read_source

if TYPE_CHECKING:
    from pathlib import Path


def source(file: str, text: str, tmp_path: Path) -> Source:
    (tmp_path / file).write_text(text, encoding="utf-8")
    return read_source(tmp_path / file)


def test_figures_are_exact_decimals_and_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfshare = 0.1\r\nwhole = 3\r\n")
    assert read_source(path) == Source(
        "a.toml", "share = 0.1\nwhole = 3\n", {"share": Decimal("0.1"), "whole": 3}
    )


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (None, None, "文件不存在或无法打开。"),
        (b"title = \xff", None, "文件不是 UTF-8 编码，请另存为 UTF-8。"),
        (b'a = 1\nb = "x\n', 2, "TOML 书写有误：Illegal character '\\n' (at line 2, column 7)"),
        (b"a = 1\na = 2\n", 2, "TOML 书写有误：Cannot overwrite a value (at line 2, column 6)"),
    ],
)
def test_a_file_that_is_no_toml(
    tmp_path: Path, content: bytes | None, line: int | None, message: str
) -> None:
    path = tmp_path / "a.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SchemeError) as raised:
        read_source(path)
    assert raised.value.problems == (SchemeProblem("a.toml", line, "", message),)


def test_tables_merge_by_key_and_everything_else_is_replaced(tmp_path: Path) -> None:
    base = source(
        "base.toml", 'title = "一"\nlist = [1, 2]\n[t]\na = 1\nb = 2\n[t.deep]\nx = 1\ny = 1\n', tmp_path
    )
    child = source("child.toml", "list = [3]\n[t]\nb = 3\n[t.deep]\ny = 2\n", tmp_path)
    merged, problems = merge_layers([child, base])
    assert merged == {"list": [3], "t": {"a": 1, "b": 3, "deep": {"x": 1, "y": 2}}}
    assert problems == ()


def test_remove_takes_out_what_is_inherited_and_nothing_else(tmp_path: Path) -> None:
    base = source("base.toml", "last_year = 2030\n[t]\na = 1\nb = 2\n", tmp_path)
    child = source("child.toml", 'remove = ["last_year", "t.a", "t.c", "u.v"]\n', tmp_path)
    merged, problems = merge_layers([child, base])
    assert merged == {"remove": ["last_year", "t.a", "t.c", "u.v"], "t": {"b": 2}}
    assert base.data == {"last_year": 2030, "t": {"a": 1, "b": 2}}
    assert problems == (
        SchemeProblem("child.toml", 1, "remove[3]", "要删除的“t.c”在被继承的文件中不存在。"),
        SchemeProblem("child.toml", 1, "remove[4]", "要删除的“u.v”在被继承的文件中不存在。"),
    )


def test_a_problem_is_placed_in_the_file_that_gives_the_value(tmp_path: Path) -> None:
    base = source("base.toml", "[t]\na = 1\nb = 2\n", tmp_path)
    child = source("child.toml", "[t]\nb = 3\n", tmp_path)
    assert problem_at([child, base], ("t", "a"), "甲") == SchemeProblem("base.toml", 2, "t.a", "甲")
    assert problem_at([child, base], ("t", "b"), "乙") == SchemeProblem("child.toml", 2, "t.b", "乙")
    assert problem_at([child, base], ("t", "c"), "丙") == SchemeProblem("child.toml", 1, "t.c", "丙")
    assert problem_at([child, base], ("u",), "丁") == SchemeProblem("child.toml", None, "u", "丁")
