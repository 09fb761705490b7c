"""The screen: Chinese on any console, colour only where there is a terminal, no tracebacks."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from flows.state import log_file, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


class UsageError(Exception):
    """The officer asked for something that can't be; the message is a Chinese sentence. Exit code 2."""


class CommandFailedError(Exception):
    """A command could not do its work; the message is a Chinese sentence. Exit code 1."""


def prepare_streams() -> None:
    """Write UTF-8 whatever the console's code page is, and never fail over a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def screen(*, errors: bool = False) -> Console:
    """A console that prints text as it is: file names may hold brackets, which are no markup."""
    return Console(stderr=errors, markup=False, highlight=False, emoji=False, soft_wrap=True)


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
        complain("已停止。")
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001 - the officer sees a sentence, the log has the traceback
        complain(f"程序内部出错，未能完成（{type(error).__name__}：{error}）。")
        complain(f"详细记录：{_record_crash()}")
        raise SystemExit(code) from None


def _record_crash() -> Path:
    """Append the current traceback to the crash log: in the state folder, else where this user may write."""
    text = f"{datetime.now().astimezone().isoformat()}\n{traceback.format_exc()}\n"
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


def log_to(path: Path) -> None:
    """Send this process's log records and warnings to a file instead of the screen."""
    logging.basicConfig(
        filename=path,
        encoding="utf-8",
        level=logging.WARNING,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.captureWarnings(capture=True)
