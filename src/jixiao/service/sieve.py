"""What a service shows: our own lines. Whatever else is printed beside them goes to a log."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
