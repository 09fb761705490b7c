"""TOML files that officers write with an editor: in any encoding they save; mistakes said in Chinese."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_SHOWN = 40
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_QUOTES = re.compile(r"[“”‘’＂＇「」『』《》]")
_WIDE = re.compile(r"[＝，；［］｛｝：＃　０-９]")
_OPEN = re.compile(r"""^[^=#]*=\s*(["'])(?!.*\1)""")


class TomlMistakeError(ValueError):
    """A text is no TOML: in which line (None: no single one) and, in Chinese, what to do about it."""

    def __init__(self, line: int | None, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.line = line
        self.message = message


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without its mark, UTF-16 with it (Notepad's "Unicode"), else GBK.

    GBK is what a Chinese Windows saves as "ANSI".

    Raises:
        TomlMistakeError: none of them.
    """
    marked = data.startswith(_UTF_16)
    for encoding in ("utf-16",) if marked else () if b"\0" in data else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise TomlMistakeError(None, say("不是文本文件，或编码不能识别。请用记事本另存为 UTF-8 编码"))


def parse(text: str) -> dict[str, Any]:
    """The document; numbers with a point as `Decimal`.

    Raises:
        TomlMistakeError: it is no TOML.
    """
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _mistake(text, str(error)) from error


def _mistake(text: str, said: str) -> TomlMistakeError:
    """What the parser says in English as the slip that most likely was made, with the line as it stands."""
    lines = text.split("\n")
    number = _line_number(lines, said)
    line = lines[number - 1] if number <= len(lines) else ""
    if "overwrite" in said or "twice" in said or "already" in said:
        advice = say("同一项写了两次，请只留一行")
    else:
        advice = next((say(found) for slip, say in _SLIPS if (found := slip.search(line))), _ELSE)
    line = line.strip()
    shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
    return TomlMistakeError(
        number, say("“{shown}”：{advice}", shown=shown, advice=advice) if shown else advice
    )


def _line_number(lines: Sequence[str], said: str) -> int:
    """The line that the parser names; where it names only the end, that of a quote nobody closed."""
    found = _LINE.search(said)
    if found:
        return int(found[1])
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    return next((number for number, line in enumerate(lines, 1) if _OPEN.search(line)), last)


_ELSE = say("不符合 TOML 格式（名称 = 值，文字加英文双引号）")
_DATE = say("日期请写成 2025-04-30 这样，不加引号")
_SLIPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^\s*([；;]|//|--)"), lambda _: say("说明文字请以 # 开头")),
    (_QUOTES, lambda found: say('用了中文引号 {found}，请改成英文双引号 "', found=found[0])),
    (re.compile(r"=\s*(\d{4}年)?\d{1,2}月|=\s*\d{4}年\d"), lambda _: _DATE),
    (re.compile(r"=\s*(\d{4})年"), lambda found: say("年度只写数字：{found}", found=found[1])),
    (
        re.compile(r"=\s*[〇零一二三四五六七八九十百两]+年?度?\s*$"),
        lambda _: say("数字请写成阿拉伯数字，如 2024"),
    ),
    (re.compile(r"=\s*\d{4}[/.]\d{1,2}"), lambda _: _DATE),
    (re.compile(r"=\s*\d{4}-\d(?!\d)|=\s*\d{4}-\d\d-\d(?!\d)"), lambda _: say("月和日请写两位：2025-04-30")),
    (re.compile("\u3000"), lambda _: say("有全角空格，请改成半角空格")),
    (re.compile(r"[^,;，；\s][,;，；]\s*$"), lambda _: say("行末不要加标点")),
    (_WIDE, lambda found: say("用了全角符号 {found}，请改成半角", found=found[0])),
    (re.compile(r"=\s*\d{4}-\d\d-\d\d\s*\S"), lambda _: say("时间请写成 2025-04-30 18:00:00 这样，写到秒")),
    (re.compile(r"=\s*\d{4}-\d\d-\d\d\s*$"), lambda _: say("没有这一天，请核对月和日")),
    (re.compile(r"=="), lambda _: say("等号只写一个")),
    (re.compile(r"=[^=#]*[\s,;]\s*[A-Za-z_]+\s*="), lambda _: say("一行只写一项，请分行写")),
    (re.compile(r'^[^=]*=[^"]*"[^"]*\\'), lambda _: say("双引号中的 \\ 请写成 /，或改用单引号")),
    (re.compile(r'=\s*""\w|"[^"]*""\s*$'), lambda _: say("引号写多了，前后各一个")),
    (_OPEN, lambda _: say("引号没有成对")),
    (re.compile(r'^[^"]*"[^"]*$'), lambda _: say("引号没有成对")),
    (
        re.compile(r"=\s*(true|false|yes|no|是|否|有|无)\s*(#|$)", re.IGNORECASE),
        lambda _: say("是请写 true，否请写 false（小写，不加引号）"),
    ),
    (re.compile(r"=\s*\d+(\.\d+)?\s*[^\W\d_]"), lambda _: say("数字后面不要写单位；文字要加英文双引号")),
    (re.compile(r"=\s*\d+[\s,]+\d|=\s*0\d"), lambda _: say("数字前面不要加 0，中间不要有空格或逗号")),
    (re.compile(r"=\s*[^\W\d]"), lambda _: say("文字要加英文双引号")),
    (re.compile(r"=\s*$"), lambda _: say("等号后面没有值")),
    (re.compile(r"^[^=\[#]+$"), lambda _: say("缺少等号，应为“名称 = 值”；说明文字请以 # 开头")),
    (re.compile(r"^\s*[^\x00-\x7f][^=]*="), lambda _: say("等号左边的名称须用英文，如 year")),
)
