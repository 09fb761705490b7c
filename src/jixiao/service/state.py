"""The project's state folder, what the program keeps for itself, never in a home; the logs in it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "JIXIAO_STATE"
"""Environment variable that names another state folder."""

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


def log_file(state: Path, name: str) -> Path:
    """The path of a log in the state folder, its folder made and an overlong older log set aside.

    Raises:
        OSError: the state folder cannot be written to.
    """
    path = state / "logs" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return path


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
