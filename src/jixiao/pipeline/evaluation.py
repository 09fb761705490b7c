"""Files that were read, evaluated together in this process: for a self-check, which keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.evaluating import rounds
from jixiao.pipeline.seeds import wordings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.evaluating.files import FileResult


def evaluate_results(
    round_: Round, results: Sequence[FileResult], seeds: tuple[Path, ...] | None = None
) -> Evaluation:
    """Evaluate everything that was read of a round, worded by these seeds, else by those of the package."""
    return rounds.evaluate_round(round_, results, wordings_of(seeds or (seeds_folder(),)))
