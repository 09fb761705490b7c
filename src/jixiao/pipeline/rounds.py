"""Round folders: which there are, and what their round.toml says."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.rulebook import LISTS, load_rulebook
from jixiao.domain.rounds import Round
from jixiao.domain.spoken import why_not
from jixiao.language import say
from jixiao.pipeline.copies import DEPARTMENT_TEMPLATE, NO_TEMPLATES, OWN_FOLDER, ROUND_TEMPLATE, Templates
from jixiao.pipeline.decisions import load_waivers
from jixiao.pipeline.references import load_accounts, load_roster
from jixiao.pipeline.replacement import KEPT
from jixiao.pipeline.settings import (
    NOTIFY_BRIEF,
    SETTINGS_FILE,
    ConfigurationError,
    known_seeds,
    new_round,
    read_settings,
    seeds_beside,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class RoundFolder:
    """A folder of inputs with its round and the rules in force, checked before any input is opened.

    `history` is how many earlier results are kept; `word` whether Word reports are wanted, `templates` what
    they are written with, once a run has looked for them; `notify` how much is told of it.
    """

    name: str
    folder: Path
    round: Round
    rules: Rulebook
    history: int = KEPT
    word: bool = True
    notify: str = NOTIFY_BRIEF
    templates: Templates = NO_TEMPLATES

    @property
    def own_files(self) -> frozenset[str]:
        """The finance department's own files in it, which no department sent: settings and its lists."""
        round_ = self.round
        references = (each.file for each in (round_.roster, round_.accounts, round_.waivers) if each)
        templates = (f"{OWN_FOLDER}/{name}" for name in (DEPARTMENT_TEMPLATE, ROUND_TEMPLATE))
        return frozenset({SETTINGS_FILE, *references, *templates})


def find_rounds(
    inputs: Path, names: Sequence[str] = (), seeds: Path | None = None
) -> tuple[RoundFolder, ...]:
    """The named rounds below the inputs folder, or all of them; `seeds` as for `load_round`.

    Raises:
        ConfigurationError: no such folder, no round in it, or one that can't be run as it is set up.
    """
    return tuple(load_round(folder, seeds) for folder in round_folders(inputs, names))


def round_folders(inputs: Path, names: Sequence[str] = ()) -> tuple[Path, ...]:
    """The folders of the named rounds, whether they are there or not, or those of all rounds.

    Raises:
        ConfigurationError: no inputs folder, or no round in it.
    """
    if not inputs.is_dir():
        raise ConfigurationError(
            say(
                "找不到收件文件夹 {inputs}。请先用 {new_round} 新建评价批次，或用 --inputs 指明文件夹。",
                inputs=inputs,
                new_round=new_round(),
            )
        )
    folders = [inputs / name for name in names] or sorted(
        path for path in inputs.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    if not folders:
        raise ConfigurationError(
            say(
                "收件文件夹 {inputs} 里没有评价批次。请用 {new_round} 新建，再放入各部门报送的表格。",
                inputs=inputs,
                new_round=new_round(),
            )
        )
    return tuple(folders)


def load_round(folder: Path, seeds: Path | None = None) -> RoundFolder:
    """The round of a folder, with its scheme, roster and accounts.

    `seeds` is the jurisdiction's own folder of rules; where none is named, the one beside the inputs folder.

    Raises:
        ConfigurationError: no round.toml, one that says something unknown, or one that names a scheme, roster
            or accounts that can't be used.
    """
    return _loaded(folder, known_seeds(seeds or seeds_beside(folder)))


def with_scheme(folder: RoundFolder, scheme_id: str, seeds: tuple[Path, ...]) -> RoundFolder:
    """The same round under another scheme, its roster and accounts read anew.

    Raises:
        ConfigurationError: the scheme can't be used, or not for the round's year.
    """
    return _loaded(folder.folder, seeds, scheme=scheme_id)


def _loaded(folder: Path, seeds: tuple[Path, ...], **changed: str) -> RoundFolder:
    try:
        return _load(folder, {**read_settings(folder), **changed}, seeds)
    except SchemeError as problem:
        raise ConfigurationError(
            say("{folder} 指定的评价方案无法使用：{problem}", folder=folder / SETTINGS_FILE, problem=problem)
        ) from problem
    except OSError as problem:
        raise ConfigurationError(
            say(
                "评价批次 {name} 的设置无法读取（{problem}）。请检查该文件夹的读取权限和网络盘连接。",
                name=folder.name,
                problem=why_not(problem),
            )
        ) from problem


def _load(folder: Path, settings: Mapping[str, Any], seeds: tuple[Path, ...]) -> RoundFolder:
    rules = load_rulebook(settings["scheme"], seeds, year=settings["year"])
    scheme = rules.scheme
    roster, accounts, waivers = (_normal(settings.get(name, "")) for name in LISTS)
    today = datetime.now().astimezone().date()
    return RoundFolder(
        folder.name,
        folder,
        Round(
            name=folder.name,
            year=settings["year"],
            scheme=scheme,
            roster=load_roster(folder, roster, rules) if roster else None,
            accounts=load_accounts(folder, accounts, rules) if accounts else None,
            deadline=settings.get("deadline"),
            resubmit_by=settings.get("resubmit_by"),
            waivers=load_waivers(folder, waivers, rules, today) if waivers else None,
            sample_seed=settings.get("sample_seed", ""),
        ),
        rules,
        settings.get("history", KEPT),
        settings.get("word", True),
        settings.get("notify", NOTIFY_BRIEF),
    )


def _normal(file: str) -> str:
    """A file's name relative to the round's folder as every reference has it: 底册/名册.xlsx."""
    return posixpath.normpath(file.replace("\\", "/")) if file else ""
