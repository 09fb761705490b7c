"""`jixiao serve`: the flow on schedule, until it is stopped."""

from __future__ import annotations

import signal
from datetime import datetime
from typing import TYPE_CHECKING

from jixiao.commands.run import check_setup, stop, writable_log
from jixiao.commands.terminal import CommandFailedError, UsageError, complain, log_to, screen
from jixiao.language import say
from jixiao.service.schedules import ScheduleError, timetable
from jixiao.service.server import ServerUnavailableError, prefect_server
from jixiao.service.state import stamped, state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.service.progress import Failure
    from jixiao.service.schedules import Timetable
    from jixiao.service.server import Server
    from jixiao.service.steps import Job

_WEEKDAYS = say("一二三四五六日")
_PATIENCE_SECONDS = 300.0
"""A service has nothing else to do: at boot or on a busy computer its server may take minutes to start."""


def serve_rounds(job: Job, *, cron: str, zone: str, every: float | None) -> None:
    """Serve until this process is told to stop.

    Raises:
        UsageError: the schedule is wrong, or no round is set up for a run.
        CommandFailedError: no server that schedules could be started, or it died and could not be revived.
    """
    try:
        table = timetable(cron, zone, every)
    except ScheduleError as error:
        raise UsageError(str(error)) from error
    unusable = check_setup(job)
    state = state_folder()
    log_to(writable_log(state))
    signal.signal(signal.SIGTERM, stop)
    try:
        with prefect_server(state, scheduling=True, patience=_PATIENCE_SECONDS) as server:
            _serve(server, table, job, unusable)
    except ServerUnavailableError as error:
        raise CommandFailedError(
            say(
                "{error}无法按计划运行。请查看 {state}，或用 jixiao run 手工运行。",
                error=error,
                state=state / "logs",
            )
        ) from error


def _serve(server: Server, table: Timetable, job: Job, unusable: Sequence[Failure]) -> None:
    # Prefect reads its settings when it is imported, so only now that they are set; it takes as long as
    # the server takes to start.
    from jixiao.service.serving import serve_rounds as serve

    server.await_ready()
    _announce(table, job)
    for failure in unusable:
        complain(
            say(
                "{round}：暂时不能处理，其他批次照常；改正后下次运行即处理。{message}",
                round=failure.round,
                message=failure.message,
            )
        )
    serve(table, job, server, tell)
    screen().print(say("已停止按计划运行。"))


def tell(message: str) -> None:
    """A line on the terminal with its time, as scheduled runs write theirs."""
    complain(stamped(message))


def _announce(table: Timetable, job: Job) -> None:
    console = screen()
    following = table.next_run(datetime.now(table.zone))
    console.print(say("绩效自评汇总已按计划运行。"))
    weekday = _WEEKDAYS[following.weekday()]
    console.print(
        say(
            "  下次运行    {following:%Y-%m-%d}（周{weekday}）{following:%H:%M:%S}，{key}",
            following=following,
            weekday=weekday,
            key=table.zone.key,
        )
    )
    console.print(say("  报送文件夹  {inputs}", inputs=job.inputs))
    console.print(say("  结果文件夹  {outputs}", outputs=job.outputs))
    console.print(say("  停止        在本窗口按 Ctrl+C，或直接关闭本窗口"))
