"""Arithmetic of one form: sums, parts of a whole and rates that do not hold within rounding.

A figure written as text is told by itself: a formula that adds up leaves it out and shows a total without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

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
    Explanation,
    explain_breaches,
    explain_gaps,
    explain_rates,
    explain_unit_slips,
    prefer_within,
)
from jixiao.audit.arithmetic.several_cells import Tangle, untangle
from jixiao.audit.subject import ARRIVED, OTHER_BASE
from jixiao.domain.amounts import HUNDRED, ZERO, MoneyUnit, round_half_up, show
from jixiao.domain.findings import Correction, Declaration, declare
from jixiao.domain.forms import IdentityKind
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.audit.arithmetic.equations import Equation, Figure
    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding

NUMBER_AS_TEXT = declare("V108", "reported", "expected", "total", "sum")
FIGURE_OFF = declare(
    "A105", "reported", "expected", "parts", "sum", "gap", "total", optional=("tolerance", "others")
)
SEVERAL_OFF = declare("A109", "reported", "expected", "others", "total", "count")
UNIT_SLIP = declare("A106", "reported", "expected", "derivation", "other")

_RATE_PLACES = 2
_BLANK_AS_NIL = (say("没有填写的组成部分按 0 计"),)
_MOST_NAMED = 3
"""Of so many cells that may be wrong each is named; more say nothing."""


def check_identities(subject: Subject) -> Iterator[Finding]:
    """A101–A106, A108, A109 (the layout's identities): sums and rates hold but for (n + 1) half-units.

    Where a single cell explains what is broken, that cell is told (A105, A106 where a rate says that it is in
    another unit) in place of its equations; where it takes several and there is one such set, each of these
    (A109); where figures written as text were left out of a sum, these are (V108).
    """
    sums = subject.once(work_out)
    step, explanations, tangles = sums.step, sums.explanations, sums.tangles
    yield from tell_left_out(sums.left_out, subject)
    told: set[int] = set()
    for equation in sums.equations:
        breach = find_breach(equation, step) if equation.total.is_number else None
        if breach is None:
            continue
        cause = _cause(equation, explanations, tangles)
        if id(cause) in told:
            continue
        if isinstance(cause, Tangle) and cause.culprits:
            told.add(id(cause))
            yield from _name_several(cause, subject)
        elif isinstance(cause, Explanation) and (culprit := cause.named):
            told.add(id(cause))
            yield _name_one(culprit, cause, equation, subject, step)
        elif breach is RATIO_OFF:
            yield _by_arrived(equation, subject, step) or _tell_ratio(equation, subject)
        else:
            yield _tell_sum(breach, equation, cause, subject, step)


class Sums(NamedTuple):
    """The equations of one form, but for those of `left_out`, and what explains the broken ones.

    `step` is the unit of the last digit in which the form prints its amounts, in 万元.
    """

    step: Decimal
    equations: tuple[Equation, ...]
    left_out: tuple[LeftOut, ...]
    explanations: Sequence[Explanation]
    tangles: tuple[Tangle, ...]


def work_out(subject: Subject) -> Sums:
    """Lay out what a form's figures have to make up, and look for what explains where they do not."""
    step = printed_step(subject.submission, subject.layout)
    equations = close_breakdowns(tuple(equations_of(subject.submission, subject.layout)), step)
    left_out = find_left_out(equations, step)
    explained = [each.equation for each in left_out]
    equations = tuple(each for each in equations if each not in explained) if explained else equations
    return Sums(step, equations, left_out, *explain_all(equations, step, subject))


def explain_all(
    equations: Sequence[Equation], step: Decimal, subject: Subject
) -> tuple[list[Explanation], tuple[Tangle, ...]]:
    """What explains the equations that do not hold: single cells, and where these do not, several."""
    broken = [each for each in equations if each.total.is_number and find_breach(each, step)]
    if not broken:
        return [], ()
    explanations = [each for each in _explanations(equations, step, subject) if not _is_open(each, broken)]
    return explanations, untangle(equations, explanations, step, subject.held)


def _is_open(explanation: Explanation, broken: Sequence[Equation]) -> bool:
    """Whether one broken sum alone accuses a cell, and another that shares a cell with it is broken as well.

    Then that shared cell may be wrong, and something else with it.
    """
    if len(explanation.equations) > 1 or explanation.named is None:
        return False
    own = {each.ref for each in explanation.equations[0].figures} - {explanation.named.figure.ref, None}
    others = (each for each in broken if each is not explanation.equations[0])
    return any(own & {one.ref for one in each.figures} for each in others)


def _cause(
    equation: Equation, explanations: Sequence[Explanation], tangles: Sequence[Tangle]
) -> Explanation | Tangle | None:
    """What explains a broken equation: the cell that it shares with others, else the tangle that it is in."""
    explanation = next((each for each in explanations if equation in each.equations), None)
    if explanation and explanation.named:
        return explanation
    around = (each for each in tangles if any(equation is one for one in each.equations))
    return next((each for each in around if each.tells), explanation)


def _name_one(
    culprit: Candidate, explanation: Explanation, equation: Equation, subject: Subject, step: Decimal
) -> Finding:
    """A105; A106 where a rate alone says that an amount is in another unit."""
    if all(each.identity.kind is IdentityKind.RATIO for each in explanation.equations):
        return _name_unit_slip(culprit, equation, subject)
    named = _name_culprit(culprit, explanation, subject, step)
    certain = any(find_breach(each, step) is not PARTS_LACKING for each in explanation.equations)
    return named if certain else replace(named, assumed=_BLANK_AS_NIL)


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


def _tell_sum(
    breach: Declaration,
    equation: Equation,
    cause: Explanation | Tangle | None,
    subject: Subject,
    step: Decimal,
) -> Finding:
    """A101 with the cells that may be wrong instead, A102 and A104."""
    suspects = cause.candidates if isinstance(cause, Explanation) and breach is SUM_OFF else ()
    named = len(suspects) <= _MOST_NAMED and len(suspects) < len(equation.figures)
    words = [_suspect(each) for each in suspects if named]
    if isinstance(cause, Tangle) and breach is SUM_OFF:
        words = list(_suspected(cause))
    sums = _sum_figures(equation, step).items()
    finding = subject.finding(
        breach,
        equation.total.ref,
        equation.total.label,
        evidence=_cells(equation),
        reported=show(equation.total.value or ZERO),
        expected=show(equation.known_sum),
        **{name: shown for name, shown in sums if name in breach.figures},
        **({"suspects": say("、").join(words)} if words else {}),
    )
    others = suspects or tuple(_only_part(equation))
    return replace(finding, alternatives=tuple(_corrections(others, subject)))


def _suspect(candidate: Candidate) -> str:
    return say("{label}（应为 {value}）", label=candidate.figure.label, value=show(candidate.value))


def _placed(candidate: Candidate) -> str:
    at = candidate.figure.ref
    return say(
        "{a1}“{label}”（应为 {value}）",
        a1=at.a1 if at else "",
        label=candidate.figure.label,
        value=show(candidate.value),
    )


def _suspected(tangle: Tangle) -> Iterator[str]:
    """Each of the sets that would mend the tangle; that nobody worked them out."""
    if not tangle.solved:
        yield say(
            "不止一处（{count} 处不符互相牵连，程序没有算出最少改哪几个数）", count=len(tangle.equations)
        )
    else:
        yield from (say("和").join(map(_suspect, each)) for each in tangle.sets)


def _name_several(tangle: Tangle, subject: Subject) -> Iterator[Finding]:
    """A109 at each of the cells that are wrong together."""
    cells = [ref for each in tangle.equations for ref in _cells(each)]
    totals = list(dict.fromkeys(say("“{label}”", label=each.total.label) for each in tangle.equations))
    for each in tangle.culprits:
        at = each.figure.ref
        others = [one for one in tangle.culprits if one is not each]
        yield subject.finding(
            SEVERAL_OFF,
            at,
            each.figure.label,
            evidence=cells,
            reported=say("（空）") if each.figure.value is None else show(each.figure.value),
            expected=show(each.value),
            others=say("、").join(map(_placed, others)),
            total=_listed(totals),
            count=str(len(tangle.culprits)),
        )


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
        other=say("“{label}”的 {value}%", label=ratio.total.label, value=show(ratio.total.value or ZERO)),
    )


def _name_culprit(culprit: Candidate, explanation: Explanation, subject: Subject, step: Decimal) -> Finding:
    """A105: the shortest sum in figures, the others by their totals."""
    sums = [each for each in explanation.equations if each.identity.kind is IdentityKind.SUM]
    shortest = min(sums, key=lambda each: len(each.parts))
    at, total = culprit.figure.ref, shortest.total
    others = [each.total for each in explanation.equations if each is not shortest]
    named = list(
        dict.fromkeys(
            say("“{label}”", label=each.label) for each in others if each.ref not in {at, total.ref}
        )
    )
    shown = say("此处的") if total.ref == at else say("“{label}”的", label=total.label)
    return subject.finding(
        FIGURE_OFF,
        culprit.figure.ref,
        culprit.figure.label,
        evidence=[ref for each in explanation.equations for ref in _cells(each)],
        reported=say("（空）") if culprit.figure.value is None else show(culprit.figure.value),
        expected=show(culprit.value),
        **_sum_figures(shortest, step),
        total=f"{shown} {show(total.value or ZERO)}",
        **({"others": _listed(named)} if named else {}),
    )


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many there are in all where there are more."""
    listed = say("、").join(names[:_MOST_NAMED])
    return (
        listed if len(names) <= _MOST_NAMED else say("{listed}等 {count} 处", listed=listed, count=len(names))
    )


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
