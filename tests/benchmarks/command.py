"""What `jixiao run` takes as a person starts it: by the clock, of the processors, and in memory.

Memory is that of the program with every process below it, Prefect's server included, added up ten times a
second; pages that processes share count in each of them, so that the figure is never too small. Once a second
it is added up with such pages counted once (PSS), which is what the machine has to have.

The program is compiled before it is timed, as an installed one is.
"""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Self

PROJECT = Path(__file__).parents[2]
_SECONDS_BETWEEN_LOOKS = 0.1
_LOOKS_BETWEEN_CLOSE_ONES = 10
_PAGE_BYTES = resource.getpagesize()
_MB = 2**20


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of all processors, and the most megabytes held at once."""

    wall: float
    cpu: float
    megabytes: float
    shared_once: float = 0
    """The same where pages that processes share count once."""


def run_command(place: Path, *options: str) -> Cost:
    """`jixiao run` in a folder with `inputs/`, whose outputs and state stay in it.

    Raises:
        RuntimeError: the program did not end well; the message is what it said.
    """
    environment = _environment()
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
    return Cost(wall, cpu, watch.most / _MB, watch.most_shared_once / _MB)


@cache
def _environment() -> dict[str, str]:
    """That of a program that is installed: its modules are compiled, in a folder of their own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(PROJECT / "src"), str(PROJECT)))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    compiled = tempfile.mkdtemp(prefix="jixiao-compiled-")
    atexit.register(shutil.rmtree, compiled, ignore_errors=True)
    environment["PYTHONPYCACHEPREFIX"] = compiled
    arguments = [sys.executable, "-m", "compileall", "-q", str(PROJECT / "src")]
    subprocess.run(arguments, env=environment, check=True)  # noqa: S603
    return environment


class _Watch:
    """Adds up the resident memory of a process and all below it, until it is told to stop."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._done = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self.most = self.most_shared_once = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        looks = 0
        while not self._done.wait(_SECONDS_BETWEEN_LOOKS):
            held = _resident(self._root)
            self.most = max(self.most, sum(held.values()))
            if not looks % _LOOKS_BETWEEN_CLOSE_ONES:
                self.most_shared_once = max(self.most_shared_once, sum(map(_shared_once, held)))
            looks += 1


def _shared_once(process: int) -> int:
    """Bytes of a process, of pages that it shares its share (PSS); 0 where this system does not tell."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text().partition("\nPss:")[2]
    except OSError:
        return 0
    return int(told.split(maxsplit=1)[0]) * 1024 if told else 0


def _resident(root: int) -> dict[int, int]:
    """Bytes of a process and of everything that it started, directly or not, by process."""
    children: dict[int, list[int]] = defaultdict(list)
    bytes_of: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            bytes_of[int(folder.name)] = int((folder / "statm").read_text().split()[1]) * _PAGE_BYTES
        except OSError:  # ended since it was listed
            continue
        children[parent].append(int(folder.name))
    tree, held = [root], {}
    while tree:
        process = tree.pop()
        held[process] = bytes_of.get(process, 0)
        tree += children[process]
    return held
