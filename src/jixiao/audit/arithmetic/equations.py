"""An equation between cells of a form, and whether it holds.

Each printed figure stands for all values that round to it, so an equation holds where some of these do.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.domain.amounts import AMOUNT_STEP, HUNDRED, ZERO, Interval, show
from jixiao.domain.findings import Declaration, declare
from jixiao.domain.forms import IdentityKind, ValueKind
from jixiao.domain.spoken import spoken_name
from jixiao.domain.submissions import State, figure_of
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.figure_address import FigureAddress
    from jixiao.domain.forms import FormLayout, Identity
    from jixiao.domain.submissions import Entry, Line, Submission

SUM_OFF = declare("A101", "reported", optional=("parts", "sum", "gap", "tolerance", "suspects"))
PARTS_EXCEED = declare("A102", "reported", optional=("parts", "sum", "gap", "tolerance"))
RATIO_OFF = declare("A103", "reported", "expected", "derivation")
PARTS_LACKING = declare("A104", "reported", optional=("parts", "sum", "gap"))

_MOST_PRINTED = 6
"""A sentence spells out so many parts; of longer sums it gives their number."""


class Figure(NamedTuple):
    """One member of an equation: where it stands, what is there, what to call it in a sentence.

    `title` is the field's or column's, `heading` the same where the layout knows it; `line` the row that it
    stands in, `row` what the layout calls that row. `by_column`: among figures of one row it is called by its
    column.
    """

    address: FigureAddress
    entry: Entry | None
    title: str
    heading: str
    kind: ValueKind
    line: Line | None = None
    row: str = ""
    by_column: bool = False

    @property
    def name(self) -> str:
        """What to call it beside the others of its equation."""
        if self.by_column:
            return self.title
        return spoken_name(self.line.label) if self.line else self.row or self.title

    @property
    def label(self) -> str:
        """What to call it by itself: 年度资金总额·全年预算数."""
        if self.line is None:
            return self.title
        return "·".join(filter(None, (spoken_name(self.line.label), self.heading)))

    @property
    def missing(self) -> bool:
        """Whether the form has no such column, so that nobody knows what would stand there."""
        return self.line is not None and self.address.column not in self.line.entries

    @property
    def value(self) -> Decimal | None:
        """The figure; a dash says that there is nothing, so it is nil; None where it is not known."""
        return figure_of(self.entry)

    @property
    def ref(self) -> CellRef | None:
        """The cell, where the form has it."""
        return self.entry.ref if self.entry else None

    @property
    def is_number(self) -> bool:
        """Whether a number stands there."""
        return self.entry is not None and self.entry.value is not None

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands there: an empty cell, or a row that the form lacks."""
        return not self.missing and (self.entry is None or self.entry.state is State.BLANK)

    @property
    def text(self) -> str:
        """Name and figure for a sentence: 上年结转 0.00."""
        value = self.value
        return say("{name}（空）", name=self.name) if value is None else f"{self.name} {show(value)}"

    def put(self, ref: CellRef, value: Decimal) -> Figure:
        """The figure as it would be with another value in that cell."""
        if self.entry is None or self.ref != ref:
            return self
        return self._replace(entry=replace(self.entry, state=State.NUMBER, value=value))


@dataclass(frozen=True, slots=True)
class Equation:
    """An identity between actual cells.

    `closed`: parts for which the form has no row are nothing; its other columns add up without them.
    `copied`: the total is no sum, but the same figure on another form. `breaches` is what was found wrong
    with it, by the unit of the form's amounts: an equation never changes, and many ask.
    """

    identity: Identity
    total: Figure
    plus: tuple[Figure, ...]
    minus: tuple[Figure, ...]
    alternatives: tuple[Figure, ...] = ()
    closed: bool = False
    copied: bool = False
    breaches: dict[Decimal, Declaration | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def parts(self) -> tuple[Figure, ...]:
        """All members but the total."""
        return (*self.plus, *self.minus)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All members, the total first."""
        return (self.total, *self.parts)

    @property
    def known_sum(self) -> Decimal:
        """Known parts added and taken away."""
        added, taken = (sum((each.value or ZERO for each in side), ZERO) for side in (self.plus, self.minus))
        return added - taken

    @property
    def parts_text(self) -> str:
        """The sum in words and figures: 年初预算数 1,442.20 + 调整数 −49.80."""
        if len(self.parts) > _MOST_PRINTED:
            return say("{count} 个组成部分合计", count=len(self.parts))
        added = " + ".join(each.text for each in self.plus)
        return " − ".join((added, *(each.text for each in self.minus)))

    def put(self, ref: CellRef, value: Decimal) -> Equation:
        """The equation as it would be with another value in one cell; itself where it lacks the cell."""
        if all(each.ref != ref for each in (*self.figures, *self.alternatives)):
            return self

        def changed(figures: Iterable[Figure]) -> tuple[Figure, ...]:
            return tuple(each.put(ref, value) for each in figures)

        total, alternatives = self.total.put(ref, value), changed(self.alternatives)
        plus, minus = changed(self.plus), changed(self.minus)
        return replace(self, total=total, plus=plus, minus=minus, alternatives=alternatives)


SIGNED: Final = frozenset({"adjustment", "balance", "saving"})
"""Columns whose figures may be below 0: where one is blank, known parts may rightly exceed the total."""


def printed_step(submission: Submission, layout: FormLayout) -> Decimal:
    """The unit of the last digit in which a form prints its amounts: one for all of them, in 万元.

    A sheet drops trailing zeros: 148 among 112.88 and 35.12 is 148.00, so a figure's own digits do not tell
    how it was rounded, but the finest figure of the form does. A form without a decimal anywhere is rounded
    to whole 万元, and its sums may be off by that. Never below 0.01: rounding of printed figures excuses
    0.01, and no form's rounding excuses 49.80.
    """
    steps = [entry.step for entry in _amounts(submission, layout) if entry.step is not None]
    return max(AMOUNT_STEP, min(steps, default=AMOUNT_STEP))


def _amounts(submission: Submission, layout: FormLayout) -> Iterator[Entry]:
    names = _amount_places(layout)
    for name, entry in submission.fields.items():
        if ("", name) in names:
            yield entry
    for line in submission.lines:
        yield from (entry for name, entry in line.entries.items() if (line.table, name) in names)


@lru_cache(maxsize=256)
def _amount_places(layout: FormLayout) -> frozenset[tuple[str, str]]:
    """The fields ("", name) and columns (table, name) of a layout that hold amounts."""
    fields = [("", each.name) for each in layout.fields if each.kind is ValueKind.AMOUNT]
    columns = [(table.name, each) for table in layout.tables for each in table.columns]
    return frozenset((*fields, *((at, each.name) for at, each in columns if each.kind is ValueKind.AMOUNT)))


def find_breach(equation: Equation, step: Decimal) -> Declaration | None:
    """What is wrong with an equation (A101–A104), None where it holds or can't be decided.

    `step` is the unit in which the form prints its amounts. Sums hold but for (n + 1) half-units for n parts.
    """
    known = equation.breaches
    if step not in known:
        known[step] = _breach(equation, step)
    return known[step]


def _breach(equation: Equation, step: Decimal) -> Declaration | None:
    if equation.total.value is None:
        return None
    if equation.identity.kind is IdentityKind.RATIO:
        return None if _ratio_holds(equation, step) else RATIO_OFF
    if _sum_holds(equation, step):
        return None
    return _sum_breach(equation, exceeded=find_rest(equation, step).high < 0)


def close_breakdowns(equations: Sequence[Equation], step: Decimal) -> tuple[Equation, ...]:
    """The equations, closed where another column of the same rows adds up with what rows there are.

    A form may leave out the rows of sources that it has nothing of; then none of its columns has any.
    """
    whole = {_rows_of(each) for each in equations if _adds_up_without(each, step)}
    if not whole:
        return tuple(equations)
    return tuple(replace(each, closed=True) if _rows_of(each) in whole else each for each in equations)


def _rows_of(equation: Equation) -> tuple[int, str, str]:
    """What equations of a form's several columns have in common: the identity and the total's row."""
    total = equation.total.address
    return id(equation.identity), total.table, total.item


def _adds_up_without(equation: Equation, step: Decimal) -> bool:
    """Whether a sum holds though the form lacks rows of parts: exactly, and of something."""
    if equation.identity.kind is not IdentityKind.SUM or not equation.total.is_number:
        return False
    lacking = any(part.entry is None and part.is_blank for part in equation.parts)
    return lacking and any(part.value for part in equation.parts) and _sum_holds(equation, step)


def find_rest(equation: Equation, step: Decimal, total: Figure | None = None) -> Interval:
    """Total less parts, as an interval: 0 lies in it where rounding explains the gap.

    Of another one of the totals, if one is given. Widths add up whether a part is added or taken away.
    """
    total = total or equation.total
    rest, width = total.value or ZERO, _width(total, step)
    for part in equation.plus:
        if part.entry is not None:
            rest -= part.value or ZERO
            width += _width(part, step)
    for part in equation.minus:
        if part.entry is not None:
            rest += part.value or ZERO
            width += _width(part, step)
    return Interval.around(rest, width)


def _sum_holds(equation: Equation, step: Decimal) -> bool:
    """Total against parts; parts of which none is a number were simply not broken down."""
    if not any(part.is_number for part in equation.parts):
        return True
    totals = (equation.total, *(each for each in equation.alternatives if each.is_number))
    return any(rest.low <= 0 <= rest.high for rest in (find_rest(equation, step, total) for total in totals))


def _sum_breach(equation: Equation, *, exceeded: bool) -> Declaration | None:
    """What a gap between total and parts amounts to; None for nothing.

    A dash counts as nil, a blank as not known: then only parts that already exceed the total are wrong, and
    parts that fall short are worth a question. Parts that the form has no row for leave everything open,
    unless its other columns add up without them.
    """
    unknown = [part for part in equation.parts if part.value is None]
    if equation.identity.kind is IdentityKind.AT_MOST:
        return PARTS_EXCEED if exceeded else None
    if not unknown:
        return SUM_OFF
    certain = not equation.minus and not any(part.address.column in SIGNED for part in unknown)
    if exceeded and certain:
        return PARTS_EXCEED
    asked = equation.closed or any(part.ref is not None for part in unknown)
    return PARTS_LACKING if asked and all(part.is_blank for part in unknown) else None


def _ratio_holds(equation: Equation, step: Decimal) -> bool:
    """A rate printed in percent, right to its own last digit, of figures that are rounded themselves.

    A bare figure under a heading with % (节约率（%）) may mean itself or, below 1, a hundred times itself.
    """
    above, *bases = *equation.plus, *equation.alternatives
    base = next(iter(equation.plus[1:]), None)  # None where what it is a share of does not stand on the form
    if base is None or not (above.is_number and base.is_number) or _range(base, step).low <= 0:
        return True
    figure = _range(above, step)
    return any(
        shown.meets(_quotient(figure, base))
        for shown in _readings(equation.total)
        for base in (_range(base, step) for base in bases if base.is_number)
        if base.low > 0
    )


def _readings(printed: Figure) -> Iterator[Interval]:
    """What a printed rate can stand for, in percent."""
    own = printed.entry.step if printed.entry and printed.entry.step else AMOUNT_STEP
    value = printed.value or ZERO
    yield Interval.around(value, max(AMOUNT_STEP, own))
    if printed.entry and "%" not in printed.entry.text:
        yield Interval.around(value / HUNDRED, max(AMOUNT_STEP, own / HUNDRED))


def _quotient(above: Interval, below: Interval) -> Interval:
    """All the percentages that two rounded figures can give; the base is above 0."""
    dividends, divisors = (above.low, above.high), (below.low, below.high)
    corners = [dividend * HUNDRED / divisor for dividend in dividends for divisor in divisors]
    return Interval(min(corners), max(corners))


def _range(figure: Figure, step: Decimal) -> Interval:
    """What a printed figure can stand for."""
    return Interval.around(figure.value or ZERO, _width(figure, step))


def _width(figure: Figure, step: Decimal) -> Decimal:
    """How far apart the values it can stand for may lie: an amount a step, a count not at all."""
    if figure.kind is ValueKind.AMOUNT:
        return step if figure.is_number else ZERO
    own = figure.entry.step if figure.entry else None
    return own if own is not None and own < 1 else ZERO
