"""Which one cell is wrong where equations do not hold: the one whose change makes all of them hold again.

The principle of the least change (Fellegi and Holt 1976), for one cell at a time: every cell of a broken
equation is tried, with the figure that the equation asks for, against all equations that the cell stands in,
the shortest first. Cost: cells of the broken equations × equations.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.audit.arithmetic.equations import (
    PARTS_EXCEED,
    PARTS_LACKING,
    RATIO_OFF,
    SIGNED,
    SUM_OFF,
    find_breach,
    find_rest,
)
from jixiao.domain.amounts import AMOUNT_STEP, ZERO, MoneyUnit, show
from jixiao.domain.forms import IdentityKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jixiao.audit.arithmetic.equations import Equation, Figure
    from jixiao.domain.amounts import Interval
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Declaration
    from jixiao.domain.submissions import Entry

_EQUALITIES = frozenset({SUM_OFF, RATIO_OFF})
_SWAPPED = 2
_UNIT_STEPS = (Decimal(10000), Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cell that may be wrong, and the figure that would be right."""

    figure: Figure
    value: Decimal

    @property
    def is_slip(self) -> bool:
        """Whether it is a slip of the hand: the wrong unit, or two digits that changed places."""
        return self.is_unit_slip or self._is_swap

    @property
    def is_unit_slip(self) -> bool:
        """Whether this one cell is in 元 among 万元, or the other way round."""
        old = self.figure.value
        if not old or not self.value or self.figure.kind is not ValueKind.AMOUNT:
            return False
        return any(abs(old * step - self.value) <= AMOUNT_STEP for step in _UNIT_STEPS)

    @property
    def _is_swap(self) -> bool:
        """Whether two neighbouring digits changed places in typing: 732.16 for 723.16."""
        old, new = show(self.figure.value) if self.figure.value is not None else "", show(self.value)
        differ = [at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other]
        if len(old) != len(new) or len(differ) != _SWAPPED:
            return False
        first, second = differ
        between = old[first + 1 : second].strip(",.")
        return not between and (old[first], old[second]) == (new[second], new[first])


@dataclass(frozen=True, slots=True)
class Explanation:
    """Broken equations and the cells of which each alone, changed, mends all of them and breaks no other."""

    equations: tuple[Equation, ...]
    candidates: tuple[Candidate, ...]

    @property
    def culprit(self) -> Candidate | None:
        """The one cell to name: the only candidate, else the only one that is a slip of the hand."""
        if len(self.candidates) == 1:
            return self.candidates[0]
        slips = [each for each in self.candidates if each.is_slip]
        return slips[0] if len(slips) == 1 else None

    @property
    def named(self) -> Candidate | None:
        """The culprit, unless nothing but one sum's own total is wrong: the sum itself says so best."""
        one = self.culprit
        lone = len(self.equations) == 1
        return None if one and lone and self.equations[0].total.ref == one.figure.ref else one


def explain_breaches(
    equations: Sequence[Equation], step: Decimal, held: frozenset[CellRef] = frozenset()
) -> tuple[Explanation, ...]:
    """Explanations of the broken sums and rates among a form's equations, by other cells than those `held`.

    A cell that mends more equations at once is preferred to those that mend a part of them; where two such
    sets of equations overlap nobody can tell, and neither is explained.
    """
    return _explain(equations, step, held, _EQUALITIES)


def explain_gaps(
    equations: Sequence[Equation], step: Decimal, held: frozenset[CellRef] = frozenset()
) -> tuple[Explanation, ...]:
    """Cells that explain sums of which some lack parts (A104), where these count as nothing."""
    explained = _explain(equations, step, held, _EQUALITIES | {PARTS_LACKING})
    return tuple(
        each for each in explained if any(find_breach(one, step) == PARTS_LACKING for one in each.equations)
    )


def explain_unit_slips(
    equations: Sequence[Equation], step: Decimal, held: frozenset[CellRef] = frozenset()
) -> tuple[Explanation, ...]:
    """One cell in another unit that explains sums whose parts exceed them, where some part is blank."""
    if not any(each.total.is_number and find_breach(each, step) is PARTS_EXCEED for each in equations):
        return ()
    explained = _explain(equations, step, held, _EQUALITIES | {PARTS_EXCEED, PARTS_LACKING})
    return tuple(each for each in explained if each.culprit and each.culprit.is_unit_slip)


def explain_rates(
    equations: Sequence[Equation], step: Decimal, unit_of: Callable[[Figure], MoneyUnit]
) -> tuple[Explanation, ...]:
    """The amount in another unit than its form that explains a rate which is exactly 10,000 times off.

    On a form in 万元 it is the one that is too large, on one in 元 the one that is too small. Only where no
    sum contradicts it: the other amount may be one of a sum that holds.
    """
    broken = [each for each in equations if each.total.is_number and find_breach(each, step) is RATIO_OFF]
    found = ((each, _off_by_unit(each, equations, step, unit_of)) for each in broken)
    return tuple(Explanation((each,), (candidate,)) for each, candidate in found if candidate)


_SLIPS: Final = {MoneyUnit.WAN: Decimal("0.0001"), MoneyUnit.YUAN: Decimal(10000)}
"""By what a figure of a form in such a unit has to be multiplied if it was written in the other one."""
_TELLING: Final = 100
"""Amounts of fewer of their own last units can stand for anything once they are divided."""


def _off_by_unit(
    ratio: Equation, equations: Sequence[Equation], step: Decimal, unit_of: Callable[[Figure], MoneyUnit]
) -> Candidate | None:
    """The amount of a ratio that holds once it is read in the other unit, if all else holds then as well."""
    for figure in ratio.plus:
        factor = _SLIPS.get(unit_of(figure))
        if figure.ref is None or not figure.value or figure.kind is not ValueKind.AMOUNT or factor is None:
            continue
        value = figure.value * factor
        if min(value, *(each.value or ZERO for each in ratio.plus)) < _TELLING * step:
            continue
        touched = [each for each in equations if figure.ref in {one.ref for one in each.figures}]
        if not any(find_breach(each.put(figure.ref, value), step) for each in touched):
            return Candidate(figure, value)
    return None


def prefer_within(explanations: Iterable[Explanation], bounds: Sequence[Bound]) -> Iterator[Explanation]:
    """The explanations, of several candidates only the one that keeps to a bound that its cell breaks now.

    A source whose budget was written too small is at odds with the total, and with what was executed of it.
    """
    for each in explanations:
        mending = [one for one in each.candidates if any(bound.is_mended_by(one) for bound in bounds)]
        yield replace(each, candidates=tuple(mending)) if len(mending) == 1 else each


class Bound(NamedTuple):
    """A figure that is at most another one: executed, and budgeted."""

    lesser: Entry
    greater: Entry

    def is_mended_by(self, candidate: Candidate) -> bool:
        """Whether it does not hold, but would with the candidate's figure."""
        before = [each.value or ZERO for each in (self.lesser, self.greater)]
        after = [
            candidate.value if each.ref == candidate.figure.ref else each.value or ZERO
            for each in (self.lesser, self.greater)
        ]
        return before[0] > before[1] and after[0] <= after[1] and before != after


def _explain(
    equations: Sequence[Equation], step: Decimal, held: frozenset[CellRef], kinds: frozenset[Declaration]
) -> tuple[Explanation, ...]:
    """Explanations of the equations that are broken in one of the ways `kinds`."""
    breaches = [find_breach(each, step) for each in equations]
    checked = list(zip(equations, breaches, strict=True))
    broken = [each for each, breach in checked if breach in kinds and each.total.is_number]
    if not broken:
        return ()
    standing = [each for each, breach in checked if not breach]
    found: dict[frozenset[int], list[Candidate]] = defaultdict(list)
    for candidate, mended in _candidates(broken, standing, step):
        if candidate.figure.ref in held:
            continue
        found[mended].append(candidate)
    return tuple(
        Explanation(tuple(broken[at] for at in sorted(mended)), tuple(candidates))
        for mended, candidates in found.items()
        if _is_largest(mended, found)
    )


def _candidates(
    broken: Sequence[Equation], standing: Sequence[Equation], step: Decimal
) -> Iterator[tuple[Candidate, frozenset[int]]]:
    """Every cell with a figure that mends all broken equations that it stands in, and keeps the others.

    With it come the positions of those that it mends.
    """
    broken_by_cell, standing_by_cell = _by_cell(broken), _by_cell(standing)
    wanted, sums = _wanted(broken), _Sums(step)
    for ref, figure in _cells(broken).items():
        mended = broken_by_cell[ref]
        own = [broken[at] for at in mended]
        touched = [*own, *(standing[at] for at in standing_by_cell.get(ref, ()))]
        in_order = sorted(touched, key=lambda each: len(each.figures))
        value = _find_value(figure, wanted.get(ref, ()), in_order, sums)
        if value is not None:
            yield Candidate(figure, value), frozenset(mended)


def _find_value(
    figure: Figure, wanted: Iterable[Decimal], touched: Sequence[Equation], sums: _Sums
) -> Decimal | None:
    """The figure of those `wanted` with which all equations of a cell hold; None for none, or one below 0."""
    if figure.ref is None:
        return None
    for value in dict.fromkeys(wanted):
        below = figure.address.column not in SIGNED and value < 0 <= (figure.value or 0)
        if not below and not any(sums.breaks(each, figure, value) for each in touched):
            return value
    return None


class _Sums:
    """Equations with another figure in one cell; long sums are not added up again for each."""

    def __init__(self, step: Decimal) -> None:
        self._step = step
        self._known: dict[int, _Added] = {}

    def breaks(self, equation: Equation, figure: Figure, value: Decimal) -> bool:
        """Whether an equation of the figure's cell does not hold with another value in it."""
        if figure.ref is None or equation.total.value is None:
            return False
        if equation.identity.kind is not IdentityKind.SUM or not figure.is_number or figure.value is None:
            return bool(find_breach(equation.put(figure.ref, value), self._step))
        if (added := self._known.get(id(equation))) is None:
            added = self._known[id(equation)] = self._add_up(equation)
        change, sign = value - figure.value, added.signs.get(figure.ref, 0)
        for total, rest in added.rests:
            moved = change * (sign + (total == figure.ref))
            if rest.low + moved <= 0 <= rest.high + moved:
                return False
        if added.is_whole:
            return True
        return bool(find_breach(equation.put(figure.ref, value), self._step))

    def _add_up(self, equation: Equation) -> _Added:
        totals = (equation.total, *(each for each in equation.alternatives if each.is_number))
        rests = ((each.ref, find_rest(equation, self._step, each)) for each in totals)
        signs: dict[CellRef | None, int] = defaultdict(int)
        for side, sign in ((equation.plus, -1), (equation.minus, 1)):
            for part in side:
                signs[part.ref] += sign
        numbers = any(part.is_number for part in equation.parts)
        whole = numbers and all(part.value is not None for part in equation.parts)
        return _Added(tuple(rests), signs, whole)


class _Added(NamedTuple):
    """What an equation's parts leave of each of its totals, and with which sign a cell counts in that.

    `is_whole`: all parts are known and some are numbers, so that nothing else decides whether it holds.
    """

    rests: tuple[tuple[CellRef | None, Interval], ...]
    signs: Mapping[CellRef | None, int]
    is_whole: bool


def _by_cell(equations: Sequence[Equation]) -> dict[CellRef, list[int]]:
    """The positions of the equations that each cell stands in."""
    found: dict[CellRef, list[int]] = defaultdict(list)
    for at, equation in enumerate(equations):
        for ref in dict.fromkeys(each.ref for each in (*equation.figures, *equation.alternatives)):
            if ref is not None:
                found[ref].append(at)
    return found


def _cells(equations: Iterable[Equation]) -> dict[CellRef, Figure]:
    """The cells of equations that hold a figure, a dash, or nothing."""
    return {
        figure.ref: figure
        for equation in equations
        for figure in equation.figures
        if figure.ref is not None and (figure.value is not None or figure.is_blank)
    }


def _wanted(equations: Iterable[Equation]) -> dict[CellRef | None, list[Decimal]]:
    """By cell what each sum asks to stand there, the others given; shorter sums, rounded less, first."""
    found: dict[CellRef | None, list[Decimal]] = defaultdict(list)
    sums = [each for each in equations if each.identity.kind is IdentityKind.SUM]
    for equation in sorted(sums, key=lambda each: len(each.parts)):
        known = equation.known_sum
        gap = (equation.total.value or ZERO) - known
        found[equation.total.ref].append(known)
        for side, change in ((equation.plus, gap), (equation.minus, -gap)):
            for each in side:
                found[each.ref].append((each.value or ZERO) + change)
    return found


def _is_largest(mended: frozenset[int], found: Mapping[frozenset[int], object]) -> bool:
    others = [each for each in found if each != mended and each & mended]
    return all(each < mended for each in others)
