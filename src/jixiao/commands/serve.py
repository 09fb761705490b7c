"""`jixiao serve`: the flow on schedule, until it is stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from jixiao.commands.run import check_setup, stop, writable_log
from jixiao.commands.terminal import CommandFailedError, UsageError, complain, log_to, screen
from jixiao.language import say
from jixiao.service.server import ServerUnavailableError, page_address, prefect_server
from jixiao.service.state import keep_events, stamped, state_folder
from jixiao.service.watching import (
    POLL_SECONDS,
    QUIET_SECONDS,
    ScheduleError,
    Watch,
    can_be_watched,
    timetable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.service.progress import Failure
    from jixiao.service.server import Server
    from jixiao.service.steps import Job
    from jixiao.service.watching import Timetable

_WEEKDAYS = say("一二三四五六日")
_PATIENCE_SECONDS = 300.0
"""A service has nothing else to do: at boot or on a busy computer its server may take minutes to start."""


@dataclass(frozen=True, slots=True)
class When:
    """When to run: by a cron expression in a time zone (`every`: or each so many seconds), and on changes.

    `watch`: whether the inputs are watched, a run following `quiet` seconds after the last change; `poll`:
    by looking, for drives that do not tell.
    """

    cron: str
    zone: str
    every: float | None = None
    watch: bool = True
    quiet: float = QUIET_SECONDS
    poll: bool = False


def serve_rounds(job: Job, when: When, port: int = 0) -> None:
    """Serve until this process is told to stop, our own server at `port` (0: as `prefect_server` says).

    Raises:
        UsageError: the schedule is wrong, or no round is set up for a run.
        CommandFailedError: no server that schedules could be started, or it died and could not be revived.
    """
    try:
        table = timetable(when.cron, when.zone, when.every)
    except ScheduleError as error:
        raise UsageError(str(error)) from error
    unusable = check_setup(job)
    watched = Watch(when.quiet, when.poll) if when.watch and can_be_watched(job) else None
    state = state_folder()
    log_to(writable_log(state))
    keep_events(state)
    signal.signal(signal.SIGTERM, stop)
    try:
        with (
            local_time(table.zone.key),
            prefect_server(state, scheduling=True, patience=_PATIENCE_SECONDS, port=port) as server,
        ):
            _serve(server, _Plan(table, job, watched), unusable)
    except ServerUnavailableError as error:
        raise CommandFailedError(
            say(
                "{error}无法按计划运行。请查看 {state}，或用 jixiao run 手工运行。",
                error=error,
                state=state / "logs",
            )
        ) from error


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is served: when, what, and how its inputs are watched."""

    table: Timetable
    job: Job
    watched: Watch | None


def _serve(server: Server, plan: _Plan, unusable: Sequence[Failure]) -> None:
    # Prefect reads its settings when it is imported, so only now that they are set; it takes as long as
    # the server takes to start.
    from jixiao.service.serving import serve_rounds as serve

    server.await_ready()
    _announce(plan, server)
    for failure in unusable:
        complain(
            say(
                "{round}：暂时不能处理，其他批次照常；改正后下次运行即处理。{message}",
                round=failure.round,
                message=failure.message,
            )
        )
    serve(plan.table, plan.job, server, tell, plan.watched)
    screen().print(say("已停止按计划运行。"))


@contextlib.contextmanager
def local_time(zone: str) -> Iterator[None]:
    """Inside, this process and what it starts live in a time zone: plan, screen, logs and results agree.

    Windows has no such switch; there the computer's own zone is shown.
    """
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    _set_clock()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        _set_clock()


def _set_clock() -> None:
    if sys.platform != "win32":
        time.tzset()


def tell(message: str) -> None:
    """A line on the terminal with its time, as scheduled runs write theirs."""
    complain(stamped(message))


def _announce(plan: _Plan, server: Server) -> None:
    console, zone = screen(), plan.table.zone
    following = plan.table.next_run(datetime.now(zone))
    console.print(say("绩效自评汇总已按计划运行。"))
    weekday = _WEEKDAYS[following.weekday()]
    console.print(
        say(
            "  下次运行    {following:%Y-%m-%d}（周{weekday}）{following:%H:%M:%S}，{key}",
            following=following,
            weekday=weekday,
            key=zone.key,
        )
    )
    console.print(say("  报送文件夹  {inputs}", inputs=plan.job.inputs))
    console.print(say("  文件变动    {watched}", watched=_told_of_watching(plan.watched)))
    console.print(say("  结果文件夹  {outputs}", outputs=plan.job.outputs))
    console.print(
        say(
            "  运行页面    {server}（用浏览器打开：历次运行、修改参数、立即运行）",
            server=page_address(server),
        )
    )
    console.print(say("  停止        在本窗口按 Ctrl+C，或直接关闭本窗口"))


def _told_of_watching(watched: Watch | None) -> str:
    if watched is None:
        return say("不监视，只按计划运行")
    how = say("每 {poll_seconds:g} 秒查看一次，", poll_seconds=POLL_SECONDS) if watched.polling else ""
    return say("{how}停止变动 {quiet:g} 秒后自动处理变动的批次", how=how, quiet=watched.quiet)
