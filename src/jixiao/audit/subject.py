"""What a check looks at: one scored form, the scheme's rules and the form's layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from jixiao.domain.amounts import HUNDRED, step_of
from jixiao.domain.cells import CellRef
from jixiao.domain.findings import Declaration, Finding, Place, declare
from jixiao.domain.spoken import spoken_name
from jixiao.language import say

if TYPE_CHECKING:
    from decimal import Decimal

    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme, Weights
    from jixiao.domain.scores import Award, ScoreCard
    from jixiao.domain.submissions import Entry, Indicator, Line, Submission

SIMILAR_NAME = declare("X104", "reported", "other", optional=("source", "likeness"))


ARRIVED = "arrived"
"""The column of the money that arrived, by which some departments divide instead of the budget."""
OTHER_BASE = declare("A108", "reported", "expected", "divisor", "derivation")
_YEAR = re.compile(r"\d{4}")
_EXECUTION_CELLS = ("annual_budget", "executed", "weight")

T = TypeVar("T")

Evidence: TypeAlias = "Iterable[Entry | CellRef | None]"
"""Cells that a finding's figures come from, besides its own."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A self score beside what the rule gives for it: an indicator's or the execution's.

    `row` is where it stands, should the score have no cell of its own.
    """

    label: str
    entry: Entry | None
    row: CellRef
    weight: Decimal | None
    award: Award
    cells: tuple[Entry | CellRef | None, ...] = ()
    """What the award was worked out from."""

    @property
    def ref(self) -> CellRef:
        """The cell of the self score."""
        return self.entry.ref if self.entry else self.row

    @property
    def points(self) -> Decimal | None:
        """The self score, None where it is not known."""
        return self.entry.value if self.entry else None


@dataclass(frozen=True, eq=False)
class Subject:
    """One form under audit; what several checks ask about it is worked out once."""

    card: ScoreCard
    scheme: Scheme
    layout: FormLayout
    held: frozenset[CellRef] = frozenset()
    """Cells whose figures are not in doubt: those that a correction has just put there."""
    known: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)
    """What was asked for `once`, by what works it out."""

    def once(self, work: Callable[[Subject], T]) -> T:
        """What a function makes of this form, worked out the first time that it is asked for."""
        if work not in self.known:
            self.known[work] = work(self)
        found: T = self.known[work]
        return found

    @property
    def submission(self) -> Submission:
        """The form as filled in."""
        return self.card.submission

    @cached_property
    def divisions(self) -> tuple[Weights, ...]:
        """The divisions of the points that the scheme permits for such a form; none where it names none."""
        return tuple(each for each in self.scheme.weights if each.scope is self.layout.scope)

    @cached_property
    def spending_lines(self) -> tuple[Line, ...]:
        """The budget lines of which both the annual budget and what was executed are known."""
        budgets = self.layout.budget_tables
        known = ("annual_budget", "executed")
        return tuple(
            line
            for line in self.submission.lines
            if line.table in budgets and all(line.value(column) is not None for column in known)
        )

    @property
    def total_label(self) -> str:
        """What the form calls its row of totals."""
        return next(
            (table.total_labels[0] for table in self.layout.tables if table.total_labels), say("总分")
        )

    @cached_property
    def execution_claim(self) -> Claim | None:
        """The execution's self score beside the rule's; None where the form scores none."""
        execution = self.card.execution
        if execution is None:
            return None
        line = execution.line
        label = self.line_label(line, "self_score")
        cells = tuple(line.entries[name] for name in _EXECUTION_CELLS if name in line.entries)
        entry, weight = line.entries.get("self_score"), line.value("weight")
        return Claim(label, entry, line.ref, weight, execution.award, cells)

    @cached_property
    def separate_execution(self) -> Claim | None:
        """The execution's points beside the indicators'; None where a row of these gives the same again."""
        return None if self.execution_row else self.execution_claim

    @cached_property
    def execution_row(self) -> Indicator | None:
        """The indicator that is the funds block's execution once more (预算执行率, 10): scored by that."""
        claim, words = self.execution_claim, self.scheme.lexicon.executions
        if claim is None:
            return None
        points = (claim.weight, claim.points)
        again = (each for each in self.submission.indicators if (each.weight, each.self_score) == points)
        return next((each for each in again if any(word in each.level3 for word in words)), None)

    def completing_year(self, indicator: Indicator) -> CellRef | None:
        """Where the year stands that completes the date of a target (8月底前); None where it needs none."""
        target = indicator.target
        dated = target.due is not None and not target.yearless and not _YEAR.search(target.text)
        return self.submission.year_ref if dated else None

    def earned_of_arrived(self, points: Decimal, rate: Decimal | None) -> bool:
        """Whether a self score is the weight's share that was executed of the money that arrived (到位数).

        Within what its own printed digits hide; `rate` is the printed one, which may say something else.
        """
        line = self.card.execution.line if self.card.execution else None
        weight = line.value("weight") if line else None
        arrived, executed = (line.value(each) if line else None for each in (ARRIVED, "executed"))
        if weight is None or not arrived or executed is None:
            return False
        share = executed / arrived
        said = rate is None or abs(rate - share * HUNDRED) < step_of(rate)
        return said and abs(points - weight * share) < step_of(points)

    def line_label(self, line: Line, column: str) -> str:
        """A row's name with a column's title: 年度资金总额·得分."""
        return "·".join(filter(None, (spoken_name(line.label), self.column_title(line, column))))

    def column_title(self, line: Line, column: str) -> str:
        """What the layout calls a column of a row; "" where it has none of that name."""
        tables = (table for table in self.layout.tables if table.name == line.table)
        titles = (each.title for table in tables for each in table.columns if each.name == column)
        return next(titles, "")

    def finding(
        self, kind: Declaration, ref: CellRef | None, label: str, /, *, evidence: Evidence, **figures: str
    ) -> Finding:
        """A finding on this form; `evidence` and figures as in `report`."""
        return report(self.submission, kind, ref, label, evidence=evidence, **figures)


Check = Callable[[Subject], Iterator[Finding]]
"""A pure function that yields what it finds wrong with one form."""


def report(
    submission: Submission,
    kind: Declaration,
    ref: CellRef | None,
    label: str,
    /,
    *,
    evidence: Evidence,
    **figures: str,
) -> Finding:
    """A finding on a submission; without a cell it points to the form's title, else to the sheet.

    `evidence`: the further cells that its figures come from, on whichever form; those that are missing count
    for nothing. `reported` and `expected` among the figures are the finding's own, the rest fills its
    sentence.
    """
    ref = ref or submission.title
    return kind.finding(
        Place.at(ref) if ref else Place(submission.file, submission.sheet),
        subject=submission.submission_id,
        label=label,
        reported=figures.pop("reported", ""),
        expected=figures.pop("expected", ""),
        figures=figures,
        evidence=_cells(evidence, ref),
    )


def at_name(
    submission: Submission, kind: Declaration, field: str, /, *, evidence: Evidence, **figures: str
) -> Finding:
    """A finding about the name that stands in a field, "department" or "project", at its cell.

    `evidence` and the other figures as in `report`; the name itself is what was reported.
    """
    name = submission.project if field == "project" else submission.department
    place = submission.cell(field)
    return report(submission, kind, place, name, evidence=evidence, reported=name, **figures)


def _cells(evidence: Evidence, own: CellRef | None) -> Iterator[CellRef]:
    """Each cell once, without the finding's own."""
    refs = (each if each is None or isinstance(each, CellRef) else each.ref for each in evidence)
    yield from dict.fromkeys(ref for ref in refs if ref is not None and ref != own)
