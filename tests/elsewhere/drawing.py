"""Layouts written as text: one row a line, cells between bars, each figure followed by what it is.

`<` continues the cell to the left, `^` the one above; `\\n` breaks a line within a cell. What follows a cell
in braces says how an auditor reads it: `12.5{funds.total.executed}`; `{funds.total.executed=0.5}` gives the
value in the project's units where the printed one differs, `{…=1;…=2}` those of a cell that holds several.
A row of the department's own is `*` in place of its item; of an indicator `weight`, `score`, `target` and
`actual` are said.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area
from tests.builders.files import Sheet

if TYPE_CHECKING:
    from jixiao.domain.cells import Position

FOLDER = Path(__file__).parent / "forms"
_EXPECTED = re.compile(r"\{([^{}]+)\}$")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a cell is to be read as: its address, and its figure or text in the project's units."""

    address: str
    value: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layout as a sheet, with what its cells are, which of its figures are none, and what must be found."""

    name: str
    scheme: str
    year: int
    forms: tuple[str, ...]
    sheet: Sheet
    expected: dict[Position, set[Expected]]
    findings: frozenset[str]
    """`code cell` of every error and warning that has to stand."""
    allowed: frozenset[str] = frozenset()
    """What may stand besides."""
    listed: frozenset[str] = frozenset()
    """The cells of headings whose figures no part of the form takes."""
    plain: frozenset[str] = frozenset()
    """Cells with numbers that are no figures: numberings, codes, years."""


def load(path: Path) -> Drawn:
    """Read a layout file."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    values: dict[Position, str | Decimal] = {}
    expected: dict[Position, set[Expected]] = {}
    areas: dict[Position, Area] = {}
    anchors: dict[Position, Position] = {}
    for row, line in enumerate(raw["rows"].strip("\n").split("\n")):
        for column, cell in enumerate(line.split("|")):
            text = cell.strip().replace("\\n", "\n")
            at = (row, column)
            if text in {"<", "^"}:
                anchor = anchors[(row, column - 1) if text == "<" else (row - 1, column)]
                before = areas.get(anchor, Area(*anchor, *anchor))
                areas[anchor] = Area(*anchor, max(before.bottom, row), max(before.right, column))
                anchors[at] = anchor
                continue
            anchors[at] = at
            found = _EXPECTED.search(text)
            text = text[: found.start()] if found else text
            if text:
                values[at] = _typed(text)
            if found:
                expected[at] = {_expected(each, text) for each in found[1].split(";")}
    return Drawn(
        path.stem,
        raw["scheme"],
        raw["year"],
        tuple(raw["forms"]),
        Sheet(values, tuple(areas.values()), name="Sheet1"),
        expected,
        frozenset(raw.get("findings", ())),
        frozenset(raw.get("allowed", ())),
        frozenset(raw.get("listed", ())),
        frozenset(raw.get("plain", ())),
    )


def _expected(said: str, text: str) -> Expected:
    address, given, value = said.partition("=")
    return Expected(address, value if given else text)


def _typed(text: str) -> str | Decimal:
    if text.startswith("'"):
        return text[1:]
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
