"""Word reports: the templates that a round uses, and the reports as files."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from jixiao.catalog.loading.seeds import templates_folder
from jixiao.domain.documents import Chapter, Document
from jixiao.language import say
from jixiao.reports.department import VALUES, department_report
from jixiao.reports.round_report import ReportedRound, round_report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.documents import ReportLayout
    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.pipeline.memory import Memory

REPORT_FOLDER = "报告"
OWN_FOLDER = "报告模板"
"""Of a round's folder: templates for this round alone."""
SEEDS_FOLDER = "word"
"""Of a jurisdiction's seeds: its templates for every round."""
DEPARTMENT_TEMPLATE, ROUND_TEMPLATE = "部门绩效自评报告.docx", "绩效评价总报告.docx"
_LOG = logging.getLogger(__name__)


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
