"""What the ledger costs: `jixiao status` of 1,000 departments × 5 submissions, and its share of a run.

python -m tests.benchmarks.ledgers [departments of the run]

The share is of one process's processor time without starting it; `jixiao run` as a whole takes seconds more,
of which the ledger has nothing but its opening.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from jixiao.domain.followups import DepartmentState, Fate, FiledForm, Progress, RoundKey, Traced
from jixiao.engines import InProcessEngine
from jixiao.ledger import FILE, RunRecord, ledger_url, open_ledger
from jixiao.pipeline import Means, Memory, find_rounds, run_round
from jixiao.pipeline.bookkeeping import Bookkeeping
from tests.benchmarks.command import PROJECT
from tests.builders.rounds import write_round

ROUND = "批次"
_DEPARTMENTS, _TIMES = 1000, 5
_STEPS = ("inform", "prepare", "confirm")


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as base:
        wall, cpu = time_status(Path(base))
        print(
            f"jixiao status, {_DEPARTMENTS:,} × {_TIMES}: {wall:.2f} s by the clock, {cpu:.2f} s CPU (goal 1)"
        )
    with tempfile.TemporaryDirectory() as base:
        print_shares(Path(base), int(sys.argv[1]) if len(sys.argv) > 1 else 50)


def fill_ledger(folder: Path, departments: int = _DEPARTMENTS, times: int = _TIMES) -> None:
    """A ledger in which every department came so many times, with ten findings and seven forms."""
    began = "2025-04-20T18:00:00+08:00"
    finding = Traced(
        *("A101-AAAAAAAAAA", "A101-AAAAAAAAAA", "A101", "error", "project", "某项目", "甲.xlsx", "表", "D12"),
        *(
            "全年预算数",
            "funds.total.annual_budget",
            "1,442.20",
            "1,492.00",
            "1,442.20",
            "不符。" * 30,
            Fate.NEW,
        ),
        since=began,
    )
    figures = {f"funds.total.column_{at}": (f"{at}.50", f"E{at}") for at in range(60)}
    names = ("项目支出绩效自评表", "某项目", "project", "甲.xlsx", "表", "a" * 64, "b" * 64, "returned")
    form = FiledForm(*names, figures=figures)
    ledger = open_ledger(f"sqlite:///{folder / FILE}")
    for number in range(times):
        states = [
            DepartmentState(
                f"k{number}",
                "",
                Progress(f"云梦泽省虚构第{at}局", "returned", number + 1, began, began, open=3, forms=7),
                (),
                (form,) * 7,
                (finding,) * 10,
            )
            for at in range(departments)
        ]
        run = RunRecord("/结果", f"2025-04-2{number}T18:00:00+08:00", "r", "0", departments)
        key = RoundKey("云梦泽省", ROUND, 2024)
        ledger.confirm(ledger.prepare(key, "hunan-provincial", "省级", run, f"m{number}", states))
    ledger.close()


def time_status(folder: Path) -> tuple[float, float]:
    """Seconds of `jixiao status` as a person starts it, by the clock and of the processor: best of three."""
    fill_ledger(folder)
    paths = os.pathsep.join((str(PROJECT / "src"), str(PROJECT)))
    environment = {**os.environ, "PYTHONPATH": paths, "JIXIAO_STATE": str(folder)}
    taken = []
    for _ in range(3):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        words = [sys.executable, "-m", "jixiao", "status", ROUND]
        done = subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.stdout.count("云梦泽省虚构") == _DEPARTMENTS
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        taken.append((perf_counter() - start, cpu))
    return min(taken)


@dataclass(slots=True)
class Spent:
    """Processor seconds of the ledger's steps, added up where they are called."""

    seconds: float = 0.0
    own: dict[str, float] = field(default_factory=dict)

    def watch(self, name: str) -> None:
        """Measure one of the steps from now on."""
        step = getattr(Bookkeeping, name)

        @wraps(step)
        def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 whatever the step has
            start = process_time()
            try:
                return step(*given, **named)
            finally:
                self.seconds += process_time() - start
                self.own[name] = self.own.get(name, 0.0) + process_time() - start

        setattr(Bookkeeping, name, timed)


def print_shares(base: Path, departments: int) -> None:
    """The ledger's share of the first run of a round, of unchanged ones, and of one with a change."""
    write_round(base / "inputs" / ROUND, departments, 1)
    ledger, spent = open_ledger(ledger_url("", base / "state")), Spent()
    for name in _STEPS:
        spent.watch(name)
    changed = base / "inputs" / ROUND / "云梦泽省虚构第1局.xlsx"
    for label in ("from scratch", "unchanged", "unchanged again", "one department changed"):
        if label.startswith("one"):
            write_round(base / "other", departments, 2)
            changed.write_bytes((base / "other" / changed.name).read_bytes())
        (folder,) = find_rounds(base / "inputs", (ROUND,))
        spent.seconds, start = 0.0, process_time()
        spent.own.clear()
        run_round(folder, base / "outputs", Means(InProcessEngine(), Memory(base / "state"), ledger))
        total = process_time() - start
        steps = ", ".join(f"{name} {1000 * each:.0f}" for name, each in spent.own.items())
        print(f"{label:24} {spent.seconds:6.3f} of {total:6.2f} s: {spent.seconds / total:.1%} ({steps})")


if __name__ == "__main__":
    main()
