"""Runs that are killed: inputs untouched, results old or new and whole, the next run completes by itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.hostile.killing import Killing

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 3
"""One of each kind here; 100 by `python -m tests.hostile.nightly --kills 100`."""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_killed_run_costs_nothing(tmp_path: Path) -> None:
    killing = Killing(tmp_path, "direct")
    trials = [killing.trial(seed) for seed in range(KILLS)]
    assert [(trial.victim, trial.after, trial.faults) for trial in trials if trial.faults] == []
