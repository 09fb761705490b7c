"""The project's state folder, what the program keeps for itself, never in a home; the logs in it."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from jixiao.domain.spoken import one_line
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "JIXIAO_STATE"
"""Environment variable that names another state folder."""

JSON_VARIABLE = "JIXIAO_LOG_JSON"
"""Environment variable that has records kept as JSON as well, one object a line, in `logs/jixiao.jsonl`."""

_LARGEST_LOG = 5_000_000
"""Bytes from which a log is set aside, so that a schedule of years does not fill a disk."""

_STALE_SECONDS = 86_400.0


def state_folder() -> Path:
    """The folder that JIXIAO_STATE names, else `.jixiao` in the working directory; not created here."""
    return Path(os.environ.get(VARIABLE) or ".jixiao").absolute()


def spool_folder(state: Path) -> Path:
    """The folder for what a run holds between its steps, made and cleared of what killed runs left behind."""
    folder = state / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return folder


def log_file(state: Path, name: str, ending: str = "log") -> Path:
    """The path of a log in the state folder, its folder made and an overlong older log set aside.

    Raises:
        OSError: the state folder cannot be written to.
    """
    path = state / "logs" / f"{name}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        with contextlib.suppress(PermissionError):  # Windows: another program of ours writes to it
            path.replace(path.with_suffix(f".old.{ending}"))
    return path


_EVENTS = logging.getLogger("jixiao.events")
"""Apart from all other loggers: what it is told goes where `keep_events` says, and nowhere else."""
_EVENTS.setLevel(logging.INFO)
_EVENTS.propagate = False
_EVENTS.addHandler(logging.NullHandler())
_LEVELS = {
    "DEBUG": say("调试"),
    "INFO": say("信息"),
    "WARNING": say("提示"),
    "ERROR": say("错误"),
    "CRITICAL": say("错误"),
}


def record(event: str, message: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Keep what happened: the message in words, event and fields as well where records are kept as JSON."""
    _EVENTS.log(level, "%s", message, extra={"event": event, "fields": fields})


def keep_events(state: Path) -> None:
    """Keep what happens in `logs/jixiao.log` in words, where JIXIAO_LOG_JSON is set also as JSON.

    Called again, the last call holds. The JSON holds warnings of all libraries as well, with tracebacks.
    """
    for logger in (_EVENTS, logging.getLogger()):
        for handler in [each for each in logger.handlers if isinstance(each, _Appending)]:
            logger.removeHandler(handler)
    _EVENTS.addHandler(_Appending(state, "log", _Words()))
    if os.environ.get(JSON_VARIABLE, "") not in {"", "0"}:
        for logger, level in ((_EVENTS, logging.INFO), (logging.getLogger(), logging.WARNING)):
            handler = _Appending(state, "jsonl", _Objects())
            handler.setLevel(level)
            logger.addHandler(handler)


class _Appending(logging.Handler):
    """Opens a log for each record: several programs write there, and any of them may set it aside."""

    def __init__(self, state: Path, ending: str, formatter: logging.Formatter) -> None:
        """Append to `jixiao` with that ending."""
        super().__init__()
        self._state, self._ending = state, ending
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Append a line; a disk that is full costs the line alone."""
        with (
            contextlib.suppress(OSError),
            log_file(self._state, "jixiao", self._ending).open("a", encoding="utf-8") as log,
        ):
            log.write(self.format(record) + "\n")


class _Words(logging.Formatter):
    """A line as officers read it."""

    def format(self, record: logging.LogRecord) -> str:
        """When, how bad, what."""
        moment = datetime.fromtimestamp(record.created).astimezone()
        return one_line(f"{moment:%Y-%m-%d %H:%M:%S} {_LEVELS[record.levelname]} {record.getMessage()}")


class _Objects(logging.Formatter):
    """A record as JSON, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """One object; what no JSON value is as it is printed."""
        said = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "event": getattr(record, "event", ""),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


_OURS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d .*[一-鿿]")


def stamped(message: str) -> str:
    """A line of ours: the minute, and what happened."""
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M} {message}"


def print_line(message: str) -> None:
    """A line of ours on the screen of a service, which may be a log."""
    sys.stdout.write(f"{stamped(message)}\n")
    sys.stdout.flush()


class Sieve(io.TextIOBase):
    """A stream that hands lines of ours on to `shown`, all others to `log`."""

    def __init__(self, shown: TextIO, log: TextIO) -> None:
        """Sort lines into these two."""
        self._shown = shown
        self._log = log
        self._rest = ""

    def writable(self) -> bool:
        """It takes text."""
        return True

    def write(self, text: str) -> int:
        """Take text, in pieces of any length."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            stream = self._shown if _OURS.match(line) else self._log
            stream.write(f"{line}\n")
            stream.flush()
        return len(text)


@contextlib.contextmanager
def only_ours(log: Path) -> Iterator[None]:
    """Inside, both standard streams show lines of ours only; the others are appended to `log`.

    Prefect prints tracebacks of what its server does not answer, and hands on whatever a run prints.
    """
    with (
        log.open("a", encoding="utf-8") as stream,
        contextlib.redirect_stdout(Sieve(sys.stdout, stream)),
        contextlib.redirect_stderr(Sieve(sys.stderr, stream)),
    ):
        yield
