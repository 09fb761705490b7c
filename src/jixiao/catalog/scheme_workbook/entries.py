"""A value of a scheme's file as an officer reads it in a cell, and back."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.catalog.scheme_workbook.layouts import EntryKind
from jixiao.catalog.toml_writing import toml_text
from jixiao.domain.amounts import HUNDRED, exact_number, plain
from jixiao.domain.cells import CellError, UnstoredFormula
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jixiao.catalog.scheme_workbook.layouts import EntryLayout
    from jixiao.domain.cells import Value


Written = Decimal | str
_EQUALS = "＝"


def write_entry(value: object, layout: EntryLayout) -> Written | None:
    """What stands in the cell; None where a value of this kind cannot be written in one."""
    return _WRITERS[layout.kind](value, layout)


def _write_text(value: object, _layout: EntryLayout) -> str | None:
    return value if isinstance(value, str) and value == value.strip() else None


def _write_lines(value: object, _layout: EntryLayout) -> str | None:
    return _joined(value) if isinstance(value, list) and all(_is_line(each) for each in value) else None


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value == value.strip() and "\n" not in value


def _joined(lines: list[str]) -> str:
    return "\n".join(lines)


def _write_number(value: object, _layout: EntryLayout) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    return _typed_number(str(value))


def _write_whole(value: object, _layout: EntryLayout) -> Decimal | None:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _write_flag(value: object, layout: EntryLayout) -> str | None:
    return layout.words[str(value).lower()] if isinstance(value, bool) else None


def _write_choice(value: object, layout: EntryLayout) -> str | None:
    return layout.words.get(value, value) if isinstance(value, str) else None


def _write_choices(value: object, layout: EntryLayout) -> str | None:
    if not isinstance(value, list) or not all(_is_line(each) for each in value):
        return None
    return _joined([layout.words.get(each, each) for each in value])


def _write_numbers(value: object, layout: EntryLayout) -> str | None:
    if not isinstance(value, dict):
        return None
    return _write_named([(layout.words.get(name, name), each) for name, each in value.items()], layout)


def _write_pairs(value: object, layout: EntryLayout) -> str | None:
    if not isinstance(value, list):
        return None
    if not all(isinstance(each, dict) and set(each) == set(layout.keys) for each in value):
        return None
    first, second = layout.keys
    return _write_named([(each[first], each[second]) for each in value], layout)


def _write_named(pairs: list[tuple[object, object]], layout: EntryLayout) -> str | None:
    lines = []
    for name, value in pairs:
        number = _write_number(value, layout)
        written = plain(name) if isinstance(name, Decimal) else str(name)
        if number is None or not _is_line(written):
            return None
        lines.append(f"{written}{_EQUALS}{plain(number)}")
    return _joined(lines)


def _write_raw(value: object, layout: EntryLayout) -> str:
    """A table as its keys, one a line; anything else, and a table that would look like it, under its name."""
    alone = isinstance(value, dict) and set(value) != {layout.name}
    return toml_text(value if isinstance(value, dict) and alone else {layout.name: value})


def _typed_number(text: str) -> Decimal | None:
    """The number that a text is, whatever the width of its digits; None for anything else."""
    return exact_number(unicodedata.normalize("NFKC", text).strip().replace(",", ""))


_WRITERS: Mapping[EntryKind, Callable[[object, EntryLayout], Written | None]] = {
    EntryKind.TEXT: _write_text,
    EntryKind.LINES: _write_lines,
    EntryKind.NUMBER: _write_number,
    EntryKind.WHOLE: _write_whole,
    EntryKind.SHARE: _write_number,
    EntryKind.FLAG: _write_flag,
    EntryKind.CHOICE: _write_choice,
    EntryKind.CHOICES: _write_choices,
    EntryKind.NUMBERS: _write_numbers,
    EntryKind.PAIRS: _write_pairs,
    EntryKind.RAW: _write_raw,
}


_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
_BETWEEN_WORDS = re.compile(r"[\n；;、，,]")
_NAMED_NUMBER = re.compile(r"(?P<name>.*\S)\s*[=＝:：]\s*(?P<number>[^=＝:：]+)")


class EntryError(Exception):
    """A cell that cannot be understood; the message is a Chinese sentence that says what is allowed."""


def read_entry(value: Value, layout: EntryLayout, *, percent: bool = False) -> object:
    """The value for the scheme's file; `percent`: the cell shows its number as a percentage.

    Raises:
        EntryError: it is not what the layout asks for.
    """
    if isinstance(value, CellError | UnstoredFormula):
        raise EntryError(say("公式没有结果，请直接填写内容。"))
    if not isinstance(value, str | Decimal | bool):
        raise EntryError(say("不应为日期或时间，请按文字或数字填写。"))
    if percent and layout.kind in {EntryKind.NUMBER, EntryKind.WHOLE} and isinstance(value, Decimal):
        raise EntryError(
            say("应填不带 % 的数字：把单元格格式改为常规，再填 {value}。", value=plain(value * HUNDRED))
        )
    return _READERS[layout.kind](value, layout)


def text_of(value: Value | None) -> str:
    """A cell as text, "" where it is blank."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value).strip()


def _read_text(value: Value, _layout: EntryLayout) -> str:
    return text_of(value)


def _read_lines(value: Value, _layout: EntryLayout) -> list[str]:
    return [line.strip() for line in text_of(value).splitlines() if line.strip()]


def _read_number(value: Value, layout: EntryLayout) -> int | Decimal:
    text = text_of(value)
    shared = layout.kind is EntryKind.SHARE and unicodedata.normalize("NFKC", text).endswith("%")
    number = _typed_number(text[:-1] if shared else text)
    if number is None:
        raise EntryError(say("应填数字，现为“{text}”。", text=text))
    return _neat(number / HUNDRED if shared else number)


def _read_whole(value: Value, layout: EntryLayout) -> int:
    number = _read_number(value, layout)
    if not isinstance(number, int):
        raise EntryError(say("应填整数，现为“{text_of}”。", text_of=text_of(value)))
    return number


def _read_flag(value: Value, layout: EntryLayout) -> bool:
    if isinstance(value, bool):
        return value
    return _chosen(text_of(value), layout.words) == str(True).lower()


def _read_choice(value: Value, layout: EntryLayout) -> str:
    return _chosen(text_of(value), layout.words)


def _read_choices(value: Value, layout: EntryLayout) -> list[str]:
    parts = _BETWEEN_WORDS.split(_BRACKETS.sub("", text_of(value)))
    return [_chosen(part, layout.words) for part in parts if part.strip()]


def _chosen(text: str, words: Mapping[str, str]) -> str:
    """The value whose word it is, the bracketed examples of the words left aside."""
    stems = {_stem(word): value for value, word in words.items()}
    found = stems.get(_stem(text)) or (text.strip() if text.strip() in words else None)
    if found is None:
        allowed = say("、").join(say("“{word}”", word=word) for word in words.values())
        raise EntryError(say("没有“{strip}”这个选项，可用：{allowed}。", strip=text.strip(), allowed=allowed))
    return found


def _stem(word: str) -> str:
    return "".join(_BRACKETS.sub("", word).split())


def _read_numbers(value: Value, layout: EntryLayout) -> dict[str, int | Decimal]:
    names_of = {word: name for name, word in layout.words.items()}
    pairs = [(names_of.get(name, name), number) for name, number in _read_named(value)]
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise EntryError(say("“{twice}”写了不止一次。", twice=twice))
    return dict(pairs)


def _read_pairs(value: Value, layout: EntryLayout) -> list[dict[str, object]]:
    """The first of the two is a number where all of them are."""
    pairs = _read_named(value)
    numbers = [_typed_number(name) for name, _ in pairs]
    firsts: list[object] = [name for name, _ in pairs]
    if all(number is not None for number in numbers):
        firsts = [_neat(number) for number in numbers if number is not None]
    seconds = [number for _, number in pairs]
    return [dict(zip(layout.keys, pair, strict=True)) for pair in zip(firsts, seconds, strict=True)]


def _read_named(value: Value) -> list[tuple[str, int | Decimal]]:
    pairs = []
    for line in text_of(value).splitlines():
        if not line.strip():
            continue
        found = _NAMED_NUMBER.fullmatch(line.strip())
        number = _typed_number(found["number"]) if found else None
        if found is None or number is None:
            raise EntryError(say("“{strip}”应写作“名称＝数字”，一行一个。", strip=line.strip()))
        pairs.append((found["name"].strip(), _neat(number)))
    return pairs


def _read_raw(value: Value, layout: EntryLayout) -> object:
    try:
        found = tomllib.loads(text_of(value), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise EntryError(say("应按方案文件的写法（TOML）填写：{error}", error=error)) from error
    return found[layout.name] if set(found) == {layout.name} else found


def _neat(number: Decimal) -> int | Decimal:
    """A whole number as such, so that it is written without a point."""
    return int(number) if number == number.to_integral_value() else number


_READERS: Mapping[EntryKind, Callable[[Value, EntryLayout], object]] = {
    EntryKind.TEXT: _read_text,
    EntryKind.LINES: _read_lines,
    EntryKind.NUMBER: _read_number,
    EntryKind.WHOLE: _read_whole,
    EntryKind.SHARE: _read_number,
    EntryKind.FLAG: _read_flag,
    EntryKind.CHOICE: _read_choice,
    EntryKind.CHOICES: _read_choices,
    EntryKind.NUMBERS: _read_numbers,
    EntryKind.PAIRS: _read_pairs,
    EntryKind.RAW: _read_raw,
}
