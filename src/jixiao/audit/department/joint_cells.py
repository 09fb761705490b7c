"""Cells that are wrong across forms: sums of one form and figures of another that point to the same cells.

A form's own sums often leave open which of their cells is wrong. Where figures of two forms have to be equal
(strict cross checks), these equalities are equations as well, and the search for the fewest cells that mend
everything goes over all forms that hang together by them: one cell (X141), or several. Figures that may
rightly differ (the other checks) never make an error: where one of them breaks a tie, a warning says so
(X142), which is told with the sum that is wrong in any case.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from jixiao.audit.arithmetic.identities import work_out
from jixiao.audit.arithmetic.localisation import explain_breaches
from jixiao.audit.arithmetic.several_cells import untangle
from jixiao.audit.department.crosschecks import Joint
from jixiao.audit.subject import report
from jixiao.domain.amounts import show
from jixiao.domain.findings import declare
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.audit.arithmetic.equations import Equation, Figure
    from jixiao.audit.arithmetic.localisation import Candidate
    from jixiao.audit.department.crosschecks import Comparison
    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

JOINTLY_OFF = declare("X141", "reported", "expected", "source", "total", optional=("others", "count"))
LIKELY_OFF = declare("X142", "reported", "expected", "source", "total")

_MOST_EQUATIONS: Final = 4000
"""Forms with more are left to what each says by itself."""
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Together:
    """One department's forms as they are searched; `held` are cells whose figures are not in doubt."""

    subjects: Sequence[Subject]
    scheme: Scheme
    held: frozenset[CellRef] = frozenset()

    def explain(self, comparisons: Sequence[Comparison]) -> Joint:
        """X141 and X142: what explains comparisons that fail beside sums that do not hold.

        While corrections are tried (`held`) nothing is taken from figures that may rightly differ.
        """
        sure = [each for each in comparisons if each.exact and not each.check.alternatives]
        strict = self._joint([each for each in sure if each.check.strict])
        if self.held:
            return strict
        soft = self._joint([each for each in sure if not each.check.strict])
        known = {(each.place, each.expected) for each in strict.findings}
        likely = tuple(each for each in soft.findings if (each.place, each.expected) not in known)
        return Joint((*strict.findings, *likely), strict.told | soft.told)

    def _joint(self, comparisons: Sequence[Comparison]) -> Joint:
        if all(each.agrees for each in comparisons):
            return Joint()
        found: list[Finding] = []
        told: set[tuple[str, CellRef]] = set()
        for group in self._connected(comparisons):
            for cause in group.causes():
                found += cause.findings()
                told |= cause.told
        return Joint(tuple(found), frozenset(told))

    def _connected(self, comparisons: Sequence[Comparison]) -> Iterator[_Group]:
        """The forms that hang together by comparisons, one of which fails; all printed in one unit."""
        rest = list(comparisons)
        while failing := next((each for each in rest if not each.agrees), None):
            ids, before = set(failing.forms), 0
            while len(ids) > before:
                before = len(ids)
                ids |= {form for each in rest if ids & set(each.forms) for form in each.forms}
            own = [each for each in rest if ids & set(each.forms)]
            rest = [each for each in rest if not ids & set(each.forms)]
            subjects = [each for each in self.subjects if each.submission.submission_id in ids]
            steps = {each.once(work_out).step for each in subjects}
            if len(steps) == 1:
                yield _Group(subjects, own, steps.pop(), self.held, self.scheme)


@dataclass(slots=True)
class _Group:
    """Forms that hang together: their own equations, those between them, and what explains these at once."""

    subjects: Sequence[Subject]
    comparisons: Sequence[Comparison]
    step: Decimal
    held: frozenset[CellRef]
    scheme: Scheme
    own: list[Equation] = field(default_factory=list)
    owners: dict[CellRef, str] = field(default_factory=dict)
    between: dict[int, Comparison] = field(default_factory=dict)
    """By the identity of its equation."""

    def causes(self) -> Iterator[_Cause]:
        """The cells to name, with the equations that they explain."""
        settled = self._lay_out()
        across = [_put(each.equation(self.scheme), settled) for each in self.comparisons]
        self.between = {id(each): one for each, one in zip(across, self.comparisons, strict=True)}
        equations = [*self.own, *across]
        if len(equations) > _MOST_EQUATIONS:
            return
        held = self.held | settled.keys()
        explanations = explain_breaches(equations, self.step, held)
        for each in explanations:
            if each.named and self._is_joint(each.equations):
                yield _Cause(self, (each.named,), each.equations)
        for tangle in untangle(equations, explanations, self.step, held):
            if tangle.culprits and self._is_joint(tangle.equations):
                yield _Cause(self, tangle.culprits, tangle.equations)

    def _lay_out(self) -> dict[CellRef, Decimal]:
        """Lay out each form's own equations; the figures that they already name by themselves, put in."""
        settled: dict[CellRef, Decimal] = {}
        for subject in self.subjects:
            sums, owner = subject.once(work_out), subject.submission.submission_id
            named = [each.named for each in sums.explanations if each.named]
            named += [one for each in sums.tangles for one in each.culprits]
            settled |= {each.figure.ref: each.value for each in named if each.figure.ref}
            self.own += sums.equations
            self.owners |= {one.ref: owner for one in _figures(sums.equations) if one.ref}
        self.owners |= {ref: owner for each in self.comparisons for ref, owner in each.owners.items()}
        self.own = [_put(each, settled) for each in self.own]
        return settled

    def _is_joint(self, equations: Iterable[Equation]) -> bool:
        """Whether it takes equations of both kinds: each kind alone is told elsewhere."""
        return len({id(each) in self.between for each in equations}) > 1

    def form(self, ref: CellRef) -> Submission:
        """The form of a cell."""
        owner = self.owners[ref]
        return next(each.submission for each in self.subjects if each.submission.submission_id == owner)


@dataclass(frozen=True, slots=True)
class _Cause:
    """Cells that are wrong together, and the equations that they explain."""

    group: _Group
    cells: tuple[Candidate, ...]
    equations: tuple[Equation, ...]

    @property
    def across(self) -> list[Comparison]:
        """The comparisons among the equations."""
        known = self.group.between
        return [known[id(each)] for each in self.equations if id(each) in known]

    @property
    def sums(self) -> list[Equation]:
        """The forms' own among the equations."""
        return [each for each in self.equations if id(each) not in self.group.between]

    @property
    def told(self) -> frozenset[tuple[str, CellRef]]:
        """The comparisons in whose place this is told."""
        return frozenset() if self._is_told_anyway else frozenset(each.key for each in self.across)

    @property
    def _is_told_anyway(self) -> bool:
        """Whether a sum or a comparison already asks for this figure in this very cell."""
        if len(self.cells) > 1:
            return False
        (cell,) = self.cells
        asked = {(each.total.ref, each.known_sum) for each in self.sums}
        if self.across[0].check.strict:
            asked |= {(each.left.ref, each.expected) for each in self.across}
        return (cell.figure.ref, cell.value) in asked

    def findings(self) -> Iterator[Finding]:
        """One at each of the cells."""
        if self._is_told_anyway:
            return
        strict = self.across[0].check.strict
        if not strict and len(self.cells) > 1:
            return
        for cell in self.cells:
            finding = self._finding(cell, strict=strict)
            if finding:
                yield finding if strict else replace(finding, assumed=tuple(self._assumed()))

    def _assumed(self) -> Iterator[str]:
        for title in dict.fromkeys(each.check.title for each in self.across):
            yield say("假定两张表口径相同：{title}", title=title)

    def _finding(self, cell: Candidate, *, strict: bool) -> Finding | None:
        ref = cell.figure.ref
        if ref is None:
            return None
        form, owners = self.group.form(ref), self.group.owners
        others = [one for one in self.cells if one is not cell]
        refs = [each.ref for each in _figures(self.equations) if each.ref]
        foreign = [each for each in dict.fromkeys(refs) if owners[each] != form.submission_id]
        return report(
            form,
            JOINTLY_OFF if strict else LIKELY_OFF,
            ref,
            cell.figure.label,
            evidence=refs,
            reported=say("（空）") if cell.figure.value is None else show(cell.figure.value),
            expected=show(cell.value),
            source=_listed([f"《{each.sheet}》{each.a1}" for each in foreign]),
            total=_listed([say("“{label}”", label=each.total.label) for each in self.sums]),
            **(
                {"others": say("、").join(map(_placed, others)), "count": str(len(self.cells))}
                if others
                else {}
            ),
        )


def _figures(equations: Iterable[Equation]) -> Iterator[Figure]:
    return (each for equation in equations for each in equation.figures)


def _put(equation: Equation, figures: Mapping[CellRef, Decimal]) -> Equation:
    for ref, value in figures.items():
        equation = equation.put(ref, value)
    return equation


def _placed(cell: Candidate) -> str:
    at = cell.figure.ref
    place = f"《{at.sheet}》{at.a1}" if at else ""
    label, value = cell.figure.label, show(cell.value)
    return say("{place}“{label}”（应为 {value}）", place=place, label=label, value=value)


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many there are in all where there are more."""
    names = list(dict.fromkeys(names))
    listed = say("、").join(names[:_MOST_NAMED])
    return (
        listed if len(names) <= _MOST_NAMED else say("{listed}等 {count} 处", listed=listed, count=len(names))
    )
