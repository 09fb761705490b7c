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
