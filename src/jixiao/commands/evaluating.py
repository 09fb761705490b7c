"""A round as it stands now, for commands that look at it and write nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.commands.terminal import UsageError
from jixiao.engines import LocalEngine

if TYPE_CHECKING:
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
    with tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True) as passing:
        return pipeline.evaluate_round(folder, pipeline.Means(LocalEngine(), pipeline.Memory(Path(passing))))
