"""The project's state folder: what the program keeps for itself, never in a home."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

VARIABLE = "JIXIAO_STATE"
"""Environment variable that names another state folder."""

_LARGEST_LOG = 5_000_000
"""Bytes from which a log is set aside, so that a schedule of years does not fill a disk."""

_STALE_SECONDS = 86_400.0


def state_folder() -> Path:
    """The folder that JIXIAO_STATE names, else `.jixiao` in the working directory; not created here."""
    return Path(os.environ.get(VARIABLE) or ".jixiao").absolute()


def spool_folder(state: Path) -> Path:
    """The folder for what a run holds between its steps, made and cleared of what killed runs left behind."""
    folder = state / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return folder


def log_file(state: Path, name: str) -> Path:
    """The path of a log in the state folder, its folder made and an overlong older log set aside.

    Raises:
        OSError: the state folder cannot be written to.
    """
    path = state / "logs" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return path
