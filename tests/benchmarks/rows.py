"""The summary workbook of many rows, beside XlsxWriter alone writing the same cells.

1,000 departments of ten projects with 20 indicators each: more than 200,000 rows of 指标明细. What is timed
is everything from the contents of rows to the finished file; making the contents is not. Each way runs in a
process of its own, which says how much memory it took at most.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import xlsxwriter

from jixiao.consolidation.edition import Edition
from jixiao.consolidation.shares import share_of
from jixiao.consolidation.summary import gather, summary_page, summary_sheets
from jixiao.domain.quantities import Verdict
from jixiao.domain.report import Formula, Kind, Link, Toned
from jixiao.evaluating.files import FileResult, light
from jixiao.pipeline.departments import spell_rows
from jixiao.pipeline.publication import SheetFile
from jixiao.workbooks.counting import Asked, WrittenBook
from jixiao.workbooks.writing import names_over, write_workbook
from tests.benchmarks.command import PROJECT
from tests.builders.evaluations import PROJECT_SHEETS, Row, evaluation, invented_department

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.consolidation.shares import Share
    from jixiao.domain.report import Content, SheetSpec
    from jixiao.domain.rounds import Evaluation

PROJECTS, INDICATORS = 10, 20
_CREATED = datetime(2025, 5, 6, 9, 30, tzinfo=UTC)
_LONG = "指标明细"
_FORMATS = {Kind.AMOUNT: "#,##0.00", Kind.SCORE: "0.00", Kind.RATE: "0.00%", Kind.COUNT: "0"}


@dataclass(frozen=True, slots=True)
class RowsCost:
    """Seconds of the processor for the workbook and for counting it again, megabytes at most, rows.

    `due` is how many rows of 指标明细 there have to be.
    """

    seconds: float
    counting: float
    megabytes: float
    rows: int
    due: int


def measure_rows(departments: int) -> tuple[RowsCost, RowsCost]:
    """Ours, and XlsxWriter alone."""
    ours, theirs = (_in_process(way, departments) for way in ("ours", "xlsxwriter"))
    return ours, theirs


def _in_process(way: str, departments: int) -> RowsCost:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(PROJECT / "src"), str(PROJECT)))}
    command = [sys.executable, "-m", "tests.benchmarks.rows", way, str(departments)]
    said = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)  # noqa: S603
    return RowsCost(**json.loads(said.stdout))


def evaluation_of(place: int) -> Evaluation:
    """An invented department with ten projects of 20 indicators each; the evaluation of it alone."""
    sheets, composite, findings = invented_department(place)
    overall, first = sheets[0], sheets[1]
    rows = tuple(_indicator(number) for number in range(1, INDICATORS + 1))
    projects = [
        replace(first, project=f"{PROJECT_SHEETS[0].project}{number}", sheet=f"附件3-{number}", rows=rows)
        for number in range(1, PROJECTS + 1)
    ]
    return evaluation((overall, *projects), composites=(composite,), findings=findings)


def _indicator(number: int) -> Row:
    level = "产出指标" if number % 2 else "效益指标"
    score = str(Decimal(80) / INDICATORS)
    return Row(
        level,
        "数量指标",
        f"虚构工作任务第{number}项完成数（件）",
        "≥12",
        "13",
        score,
        score,
        score,
        Verdict.MET,
    )


def _shares(departments: int, edition: Edition) -> Iterator[tuple[Evaluation, str, Share]]:
    for place in range(1, departments + 1):
        own = evaluation_of(place)
        (name,) = own.departments
        yield own, name, share_of(own, name, edition)


def write_ours(place: Path, departments: int) -> RowsCost:
    """Rows spelled department by department, assembled in the order of rank."""
    edition, seconds = _edition(), 0.0
    facts, forms = [], []
    with tempfile.TemporaryFile(dir=place) as passing:
        sheets = SheetFile(passing)
        for own, name, share in _shares(departments, edition):
            start = process_time()
            sheets.add(name, spell_rows({}, share.sheets).sheets)
            seconds += process_time() - start
            facts.append(share.facts)
            files = (FileResult(form.file, form.sha256, submissions=(form,)) for form in own.submissions)
            forms += [form for file in files for form in light(file).submissions]
        outline = replace(evaluation((), composites=(), findings=()), submissions=tuple(forms), statuses={})
        start = process_time()
        gathered = gather(outline, facts)
        written = summary_sheets(gathered, sheets, edition)
        page = summary_page(gathered, edition, written, {})
        book = place / "ours.xlsx"
        write_workbook(book, written, title="", created=_CREATED, page=page, rows=sheets.placed)
        seconds += process_time() - start
        start = process_time()
        (long,) = (sheet for sheet in written if sheet.name == _LONG)
        rows = _count(book, long, sheets.sizes(_LONG))
        counting = process_time() - start
    return RowsCost(seconds, counting, _megabytes(), rows, _due(departments))


def _count(book: Path, sheet: SheetSpec, size: int) -> int:
    """The rows of a sheet in the finished file, on however many sheets they stand."""
    with closing(WrittenBook(book)) as written:
        titles = [column.title for column in sheet.columns]
        found = written.count(names_over(sheet, size), titles, [Asked("rows", by="部门")], len(sheet.totals))
    return int(sum(found["rows"].values()))


def write_theirs(place: Path, departments: int) -> RowsCost:
    """The same rows by XlsxWriter in its constant-memory mode, row by row as they come."""
    edition, seconds = _edition(), 0.0
    book = xlsxwriter.Workbook(str(place / "theirs.xlsx"), {"constant_memory": True, "tmpdir": str(place)})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    sheets: dict[str, Any] = {}
    lengths: dict[str, int] = {}
    for _, _, share in _shares(departments, edition):
        start = process_time()
        for part, sheet in share.sheets.items():
            if part.name not in sheets:
                sheets[part.name], lengths[part.name] = book.add_worksheet(part.name), 0
            kinds = [formats.get(column.kind) for column in sheet.columns]
            for row in sheet.rows:
                _write_row(sheets[part.name], lengths[part.name], row, kinds)
                lengths[part.name] += 1
        seconds += process_time() - start
    start = process_time()
    book.close()
    seconds += process_time() - start
    return RowsCost(seconds, 0, _megabytes(), lengths[_LONG], _due(departments))


def _write_row(sheet: Any, row: int, contents: tuple[Content, ...], kinds: list[Any]) -> None:  # noqa: ANN401 - XlsxWriter has no types
    for column, (content, look) in enumerate(zip(contents, kinds, strict=True)):
        if isinstance(content, Formula):
            sheet.write_formula(row, column, f"=A{row + 1}", look, content.value)
        elif isinstance(content, Toned | Link):
            sheet.write_string(row, column, content.text, look)
        elif isinstance(content, str):
            sheet.write_string(row, column, content, look)
        elif content is None:
            sheet.write_blank(row, column, None, look)
        else:
            sheet.write_number(row, column, content, look)


def _edition() -> Edition:
    return Edition(evaluation((), composites=(), findings=()).round, _CREATED, "0")


def _due(departments: int) -> int:
    overall = len(evaluation_of(1).cards[0].indicators)
    return departments * (overall + PROJECTS * INDICATORS)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    way, departments = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as base:
        cost = {"ours": write_ours, "xlsxwriter": write_theirs}[way](Path(base), departments)
    fields = ("seconds", "counting", "megabytes", "rows", "due")
    sys.stdout.write(json.dumps({name: getattr(cost, name) for name in fields}))
