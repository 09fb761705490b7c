"""A printed form as a reader gets it, and what the program makes of it, from reading to the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from jixiao.domain.cells import Workbook
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.evaluating.files import FileResult
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.sheets import read_sheets
from tests.builders.files import Sheet, ods_file, xlsb_file
from tests.builders.readings import national, reader, vocabulary
from tests.drawing.drawing import Cell, Drawing
from tests.drawing.writing import write_xls, write_xlsx
from tests.layouts.content import YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from tests.layouts.arrangement import Form
    from tests.layouts.canvas import Canvas


def workbook_of(form: Form) -> Workbook:
    """The form's workbook without writing a file."""
    grids = [canvas.grid() for canvas in _canvases(form)]
    return Workbook(form.canvas.file, "0" * 64, tuple(grids))


def write_form(form: Form, folder: Path) -> Path:
    """The form as a file of the plan's format; returns its path."""
    path = folder / form.canvas.file
    kind = form.plan.of("format")
    canvases = _canvases(form)
    if kind in {"ods", "xlsb"}:
        write = ods_file if kind == "ods" else xlsb_file
        path.write_bytes(write(_sheet(canvases[0])))
        return path
    if kind in {"xls", "et"}:
        plain = path.with_suffix(".xls")
        write_xls(plain, [_drawing(each) for each in canvases])
        return plain.rename(path)
    write_xlsx(path, [_drawing(each) for each in canvases])
    return path


def is_written(form: Form) -> bool:
    """Whether the form goes through a file: those formats hold one sheet and no errors as we write them."""
    return not form.plan.has("format", "grid")


def _canvases(form: Form) -> Sequence[Canvas]:
    return [form.canvas, *([form.second] if form.second else [])]


def _drawing(canvas: Canvas) -> Drawing:
    cells = {at: Cell(value, "text", code) for at, (value, code) in canvas.cells.items()}
    return Drawing(canvas.sheet, cells, tuple(canvas.areas), {}, dict(canvas.roles))


def _sheet(canvas: Canvas) -> Sheet:
    values: dict[tuple[int, int], str | Decimal] = {}
    for at, (value, _) in canvas.cells.items():
        if value is not None:
            values[at] = value  # type: ignore[assignment]  # right forms hold texts and numbers only
    percents = frozenset(at for at, (_, code) in canvas.cells.items() if "%" in code)
    return Sheet(values, tuple(canvas.areas), percents, canvas.sheet)


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


def read_form(form: Form) -> Outcome:
    """Read, score and audit one workbook in this process."""
    result = _through_a_file(form) if is_written(form) else _from_grids(form)
    return Outcome(evaluate_results(Round("", YEAR, national()), [result]))


def _from_grids(form: Form) -> FileResult:
    workbook = workbook_of(form)
    sheets = read_sheets(workbook, vocabulary(), national().lexicon)
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
        return reader().read(path, path.name)
