"""A run in steps, whoever carries them out: Prefect's tasks, or this process where there is no server."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.catalog.loading.sources import SchemeError
from jixiao.engines import LocalEngine
from jixiao.service.digest import digest
from jixiao.service.progress import Failure, current
from jixiao.service.state import spool_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jixiao.service.digest import Digest

_LOG = logging.getLogger(__name__)
_PROCESSES = LocalEngine()
_CONFIGURATION = (pipeline.ConfigurationError, SchemeError)


@dataclass(frozen=True, slots=True)
class Job:
    """What to work off and where to: the rounds of that name below `inputs`, all where none is named.

    `remembers`: what an earlier run made of the very same is not made again.
    """

    inputs: Path
    outputs: Path
    rounds: tuple[str, ...] = ()
    remembers: bool = True


class Worker(pipeline.Steps):
    """Carries out the steps of a round, here one after the other.

    `own_errors` are errors of the machinery that carries them out: they end the run, whatever the round.
    """

    own_errors: tuple[type[Exception], ...] = ()

    def report(self, digest: Digest) -> None:
        """Hear what became of a round whose results are in place."""


def run_rounds(job: Job, worker: Worker) -> tuple[Digest | Failure, ...]:
    """Work off the rounds one after the other; one that fails or is wrongly set up does not stop the others.

    Raises:
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or no round in it.
    """
    folders = pipeline.round_folders(job.inputs, job.rounds)
    return tuple(_attempt(folder, job, worker) for folder in folders)


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


def _attempt(folder: Path, job: Job, worker: Worker) -> Digest | Failure:
    try:
        with pipeline.held(pipeline.Place.of(job.outputs, folder.name)):
            result = _run_round(pipeline.load_round(folder), job, worker)
    except worker.own_errors:
        raise
    except Exception as error:  # noqa: BLE001 - whatever broke, the other rounds go on; the log has the details
        failure = Failure(folder.name, explain(error), isinstance(error, _CONFIGURATION))
        _LOG.exception("%s", failure.sentence)
        current().failed(failure)
        return failure
    current().finished(result)
    return result


def _run_round(folder: pipeline.RoundFolder, job: Job, worker: Worker) -> Digest:
    with _memory(job) as memory:
        means = pipeline.Means(_PROCESSES, memory)
        result = digest(pipeline.run_round(folder, job.outputs, means, current(), worker))
    worker.report(result)
    return result


@contextmanager
def _memory(job: Job) -> Iterator[pipeline.Memory]:
    """What earlier runs left, or nothing where the job wants none of it."""
    state = state_folder()
    if job.remembers:
        yield pipeline.Memory(state)
    else:
        with pipeline.passing_memory(spool_folder(state)) as memory:
            yield memory


def explain(error: BaseException) -> str:
    """An unexpected error as a sentence for the officer."""
    if isinstance(error, pipeline.PublicationError | pipeline.ConfigurationError):
        return str(error)
    if isinstance(error, SchemeError):
        return f"seeds 中的数据文件无法使用：{error}"
    if isinstance(error, OSError):
        return f"读写文件时出错：{error}。请检查磁盘空间和网络盘连接后重新运行。"
    return f"程序内部出错（{type(error).__name__}：{error}）。"
