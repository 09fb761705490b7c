"""A finding: one thing wrong or doubtful, at a cell, with what was expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import CellRef


class Severity(StrEnum):
    """How bad a finding is; the first two send the submission back."""

    BLOCKING = "blocking"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding points to: a file, a sheet of it, a cell of that (A1). Empty strings mean the whole."""

    file: str
    sheet: str = ""
    cell: str = ""

    @classmethod
    def at(cls, ref: CellRef) -> Place:
        """The place of a cell."""
        return cls(ref.file, ref.sheet, ref.a1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check yields. Severity and sentence are looked up by `code` in seeds/findings.toml.

    `label` names the indicator or column, `reported` and `expected` are figures as printed (empty: not
    applicable), `figures` fills the further placeholders of the sentence, `subject` is the submission_id
    it belongs to (empty: a whole file or the round), `department` whom it concerns where neither subject nor
    file says so.
    """

    code: str
    place: Place
    subject: str = ""
    label: str = ""
    reported: str = ""
    expected: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    department: str = ""
    evidence: tuple[CellRef, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How seeds/findings.toml words one code. Placeholders in braces; see catalog.wordings."""

    code: str
    severity: Severity
    title: str
    message: str
    suggestion: str
    basis: str = ""
