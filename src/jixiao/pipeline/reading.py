"""Files of a round into submissions: one file at a time, in worker processes that may crash or hang alone."""

from __future__ import annotations

import gc
import logging
import pickle
from functools import lru_cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.domain.findings import Finding, Place
from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.engines import Failure, FailureKind, InProcessEngine, LocalEngine
from jixiao.evaluating.files import FileResult
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.lists import find_strays
from jixiao.pipeline.seeds import known_seeds
from jixiao.pipeline.sent_files import digest_of_sent, leads_out, path_of
from jixiao.pipeline.sheets import read_sheets
from jixiao.workbooks.reading import is_workbook_name, read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from jixiao.domain.scheme import Scheme
    from jixiao.engines import Engine
    from jixiao.pipeline.rounds import RoundFolder

SECONDS_PER_FILE = 60
"""A real submission takes milliseconds; what takes this long was made to."""
_BATCH = 50
"""Files of a batch: enough to make the cost of a task vanish, few enough to show progress."""
_PROCESSES = LocalEngine()
_LOG = logging.getLogger(__name__)


def batches(files: Sequence[str], size: int = _BATCH) -> tuple[tuple[str, ...], ...]:
    """The files in batches of at most `size`."""
    return tuple(tuple(files[start : start + size]) for start in range(0, len(files), size))


def read_batch(folder: RoundFolder, files: Sequence[str], spool: Path, engine: Engine = _PROCESSES) -> Path:
    """Read the files and store their results below `spool`; returns the stored batch's path.

    A file that crashes its reader or takes longer than SECONDS_PER_FILE becomes a finding, as far as the
    engine isolates one from the other.
    """
    results = tuple(_read_files(folder, files, engine))
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
        except MemoryError:
            return _failed(file, "F105", "内容超出可处理的范围", digest_of_sent(path))
        except Exception as problem:  # noqa: BLE001 one file must never cost another department its result
            return _failed(file, "F109", f"{type(problem).__name__}：{problem}", digest_of_sent(path))

    def _read(self, path: Path, file: str) -> FileResult:
        name = path.name
        if not is_workbook_name(name):
            reason = "表格正被打开时产生的临时文件" if name.startswith("~$") else "不是电子表格文件"
            return FileResult(file, "", outcomes=(SheetOutcome(file, "", "", Status.IGNORED, reason),))
        reading = read_workbook(path, file)
        if reading.workbook is None:
            return _unreadable(file, reading.findings, reading.sha256 or digest_of_sent(path))
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


@lru_cache(maxsize=4)
def _reader(scheme_id: str, year: int) -> FileReader:
    """A worker's reader of one scheme as it is in a year, made once."""
    return FileReader(load_scheme(scheme_id, *known_seeds(), year=year))


def _read_files(folder: RoundFolder, files: Sequence[str], engine: Engine) -> Iterator[FileResult]:
    for file, outcome in zip(
        files, engine.map(_work(folder, engine), files, seconds=SECONDS_PER_FILE), strict=True
    ):
        if isinstance(outcome, Failure):
            _LOG.error("%s: %s: %s", file, outcome.kind, outcome.detail)
            yield _failed(file, *_said(outcome), digest_of_sent(path_of(folder.folder, file)))
        else:
            yield outcome.value


def _work(folder: RoundFolder, engine: Engine) -> Callable[[str], FileResult]:
    scheme = folder.round.scheme
    if isinstance(engine, InProcessEngine):
        return partial(_read_sent, FileReader(scheme), folder.folder)
    return partial(_read_in_worker, folder.folder, scheme.id, folder.round.year)


def _read_in_worker(folder: Path, scheme_id: str, year: int, file: str) -> FileResult:
    return _read_sent(_reader(scheme_id, year), folder, file)


def _read_sent(reader: FileReader, folder: Path, file: str) -> FileResult:
    """What a file of a round's folder gives; what lies behind a link to elsewhere, nobody sent."""
    path = path_of(folder, file)
    is_folder = path.is_dir()
    if (is_folder or is_workbook_name(path.name)) and leads_out(folder, path):
        return _failed(file, "F110", "是指向批次文件夹以外的链接")
    if is_folder and not path.is_symlink():
        return _failed(file, "F110", "文件夹没有读取权限，其中的文件都没有读取")
    return reader.read(path, file)


def _said(failure: Failure) -> tuple[str, str]:
    """The finding's code, and its detail in words."""
    match failure.kind:
        case FailureKind.TIMED_OUT:
            return "F105", f"读取超过 {SECONDS_PER_FILE} 秒"
        case FailureKind.DIED:
            return "F105", "读取程序因该文件异常退出"
        case FailureKind.RAISED:
            return "F109", failure.detail.strip().rpartition("\n")[2]


def _failed(file: str, code: str, detail: str, digest: str = "") -> FileResult:
    return _unreadable(file, (Finding(code=code, place=Place(file), figures={"detail": detail}),), digest)


def _unreadable(file: str, findings: tuple[Finding, ...], digest: str = "") -> FileResult:
    outcome = SheetOutcome(file, "", digest, Status.UNREADABLE, "")
    return FileResult(file, digest, outcomes=(outcome,), findings=findings)
