"""A round（评价批次）and everything its evaluation gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.domain.followups import Followup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Correction, Severity
    from jixiao.domain.followups import Excuse, Traced, Waivers
    from jixiao.domain.forms import Scope
    from jixiao.domain.own_sheets import Reply
    from jixiao.domain.references import Accounts, FilingRecord, Reconciliation, Roster
    from jixiao.domain.relations import MeasuredValue
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Composite, ScoreCard
    from jixiao.domain.submissions import Line, SheetOutcome, Status, Submission
    from jixiao.domain.supplements import Appraisal, Survey


@dataclass(frozen=True, slots=True)
class Round:
    """One collection of self-evaluations: its name (the folder's), year and scheme.

    Optional: the roster of who owes what, the accounts to reconcile with, the local deadline (a date's whole
    day is in time), by when what was sent back has to be here again, the waivers, what the sample to examine
    again is drawn with ("": what follows from round and rules).
    """

    name: str
    year: int
    scheme: Scheme
    roster: Roster | None = None
    accounts: Accounts | None = None
    deadline: date | datetime | None = None
    resubmit_by: date | datetime | None = None
    waivers: Waivers | None = None
    sample_seed: str = ""


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding in words: one row of findings.csv, in that file's column order.

    `assumed` is what was taken for granted, `cells` all cells where it stands for several, `consequences`
    what is wrong only because of it, `related` milder doubts that may be its cause; `corrections` are the
    cells that follow when it is mended, `further` those that disagree then, with the figures that would agree
    ("" unknown). `statement` is what a table beside the place says, `effects` consequences, causes and
    corrections in words. `evidence` are all the cells that it is about or rests on, its own first, `places`
    those where it stands. `reply` is what the department answered to it last.
    """

    finding_id: str
    code: str
    severity: Severity
    department: str
    scope: Scope | None
    project: str
    form: str
    file: str
    sheet: str
    cell: str
    label: str
    reported: str
    expected: str
    message: str
    suggestion: str
    assumed: str = ""
    cells: str = ""
    consequences: str = ""
    corrections: tuple[Correction, ...] = ()
    disputed: tuple[CellRef, ...] = ()
    statement: str = ""
    effects: str = ""
    related: str = ""
    evidence: tuple[CellRef, ...] = ()
    reply: str = ""
    places: tuple[CellRef, ...] = ()
    further: tuple[Correction, ...] = ()
    root: str = ""
    """The name of the first of those that mean the same: equal where only numbers tell them apart."""
    figures: str = ""
    """What stands in the cells that it is about, with what it should be: a decision holds for these alone."""
    trace: Traced | None = None
    """What became of it since the last run, and what was decided on it; None where nothing is known."""

    @property
    def answer(self) -> str:
        """What the department says to it, now or in an earlier run with the same figures."""
        return self.reply or (self.trace.explanation if self.trace else "")

    @property
    def excused(self) -> bool:
        """Whether it is waived or accepted: it stays in sight and is not held against the department."""
        return self.trace is not None and self.trace.fate.is_excused


@dataclass(frozen=True, slots=True)
class Signal:
    """What is worth a look, in words: no finding, told to the finance department alone.

    `title` is what it is called, `strength` in percent, `money` in 万元 (None: not known).
    """

    title: str
    finding: ReportedFinding
    strength: int
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results of one round, in a fixed order: what consolidation turns into tables and workbooks.

    `statuses` by submission_id; superseded submissions are listed but neither scored nor totalled.
    `cards` and `composites` are sorted by department, then form, then project. `sha256` by file. `filings` is
    empty without a roster, `reconciliations` without accounts. `unfiled` are, by department, the rows of its
    list of projects that have no form of their own. `replies` are the answers to findings of earlier runs,
    the newest of a department last; those to findings that still stand are with them.
    """

    round: Round
    submissions: tuple[Submission, ...]
    statuses: Mapping[str, Status]
    outcomes: tuple[SheetOutcome, ...]
    cards: tuple[ScoreCard, ...]
    composites: tuple[Composite, ...]
    findings: tuple[ReportedFinding, ...]
    sha256: Mapping[str, str]
    filings: tuple[FilingRecord, ...] = ()
    reconciliations: tuple[Reconciliation, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()
    surveys: tuple[Survey, ...] = ()
    measures: tuple[MeasuredValue, ...] = ()
    unfiled: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()
    signals: tuple[Signal, ...] = ()
    followup: Followup = field(default_factory=Followup)
    """What became of earlier findings; empty where there is no ledger."""
    idle: tuple[Excuse, ...] = ()
    """Waivers that no finding is meant by."""

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department that has a submission, sorted."""
        return tuple(sorted({submission.department for submission in self.submissions}))
