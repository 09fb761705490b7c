"""Round folders: which there are, and what their round.toml says."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.catalog.problems import SchemeError
from jixiao.catalog.schemes import load_scheme
from jixiao.domain.rounds import Round
from jixiao.pipeline.ledgers import load_books
from jixiao.pipeline.rosters import load_roster
from jixiao.pipeline.seeds import known_seeds
from jixiao.pipeline.settings import SETTINGS_FILE, ConfigurationError, read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RoundFolder:
    """A folder of inputs with its round, checked before any input is opened."""

    name: str
    folder: Path
    round: Round

    @property
    def own_files(self) -> frozenset[str]:
        """The finance department's own files in it, which no department sent: settings, roster, books."""
        references = (each.file for each in (self.round.roster, self.round.books) if each)
        return frozenset({SETTINGS_FILE, *references})


def find_rounds(inputs: Path, names: Sequence[str] = ()) -> tuple[RoundFolder, ...]:
    """The named rounds below the inputs folder, or all of them.

    Raises:
        ConfigurationError: no such folder, no round.toml in it, one that says something unknown, a roster or
            books that can't be used.
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
        scheme = load_scheme(settings["scheme"], *known_seeds())
    except SchemeError as problem:
        raise ConfigurationError(f"{folder / SETTINGS_FILE} 指定的评价方案无法使用：{problem}") from problem
    roster, books = (_normal(settings.get(name, "")) for name in ("roster", "books"))
    return RoundFolder(
        folder.name,
        folder,
        Round(
            name=folder.name,
            year=settings["year"],
            scheme=scheme,
            roster=load_roster(folder, roster, scheme) if roster else None,
            books=load_books(folder, books, scheme) if books else None,
            deadline=settings.get("deadline"),
        ),
    )


def _normal(file: str) -> str:
    """A file's name relative to the round's folder as every reference has it: 底册/名册.xlsx."""
    return posixpath.normpath(file.replace("\\", "/")) if file else ""
