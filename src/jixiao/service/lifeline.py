"""Runs `prefect server start` for as long as the process that started it lives.

A program of its own, started by `jixiao.service.server`: its standard input is a pipe that only the parent
writes to, so the end of that pipe means that the parent is gone, however it went: closed, crashed or killed.
This works alike on Windows, where a child outlives its parent unnoticed.
"""

from __future__ import annotations

import gc
import os
import runpy
import signal
import sys
import threading
import time

_GRACE_SECONDS = 5.0
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Prefect's modules are a million objects and no rubbish: looking through them is a fifth of a start."""


def end_with_parent() -> None:
    """Wait for the end of standard input, then end this process: politely first, then at once."""
    sys.stdin.buffer.read()
    signal.raise_signal(signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    """Start the server with the arguments of this program."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 50)
    threading.Thread(target=end_with_parent, name="lifeline", daemon=True).start()
    sys.argv = ["prefect", "server", "start", *sys.argv[1:]]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
