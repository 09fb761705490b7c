"""What the program makes of a printed form, from reading to the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.evaluating.files import FileResult
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.sheets import read_sheets
from tests.layouts.content import YEAR
from tests.layouts.rendering import is_written, workbook_of, write_form

if TYPE_CHECKING:
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.scheme import Scheme
    from tests.layouts.arrangement import Form

ABOUT_THE_ROUND: Final = frozenset({"P105"})
"""Said of what else a department sent, not of the form."""
_SAID_ALOUD = {Severity.BLOCKING, Severity.ERROR, Severity.WARNING}


@dataclass(frozen=True, slots=True)
class Outcome:
    """An evaluation of one workbook."""

    evaluation: Evaluation

    @property
    def raised(self) -> tuple[ReportedFinding, ...]:
        """Findings above info that concern the form."""
        return tuple(
            each
            for each in self.evaluation.findings
            if each.severity in _SAID_ALOUD and each.code not in ABOUT_THE_ROUND
        )


@cache
def national() -> Scheme:
    return load_scheme("national", seeds_folder())


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(national().forms)


@cache
def _reader() -> FileReader:
    return FileReader(national())


def read_form(form: Form) -> Outcome:
    """Read, score and audit one workbook in this process."""
    result = _through_a_file(form) if is_written(form) else _from_grids(form)
    return Outcome(evaluate_results(Round("", YEAR, national()), [result]))


def _from_grids(form: Form) -> FileResult:
    workbook = workbook_of(form)
    sheets = read_sheets(workbook, _vocabulary(), national().lexicon)
    return FileResult(
        workbook.file,
        workbook.sha256,
        "",
        tuple(sheets.submissions),
        tuple(sheets.outcomes),
        tuple(sheets.findings),
    )


def _through_a_file(form: Form) -> FileResult:
    with TemporaryDirectory() as folder:
        path = write_form(form, Path(folder))
        return _reader().read(path, path.name)
