"""Settings of a run: what round.toml says, every key known and of the right type; whose seeds hold."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.catalog.loading.forms import load_form
from jixiao.catalog.loading.seeds import layered_seeds, seeds_folder
from jixiao.catalog.loading.sources import TomlMistakeError, decode, parse
from jixiao.catalog.rulebook import LISTS
from jixiao.catalog.wording.wordings import load_wordings
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jixiao.domain.findings import Wording
    from jixiao.domain.forms import FormLayout

SETTINGS_FILE = "round.toml"
NOTIFY_OFF, NOTIFY_BRIEF, NOTIFY_FULL = "off", "brief", "full"
"""What is told of a round where somebody asked for messages: nothing; figures; names of files as well."""
FIRST_YEAR = 2000
"""No budget was evaluated by performance before (the first rules for it are of 2003): 24 or 204 is a slip."""

_SHOWN = 8
"""Rounds that are named where one is not found."""
_EXAMPLE = say('内容至少两行：scheme = "方案编号"、year = 年度；方案编号可用 jixiao scheme list 查看')


class ConfigurationError(Exception):
    """The round can't be run as it is set up; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A setting: its type, and how to write one; of a number also the least, the greatest and what it is."""

    kind: type
    wanted: str
    required: bool = False
    least: int | None = None
    greatest: Callable[[], int] = lambda: sys.maxsize
    limits: str = ""
    choices: tuple[str, ...] = ()

    def is_of_kind(self, value: object) -> bool:
        """Whether a value is of the type; for TOML true is no number."""
        return isinstance(value, self.kind) and isinstance(value, bool) == (self.kind is bool)

    def is_possible(self, value: Any) -> bool:  # noqa: ANN401 - of the setting's kind
        """Whether a value of that type can be meant."""
        if self.choices:
            return value in self.choices
        return self.least is None or self.least <= value <= self.greatest()


def _next_year() -> int:
    """A round of the year that runs is evaluated in it or after it: what is later than the next is a slip."""
    return datetime.now().astimezone().year + 1


_KEYS = {
    "scheme": _Key(str, say("文字（加双引号）"), required=True),
    "year": _Key(
        int,
        say("整数（不加引号）"),
        required=True,
        least=FIRST_YEAR,
        greatest=_next_year,
        limits=say("四位数的评价年度（{least} 至 {greatest}，不加引号）"),
    ),
    "roster": _Key(str, say('文字（名册的文件名，加双引号，如 "名册.xlsx"）')),
    "books": _Key(str, say('文字（账面数的文件名，加双引号，如 "账面数.xlsx"）')),
    "deadline": _Key(date, say("日期或日期和时间（不加引号，如 2025-04-30 或 2025-04-30 18:00:00）")),
    "resubmit_by": _Key(date, say("日期或日期和时间（不加引号，退回修改的表应在此前报回，如 2025-05-15）")),
    "history": _Key(
        int,
        say("整数（保留几次历次结果，不加引号）"),
        least=0,
        limits=say("不小于 {least} 的整数（保留几次历次结果）"),
    ),
    "waivers": _Key(str, say('文字（豁免表的文件名，加双引号，如 "豁免.xlsx"）')),
    "sample_seed": _Key(str, say('文字（抽查复核的种子，加双引号，如 "2025年6月10日摇号 0837"）')),
    "word": _Key(bool, say(" true 或 false（是否生成 Word 报告，不加引号）")),
    "notify": _Key(
        str,
        say('文字（运行后通知到什么程度，加双引号，如 "brief"）'),
        limits=say(' "off"（不通知）、"brief"（只有数字）或 "full"（另有文件名和结果位置）'),
        choices=(NOTIFY_OFF, NOTIFY_BRIEF, NOTIFY_FULL),
    ),
}


def read_settings(folder: Path) -> dict[str, Any]:
    """What the round.toml of a folder says.

    Raises:
        ConfigurationError: missing, unreadable, or with a missing, unknown or mistyped key.
    """
    path = folder / SETTINGS_FILE
    if not folder.is_dir():
        raise ConfigurationError(
            say(
                "找不到评价批次文件夹 {folder}。请核对批次名称{folder2}；新建：{name}",
                folder=folder,
                folder2=_others(folder),
                name=new_round(folder.name),
            )
        )
    if not path.is_file():
        raise ConfigurationError(
            say(
                "评价批次 {name} 缺少设置文件 {path}。可用 {name2} 生成，"
                "或自行新建，{example}。如果它不是评价批次，请移出收件文件夹。",
                name=folder.name,
                path=path,
                name2=new_round(folder.name),
                example=_EXAMPLE,
            )
        )
    try:
        settings = parse(decode(path.read_bytes()))
    except TomlMistakeError as problem:
        where = say(" 第 {line} 行", line=problem.line) if problem.line else " "
        raise ConfigurationError(
            say("设置文件 {path}{where}{message}。", path=path, where=where, message=problem.message)
        ) from problem
    _check(settings, path)
    return settings


def new_round(name: str = say("批次")) -> str:
    """The command that makes a round of that name."""
    shown = f'"{name}"' if " " in name else name
    return say("jixiao new {shown} --scheme 方案 --year 年度", shown=shown)


def _others(folder: Path) -> str:
    """Which rounds there are beside the one that there is not."""
    beside = folder.parent.iterdir() if folder.parent.is_dir() else ()
    names = sorted(each.name for each in beside if (each / SETTINGS_FILE).is_file())
    shown = say("、").join(names[:_SHOWN]) + (say("等") if len(names) > _SHOWN else "")
    return say("（已有：{shown}）", shown=shown) if names else ""


def _check(settings: Mapping[str, Any], path: Path) -> None:
    _refuse_unknown(settings, path)
    for name, key in _KEYS.items():
        if name not in settings or settings[name] == "":
            if key.required:
                raise ConfigurationError(
                    say("设置文件 {path} 缺少 {name}，{example}。", path=path, name=name, example=_EXAMPLE)
                )
        elif not key.is_of_kind(settings[name]):
            raise ConfigurationError(
                say(
                    "设置文件 {path} 中 {name} 应为{wanted}，现为 {settings}。",
                    path=path,
                    name=name,
                    wanted=key.wanted,
                    settings=_as_written(settings[name]),
                )
            )
        elif not key.is_possible(settings[name]):
            limits = key.limits.format(least=key.least, greatest=key.greatest())
            raise ConfigurationError(
                say(
                    "设置文件 {path} 中 {name} 应为{limits}，现为 {settings}。",
                    path=path,
                    name=name,
                    limits=limits,
                    settings=settings[name],
                )
            )


def _as_written(value: object) -> str:
    """A value as it stands in the file."""
    return (
        json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, str | bool | list | dict)
        else str(value)
    )


def _refuse_unknown(names: Iterable[str], path: Path) -> None:
    unknown = sorted(set(names) - set(_KEYS))
    if unknown:
        allowed, near = say("、").join(_KEYS), get_close_matches(unknown[0].lower(), _KEYS, 1)
        meant = say("是不是要写 {near}？", near=near[0]) if near else ""
        raise ConfigurationError(
            say(
                "设置文件 {path} 中 {unknown} 不是可用的设置项，可用：{allowed}。{meant}",
                path=path,
                unknown=unknown[0],
                allowed=allowed,
                meant=meant,
            )
        )


SEEDS = "seeds"


def own_seeds(named: Path | None = None) -> Path:
    """The jurisdiction's own folder, whether or not it is there yet: the named one, else `seeds` here."""
    return (named or Path(SEEDS)).absolute()


def seeds_beside(round_folder: Path) -> Path:
    """The own folder of a round where none is named: beside the inputs, wherever a run is started."""
    return round_folder.absolute().parent.parent / SEEDS


def known_seeds(named: Path | None = None) -> tuple[Path, ...]:
    """The own folder, where there is one, over that of the package."""
    return layered_seeds(own_seeds(named))


@lru_cache(maxsize=1)
def packaged_lists() -> tuple[FormLayout, ...]:
    """The forms of the finance department's own lists as the package has them."""
    return tuple(load_form(each, seeds_folder()) for each in LISTS)


@lru_cache(maxsize=4)
def wordings_of(seeds: tuple[Path, ...]) -> Mapping[str, Wording]:
    """The wording of every finding, read once a process: it takes as long as scoring ten forms."""
    return load_wordings(*seeds)
