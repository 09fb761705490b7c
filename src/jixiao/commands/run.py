"""`jixiao run`: the flow once, over the rounds of a folder; `jixiao doctor`: what is wrong with a set-up."""

from __future__ import annotations

import gc
import signal
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from jixiao import pipeline
from jixiao.commands.progress import ScreenListener, near, print_digest
from jixiao.commands.terminal import UsageError, complain, loading, log_to, screen
from jixiao.domain.spoken import why_not
from jixiao.engines import give_back
from jixiao.language import say
from jixiao.service import steps
from jixiao.service.progress import Failure, listener
from jixiao.service.server import ServerUnavailableError, prefect_server
from jixiao.service.state import keep_events, log_file, state_folder

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from jixiao.service.progress import Digest
    from jixiao.service.server import Server
    from jixiao.service.steps import Job


Results = tuple["Digest | Failure", ...]


def run_rounds(job: Job) -> int:
    """Run and show; the exit code: 1 if the run of a round failed, else 2 if one is wrongly set up, else 0.

    Raises:
        UsageError: no round, or the working directory, is set up for a run.
    """
    check_setup(job)
    state = state_folder()
    log_to(writable_log(state))
    keep_events(state)
    console = screen()
    signal.signal(signal.SIGTERM, stop)
    with ScreenListener(console) as progress:
        token = listener.set(progress)
        try:
            progress.preparing()
            results = _run(state, job)
        except pipeline.ConfigurationError as error:  # the folder went away since it was looked at
            raise UsageError(str(error)) from error
        finally:
            listener.reset(token)
    return _report(results, state)


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave through every `with`, so that nothing is left behind."""
    raise KeyboardInterrupt


def check_setup(job: Job) -> tuple[Failure, ...]:
    """The rounds that are wrongly set up, found before anything is started.

    Raises:
        UsageError: there is nothing to run, with the sentences of what to mend.
    """
    try:
        return steps.unusable_rounds(job)
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error


def writable_log(state: Path) -> Path:
    """The log of this program.

    Raises:
        UsageError: the state folder cannot be written to.
    """
    try:
        return log_file(state, "jixiao")
    except OSError as error:
        raise UsageError(
            say(
                "无法在 {state} 存放运行记录：{error}。"
                "请换到可以写入的文件夹，或用环境变量 JIXIAO_STATE 另指一处。",
                state=state,
                error=why_not(error),
            )
        ) from error


def _run(state: Path, job: Job) -> Results:
    """Run with Prefect; where that is not possible, without: the officer gets results either way."""
    try:
        with prefect_server(state) as server:
            return _run_flow(server, job)
    except ServerUnavailableError as error:
        complain(say("{error}改为直接处理，结果相同，只是没有运行记录。", error=error))
    return steps.run_rounds(job, steps.Worker())


def _run_flow(server: Server, job: Job) -> Results:
    with steps.reading_ahead(job), loading():
        # Prefect reads its settings when it is imported, so only now that they are set.
        from jixiao.service.flow import run_flow

        server.await_ready()
    gc.freeze()  # what is loaded stays: it is never looked through for rubbish again
    give_back()
    return run_flow(server.url, job)


def _report(results: Results, state: Path) -> int:
    console = screen()
    failures = [result for result in results if isinstance(result, Failure)]
    for result in results:
        if not isinstance(result, Failure):
            print_digest(console, result)
    for failure in failures:
        complain(failure.sentence)
    if all(failure.configuration for failure in failures):
        return 2 if failures else 0
    complain(say("详细记录：{state}", state=near(state / "logs")))
    return 1


def print_diagnoses(job: Job) -> int:
    """Print everything that was looked at; the exit code: 2 where something is wrong, else 0."""
    from jixiao.service.diagnosis import Health, examine

    shown = {
        Health.GOOD: Text(say("正常"), style="green"),
        Health.DOUBT: Text(say("留意"), style="yellow"),
        Health.WRONG: Text(say("错误"), style="red"),
    }
    found = tuple(examine(job))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in found:
        lines = (each.said, *([say("→ {remedy}。", remedy=each.remedy)] if each.remedy else ()))
        table.add_row(shown[each.health], each.subject, Text("\n".join(lines)))
    screen().print(table)
    wrong, doubtful = (
        sum(each.health is health for each in found) for health in (Health.WRONG, Health.DOUBT)
    )
    screen().print(
        say(
            "\n检查了 {count} 项：错误 {wrong}，留意 {doubtful}。没有改动任何文件。",
            count=len(found),
            wrong=wrong,
            doubtful=doubtful,
        )
    )
    return 2 if wrong else 0
