"""The screen: Chinese on any console in lines that fit, colour only on a terminal, no tracebacks."""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import os
import re
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console

from jixiao.domain.findings import Severity
from jixiao.domain.report import Tone
from jixiao.domain.spoken import one_line
from jixiao.language import say
from jixiao.service.state import log_file, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment

    _ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

TONES = {Tone.BAD: "red", Tone.DOUBT: "yellow", Tone.NOTE: "", Tone.GOOD: "green"}
"""The colours of words that have one on sheets as well."""
STYLES = {
    Severity.BLOCKING: "bold red",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}
_PIECE = re.compile(r"[“‘《（]*(?:[!-~−]+|.)[，。；：、！？）》”’]*")


def fold_lines(text: str, width: int) -> str:
    r"""The text with line breaks; a console's own breaks at spaces leave half of a Chinese line empty.

    >>> fold_lines("执行率 76.00% 低于 90.00%。", 12)
    '执行率\n76.00% 低于\n90.00%。'
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and cell_len(lines[-1] + piece) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(lines)


class UsageError(Exception):
    """The officer asked for something that can't be; the message is a Chinese sentence. Exit code 2."""


class CommandFailedError(Exception):
    """A command could not do its work; the message is a Chinese sentence. Exit code 1."""


def prepare_streams() -> None:
    """Write UTF-8 whatever the console's code page is, and never fail over a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Inside, modules are loaded: all that they make stays, so looking for rubbish in it only takes time."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()


class _PlainConsole(Console):
    """Prints what others wrote as what it is: nothing in it moves the cursor, colours or turns a line."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """The segments, each line of them without controls but our own."""
        for segment in super().render(renderable, options):
            if segment.control or (segment.text.isascii() and segment.text.isprintable()):
                yield segment
            else:
                yield segment._replace(text="\n".join(map(one_line, segment.text.split("\n"))))


def screen(*, errors: bool = False) -> Console:
    """A console that prints text as it is: file names may hold brackets, which are no markup."""
    return _PlainConsole(stderr=errors, markup=False, highlight=False, emoji=False, soft_wrap=True)


def complain(message: str) -> None:
    """Print a sentence about something wrong to the error stream."""
    screen(errors=True).print(message, style="red")


@contextlib.contextmanager
def crashes_told(code: int) -> Iterator[None]:
    """Turn an unexpected error into a sentence, a log and exit code `code`; a UsageError into exit code 2."""
    try:
        yield
        sys.stdout.flush()
    except UsageError as error:
        complain(str(error))
        raise SystemExit(2) from None
    except CommandFailedError as error:
        complain(str(error))
        raise SystemExit(1) from None
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        complain(say("已停止。"))
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001 - the officer sees a sentence, the log has the traceback
        complain(say("程序内部出错，未能完成（{name}：{error}）。", name=type(error).__name__, error=error))
        complain(say("详细记录：{record_crash}", record_crash=_record_crash()))
        raise SystemExit(code) from None


def _record_crash() -> Path:
    """Append the current traceback to the crash log: in the state folder, else where this user may write."""
    text = f"{datetime.now().astimezone().isoformat()}\n{_lines(traceback.format_exc())}\n"
    try:
        path = log_file(state_folder(), "crash")
        _append(path, text)
    except OSError:
        path = Path(tempfile.gettempdir()) / "jixiao-crash.log"
        _append(path, text)
    return path


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as log:
        log.write(text)


def _lines(text: str) -> str:
    """Lines of ours that hold texts of others, without controls."""
    return "\n".join(map(one_line, text.split("\n")))


class _Formatter(logging.Formatter):
    """One line a record, whatever it quotes, then its traceback."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        return one_line(super().formatMessage(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's own name
        return _lines(super().formatException(ei))


def log_to(path: Path) -> None:
    """Send this process's log records and warnings to a file instead of the screen."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)  # libraries that lower their own loggers' levels have other logs
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.captureWarnings(capture=True)


def near(path: Path | str) -> str:
    """A path as short as it is clear: relative below the working directory; an address as it is."""
    if isinstance(path, str):
        return path
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
