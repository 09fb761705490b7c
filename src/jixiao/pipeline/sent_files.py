"""What lies in a round's folder, under names that anybody can print, and what of it may be opened."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.pipeline.manifest import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.pipeline.rounds import RoundFolder

_BYTE = re.compile(rb"\\x([0-9a-f]{2})")


def list_files(folder: RoundFolder) -> tuple[str, ...]:
    r"""Everything that departments sent, at any depth, relative to the round's folder, sorted.

    Links, pipes and folders that can't be listed are among them, so that reading says what is wrong with
    them. Names that are no UTF-8, as an archive from elsewhere leaves them, have \xb1 for each odd byte.
    """
    names = (_shown(os.path.relpath(path, folder.folder)) for path in _below(folder.folder))
    return tuple(sorted(name for name in names if name not in folder.own_files))


def _below(folder: Path) -> Iterator[str]:
    """Every file in a folder and the folders below it, and every folder that can't be listed."""
    unlisted: list[str] = []

    def note(error: OSError) -> None:
        unlisted.append(str(error.filename or folder))

    for place, folders, files in os.walk(folder, onerror=note):
        yield from (os.path.join(place, name) for name in files)  # noqa: PTH118 names may be no UTF-8
        links = (os.path.join(place, name) for name in folders)  # noqa: PTH118
        yield from filter(os.path.islink, links)
    yield from unlisted


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def path_of(folder: Path, file: str) -> Path:
    """Where a file that `list_files` gave lies."""
    path = folder / file
    if "\\x" not in file or os.path.lexists(path):
        return path
    return folder / os.fsdecode(_BYTE.sub(lambda found: bytes([int(found[1], 16)]), os.fsencode(file)))


def leads_out(folder: Path, path: Path) -> bool:
    """Whether a path in a folder is, or lies below, a link to somewhere outside the folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def digest_of_sent(path: Path) -> str:
    """The sha256 of a file; "" where it can't be read, or is a pipe that nobody may ever write into."""
    try:
        return digest_of(path) if stat.S_ISREG(path.stat().st_mode) else ""
    except OSError:
        return ""
