"""Which few cells are wrong where no single one explains what is broken: the smallest set that mends it all.

Error localisation by the principle of the least change (Fellegi and Holt 1976), as a covering problem with
cuts (Garfinkel, Kunnathur and Liepins 1986): HiGHS chooses the lightest set of cells, linear algebra in exact
fractions says whether figures for them exist; where none do, the combination of equations that cannot hold
gives the next cut: one of its cells must be among them. So what is solved in floating point has no figures
in it, and amounts from 0.01 to 1e9 in one table are no matter of scaling. Every set that comes out has been
put into its equations and holds there as the audit itself judges them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jixiao.audit.arithmetic.equations import RATIO_OFF, SIGNED, SUM_OFF, find_breach, find_rest
from jixiao.audit.arithmetic.localisation import Candidate
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up
from jixiao.domain.forms import IdentityKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.audit.arithmetic.equations import Equation, Figure
    from jixiao.audit.arithmetic.localisation import Explanation
    from jixiao.domain.cells import CellRef

MOST_CELLS: Final = 3
"""More cells than these prove nothing: with so many free figures almost anything can be made to hold."""
_MOST_SETS = 4
_MOST_ROUNDS = 400
"""Sets tried for one tangle. A count, not a time: the same form gives the same answer on any machine."""
_MOST_EQUATIONS = 4000
_SECONDS = 10.0
"""What one call of HiGHS may take at the very most; it takes thousandths."""
_COPIED, _ADDED = 10, 12
"""Weights: a figure copied by hand is sooner wrong than one that was added up."""
_RATE_PLACES = 2
_HALF = 0.5
_ONE: Final = Fraction(1)


class _UnsolvedError(Exception):
    """HiGHS gave up."""


@dataclass(frozen=True, slots=True)
class Tangle:
    """Broken equations that hang together, and the smallest sets of cells that mend them all.

    Sets of equally many cells, those with fewer totals first; none where it takes more than MOST_CELLS or as
    many as there are broken equations. `solved` False: the search was given up.
    """

    equations: tuple[Equation, ...]
    sets: tuple[tuple[Candidate, ...], ...] = ()
    solved: bool = True

    @property
    def tells(self) -> bool:
        """Whether there is more to say of its sums than each says by itself."""
        return not self.solved or 0 < len(self.sets) < _MOST_SETS

    @property
    def culprits(self) -> tuple[Candidate, ...]:
        """The cells to name: the only set, else the only one of nothing but slips of the hand."""
        if len(self.sets) == 1:
            return self.sets[0]
        slips = [each for each in self.sets if all(one.is_slip for one in each)]
        return slips[0] if len(slips) == 1 else ()


def untangle(
    equations: Sequence[Equation],
    explanations: Sequence[Explanation],
    step: Decimal,
    held: frozenset[CellRef] = frozenset(),
) -> tuple[Tangle, ...]:
    """The broken sums and rates that no single cell explains, tangle by tangle, by other cells than `held`.

    What one cell explains is taken as mended; that each of several sums would hold with another total of its
    own explains nothing. Nothing is looked for where everything is explained, so that a form without such
    faults costs nothing.
    """
    explained = {id(each) for one in explanations if one.named for each in one.equations}
    breaches = [(each, find_breach(each, step) if each.total.is_number else None) for each in equations]
    broken = [each for each, breach in breaches if breach in {SUM_OFF, RATIO_OFF}]
    if all(id(each) in explained for each in broken):
        return ()
    named = [one.named for one in explanations]
    settled = {one.figure.ref: one.value for one in named if one and one.figure.ref is not None}
    around = _around([_settled(each, settled) for each in equations], step)
    rows = [row for at in around if (row := _row(equations[at], around[at], step))]
    return tuple(
        tangle
        for connected in _connected(rows, step)
        if any(id(row.equation) not in explained for row in connected.broken)
        and (tangle := _Search(connected, equations, step, held | settled.keys()).tangle())
    )


class _Row(NamedTuple):
    """An equation in linear terms: Σ coefficient × (figure + change) + gap = 0 within `slack`.

    `now` is the equation with what is settled put in. A change of the cell `free` (a rate) makes it hold
    whatever the others are.
    """

    equation: Equation
    now: Equation
    coefficients: Mapping[CellRef, Fraction]
    gap: Fraction
    slack: Fraction
    free: CellRef | None = None

    @property
    def cells(self) -> frozenset[CellRef]:
        return frozenset(self.coefficients) | ({self.free} if self.free else frozenset())

    @property
    def is_broken(self) -> bool:
        return abs(self.gap) > self.slack


def _settled(equation: Equation, settled: Mapping[CellRef, Decimal]) -> Equation:
    """The equation with what is settled put in."""
    for ref, value in settled.items():
        equation = equation.put(ref, value)
    return equation


def _around(equations: Sequence[Equation], step: Decimal) -> dict[int, Equation]:
    """The equations that cells may lead to from broken ones, by position: no others are linearised."""
    cells = [{one.ref for one in (*each.figures, *each.alternatives)} - {None} for each in equations]
    by_cell: dict[CellRef | None, list[int]] = defaultdict(list)
    for at, refs in enumerate(cells):
        for ref in refs:
            by_cell[ref].append(at)
    open_ = [at for at, each in enumerate(equations) if find_breach(each, step)]
    reached = set(open_)
    while open_:
        for ref in cells[open_.pop()]:
            further = set(by_cell.pop(ref, ())) - reached
            reached |= further
            open_ += further
    return {at: equations[at] for at in sorted(reached)}


def _row(equation: Equation, now: Equation, step: Decimal) -> _Row | None:
    """The equation as a row; None for one that says nothing definite of its cells."""
    if not now.total.is_number or now.identity.kind is IdentityKind.AT_MOST:
        return None
    return (
        _ratio(equation, now, step) if now.identity.kind is IdentityKind.RATIO else _sum(equation, now, step)
    )


def _sum(equation: Equation, now: Equation, step: Decimal) -> _Row | None:
    if any(each.value is None and not now.closed for each in now.parts):
        return None
    if not any(each.is_number for each in now.parts):
        return None
    known = (now.total, *(each for each in now.alternatives if each.is_number))
    total = min(known, key=lambda each: abs((each.value or ZERO) - now.known_sum))
    rest = find_rest(now, step, total)
    signed = [(total, _ONE), *((each, -_ONE) for each in now.plus), *((each, _ONE) for each in now.minus)]
    found: dict[CellRef, Fraction] = {}
    for figure, sign in signed:
        ref = figure.ref
        if ref is not None and figure.value is not None:
            found[ref] = found[ref] + sign if ref in found else sign
    half = Fraction(rest.high - rest.low) / 2
    return _Row(equation, now, found, (Fraction(rest.high) + Fraction(rest.low)) / 2, half)


def _ratio(equation: Equation, now: Equation, step: Decimal) -> _Row | None:
    """100 × above − rate × base; nothing for a rate that may mean a hundred times itself."""
    above, base, rate = now.plus[0], next(iter(now.plus[1:]), None), now.total
    if base is None or not (above.is_number and base.is_number):
        return None
    if any(each.is_number for each in now.alternatives):
        return None
    entry = rate.entry
    if above.ref is None or base.ref is None or entry is None or (base.value or ZERO) <= 0:
        return None
    value, width = Fraction(rate.value or ZERO), Fraction(max(step, entry.step or step))
    slack = (Fraction(base.value or ZERO) * width + 100 * Fraction(step) + abs(value) * Fraction(step)) / 2
    gap = 100 * Fraction(above.value or ZERO) - value * Fraction(base.value or ZERO)
    if (abs(gap) > slack) != bool(find_breach(now, step)):
        return None
    return _Row(equation, now, {above.ref: Fraction(100), base.ref: -value}, gap, slack, rate.ref)


class _Connected(NamedTuple):
    """Rows that share cells, at least one of them broken."""

    rows: tuple[_Row, ...]

    @property
    def broken(self) -> list[_Row]:
        return [row for row in self.rows if row.is_broken]


def _connected(rows: Sequence[_Row], step: Decimal) -> Iterator[_Connected]:
    """The rows around the broken ones, apart as far as no cell leads from one to the other."""
    by_cell: dict[CellRef, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        for ref in row.cells:
            by_cell[ref].append(at)
    seen: set[int] = set()
    for at, row in enumerate(rows):
        if at in seen or not row.is_broken or not find_breach(row.now, step):
            continue
        reached, open_ = {at}, [at]
        while open_:
            for ref in rows[open_.pop()].cells:
                further = set(by_cell[ref]) - reached
                reached |= further
                open_ += further
        seen |= reached
        yield _Connected(tuple(rows[each] for each in sorted(reached)))


@dataclass(slots=True)
class _Search:
    """The search for the smallest sets of one tangle; `cuts` are sets of cells of which one must change."""

    connected: _Connected
    equations: Sequence[Equation]
    step: Decimal
    held: frozenset[CellRef]
    figures: dict[CellRef, Figure] = field(init=False)
    by_cell: dict[CellRef, list[Equation]] = field(init=False)

    def __post_init__(self) -> None:
        """Index the cells that may be changed, and the equations that each of them stands in."""
        rows = self.connected.rows
        self.figures = {
            figure.ref: figure
            for row in rows
            for figure in (*row.now.figures, *row.now.alternatives)
            if figure.ref is not None and figure.ref in row.cells and figure.ref not in self.held
        }
        now = {id(row.equation): row.now for row in rows}
        self.by_cell = defaultdict(list)
        for each in self.equations:
            for ref in {one.ref for one in (*each.figures, *each.alternatives)} & self.figures.keys():
                if ref is not None:
                    self.by_cell[ref].append(now.get(id(each), each))

    def tangle(self) -> Tangle | None:
        """What there is to say of these equations; None where nothing is."""
        broken = tuple(row.equation for row in self.connected.broken)
        most = min(MOST_CELLS, len(broken) - 1)
        if most <= 1:
            return None
        if len(self.connected.rows) > _MOST_EQUATIONS:
            return Tangle(broken, solved=False)
        return self._smallest(broken, most)

    def _smallest(self, broken: tuple[Equation, ...], most: int) -> Tangle | None:
        totals = {row.now.total.ref for row in self.connected.rows if not row.now.copied}
        weights = {ref: _ADDED if ref in totals else _COPIED for ref in self.figures}
        cover = _Cover(weights)
        for row in self.connected.broken:
            cover.require(row.cells)
        found, solved = self._sets(cover, most)
        found.sort(key=lambda each: (sum(weights[_ref(one)] for one in each), [_ref(one) for one in each]))
        return Tangle(broken, tuple(found), solved) if found or not solved else None

    def _sets(self, cover: _Cover, most: int) -> tuple[list[tuple[Candidate, ...]], bool]:
        """The smallest sets, all of equally many cells, and whether the search came to an end."""
        found: list[tuple[Candidate, ...]] = []
        for _ in range(_MOST_ROUNDS):
            try:
                chosen = cover.lightest(len(found[0]) if found else most)
            except _UnsolvedError:
                return found, False
            if chosen is None or len(found) == _MOST_SETS:
                return found, True
            cut = self._conflict(chosen)
            if cut is not None:
                cover.require(cut - chosen)
            elif mended := self._mended(chosen):
                found.append(mended)
                cover.exclude(chosen)
            else:
                cover.exclude_alone(chosen)
        return found, False

    def _conflict(self, chosen: frozenset[CellRef]) -> frozenset[CellRef] | None:
        """Cells of which one has to change as well: those of equations that contradict each other."""
        _, rest = _eliminated(self._system(chosen), chosen)
        for combined in rest:
            if abs(combined.gap) > combined.slack(self.connected.rows):
                return combined.cells(self.connected.rows)
        return None

    def _system(self, chosen: frozenset[CellRef]) -> list[_Combined]:
        """The equations that still have to hold once these cells change: sums first, the shortest of them."""
        rows = self.connected.rows
        order = sorted(range(len(rows)), key=lambda at: (bool(rows[at].free), len(rows[at].coefficients)))
        return [
            # A rate without a base lays no claim to its cells: nothing can be eliminated by a nought.
            _Combined(
                {at: Fraction(1)},
                {ref: value for ref, value in rows[at].coefficients.items() if value},
                rows[at].gap,
            )
            for at in order
            if rows[at].free not in chosen and (rows[at].is_broken or rows[at].cells & chosen)
        ]

    def _mended(self, chosen: frozenset[CellRef]) -> tuple[Candidate, ...]:
        """The cells with figures by which every equation that they stand in holds; nothing without such."""
        pivots, _ = _eliminated(self._system(chosen), chosen)
        changes = _solved(pivots)
        rates = [row for row in self.connected.rows if row.free in chosen]
        if changes.keys() | {row.free for row in rates} != chosen:
            return ()  # a cell that nothing pins down need not be changed
        values = {ref: self._printed(ref, change) for ref, change in changes.items()}
        for row in rates:
            if row.free is not None:
                values[row.free] = _quotient(row, values)
        found = tuple(Candidate(self.figures[ref], value) for ref, value in sorted(values.items()))
        return found if self._holds(found) else ()

    def _printed(self, ref: CellRef, change: Fraction) -> Decimal:
        figure = self.figures[ref]
        own = _decimals(figure.value) if figure.value is not None else 0
        places = max(own, _decimals(self.step)) if figure.kind is ValueKind.AMOUNT else own
        return _rounded(Fraction(figure.value or ZERO) + change, places)

    def _holds(self, found: Sequence[Candidate]) -> bool:
        touched = {id(each): each for one in found for each in self.by_cell[_ref(one)]}
        return all(_may_be(one) and one.value != one.figure.value for one in found) and not any(
            find_breach(_put(each, found), self.step) for each in touched.values()
        )


def _ref(candidate: Candidate) -> CellRef:
    if candidate.figure.ref is None:
        raise ValueError(candidate.figure.label)
    return candidate.figure.ref


def _put(equation: Equation, found: Iterable[Candidate]) -> Equation:
    for each in found:
        equation = equation.put(_ref(each), each.value)
    return equation


def _may_be(candidate: Candidate) -> bool:
    """Whether such a figure may stand there: an amount that was not below 0 does not become so."""
    signed = candidate.figure.address.column in SIGNED
    return signed or candidate.value >= 0 or (candidate.figure.value or ZERO) < 0


def _quotient(row: _Row, values: Mapping[CellRef, Decimal]) -> Decimal:
    above, base = (
        values.get(each.ref, each.value or ZERO) if each.ref is not None else ZERO
        for each in row.now.plus[:2]
    )
    return round_half_up(above * HUNDRED / base, _RATE_PLACES) if base > 0 else ZERO


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _rounded(exact: Fraction, places: int) -> Decimal:
    return round_half_up(Decimal(exact.numerator) / Decimal(exact.denominator), places)


@dataclass(slots=True)
class _Combined:
    """A combination of rows: how much of each, and what comes out."""

    parts: dict[int, Fraction]
    coefficients: dict[CellRef, Fraction]
    gap: Fraction

    def less(self, other: _Combined, times: Fraction) -> _Combined:
        """This combination less so many times another."""
        parts = _less(self.parts, other.parts, times)
        return _Combined(
            parts,
            _less(self.coefficients, other.coefficients, times),
            self.gap - times * other.gap,
        )

    def slack(self, rows: Sequence[_Row]) -> Fraction:
        """What the rounding of its rows explains."""
        return sum((abs(times) * rows[at].slack for at, times in self.parts.items()), Fraction())

    def cells(self, rows: Sequence[_Row]) -> frozenset[CellRef]:
        """What could settle it: the cells left in it, and those that make one of its rows hold anyway."""
        free = {rows[at].free for at in self.parts}
        return frozenset(self.coefficients) | frozenset(ref for ref in free if ref is not None)


def _less(one: Mapping[Any, Fraction], other: Mapping[Any, Fraction], times: Fraction) -> dict[Any, Fraction]:
    found = {key: one.get(key, Fraction()) - times * other.get(key, Fraction()) for key in {**one, **other}}
    return {key: value for key, value in found.items() if value}


def _eliminated(
    system: list[_Combined], chosen: frozenset[CellRef]
) -> tuple[dict[CellRef, _Combined], list[_Combined]]:
    """Gauss–Jordan over the chosen cells: a row for each that is pinned down, and what has to hold anyway."""
    pivots: dict[CellRef, _Combined] = {}
    for row in system:
        rest = row
        for ref, pivot in pivots.items():
            if ref in rest.coefficients:
                rest = rest.less(pivot, rest.coefficients[ref] / pivot.coefficients[ref])
        left = sorted(each for each in rest.coefficients if each in chosen and each not in pivots)
        for own in left[:1]:
            for known, pivot in pivots.items():
                if own in pivot.coefficients:
                    pivots[known] = pivot.less(rest, pivot.coefficients[own] / rest.coefficients[own])
            pivots[own] = rest
    return pivots, [_reduced(row, pivots) for row in system]


def _reduced(row: _Combined, pivots: Mapping[CellRef, _Combined]) -> _Combined:
    for ref, pivot in pivots.items():
        if ref in row.coefficients:
            row = row.less(pivot, row.coefficients[ref] / pivot.coefficients[ref])
    return row


def _solved(pivots: Mapping[CellRef, _Combined]) -> dict[CellRef, Fraction]:
    """By how much each cell changes where its row holds exactly."""
    return {ref: -pivot.gap / pivot.coefficients[ref] for ref, pivot in pivots.items()}


class _Cover:
    """The lightest set of cells that has one of each required group: a small 0/1 problem for HiGHS."""

    def __init__(self, weights: Mapping[CellRef, int]) -> None:
        """`weights` of the cells that may be chosen."""
        self._weights = weights
        self._required: list[frozenset[CellRef]] = []
        self._excluded: list[frozenset[CellRef]] = []
        self._alone: list[frozenset[CellRef]] = []

    def require(self, group: frozenset[CellRef]) -> None:
        """One of these has to be chosen; of those that may be."""
        self._required.append(group & self._weights.keys())

    def exclude(self, chosen: frozenset[CellRef]) -> None:
        """Not all of these together, whatever else."""
        self._excluded.append(chosen)

    def exclude_alone(self, chosen: frozenset[CellRef]) -> None:
        """Not these and nothing else."""
        self._alone.append(chosen)

    def lightest(self, most: int) -> frozenset[CellRef] | None:
        """The set of at most so many cells; None where there is none.

        Raises:
            _UnsolvedError: HiGHS gave up.
        """
        if not all(self._required):
            return None
        import highspy  # noqa: PLC0415 it costs a tenth of a second, and most rounds never need it

        cells = sorted({ref for group in self._required for ref in group})
        solver = _silent_solver()
        for at, ref in enumerate(cells):
            solver.addCol(float(self._weights[ref]), 0.0, 1.0, 0, [], [])
            solver.changeColIntegrality(at, highspy.HighsVarType.kInteger)
        for low, high, signs in self._rows(frozenset(cells), most):
            row = [(at, signs[ref]) for at, ref in enumerate(cells) if ref in signs]
            solver.addRow(low, high, len(row), [at for at, _ in row], [sign for _, sign in row])
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise _UnsolvedError
        values = solver.getSolution().col_value
        return frozenset(ref for ref, value in zip(cells, values, strict=True) if value > _HALF)

    def _rows(
        self, cells: frozenset[CellRef], most: int
    ) -> Iterator[tuple[float, float, Mapping[CellRef, float]]]:
        """Lower and upper bound of a sum over cells, each chosen one counting by its sign."""
        yield 1.0, float(most), dict.fromkeys(cells, 1.0)
        for group in self._required:
            yield 1.0, float(len(group)), dict.fromkeys(group, 1.0)
        for chosen in self._excluded:
            yield 0.0, len(chosen) - 1.0, dict.fromkeys(chosen, 1.0)
        for chosen in self._alone:
            signs = {ref: -1.0 if ref in chosen else 1.0 for ref in cells}
            yield 1.0 - len(chosen), float(len(cells)), signs


def _silent_solver() -> Any:  # noqa: ANN401 the library is loaded only here
    """HiGHS, one thread, without a word: enabling its callbacks, which nobody here has, prints a banner."""
    import highspy  # noqa: PLC0415

    class Silent(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 the library's own name
            """Leave them off."""

    solver: Any = Silent()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", _SECONDS)):
        solver.setOptionValue(name, value)
    return solver
