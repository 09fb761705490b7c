from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.domain.cells import Grid, Workbook
from jixiao.domain.own_sheets import (
    FORM_NAME,
    Fingerprint,
    fingerprinted_grids,
    sheet_fingerprint,
    workbook_fingerprint,
)

PRINTED = Fingerprint("project-self-evaluation", "national", 2024)
FILLED = Grid("a.xlsx", "甲", {(0, 0): Decimal(1)})
OTHER = Grid("a.xlsx", "乙", {(0, 0): Decimal(2)})
EMPTY = Grid("a.xlsx", "丙", {})
NAMED = replace(OTHER, names={FORM_NAME: "overall|hunan|2023"})


def workbook(*grids: Grid, marked: bool = True) -> Workbook:
    return Workbook("a.xlsx", "", grids, PRINTED.properties if marked else {})


def test_text_and_properties_say_the_same() -> None:
    assert Fingerprint.parse(PRINTED.text) == PRINTED
    assert Fingerprint.of_properties(PRINTED.properties) == PRINTED


@pytest.mark.parametrize("text", ["", "表", "a|b", "a|b|c", "a||2024", "a|b|2024|c"])
def test_other_texts_are_no_fingerprint(text: str) -> None:
    assert Fingerprint.parse(text) is None


@pytest.mark.parametrize(
    ("grids", "marked", "forms"),
    [
        ((FILLED, EMPTY), True, ["project-self-evaluation", None]),
        ((FILLED, OTHER), True, [None, None]),
        ((FILLED, replace(OTHER, hidden=True)), True, ["project-self-evaluation", None]),
        ((FILLED, NAMED), False, [None, "overall"]),
        ((NAMED,), True, ["overall"]),
        ((FILLED,), False, [None]),
    ],
)
def test_which_sheet_a_fingerprint_is_of(
    grids: tuple[Grid, ...],
    marked: bool,  # noqa: FBT001 - a case's own field
    forms: list[str | None],
) -> None:
    found = (sheet_fingerprint(grid) for grid in fingerprinted_grids(workbook(*grids, marked=marked)))
    assert [each.form if each else None for each in found] == forms


def test_a_sheet_says_more_than_the_document() -> None:
    assert workbook_fingerprint(workbook(FILLED)) == PRINTED
    assert workbook_fingerprint(workbook(FILLED, NAMED)) == Fingerprint("overall", "hunan", 2023)
    assert workbook_fingerprint(workbook(FILLED, marked=False)) is None
