"""Arithmetic of one form: sums, parts of a whole and rates that do not hold within rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.equations import equations_of
from jixiao.domain.amounts import AMOUNT_STEP, HUNDRED, ZERO, Interval, round_half_up, show
from jixiao.domain.forms import IdentityKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jixiao.audit.equations import Equation, Figure
    from jixiao.audit.subject import Subject
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Entry

_RATE_PLACES = 2
_SIGNED = frozenset({"adjustment", "balance"})
"""Columns whose figures may be below 0: where one is blank, known parts may rightly exceed the total."""


def check_identities(subject: Subject) -> Iterator[Finding]:
    """A101–A104 (the layout's identities): sums and rates hold but for (n + 1) half-units for n parts."""
    step = amount_step(subject)
    for equation in equations_of(subject):
        if not equation.total.is_number:
            continue
        if equation.identity.kind is IdentityKind.RATIO:
            yield from _check_ratio(equation, subject, step)
        else:
            yield from _check_sum(equation, subject, step)


def amount_step(subject: Subject) -> Decimal:
    """The unit of the last digit in which this form prints its amounts: one for all of them, in 万元.

    A sheet drops trailing zeros: 148 among 112.88 and 35.12 is 148.00, so a figure's own digits do not tell
    how it was rounded, but the finest figure of the form does. A form without a decimal anywhere is rounded
    to whole 万元, and its sums may be off by that. Never below 0.01: rounding of printed figures excuses
    0.01, and no form's rounding excuses 49.80.
    """
    steps = [entry.step for entry in _amounts(subject) if entry.step is not None]
    return max(AMOUNT_STEP, min(steps, default=AMOUNT_STEP))


def _amounts(subject: Subject) -> Iterator[Entry]:
    names = {("", each.name) for each in subject.layout.fields if each.kind is ValueKind.AMOUNT}
    for table in subject.layout.tables:
        names |= {(table.name, each.name) for each in table.columns if each.kind is ValueKind.AMOUNT}
    for name, entry in subject.submission.fields.items():
        if ("", name) in names:
            yield entry
    for line in subject.submission.lines:
        yield from (entry for name, entry in line.entries.items() if (line.table, name) in names)


def _range(figure: Figure, step: Decimal) -> Interval:
    """What a printed figure can stand for: an amount within half a step, a count only itself."""
    own = figure.entry.step if figure.entry else None
    if figure.kind is ValueKind.AMOUNT:
        width = step if figure.is_number else ZERO
    else:
        width = own if own is not None and own < 1 else ZERO
    return Interval.around(figure.value or ZERO, width)


def _check_sum(equation: Equation, subject: Subject, step: Decimal) -> Iterator[Finding]:
    """Total against parts.

    A dash counts as nil, a blank as not known: then only parts that already exceed the total are wrong, and
    parts that fall short are worth a question. Parts of which none is a number were simply not broken down.
    """
    rest = _rest(equation, step)
    if rest.low <= 0 <= rest.high or not any(part.is_number for part in equation.parts):
        return
    code = _sum_code(equation, exceeded=rest.high < 0)
    if code:
        yield subject.finding(
            code,
            equation.total.ref,
            equation.total.label,
            reported=show(equation.total.value or ZERO),
            expected=show(equation.known_sum),
            parts=equation.parts_text,
            sum=show(equation.known_sum),
            gap=show(abs((equation.total.value or ZERO) - equation.known_sum)),
            tolerance=show((rest.high - rest.low) / 2),
        )


def _rest(equation: Equation, step: Decimal) -> Interval:
    """Total less parts, as an interval: 0 lies in it where rounding explains the gap."""
    rest = _range(equation.total, step)
    for part in equation.plus:
        rest -= _range(part, step)
    for part in equation.minus:
        rest += _range(part, step)
    return rest


def _sum_code(equation: Equation, *, exceeded: bool) -> str:
    """Which code a gap between total and parts deserves; "" for none."""
    unknown = [part for part in equation.parts if part.value is None]
    if equation.identity.kind is IdentityKind.AT_MOST:
        return "A102" if exceeded else ""
    if not unknown:
        return "A101"
    certain = not equation.minus and not any(part.address.column in _SIGNED for part in unknown)
    if exceeded and certain:
        return "A102"
    return "A104" if all(part.is_blank for part in unknown) else ""


def _check_ratio(equation: Equation, subject: Subject, step: Decimal) -> Iterator[Finding]:
    """A rate printed in percent, right to its own last digit, of figures that are rounded themselves."""
    above, below = equation.plus
    base = _range(below, step)
    if not (above.is_number and below.is_number) or base.low <= 0:
        return
    printed, figure = equation.total, _range(above, step)
    corners = [
        part * HUNDRED / whole for part in (figure.low, figure.high) for whole in (base.low, base.high)
    ]
    own = printed.entry.step if printed.entry and printed.entry.step else AMOUNT_STEP
    shown = Interval.around(printed.value or ZERO, max(AMOUNT_STEP, own))
    if shown.meets(Interval(min(corners), max(corners))):
        return
    dividend, divisor = above.value or ZERO, below.value or ZERO
    rate = f"{show(round_half_up(dividend * HUNDRED / divisor, _RATE_PLACES))}%"
    yield subject.finding(
        "A103",
        printed.ref,
        printed.label,
        reported=f"{show(printed.value or ZERO)}%",
        expected=rate,
        derivation=f"{show(dividend)} ÷ {show(divisor)} = {rate}",
    )
