"""The flow on schedule: one deployment, served by this process until it is stopped."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval
from prefect.settings import PREFECT_API_URL, PREFECT_RUNNER_POLL_FREQUENCY, temporary_settings
from prefect.types.entrypoint import EntrypointType

from flows.consolidate import consolidate
from flows.loopback import ServerUnavailableError

if TYPE_CHECKING:
    from prefect.schedules import Schedule

    from flows.keeping import Keeper
    from flows.schedules import Timetable
    from flows.steps import Job

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
    with temporary_settings(settings):
        try:
            asyncio.run(_serve(_deployment(timetable, job), keeper))
        except KeyboardInterrupt:
            _LOG.info("told to stop")


def _deployment(timetable: Timetable, job: Job) -> RunnerDeployment:
    # A deployment, not the flow object: each run is then a program of its own, which ends as programs do.
    return RunnerDeployment.from_flow(
        consolidate,
        name=DEPLOYMENT,
        schedule=_schedule(timetable),
        parameters={"inputs": str(job.inputs), "outputs": str(job.outputs), "rounds": list(job.rounds)},
        paused=False,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


async def _serve(deployment: RunnerDeployment, keeper: Keeper) -> None:
    """Serve; each time the server lost the schedule, or the runner lost the server, from the beginning."""
    while True:
        try:
            if await _serve_while_known(deployment, keeper):
                return
        except ServerUnavailableError:
            raise
        except Exception:  # noqa: BLE001 - whatever ended the runner, the service goes on or says why not
            _LOG.exception("the runner gave up")
            await keeper.revive("与调度服务的连接中断")


async def _serve_while_known(deployment: RunnerDeployment, keeper: Keeper) -> bool:
    """Serve until the runner ends by itself (True) or the server no longer knows the schedule (False)."""
    runner = Runner(pause_on_shutdown=True, limit=1)
    await runner.aadd_deployment(deployment)
    serving = asyncio.create_task(runner.start())
    watching = asyncio.create_task(keeper.watch())
    try:
        done, _ = await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
        # What the server does not know can't be paused there; trying to would only take minutes.
        runner.pause_on_shutdown = serving not in done and watching not in done
        for task in done:
            task.result()
        return serving in done
    finally:
        for task in (watching, serving):
            task.cancel()
        await asyncio.gather(watching, serving, return_exceptions=True)


def _schedule(timetable: Timetable) -> Schedule:
    if timetable.every is not None:
        return Interval(timetable.every, timezone=timetable.zone.key)
    return Cron(timetable.cron, timezone=timetable.zone.key)
