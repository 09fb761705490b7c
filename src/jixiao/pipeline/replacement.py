"""New results in place of the last: two renames, then everything that is not ours back where it was.

    .<round>.building ──rename──▶ <round>          the new results, complete
              <round> ──rename──▶ .<round>.old     the last ones, with whatever others laid among them
         .<round>.old ──what is not ours──▶ <round>
         .<round>.old ──the rest────rename──▶ <round>/历次/<when they were made>

A run cut off between any two of these is put right by the next: see `recover`.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.pipeline.history import HISTORY, add_entry, prune, remove_empty
from jixiao.pipeline.written import Written, files_below, is_folder, read_written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round's results stand, and the two folders beside it that a replacement needs."""

    final: Path

    @property
    def building(self) -> Path:
        """Results that are being written; nothing of anybody else is ever in it."""
        return self.final.with_name(f".{self.final.name}.building")

    @property
    def old(self) -> Path:
        """The last results on their way into the history."""
        return self.final.with_name(f".{self.final.name}.old")


def recover(place: Place) -> tuple[str, ...]:
    """Finish what a run that was cut off began; what has to be said about it, in Chinese sentences.

    Raises:
        OSError: what lies beside the results can't be moved.
    """
    notes: tuple[str, ...] = ()
    if place.old.exists() and place.final.exists():
        notes = _settle(place)
    elif place.old.exists():
        place.old.rename(place.final)
    shutil.rmtree(place.building, ignore_errors=True)
    return notes


def swap_in(place: Place, kept: int) -> tuple[str, ...]:
    """Put the built results in place, `kept` earlier ones into the history; what has to be said about it.

    Raises:
        OSError: they can't be put in place; the last results are where they were.
    """
    (place.building / HISTORY).mkdir()  # a file of that name gives way, as with any name that we need
    if place.final.exists():
        place.final.rename(place.old)
    try:
        place.building.rename(place.final)
    except OSError:
        if place.old.exists():
            place.old.rename(place.final)
        raise
    return _tidy_up(place, kept)


def _tidy_up(place: Place, kept: int) -> tuple[str, ...]:
    """The results are in place: whatever fails from here on is said, not raised."""
    try:
        notes = _settle(place) if place.old.exists() else ()
        prune(place.final / HISTORY, kept)
    except OSError as problem:
        locked = problem.filename or problem
        kept_at = f"原结果文件夹里有文件暂时无法移动（{locked}），仍在 {place.old}，"
        return (f"{kept_at}下次运行时会放回。请先关闭正在打开的文件。",)
    return notes


def _settle(place: Place) -> tuple[str, ...]:
    """Bring what is not ours back, the rest into the history."""
    written = read_written(place.old)
    _carry(place, PurePosixPath(), written.paths)
    edited = [file for file in files_below(place.old) if written.is_edited(place.old, file)]
    foreign = [file for file in files_below(place.old) if file not in written.digests]
    remove_empty(place.old)
    if not place.old.exists():
        return ()
    entry = add_entry(place.old, place.final / HISTORY, written.created)
    return tuple(_notes(edited, foreign, f"{HISTORY}/{entry.name}", written))


def _carry(place: Place, folder: PurePosixPath, ours: AbstractSet[str]) -> None:
    """Move what is not ours from a folder of the old results, unless something of that name is there now."""
    for path in sorted((place.old / folder).iterdir()):
        inside = folder / path.name
        target = place.final / inside
        taken = os.path.lexists(target)
        if not taken and str(inside) not in ours:
            path.rename(target)
        elif is_folder(path) and (not taken or is_folder(target)):
            target.mkdir(exist_ok=True)
            _carry(place, inside, ours)


def _notes(edited: list[str], foreign: list[str], entry: str, written: Written) -> Iterator[str]:
    if written.created and not written.listed:
        yield f"上次的结果是旧版程序写的，没有文件清单，已移到 {entry}，不会自动删除。"
        return
    for file in edited:
        yield f"{file} 在上次运行后有人改动过，改动的那份已移到 {entry}/{file}。"
    for file in foreign:
        yield f"{file} 原是他人放入的，与本次结果同名，原文件已移到 {entry}/{file}。"
