"""Files of a round into submissions: one file at a time, in worker processes that may crash or hang alone."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.domain.findings import Finding, Place
from jixiao.domain.submissions import SheetOutcome, Status, Submission
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.seeds import known_seeds
from jixiao.pipeline.sheets import read_sheets
from jixiao.pipeline.strays import Stray, find_strays
from jixiao.workbooks.reading import is_workbook_name, read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.domain.scheme import Scheme
    from jixiao.pipeline.rounds import RoundFolder

SECONDS_PER_FILE = 60
"""A real submission takes milliseconds; what takes this long was made to."""
_MOST_WORKERS = 4
_BATCH = 50
"""Files of a batch: enough to make the cost of a task vanish, few enough to show progress."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave. `modified` is the stamp inside the workbook ("" where its format has none).

    `strays` says by sheet why it seems to be a list of the finance department's own.
    """

    file: str
    sha256: str
    modified: str = ""
    submissions: tuple[Submission, ...] = ()
    outcomes: tuple[SheetOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    strays: Mapping[str, Stray] = field(default_factory=dict)


def list_files(folder: RoundFolder) -> tuple[str, ...]:
    """Every file that departments sent, at any depth, relative to the round's folder, sorted."""
    files = (path.relative_to(folder.folder) for path in folder.folder.rglob("*") if path.is_file())
    return tuple(sorted(file.as_posix() for file in files if file.as_posix() not in folder.own_files))


def batches(files: Sequence[str], size: int = _BATCH) -> tuple[tuple[str, ...], ...]:
    """The files in batches of at most `size`."""
    return tuple(tuple(files[start : start + size]) for start in range(0, len(files), size))


def read_batch(folder: RoundFolder, files: Sequence[str], spool: Path, *, isolated: bool = True) -> Path:
    """Read the files and store their results below `spool`; returns the stored batch's path.

    Isolated, each file is read in a worker process: one that crashes its reader or takes longer than
    SECONDS_PER_FILE becomes a finding. Otherwise everything happens in this process.
    """
    scheme = folder.round.scheme
    if isolated:
        results = tuple(_read_isolated(folder.folder, files, scheme.id))
    else:
        reader = FileReader(scheme)
        results = tuple(reader.read(folder.folder / file, file) for file in files)
    spool.mkdir(parents=True, exist_ok=True)
    path = spool / f"{sha256(chr(10).join(files).encode()).hexdigest()[:16]}.batch"
    path.write_bytes(pickle.dumps(results, protocol=pickle.HIGHEST_PROTOCOL))
    return path


def load_batches(paths: Sequence[Path]) -> tuple[FileResult, ...]:
    """The results of stored batches, by file name.

    Only files that `read_batch` wrote into the project's own state folder are ever passed here.
    """
    results = (result for path in paths for result in pickle.loads(path.read_bytes()))  # noqa: S301 our own files
    return tuple(sorted(results, key=lambda result: result.file))


class FileReader:
    """Reads files by one scheme, whose words are indexed once."""

    def __init__(self, scheme: Scheme) -> None:
        """Index the words of the scheme's forms."""
        self._scheme = scheme
        self._vocabulary = Vocabulary(scheme.forms)
        gc.freeze()  # rules and words live as long as the process: not to be walked through at every file

    def read(self, path: Path, file: str) -> FileResult:
        """Everything that one file gives; a mistake of ours in it is a finding, so that the others go on."""
        try:
            return self._read(path, file)
        except Exception as problem:  # noqa: BLE001 one file must never cost another department its result
            return _failed("F109", path, file, f"{type(problem).__name__}：{problem}")

    def _read(self, path: Path, file: str) -> FileResult:
        name = path.name
        if not is_workbook_name(name):
            reason = "表格正被打开时产生的临时文件" if name.startswith("~$") else "不是电子表格文件"
            return FileResult(file, "", outcomes=(SheetOutcome(file, "", "", Status.IGNORED, reason),))
        reading = read_workbook(path, file)
        if reading.workbook is None:
            return _unreadable(path, file, reading.findings)
        sheets = read_sheets(reading.workbook, self._vocabulary, self._scheme.lexicon)
        return FileResult(
            file,
            reading.workbook.sha256,
            reading.workbook.properties.get("modified", ""),
            tuple(sheets.submissions),
            tuple(sheets.outcomes),
            (*reading.findings, *sheets.findings),
            find_strays(reading.workbook, sheets, self._vocabulary),
        )


@lru_cache(maxsize=1)
def _workers() -> ProcessPool:
    """The worker processes, started at the first isolated batch and ended with this process."""
    # Forking a process that runs threads (Prefect's, polars') can deadlock: start fresh ones.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(max_workers=min(_MOST_WORKERS, multiprocessing.cpu_count()), context=context)
    Finalize(pool, _stop, args=(pool,), exitpriority=1)  # atexit is not run in a multiprocessing child
    return pool


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without types
    pool.join()


@lru_cache(maxsize=4)
def _reader(scheme_id: str) -> FileReader:
    """A worker's reader of one scheme, made once."""
    return FileReader(load_scheme(scheme_id, *known_seeds()))


def _read_in_worker(path: Path, file: str, scheme_id: str) -> FileResult:
    return _reader(scheme_id).read(path, file)


def _read_isolated(folder: Path, files: Sequence[str], scheme_id: str) -> Iterator[FileResult]:
    futures = [
        _workers().schedule(_read_in_worker, args=(folder / file, file, scheme_id), timeout=SECONDS_PER_FILE)
        for file in files
    ]
    for file, future in zip(files, futures, strict=True):
        try:
            yield future.result()
        except FutureTimeoutError:
            yield _failed("F105", folder / file, file, f"读取超过 {SECONDS_PER_FILE} 秒")
        except ProcessExpired:
            yield _failed("F105", folder / file, file, "读取程序因该文件异常退出")


def _failed(code: str, path: Path, file: str, detail: str) -> FileResult:
    finding = Finding(code=code, place=Place(file), figures={"detail": detail})
    return _unreadable(path, file, (finding,))


def _unreadable(path: Path, file: str, findings: tuple[Finding, ...]) -> FileResult:
    try:
        digest = sha256(path.read_bytes()).hexdigest()
    except OSError:
        digest = ""
    outcome = SheetOutcome(file, "", digest, Status.UNREADABLE, "")
    return FileResult(file, digest, outcomes=(outcome,), findings=findings)
