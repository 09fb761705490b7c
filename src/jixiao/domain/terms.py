"""A term（用语）: a label of a form that no known word explains, with what it was taken for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.domain.cells import CellRef


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
