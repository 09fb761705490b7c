"""All but project forms in layouts of other places, each judged before the program saw it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.cells import CellRef
from tests.elsewhere.drawing import FOLDER, load
from tests.elsewhere.running import run

if TYPE_CHECKING:
    from jixiao.domain.cells import Position
    from tests.elsewhere.drawing import Drawn
    from tests.elsewhere.running import Outcome

NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def ran(name: str) -> tuple[Drawn, Outcome]:
    drawn = load(FOLDER / f"{name}.toml")
    return drawn, run(drawn)


def a1(at: Position) -> str:
    return CellRef("", "", *at).a1


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_what_an_auditor_reads(name: str) -> None:
    drawn, outcome = ran(name)
    assert sorted(form.form for form in outcome.submissions) == sorted(drawn.forms)
    assert {a1(at): found for at, found in outcome.figures.items()} == {
        a1(at): wanted for at, wanted in drawn.expected.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_lost(name: str) -> None:
    drawn, outcome = ran(name)
    assert {a1(at) for at in outcome.listed} == drawn.listed
    rows = {row for row, _ in outcome.listed}
    columns = {column: row for row, column in sorted(outcome.listed, reverse=True)}
    lost = {
        a1(at)
        for at, value in drawn.sheet.values.items()
        if isinstance(value, Decimal)
        and at not in outcome.figures
        and at[0] not in rows
        and columns.get(at[1], at[0]) >= at[0]
    }
    assert lost == drawn.plain


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_is_what_an_auditor_would_send_back(name: str) -> None:
    drawn, outcome = ran(name)
    found = {f"{each.code} {each.cell}": each.message for each in outcome.findings}
    assert found.keys() >= drawn.findings
    assert {mark: words for mark, words in found.items() if mark not in drawn.findings | drawn.allowed} == {}
