"""`jixiao run`: the flow once, told on the screen; `jixiao doctor`: what is wrong with a set-up."""

from __future__ import annotations

import gc
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from jixiao import pipeline
from jixiao.commands.terminal import UsageError, complain, loading, log_to, screen
from jixiao.consolidation.words import SEVERITIES, STATUSES
from jixiao.domain.findings import Severity
from jixiao.domain.report import Audience
from jixiao.domain.spoken import why_not
from jixiao.engines import give_back
from jixiao.language import say
from jixiao.pipeline.copies import REPORT_FOLDER
from jixiao.pipeline.manifest import page_name
from jixiao.service import steps
from jixiao.service.progress import Failure, listener
from jixiao.service.server import ServerUnavailableError, prefect_server
from jixiao.service.state import keep_events, log_file, state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType, TracebackType

    from rich.console import Console

    from jixiao.domain.submissions import SheetOutcome
    from jixiao.service.progress import Digest
    from jixiao.service.server import Server
    from jixiao.service.steps import Job

_LISTED = 10
"""Files named one by one; of more only the number, they are all in the summary workbook."""


class ScreenListener:
    """Shows how far a run is: a bar on a terminal, a line a stage where there is none."""

    def __init__(self, console: Console) -> None:
        """Show on `console`."""
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[count]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._counts: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the bars away."""
        self._bar.stop()

    def preparing(self) -> None:
        """Say that the machinery is started, which can take some seconds."""
        self._tasks[""] = self._bar.add_task(say("正在准备（首次运行约需十几秒）"), total=None, count="")

    def started(self, round_name: str, files: int) -> None:
        """Show the round."""
        for earlier in ("", round_name):
            if earlier in self._tasks:
                self._bar.remove_task(self._tasks.pop(earlier))
        self._tasks[round_name] = self._bar.add_task(
            say("{round_name} 读取文件", round_name=round_name), total=files, count=f"0/{files}"
        )
        self._counts[round_name] = (0, files)
        self._say(say("{round_name}：读取 {files} 个文件", round_name=round_name, files=files))

    def read(self, round_name: str, files: int) -> None:
        """Move the bar on."""
        done, total = self._counts[round_name]
        done += files
        self._counts[round_name] = (done, total)
        self._bar.update(self._tasks[round_name], completed=done, count=f"{done}/{total}")

    def evaluating(self, round_name: str) -> None:
        """Say that the reading is done."""
        self._bar.update(
            self._tasks[round_name], description=say("{round_name} 审核、评分并输出", round_name=round_name)
        )
        self._say(say("{round_name}：审核、评分并输出", round_name=round_name))

    def moved(self, round_name: str, step: str, done: int, of: int) -> None:
        """Move the bar of what follows on."""
        self._bar.update(
            self._tasks[round_name],
            description=f"{round_name} {step}",
            completed=done,
            total=of,
            count=f"{done}/{of}",
        )

    def finished(self, digest: Digest) -> None:
        """Take the round's bar away."""
        self._bar.update(self._tasks[digest.round], visible=False)

    def failed(self, failure: Failure) -> None:
        """Take the round's bar away, if it had come to one."""
        if failure.round in self._tasks:
            self._bar.update(self._tasks[failure.round], visible=False)

    def stopped(self, message: str) -> None:
        """Nothing: the command that started the run says it, or carries the run out otherwise."""

    def _say(self, line: str) -> None:
        if not self._console.is_terminal:
            self._console.print(line)


def print_digest(console: Console, digest: Digest) -> None:
    """What was read, what is wrong, and where the results are."""
    console.print()
    console.print(Text(say("{round}（{title}）", round=digest.round, title=digest.title), style="bold"))
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    lines.add_row(
        say("  已读取"),
        say(
            "{files} 个文件，报送表 {forms} 张，部门 {departments} 个",
            files=digest.files,
            forms=digest.forms,
            departments=digest.departments,
        ),
    )
    if not digest.files:
        lines.add_row("", say("批次文件夹里还没有工作簿，请把各部门报送的放进去，再运行 jixiao run。"))
    if digest.filing:
        lines.add_row(say("  应报情况"), digest.filing)
    if digest.mended:
        lines.add_row(say("  整改情况"), digest.mended)
    if digest.remembered:
        lines.add_row(say("  沿用结果"), digest.remembered)
    lines.add_row(say("  发现问题"), _counts(digest))
    for label, names in (
        (say("  未能读取"), digest.unreadable),
        (say("  未能识别"), digest.unrecognised),
        (say("  未采用"), digest.ignored),
    ):
        for index, name in enumerate(_shortened(names, say("，其余见汇总表“报送情况”"))):
            lines.add_row("" if index else label, name)
    lines.add_row(say("  汇总表"), near(digest.place(digest.summary.name)))
    lines.add_row(say("  网页"), near(digest.place(page_name(digest.round, Audience.INTERNAL))))
    lines.add_row(
        say("  审核反馈"),
        say("{feedback} 份，在 {place}", feedback=digest.feedback, place=near(digest.place("审核反馈"))),
    )
    if digest.reports:
        where = near(digest.place(REPORT_FOLDER))
        lines.add_row(
            "  Word",
            say("{reports} 个部门的在 {where}，总报告在汇总表旁", reports=digest.reports, where=where),
        )
    lines.add_row(say("  数据表"), near(digest.place("data")))
    for index, note in enumerate(_shortened(digest.notes)):
        lines.add_row("" if index else Text(say("  请留意"), style="yellow"), note)
    console.print(lines)


def _counts(digest: Digest) -> Text:
    text = Text(say("，")).join(
        Text(f"{SEVERITIES[severity].text} {digest.findings[severity]}", style=STYLES[severity])
        for severity in Severity
    )
    if digest.returned:
        text.append(say("；{returned} 个部门须修改后重报", returned=digest.returned))
    return text


STYLES = {
    Severity.BLOCKING: "bold red",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}


def outcome_line(outcome: SheetOutcome) -> str:
    """What became of a file or sheet that gave no form."""
    place = f"{outcome.file} › {outcome.sheet}" if outcome.sheet else outcome.file
    text = STATUSES[outcome.status].text
    return say("{text}  {place}：{reason}", text=text, place=place, reason=outcome.reason)


def _shortened(names: Sequence[str], rest: str = "") -> list[str]:
    if len(names) <= _LISTED:
        return list(names)
    return [*names[:_LISTED], say("……共 {count} 项{rest}", count=len(names), rest=rest)]


def near(path: Path | str) -> str:
    """A path as short as it is clear: relative below the working directory; an address as it is."""
    if isinstance(path, str):
        return path
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


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
