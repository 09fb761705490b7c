"""What one file gave: its filled forms, what became of its other sheets, what reading it found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.findings import Finding
    from jixiao.domain.submissions import SheetOutcome, Submission


@dataclass(frozen=True, slots=True)
class Stray:
    """Why a sheet seems to be a list, and which departments it names.

    `owned`: it, or its workbook, says who sent it.
    """

    reason: str
    names: frozenset[str]
    owned: bool


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave. `modified` is the stamp inside the workbook ("" where its format has none).

    `strays` says by sheet why it seems to be a list of the finance department's own.
    """

    file: str
    sha256: str
    modified: str = ""
    submissions: tuple[Submission, ...] = ()
    outcomes: tuple[SheetOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    strays: Mapping[str, Stray] = field(default_factory=dict)
