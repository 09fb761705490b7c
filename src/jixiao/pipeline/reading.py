"""Files of a round into submissions: one file at a time, in worker processes that may crash or hang alone."""

from __future__ import annotations

import gc
import logging
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from jixiao.domain.findings import NOT_READ, Declaration, Finding, Place
from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.engines import Failure, FailureKind
from jixiao.evaluating.files import FileResult, light
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.language import say
from jixiao.pipeline.errands import Errand, rulebook
from jixiao.pipeline.lists import find_strays
from jixiao.pipeline.sent_files import SentFile, ignored, leads_out, look_at_other, sent_file
from jixiao.pipeline.settings import packaged_lists
from jixiao.pipeline.sheets import read_sheets
from jixiao.workbooks.reading import is_workbook_name
from jixiao.workbooks.refusals import CANNOT_OPEN, UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.pipeline.errands import Means, RuleSource
    from jixiao.pipeline.rounds import RoundFolder


SECONDS_PER_FILE = 60
"""A real submission takes milliseconds; what takes this long was made to."""
_PASSING = frozenset(each.code for each in (UNFINISHED, NOT_READ, CANNOT_OPEN))
"""What another try may read: nothing that is kept."""
_AT_ONCE_AHEAD = 16
"""Files that are read ahead before it is asked again whether there is time for more."""
_LOG = logging.getLogger(__name__)


def read_ahead(folder: RoundFolder, files: Sequence[str], means: Means, enough: Callable[[], bool]) -> None:
    """Read files for whoever asks for them later, until it is `enough`."""
    errand = Errand.of(folder, means.memory)
    rest = [file for file in files if not recall_light(errand, file)]
    for first in range(0, len(rest), _AT_ONCE_AHEAD):
        if enough():
            return
        read_files(folder, rest[first : first + _AT_ONCE_AHEAD], means)


def read_files(
    folder: RoundFolder, files: Sequence[str], means: Means, told: Callable[[int], object] = bool
) -> tuple[FileResult, ...]:
    """Every file, light, in the order given; `told` hears how many more are done.

    What an earlier run read of the same content under the same name is taken from memory. A file that crashes
    its reader or takes longer than SECONDS_PER_FILE becomes a finding, as far as the engine isolates one from
    the other.
    """
    errand = Errand.of(folder, means.memory)
    known = {file: result for file in files if (result := recall_light(errand, file))}
    told(len(known))
    rest = [file for file in files if file not in known]
    outcomes = means.engine.map(partial(_read_in_worker, errand), rest, seconds=SECONDS_PER_FILE)
    for file, outcome in zip(rest, outcomes, strict=True):
        if isinstance(outcome, Failure):
            _LOG.error("%s: %s: %s", file, outcome.kind, outcome.detail)
            digest = sent_file(folder.folder, file).digest()
            known[file] = _failed(file, *_said(outcome), digest)
        else:
            known[file] = outcome.value
        told(1)
    return tuple(known[file] for file in files)


def recall_light(errand: Errand, file: str) -> FileResult | None:
    """What an earlier run read of a file that may be opened, without what its forms report."""
    sent = sent_file(errand.folder, file)
    if not is_workbook_name(file) or leads_out(errand.folder, sent.path):
        return None
    digest = sent.digest()
    result: FileResult | None = errand.memory.recall(errand.key("light", file, digest)) if digest else None
    return result


def whole_file(errand: Errand, file: str, digest: str) -> FileResult:
    """What reading a file gave, with all that its forms report; read again where nobody kept it.

    Raises:
        ChangedError: the file is not what it was when the round was divided.
    """
    kept: FileResult | None = errand.memory.recall(errand.key("file", file, digest))
    if kept:
        return kept
    result = _read_sent(_reader(errand.source), errand.folder, file)
    if result.sha256 != digest:
        raise ChangedError(say("{file} 在处理过程中被改动，请重新运行", file=file))
    return result


class ChangedError(Exception):
    """A file is not what it was a moment ago."""


class FileReader:
    """Reads files by one scheme, whose words are indexed once."""

    def __init__(self, scheme: Scheme, lists: Sequence[FormLayout] | None = None) -> None:
        """Index the words of the scheme's forms; `lists` are those of the package where none are given."""
        self._scheme = scheme
        self._lists = packaged_lists() if lists is None else lists
        self._vocabulary = Vocabulary(scheme.forms)
        gc.freeze()  # rules and words live as long as the process: not to be walked through at every file

    def read(self, path: Path | SentFile, file: str) -> FileResult:
        """Everything that one file gives; a mistake of ours in it is a finding, so that the others go on."""
        sent = path if isinstance(path, SentFile) else SentFile(path)
        try:
            return self._read(sent, file)
        except MemoryError:
            return _failed(file, UNFINISHED, say("内容超出可处理的范围"), sent.digest())
        except Exception as problem:  # noqa: BLE001 one file must never cost another department its result
            return _failed(
                file,
                NOT_READ,
                say("{name}：{problem}", name=type(problem).__name__, problem=problem),
                sent.digest(),
            )

    def _read(self, sent: SentFile, file: str) -> FileResult:
        if not is_workbook_name(file):
            return look_at_other(sent, file)
        reading = sent.read(file)
        if reading.workbook is None:
            return _unreadable(file, reading.findings, reading.sha256 or sent.digest())
        sheets = read_sheets(reading.workbook, self._vocabulary, self._scheme.lexicon)
        return FileResult(
            file,
            reading.workbook.sha256,
            reading.workbook.properties.get("modified", ""),
            tuple(sheets.submissions),
            tuple(sheets.outcomes),
            (*reading.findings, *sheets.findings),
            find_strays(reading.workbook, sheets, self._vocabulary, self._lists),
            replies=tuple(sheets.replies),
            returned=tuple(sheets.returned),
            sheets=tuple(dict.fromkeys(grid.sheet for grid in reading.workbook.grids)),
            continued=tuple(sheets.continued),
        )


@lru_cache(maxsize=4)
def _reader(source: RuleSource) -> FileReader:
    """A process's reader by one round's rules, made once."""
    rules = rulebook(source)
    return FileReader(rules.scheme, rules.lists)


def _read_in_worker(errand: Errand, file: str) -> FileResult:
    """Read a file, keep what it gave, hand back what tells whose its forms are."""
    result = _read_sent(_reader(errand.source), errand.folder, file)
    identity = light(result)
    if result.sha256 and not _PASSING.intersection(each.code for each in result.findings):
        if result.submissions:
            errand.memory.keep(errand.key("file", file, result.sha256), result)
        errand.memory.keep(errand.key("light", file, result.sha256), identity)
    return identity


def _read_sent(reader: FileReader, folder: Path, file: str) -> FileResult:
    """What a file of a round's folder gives; what lies behind a link to elsewhere, nobody sent."""
    sent = sent_file(folder, file)
    path, is_folder = sent.path, sent.path.is_dir()
    if leads_out(folder, path):
        if not (is_folder or is_workbook_name(file)):
            return ignored(file, say("不是电子表格文件"))
        return _failed(file, CANNOT_OPEN, say("是指向批次文件夹以外的链接"))
    if is_folder and not path.is_symlink():
        return _failed(file, CANNOT_OPEN, say("文件夹没有读取权限，其中的文件都没有读取"))
    return reader.read(sent, file)


def _said(failure: Failure) -> tuple[Declaration, str]:
    """What the finding is, and its detail in words."""
    match failure.kind:
        case FailureKind.TIMED_OUT:
            return UNFINISHED, say("读取超过 {seconds_per_file} 秒", seconds_per_file=SECONDS_PER_FILE)
        case FailureKind.DIED:
            return UNFINISHED, say("读取程序因该文件异常退出")
        case FailureKind.RAISED:
            return NOT_READ, failure.detail.strip().rpartition("\n")[2]


def _failed(file: str, kind: Declaration, detail: str, digest: str = "") -> FileResult:
    return _unreadable(file, (kind.finding(Place(file), figures={"detail": detail}),), digest)


def _unreadable(file: str, findings: tuple[Finding, ...], digest: str = "") -> FileResult:
    outcome = SheetOutcome(file, "", digest, Status.UNREADABLE, "")
    return FileResult(file, digest, outcomes=(outcome,), findings=findings)
