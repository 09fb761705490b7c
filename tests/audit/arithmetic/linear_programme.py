"""The same injected faults, located the way the literature does it: one mixed-integer programme a form.

De Jonge and van der Loo (2014) state error localisation, after Fellegi and Holt, as: the lightest set of
cells (a 0/1 variable each, weights with a little noise to break ties) such that, with those cells free
within ±M, every linear rule holds. Their R packages do this with M = 1e7; R's packages are not to be had
here, so this is their published formulation, solved by HiGHS. It knows neither which figures may stand in
a cell nor rates (they are no linear rules), and of several lightest sets it gives one by chance.

`python -m tests.audit.arithmetic.linear_programme 500` prints, for one and two changed cells, how often it
and jixiao find exactly the changed cells, and how often they name a cell that nobody touched.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import highspy

from jixiao.audit.arithmetic.equations import find_breach, find_rest
from jixiao.audit.arithmetic.identities import check_identities
from jixiao.audit.arithmetic.several_cells import _silent_solver
from jixiao.domain.amounts import ZERO
from jixiao.domain.forms import IdentityKind
from tests.audit.arithmetic.faults import inject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.audit.arithmetic.equations import Equation
    from jixiao.domain.cells import CellRef

BOUND, TOLERANCE = 1e7, 1e-10
"""With HiGHS's own tolerance of 1e-6 a change of ±10 would pass as a cell that does not change."""
NAMING = frozenset({"A105", "A106", "A109"})
Rule = tuple[dict["CellRef", int], Decimal, Decimal]
"""Coefficients of the changes, and the bounds of their sum."""


def rules(equations: Sequence[Equation], step: Decimal) -> Iterator[Rule]:
    """The sums whose members are all known, as linear rules on the changes of their cells."""
    for each in equations:
        members = (each.total, *each.parts)
        if each.identity.kind in {IdentityKind.RATIO, IdentityKind.AT_MOST} or not each.total.is_number:
            continue
        if not all(one.is_number for one in members) and not each.closed:
            continue
        known = (each.total, *(one for one in each.alternatives if one.is_number))
        total = min(known, key=lambda one: abs((one.value or ZERO) - each.known_sum))
        rest = find_rest(each, step, total)
        coefficients: dict[CellRef, int] = defaultdict(int)
        added, taken = ((one, -1) for one in each.plus), ((one, 1) for one in each.minus)
        for figure, sign in [(total, 1), *added, *taken]:
            if figure.ref is not None and figure.value is not None:
                coefficients[figure.ref] += sign
        yield dict(coefficients), -rest.high, -rest.low


def lightest(found: Sequence[Rule], chance: random.Random) -> frozenset[CellRef] | None:
    """One lightest set of cells whose change makes all rules hold; None where the solver gives none."""
    cells = sorted({ref for coefficients, _, _ in found for ref in coefficients})
    column = {ref: at for at, ref in enumerate(cells)}
    solver: Any = _silent_solver()
    solver.setOptionValue("mip_feasibility_tolerance", TOLERANCE)
    for _ in cells:
        solver.addCol(0.0, -BOUND, BOUND, 0, [], [])
    for at in range(len(cells)):
        solver.addCol(1.0 + chance.random() / 1000, 0.0, 1.0, 0, [], [])
        chosen = len(cells) + at
        solver.changeColIntegrality(chosen, highspy.HighsVarType.kInteger)
        solver.addRow(-highspy.kHighsInf, 0.0, 2, [at, chosen], [1.0, -BOUND])
        solver.addRow(-highspy.kHighsInf, 0.0, 2, [at, chosen], [-1.0, -BOUND])
    for coefficients, low, high in found:
        columns = [column[ref] for ref in coefficients]
        solver.addRow(
            float(low), float(high), len(columns), columns, [float(each) for each in coefficients.values()]
        )
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = solver.getSolution().col_value[len(cells) :]
    return frozenset(ref for ref, value in zip(cells, values, strict=True) if value > 0.5)


def compare(seed: int, count: int, times: int) -> Counter[str]:
    """Of so many forms with `count` cells changed that break a sum, how often each finds just these cells.

    `wrong`: an untouched cell is among those found. `though fewer would do`: jixiao names cells although the
    programme needs fewer (it may put any figure into a cell, below nought too).
    """
    chance = random.Random(f"{seed} {count}")  # noqa: S311 figures of a test
    found: Counter[str] = Counter()
    for _ in range(times):
        ground, form, changed = inject(chance, count)
        equations, step = ground.equations(form)
        linear = list(rules(equations, step))
        if not any(low > 0 or high < 0 for _, low, high in linear) or any(
            each.identity.kind in {IdentityKind.RATIO, IdentityKind.AT_MOST} and find_breach(each, step)
            for each in equations
            if each.total.is_number
        ):
            continue  # nothing that a linear rule sees, or something that only others see
        named = frozenset(each.ref for each in check_identities(ground.subject(form)) if each.code in NAMING)
        chosen = lightest(linear, chance) or frozenset()
        found["forms"] += 1
        found["programme exact"] += chosen == changed
        found["programme wrong"] += bool(chosen - changed)
        found["exact"] += named == changed
        found["wrong"] += bool(named - changed)
        found["though fewer would do"] += len(named) > len(chosen)
    return found


if __name__ == "__main__":
    for several in (1, 2):
        print(several, dict(compare(1, several, int(sys.argv[1]))))  # noqa: T201
