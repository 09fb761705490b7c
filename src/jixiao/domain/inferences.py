"""What a reading rests on that nobody printed: a label known by its place, a unit, a name by likeness."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.domain.cells import CellRef


class Basis(StrEnum):
    """Why something was taken for what it is, though no known word says so."""

    STRUCTURE = "structure"
    """By its place and by what stands in its row or column."""
    LIKENESS = "likeness"
    """By a known word that it is nearly written like."""
    UNIT = "unit"
    """A unit of money by the figures that have to agree."""
    NAME = "name"
    """A department, project or year that does not stand where it belongs, or nearly the same name."""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A label that was taken for nothing, though it stands where labels stand: a header without a column."""

    ref: CellRef
    text: str


@dataclass(frozen=True, slots=True)
class Inference:
    """One thing inferred while reading a form.

    `ref` and `text` are the cell and its words as printed. `address` is what they were taken for, as in
    layouts: a field ("department"), a row ("funds.total"), a column of every row ("funds..executed",
    "indicators..target"), a table ("funds") or "" (the whole form); `title` is its Chinese
    name. `reason` is one Chinese clause that says why, `certainty` in percent how surely.
    """

    basis: Basis
    ref: CellRef
    text: str
    address: str
    title: str
    reason: str
    certainty: int
