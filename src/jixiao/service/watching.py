"""When rounds are run: by a timetable, and when their files change.

The latter once nothing more has come for a while, and only if they differ.

What the system tells of changes only says where to look. Whether a round has to be run is told by its files'
names, sizes and times (`signature`) beside those at the last run, so that locks, partial copies that were
taken away and our own results start nothing, and what came while nobody served is found at the next start.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from watchfiles import awatch

from jixiao import pipeline
from jixiao.language import say
from jixiao.service.addresses import is_address
from jixiao.service.state import state_folder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

    from jixiao.service.steps import Job

RECORD = "watched.json"
QUIET_SECONDS = 60.0
POLL_SECONDS = 10.0
"""Between two looks at a drive that does not tell of changes."""
_TICK_SECONDS = 1.0
_PASSING = re.compile(
    r"^[.~]|\.(?:tmp|temp|part|partial|filepart|crdownload|download|opdownload|swp|bak|lock)$"
    r"|^(?:thumbs\.db|desktop\.ini)$",
    re.IGNORECASE,
)
"""Names of what programs keep while a workbook is open or on its way: ~$a.xlsx, .~lock.a.xlsx#, a.part."""
_LOG = logging.getLogger(__name__)

Start = Callable[[tuple[str, ...]], Coroutine[Any, Any, bool]]
"""Runs these rounds and returns when they are done: whether they were run (else they are due again)."""


class ScheduleError(ValueError):
    """A schedule that can't be understood; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Runs by `cron` in `zone`, or, where `every` is given, each so many seconds."""

    cron: str
    zone: ZoneInfo
    every: float | None = None

    def next_run(self, now: datetime) -> datetime:
        """The first run after `now`, in the timetable's zone."""
        if self.every is not None:
            return now.astimezone(self.zone) + timedelta(seconds=self.every)
        return next(CronSim(self.cron, now.astimezone(self.zone)))


def timetable(cron: str, zone: str, every: float | None = None) -> Timetable:
    """Read a timetable as the command line gives it.

    Raises:
        ScheduleError: the expression or the time zone is wrong, or no run would ever happen.
    """
    try:
        table = Timetable(cron, ZoneInfo(zone), every)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(
            say("没有“{zone}”这个时区，请写成 Asia/Shanghai 这样的名称。", zone=zone)
        ) from error
    try:
        table.next_run(datetime.now(table.zone))
    except (CronSimError, StopIteration) as error:
        raise ScheduleError(
            say(
                "看不懂运行计划“{cron}”。请写五段：分 时 日 月 星期，例如 0 18 * * 1-5 是周一至周五 18:00。",
                cron=cron,
            )
        ) from error
    return table


@dataclass(frozen=True, slots=True)
class Watch:
    """How a folder is watched: seconds without a change before a run; by looking instead of being told."""

    quiet: float = QUIET_SECONDS
    polling: bool = False


def is_passing(name: str) -> bool:
    """Whether a file or folder of that name is no input, but somebody's at work on one."""
    return _PASSING.search(name) is not None


@dataclass(slots=True)
class Changes:
    """The rounds below `inputs` whose files are other than at their last run; `names`: only these.

    `now` is always seconds of a clock that never goes back. `apart` are our own folders, wherever they lie.
    """

    inputs: Path
    record: Path
    names: tuple[str, ...] = ()
    apart: tuple[Path, ...] = ()
    quiet: float = QUIET_SECONDS
    _heard: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    _running: dict[str, str] = field(default_factory=dict)

    def begin(self, now: float) -> None:
        """Take up what was known when it was last watched; whatever differs is due after the quiet time."""
        self._seen = self._load()
        self.look(now)

    def look(self, now: float) -> None:
        """Doubt every round: what happened to it may not have been told."""
        for folder in self.inputs.iterdir() if self.inputs.is_dir() else ():
            self.heard([str(folder)], now)

    def heard(self, paths: Iterable[str], now: float) -> None:
        """Something happened at these paths."""
        for path in paths:
            if (name := self._round_of(Path(path))) is not None:
                self._heard[name] = now

    def due(self, now: float, busy: Callable[[str], bool] = lambda _: False) -> tuple[str, ...]:
        """The rounds that nothing happened to for long enough, not busy, and not what they were."""
        due: list[str] = []
        for name in sorted(each for each, moment in self._heard.items() if now - moment >= self.quiet):
            if not (self.inputs / name).is_dir():
                del self._heard[name]
            elif not busy(name):
                (due.append if self._signature(name) != self._seen.get(name) else self._heard.pop)(name)
        return tuple(due)

    def begun(self, rounds: Iterable[str]) -> None:
        """These are run with the files they have now; what comes from now on is another change."""
        for name in rounds:
            self._running[name] = self._seen[name] = self._signature(name)
            self._heard.pop(name, None)

    def ended(self, now: float, *, ran: bool) -> None:
        """The run that was begun is over: kept for the next start, or due again if it came to nothing."""
        begun, self._running = self._running, {}
        if ran:
            self._save({**self._load(), **begun})
        else:
            for name in begun:
                self._seen.pop(name, None)
                self._heard[name] = now

    def _round_of(self, path: Path) -> str | None:
        """The round that something at a path may change; None for what is nobody's input."""
        if any(path.is_relative_to(place) for place in self.apart) or not path.is_relative_to(self.inputs):
            return None
        parts = path.relative_to(self.inputs).parts
        if not parts or any(map(is_passing, parts)) or (self.names and parts[0] not in self.names):
            return None
        return parts[0]

    def _signature(self, name: str) -> str:
        return signature(self.inputs / name, self.apart)

    def _load(self) -> dict[str, str]:
        known = _read(self.record).get(str(self.inputs), {})
        return {str(name): str(value) for name, value in known.items()} if isinstance(known, dict) else {}

    def _save(self, seen: dict[str, str]) -> None:
        part = self.record.with_suffix(".part")
        text = json.dumps({**_read(self.record), str(self.inputs): seen}, ensure_ascii=False, indent=1)
        try:
            part.write_text(text, encoding="utf-8", errors="surrogateescape")
            part.replace(self.record)
        except OSError as error:  # then the next start runs them once more
            _LOG.warning(say("监视记录未能保存：%s"), error)


def _read(record: Path) -> dict[str, Any]:
    try:
        known = json.loads(record.read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def signature(folder: Path, apart: tuple[Path, ...] = ()) -> str:
    """What lies in a round's folder: a digest of its files' names, sizes and times, passing ones left out."""
    return sha256("\n".join(sorted(_stamps(folder, apart))).encode("utf-8", "surrogateescape")).hexdigest()


def _stamps(folder: Path, apart: tuple[Path, ...]) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not is_passing(each) and Path(place, each) not in apart]
        for name in (each for each in files if not is_passing(each)):
            path = Path(place, name)
            try:
                stat = path.lstat()
            except OSError:  # gone since it was listed: there will be word of it
                continue
            yield f"{path.relative_to(folder)}\0{stat.st_size}\0{stat.st_mtime_ns}"


def can_be_watched(job: Job) -> bool:
    """Whether inputs are a folder, and not that of the results as well: those would start the next run."""
    return not is_address(str(job.inputs)) and Path(job.inputs) != Path(job.outputs)


def changes_of(job: Job, quiet: float) -> Changes:
    """The changes of a job's inputs, which must be a folder."""
    state, inputs = state_folder(), Path(job.inputs)
    own = [state] if is_address(str(job.outputs)) else [state, Path(job.outputs)]
    # Results may lie around the inputs: then nothing of the inputs is theirs.
    apart = tuple(place for place in own if not inputs.is_relative_to(place))
    return Changes(inputs, state / RECORD, job.rounds, apart, quiet)


async def watch(
    changes: Changes,
    ticks: AsyncIterator[Iterable[str]],
    start: Start,
    busy: Callable[[str], bool] = lambda _: False,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Start a run of what is due, one after the other, for as long as there are ticks.

    A tick holds the paths at which something happened, none of late. What changes during a run leads to one
    further run once it is over; a round that somebody else runs (`busy`) waits until it is free.
    """
    changes.begin(clock())
    running: asyncio.Task[bool] | None = None
    try:
        async for paths in ticks:
            changes.heard(paths, clock())
            if running is not None and running.done():
                changes.ended(clock(), ran=_ran(running))
                running = None
            if running is None and (rounds := await asyncio.to_thread(changes.due, clock(), busy)):
                changes.begun(rounds)
                running = asyncio.create_task(start(rounds))
    finally:
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def _ran(run: asyncio.Task[bool]) -> bool:
    if error := run.exception():
        _LOG.warning(say("因文件变动安排的运行没有完成，稍后再试：%s"), error, exc_info=error)
        return False
    return run.result()


async def ticks(changes: Changes, tell: Callable[[str], None], *, polling: bool) -> AsyncGenerator[list[str]]:
    """What happens in the inputs folder, told by the system or, where it can't, found by looking."""
    while True:
        try:
            async for batch in awatch(
                changes.inputs,
                watch_filter=None,
                rust_timeout=int(_TICK_SECONDS * 1000),
                yield_on_timeout=True,
                force_polling=polling or None,
                poll_delay_ms=int(POLL_SECONDS * 1000),
                ignore_permission_denied=True,
            ):
                yield [path for _, path in batch]
        except (OSError, RuntimeError) as error:
            _LOG.warning("watching %s ended: %s", changes.inputs, error)
            if polling or not changes.inputs.is_dir():
                tell(
                    say(
                        "报送文件夹 {inputs} 暂时看不到，恢复后继续监视；定时运行照常。",
                        inputs=changes.inputs,
                    )
                )
                await _reappears(changes.inputs)
            else:
                tell(
                    say(
                        "系统不能通知 {inputs} 里的变动，改为每 {poll_seconds:g} 秒查看一次。",
                        inputs=changes.inputs,
                        poll_seconds=POLL_SECONDS,
                    )
                )
                polling = True
        changes.look(time.monotonic())


async def _reappears(folder: Path) -> None:
    there = False
    while not there:
        await asyncio.sleep(POLL_SECONDS)
        there = await asyncio.to_thread(folder.is_dir)


def is_busy(job: Job, tell: Callable[[str], None]) -> Callable[[str], bool]:
    """Whether another run of a round goes on, said once each time; never known of results at an address."""
    said: set[str] = set()

    def busy(name: str) -> bool:
        if is_address(str(job.outputs)) or not pipeline.is_held(pipeline.Place.of(Path(job.outputs), name)):
            said.discard(name)
            return False
        if name not in said:
            said.add(name)
            tell(say("{name}：正由另一次运行处理，等它结束后再处理新的变动。", name=name))
        return True

    return busy
