"""What lies in a department's folder of 审核反馈: workbooks marked, a letter, what came in, a report."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jixiao.catalog.loading.seeds import templates_folder
from jixiao.consolidation.copies import NO_COPIES, ORIGINALS, Copies, copy_marks, copy_opinion, letter
from jixiao.consolidation.edition import feedback_names, file_names
from jixiao.domain.cells import UnstoredFormula
from jixiao.domain.documents import Chapter, Document
from jixiao.language import SHEET, say, spoken
from jixiao.pipeline.sent_files import SentFile, sent_file
from jixiao.reports.department import VALUES, department_report
from jixiao.reports.round_report import ReportedRound, round_report
from jixiao.workbooks.marking import ending_of, mark_workbook, why_unmarkable
from jixiao.workbooks.package_editing import Parts
from jixiao.workbooks.reading import read_content
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.rewriting import rewrite
from jixiao.workbooks.sniffing import FileKind, sniff
from jixiao.workbooks.writing import letter_file, workbook_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.documents import ReportLayout
    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.evaluating.briefs import Brief
    from jixiao.evaluating.files import FileResult
    from jixiao.pipeline.memory import Memory

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
    copies, marked = sources.marked(dossier, edition)
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

    def marked(self, dossier: Dossier, edition: Edition) -> tuple[Copies, Sequence[tuple[str, bytes]]]:
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
                return copies, made

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


REPORT_FOLDER = "报告"
OWN_FOLDER = "报告模板"
"""Of a round's folder: templates for this round alone."""
SEEDS_FOLDER = "word"
"""Of a jurisdiction's seeds: its templates for every round."""
DEPARTMENT_TEMPLATE, ROUND_TEMPLATE = "部门绩效自评报告.docx", "绩效评价总报告.docx"


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates that reports are written with; b"" where none are to be written.

    `notes` are Chinese sentences on templates that can't be used: all that they cost is the reports.
    """

    department: bytes = b""
    round: bytes = b""
    notes: tuple[str, ...] = ()

    @property
    def department_digest(self) -> str:
        """What a department's report depends on besides its forms; "" without one."""
        return sha256(self.department).hexdigest() if self.department else ""

    @property
    def round_digest(self) -> str:
        """The same of the round's report."""
        return sha256(self.round).hexdigest() if self.round else ""


NO_TEMPLATES = Templates()


def template_paths(folder: Path, seeds: Sequence[Path]) -> dict[str, Path]:
    """Where each template lies: in the round's folder, else in the jurisdiction's seeds, else with us."""
    places = (folder / OWN_FOLDER, *(each / SEEDS_FOLDER for each in seeds), templates_folder())
    return {
        name: next((place / name for place in places if (place / name).is_file()), templates_folder() / name)
        for name in (DEPARTMENT_TEMPLATE, ROUND_TEMPLATE)
    }


def copy_templates(out: Path) -> tuple[Path, ...]:
    """Our templates as files to be changed; what is there already stays as it is.

    Raises:
        OSError: the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name in (DEPARTMENT_TEMPLATE, ROUND_TEMPLATE):
        if not (out / name).exists():
            (out / name).write_bytes((templates_folder() / name).read_bytes())
            written.append(out / name)
    return tuple(written)


def load_templates(folder: Path, rules: Rulebook, round_: Round, memory: Memory) -> Templates:
    """The templates of a round, each tried once: what came of that is remembered."""
    samples = (_sample_of_department(rules.report), round_report(ReportedRound(round_, (), {}, "")))
    loaded: list[bytes] = []
    notes: list[str] = []
    for path, sample in zip(template_paths(folder, rules.seeds).values(), samples, strict=True):
        content, problem = _read(path, sample, memory)
        loaded.append(b"" if problem else content)
        if problem:
            notes.append(
                say(
                    "报告模板 {path} 不能用：{problem}。本次没有生成用它的 Word 报告，其他结果不受影响；"
                    "请改正模板，或移走它、改用程序自带的。",
                    path=path,
                    problem=problem,
                )
            )
    return Templates(loaded[0], loaded[1], tuple(notes))


def _read(path: Path, sample: Document, memory: Memory) -> tuple[bytes, str]:
    """A template, and why it can't be used ("" if it can)."""
    try:
        content = path.read_bytes()
    except OSError:
        return b"", say("文件无法打开")
    key = sha256(repr((content, sorted(sample.values), [each.title for each in sample.chapters])).encode())
    name = f"template {key.hexdigest()}"
    known = memory.recall(name)
    if not isinstance(known, str):
        known = _tried(content, sample)
        memory.keep(name, known)
    return content, known


def _tried(content: bytes, sample: Document) -> str:
    # docxtpl takes half a second to import: nobody waits for it who writes no report
    from jixiao.documents.writing import TemplateBrokenError, check_template  # noqa: PLC0415

    try:
        check_template(content, sample)
    except TemplateBrokenError as problem:
        return str(problem)
    return ""


def _sample_of_department(layout: ReportLayout) -> Document:
    """A report with the chapters and the names of values that every department's has."""
    chapters = tuple(Chapter(title, ()) for title, _ in layout.chapters)
    return Document("", chapters, dict.fromkeys(VALUES, ""))


def write_department(evaluation: Evaluation, layout: ReportLayout, templates: Templates) -> bytes | None:
    """A department's report as a file; b"" where none is due, None where our own mistake cost it.

    Whatever goes wrong here costs this report alone: the department's results are what it sent its forms for.
    """
    if not templates.department:
        return b""
    try:
        document = department_report(evaluation, layout)
        return _written(templates.department, document) if document else b""
    except Exception:  # noqa: BLE001 ours, whatever it is: the results are worth more than their report
        _LOG.exception(say("Word 报告未能生成"))
        return None


def write_round(facts: ReportedRound, templates: Templates) -> bytes | None:
    """The round's report as a file; see `write_department`."""
    if not templates.round:
        return b""
    try:
        return _written(templates.round, round_report(facts))
    except Exception:  # noqa: BLE001
        _LOG.exception(say("总报告未能生成"))
        return None


def _written(template: bytes, document: Document) -> bytes:
    from jixiao.documents.writing import write_document  # noqa: PLC0415

    return write_document(template, document)


def round_report_name(round_name: str) -> str:
    """The file of the round's report."""
    return f"绩效评价总报告_{round_name}.docx"
