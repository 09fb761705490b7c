"""The law for the worked rounds: who does all that the list says has only errors that no figure mends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.cells import CellRef, position_of
from jixiao.domain.findings import Severity
from jixiao.domain.submissions import put_figures
from jixiao.pipeline import find_rounds
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.settings import wordings_of
from tests.drawing.build import INPUTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jixiao.domain.rounds import ReportedFinding, Round
    from jixiao.evaluating.files import FileResult

WORDINGS = wordings_of((seeds_folder(),))


def read(name: str) -> tuple[Round, list[FileResult]]:
    (folder,) = find_rounds(INPUTS, [name])
    reader = FileReader(folder.round.scheme)
    files = sorted(path for path in (INPUTS / name).rglob("*") if path.suffix in {".xlsx", ".xls"})
    own = {each.file for each in (folder.round.roster, folder.round.accounts) if each}
    names = {path: path.relative_to(INPUTS / name).as_posix() for path in files}
    return folder.round, [reader.read(path, file) for path, file in names.items() if file not in own]


def errors(round_: Round, results: Sequence[FileResult]) -> list[ReportedFinding]:
    found = evaluate_results(round_, results).findings
    return [each for each in found if each.severity is Severity.ERROR]


def figures(found: Iterable[ReportedFinding]) -> dict[CellRef, str]:
    put: dict[CellRef, str] = {}
    for each in found:
        at = position_of(each.cell)
        if WORDINGS[each.code].figure and at and each.expected:
            put[CellRef(each.file, each.sheet, *at)] = each.expected
        put |= {cell.ref: cell.figure for cell in each.corrections}
    return put


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("hunan-2024", {"A102", "X101", "S101", "P110"}),
        ("yueyang-2020", {"S121"}),
    ],
)
def test_following_the_list_leaves_only_errors_whose_remedy_is_no_figure(name: str, left: set[str]) -> None:
    round_, results = read(name)
    before = errors(round_, results)
    put = figures(before)
    followed = [
        replace(each, submissions=tuple(put_figures(form, put) for form in each.submissions))
        for each in results
    ]
    after = errors(round_, followed)
    assert {each.code for each in after} == left
    assert {(each.code, each.file, each.sheet, each.cell) for each in after} <= {
        (each.code, each.file, each.sheet, each.cell) for each in before
    }


def test_the_figures_of_the_list_go_together() -> None:
    put = {f"{at.sheet}!{at.a1}": value for at, value in figures(errors(*read("hunan-2024"))).items()}
    assert {at: put[at] for at in ("附件3-2!F6", "附件3-2!H6", "附件3-2!I6", "附件3-2!H20")} == {
        "附件3-2!F6": "113.40",
        "附件3-2!H6": "94.50%",
        "附件3-2!I6": "9.45",
        "附件3-2!H20": "99.45",
    }
    assert put["项目支出明细!B17"] == "1,492.00"
