"""What must not matter: blank rows and columns, where the form stands, merges, labels said again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.domain.cells import Area, Grid
from tests.builders.readings import parts, read
from tests.builders.sheets import PROJECT, project, sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from jixiao.domain.cells import Position

FAULTY = project(("390.00 | 10", "约390 | 10"), ("2,150只 | 10 | 10", "1,500只 | 10 | 10"))
GRIDS = {"right": sheet(PROJECT), "with faults": sheet(FAULTY)}
HEADER_AT = 10
HEIGHT, WIDTH = GRIDS["right"].height, GRIDS["right"].width
laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def moved(grid: Grid, place: Callable[[int, int], Position]) -> Grid:
    """The same sheet with every cell elsewhere; merges grow over what comes in between."""
    return replace(
        grid,
        values={place(*at): value for at, value in grid.values.items()},
        formats={place(*at): code for at, code in grid.formats.items()},
        merged=tuple(
            Area(*place(area.top, area.left), *place(area.bottom, area.right)) for area in grid.merged
        ),
    )


def said(grid: Grid) -> tuple[dict[str, object], list[str]]:
    """Everything the form says, and the codes of everything wrong with it, wherever."""
    form = read(grid)
    return parts(form.submission), sorted(code for code, _ in form.audit())


SAID = {name: said(grid) for name, grid in GRIDS.items()}


def test_the_grounds_of_these_laws() -> None:
    assert SAID["right"][1] == []
    assert SAID["with faults"][1] == ["P101", "S105", "V101"]


@pytest.mark.parametrize("name", GRIDS)
@laws
@given(down=st.integers(0, 40), right=st.integers(0, 12))
def test_moving_the_form(name: str, down: int, right: int) -> None:
    assert said(moved(GRIDS[name], lambda row, column: (row + down, column + right))) == SAID[name]


@pytest.mark.parametrize("name", GRIDS)
@laws
@given(rows=st.lists(st.integers(HEADER_AT + 1, HEIGHT), max_size=4))
def test_inserting_blank_rows_among_the_indicators(name: str, rows: list[int]) -> None:
    grid = moved(GRIDS[name], lambda row, column: (row + sum(at <= row for at in rows), column))
    assert said(grid) == SAID[name]


@pytest.mark.parametrize("name", GRIDS)
@laws
@given(columns=st.lists(st.integers(0, WIDTH), max_size=3))
def test_inserting_blank_columns(name: str, columns: list[int]) -> None:
    grid = moved(GRIDS[name], lambda row, column: (row, column + sum(at <= column for at in columns)))
    assert said(grid) == SAID[name]


@pytest.mark.parametrize("name", GRIDS)
@laws
@given(data=st.data())
def test_taking_merges_of_labels_away_and_saying_the_label_again(name: str, data: st.DataObject) -> None:
    grid = GRIDS[name]
    tall = [area for area in grid.merged if area.top > HEADER_AT and area.bottom > area.top]
    undone = data.draw(st.sets(st.sampled_from(tall)))
    repeated = {
        at: grid.values[area.top, area.left]
        for area in undone
        for at in area.positions()
        if data.draw(st.booleans())
    }
    merged = tuple(area for area in grid.merged if area not in undone)
    assert said(replace(grid, values={**grid.values, **repeated}, merged=merged)) == SAID[name]


@pytest.mark.parametrize("name", GRIDS)
@laws
@given(spaces=st.lists(st.tuples(st.integers(0, 200), st.sampled_from([" ", "　", "\n", "  "])), max_size=6))
def test_spaces_and_line_breaks_inside_labels(name: str, spaces: list[tuple[int, str]]) -> None:
    grid = GRIDS[name]
    header = [at for at in grid.values if at[0] == HEADER_AT]
    values = dict(grid.values)
    for number, space in spaces:
        at = header[number % len(header)]
        text = str(values[at])
        cut = number % (len(text) + 1)
        values[at] = text[:cut] + space + text[cut:]
    assert said(replace(grid, values=values)) == SAID[name]
