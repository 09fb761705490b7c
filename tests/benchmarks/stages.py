"""What a round costs in one process, stage by stage, and what openpyxl takes to open the same files.

Each stage is one call of what the program itself calls; "whole" is a run from the files to the results, timed
by itself, so that what lies between the stages is in it.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from time import process_time
from typing import TYPE_CHECKING, Generic, TypeVar

import openpyxl

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import Edition
from jixiao.consolidation.feedback import feedback_sheets
from jixiao.consolidation.tidy import tidy_tables, validate_tables
from jixiao.engines import InProcessEngine
from jixiao.evaluating.briefs import divide
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline import Means, Memory, run_round
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.copies import return_copies
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.sent_files import list_files
from jixiao.pipeline.sheets import read_sheets
from jixiao.schemas.entries import validate_entries
from jixiao.workbooks.reading import read_workbook
from jixiao.workbooks.tables import write_csv
from jixiao.workbooks.writing import write_workbook
from tests.builders.results import summary_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jixiao.domain.report import Table
    from jixiao.domain.rounds import Evaluation
    from jixiao.pipeline.rounds import RoundFolder

T = TypeVar("T")
CREATED = datetime(2025, 5, 6, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds by stage, those of a whole run, and those of openpyxl; how much there was.

    `marked` is what marking the files takes, with first sheets and letters, `saved` what openpyxl takes to
    open the same files and save them.
    """

    departments: int
    forms: int
    findings: int
    stages: dict[str, float]
    whole: float
    opened: float
    marked: float
    saved: float

    @property
    def ratio(self) -> float:
        """A whole run beside openpyxl merely opening the files."""
        return self.whole / self.opened


def measure(folder: RoundFolder, place: Path) -> Costs:
    """Time every stage on all files of a round, after one file of it that warms everything up."""
    files = list_files(folder)
    _whole(folder, place / "warm")
    openpyxl.load_workbook(folder.folder / files[0])
    stages: dict[str, float] = {}
    evaluation = _evaluate(folder, files, stages)
    _write(evaluation, place, stages)
    whole = _timed(lambda: _whole(folder, place / "cold"))
    opened = _timed(lambda: [openpyxl.load_workbook(folder.folder / file) for file in files])
    marked, saved = _mark(folder, files)
    return Costs(
        departments=len(evaluation.departments),
        forms=len(evaluation.submissions),
        findings=len(evaluation.findings),
        stages=stages,
        whole=whole.seconds,
        opened=opened.seconds,
        marked=marked,
        saved=saved,
    )


def _mark(folder: RoundFolder, files: Sequence[str]) -> tuple[float, float]:
    """Marking all files for their departments, and openpyxl opening and saving what was marked."""
    reader = FileReader(folder.round.scheme)
    results = {file: reader.read(folder.folder / file, file) for file in files}
    dossiers = gather_dossiers(evaluate_results(folder.round, list(results.values())))
    work = list(zip(divide(folder.round, list(results.values())).briefs, dossiers, strict=True))
    edition = Edition(folder.round, None, "")

    def mark() -> list[str]:
        originals: list[str] = []
        for brief, dossier in work:
            own = [results[file] for file in brief.digests]
            _, returned = return_copies(folder.folder, brief, dossier, own, edition)
            originals += [file for _, file, _ in returned.originals]
        return originals

    marked = _timed(mark)
    saved = _timed(lambda: [_saved(folder.folder / file) for file in marked.result if file.endswith("x")])
    return marked.seconds, saved.seconds


def _saved(path: Path) -> int:
    stream = BytesIO()
    openpyxl.load_workbook(path).save(stream)
    return stream.tell()


def _whole(folder: RoundFolder, place: Path) -> None:
    """A run from scratch in this process, with all that it writes and keeps."""
    run_round(folder, place / "outputs", Means(InProcessEngine(), Memory(place / "state")))


def _evaluate(folder: RoundFolder, files: Sequence[str], stages: dict[str, float]) -> Evaluation:
    scheme = folder.round.scheme
    vocabulary = Vocabulary(scheme.forms)
    books = _timed(lambda: [read_workbook(folder.folder / file, file).workbook for file in files])
    recognised = _timed(
        lambda: [read_sheets(book, vocabulary, scheme.lexicon) for book in books.result if book]
    )
    reader = FileReader(scheme)
    results = [reader.read(folder.folder / file, file) for file in files]
    evaluated = _timed(lambda: evaluate_results(folder.round, results))
    forms = evaluated.result.submissions
    entered = _timed(lambda: validate_entries(forms, folder.round.year, scheme))
    stages["open"], stages["recognise"] = books.seconds, recognised.seconds
    stages["evaluate"], stages["(entries)"] = evaluated.seconds, entered.seconds
    return evaluated.result


def _write(evaluation: Evaluation, place: Path, stages: dict[str, float]) -> None:
    place.mkdir(exist_ok=True)
    dossiers = gather_dossiers(evaluation)
    edition = Edition(evaluation.round, CREATED, "0", "../../inputs/round/")
    book = partial(write_workbook, place / "book.xlsx", title="", created=CREATED)
    tables = _timed(lambda: tidy_tables(evaluation))
    checked = _timed(lambda: validate_tables(tables.result))
    csvs = _timed(lambda: _write_csvs(place, tables.result))
    summary = _timed(lambda: book(summary_of(evaluation, edition)))
    feedback = _timed(lambda: [book(feedback_sheets(dossier, edition)) for dossier in dossiers])
    stages["tables"], stages["(results)"] = tables.seconds + checked.seconds + csvs.seconds, checked.seconds
    stages["summary"], stages["feedback"] = summary.seconds, feedback.seconds


def _write_csvs(place: Path, tables: Sequence[Table]) -> None:
    for table in tables:
        write_csv(place / "table.csv", table.columns, table.rows)


@dataclass(frozen=True, slots=True)
class _Timed(Generic[T]):
    result: T
    seconds: float


def _timed(work: Callable[[], T]) -> _Timed[T]:
    """Do the work once; seconds of this process alone, whatever else the machine is doing."""
    gc.collect()
    start = process_time()
    result = work()
    return _Timed(result, process_time() - start)
