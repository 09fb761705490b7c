"""The flow on schedule: one deployment, served by this process until it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval
from prefect.settings import PREFECT_API_URL, PREFECT_RUNNER_POLL_FREQUENCY, temporary_settings
from prefect.types.entrypoint import EntrypointType

from flows.consolidate import consolidate

if TYPE_CHECKING:
    from prefect.schedules import Schedule

    from flows.schedules import Timetable
    from flows.steps import Job

DEPLOYMENT = "jixiao"
_POLL_SECONDS = 5


def serve_rounds(url: str, timetable: Timetable, job: Job) -> None:
    """Run the flow by the timetable with the server at `url`; returns when this process is told to stop.

    Runs missed while nobody served are not made up for: the schedule is paused with the service.
    """
    with temporary_settings({PREFECT_API_URL: url, PREFECT_RUNNER_POLL_FREQUENCY: _POLL_SECONDS}):
        deployment = RunnerDeployment.from_flow(
            consolidate,
            name=DEPLOYMENT,
            schedule=_schedule(timetable),
            parameters={"inputs": str(job.inputs), "outputs": str(job.outputs), "rounds": list(job.rounds)},
            paused=False,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        # A deployment, not the flow object: each run is then a program of its own, which ends as programs do.
        serve(deployment, pause_on_shutdown=True, print_starting_message=False, limit=1)


def _schedule(timetable: Timetable) -> Schedule:
    if timetable.every is not None:
        return Interval(timetable.every, timezone=timetable.zone.key)
    return Cron(timetable.cron, timezone=timetable.zone.key)
