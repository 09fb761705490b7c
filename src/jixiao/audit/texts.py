"""Figures written as text: a formula that adds up leaves them out and shows a total without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.audit.balances import find_breach
from jixiao.domain.amounts import ZERO, show
from jixiao.domain.forms import IdentityKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.audit.figures import Equation, Figure
    from jixiao.audit.subject import Subject
    from jixiao.domain.findings import Finding


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sum that holds without some of its parts, and these parts."""

    equation: Equation
    texts: tuple[Figure, ...]


def find_left_out(equations: Iterable[Equation], step: Decimal) -> tuple[LeftOut, ...]:
    """The broken sums that hold as soon as the parts written as text count as nothing."""
    found = (LeftOut(equation, _texts_left_out(equation, step)) for equation in equations)
    return tuple(each for each in found if each.texts)


def tell_left_out(found: Sequence[LeftOut], subject: Subject) -> Iterator[Finding]:
    """V108 at every such text, once; the sum itself is what a formula makes of it."""
    told = {figure.ref: (figure, each.equation) for each in found for figure in each.texts}
    for ref, (figure, equation) in told.items():
        yield subject.finding(
            "V108",
            ref,
            figure.label,
            evidence=[each.ref for each in equation.figures],
            reported=figure.entry.text if figure.entry else "",
            expected=show(figure.value or ZERO),
            total=equation.total.label,
            sum=show(equation.total.value or ZERO),
        )


def _texts_left_out(equation: Equation, step: Decimal) -> tuple[Figure, ...]:
    texts = tuple(each for each in equation.parts if each.entry and each.entry.as_text and each.value)
    if equation.identity.kind is not IdentityKind.SUM or not texts or not find_breach(equation, step):
        return ()
    without = equation
    for each in texts:
        if each.ref is not None:
            without = without.put(each.ref, ZERO)
    return () if find_breach(without, step) else texts
