"""Round folders: which there are, and what their round.toml says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.catalog.problems import SchemeError
from jixiao.catalog.schemes import load_scheme
from jixiao.catalog.seeds import seeds_folder
from jixiao.domain.rounds import Round

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SETTINGS_FILE = "round.toml"
_KEYS = {"scheme": str, "year": int}
_EXAMPLE = '内容至少两行：scheme = "方案编号"、year = 年度；方案编号可用 jixiao scheme list 查看'


class ConfigurationError(Exception):
    """The round can't be run as it is set up; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class RoundFolder:
    """A folder of inputs with its round, checked before any input is opened."""

    name: str
    folder: Path
    round: Round


def find_rounds(inputs: Path, names: Sequence[str] = ()) -> tuple[RoundFolder, ...]:
    """The named rounds below the inputs folder, or all of them.

    Raises:
        ConfigurationError: no such folder, no round.toml in it, or one that says something unknown.
    """
    if not inputs.is_dir():
        raise ConfigurationError(f"找不到收件文件夹 {inputs}。请先建立该文件夹，每个评价批次一个子文件夹。")
    folders = [inputs / name for name in names] or sorted(
        path for path in inputs.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    if not folders:
        raise ConfigurationError(
            f"收件文件夹 {inputs} 里没有评价批次。请建立子文件夹，放入 {SETTINGS_FILE} 和各部门报送的表格。"
        )
    return tuple(_load(folder) for folder in folders)


def _load(folder: Path) -> RoundFolder:
    settings = read_settings(folder)
    try:
        scheme = load_scheme(settings["scheme"], seeds_folder())
    except SchemeError as problem:
        raise ConfigurationError(f"{folder / SETTINGS_FILE} 指定的评价方案无法使用：{problem}") from problem
    return RoundFolder(folder.name, folder, Round(folder.name, settings["year"], scheme))


def read_settings(folder: Path) -> dict[str, Any]:
    """What a round.toml says, every key known and of the right type.

    Raises:
        ConfigurationError: missing, unreadable, or with a missing, unknown or mistyped key.
    """
    path = folder / SETTINGS_FILE
    if not folder.is_dir():
        raise ConfigurationError(f"找不到评价批次文件夹 {folder}。请核对批次名称。")
    if not path.is_file():
        raise ConfigurationError(f"评价批次 {folder.name} 缺少设置文件，请新建 {path}，{_EXAMPLE}。")
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigurationError(
            f"设置文件 {path} 无法读取（{problem}）。请按 TOML 格式以 UTF-8 编码保存。"
        ) from problem
    for key, kind in _KEYS.items():
        if key not in settings:
            raise ConfigurationError(f"设置文件 {path} 缺少 {key}，{_EXAMPLE}。")
        if not isinstance(settings[key], kind) or isinstance(settings[key], bool):
            wanted = "文字（加双引号）" if kind is str else "整数（不加引号）"
            raise ConfigurationError(f"设置文件 {path} 中 {key} 应为{wanted}，现为 {settings[key]!r}。")
    unknown = sorted(set(settings) - set(_KEYS))
    if unknown:
        allowed = "、".join(_KEYS)
        raise ConfigurationError(f"设置文件 {path} 中 {unknown[0]} 不是可用的设置项，可用：{allowed}。")
    return settings
