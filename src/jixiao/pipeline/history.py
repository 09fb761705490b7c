"""Earlier results（历次）of a round: a folder for each run, the oldest cleared away beyond a number."""

from __future__ import annotations

import contextlib
import os
import re
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from jixiao.pipeline.written import MANIFEST, digest_of, files_below, is_folder, read_written

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = "历次"
KEPT = 10
"""So many earlier results are kept where round.toml says nothing: two weeks of a daily run."""

_ENTRY = re.compile(r"\d{4}-\d\d-\d\d_\d{6}(_\d{2,})?")


def add_entry(results: Path, history: Path, created: datetime | None) -> Path:
    """Move a folder of results into the history, named by when they were made; the entry's path."""
    stamp = f"{created or datetime.now().astimezone():%Y-%m-%d_%H%M%S}"
    names = (stamp if number == 1 else f"{stamp}_{number:02}" for number in count(1))
    entry = next(history / name for name in names if not os.path.lexists(history / name))
    history.mkdir(exist_ok=True)
    results.rename(entry)
    return entry


def prune(history: Path, kept: int) -> None:
    """Clear away all but the newest `kept` entries, of each only what we wrote and nobody changed since.

    Entries that somebody renamed, or that have no list of our files, are not ours to clear.
    """
    entries = sorted(path for path in history.glob("*") if _is_entry(path))
    for entry in entries[: max(len(entries) - kept, 0)]:
        with contextlib.suppress(OSError):  # open in another program: the next run clears it
            _clear(entry)
    with contextlib.suppress(OSError):
        history.rmdir()  # if nothing is in it


def _is_entry(path: Path) -> bool:
    return path.is_dir() and _ENTRY.fullmatch(path.name) is not None and read_written(path).listed


def _clear(entry: Path) -> None:
    """The manifest goes last: until then a later run knows what of the entry is ours."""
    digests = read_written(entry).digests
    for file in files_below(entry):
        if file in digests and file != MANIFEST and digest_of(entry / file) == digests[file]:
            (entry / file).unlink()
    (entry / MANIFEST).unlink()
    remove_empty(entry)


def remove_empty(folder: Path) -> None:
    """Remove a folder and those below it as far as they hold nothing."""
    for path in sorted((path for path in folder.rglob("*") if is_folder(path)), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir()
    with contextlib.suppress(OSError):
        folder.rmdir()
