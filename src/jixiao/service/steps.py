"""A run in steps, whoever carries them out: Prefect's tasks, or this process where there is no server."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jixiao import pipeline
from jixiao.catalog.loading.sources import SchemeError
from jixiao.service.digest import digest
from jixiao.service.progress import Failure, current
from jixiao.service.state import spool_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.service.digest import Digest

_LOG = logging.getLogger(__name__)
_CONFIGURATION = (pipeline.ConfigurationError, SchemeError)


@dataclass(frozen=True, slots=True)
class Job:
    """What to work off and where to: the rounds of that name below `inputs`, all where none is named."""

    inputs: Path
    outputs: Path
    rounds: tuple[str, ...] = ()


class Worker(Protocol):
    """Carries out the two kinds of step.

    `own_errors` are errors of the machinery that carries them out: they end the run, whatever the round.
    """

    @property
    def own_errors(self) -> tuple[type[Exception], ...]:
        """Errors that are neither the round's nor the pipeline's."""

    def read(
        self, folder: pipeline.RoundFolder, batches: Sequence[tuple[str, ...]], spool: Path
    ) -> Iterator[tuple[int, Path]]:
        """Read every batch; yield the index of each as it is done, with the path of what was read."""

    def conclude(
        self, folder: pipeline.RoundFolder, batch_paths: Sequence[Path], outputs: Path, files: int
    ) -> Digest:
        """Evaluate what was read, write the results."""


class DirectWorker:
    """Carries the steps out in this process, one after the other."""

    own_errors: tuple[type[Exception], ...] = ()

    def read(
        self, folder: pipeline.RoundFolder, batches: Sequence[tuple[str, ...]], spool: Path
    ) -> Iterator[tuple[int, Path]]:
        """Read the batches in their order."""
        for index, batch in enumerate(batches):
            yield index, pipeline.read_batch(folder, batch, spool)

    def conclude(
        self, folder: pipeline.RoundFolder, batch_paths: Sequence[Path], outputs: Path, files: int
    ) -> Digest:
        """Evaluate and write."""
        return conclude(folder, batch_paths, outputs, files)


def conclude(folder: pipeline.RoundFolder, batch_paths: Sequence[Path], outputs: Path, files: int) -> Digest:
    """Evaluate what was read of a round of `files` files, write its results and sum it up."""
    evaluation = pipeline.evaluate(folder, batch_paths)
    published = pipeline.publish(evaluation, outputs, folder.folder, kept=folder.history)
    return digest(evaluation, published, files)


def run_rounds(job: Job, worker: Worker) -> tuple[Digest | Failure, ...]:
    """Work off the rounds one after the other; one that fails or is wrongly set up does not stop the others.

    Raises:
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or no round in it.
    """
    folders = pipeline.round_folders(job.inputs, job.rounds)
    return tuple(_attempt(folder, job.outputs, worker) for folder in folders)


def unusable_rounds(job: Job) -> tuple[Failure, ...]:
    """The rounds that can't be worked off as they are set up, found without reading what was sent.

    Raises:
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or none of the rounds can be used.
    """
    folders = pipeline.round_folders(job.inputs, job.rounds)
    failures = tuple(filter(None, map(_unusable, folders)))
    if len(failures) == len(folders):
        raise pipeline.ConfigurationError("\n".join(failure.message for failure in failures))
    return failures


def _unusable(folder: Path) -> Failure | None:
    try:
        pipeline.load_round(folder)
    except pipeline.ConfigurationError as error:
        return Failure(folder.name, str(error), configuration=True)
    return None


def _attempt(folder: Path, outputs: Path, worker: Worker) -> Digest | Failure:
    try:
        with pipeline.held(pipeline.Place.of(outputs, folder.name)):
            result = _run_round(pipeline.load_round(folder), outputs, worker)
    except worker.own_errors:
        raise
    except Exception as error:  # noqa: BLE001 - whatever broke, the other rounds go on; the log has the details
        failure = Failure(folder.name, explain(error), isinstance(error, _CONFIGURATION))
        _LOG.exception("%s", failure.sentence)
        current().failed(failure)
        return failure
    current().finished(result)
    return result


def _run_round(folder: pipeline.RoundFolder, outputs: Path, worker: Worker) -> Digest:
    files = pipeline.list_files(folder)
    batches = pipeline.batches(files)
    current().started(folder.name, len(files))
    spools = spool_folder(state_folder())
    with tempfile.TemporaryDirectory(dir=spools, prefix="run-", ignore_cleanup_errors=True) as spool:
        done: dict[int, Path] = {}
        for index, path in worker.read(folder, batches, Path(spool)):
            done[index] = path
            current().read(folder.name, len(batches[index]))
        current().evaluating(folder.name)
        return worker.conclude(folder, [done[index] for index in sorted(done)], outputs, len(files))


def explain(error: BaseException) -> str:
    """An unexpected error as a sentence for the officer."""
    if isinstance(error, pipeline.PublicationError | pipeline.ConfigurationError):
        return str(error)
    if isinstance(error, SchemeError):
        return f"seeds 中的数据文件无法使用：{error}"
    if isinstance(error, OSError):
        return f"读写文件时出错：{error}。请检查磁盘空间和网络盘连接后重新运行。"
    return f"程序内部出错（{type(error).__name__}：{error}）。"
