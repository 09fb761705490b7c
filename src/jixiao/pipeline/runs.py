"""A whole round in this process: what tests and benchmarks run, and what the flow does in tasks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.engines import InProcessEngine
from jixiao.pipeline.evaluation import evaluate
from jixiao.pipeline.publication import Published, publish
from jixiao.pipeline.reading import batches, read_batch
from jixiao.pipeline.sent_files import list_files

if TYPE_CHECKING:
    from jixiao.engines import Engine
    from jixiao.pipeline.rounds import RoundFolder

_HERE = InProcessEngine()


def run_round(folder: RoundFolder, outputs: Path, state: Path, *, engine: Engine = _HERE) -> Published:
    """Read, evaluate and publish one round without orchestration; batches lie below `state` meanwhile."""
    state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=state) as spool:
        paths = [read_batch(folder, files, Path(spool), engine) for files in batches(list_files(folder))]
        evaluation = evaluate(folder, paths)
    return publish(evaluation, outputs, folder.folder, kept=folder.history)
