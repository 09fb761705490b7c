"""What a reading rests on that nobody printed, and the terms（用语）that no known word explains."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.domain.cells import CellRef

_LATIN_WORD = re.compile(r"[A-Za-z]{2}")


def has_words(text: str) -> bool:
    """Whether a label says anything: numbers of rows and letters of columns (12、（三）、④、B/A) do not."""
    spoken = "".join(each for each in text if unicodedata.numeric(each, None) is None)
    plain = unicodedata.normalize("NFKC", spoken)
    return bool(_LATIN_WORD.search(plain)) or any(each.isalpha() and not each.isascii() for each in plain)


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


@dataclass(frozen=True, slots=True)
class Term:
    """One label text on the forms of one kind in a round.

    `address` is what it was taken for (see Inference), "" where it was taken for nothing; `title` that
    place's Chinese name, `reason` one clause that says why, `certainty` in percent; `places` where it stands.
    """

    form: str
    text: str
    address: str
    title: str
    reason: str
    certainty: int
    places: tuple[CellRef, ...]
