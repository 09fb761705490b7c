"""Agreements: the figures of a department that have to be equal, whatever unit each form is printed in.

From the scheme's cross checks, the printed composite, the finance department's accounts, and the sums of a
form that reach over several of its blocks. Names count only where they are exactly the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from jixiao.audit.arithmetic.expansion import equations_of
from jixiao.audit.department.crosschecks import equal_pairs
from jixiao.domain.amounts import AMOUNT_STEP, ZERO, MoneyUnit
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import IdentityKind, Scope
from jixiao.domain.text_keys import compact_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from jixiao.audit.arithmetic.equations import Figure
    from jixiao.audit.department.crosschecks import Located
    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import Identity
    from jixiao.domain.references import AccountLine, Accounts
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Submission


class Block(NamedTuple):
    """Figures printed under one heading: a table of a form, or ("") what stands beside labels."""

    form: str
    """Its submission_id; "" for what is certain: the accounts, a figure with its unit."""
    table: str


ACCOUNTS = Block("", "")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Member:
    """A figure of an agreement, in 万元 as it was read."""

    block: Block
    value: Decimal
    ref: CellRef
    step: Decimal | None
    unit: MoneyUnit = MoneyUnit.WAN
    """The unit that it was read in."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to meet an agreement: what the left figures make up is what the right ones make up."""

    left: tuple[Member, ...]
    right: tuple[Member, ...]

    def sums(self, factor: Callable[[Block], Decimal]) -> tuple[Decimal, Decimal]:
        """Both sides with every block's figures multiplied by what its true unit asks for."""
        left, right = (
            sum((each.value * factor(each.block) for each in side), ZERO) for side in (self.left, self.right)
        )
        return left, right

    def holds(self, factor: Callable[[Block], Decimal], steps: Mapping[str, Decimal]) -> bool:
        """Whether both sides are equal but for the rounding of the printed figures."""
        members = (*self.left, *self.right)
        printed = (
            (steps.get(each.block.form, each.step or AMOUNT_STEP)) * factor(each.block) for each in members
        )
        left, right = self.sums(factor)
        return abs(left - right) <= max(AMOUNT_STEP, *printed) * len(members) / 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures that have to be equal in one of several ways."""

    readings: tuple[Reading, ...]

    @property
    def members(self) -> tuple[Member, ...]:
        """Every figure that has a part in it."""
        return tuple(each for way in self.readings for each in (*way.left, *way.right))

    @property
    def blocks(self) -> frozenset[Block]:
        """Every block that has a part in it."""
        return frozenset(each.block for each in self.members)

    @property
    def refs(self) -> frozenset[CellRef]:
        """Every cell that has a part in it."""
        return frozenset(each.ref for each in self.members)

    @property
    def is_comparable(self) -> bool:
        """Whether both sides are something: a nil tells nothing of a unit."""
        return any(all(way.sums(as_read)) for way in self.readings)

    def met(self, factor: Callable[[Block], Decimal], steps: Mapping[str, Decimal]) -> Reading | None:
        """The first way in which it is met, if any."""
        return next((way for way in self.readings if way.holds(factor, steps)), None)


def as_read(_: Block) -> Decimal:
    """Every figure in the unit that it was read in."""
    return _ONE


def agreements_of(
    submissions: Sequence[Submission], scheme: Scheme, accounts: Accounts | None, names: Collection[str]
) -> Iterator[Agreement]:
    """Everything that has to be equal among one department's forms; `names` are its own in the accounts."""
    for left, right, alternatives in equal_pairs(submissions, scheme):
        ways = (right, *((each,) for each in alternatives))
        sides = [(_members([left]), _members(way)) for way in ways]
        yield Agreement(tuple(Reading(one, other) for one, other in sides if one and other))
    yield from _composite(submissions, scheme)
    for form in submissions:
        yield from _sums(form, scheme)
    if accounts:
        lines = {
            compact_name(line.project): line
            for line in accounts.lines
            if compact_name(line.department) in names
        }
        for form in submissions:
            yield from _booked(form, lines, scheme)


def _members(located: Iterable[Located]) -> tuple[Member, ...]:
    return tuple(_member(form, at, entry) for form, at, entry in located)


def _member(form: Submission, at: FigureAddress, entry: Entry) -> Member:
    block = ACCOUNTS if has_own_unit(entry) else Block(form.submission_id, at.table)
    return Member(
        block, entry.value or ZERO, entry.ref, entry.step, form.unit_of(at.table, at.item, at.column)
    )


def has_own_unit(entry: Entry) -> bool:
    """Whether the cell itself says in which unit its figure is: 4753.66万元."""
    return entry.as_text and any(char.isalpha() for char in entry.text)


def _composite(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Agreement]:
    """The funds that the department's own composite prints for a project, and those on its form."""
    rule = scheme.composite
    form_id, _, table = rule.table.partition(":") if rule else ("", "", "")
    printed = [each for each in submissions if each.form == form_id]
    if rule is None or len(printed) != 1:
        return
    lines = {compact_name(line.label): line for line in printed[0].lines if line.table == table}
    address = rule.project_funds
    for form in submissions:
        line = lines.get(compact_name(form.project)) if form.scope is Scope.PROJECT else None
        entry, funds = address.entry(form), line.entries.get("funds") if line else None
        if entry and funds and entry.value is not None and funds.value is not None:
            own, other = (
                (_member(form, address, entry),),
                (_member(printed[0], FigureAddress(table, "", "funds"), funds),),
            )
            yield Agreement((Reading(own, other),))


def _sums(form: Submission, scheme: Scheme) -> Iterator[Agreement]:
    """The sums of a form that reach over several blocks."""
    layout = scheme.form(form.form)
    wide = [each for each in layout.identities if _is_wide(each)]
    for equation in equations_of(form, layout, wide) if wide else ():
        totals = (equation.total, *equation.alternatives)
        if any(each.value is None for each in equation.parts):
            continue
        plus, minus = (_figures(form, side) for side in (equation.plus, equation.minus))
        yield Agreement(
            tuple(
                Reading((*_figures(form, [total]), *minus), plus)
                for total in totals
                if total.value is not None
            )
        )


def _figures(form: Submission, figures: Iterable[Figure]) -> tuple[Member, ...]:
    return _members((form, each.address, each.entry) for each in figures if each.entry)


def _is_wide(identity: Identity) -> bool:
    return identity.kind is IdentityKind.SUM and len({each.table for each in identity.members}) > 1


def _booked(form: Submission, lines: Mapping[str, AccountLine], scheme: Scheme) -> Iterator[Agreement]:
    """A form's figures and those of its line in the accounts."""
    if form.scope not in {Scope.OVERALL, Scope.PROJECT}:
        return
    line = lines.get(compact_name(form.project) if form.scope is Scope.PROJECT else "")
    for figure in scheme.booked if line else ():
        addresses = figure.addresses
        cells = [(form, at, entry) for at in addresses if (entry := at.entry(form)) and entry.value]
        booked = line.entries.get(figure.column) if line else None
        if not cells or not booked or booked.value is None:
            continue
        alone = (Member(ACCOUNTS, booked.value, booked.ref, booked.step),)
        further = (line.entries.get(column) for column in figure.includes) if line else ()
        more = [Member(ACCOUNTS, each.value, each.ref, each.step) for each in further if each and each.value]
        ways = product(cells, (alone, (*alone, *more)) if more else (alone,))
        yield Agreement(tuple(Reading(_members([cell]), side) for cell, side in ways))
