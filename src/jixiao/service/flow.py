"""The flow that `jixiao run` runs once and `jixiao serve` on schedule: thin tasks around the pipeline.

One task reads a batch of files, one concludes a round. Only paths and names cross the border between flow
and task, so that a task can run anywhere the folders are mounted.
"""

from __future__ import annotations

import hashlib
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.exceptions import PrefectException
from prefect.futures import as_completed
from prefect.logging import get_run_logger
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner

from jixiao import pipeline
from jixiao.service import steps
from jixiao.service.digest import Digest
from jixiao.service.loopback import ServerUnavailableError
from jixiao.service.progress import Failure, current

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State, TaskRun
    from prefect.tasks import Task

_RUNNER: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=4)
"""Batches read at the same time; reading itself happens in processes of its own."""


class RoundsFailedError(Exception):
    """Some rounds could not be worked off; `results` holds every round's result, the good ones too."""

    def __init__(self, results: tuple[Digest | Failure, ...]) -> None:
        """Name the rounds that failed."""
        failures = [result for result in results if isinstance(result, Failure)]
        super().__init__("；".join(f"{failure.round}：{failure.message}" for failure in failures))
        self.results = results


def is_io_failure(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a task failed for its surroundings (a network drive, an open workbook): worth another try."""
    return isinstance(state.result(raise_on_failure=False), OSError | pipeline.PublicationError)


@task(
    name="读取一批文件",
    retries=2,
    retry_delay_seconds=2,
    retry_condition_fn=is_io_failure,
    cache_policy=NO_CACHE,
)
def read_files(inputs: Path, round_name: str, files: tuple[str, ...], spool: Path) -> Path:
    """Read a batch of a round's files; the result is the path of what was read."""
    return pipeline.read_batch(_find(inputs, round_name), files, spool)


@task(
    name="审核、评分并输出",
    retries=2,
    retry_delay_seconds=2,
    retry_condition_fn=is_io_failure,
    cache_policy=NO_CACHE,
)
def conclude_round(
    inputs: Path, round_name: str, batch_paths: list[Path], outputs: Path, files: int
) -> Digest:
    """Evaluate what was read of a round and write its results."""
    return steps.conclude(_find(inputs, round_name), batch_paths, outputs, files)


def _find(inputs: Path, round_name: str) -> pipeline.RoundFolder:
    (folder,) = pipeline.find_rounds(inputs, (round_name,))
    return folder


class PrefectWorker:
    """Carries the steps of a run out as Prefect tasks and shows each round's summary as an artifact."""

    own_errors: tuple[type[Exception], ...] = (httpx.HTTPError, PrefectException)

    def __init__(self, inputs: Path) -> None:
        """Work on rounds below `inputs`."""
        self._inputs = inputs

    def read(
        self, folder: pipeline.RoundFolder, batches: Sequence[tuple[str, ...]], spool: Path
    ) -> Iterator[tuple[int, Path]]:
        """Read the batches side by side."""
        futures = {
            read_files.submit(self._inputs, folder.name, batch, spool): index
            for index, batch in enumerate(batches)
        }
        for future in as_completed(list(futures)):
            yield futures[future], future.result()

    def conclude(
        self, folder: pipeline.RoundFolder, batch_paths: Sequence[Path], outputs: Path, files: int
    ) -> Digest:
        """Evaluate, write, and leave the summary with Prefect."""
        digest = conclude_round(self._inputs, folder.name, list(batch_paths), outputs, files)
        create_table_artifact(key=artifact_key(folder.name), table=digest.rows(), description=digest.title)
        get_run_logger().info("%s: %s", digest.round, digest.rows())
        return digest


def artifact_key(round_name: str) -> str:
    """A key as Prefect allows it (a-z, 0-9, dashes), different for different rounds.

    >>> artifact_key("hunan-2024")
    'round-hunan-2024'
    """
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", round_name):
        return f"round-{round_name}"
    return f"round-{hashlib.sha256(round_name.encode()).hexdigest()[:12]}"


def say_crashed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - prefect's
    """Say that the program of a run ended before the run did: killed, or out of memory."""
    current().stopped("运行程序意外中断。下次按计划重新运行，也可用 jixiao run 立即运行。")


def _explain(error: Exception) -> str:
    if isinstance(error, PrefectWorker.own_errors):
        return "与调度服务的连接中断。下次按计划重新运行，也可用 jixiao run 立即运行。"
    return steps.explain(error)


@flow(
    description="读取、审核、评分并汇总评价批次",
    on_crashed=[say_crashed],
    task_runner=_RUNNER,  # type: ignore[arg-type]  # prefect's own runner does not fit its annotation
    persist_result=False,
)
def consolidate(inputs: Path, outputs: Path, rounds: list[str] | None = None) -> tuple[Digest | Failure, ...]:
    """Work off the rounds below `inputs` (all of them by default) into `outputs`.

    Raises:
        RoundsFailedError: a round failed or is wrongly set up; the others are done.
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or no round in it.
    """
    try:
        results = steps.run_rounds(steps.Job(inputs, outputs, tuple(rounds or ())), PrefectWorker(inputs))
    except Exception as error:
        current().stopped(_explain(error))
        raise
    if any(isinstance(result, Failure) for result in results):
        raise RoundsFailedError(results)
    return results


def run_flow(url: str, job: steps.Job) -> tuple[Digest | Failure, ...]:
    """Run the flow once with the server at `url`.

    Raises:
        ServerUnavailableError: Prefect itself failed; rounds that fail are among the results.
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or no round in it.
    """
    with temporary_settings({PREFECT_API_URL: url}):
        try:
            return consolidate(inputs=job.inputs, outputs=job.outputs, rounds=list(job.rounds))
        except RoundsFailedError as error:
            return error.results
        except pipeline.ConfigurationError:
            raise
        except Exception as error:  # a round's errors never come here: whatever it is, it is Prefect's
            logging.getLogger(__name__).exception("the flow failed")
            raise ServerUnavailableError("与调度服务的连接中断。") from error
