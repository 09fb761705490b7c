"""The data files that a run works with."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.catalog.loading.seeds import layered_seeds
from jixiao.catalog.wording.wordings import load_wordings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.findings import Wording


def own_seeds() -> Path:
    """The jurisdiction's own folder, whether or not it is there yet."""
    return Path("seeds").absolute()


def known_seeds() -> tuple[Path, ...]:
    """The folder `seeds` of the working directory, where there is one, over those of the package."""
    return layered_seeds(own_seeds())


def known_wordings() -> Mapping[str, Wording]:
    """The wording of every finding, read once a process: it takes as long as scoring ten forms."""
    return _wordings(known_seeds())


@lru_cache(maxsize=4)
def _wordings(seeds: tuple[Path, ...]) -> Mapping[str, Wording]:
    return load_wordings(*seeds)
