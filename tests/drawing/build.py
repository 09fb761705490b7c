"""Builds a worked example's workbooks from its facts: `python -m tests.drawing.build hunan-2024`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tests.drawing.facts import FOLDER, WorkbookFacts, load_workbooks
from tests.drawing.layout import draw
from tests.drawing.writing import write_xls, write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = FOLDER.parents[1] / "inputs"


def build(name: str, folder: Path) -> tuple[Path, ...]:
    """Write all files of the example `name` below `folder`; give their paths in the order of the facts."""
    facts = sorted((FOLDER / name / "departments").glob("*.toml"))
    return tuple(_write(workbook, folder) for path in facts for workbook in load_workbooks(path))


def _write(workbook: WorkbookFacts, folder: Path) -> Path:
    path = folder / workbook.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if workbook.text:
        path.write_text(workbook.text, encoding="utf-8", newline="\n")
    elif path.suffix == ".xls":
        write_xls(path, [draw(sheet) for sheet in workbook.sheets])
    else:
        write_xlsx(path, [draw(sheet) for sheet in workbook.sheets])
    return path


def main() -> None:
    """Build the named example into inputs/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("example", help="name of a folder below seeds/examples")
    name = parser.parse_args().example
    build(name, INPUTS / name)


if __name__ == "__main__":
    main()
