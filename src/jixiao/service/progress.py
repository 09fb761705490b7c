"""Who is told how a run gets on, and what a service shows of it: our own lines, all else goes to a log."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TextIO

from jixiao.domain.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jixiao.service.digest import Digest

_OURS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d .*[一-鿿]")


def stamped(message: str) -> str:
    """A line of ours: the minute, and what happened."""
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M} {message}"


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


@dataclass(frozen=True, slots=True)
class Failure:
    """A round that could not be worked off, and why in a Chinese sentence.

    `configuration`: it was not begun, for its round.toml or what that names can't be used.
    """

    round: str
    message: str
    configuration: bool = False

    @property
    def sentence(self) -> str:
        """What to tell the officer."""
        outcome = "未处理" if self.configuration else "未能完成"
        return f"{self.round}：{outcome}，原有结果保留不变。{self.message}"


class Listener(Protocol):
    """What can be heard about a round, in this order; `read` once for every batch of files."""

    def started(self, round_name: str, files: int) -> None:
        """A round of so many files is begun."""

    def read(self, round_name: str, files: int) -> None:
        """So many more files have been read."""

    def evaluating(self, round_name: str) -> None:
        """All files are read; checks, scores and workbooks follow."""

    def finished(self, digest: Digest) -> None:
        """The round's results are in place."""

    def failed(self, failure: Failure) -> None:
        """The round could not be worked off."""

    def stopped(self, message: str) -> None:
        """The run as a whole could not be carried out, for which reason."""


class PlainListener:
    """One line a round: for scheduled runs, which nobody watches."""

    def started(self, round_name: str, files: int) -> None:
        """Say that the round has begun."""
        self._say(f"{round_name}：开始处理 {files} 个文件")

    def read(self, round_name: str, files: int) -> None:
        """Nothing: a log does not want progress."""

    def evaluating(self, round_name: str) -> None:
        """Nothing: a log does not want progress."""

    def finished(self, digest: Digest) -> None:
        """Say what came out."""
        wrong = digest.findings[Severity.BLOCKING] + digest.findings[Severity.ERROR]
        counts = f"报送表 {digest.forms} 张，须改正的问题 {wrong} 项"
        self._say(f"{digest.round}：已完成，{counts}，结果在 {digest.place()}")
        for note in digest.notes:
            self._say(f"{digest.round}：{note}")

    def failed(self, failure: Failure) -> None:
        """Say what went wrong."""
        self._say(failure.sentence)

    def stopped(self, message: str) -> None:
        """Say that there will be no more of this run."""
        self._say(f"本次运行未能完成。{message}")

    def _say(self, line: str) -> None:
        sys.stdout.write(f"{stamped(line)}\n")
        sys.stdout.flush()


listener: ContextVar[Listener] = ContextVar("listener")
"""The listener of the run in this context; PlainListener where none is set."""


def current() -> Listener:
    """The listener to tell."""
    return listener.get(PlainListener())
