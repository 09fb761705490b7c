"""The flow that `jixiao run` runs once and `jixiao serve` on schedule: thin tasks around the pipeline.

A task records a step of a round; what a step does side by side it does on an engine (`jixiao.engines`).
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import httpx
from prefect import flow, runtime, task
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import PrefectException
from prefect.logging import get_run_logger
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelled
from pydantic import Field

from jixiao import pipeline
from jixiao.domain.spoken import inert
from jixiao.engines import ENGINES
from jixiao.language import say
from jixiao.service import steps
from jixiao.service.notifying import tell_stopped
from jixiao.service.progress import Digest, Failure, current, nobody_watches
from jixiao.service.server import ServerUnavailableError
from jixiao.service.state import keep_events, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, TaskRun
    from prefect.tasks import Task

    from jixiao.consolidation.summary import Gathered
    from jixiao.evaluating.briefs import Division
    from jixiao.evaluating.files import FileResult

T = TypeVar("T")


class RoundsFailedError(Exception):
    """Some rounds could not be worked off; `results` holds every round's result, the good ones too."""

    def __init__(self, results: tuple[Digest | Failure, ...]) -> None:
        """Name the rounds that failed."""
        failures = [result for result in results if isinstance(result, Failure)]
        super().__init__(
            say("；").join(
                say("{round}：{message}", round=failure.round, message=failure.message)
                for failure in failures
            )
        )
        self.results = results
        self.busy = all(failure.busy for failure in failures)


def is_io_failure(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a task failed for its surroundings (a network drive, an open workbook): worth another try."""
    return isinstance(state.result(raise_on_failure=False), OSError | pipeline.PublicationError)


def _step(name: str) -> Callable[[Callable[[Callable[[], T]], T]], Task[[Callable[[], T]], T]]:
    return task(
        name=name, retries=2, retry_delay_seconds=2, retry_condition_fn=is_io_failure, cache_policy=NO_CACHE
    )


@_step(say("读取报送文件"))
def read_files(work: Callable[[], T]) -> T:
    """Read a round's files, those that are new or changed side by side."""
    return work()


@_step(say("审核、评分"))
def evaluate_departments(work: Callable[[], T]) -> T:
    """Evaluate a round's departments, those of which anything changed side by side."""
    return work()


@_step(say("汇总并输出"))
def conclude_round(work: Callable[[], T]) -> T:
    """Put a round's departments together and its results in place."""
    return work()


class PrefectWorker(steps.Worker):
    """Records the steps of a run as Prefect tasks and shows each round's summary as an artifact.

    A task is handed its work as a whole: Prefect would walk through whatever it gets, form by form.
    """

    own_errors: tuple[type[Exception], ...] = (httpx.HTTPError, PrefectException)

    def read(
        self,
        folder: pipeline.RoundFolder,
        files: Sequence[str],
        means: pipeline.Means,
        told: Callable[[int], object],
    ) -> tuple[FileResult, ...]:
        """See `Steps`."""
        return read_files(partial(super().read, folder, files, means, told))

    def evaluate(
        self,
        folder: pipeline.RoundFolder,
        division: Division,
        means: pipeline.Means,
        prefix: str | None,
        told: Callable[[int], object],
    ) -> tuple[pipeline.Made, ...]:
        """See `Steps`."""
        return evaluate_departments(partial(super().evaluate, folder, division, means, prefix, told))

    def conclude(  # noqa: PLR0913, PLR0917 as `Steps` has it
        self,
        folder: pipeline.RoundFolder,
        division: Division,
        made: Sequence[pipeline.Made],
        outputs: Path,
        means: pipeline.Means,
        told: Callable[[int], object],
    ) -> tuple[Gathered, pipeline.Published]:
        """See `Steps`."""
        return conclude_round(partial(super().conclude, folder, division, made, outputs, means, told))

    def report(self, digest: Digest) -> None:
        """Leave the summary with Prefect, and where the results are."""
        key, folder = artifact_key(digest.round), digest.folder.absolute()
        create_table_artifact(key=key, table=digest.rows(), description=digest.title)
        create_link_artifact(
            key=f"{key}-results",
            link=folder.as_uri(),
            link_text=say("{round} 的结果文件夹", round=inert(digest.round)),
            description=say(
                "在资源管理器中打开：{folder}（浏览器不允许从网页打开本机文件夹，请复制路径）",
                folder=inert(str(folder)),
            ),
        )
        get_run_logger().info("%s: %s", digest.round, digest.rows())


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
    _stopped(say("运行程序意外中断。下次按计划重新运行，也可用 jixiao run 立即运行。"))


def _stopped(reason: str) -> None:
    """Say that a run came to nothing; where somebody watches it, the command that started it goes on."""
    current().stopped(reason)
    if nobody_watches():
        tell_stopped(reason)


def _explain(error: Exception) -> str:
    if isinstance(error, PrefectWorker.own_errors):
        return say("与调度服务的连接中断。下次按计划重新运行，也可用 jixiao run 立即运行。")
    return steps.explain(error)


def run_name() -> str:
    """What a run is called on Prefect's page: when it was begun, and which rounds it is for."""
    rounds = (runtime.flow_run.parameters or {}).get("rounds")
    named = say("、").join(rounds) if rounds else say("全部批次")
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M} {named}"


def _shown(title: str, description: str, **more: Any) -> Any:  # noqa: ANN401 - pydantic's own types
    """How Prefect's page names a parameter where somebody starts a run by hand."""
    return Field(json_schema_extra={"title": title, "description": description, **more})


@flow(
    description=say("读取、审核、评分并汇总评价批次"),
    flow_run_name=run_name,
    on_crashed=[say_crashed],
    persist_result=False,
)
def consolidate(  # noqa: PLR0913, PLR0917 each is a parameter of a deployment
    inputs: Annotated[
        str, _shown(say("报送文件夹"), say("每个评价批次一个子文件夹；绝对路径，或 s3://… 这样的地址"))
    ],
    outputs: Annotated[str, _shown(say("结果文件夹"), say("绝对路径，或地址"))],
    rounds: Annotated[
        list[str] | None, _shown(say("评价批次"), say("批次名称，即报送文件夹下子文件夹的名称；不写则全部"))
    ] = None,
    seeds: Annotated[
        str | None,
        _shown(say("本地规则"), say("本地的方案、表样和用语所在的文件夹；不写则为报送文件夹旁的 seeds")),
    ] = None,
    engine: Annotated[
        str, _shown(say("运行方式"), say("local 本机；dask 已有的 Dask 集群"), enum=[*ENGINES])
    ] = "local",
    scheduler: Annotated[
        str, _shown(say("Dask 调度程序"), say("地址，如 tcp://…；不写则在本机起一个集群"))
    ] = "",
    ledger: Annotated[
        str,
        _shown(
            say("台账"),
            say("文件或数据库地址；不写则按环境变量 JIXIAO_LEDGER。口令不要写在这里，任何人都看得到"),
        ),
    ] = "",
    remembers: Annotated[  # noqa: FBT002 - a parameter of a deployment, given by name
        bool, _shown(say("沿用以前的结果"), say("关闭则全部重新处理"))
    ] = True,
    word: Annotated[
        bool | None, _shown(say("Word 报告"), say("是否生成；不写则按各批次 round.toml 的 word"))
    ] = None,
) -> tuple[Digest | Failure, ...] | State[None]:
    """Work off the rounds below `inputs` (all of them by default) into `outputs`.

    Everything that decides the results is a parameter; nothing depends on where a run is started. A run on
    schedule that only left rounds to others has not failed: it counts as cancelled, and says why.

    Args:
        inputs: the folder of rounds, or its address (s3://…).
        outputs: the folder of results, or its address.
        rounds: names of rounds; none: all.
        seeds: the jurisdiction's own folder of rules; none: `seeds` beside the inputs.
        engine: `local` or `dask`.
        scheduler: the address of a Dask scheduler (tcp://…); "": a cluster of this machine.
        ledger: a file, or the SQLAlchemy URL of a database; "": JIXIAO_LEDGER's (where a password belongs:
            parameters can be read by everybody), else a file in the state folder.
        remembers: what an earlier run made of the very same is not made again.
        word: whether Word reports are written; none: as each round's settings say.

    Raises:
        RoundsFailedError: a round failed or is wrongly set up; the others are done.
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or no round in it.
    """
    keep_events(state_folder())
    try:
        named = tuple(rounds or ())
        job = steps.Job(inputs, outputs, named, remembers, seeds, engine, scheduler, ledger, word)
        results = steps.run_rounds(job, PrefectWorker())
    except Exception as error:
        _stopped(_explain(error))
        raise
    if any(isinstance(result, Failure) for result in results):
        failed = RoundsFailedError(results)
        if failed.busy and nobody_watches():
            return Cancelled(message=str(failed))
        raise failed
    return results


def parameters(job: steps.Job) -> dict[str, Any]:
    """A job as the flow's parameters."""
    given = {
        **asdict(job),
        "inputs": str(job.inputs),
        "outputs": str(job.outputs),
        "rounds": list(job.rounds),
    }
    return {**given, "seeds": str(job.seeds) if job.seeds else None}


def run_flow(url: str, job: steps.Job) -> tuple[Digest | Failure, ...]:
    """Run the flow once with the server at `url`.

    Raises:
        ServerUnavailableError: Prefect itself failed; rounds that fail are among the results.
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or no round in it.
    """
    with temporary_settings({PREFECT_API_URL: url}):
        try:
            results: tuple[Digest | Failure, ...] = consolidate(**parameters(job))
        except RoundsFailedError as error:
            return error.results
        except pipeline.ConfigurationError:
            raise
        except Exception as error:  # a round's errors never come here: whatever it is, it is Prefect's
            logging.getLogger(__name__).exception("the flow failed")
            raise ServerUnavailableError(say("与调度服务的连接中断。")) from error
    return results
