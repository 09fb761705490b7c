"""The flow on schedule: one deployment, served by this process until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval
from prefect.settings import PREFECT_API_URL, PREFECT_RUNNER_POLL_FREQUENCY, temporary_settings
from prefect.types.entrypoint import EntrypointType

from jixiao.service.flow import consolidate, parameters
from jixiao.service.progress import only_ours
from jixiao.service.state import log_file, state_folder

if TYPE_CHECKING:
    from prefect.schedules import Schedule

    from jixiao.service.keeping import Keeper
    from jixiao.service.schedules import Timetable
    from jixiao.service.steps import Job

DEPLOYMENT = "jixiao"
_POLL_SECONDS = 5
_LOG = logging.getLogger(__name__)


def serve_rounds(timetable: Timetable, job: Job, keeper: Keeper) -> None:
    """Run the flow by the timetable with the keeper's server; returns when this process is told to stop.

    Runs missed while nobody served are not made up for: the schedule is paused with the service.

    Raises:
        ServerUnavailableError: the server died, and can't be brought back.
    """
    settings = {PREFECT_API_URL: keeper.server.url, PREFECT_RUNNER_POLL_FREQUENCY: _POLL_SECONDS}
    with (
        only_ours(log_file(state_folder(), "serve")),
        temporary_settings(settings),
        contextlib.suppress(KeyboardInterrupt),
    ):
        asyncio.run(_serve(_deployment(timetable, job), keeper))


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
