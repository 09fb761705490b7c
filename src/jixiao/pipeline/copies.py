"""What lies in a department's folder of 审核反馈: its workbooks marked, a letter, what came in."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jixiao.consolidation.copies import NO_COPIES, ORIGINALS, Copies, copy_marks, copy_opinion, letter
from jixiao.consolidation.edition import feedback_names, file_names
from jixiao.domain.cells import UnstoredFormula
from jixiao.language import SHEET, say, spoken
from jixiao.pipeline.sent_files import SentFile, sent_file
from jixiao.workbooks.marking import ending_of, mark_workbook, why_unmarkable
from jixiao.workbooks.package_editing import Parts
from jixiao.workbooks.reading import read_content
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.rewriting import rewrite
from jixiao.workbooks.sniffing import FileKind, sniff
from jixiao.workbooks.writing import letter_file, workbook_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.evaluating.briefs import Brief
    from jixiao.evaluating.files import FileResult

LETTER = "审核通知.xlsx"
_MARKED = "（审核标注）"
_SHARED = say("该文件还含有其他部门的报送表")
_UNSTORED = say("文件中有公式没有保存计算结果，换成 .xlsx 会丢失公式")
_CHANGED = say("处理过程中该文件被改动或移走")
_FAILED = say("文件内部结构特殊，加入标注会损坏内容")
_REWRITTEN = say(
    "来件是 {kind} 格式，本副本按读到的内容重排为 .xlsx：数值、数字格式、合并单元格与来件相同，"
    "字体、颜色、列宽不同，公式只保留结果。来件原样放在“原件”文件夹。"
)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Returned:
    """The files of one department's folder by name, and which of those that came in lie beside them.

    `originals`: the file's name in the folder 原件, its name in the round, its sha256.
    """

    files: tuple[tuple[str, bytes], ...] = ()
    originals: tuple[tuple[str, str, str], ...] = ()


def return_copies(
    folder: Path, brief: Brief, dossier: Dossier, results: Iterable[FileResult], edition: Edition
) -> tuple[Copies, Returned]:
    """Mark the workbooks of a department that count, and write its letter.

    Args:
        folder: the round's inputs.
        brief: whose forms they are.
        dossier: what came of them.
        results: the files that hold its forms, whole.
        edition: of the workbooks; nothing of it depends on the time.
    """
    if dossier.unevaluated:  # nothing can be said of its forms
        return NO_COPIES, NOTHING_RETURNED
    sources = _Sources(folder, brief)
    for result in results:
        sources.add(result)
    marked = sources.marked(dossier, edition)
    copies = sources.copies
    (listed,) = feedback_names([dossier.department]).values()
    sheet = letter_file(letter(dossier, edition, copies, listed))
    return copies, Returned(((LETTER, sheet), *marked), sources.originals)


NOTHING_RETURNED = Returned()


class _Sources:
    """The workbooks of one department that go back, as far as they can be marked."""

    def __init__(self, folder: Path, brief: Brief) -> None:
        self._folder, self._brief = folder, brief
        self._own = {each.submission_id for each in brief.forms}
        self._bases: dict[str, Parts] = {}
        self._results: dict[str, FileResult] = {}
        self._endings: dict[str, str] = {}
        self._remarks: dict[str, tuple[str, ...]] = {}
        self._refused: dict[str, str] = {}

    def add(self, result: FileResult) -> None:
        """Take a file of which any form counts."""
        counting = self._own - self._brief.superseded
        if not any(each.submission_id in counting for each in result.submissions):
            return
        file = result.file
        self._results[file] = result
        if any(each.submission_id not in self._own for each in result.submissions):
            self._refused[file] = _SHARED
            return
        data = self._read(file)
        why = _CHANGED if data is None else self._why_not(file, data)
        if why:
            self._refused[file] = why

    @property
    def copies(self) -> Copies:
        """Which there are by now."""
        files = [file for file in self._bases if file not in self._refused]
        stems = [_stem(file) + _MARKED for file in files]
        names = file_names(
            zip(files, zip(stems, map(self._endings.__getitem__, files), strict=True), strict=True)
        )
        return Copies(names, self._remarks, self._refused)

    @property
    def originals(self) -> tuple[tuple[str, str, str], ...]:
        """Every file as it came in, under a name of its own."""
        files = [file for file in self._results if self._refused.get(file) != _SHARED]
        split = ((file, (PurePosixPath(file).stem, PurePosixPath(file).suffix)) for file in files)
        names = file_names(split)
        return tuple((names[file], file, self._brief.digests[file]) for file in files)

    def marked(self, dossier: Dossier, edition: Edition) -> Sequence[tuple[str, bytes]]:
        """The marked copies by name; a file that cannot be marked after all is one more without a copy."""
        while True:
            copies = self.copies
            made: list[tuple[str, bytes]] = []
            for file, name in copies.names.items():
                try:
                    made.append((name, self._mark(dossier, edition, copies, file)))
                except Exception:  # noqa: BLE001 whatever a stranger's package does, the list goes back
                    _LOG.exception(say("%s 未能标注"), file)
                    self._refused[file] = _FAILED
                    break
            else:
                return made

    def _mark(self, dossier: Dossier, edition: Edition, copies: Copies, file: str) -> bytes:
        result = self._results[file]
        own = frozenset(result.returned)
        sheets = {each.sheet for each in result.submissions} | {each.sheet for each in result.outcomes}
        opinion = copy_opinion(dossier, edition, copies, file, _free_name(sheets - own))
        front = workbook_parts((opinion,))
        return mark_workbook(self._bases[file], copy_marks(dossier, copies, file), front, own)

    def _read(self, file: str) -> bytes | None:
        return _unchanged(sent_file(self._folder, file), self._brief.digests[file])

    def _why_not(self, file: str, data: bytes) -> str:
        """Keep what is to be marked of a file; why there is nothing, where there is none."""
        kind = sniff(data)
        if kind is FileKind.XLSX:
            parts = Parts(data)
            if why := why_unmarkable(parts):
                return why
            self._bases[file], self._endings[file] = parts, ending_of(parts)
            return ""
        workbook = read_content(data, file).workbook
        if workbook is None:
            return _FAILED
        values = (value for grid in workbook.grids for value in grid.values.values())
        if any(isinstance(value, UnstoredFormula) for value in values):
            return _UNSTORED
        ours = self._results[file].returned
        kept = replace(workbook, grids=tuple(each for each in workbook.grids if each.sheet not in ours))
        self._bases[file], self._endings[file] = Parts(rewrite(kept)), ".xlsx"
        self._remarks[file] = (_REWRITTEN.format(kind=PurePosixPath(file).suffix.lower() or f".{kind}"),)
        return ""


def _stem(file: str) -> str:
    """A file's name without its ending, and without what an earlier copy of it was called."""
    return PurePosixPath(file).stem.replace(_MARKED, "")


def _free_name(taken: Iterable[str]) -> str:
    """审核意见, numbered where the department has a sheet of that name itself."""
    names = {each.casefold() for each in taken}
    opinion = spoken("审核意见", SHEET)
    numbered = (say("{name}（{number}）", name=opinion, number=number) for number in range(2, 1000))
    return next(each for each in chain((opinion,), numbered) if each.casefold() not in names)


def write_returned(folder: Path, returned: Returned, inputs: Path | None) -> Iterator[str]:
    """Write a department's folder; sentences on what came in and is no longer what it was.

    `inputs` is where the round's files are; without it nothing of what came in lies beside the copies.
    """
    for name, content in returned.files:
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    for name, file, digest in returned.originals if inputs else ():
        sent = _unchanged(sent_file(inputs, file), digest) if inputs else None
        if sent is None:
            yield say(
                "{file} 在处理过程中被改动，{name} 的“{originals}”文件夹中没有放入。",
                file=file,
                name=folder.name,
                originals=ORIGINALS,
            )
        else:
            (folder / ORIGINALS).mkdir(exist_ok=True)
            (folder / ORIGINALS / name).write_bytes(sent)


def _unchanged(sent: SentFile, digest: str) -> bytes | None:
    try:
        content = sent.content()
    except RefusalError:
        return None
    return content if sha256(content).hexdigest() == digest else None
