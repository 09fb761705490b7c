"""Words of rows, and how a form's own words are said: on one line, in short, with the usual signs."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Final

from jixiao.language import CHINESE, language, say

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 40
"""Characters of a department's own text that a sentence quotes."""
_SIGNS = str.maketrans({"＞": ">", "＜": "<", "＝": "="})
_MACHINE_SIGNS = re.compile(r"[>＞<＜][=＝]")
_PRINTED_SIGNS = {">=": "≥", "<=": "≤"}
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Controls of terminals, lines and the direction of writing, what has no width, and half characters."""
_WIDE = str.maketrans("[]<>`|\\", "［］＜＞｀｜＼")
_SHOWN = "\ufffd"
_FAILURES = {
    errno.EACCES: say("没有权限，或正被其他程序打开"),
    errno.EPERM: say("没有权限，或正被其他程序打开"),
    errno.ENOENT: say("文件或文件夹不在原处"),
    errno.EISDIR: say("是文件夹，不是文件"),
    errno.ENOTDIR: say("路径中有一段是文件，不是文件夹"),
    errno.EEXIST: say("已有同名的文件或文件夹"),
    errno.ENOSPC: say("磁盘空间不足"),
    errno.EROFS: say("磁盘是只读的"),
    errno.ENAMETOOLONG: say("文件名或路径太长"),
    errno.EINVAL: say("文件名含有不能用的字符"),
    errno.EIO: say("磁盘或网络盘读写出错"),
    errno.EBUSY: say("正被其他程序使用"),
}
_LEADING = re.compile(r"^(?:其中[:：]?)?[:：、，,;；·\s]*")


def spoken_signs(text: str) -> str:
    """A text with ≥ and ≤ for what is typed as two signs.

    >>> spoken_signs("目标 >=4754人")
    '目标 ≥4754人'
    """
    return _MACHINE_SIGNS.sub(lambda found: _PRINTED_SIGNS[found[0].translate(_SIGNS)], text)


def spoken_name(label: str) -> str:
    """A row's name in a sentence: without line breaks, 其中 and what punctuation a cell has around it.

    >>> spoken_name("其中：当年财政 拨款：")
    '当年财政拨款'
    >>> spoken_name("：0-36月龄")
    '0-36月龄'
    """
    whole = "".join(label.split())
    return _LEADING.sub("", whole).rstrip(":：") or whole


def why_not(error: OSError) -> str:
    """Why a file or folder can't be used, for an officer; in the system's own words where we have none.

    >>> why_not(FileNotFoundError(2, "No such file or directory"))
    '文件或文件夹不在原处'
    """
    known = _FAILURES.get(error.errno) if error.errno is not None else None
    return known or error.strerror or str(error)


def one_line(text: str) -> str:
    r"""A text as one line that does nothing: breaks become blanks, other controls a mark that can be seen.

    >>> one_line("表一.xlsx\n没有问题 \x1b[2J")
    '表一.xlsx 没有问题 �[2J'
    """
    if text.isprintable():  # nothing unseen is
        return text
    return _UNSEEN.sub(lambda found: " " if found[0].isspace() else _SHOWN, text)


def inert(text: str) -> str:
    """One line in which no link, code, cell or tag of Markdown or HTML is one: wide signs in their place.

    >>> inert("[点我](http://a.b)<b>")
    '［点我］(http：//a.b)＜b＞'
    """
    return one_line(text).translate(_WIDE).replace("://", "：//")


def quote(text: str) -> str:
    """A department's own text on one line, shortened, its own quotation marks made inner ones."""
    line = spoken_signs(" ".join(text.split())).replace("“", "‘").replace("”", "’")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


OF_WHICH: Final = "其中"
"""Begins a selection from the row above."""
SUBTOTALS: Final = ("合计", "总计", "小计")
"""End the name of a row that adds up those above it."""
INCOME: Final = "收入"
SPENDING: Final = "支出"
"""Which of two lists in one block a subtotal belongs to."""
_BEFORE = re.compile(r"^(?:[*＊※★☆△▲]|(?:指标)?\d+[:：.．、])+")
"""Marks and numbers before the name of a row: ★, 指标3：."""


def is_of_which(label: str) -> bool:
    """Whether a row's label begins a selection, however a narrow cell breaks or spaces it; a ★ is no word."""
    return _BEFORE.sub("", "".join(label.split())).startswith(OF_WHICH)


CLAUSE: Final = re.compile(r"\[([^\[\]]*)\]")
"""A clause of a template that is left out where one of its placeholders has no value."""
OR: Final = "|"
"""Between the variants of a clause."""
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_PART = re.compile(r"[^，；：。]+[，；：。]?")


class MissingValueError(Exception):
    """A placeholder outside brackets has no value; carries its name."""


def settled(template: str, values: Mapping[str, str]) -> str:
    """The template with the first variant of every clause that has all its values; without it where none."""

    def chosen(clause: re.Match[str]) -> str:
        return next((each for each in clause[1].split(OR) if _is_known(each, values)), "")

    return CLAUSE.sub(chosen, template)


def fill(template: str, values: Mapping[str, str]) -> str:
    """The sentence.

    Raises:
        MissingValueError: a placeholder outside brackets has no value.
    """
    whole = settled(template, values)
    missing = [name for name in PLACEHOLDER.findall(whole) if not values.get(name)]
    if missing:
        raise MissingValueError(", ".join(missing))
    return PLACEHOLDER.sub(lambda name: values[name[1]], whole)


def fill_known(template: str, values: Mapping[str, str]) -> str:
    """The sentence without the parts between commas that have no value; "" where nothing is left."""
    whole = settled(template, values)
    known = "".join(part for part in _PART.findall(whole) if _is_known(part, values)).rstrip("，；：")
    end = "。" if known and template.endswith("。") and not known.endswith("。") else ""
    return PLACEHOLDER.sub(lambda name: values[name[1]], known) + end


def _is_known(clause: str, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for name in PLACEHOLDER.findall(clause))


_DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def numeral(number: int) -> str:
    """A number up to 99 as headings count: 十二; as a figure in another language.

    >>> [numeral(each) for each in (1, 10, 12, 20, 21)]
    ['一', '十', '十二', '二十', '二十一']
    """
    if language() != CHINESE:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones]}"
