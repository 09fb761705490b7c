"""Rounds to measure: generated departments of seven correct forms, and the worked one under other names.

Real departments have findings, detail tables and texts of uneven length, which generated ones never have: the
worked workbook stands for them, each copy with a department of its own inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from tests.builders.rounds import department_forms, write_round
from tests.drawing.layout import draw
from tests.drawing.writing import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

WORKED = Path(__file__).parents[2] / "inputs" / "hunan-2024" / "省委金融办2024年度绩效自评表.xlsx"
_DEPARTMENT = "中共湖南省委金融委员会办公室"
_STRINGS = "xl/sharedStrings.xml"
_SEED, _EDITED_SEED = 1, 2


def write_generated(folder: Path, departments: int) -> None:
    """A round of correct workbooks of seven forms."""
    write_round(folder, departments, _SEED)


def write_worked(folder: Path, departments: int) -> None:
    """A round of copies of the worked workbook of twelve forms."""
    folder.mkdir(parents=True)
    (folder / "round.toml").write_text('scheme = "hunan-provincial"\nyear = 2024\n', encoding="utf-8")
    for number in range(1, departments + 1):
        name = f"云梦泽省虚构第{number}办公室"
        _rename(WORKED, folder / f"{name}.xlsx", name)


def edit_generated(folder: Path, count: int) -> None:
    """Other figures in the first `count` workbooks of a generated round."""
    for number in range(1, count + 1):
        name = f"云梦泽省虚构第{number}局"
        write_xlsx(folder / f"{name}.xlsx", [draw(form) for form in department_forms(name, _EDITED_SEED)])


KINDS: dict[str, Callable[[Path, int], None]] = {"generated": write_generated, "worked": write_worked}
"""What writes a round of so many departments, by the name of the kind."""


def _rename(source: Path, target: Path, department: str) -> None:
    """A copy of a workbook whose texts name another department."""
    with ZipFile(source) as book, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for part in book.infolist():
            content = book.read(part)
            if part.filename == _STRINGS:
                content = content.replace(_DEPARTMENT.encode(), department.encode())
            copy.writestr(part, content)
