"""The finance department's own lists（名册, 账面数）, and how what departments sent compares with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from jixiao.domain.amounts import AMOUNT_STEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.figure_address import FigureAddress
    from jixiao.domain.findings import Finding
    from jixiao.domain.submissions import Entry


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


ACCOUNT_COLUMNS = ("initial_budget", "carryover", "adjustment", "annual_budget", "executed")
"""The amounts that a line of the accounts can have."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A project of a department in the accounts; `project` "" is the department as a whole.

    `entries` holds ACCOUNT_COLUMNS as far as the accounts have such columns, in 万元.
    """

    department: str
    project: str
    entries: Mapping[str, Entry]
    ref: CellRef

    def value(self, column: str) -> Decimal | None:
        """The figure in a column, None where it is not known."""
        entry = self.entries.get(column)
        return entry.value if entry else None


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """How accounts are kept: what all their lines show together.

    `step` is the unit in 万元 that amounts are printed in, that of the finest figure but at least 0.01;
    `has_wholes`: there are lines for departments as a whole.
    """

    step: Decimal
    has_wholes: bool

    @classmethod
    def of(cls, lines: Iterable[AccountLine]) -> Bookkeeping:
        """What the lines of whole accounts show."""
        known = tuple(lines)
        steps = [entry.step for line in known for entry in line.entries.values() if entry.step is not None]
        step = max(AMOUNT_STEP, min(steps, default=AMOUNT_STEP))
        return cls(step, any(not line.project for line in known))


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a round; `file` is relative to the round's folder, `findings` what is wrong with them.

    `kept` says of an extract how the whole accounts are kept.
    """

    file: str
    sha256: str
    lines: tuple[AccountLine, ...]
    findings: tuple[Finding, ...] = ()
    kept: Bookkeeping | None = None

    @property
    def bookkeeping(self) -> Bookkeeping:
        """How the accounts, or those that this is an extract of, are kept."""
        return self.kept or Bookkeeping.of(self.lines)


@dataclass(frozen=True, slots=True)
class BookedFigure:
    """Where a figure of the accounts stands on the forms.

    `addresses` are tried on every form; it suffices that one of them agrees. The form's
    figure may include the columns `includes` of the accounts as well: some forms count carry-over as initial
    budget.
    """

    column: str
    title: str
    addresses: tuple[FigureAddress, ...]
    includes: tuple[str, ...] = ()


class AccountVerdict(StrEnum):
    """What comparing a form with the accounts gives."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    """One of the two figures is not known."""
    NO_FORM = "no_form"
    """The accounts have the project, no form does."""
    NO_LINE = "no_line"
    """The accounts have no such project."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One figure of a form beside that of the accounts, 万元; with NO_FORM or NO_LINE no figure at all.

    `project` "" is the department as a whole, `booked_as` the accounts' name for it.
    """

    department: str
    project: str
    form: str
    item: str
    verdict: AccountVerdict
    reported: Decimal | None = None
    booked: Decimal | None = None
    booked_as: str = ""
    ref: CellRef | None = None
    account_ref: CellRef | None = None

    @property
    def difference(self) -> Decimal | None:
        """Form less accounts; None where one of them is not known."""
        if self.reported is None or self.booked is None:
            return None
        return self.reported - self.booked
