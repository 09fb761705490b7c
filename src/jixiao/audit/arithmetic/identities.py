"""Arithmetic of one form: sums, parts of a whole and rates that do not hold within rounding.

A figure written as text is told by itself: a formula that adds up leaves it out and shows a total without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.audit.arithmetic.equations import (
    PARTS_LACKING,
    RATIO_OFF,
    SUM_OFF,
    close_breakdowns,
    find_breach,
    find_rest,
    printed_step,
)
from jixiao.audit.arithmetic.expansion import equations_of
from jixiao.audit.arithmetic.localisation import (
    Bound,
    Candidate,
    explain_breaches,
    explain_gaps,
    explain_rates,
    explain_unit_slips,
    prefer_within,
)
from jixiao.audit.subject import ARRIVED, OTHER_BASE
from jixiao.domain.amounts import HUNDRED, ZERO, MoneyUnit, round_half_up, show
from jixiao.domain.findings import Correction, Declaration, declare
from jixiao.domain.forms import IdentityKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.audit.arithmetic.equations import Equation, Figure
    from jixiao.audit.arithmetic.localisation import Explanation
    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding

NUMBER_AS_TEXT = declare("V108", "reported", "expected", "total", "sum")
FIGURE_OFF = declare(
    "A105", "reported", "expected", "parts", "sum", "gap", "total", optional=("tolerance", "others")
)
UNIT_SLIP = declare("A106", "reported", "expected", "derivation", "other")

_RATE_PLACES = 2
_BLANK_AS_NIL = ("没有填写的组成部分按 0 计",)
_MOST_NAMED = 3
"""Of so many cells that may be wrong each is named; more say nothing."""


def check_identities(subject: Subject) -> Iterator[Finding]:
    """A101–A106, A108 (the layout's identities): sums and rates hold but for (n + 1) half-units for n parts.

    Where a single cell explains what is broken, that cell is told (A105, A106 where a rate says that it is in
    another unit) in place of its equations; where figures written as text were left out of a sum, these are
    (V108).
    """
    step = amount_step(subject)
    equations = close_breakdowns(tuple(equations_of(subject.submission, subject.layout)), step)
    left_out = find_left_out(equations, step)
    yield from tell_left_out(left_out, subject)
    explained = [each.equation for each in left_out]
    equations = tuple(each for each in equations if each not in explained)
    explanations = _explanations(equations, step, subject)
    told: set[int] = set()
    for equation in equations:
        breach = find_breach(equation, step) if equation.total.is_number else None
        if breach is None:
            continue
        explanation = next((each for each in explanations if equation in each.equations), None)
        if id(explanation) in told:
            continue
        culprit = explanation.culprit if explanation else None
        if explanation and culprit and not _is_own_total(culprit, explanation):
            told.add(id(explanation))
            if all(each.identity.kind is IdentityKind.RATIO for each in explanation.equations):
                yield _name_unit_slip(culprit, equation, subject)
                continue
            named = _name_culprit(culprit, explanation, subject, step)
            certain = any(find_breach(each, step) is not PARTS_LACKING for each in explanation.equations)
            yield named if certain else replace(named, assumed=_BLANK_AS_NIL)
        elif breach is RATIO_OFF:
            yield _by_arrived(equation, subject, step) or _tell_ratio(equation, subject)
        else:
            yield _tell_sum(breach, equation, explanation, subject, step)


def _explanations(equations: Sequence[Equation], step: Decimal, subject: Subject) -> list[Explanation]:
    """What explains the equations that do not hold, the likeliest first.

    A sum that lacks parts has to be explained by more than itself: by another equation or a bound.
    """
    slips, gaps, breaches = (
        explain(equations, step, subject.held)
        for explain in (explain_unit_slips, explain_gaps, explain_breaches)
    )
    lines = subject.spending_lines
    bounds = [Bound(line.entries["executed"], line.entries["annual_budget"]) for line in lines]
    units = subject.submission.units

    def unit_of(figure: Figure) -> MoneyUnit:
        return units.get(figure.address.table, units.get("", MoneyUnit.WAN))

    rates = explain_rates(equations, step, unit_of)
    certain = [
        each
        for each in prefer_within(gaps, bounds)
        if (one := each.culprit)
        and (len(each.equations) > 1 or any(bound.is_mended_by(one) for bound in bounds))
    ]
    return [*slips, *certain, *prefer_within(breaches, bounds), *rates]


def amount_step(subject: Subject) -> Decimal:
    """The unit of the last digit in which this form prints its amounts, in 万元."""
    return printed_step(subject.submission, subject.layout)


def _is_own_total(culprit: Candidate, explanation: Explanation) -> bool:
    """Whether nothing but one sum's own total is wrong: the sum itself says so best."""
    return len(explanation.equations) == 1 and explanation.equations[0].total.ref == culprit.figure.ref


def _tell_sum(
    breach: Declaration, equation: Equation, explanation: Explanation | None, subject: Subject, step: Decimal
) -> Finding:
    """A101 with the cells that may be wrong instead, A102 and A104."""
    suspects = explanation.candidates if explanation and breach is SUM_OFF else ()
    named = len(suspects) <= _MOST_NAMED and len(suspects) < len(equation.figures)
    words = [f"{each.figure.label}（应为 {show(each.value)}）" for each in suspects if named]
    sums = _sum_figures(equation, step).items()
    finding = subject.finding(
        breach,
        equation.total.ref,
        equation.total.label,
        evidence=_cells(equation),
        reported=show(equation.total.value or ZERO),
        expected=show(equation.known_sum),
        **{name: shown for name, shown in sums if name in breach.figures},
        **({"suspects": "、".join(words)} if words else {}),
    )
    others = suspects or tuple(_only_part(equation))
    return replace(finding, alternatives=tuple(_corrections(others, subject)))


def _only_part(equation: Equation) -> Iterator[Candidate]:
    """The one part that has a figure, with what it would have to be if all the others are nothing."""
    filled = [each for each in equation.parts if each.value]
    if len(filled) == 1 and filled[0] in equation.plus and equation.total.value is not None:
        yield Candidate(filled[0], equation.total.value)


def _corrections(suspects: Iterable[Candidate], subject: Subject) -> Iterator[Correction]:
    for each in suspects:
        if each.figure.ref is not None:
            owner = subject.submission.submission_id
            yield Correction(each.figure.ref, each.figure.label, show(each.value), owner)


def _cells(equation: Equation) -> list[CellRef | None]:
    return [each.ref for each in equation.figures]


def _sum_figures(equation: Equation, step: Decimal) -> dict[str, str]:
    rest = find_rest(equation, step)
    return {
        "parts": equation.parts_text,
        "sum": show(equation.known_sum),
        "gap": show(abs((equation.total.value or ZERO) - equation.known_sum)),
        "tolerance": show((rest.high - rest.low) / 2),
    }


def _by_arrived(equation: Equation, subject: Subject, step: Decimal) -> Finding | None:
    """A108: the rate is that of the money that arrived (到位数), which stands in the same row."""
    line, below = equation.total.line, equation.plus[1]
    arrived = line.entries.get(ARRIVED) if line else None
    if line is None or arrived is None or not arrived.value or below.ref is None or below.value is None:
        return None
    if below.ref == arrived.ref or find_breach(equation.put(below.ref, arrived.value), step):
        return None
    told = _tell_ratio(equation, subject)
    return subject.finding(
        OTHER_BASE,
        told.ref,
        told.label,
        evidence=(*told.evidence, arrived.ref),
        reported=told.reported,
        expected=told.expected,
        divisor=subject.column_title(line, ARRIVED),
        derivation=told.figures["derivation"],
    )


def _tell_ratio(equation: Equation, subject: Subject) -> Finding:
    printed, (above, below) = equation.total, equation.plus
    dividend, divisor = above.value or ZERO, below.value or ZERO
    rate = f"{show(round_half_up(dividend * HUNDRED / divisor, _RATE_PLACES))}%"
    return subject.finding(
        RATIO_OFF,
        printed.ref,
        printed.label,
        evidence=(above.ref, below.ref),
        reported=f"{show(printed.value or ZERO)}%",
        expected=rate,
        derivation=f"{above.name} {show(dividend)} ÷ {below.name} {show(divisor)} = {rate}",
    )


def _name_unit_slip(culprit: Candidate, ratio: Equation, subject: Subject) -> Finding:
    """A106: an amount in another unit than the one it is divided by, or into."""
    figure = culprit.figure
    above, below = (culprit.value if each.ref == figure.ref else each.value or ZERO for each in ratio.plus)
    rate = show(round_half_up(above * HUNDRED / below, _RATE_PLACES))
    first, second = ratio.plus
    return subject.finding(
        UNIT_SLIP,
        figure.ref,
        figure.label,
        evidence=_cells(ratio),
        reported=show(figure.value or ZERO),
        expected=show(culprit.value),
        derivation=f"{first.name} {show(above)} ÷ {second.name} {show(below)} = {rate}%",
        other=f"“{ratio.total.label}”的 {show(ratio.total.value or ZERO)}%",
    )


def _name_culprit(culprit: Candidate, explanation: Explanation, subject: Subject, step: Decimal) -> Finding:
    """A105: the shortest sum in figures, the others by their totals."""
    sums = [each for each in explanation.equations if each.identity.kind is IdentityKind.SUM]
    shortest = min(sums, key=lambda each: len(each.parts))
    at, total = culprit.figure.ref, shortest.total
    others = [each.total for each in explanation.equations if each is not shortest]
    named = list(dict.fromkeys(f"“{each.label}”" for each in others if each.ref not in {at, total.ref}))
    shown = "此处的" if total.ref == at else f"“{total.label}”的"
    return subject.finding(
        FIGURE_OFF,
        culprit.figure.ref,
        culprit.figure.label,
        evidence=[ref for each in explanation.equations for ref in _cells(each)],
        reported="（空）" if culprit.figure.value is None else show(culprit.figure.value),
        expected=show(culprit.value),
        **_sum_figures(shortest, step),
        total=f"{shown} {show(total.value or ZERO)}",
        **({"others": _listed(named)} if named else {}),
    )


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many there are in all where there are more."""
    listed = "、".join(names[:_MOST_NAMED])
    return listed if len(names) <= _MOST_NAMED else f"{listed}等 {len(names)} 处"


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
            NUMBER_AS_TEXT,
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
