"""Round folders built in a temporary place, evaluated without orchestration."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from jixiao.engines import InProcessEngine
from jixiao.pipeline import Means, Memory, find_rounds, run_round

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.engines import Engine
    from jixiao.pipeline import Published, RoundFolder

_HERE = InProcessEngine()

SETTINGS = 'scheme = "hunan-provincial"\nyear = 2024\n'


def round_folder(inputs: Path, name: str = "批次", settings: str = SETTINGS) -> Path:
    """An empty round below an inputs folder."""
    folder = inputs / name
    folder.mkdir(parents=True)
    (folder / "round.toml").write_text(settings, encoding="utf-8")
    return folder


def run(folder: Path, engine: Engine = _HERE) -> Published:
    """Evaluate the round into `outputs` beside its inputs."""
    (found,) = find_rounds(folder.parent, [folder.name])
    base = folder.parent.parent
    return work_off(found, base, engine)


def work_off(folder: RoundFolder, base: Path, engine: Engine = _HERE) -> Published:
    """Work a round off into `outputs` of a folder, with what lies in its `state` remembered."""
    return run_round(folder, base / "outputs", Means(engine, Memory(base / "state"))).published


def table(published: Published, name: str) -> list[dict[str, str]]:
    """One of the tidy tables as it was written."""
    return read_table(published.folder, name)


def read_table(results: Path, name: str) -> list[dict[str, str]]:
    """One of the tidy tables in a folder of results."""
    with (results / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def found(published: Published) -> list[tuple[str, str, str, str]]:
    """Every finding as (code, file, sheet, cell), sorted."""
    return sorted(
        (row["code"], row["file"], row["sheet"], row["cell"]) for row in table(published, "findings")
    )
