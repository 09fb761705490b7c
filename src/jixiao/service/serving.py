"""The flow on schedule: one deployment, served by this process with a server that is kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval
from prefect.settings import PREFECT_API_URL, PREFECT_RUNNER_POLL_FREQUENCY, temporary_settings
from prefect.types.entrypoint import EntrypointType

from jixiao.language import say
from jixiao.service.flow import consolidate, parameters
from jixiao.service.server import ServerUnavailableError
from jixiao.service.state import log_file, only_ours, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect.schedules import Schedule

    from jixiao.service.schedules import Timetable
    from jixiao.service.server import Server
    from jixiao.service.steps import Job

DEPLOYMENT = "jixiao"
_POLL_SECONDS = 5
_LOG = logging.getLogger(__name__)
MOST_TROUBLES = 5
_WITHIN_SECONDS = 3600.0
"""A server that dies more often than this within an hour would die again: a person has to look."""
_CHECK_SECONDS = 2.0
_PAUSE_SECONDS = 10.0


def serve_rounds(timetable: Timetable, job: Job, server: Server, tell: Callable[[str], None]) -> None:
    """Run the flow by the timetable with the server; returns when this process is told to stop.

    Runs missed while nobody served are not made up for: the schedule is paused with the service.

    Raises:
        ServerUnavailableError: the server died, and can't be brought back.
    """
    settings = {PREFECT_API_URL: server.url, PREFECT_RUNNER_POLL_FREQUENCY: _POLL_SECONDS}
    with (
        only_ours(log_file(state_folder(), "serve")),
        temporary_settings(settings),
        contextlib.suppress(KeyboardInterrupt),
    ):
        asyncio.run(_serve(_deployment(timetable, job), Keeper(server, tell)))


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


async def _serve(deployment: RunnerDeployment, keeper: Keeper) -> None:
    """Serve; each time the server lost the schedule, or the runner lost the server, from the beginning."""
    watching = asyncio.create_task(keeper.watch())
    try:
        while not await _serve_once(deployment, keeper, watching):
            await keeper.await_again() if not keeper.forgotten.is_set() else keeper.forgotten.clear()
    finally:
        await _end(watching)


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
