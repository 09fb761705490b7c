"""Runs that are killed at a random moment: what must be true of everything they leave behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.pipeline.manifest import DATA, UNKNOWN, digest_of, files_below, read_written
from tests.builders.folders import round_folder
from tests.builders.forms import OVERALL, PROJECT, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DIRECT = """
import sys
from pathlib import Path
from jixiao.service.progress import Failure
from jixiao.service.steps import Job, Worker, run_rounds

if __name__ == "__main__":
    results = run_rounds(Job(Path("inputs"), Path("outputs")), Worker())
    sys.exit(any(isinstance(each, Failure) for each in results))
"""
COMMANDS = {
    "direct": (sys.executable, "-c", DIRECT),
    "service": (sys.executable, "-m", "jixiao", "run"),
}
"""A run without a server, which takes seconds, and the whole program."""
VICTIMS = ("parent", "worker", "group")
ROUND = "批次"
_LEFT_SECONDS = 20.0
"""After so long nothing of a killed run may live."""


@dataclass(frozen=True)
class Trial:
    """What was wrong after one kill; nothing, if all is well."""

    victim: str
    after: float
    faults: tuple[str, ...]


class Killing:
    """A round with results and one file more than they come from, run and killed again and again."""

    def __init__(self, folder: Path, command: str, departments: int = 1) -> None:
        """Make the round below `folder`, its results of before and of after."""
        self._folder, self._command = folder, COMMANDS[command]
        self._base = folder / "base"
        inputs = round_folder(self._base / "inputs", ROUND)
        for number in range(departments):
            _write_department(inputs, number)
        self._must_run(self._base)
        self._old = _data(self._base / "outputs" / ROUND)
        _write_department(inputs, departments)
        whole = shutil.copytree(self._base, folder / "whole")
        began = time.monotonic()
        self._must_run(whole)
        self._seconds = time.monotonic() - began
        self._new = _data(whole / "outputs" / ROUND)
        assert self._old != self._new

    def trial(self, seed: int) -> Trial:
        """Kill one run and let another go through."""
        chance = random.Random(seed)  # noqa: S311 no secret
        victim, after = VICTIMS[seed % len(VICTIMS)], chance.uniform(0, self._seconds)
        place = shutil.copytree(self._base, self._folder / f"trial-{seed}")
        sent = _digests(place / "inputs")
        run = self._start(place)
        time.sleep(after)
        _kill(run, victim, place, chance)
        faults = [*self._after_kill(run, place), *self._after_next(place)]
        if _digests(place / "inputs") != sent:
            faults.append("inputs were changed")
        shutil.rmtree(place)
        return Trial(victim, after, tuple(faults))

    def _after_kill(self, run: subprocess.Popen[bytes], place: Path) -> Iterator[str]:
        try:
            run.wait(120)
        except subprocess.TimeoutExpired:
            yield "the run never ended"
            os.killpg(run.pid, signal.SIGKILL)
        deadline = time.monotonic() + _LEFT_SECONDS
        while (left := processes(place / "state")) and time.monotonic() < deadline:
            time.sleep(0.2)
        if left:
            yield f"left behind: {left}"
        final, old = place / "outputs" / ROUND, place / "outputs" / f".{ROUND}.old"
        standing = final if final.exists() else old
        if not _is_whole(standing):
            yield "results are torn"
        elif _data(standing) not in (self._old, self._new) and run.returncode != 0:
            yield "results are neither the old nor the new"

    def _after_next(self, place: Path) -> Iterator[str]:
        """The next run completes, and its results are those of a run that nobody killed."""
        run = self._start(place)
        if run.wait(300) != 0:
            yield f"the next run ended with {run.returncode}"
            return
        if _data(place / "outputs" / ROUND) != self._new:
            yield "the next run's results are not those of a run that nobody killed"
        if not _is_whole(place / "outputs" / ROUND):
            yield "the next run's results are torn"
        lying = {path.name for path in (place / "outputs").iterdir()} - {ROUND, f".{ROUND}.lock"}
        if lying:
            yield f"left lying: {sorted(lying)}"

    def _must_run(self, place: Path) -> None:
        assert self._start(place).wait(300) == 0

    def _start(self, place: Path) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        with (place / "screen").open("ab") as screen:
            return subprocess.Popen(  # noqa: S603 our own program
                self._command,
                cwd=place,
                env={
                    **os.environ,
                    "PYTHONPATH": path,
                    "JIXIAO_STATE": str(place / "state"),
                    "JIXIAO_WORKERS": "1",
                },
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )


def _write_department(inputs: Path, number: int) -> None:
    department = f"云梦泽省虚构第{number}局"
    forms = (
        overall_form(facts=replace(OVERALL, department=department)),
        project_form(facts=replace(PROJECT, department=department)),
    )
    write_forms(inputs / f"{department}.xlsx", *forms)


def _kill(run: subprocess.Popen[bytes], victim: str, place: Path, chance: random.Random) -> None:
    """Kill the run, all of it, or a process that works for it; where there is none yet, the run."""
    workers = [pid for pid in processes(place / "state") if pid != run.pid]
    try:
        if victim == "group":
            os.killpg(run.pid, signal.SIGKILL)
        else:
            os.kill(chance.choice(workers) if victim == "worker" and workers else run.pid, signal.SIGKILL)
    except ProcessLookupError:  # it was done already
        return


def processes(state: Path, program: bytes = b"") -> list[int]:
    """Every living process that was started for a state folder, whose command holds `program`."""
    mark = f"JIXIAO_STATE={state}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if mark in environment and program in command:
                found.append(int(folder.name))
    return found


def _digests(folder: Path) -> dict[str, str]:
    return {file: digest_of(folder / file) for file in files_below(folder)}


def _data(results: Path) -> dict[str, str]:
    """The tidy tables, which do not depend on when they were made."""
    return _digests(results / DATA)


def _is_whole(results: Path) -> bool:
    """Whether everything that the manifest lists is there as it was written."""
    digests = read_written(results).digests
    return bool(digests) and all(
        (results / file).is_file() and digest_of(results / file) == digest
        for file, digest in digests.items()
        if digest != UNKNOWN
    )
