"""Figures that no form should hold, in numeric cells of the worked forms: findings, never an exception."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pytest

from jixiao.evaluating.files import FileResult
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline import find_rounds
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.sheets import read_sheets
from jixiao.workbooks.reading import read_workbook
from tests.builders.results import publish_whole
from tests.drawing.build import INPUTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jixiao.domain.cells import Value, Workbook
    from jixiao.domain.rounds import Evaluation, Round

EXTREMES = tuple(
    map(Decimal, ("1E+30", "1E-30", "-0", "1E+300", "-1E+300", "1" * 40, f"0.{'1' * 40}", "1E-300"))
)


@cache
def sent(name: str) -> tuple[Round, tuple[Workbook, ...], Vocabulary]:
    (folder,) = find_rounds(INPUTS, [name])
    own = {each.file for each in (folder.round.roster, folder.round.accounts) if each}
    paths = sorted(path for path in (INPUTS / name).rglob("*") if path.suffix in {".xlsx", ".xls"})
    files = {path.relative_to(INPUTS / name).as_posix(): path for path in paths}
    read = (read_workbook(path, file).workbook for file, path in files.items() if file not in own)
    return folder.round, tuple(each for each in read if each), Vocabulary(folder.round.scheme.forms)


def evaluated(name: str, put: Callable[[Decimal], Value]) -> Evaluation:
    """The round with other figures in its numeric cells."""
    round_, workbooks, vocabulary = sent(name)
    results = []
    for workbook in workbooks:
        grids = tuple(
            replace(
                grid,
                values={
                    at: put(value) if isinstance(value, Decimal) else value
                    for at, value in grid.values.items()
                },
            )
            for grid in workbook.grids
        )
        sheets = read_sheets(replace(workbook, grids=grids), vocabulary, round_.scheme.lexicon)
        results.append(
            FileResult(
                workbook.file,
                workbook.sha256,
                submissions=tuple(sheets.submissions),
                outcomes=tuple(sheets.outcomes),
                findings=tuple(sheets.findings),
            )
        )
    return evaluate_results(round_, results)


@pytest.mark.parametrize("extreme", EXTREMES, ids=str)
def test_every_figure_of_a_round_may_be_absurd(extreme: Decimal, tmp_path: Path) -> None:
    evaluation = evaluated("yueyang-2020", lambda _: extreme)
    assert {each.code for each in evaluation.findings} & {"F105", "F109"} == set()
    publish_whole(evaluation, tmp_path)


@pytest.mark.parametrize(("name", "share"), [("hunan-2024", 0.01), ("yueyang-2020", 0.1)])
def test_so_may_some_of_them_as_numbers_and_as_texts(name: str, share: float, tmp_path: Path) -> None:
    chance = random.Random(name)  # noqa: S311 no secret

    def put(value: Decimal) -> Value:
        extreme = chance.choice(EXTREMES)
        if chance.random() > share:
            return value
        return extreme if chance.random() > share else str(extreme)

    evaluation = evaluated(name, put)
    assert evaluation.findings
    publish_whole(evaluation, tmp_path)
