"""New results in place of the last, whatever is not ours kept where it was, the replaced ones in 历次.

.<round>.building ──rename──▶ <round>          the new results, complete
              <round> ──rename──▶ .<round>.old     the last ones, with whatever others laid among them
         .<round>.old ──what is not ours──▶ <round>
         .<round>.old ──the rest────rename──▶ <round>/历次/<when they were made>

A run cut off between any two of these is put right by the next: see `recover`. One run at a time: see `held`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from jixiao.domain.spoken import why_not
from jixiao.language import say
from jixiao.pipeline.manifest import (
    MANIFEST,
    UNKNOWN,
    Written,
    files_below,
    is_folder,
    nothing_seen,
    read_written,
)

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from jixiao.pipeline.manifest import Stamps

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


def prune(history: Path, kept: int, seen: Callable[[str], Stamps] = nothing_seen) -> None:
    """Clear away all but the newest `kept` entries, of each only what we wrote and nobody changed since.

    Entries that somebody renamed, or that have no list of our files, are not ours to clear.
    """
    named = sorted(path for path in history.glob("*") if _ENTRY.fullmatch(path.name) and path.is_dir())
    entries = [path for path in named if read_written(path).listed] if len(named) > kept else []
    for entry in entries[: max(len(entries) - kept, 0)]:
        with contextlib.suppress(OSError):  # open in another program: the next run clears it
            _clear(entry, seen)
    with contextlib.suppress(OSError):
        history.rmdir()  # if nothing is in it


def _clear(entry: Path, seen: Callable[[str], Stamps]) -> None:
    """The manifest goes last: until then a later run knows what of the entry is ours."""
    written = read_written(entry, seen)
    for file in files_below(entry):
        if written.digests.get(file, UNKNOWN) != UNKNOWN and not written.is_edited(entry, file):
            (entry / file).unlink()
    (entry / MANIFEST).unlink()
    remove_empty(entry)


def remove_empty(folder: Path) -> None:
    """Remove a folder and those below it as far as they hold nothing."""
    for path, _, _ in os.walk(folder, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(path)  # noqa: PTH106 as it was listed


_FULL = {errno.ENOSPC, errno.EDQUOT}


class PublicationError(Exception):
    """The results could not be put in place; the message is a Chinese sentence that says what to do."""


class BusyError(PublicationError):
    """Another run of the round goes on: nothing was done, and nothing has to be."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round's results stand, and what a replacement needs beside it: two folders and a lock."""

    final: Path

    @classmethod
    def of(cls, outputs: Path, round_name: str) -> Place:
        """The place of a round's results below the outputs folder.

        The folder itself is what is renamed: where it is a link to another place, the one that it leads to.
        """
        final = outputs / round_name
        return cls(final.resolve() if final.is_symlink() else final)

    @property
    def building(self) -> Path:
        """Results that are being written; nothing of anybody else is ever in it."""
        return self.final.with_name(f".{self.final.name}.building")

    @property
    def old(self) -> Path:
        """The last results on their way into the history."""
        return self.final.with_name(f".{self.final.name}.old")

    @property
    def lock(self) -> Path:
        """An empty file that stays; whether a run goes on is known to the operating system alone."""
        return self.final.with_name(f".{self.final.name}.lock")


@contextlib.contextmanager
def held(place: Place) -> Iterator[None]:
    """Keep other runs of the same round away until this one is done.

    The lock is the operating system's: that of a killed program is gone with it.

    Raises:
        BusyError: another run of the round goes on.
        PublicationError: the outputs folder can't be written to.
    """
    try:
        place.final.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place.lock).acquire(timeout=0)
    except Timeout as busy:
        raise BusyError(
            say("{name} 正由另一次运行处理，这次没有重复处理。请等它结束后再运行。", name=place.final.name)
        ) from busy
    except OSError as problem:
        raise refused(problem, place) from problem
    with lock:
        yield


def is_held(place: Place) -> bool:
    """Whether a run of the round goes on; nothing is made or changed by asking."""
    if not place.lock.exists():
        return False
    try:
        if sys.platform == "win32":
            with FileLock(place.lock).acquire(timeout=0):
                return False
        with place.lock.open("rb") as file:  # FileLock would open it to write
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (Timeout, BlockingIOError):
        return True
    except OSError:  # it can't be told; a run will say so
        return False
    return False


def refused(problem: OSError, place: Place) -> Exception:
    """Why results can't be written, in words where we have any; else the problem itself."""
    folder = place.final.parent
    if problem.errno in _FULL:
        said = say("磁盘空间不足，{final} 的新结果没有写完。请腾出空间后重新运行", final=place.final)
    elif problem.errno == errno.EROFS or not os.access(folder, os.W_OK):
        said = say(
            "结果文件夹 {folder} 不能写入（{problem}）。请检查写入权限，或用 --outputs 另指一处",
            folder=folder,
            problem=why_not(problem),
        )
    elif isinstance(problem, PermissionError):
        said = say(
            "无法替换 {final} 里的结果（{filename}）。请关闭正在 WPS 或 Excel 中打开的汇总表后重新运行",
            final=place.final,
            filename=problem.filename or problem,
        )
    else:
        return problem
    return PublicationError(say("{said}；上一次的结果仍然保留。", said=said))


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


def swap_in(place: Place, kept: int, seen: Callable[[str], Stamps] = nothing_seen) -> tuple[str, ...]:
    """Put the built results in place, `kept` earlier ones into the history; what has to be said about it.

    `seen` as for `read_written`.

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
    return _tidy_up(place, kept, seen)


def _tidy_up(place: Place, kept: int, seen: Callable[[str], Stamps]) -> tuple[str, ...]:
    """The results are in place: whatever fails from here on is said, not raised."""
    try:
        notes = _settle(place, seen) if place.old.exists() else ()
        prune(place.final / HISTORY, kept, seen)
    except OSError as problem:
        locked = problem.filename or problem
        kept_at = say(
            "原结果文件夹里有文件暂时无法移动（{locked}），仍在 {old}，", locked=locked, old=place.old
        )
        return (say("{kept_at}下次运行时会放回。请先关闭正在打开的文件。", kept_at=kept_at),)
    return notes


def _settle(place: Place, seen: Callable[[str], Stamps] = nothing_seen) -> tuple[str, ...]:
    """Bring what is not ours back, the rest into the history."""
    written = read_written(place.old, seen)
    _carry(place, "", written.paths)
    files = list(files_below(place.old))
    edited = [file for file in files if written.is_edited(place.old, file)]
    foreign = [file for file in files if file not in written.digests]
    remove_empty(place.old)
    if not place.old.exists():
        return ()
    entry = add_entry(place.old, place.final / HISTORY, written.created)
    return tuple(_notes(edited, foreign, f"{HISTORY}/{entry.name}", written))


def _carry(place: Place, folder: str, ours: AbstractSet[str]) -> None:
    """Move what is not ours from a folder of the old results, unless something of that name is there now."""
    with os.scandir(place.old / folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        inside = f"{folder}/{entry.name}" if folder else entry.name
        target = place.final / inside
        taken = os.path.lexists(target)
        if not taken and inside not in ours:
            (place.old / inside).rename(target)
        elif entry.is_dir(follow_symlinks=False) and (not taken or is_folder(target)):
            target.mkdir(exist_ok=True)
            _carry(place, inside, ours)


def _notes(edited: list[str], foreign: list[str], entry: str, written: Written) -> Iterator[str]:
    if written.created and not written.listed:
        yield say("上次的结果是旧版程序写的，没有文件清单，已移到 {entry}，不会自动删除。", entry=entry)
        return
    for file in edited:
        yield say("{file} 在上次运行后有人改动过，改动的那份已移到 {entry}/{file}。", file=file, entry=entry)
    for file in foreign:
        yield say(
            "{file} 原是他人放入的，与本次结果同名，原文件已移到 {entry}/{file}。", file=file, entry=entry
        )
