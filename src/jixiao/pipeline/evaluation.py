"""Files that were read, evaluated together in this process: for a self-check, which keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.evaluating import rounds
from jixiao.pipeline.seeds import known_wordings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.evaluating.files import FileResult


def evaluate_results(round_: Round, results: Sequence[FileResult]) -> Evaluation:
    """Evaluate everything that was read of a round."""
    return rounds.evaluate_round(round_, results, known_wordings())
