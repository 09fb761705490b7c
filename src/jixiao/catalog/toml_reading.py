"""TOML files that officers write with an editor: in any encoding they save; mistakes said in Chinese."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_SHOWN = 40
_QUOTES = re.compile(r"[“”‘’＂＇]")
_WIDE = re.compile(r"[＝，［］｛｝：]|＃")


class TomlMistakeError(ValueError):
    """A text is no TOML: in which line (None: no single one) and, in Chinese, what to do about it."""

    def __init__(self, line: int | None, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.line = line
        self.message = message


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without its mark, else GBK, as a Chinese Windows saves "ANSI".

    Raises:
        TomlMistakeError: neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
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
    found = _LINE.search(said)
    number = int(found[1]) if found else len(text.rstrip("\n").split("\n"))
    line = lines[number - 1].strip() if number <= len(lines) else ""
    if "overwrite" in said or "twice" in said or "already" in said:
        advice = say("同一项写了两次，请只留一行")
    else:
        advice = next((say(found) for slip, say in _SLIPS if (found := slip.search(line))), _ELSE)
    shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
    return TomlMistakeError(
        number, say("“{shown}”：{advice}", shown=shown, advice=advice) if shown else advice
    )


_ELSE = say("不符合 TOML 格式（名称 = 值，文字加英文双引号）")
_SLIPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_QUOTES, lambda found: say('用了中文引号 {found}，请改成英文双引号 "', found=found[0])),
    (re.compile(r"=\s*\d{4}年\d"), lambda _: say("日期请写成 2025-04-30 这样，不加引号")),
    (re.compile(r"=\s*(\d{4})年"), lambda found: say("年度只写数字：{found}", found=found[1])),
    (re.compile(r"=\s*\d{4}[/.]\d{1,2}"), lambda _: say("日期请写成 2025-04-30 这样，不加引号")),
    (re.compile(r"=\s*\d{4}-\d(?!\d)|=\s*\d{4}-\d\d-\d(?!\d)"), lambda _: say("月和日请写两位：2025-04-30")),
    (_WIDE, lambda found: say("用了全角符号 {found}，请改成半角", found=found[0])),
    (re.compile(r'^[^=]*=[^"]*"[^"]*\\'), lambda _: say("双引号中的 \\ 请写成 /，或改用单引号")),
    (re.compile(r'^[^"]*"[^"]*$'), lambda _: say("引号没有成对")),
    (re.compile(r"=\s*[^\W\d]"), lambda _: say("文字要加英文双引号")),
    (re.compile(r"=\s*$"), lambda _: say("等号后面没有值")),
    (re.compile(r"^[^=\[#]+$"), lambda _: say("缺少等号，应为“名称 = 值”")),
    (re.compile(r"^\s*[^\x00-\x7f][^=]*="), lambda _: say("名称须用英文，见文档中的设置项")),
)
