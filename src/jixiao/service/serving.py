"""The flow on schedule: one deployment, served by this process with a server that is kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from prefect.client.orchestration import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.schedules import Cron, Interval
from prefect.settings import PREFECT_API_URL, PREFECT_RUNNER_POLL_FREQUENCY, temporary_settings
from prefect.types.entrypoint import EntrypointType

from jixiao.language import say
from jixiao.service.flow import consolidate, parameters
from jixiao.service.server import ServerUnavailableError
from jixiao.service.state import log_file, only_ours, print_line, state_folder
from jixiao.service.watching import changes_of, is_busy, ticks, watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from prefect.client.orchestration import PrefectClient
    from prefect.schedules import Schedule

    from jixiao.service.server import Server
    from jixiao.service.steps import Job
    from jixiao.service.watching import Start, Timetable, Watch


DEPLOYMENT = "jixiao"
_POLL_SECONDS = 5
_LOG = logging.getLogger(__name__)
MOST_TROUBLES = 5
_WITHIN_SECONDS = 3600.0
"""A server that dies more often than this within an hour would die again: a person has to look."""
_CHECK_SECONDS = 2.0
_PAUSE_SECONDS = 10.0


def serve_rounds(
    timetable: Timetable, job: Job, server: Server, tell: Callable[[str], None], watched: Watch | None = None
) -> None:
    """Run the flow by the timetable, and where files change, with the server; returns when told to stop.

    Runs missed while nobody served are not made up for: the schedule is paused with the service.

    Raises:
        ServerUnavailableError: the server died, and can't be brought back.
    """
    settings = {PREFECT_API_URL: server.url, PREFECT_RUNNER_POLL_FREQUENCY: _POLL_SECONDS}
    with (
        only_ours(log_file(state_folder(), "serve")),
        temporary_settings(settings),
        contextlib.suppress(KeyboardInterrupt, SystemExit),  # the runner answers SIGTERM by exiting
    ):
        asyncio.run(_serve(_deployment(timetable, job), Keeper(server, tell), _Watcher(job, watched)))


def _deployment(timetable: Timetable, job: Job) -> RunnerDeployment:
    # A deployment, not the flow object: each run is then a program of its own, which ends as programs do.
    return RunnerDeployment.from_flow(
        consolidate,
        name=DEPLOYMENT,
        schedule=_schedule(timetable),
        parameters=parameters(job),
        paused=False,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


@dataclass(frozen=True, slots=True)
class _Watcher:
    """Has the rounds run whose files change (`watched` None: nobody asked for it)."""

    job: Job
    watched: Watch | None

    async def watch(self) -> None:
        """Until this is cancelled; what goes wrong costs the watching alone."""
        if self.watched is None:
            return
        try:
            changes = changes_of(self.job, self.watched.quiet)
            happening = ticks(changes, print_line, polling=self.watched.polling)
            await watch(changes, happening, _start(self.job), is_busy(self.job, print_line))
        except Exception:  # noqa: BLE001 - runs on schedule go on
            _LOG.exception("no longer watched")
            print_line(
                say("监视报送文件夹时程序出错，不再监视；定时运行照常。详见运行记录，重新启动后恢复监视。")
            )


def _start(job: Job) -> Start:
    async def start(rounds: tuple[str, ...]) -> bool:
        """Have rounds run by the one runner there is, after whatever it runs now."""
        print_line(say("{rounds}：报送的文件有变动，开始安排处理。", rounds=say("、").join(rounds)))
        given = {**parameters(job), "rounds": list(rounds)}
        async with get_client() as client:
            deployment = await client.read_deployment_by_name(f"{consolidate.name}/{DEPLOYMENT}")
            run = await client.create_flow_run_from_deployment(deployment.id, parameters=given)
            return await _over(run.id, client)

    return start


async def _over(run: UUID, client: PrefectClient) -> bool:
    """Wait for a run's end; whether it was run, well or not: False where the server lost it, or it died."""
    while True:
        await asyncio.sleep(_POLL_SECONDS)
        try:
            state = (await client.read_flow_run(run)).state
        except ObjectNotFound:
            return False
        except httpx.HTTPError:  # it is being revived
            continue
        if state is not None and state.is_final():
            return state.is_completed() or state.is_failed()


async def _serve(deployment: RunnerDeployment, keeper: Keeper, watcher: _Watcher) -> None:
    """Serve; each time the server lost the schedule, or the runner lost the server, from the beginning."""
    watching, changing = asyncio.create_task(keeper.watch()), asyncio.create_task(watcher.watch())
    try:
        while not await _serve_once(deployment, keeper, watching):
            await keeper.await_again() if not keeper.forgotten.is_set() else keeper.forgotten.clear()
    finally:
        await _end(watching, changing)


async def _serve_once(deployment: RunnerDeployment, keeper: Keeper, watching: asyncio.Task[None]) -> bool:
    """Serve until the runner ends as it was told to (True) or something broke (False)."""
    runner = Runner(pause_on_shutdown=True, limit=1)
    serving = asyncio.create_task(_run(runner, deployment))
    forgotten = asyncio.create_task(keeper.forgotten.wait())
    try:
        done, _ = await asyncio.wait({serving, watching, forgotten}, return_when=asyncio.FIRST_COMPLETED)
        # A server that is gone can't be told to pause the schedule; trying to would only take minutes.
        runner.pause_on_shutdown = False
        if watching in done:
            watching.result()
        return serving in done and serving.result()
    finally:
        await _end(serving, forgotten)


async def _run(runner: Runner, deployment: RunnerDeployment) -> bool:
    try:
        await runner.aadd_deployment(deployment)
        await runner.start()
    except Exception:  # noqa: BLE001 - whatever ended it, the service goes on or says why not
        _LOG.exception("the runner gave up")
        return False
    return True


async def _end(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _schedule(timetable: Timetable) -> Schedule:
    if timetable.every is not None:
        return Interval(timetable.every, timezone=timetable.zone.key)
    return Cron(timetable.cron, timezone=timetable.zone.key)


@dataclass(slots=True)
class Keeper:
    """Looks after `server` and tells by `tell`, in Chinese, what happens to it.

    `check` and `pause` are seconds between two looks, and before another attempt after one that failed.
    `up` is set while the server is, `forgotten` as soon as it came back without its schedule.
    """

    server: Server
    tell: Callable[[str], None]
    check: float = _CHECK_SECONDS
    pause: float = _PAUSE_SECONDS
    up: asyncio.Event = field(default_factory=asyncio.Event)
    forgotten: asyncio.Event = field(default_factory=asyncio.Event)
    _troubles: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_TROUBLES))

    async def watch(self) -> None:
        """Keep the server alive, for as long as this is not cancelled.

        Raises:
            ServerUnavailableError: it died too often.
        """
        self.up.set()
        while True:
            await asyncio.sleep(self.check)
            if await asyncio.to_thread(self.server.is_down):
                self.up.clear()
                await self._revive()
                self.up.set()

    async def await_again(self) -> None:
        """After a broken connection: wait until there can be another.

        Raises:
            ServerUnavailableError: it broke too often.
        """
        if self.up.is_set():
            self._count(say("与调度服务的连接中断"))
            self._say(say("与调度服务的连接中断，稍后重新连接。"))
            await asyncio.sleep(self.pause)
        await self.up.wait()

    async def _revive(self) -> None:
        reason = say("调度服务意外停止")
        while True:
            self._count(reason)
            self._say(say("{reason}，正在重新启动。", reason=reason))
            try:
                known = await asyncio.to_thread(self.server.revive)
            except ServerUnavailableError as error:
                reason = str(error).rstrip("。")
                await asyncio.sleep(self.pause * len(self._troubles))
            else:
                self._say(say("调度服务已恢复，继续按计划运行。"))
                if not known:
                    self.forgotten.set()
                return

    def _count(self, reason: str) -> None:
        now = time.monotonic()
        if len(self._troubles) == MOST_TROUBLES and now - self._troubles[0] < _WITHIN_SECONDS:
            raise ServerUnavailableError(
                say(
                    "{reason}。一小时内已重试 {most_troubles} 次，不再重试。",
                    reason=reason,
                    most_troubles=MOST_TROUBLES,
                )
            )
        self._troubles.append(now)

    def _say(self, message: str) -> None:
        _LOG.warning("%s", message)
        self.tell(message)
