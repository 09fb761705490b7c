"""The published municipal forms in other layouts: the same score and findings, wherever they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline import find_rounds
from tests.builders.folders import table, work_off
from tests.drawing.facts import FOLDER, PrintedFacts, load_workbooks
from tests.drawing.layout import draw
from tests.drawing.writing import write_xls, write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from tests.drawing.facts import Raw

PROFILE, TABLE = (
    sheet
    for workbook in load_workbooks(FOLDER / "yueyang-2020" / "departments" / "1-finance-office.toml")
    for sheet in workbook.sheets
    if isinstance(sheet, PrintedFacts)
)


def full_rows(facts: PrintedFacts, width: int) -> tuple[tuple[Raw, ...], ...]:
    """Rows of a wider sheet: merged to the form's own last column, blank beyond."""
    own = len(facts.widths)
    return tuple((*row, *["<"] * (own - len(row)), *[""] * (width - own)) for row in facts.rows)


def stacked() -> PrintedFacts:
    """Both forms on one sheet."""
    rows = (*full_rows(PROFILE, 8), ("",) * 8, *full_rows(TABLE, 8))
    return replace(PROFILE, sheet="Sheet1", rows=rows)


def unmerged(facts: PrintedFacts) -> PrintedFacts:
    """As a program without merged cells saves it: every covered cell blank."""
    width = len(facts.widths)
    rows = tuple(tuple("" if cell in {"<", "^"} else cell for cell in row) for row in full_rows(facts, width))
    return replace(facts, rows=rows)


def shifted(facts: PrintedFacts) -> PrintedFacts:
    """Three rows down and two columns to the right."""
    width = len(facts.widths)
    blank = (("",) * (width + 2),) * 3
    rows = (*blank, *(("", "", *row) for row in full_rows(facts, width)))
    return replace(facts, widths=(4, 4, *facts.widths), rows=rows)


@pytest.mark.parametrize(
    ("sheets", "name"),
    [
        ((TABLE, PROFILE), "reversed.xlsx"),
        ((stacked(),), "stacked.xlsx"),
        ((unmerged(stacked()),), "stacked and unmerged.xlsx"),
        ((unmerged(PROFILE), unmerged(TABLE)), "unmerged.xls"),
        ((shifted(PROFILE), shifted(TABLE)), "shifted.xls"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_layout_changes_nothing(sheets: tuple[PrintedFacts, ...], name: str, tmp_path: Path) -> None:
    folder = tmp_path / "inputs" / "other"
    folder.mkdir(parents=True)
    (folder / "round.toml").write_text('scheme = "yueyang-municipal"\nyear = 2020\n', encoding="utf-8")
    write = write_xls if name.endswith(".xls") else write_xlsx
    write(folder / name, [draw(sheet) for sheet in sheets])
    (round_,) = find_rounds(tmp_path / "inputs", ["other"])
    published = work_off(round_, tmp_path)
    assert sorted((row["code"], row["label"]) for row in table(published, "findings")) == [
        ("S120", "评价等次"),
        ("S122", "重点支出安排率"),
        ("S123", "“三公经费”变动率"),
        ("S123", "“三公经费”控制率"),
        ("S125", "总分"),
    ]
    totals = [row for row in table(published, "scores") if row["component"] == "total"]
    assert [(row["accepted_score"], row["verified_share"], row["self_grade"]) for row in totals] == [
        ("88", "11", "良")
    ]
