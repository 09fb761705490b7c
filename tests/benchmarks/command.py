"""What `jixiao run` takes as a person starts it: by the clock, of the processors, and in memory.

Memory is that of the program with every process below it, Prefect's server included, added up ten times a
second; pages that processes share count in each of them, so that the figure is never too small.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Self

PROJECT = Path(__file__).parents[2]
_SECONDS_BETWEEN_LOOKS = 0.1
_PAGE_BYTES = resource.getpagesize()
_MB = 2**20


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of all processors, and the most megabytes held at once."""

    wall: float
    cpu: float
    megabytes: float


def run_command(place: Path, *options: str) -> Cost:
    """`jixiao run` in a folder with `inputs/`, whose outputs and state stay in it.

    Raises:
        RuntimeError: the program did not end well; the message is what it said.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(PROJECT / "src"), str(PROJECT)))}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    with (place / "run.log").open("wb") as log:
        arguments = [sys.executable, "-m", "jixiao", "run", *options]
        process = subprocess.Popen(arguments, cwd=place, env=environment, stdout=log, stderr=log)  # noqa: S603
        with _Watch(process.pid) as watch:
            process.wait()
    wall, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError((place / "run.log").read_text(encoding="utf-8", errors="replace"))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, watch.most / _MB)


class _Watch:
    """Adds up the resident memory of a process and all below it, until it is told to stop."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._done = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self.most = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_SECONDS_BETWEEN_LOOKS):
            self.most = max(self.most, _resident(self._root))


def _resident(root: int) -> int:
    """Bytes of a process and of everything that it started, directly or not."""
    children: dict[int, list[int]] = defaultdict(list)
    bytes_of: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            bytes_of[int(folder.name)] = int((folder / "statm").read_text().split()[1]) * _PAGE_BYTES
        except OSError:  # ended since it was listed
            continue
        children[parent].append(int(folder.name))
    tree, held = [root], 0
    while tree:
        process = tree.pop()
        held += bytes_of.get(process, 0)
        tree += children[process]
    return held
