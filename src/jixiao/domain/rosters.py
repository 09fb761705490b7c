"""The roster（名册）: which departments owe which forms, and how what came compares with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding


@dataclass(frozen=True, slots=True)
class Due:
    """Forms that a department owes: so many of one kind, or the one of a named project.

    `form` "" means any form at all: the roster does not say which.
    """

    form: str
    project: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A department of the roster, as it spells its name; `ref` is its first row."""

    department: str
    code: str
    aliases: tuple[str, ...]
    due: tuple[Due, ...]
    ref: CellRef


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster of a round; `file` is relative to the round's folder."""

    file: str
    sha256: str
    entries: tuple[RosterEntry, ...]
    findings: tuple[Finding, ...] = ()


class Filing(StrEnum):
    """Whether what is owed has come."""

    FILED = "filed"
    LATE = "late"
    """All of it came, some of it after the deadline."""
    MISSING = "missing"
    EXTRA = "extra"
    """Nothing of the kind is owed by this department."""
    UNLISTED = "unlisted"
    """The department is not on the roster."""


@dataclass(frozen=True, slots=True)
class FilingRecord:
    """What a department owes of one kind of form, or for one project, and the ids of what came."""

    department: str
    code: str
    form: str
    project: str
    due: int
    filed: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    """Those among `filed` that came after the deadline in every version."""
    listed: bool = True

    @property
    def missing(self) -> int:
        """How many are owed still."""
        return max(self.due - len(self.filed), 0)

    @property
    def state(self) -> Filing:
        """One word for the whole record."""
        if not self.listed:
            return Filing.UNLISTED
        if self.missing:
            return Filing.MISSING
        if not self.due:
            return Filing.EXTRA
        return Filing.LATE if self.late else Filing.FILED


def is_late(stamp: str, deadline: date | datetime) -> bool:
    """Whether a workbook was certainly saved after the deadline; a date's whole day is in time.

    A stamp's clock time is taken as it stands. Programs write it in UTC, which is behind the clocks here, or
    in local time without saying so: this is the earlier reading, so that nobody is accused for a time zone.

    Args:
        stamp: ISO 8601; one that is none proves nothing.
        deadline: local date, or date and time.
    """
    last = deadline if isinstance(deadline, datetime) else datetime.combine(deadline, time.max)
    try:
        saved = datetime.fromisoformat(stamp)
    except ValueError:
        return False
    return saved.replace(tzinfo=None) > last.replace(tzinfo=None)
