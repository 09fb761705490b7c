"""A changed scheme tried on rounds that are there: what it would change. Nothing of theirs is written."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from jixiao.catalog.loading.seeds import scheme_path
from jixiao.consolidation.trials import compare, trial_sheets
from jixiao.pipeline.rounds import with_scheme
from jixiao.pipeline.runs import evaluate_round
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.consolidation.trials import Trial
    from jixiao.pipeline.errands import Means
    from jixiao.pipeline.rounds import RoundFolder

_NO_ID = re.compile(r"[^\w-]+")
SCHEMES = "schemes"


def try_scheme(path: Path, folders: Sequence[RoundFolder], means: Means) -> tuple[Trial, ...]:
    """Evaluate each round by its own scheme and by that of a file, and compare.

    The file stands in for a scheme of its own name, over the seeds of the round; in a folder `schemes` it
    brings the forms, words and wordings beside that folder with it.

    Raises:
        ConfigurationError: the scheme is broken, or not for the year of a round.
    """
    with TemporaryDirectory(prefix="jixiao-") as place:
        scheme_id, seeds = _laid_over(path, Path(place))
        trials = []
        for folder in folders:
            changed = with_scheme(folder, scheme_id, (seeds, *folder.rules.seeds))
            trials.append(compare(evaluate_round(folder, means), evaluate_round(changed, means)))
    return tuple(trials)


def _laid_over(path: Path, place: Path) -> tuple[str, Path]:
    """The scheme's name and a folder of seeds that holds it."""
    if path.parent.name == SCHEMES and not _NO_ID.search(path.stem):
        return path.stem, path.absolute().parent.parent
    scheme_id = _NO_ID.sub("_", path.stem)
    target = scheme_path(scheme_id, place)
    target.parent.mkdir(parents=True)
    target.write_bytes(path.read_bytes())
    return scheme_id, place


def write_trials(path: Path, trials: Sequence[Trial], scheme: str) -> None:
    """The trials as a workbook.

    Raises:
        OSError: it cannot be written.
    """
    write_workbook(path, trial_sheets(trials, scheme), title=f"评价方案试行_{scheme}", created=None)
