"""manifest.json: what the results came from; and what a run wrote, which alone is ours to replace."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from jixiao.domain.amounts import exact_sum, plain
from jixiao.domain.report import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Table
    from jixiao.domain.rounds import Evaluation

MANIFEST = "manifest.json"
DATA = "data"
_BLOCK = 1 << 18
"""Bytes of a file at a time."""
UNKNOWN = ""
"""In place of a sha256: the file is ours by its name, but nothing says what we wrote into it."""


Stamp = tuple[int, int, int, int]
"""What the file system says of a file: its size, when it and its entry were changed, its number."""
Stamps = Mapping[str, Stamp]
"""Those of the files of a manifest: one that has its own still was not touched, no need to read it."""
_SETTLED = 50_000_000
"""Nanoseconds that a file must have been left alone before its stamp says anything: clocks of files tick."""


def stamps_of(folder: Path, files: Iterable[str]) -> dict[str, Stamp]:
    """The stamps of files that were written a moment ago, as far as they can be relied on."""
    latest = time.time_ns() - _SETTLED
    found = {file: _stamp(f"{folder}/{file}") for file in files}
    return {file: stamp for file, stamp in found.items() if max(stamp[1:3]) < latest}


def _stamp(path: str) -> Stamp:
    said = os.lstat(path)
    return said.st_size, said.st_mtime_ns, said.st_ctime_ns, said.st_ino


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
    stamps: Stamps = field(default_factory=dict)

    @property
    def paths(self) -> frozenset[str]:
        """The files and every folder that holds one of them."""
        found = set(self.digests)
        for file in self.digests:
            folder = file.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def is_edited(self, folder: Path, file: str) -> bool:
        """Whether somebody changed a file of ours after we wrote it."""
        digest = self.digests.get(file, UNKNOWN)
        if digest == UNKNOWN or self.stamps.get(file) == _stamp(f"{folder}/{file}"):
            return False
        return digest_of(folder / file) != digest


def nothing_seen(_manifest: str) -> Stamps:
    """Where no stamps are kept."""
    return {}


def read_written(folder: Path, seen: Callable[[str], Stamps] = nothing_seen) -> Written:
    """What the manifest in a folder lists; nothing where there is none or it is not one of ours.

    `seen` gives the stamps of its files by the manifest's digest.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content.decode())
        created = datetime.fromisoformat(manifest["created"])
        listed = manifest.get("outputs")
        digests = _named(manifest) if listed is None else {each["file"]: each["sha256"] for each in listed}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Written({})
    rules, stamps = str(manifest.get("rules", "")), seen(sha256(content).hexdigest())
    return Written({**digests, MANIFEST: UNKNOWN}, created, listed is not None, rules, stamps)


def _named(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The files that a manifest without a list implies: feedback may be anybody's."""
    tables = [f"{DATA}/{table}.csv" for table in manifest["rows"]]
    return dict.fromkeys([summary_name(manifest["round"]), *tables], UNKNOWN)


def summary_name(round_name: str) -> str:
    """The consolidated workbook of a round."""
    return f"绩效自评汇总_{round_name}.xlsx"


def public_name(round_name: str) -> str:
    """The workbook of a round for everybody."""
    return f"绩效自评公开_{round_name}.xlsx"


def page_name(round_name: str, audience: Audience) -> str:
    """The page of a round for an audience."""
    return f"绩效自评_{round_name}{'_公开' if audience is Audience.PUBLIC else ''}.html"


def files_below(folder: Path) -> Iterator[str]:
    """Every file at any depth, as a manifest names it, sorted; what can't be listed has none."""
    yield from _below(os.fspath(folder), "")


def _below(folder: str, lead: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, f"{lead}{entry.name}/")
        else:
            yield f"{lead}{entry.name}"


def digest_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def is_folder(path: Path) -> bool:
    """Whether a path is a folder itself, not a link to one: what a link leads to is somebody else's."""
    return path.is_dir() and not path.is_symlink()


_CONTROLLED = {"budget_lines": ("annual_budget", "executed"), "scores": ("self_score", "accepted_score")}
"""Columns whose plain sums let anyone check that a table arrived whole."""


class TableTotals(NamedTuple):
    """By table how many rows it has, and by table and column the sum as exact decimal text."""

    rows: Mapping[str, int]
    sums: Mapping[str, str]


def controlled_sums(table: Table) -> tuple[Decimal, ...]:
    """The sums of a table's controlled columns: of rows that are put together they add up."""
    return tuple(_total(table, column) for column in _CONTROLLED.get(table.name, ()))


def total_tables(tables: Mapping[str, tuple[int, tuple[Decimal, ...]]]) -> TableTotals:
    """What lets anyone check that the tables arrived whole, out of their numbers of rows and their sums."""
    sums = {
        f"{name}.{column}": plain(total)
        for name, (_, totals) in tables.items()
        for column, total in zip(_CONTROLLED.get(name, ()), totals, strict=True)
    }
    return TableTotals({name: count for name, (count, _) in tables.items()}, sums)


def describe_run(
    evaluation: Evaluation,
    totals: TableTotals,
    edition: Edition,
    outputs: Mapping[str, str],
    further: Mapping[str, object],
) -> str:
    """The manifest as JSON text; amounts in 万元, sums as exact decimal text.

    `outputs` gives the sha256 of every other file that was written: the next run replaces these only. What
    is `further` to be said of the run stands with it, by key.
    """
    round_ = evaluation.round
    described = {
        "round": round_.name,
        "year": round_.year,
        "scheme": round_.scheme.id,
        "scheme_title": round_.scheme.title,
        "version": edition.version,
        "created": edition.created.isoformat() if edition.created else None,
        "inputs": [{"file": file, "sha256": digest} for file, digest in sorted(evaluation.sha256.items())],
        "rows": totals.rows,
        "statuses": _sorted_counts(evaluation),
        "control_totals": totals.sums,
        **further,
        "outputs": [{"file": file, "sha256": digest} for file, digest in outputs.items()],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def _sorted_counts(evaluation: Evaluation) -> dict[str, int]:
    statuses = Counter(status.value for status in evaluation.statuses.values())
    statuses += Counter(outcome.status.value for outcome in evaluation.outcomes)
    return dict(sorted(statuses.items()))


def _total(table: Table, column: str) -> Decimal:
    return exact_sum(cell for cell in table.column(column) if isinstance(cell, Decimal))
