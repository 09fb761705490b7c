"""A whole round at once, in this process: what was read, checked, scored, composed, and every finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.evaluating.rounds import evaluate_round
from jixiao.pipeline.reading import load_batches
from jixiao.pipeline.seeds import known_wordings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.evaluating.files import FileResult
    from jixiao.pipeline.rounds import RoundFolder


def evaluate(folder: RoundFolder, batch_paths: Sequence[Path]) -> Evaluation:
    """Evaluate a round from its stored batches."""
    return evaluate_results(folder.round, load_batches(batch_paths))


def evaluate_results(round_: Round, results: Sequence[FileResult]) -> Evaluation:
    """Evaluate everything that was read of a round."""
    return evaluate_round(round_, results, known_wordings())
