"""What a run wrote into a folder, by its manifest: only this is ours to replace or to delete."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
DATA = "data"
UNKNOWN = ""
"""In place of a sha256: the file is ours by its name, but nothing says what we wrote into it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a run wrote: sha256 by file, relative to the folder and with "/"; when it ran (None: unknown).

    `rules` is the digest of the rules it went by ("": unknown).

    `listed` is False where nothing lists the files: no manifest, or one of a version that listed none.
    """

    digests: Mapping[str, str]
    created: datetime | None = None
    listed: bool = False
    rules: str = ""

    @property
    def paths(self) -> frozenset[str]:
        """The files and every folder that holds one of them."""
        folders = (str(folder) for file in self.digests for folder in PurePosixPath(file).parents)
        return frozenset(self.digests).union(folders)

    def is_edited(self, folder: Path, file: str) -> bool:
        """Whether somebody changed a file of ours after we wrote it."""
        digest = self.digests.get(file, UNKNOWN)
        return digest != UNKNOWN and digest_of(folder / file) != digest


def read_written(folder: Path) -> Written:
    """What the manifest in a folder lists; nothing where there is none or it is not one of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        created = datetime.fromisoformat(manifest["created"])
        listed = manifest.get("outputs")
        digests = _named(manifest) if listed is None else {each["file"]: each["sha256"] for each in listed}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Written({})
    return Written(
        {**digests, MANIFEST: UNKNOWN}, created, listed is not None, str(manifest.get("rules", ""))
    )


def _named(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The files that a manifest without a list implies: feedback may be anybody's."""
    tables = [f"{DATA}/{table}.csv" for table in manifest["rows"]]
    return dict.fromkeys([summary_name(manifest["round"]), *tables], UNKNOWN)


def summary_name(round_name: str) -> str:
    """The consolidated workbook of a round."""
    return f"绩效自评汇总_{round_name}.xlsx"


def files_below(folder: Path) -> Iterator[str]:
    """Every file at any depth, as a manifest names it, sorted."""
    for path in sorted(folder.rglob("*")):
        if not is_folder(path):
            yield path.relative_to(folder).as_posix()


def digest_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def is_folder(path: Path) -> bool:
    """Whether a path is a folder itself, not a link to one: what a link leads to is somebody else's."""
    return path.is_dir() and not path.is_symlink()
