"""Weights: do they add up to what the scheme distributes, and lie where it puts them?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, show
from jixiao.domain.findings import declare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.scheme import Weights
    from jixiao.domain.scores import Stake
    from jixiao.domain.submissions import Entry

WEIGHTS_SUM = declare("S101", "expected", "sum")
GROUP_WEIGHT_OFF = declare("S109", "reported", "sum")
WEIGHT_OFF = declare("S115", "reported", "prescribed")
SHARED_WEIGHT_EXCEEDED = declare("S121", "label", "reported", "expected", optional=("parts",))
OTHER_BASE = declare("S128", "reported")


@dataclass(frozen=True, slots=True)
class WeightsSum:
    """The weights that a form has, added; `complete` where neither a weight nor the execution is missing."""

    total: Decimal
    complete: bool

    @classmethod
    def of(cls, subject: Subject) -> WeightsSum:
        """The sum over one form: the execution's weight, and every indicator's, shared cells once."""
        return subject.once(_add_up)

    def is_all(self, base: Decimal) -> bool:
        """Whether these are all the points there are: nothing is missing, or nothing more would fit."""
        return self.complete or self.total >= base


def _add_up(subject: Subject) -> WeightsSum:
    execution = subject.separate_execution
    expected = not subject.execution_claim and _expects_execution(subject)
    own = [execution.weight] if execution else [None] if expected else []
    extras = subject.scheme.lexicon.extras
    stakes = (each for each in subject.card.stakes if not _is_extra(each, extras))
    weights = [*own, *(stake.weight for stake in stakes)]
    known = [each for each in weights if each is not None]
    return WeightsSum(sum(known, ZERO), complete=len(known) == len(weights) and bool(known))


def _is_extra(stake: Stake, extras: Sequence[str]) -> bool:
    """Whether points are given or taken beside the ones that the scheme distributes: 加分项."""
    return any(each.indicator.is_extra(extras) for each in stake.scored)


def check_weights_sum(subject: Subject) -> Iterator[Finding]:
    """S101 (scheme's weights): all weights add up to the points that the scheme distributes.

    What is missing may stand elsewhere (execution in a part of its own); what is too much is so in any case.
    A form whose own headings or total distribute other points is told once of its base (S128).
    """
    weights = WeightsSum.of(subject)
    permitted = {each.total for each in subject.divisions}
    total = weights.total
    if not permitted or not weights.is_all(max(permitted)) or total in permitted:
        return
    if not subject.submission.indicators:  # an unread block (L106, L104) has no weights to be added up
        return
    if total == _own_base(subject):
        cells, shown = _weight_cells(subject), show(total)
        yield subject.finding(
            OTHER_BASE, _total_ref(subject), subject.total_label, evidence=cells, reported=shown
        )
        return
    yield subject.finding(
        WEIGHTS_SUM,
        _total_ref(subject),
        subject.total_label,
        evidence=_weight_cells(subject),
        reported=show(total),
        expected=show(subject.divisions[0].total),
        sum=show(total),
    )


def check_declared_scores(subject: Subject) -> Iterator[Finding]:
    """S121 (the form's own heading, 效益指标（30分）): indicators without weights get at most its points."""
    for group in subject.submission.groups:
        stakes = [each for each in subject.card.stakes if each.level1 == group.level1]
        weighed = any("weight" in each.indicator.entries for one in stakes for each in one.scored)
        points = [points for each in stakes for points in each.points]
        total, declared = sum(points, ZERO), group.declared_weight
        if declared is not None and not weighed and total > declared:
            yield subject.finding(
                SHARED_WEIGHT_EXCEEDED,
                group.ref,
                group.level1,
                evidence=[each.indicator.entries.get("self_score") for one in stakes for each in one.scored],
                reported=show(total),
                expected=show(declared),
                parts=" + ".join(map(show, points)) if len(points) > 1 else "",
            )


def check_declared_weights(subject: Subject) -> Iterator[Finding]:
    """S109 (the form's own heading, 产出指标（50分）): indicators add up to the weight declared."""
    sums = subject.once(_group_weights)
    for group in subject.submission.groups:
        total = sums.get(group.level1)
        if group.declared_weight is not None and total is not None and total != group.declared_weight:
            yield subject.finding(
                GROUP_WEIGHT_OFF,
                group.ref,
                group.level1,
                evidence=_weight_cells(subject, group.level1),
                reported=show(group.declared_weight),
                expected=show(total),
                sum=show(total),
            )


def check_prescribed_weights(subject: Subject) -> Iterator[Finding]:
    """S115 (scheme's weights): where the division is fixed, execution and every group carry their points.

    Of several permitted divisions one has to fit; a group whose own heading is at odds with its indicators
    has been told so (S109), and what its weight is meant to be is open.
    """
    divisions = subject.divisions
    if not divisions or not all(division.fixed for division in divisions):
        return
    per_division = [list(_departures(subject, division)) for division in divisions]
    if all(per_division):
        yield from min(per_division, key=len)


def _departures(subject: Subject, division: Weights) -> Iterator[Finding]:
    sums, refs = subject.once(_group_weights), _group_refs(subject)
    declared = {group.level1: group.declared_weight for group in subject.submission.groups}
    for level1, prescribed in division.groups.items():
        total = sums.get(level1)
        if total is not None and total != prescribed and declared.get(level1) in {None, total}:
            yield _departure(subject, refs[level1], level1, total, prescribed)
    execution = subject.card.execution
    weight = execution.line.entries.get("weight") if execution else None
    if execution and weight and weight.value is not None and division.execution not in {None, weight.value}:
        label = subject.line_label(execution.line, "weight")
        yield _departure(subject, weight.ref, label, weight.value, division.execution or Decimal(0))


def _departure(subject: Subject, ref: CellRef, label: str, weight: Decimal, prescribed: Decimal) -> Finding:
    points = show(prescribed)
    cells = _weight_cells(subject, label)
    return subject.finding(
        WEIGHT_OFF, ref, label, evidence=cells, reported=show(weight), expected=points, prescribed=points
    )


def _weight_cells(subject: Subject, level1: str = "") -> list[Entry | None]:
    """The weights of one first-level indicator; without one all of the form, execution included."""
    rows = [each for each in subject.submission.indicators if level1 in {"", each.level1}]
    execution = subject.card.execution
    lines = [execution.line.entries.get("weight")] if execution and not level1 else []
    return [*lines, *(each.entries.get("weight") for each in rows)]


def _group_weights(subject: Subject) -> dict[str, Decimal]:
    """The weights of every first-level indicator, added; left out where one of them is not known."""
    sums: dict[str, list[Decimal | None]] = {}
    scored = [each for each in subject.submission.indicators if not each.detail]
    cells = {each.weight_cell: each for each in reversed(scored)}
    for first in reversed(cells.values()):
        sums.setdefault(first.level1, []).append(first.weight)
    return {
        level1: sum((each for each in weights if each is not None), Decimal(0))
        for level1, weights in sums.items()
        if None not in weights
    }


def _group_refs(subject: Subject) -> dict[str, CellRef]:
    """Where every first-level indicator stands: its own cell, else its first row."""
    rows = {each.level1: each.ref for each in reversed(subject.submission.indicators)}
    return rows | {group.level1: group.ref for group in reversed(subject.submission.groups)}


def _expects_execution(subject: Subject) -> bool:
    return any(
        column.name == "weight" for table in subject.layout.tables if table.budget for column in table.columns
    )


def _own_base(subject: Subject) -> Decimal | None:
    """The points that a form's own headings distribute, every one of them (产出指标（60分）); None, else.

    With the execution's, which has a weight but no heading of its own.
    """
    groups = {each.level1: each.declared_weight for each in subject.submission.groups}
    execution = subject.card.execution
    own = execution.line.value("weight") if execution else None
    declared = [*groups.values(), *([own] if own is not None else [])]
    if not groups or {each.level1 for each in subject.submission.indicators} - groups.keys():
        return None
    return None if None in declared else sum((each for each in declared if each is not None), ZERO)


def _total_ref(subject: Subject) -> CellRef | None:
    """The weight in the row of totals, else the first indicator's."""
    submission = subject.submission
    rows = (submission.total, *(indicator.entries for indicator in submission.indicators))
    return next((row["weight"].ref for row in rows if "weight" in row), None)
