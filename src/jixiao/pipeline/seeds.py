"""The data files that a run works with: a jurisdiction's own folder over those of the package."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.catalog.loading.forms import load_form
from jixiao.catalog.loading.seeds import layered_seeds, seeds_folder
from jixiao.catalog.rulebook import LISTS
from jixiao.catalog.wording.wordings import load_wordings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.findings import Wording
    from jixiao.domain.forms import FormLayout

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
