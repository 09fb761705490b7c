"""Hostile files beside good ones: one line for each, not one row of the good ones changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile.files import HOSTILE, stand_beside

if TYPE_CHECKING:
    from pathlib import Path

GOOD = 4
"""Departments here; 20, and files that take seconds, by `python -m tests.hostile.nightly --files 20`."""


def test_good_workbooks_beside_hostile_files_stay_as_they_are(tmp_path: Path) -> None:
    stand_beside(tmp_path, GOOD, HOSTILE)
