"""TOML files, in any encoding, merged over those they extend; the line of every key and what is wrong."""

from __future__ import annotations

import pickle
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_SHOWN = 40
_TEXTS_KEPT = 64
"""More than one jurisdiction's files."""
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
    """The document, the caller's own; numbers with a point as `Decimal`.

    Raises:
        TomlMistakeError: it is no TOML.
    """
    try:
        document: dict[str, Any] = pickle.loads(_parsed(text))  # noqa: S301 what we pickled a moment ago
    except tomllib.TOMLDecodeError as error:
        raise _mistake(text, str(error)) from error
    return document


@lru_cache(maxsize=_TEXTS_KEPT)
def _parsed(text: str) -> bytes:
    """The document of a text, to be copied: a run loads the same rules three times, a service at each run."""
    return pickle.dumps(tomllib.loads(text, parse_float=Decimal))


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


@dataclass(frozen=True, slots=True)
class SchemeProblem:
    """One thing wrong in a seeds file.

    `file` is its name as the officer knows it, `line` counts from 1 (None: the whole file), `key` is the
    dotted TOML path ("" : the whole file), `message` is a Chinese sentence that names the allowed values.
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        """File, line, key and message on one line."""
        place = self.file if self.line is None else say("{file} 第 {line} 行", file=self.file, line=self.line)
        return (
            say("{place} {key}：{message}", place=place, key=self.key, message=self.message)
            if self.key
            else say("{place}：{message}", place=place, message=self.message)
        )


class SchemeError(Exception):
    """A scheme, form, lexicon or wording that cannot be used: carries all its problems, one a line."""

    def __init__(self, *problems: SchemeProblem) -> None:
        """Keep the problems; the message lists them all."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


KeyPath = tuple[str | int, ...]
"""From the root to a value: table keys, and positions (from 0) in arrays."""


@lru_cache(maxsize=32)
def key_lines(text: str) -> Mapping[KeyPath, int]:
    """The line, counted from 1, on which every key path of a valid TOML text is first given.

    Only worked out when there is a problem to report: it reads the text statement by statement and lets
    tomllib say where a statement ends, so that strings and arrays over several lines need no second parser.
    """
    lines: dict[KeyPath, int] = {}
    sizes: dict[KeyPath, int] = {}
    base: KeyPath = ()
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            base = _header_path(parsed, sizes, opens=statement.lstrip().startswith("[["))
            paths: Iterator[KeyPath] = (base[:end] for end in range(1, len(base) + 1))
        else:
            paths = (base + path for path in _paths(parsed))
        for path in paths:
            lines.setdefault(path, line)
    return lines


def line_of(text: str, path: KeyPath) -> int | None:
    """The line of a key path, or of the nearest table around it that has one; None for the root."""
    lines = key_lines(text)
    nearest = (lines.get(path[:end]) for end in range(len(path), 0, -1))
    return next((line for line in nearest if line is not None), None)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with its first line: the fewest lines from there on that parse by themselves."""
    statement = ""
    first = 1
    for number, line in enumerate(text.split("\n"), start=1):
        statement += line + "\n"
        if _parses(statement):
            yield first, statement
            statement, first = "", number + 1


def _parses(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _header_path(parsed: dict[str, object], sizes: dict[KeyPath, int], *, opens: bool) -> KeyPath:
    """The path a header leads to; `opens`: it begins a new entry of an array of tables."""
    names = _chain(parsed)
    path: KeyPath = ()
    for position, name in enumerate(names, start=1):
        path += (name,)
        if opens and position == len(names):
            sizes[path] = sizes.get(path, 0) + 1
        if path in sizes:
            path += (sizes[path] - 1,)
    return path


def _chain(parsed: dict[str, object]) -> tuple[str, ...]:
    """The names of a header that was parsed alone: {"a": {"b": {}}} is a.b."""
    names: list[str] = []
    inner: object = parsed
    while isinstance(inner, dict) and inner:
        name, inner = next(iter(inner.items()))
        names.append(name)
    return tuple(names)


def _paths(value: object) -> Iterator[KeyPath]:
    """Every path inside a value."""
    if isinstance(value, dict):
        members: Iterator[tuple[str | int, object]] = iter(value.items())
    elif isinstance(value, list):
        members = enumerate(value)
    else:
        return
    for key, member in members:
        yield (key,)
        yield from ((key, *path) for path in _paths(member))


ID = re.compile(r"[\w-]+")
"""Ids name files and rows: no separators, no dots."""
SINCE = "since"
"""The array of a file's amendments: tables that lie over the file for rounds from their year on."""
OWN = frozenset({"title", "jurisdiction", "extends", "remove", SINCE})
"""What a file says about itself and does not hand down."""


@dataclass(frozen=True, slots=True)
class Source:
    """One TOML file, or the table of it that `base` leads to.

    Decimals of `data` are exact; `file` is the name to print.
    """

    file: str
    text: str
    data: Mapping[str, object]
    base: KeyPath = ()

    @property
    def id(self) -> str:
        """The name under which other files speak of it."""
        return self.file.removesuffix(".toml")

    def holds(self, path: KeyPath) -> bool:
        """Whether the file itself gives a value at this path."""
        value: object = self.data
        for key in path:
            members = dict(enumerate(value)) if isinstance(value, list) else value
            if not isinstance(members, dict) or key not in members:
                return False
            value = members[key]
        return True


def read_source(path: Path) -> Source:
    """Read and parse a file.

    Raises:
        SchemeError: the file is not there, no text or not TOML.
    """
    try:
        text = decode(path.read_bytes())
    except OSError:
        raise SchemeError(SchemeProblem(path.name, None, "", say("文件不存在或无法打开。"))) from None
    except TomlMistakeError as mistake:
        raise SchemeError(
            SchemeProblem(path.name, None, "", say("{message}。", message=mistake.message))
        ) from None
    return parse_source(path.name, text)


def dotted(path: KeyPath) -> str:
    """A path as printed: grades[2].low, positions counted from 1."""
    printed = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path)
    return printed.removeprefix(".")


def problem_at(layers: Sequence[Source], path: KeyPath, message: str) -> SchemeProblem:
    """A problem at the file, of a file and those it extends, that gives the path or the table around it."""
    for end in range(len(path), 0, -1):
        for layer in layers:
            if layer.holds(path[:end]):
                line = line_of(layer.text, (*layer.base, *path[:end]))
                return SchemeProblem(layer.file, line, dotted((*layer.base, *path)), message)
    return SchemeProblem(layers[0].file, None, dotted(path), message)


def parse_source(file: str, text: str) -> Source:
    """A file from its text.

    Raises:
        SchemeError: the text is not TOML.
    """
    try:
        return Source(file, text, parse(text))
    except TomlMistakeError as error:
        raise SchemeError(
            SchemeProblem(file, error.line, "", say("{message}。", message=error.message))
        ) from error


def merge_layers(layers: Sequence[Source]) -> tuple[dict[str, object], tuple[SchemeProblem, ...]]:
    """Merge a file (first) over those it extends; and the paths of `remove` that lead nowhere.

    Tables are merged key by key, everything else is replaced as a whole. `remove` names dotted paths of
    what the file below gives and this one does not want. An amendment lies over its own file.
    """
    problems: list[SchemeProblem] = []
    merged: dict[str, object] = {}
    for layer in reversed(layers):
        kept_back = frozenset() if layer.base else OWN
        inherited = {key: value for key, value in merged.items() if key not in kept_back}
        for position, path in enumerate(_removals(layer)):
            rest = _without(inherited, path.split("."))
            if rest is None:
                message = say("要删除的“{path}”在被继承的文件中不存在。", path=path)
                problems.append(problem_at([layer], ("remove", position), message))
            inherited = inherited if rest is None else rest
        merged = merge_tables(inherited, layer.data)
    return merged, tuple(problems)


def _removals(layer: Source) -> list[str]:
    paths = layer.data.get("remove")
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []


def _without(table: Mapping[str, object], names: Sequence[str]) -> dict[str, object] | None:
    """The table without what the names lead to; None where they lead nowhere."""
    name, *rest = names
    others = {key: value for key, value in table.items() if key != name}
    if not rest:
        return others if name in table else None
    inner = table.get(name)
    kept = _without(inner, rest) if isinstance(inner, dict) else None
    return None if kept is None else {**table, name: kept}


def merge_tables(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Both tables in one, `above` winning; neither is changed."""
    merged = dict(below)
    for key, value in above.items():
        inherited = below.get(key)
        if isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = merge_tables(inherited, value)
        else:
            merged[key] = value
    return merged
