from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.sources import (
    SchemeError,
    SchemeProblem,
    Source,
    TomlMistakeError,
    decode,
    key_lines,
    line_of,
    merge_layers,
    parse,
    problem_at,
    read_source,
)

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
        (b"title = \xff", None, "不是文本文件，或编码不能识别。请用记事本另存为 UTF-8 编码。"),
        ("title = “甲”".encode("gbk"), 1, '“title = “甲””：用了中文引号 “，请改成英文双引号 "。'),
        (b'a = 1\nb = "x\n', 2, '“b = "x”：引号没有成对。'),
        (b"a = 1\na = 2\n", 2, "“a = 2”：同一项写了两次，请只留一行。"),
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


TEXT = '''\
# a comment = "not a key"
title = "一"   # with = and [brackets]
long = """
[not.a.header]
x = 1
"""
list = [
  "a",
  # a comment inside
  "[b]",
]
inline = { "产出指标" = 50, deep = { x = 1 } }

[rules.first]
kinds = ["a"]

[[bands]]
low = 1

  [[bands]]
low = 2
[bands.more]
note = "of the second"

["quoted.key".inner]
a.b = 1
'''


def test_every_key_path_has_its_line() -> None:
    assert key_lines(TEXT) == {
        ("title",): 2,
        ("long",): 3,
        ("list",): 7,
        ("list", 0): 7,
        ("list", 1): 7,
        ("inline",): 12,
        ("inline", "产出指标"): 12,
        ("inline", "deep"): 12,
        ("inline", "deep", "x"): 12,
        ("rules",): 14,
        ("rules", "first"): 14,
        ("rules", "first", "kinds"): 15,
        ("rules", "first", "kinds", 0): 15,
        ("bands",): 17,
        ("bands", 0): 17,
        ("bands", 0, "low"): 18,
        ("bands", 1): 20,
        ("bands", 1, "low"): 21,
        ("bands", 1, "more"): 22,
        ("bands", 1, "more", "note"): 23,
        ("quoted.key",): 25,
        ("quoted.key", "inner"): 25,
        ("quoted.key", "inner", "a"): 26,
        ("quoted.key", "inner", "a", "b"): 26,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("bands", 1, "high"), 20),
        (("rules", "first", "method", "x"), 14),
        (("rules", "second"), 14),
        (("absent",), None),
        ((), None),
    ],
)
def test_a_missing_key_is_reported_at_the_table_around_it(
    path: tuple[str | int, ...], line: int | None
) -> None:
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("scheme = “national”", '“scheme = “national””：用了中文引号 “，请改成英文双引号 "'),
        ("scheme = national", "“scheme = national”：文字要加英文双引号"),
        ("scheme = 全国", "“scheme = 全国”：文字要加英文双引号"),
        ('scheme = "national', '“scheme = "national”：引号没有成对'),
        ("year = 2024年", "“year = 2024年”：年度只写数字：2024"),
        ("year ＝ 2024", "“year ＝ 2024”：用了全角符号 ＝，请改成半角"),
        ("year =", "“year =”：等号后面没有值"),
        ("year 2024", "“year 2024”：缺少等号，应为“名称 = 值”；说明文字请以 # 开头"),
        ("deadline = 2025/4/30", "“deadline = 2025/4/30”：日期请写成 2025-04-30 这样，不加引号"),
        ("deadline = 2025年4月30日", "“deadline = 2025年4月30日”：日期请写成 2025-04-30 这样，不加引号"),
        ("deadline = 2025-4-30", "“deadline = 2025-4-30”：月和日请写两位：2025-04-30"),
        (
            'roster = "D:\\表\\名册.xlsx"',
            '“roster = "D:\\表\\名册.xlsx"”：双引号中的 \\ 请写成 /，或改用单引号',
        ),
        ("year = ２０２４", "“year = ２０２４”：用了全角符号 ２，请改成半角"),
        ("year = 二〇二四年", "“year = 二〇二四年”：数字请写成阿拉伯数字，如 2024"),
        ("year = 2,024", "“year = 2,024”：数字前面不要加 0，中间不要有空格或逗号"),
        ("deadline = 4月30日", "“deadline = 4月30日”：日期请写成 2025-04-30 这样，不加引号"),
        ("deadline = 2025-02-30", "“deadline = 2025-02-30”：没有这一天，请核对月和日"),
        (
            "deadline = 2025-04-30 18:00",
            "“deadline = 2025-04-30 18:00”：时间请写成 2025-04-30 18:00:00 这样，写到秒",
        ),
        ("roster = 《名册.xlsx》", '“roster = 《名册.xlsx》”：用了中文引号 《，请改成英文双引号 "'),
        ("history = 10次", "“history = 10次”：数字后面不要写单位；文字要加英文双引号"),
        ("word = 否", "“word = 否”：是请写 true，否请写 false（小写，不加引号）"),
        ("word = False", "“word = False”：是请写 true，否请写 false（小写，不加引号）"),
        ('scheme == "x"', '“scheme == "x"”：等号只写一个'),
        ('scheme = "x" year = 2024', '“scheme = "x" year = 2024”：一行只写一项，请分行写'),
        ('scheme = "x"；', '“scheme = "x"；”：行末不要加标点'),
        ('scheme = ""x""', '“scheme = ""x""”：引号写多了，前后各一个'),
        ("scheme = 'x\"", "“scheme = 'x\"”：引号没有成对"),
        ("　year = 2024", "“year = 2024”：有全角空格，请改成半角空格"),
        ("// 说明", "“// 说明”：说明文字请以 # 开头"),
        ("；说明", "“；说明”：说明文字请以 # 开头"),
        ('方案 = "x"', '“方案 = "x"”：等号左边的名称须用英文，如 year'),
        ("a = 1", "“a = 1”：同一项写了两次，请只留一行"),
    ],
)
def test_usual_slips_are_told_with_their_line(line: str, said: str) -> None:
    with pytest.raises(TomlMistakeError) as raised:
        parse(f"a = 1.0\n{line}\n")
    assert (raised.value.line, raised.value.message) == (2, said)


def test_a_document_is_the_callers_own() -> None:
    text = "[scores]\nfull = 10.0\nnames = ['甲']\n"
    first = parse(text)
    first["scores"]["names"].append("乙")
    first["scores"]["full"] = Decimal(5)
    assert parse(text) == {"scores": {"full": Decimal("10.0"), "names": ["甲"]}}


def test_a_file_saved_as_ansi_on_a_chinese_windows_is_read() -> None:
    text = 'roster = "名册.xlsx"\nshare = 0.1\n'
    assert decode(text.encode("utf-16")) == text  # what Notepad calls Unicode
    assert decode(text.encode("gbk")) == decode(text.encode("utf-8-sig")) == text
    assert parse(text) == {"roster": "名册.xlsx", "share": Decimal("0.1")}


@pytest.mark.parametrize("data", [b"\xff\xff\x00", b"PK\x03\x04\x00\x00"])
def test_what_is_no_text_is_said(data: bytes) -> None:
    with pytest.raises(TomlMistakeError) as raised:
        decode(data)
    assert raised.value.message == "不是文本文件，或编码不能识别。请用记事本另存为 UTF-8 编码"
