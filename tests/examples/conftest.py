"""The worked rounds, each worked off once for all tests that look at its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline import find_rounds
from tests.builders.folders import work_off
from tests.drawing.build import INPUTS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def provincial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of hunan-2024."""
    return _worked_off("hunan-2024", tmp_path_factory)


@pytest.fixture(scope="session")
def municipal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of yueyang-2020."""
    return _worked_off("yueyang-2020", tmp_path_factory)


def _worked_off(name: str, places: pytest.TempPathFactory) -> Path:
    base = places.mktemp("round")
    (folder,) = find_rounds(INPUTS, [name])
    work_off(folder, base)
    return base / "outputs" / name
