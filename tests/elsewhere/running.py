"""A drawn layout written as a workbook, read and evaluated as a round of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.consolidation.figures import figures_of
from jixiao.domain.amounts import plain
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.domain.submissions import State
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.reading import FileReader
from tests.builders.files import xlsx_file
from tests.elsewhere.drawing import Expected

if TYPE_CHECKING:
    from jixiao.domain.cells import Position
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission
    from tests.elsewhere.drawing import Drawn


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the program made of one layout: submissions, each figure by cell, findings above info."""

    submissions: tuple[Submission, ...]
    figures: dict[Position, set[Expected]]
    listed: frozenset[Position]
    """The cells of headings whose figures no part of the form takes, said to be so."""
    findings: tuple[ReportedFinding, ...]


@cache
def scheme_of(name: str) -> Scheme:
    return load_scheme(name, seeds_folder())


@cache
def reader_of(name: str) -> FileReader:
    return FileReader(scheme_of(name))


def run(drawn: Drawn) -> Outcome:
    """Evaluate the layout as the only workbook of a round."""
    scheme = scheme_of(drawn.scheme)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "报送表.xlsx"
        path.write_bytes(xlsx_file(drawn.sheet))
        result = reader_of(drawn.scheme).read(path, path.name)
    evaluation = evaluate_results(Round("轮次", drawn.year, scheme), [result])
    figures: dict[Position, set[Expected]] = {}
    for form in evaluation.submissions:
        for at, found in _figures(form, scheme):
            figures.setdefault(at, set()).add(found)
    listed = frozenset(
        (each.ref.row, each.ref.column) for form in evaluation.submissions for each in form.unrecognised
    )
    grave = tuple(each for each in evaluation.findings if each.severity is not Severity.INFO)
    return Outcome(evaluation.submissions, figures, listed, grave)


def _figures(form: Submission, scheme: Scheme) -> list[tuple[Position, Expected]]:
    layout = scheme.form(form.form)
    items = {(table.name, item.name) for table in layout.tables for item in table.items}
    found = []
    for each in figures_of(form, layout):
        item = each.item if (each.block, each.item) in items or each.item == "total" else "*"
        address = each.item if each.block == "fields" else f"{each.block}.{item}.{each.column}"
        if each.ref is not None:
            shown = each.text if each.value is None else plain(each.value)
            found.append(((each.ref.row, each.ref.column), Expected(address, shown)))
    names = {"weight": "weight", "self_score": "score", "target": "target", "actual": "actual"}
    for indicator in form.indicators:
        for name, address in names.items():
            entry = indicator.entries.get(name)
            if entry and entry.state is not State.BLANK:
                text = plain(entry.value) if entry.value is not None else entry.text
                found.append(((entry.ref.row, entry.ref.column), Expected(address, text)))
    return found
