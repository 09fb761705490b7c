"""A round as it stands now, for commands that look at it and write nothing."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.commands.terminal import UsageError
from jixiao.engines import LocalEngine
from jixiao.service.state import state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.rounds import Evaluation


def find_round(inputs: Path, round_name: str, seeds: Path | None = None) -> pipeline.RoundFolder:
    """The round of that name.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    try:
        (folder,) = pipeline.find_rounds(inputs, (round_name,), seeds)
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    return folder


def evaluate_round(inputs: Path, round_name: str, seeds: Path | None = None) -> Evaluation:
    """Read and evaluate everything that a round holds.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    folder = find_round(inputs, round_name, seeds)
    with _passing() as means:
        return pipeline.evaluate_round(folder, means)


@contextmanager
def remembered() -> Iterator[pipeline.Means]:
    """Means with what runs from here left in the state folder; without such, with nothing."""
    state = state_folder()
    if (state / pipeline.MEMORY_FILE).is_file():
        yield pipeline.Means(LocalEngine(), pipeline.Memory(state))
    else:
        with _passing() as means:
            yield means


@contextmanager
def _passing() -> Iterator[pipeline.Means]:
    """Means whose store is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True) as folder:
        yield pipeline.Means(LocalEngine(), pipeline.Memory(Path(folder)))
