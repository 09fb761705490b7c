from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.catalog.toml_reading import TomlMistakeError, decode, parse


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
        ("year 2024", "“year 2024”：缺少等号，应为“名称 = 值”"),
        ("deadline = 2025/4/30", "“deadline = 2025/4/30”：日期请写成 2025-04-30 这样，不加引号"),
        ("deadline = 2025年4月30日", "“deadline = 2025年4月30日”：日期请写成 2025-04-30 这样，不加引号"),
        ("deadline = 2025-4-30", "“deadline = 2025-4-30”：月和日请写两位：2025-04-30"),
        (
            'roster = "D:\\表\\名册.xlsx"',
            '“roster = "D:\\表\\名册.xlsx"”：双引号中的 \\ 请写成 /，或改用单引号',
        ),
        ("a = 1", "“a = 1”：同一项写了两次，请只留一行"),
    ],
)
def test_usual_slips_are_told_with_their_line(line: str, said: str) -> None:
    with pytest.raises(TomlMistakeError) as raised:
        parse(f"a = 1.0\n{line}\n")
    assert (raised.value.line, raised.value.message) == (2, said)


def test_a_file_saved_as_ansi_on_a_chinese_windows_is_read() -> None:
    text = 'roster = "名册.xlsx"\nshare = 0.1\n'
    assert decode(text.encode("gbk")) == decode(text.encode("utf-8-sig")) == text
    assert parse(text) == {"roster": "名册.xlsx", "share": Decimal("0.1")}


def test_what_is_no_text_is_said() -> None:
    with pytest.raises(TomlMistakeError) as raised:
        decode(b"\xff\xff\x00")
    assert raised.value.message == "不是文本文件，或编码不能识别。请用记事本另存为 UTF-8 编码"
