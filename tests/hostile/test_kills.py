"""Runs that are killed: inputs untouched, results old or new and whole, the next run completes by itself."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from jixiao.engines import end_workers
from jixiao.pipeline import Memory, find_rounds
from jixiao.pipeline.errands import Errand
from jixiao.pipeline.reading import recall_light
from jixiao.service.progress import Digest
from jixiao.service.steps import Job, Worker, reading_ahead, run_rounds
from tests.builders.folders import read_table, run
from tests.builders.rounds import write_round
from tests.hostile.killing import Killing, processes

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 3
"""One of each kind here; 100 by `python -m tests.hostile.nightly --kills 100`."""


ONLY_HERE = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


@ONLY_HERE
def test_a_killed_run_costs_nothing(tmp_path: Path) -> None:
    killing = Killing(tmp_path, "direct")
    trials = [killing.trial(seed) for seed in range(KILLS)]
    assert [(trial.victim, trial.after, trial.faults) for trial in trials if trial.faults] == []


@ONLY_HERE
def test_a_worker_that_is_killed_while_files_are_read_ahead_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Prefect starts nobody looks at what is read; the run finds what it would have found."""
    state = tmp_path / "new"  # where the undisturbed run kept nothing
    monkeypatch.setenv("JIXIAO_STATE", str(state))
    monkeypatch.setenv("JIXIAO_WORKERS", "1")
    folder = write_round(tmp_path / "inputs" / "批次", 3, seed=3)
    names = ("submissions", "scores", "findings")
    undisturbed = run(folder).folder
    (found,) = find_rounds(tmp_path / "inputs")
    errand = Errand.of(found, Memory(state))
    first = min(path.name for path in folder.glob("*.xlsx"))
    job = Job(tmp_path / "inputs", tmp_path / "results")
    end_workers()  # an earlier test's would not be known for this place's
    with reading_ahead(job):
        deadline = time.monotonic() + 120
        while not recall_light(errand, first):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        (worker,) = processes(state, b"spawn_main")
        os.kill(worker, signal.SIGKILL)
    (done,) = run_rounds(job, Worker())
    assert isinstance(done, Digest)
    assert [read_table(done.folder, name) for name in names] == [
        read_table(undisturbed, name) for name in names
    ]
