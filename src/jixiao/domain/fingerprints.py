"""The fingerprint of a blank form: which form, of which scheme, for which year; carried by the filled one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Grid, Workbook

SHEET_NAME = "jixiao_form"
"""The name, defined on the form's own sheet, whose text is the fingerprint: it goes where the sheet goes."""
_FORM, _SCHEME, _YEAR = "jixiao.form", "jixiao.scheme", "jixiao.year"
_SEPARATOR = "|"
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a blank form says about itself."""

    form: str
    scheme: str
    year: int

    @property
    def text(self) -> str:
        """In one text, for a defined name."""
        return _SEPARATOR.join((self.form, self.scheme, str(self.year)))

    @property
    def properties(self) -> dict[str, str]:
        """As document properties."""
        return {_FORM: self.form, _SCHEME: self.scheme, _YEAR: str(self.year)}

    @classmethod
    def parse(cls, text: str) -> Fingerprint | None:
        """From the text of a defined name; None where it is something else."""
        parts = text.split(_SEPARATOR)
        return cls._of(*parts) if len(parts) == _PARTS else None

    @classmethod
    def of_properties(cls, properties: Mapping[str, str]) -> Fingerprint | None:
        """From document properties; None where they hold none."""
        return cls._of(*(properties.get(name, "") for name in (_FORM, _SCHEME, _YEAR)))

    @classmethod
    def _of(cls, form: str, scheme: str, year: str) -> Fingerprint | None:
        return cls(form, scheme, int(year)) if form and scheme and year.isdecimal() else None


def sheet_fingerprint(grid: Grid) -> Fingerprint | None:
    """The fingerprint that a sheet carries; None for one that was not made as a blank form."""
    return Fingerprint.parse(grid.names.get(SHEET_NAME, ""))


def fingerprinted_grids(workbook: Workbook) -> tuple[Grid, ...]:
    """The sheets with their fingerprints: their own, or the document's where one sheet alone is filled.

    A sheet that was copied into another workbook keeps its names and loses the document; one that was saved
    in a format without such names keeps the document. Of several sheets, nobody knows which one is meant.
    """
    document = Fingerprint.of_properties(workbook.properties)
    filled = [grid for grid in workbook.grids if grid.values and not grid.hidden]
    if document is None or len(filled) != 1 or sheet_fingerprint(filled[0]):
        return workbook.grids
    names = {**filled[0].names, SHEET_NAME: document.text}
    return tuple(replace(grid, names=names) if grid is filled[0] else grid for grid in workbook.grids)


def workbook_fingerprint(workbook: Workbook) -> Fingerprint | None:
    """The fingerprint of a file: that of its first sheet that has one, else the document's."""
    sheets = (sheet_fingerprint(grid) for grid in workbook.grids)
    return next(filter(None, sheets), None) or Fingerprint.of_properties(workbook.properties)
