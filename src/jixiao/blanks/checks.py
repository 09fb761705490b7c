"""What a blank form checks by itself: a layout's identities and other conditions, and what each says now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jixiao.blanks.formulas import BLANK, DUST, Rate, Sum, number, numbers
from jixiao.domain.amounts import ZERO, plain, round_half_up, rounding_slack
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import IdentityKind, TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from jixiao.blanks.formulas import Formula, References
    from jixiao.domain.blanks import Filling
    from jixiao.domain.forms import FormLayout, Identity

_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Spelled:
    """An identity between cells by name; parts that the blank form does not show are left out."""

    identity: Identity
    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """All members but the total."""
        return (*self.plus, *self.minus)


def spell_identities(
    layout: FormLayout, rows: Mapping[str, Sequence[str]], cells: AbstractSet[str]
) -> Iterator[Spelled]:
    """Every equation between the `cells` that a form shows; `rows` by table are the names of its rows.

    The rows of two lists have nothing to do with each other but for their totals.

    A slot ({item}, {column}) in the total gives an equation for each of its values; one that only the parts
    have gives a part for each.
    """
    lists = {table.name for table in layout.tables if table.kind is TableKind.LIST}
    for identity in layout.identities:
        all_items = identity.items or _items(identity, layout, rows)
        by_item, by_column = identity.total.has_item_slot, identity.total.has_column_slot
        for items in [(item,) for item in all_items] if by_item else [all_items]:
            for columns in [(column,) for column in identity.columns] if by_column else [identity.columns]:
                spelled = _spell(identity, items, columns, cells)
                if spelled is not None and not _mixes_lists(spelled, lists):
                    yield spelled


def live_formulas(
    spelled: Sequence[Spelled], places: int, given: Mapping[str, Filling], taken: Mapping[str, Formula]
) -> dict[str, Formula]:
    """The cells that can compute themselves, without going round in circles.

    A total that is `given`, and not as what is given of its parts, stays as given; cells in `taken` compute
    already. A sum that may make up one of several totals computes none: the department says which.
    """
    formulas: dict[str, Formula] = {}
    for each in spelled:
        formula = _formula(each, places)
        if formula is None or each.total in {**taken, **formulas}:
            continue
        if each.total in given and formula.value(given) != given[each.total]:
            continue
        if each.total not in _reached(each.parts, {**taken, **formulas}):
            formulas[each.total] = formula
    return formulas


def sum_checks(spelled: Sequence[Spelled], formulas: Mapping[str, Formula]) -> Iterator[Check]:
    """Checks of the sums that no formula makes hold."""
    for each in spelled:
        computed = formulas.get(each.total)
        if isinstance(computed, Sum) and set(computed.operands) == set(each.parts):
            continue
        if each.identity.alternatives or not each.plus:
            continue
        if each.identity.kind in {IdentityKind.SUM, IdentityKind.AT_MOST}:
            yield SumHolds(
                each.total,
                each.plus,
                each.minus,
                rounding_slack(len(each.parts)),
                f"应有{each.identity.title}",
                bounded=each.identity.kind is IdentityKind.AT_MOST,
            )


def _formula(spelled: Spelled, places: int) -> Formula | None:
    if spelled.identity.kind is IdentityKind.SUM and spelled.plus and not spelled.identity.alternatives:
        return Sum(spelled.plus, spelled.minus)
    if spelled.identity.kind is IdentityKind.RATIO and len(spelled.plus) == len(spelled.identity.plus):
        above, below = spelled.plus
        return Rate(above, below, places)
    return None


def _reached(names: Sequence[str], formulas: Mapping[str, Formula]) -> set[str]:
    """Every cell that some cells depend on, themselves included."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += formulas[name].operands if name in formulas else ()
    return reached


def _spell(
    identity: Identity, items: Sequence[str], columns: Sequence[str], cells: AbstractSet[str]
) -> Spelled | None:
    """The equation of some items and columns; of those in the total there is one each."""
    total = str(identity.total.spread(items, columns)[0])
    plus, minus = (
        tuple(
            name
            for address in side
            for name in map(str, address.spread(items, columns))
            if name in cells and name != total
        )
        for side in (identity.plus, identity.minus)
    )
    return Spelled(identity, total, plus, minus) if total in cells else None


def _mixes_lists(spelled: Spelled, lists: AbstractSet[str]) -> bool:
    """Whether a row of one list is to be made up of rows of another: nobody knows which belong together."""
    total = FigureAddress.parse(spelled.total)
    others = {FigureAddress.parse(part).table for part in spelled.parts} - {total.table}
    return total.table in lists and total.item != _TOTAL and not others.isdisjoint(lists)


def _items(identity: Identity, layout: FormLayout, rows: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """All rows of the table that {item} belongs to; the total of a list is one only of its own equations."""
    name = identity.item_table
    table = next((each for each in layout.tables if each.name == name), None)
    own = tuple(rows.get(name, ()))
    if table is not None and table.kind is TableKind.LIST and identity.total.has_item_slot:
        return (*own, _TOTAL)
    return own


PASSED, OPEN, WRONG = "核对：通过", "核对：尚未填写", "请检查："
_AT_ONCE = 25
"""Checks of one cell: programs limit how deep conditions may be nested."""


class Check(Protocol):
    """One thing that can be wrong with a form."""

    @property
    def message(self) -> str:
        """What to look at, as a short sentence without full stop."""

    def text(self, at: References) -> str:
        """A condition that is true where it is wrong."""

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether it is wrong now."""


@dataclass(frozen=True, slots=True)
class Filled:
    """V103: required cells are filled in."""

    names: tuple[str, ...]
    message: str

    def text(self, at: References) -> str:
        """OR(A1="",B1="")."""
        return f"OR({','.join(f'{at.cell(name)}={_QUOTED_BLANK}' for name in self.names)})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether one of them is empty."""
        return any(known.get(name, BLANK) == BLANK for name in self.names)


@dataclass(frozen=True, slots=True)
class WholeRows:
    """V103, S110: in rows of a table either all of some columns are filled in or none."""

    columns: tuple[tuple[str, ...], ...]
    message: str

    def text(self, at: References) -> str:
        """SUMPRODUCT((filled>0)*(filled<n))>0, with `filled` the number of filled cells of a row."""
        filled = "+".join(f"({at.cells(column)}<>{_QUOTED_BLANK})" for column in self.columns)
        return f"SUMPRODUCT(({filled}>0)*({filled}<{len(self.columns)}))>0"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether some row is filled in by halves."""
        filled = [
            sum(known.get(name, BLANK) != BLANK for name in row) for row in zip(*self.columns, strict=True)
        ]
        return any(0 < count < len(self.columns) for count in filled)


@dataclass(frozen=True, slots=True)
class OnlyNumbers:
    """V101: no words where figures belong."""

    names: tuple[str, ...]
    message: str

    def text(self, at: References) -> str:
        """SUMPRODUCT(--ISTEXT(…))>0."""
        return "+".join(f"SUMPRODUCT(--ISTEXT({each}))" for each in at.cells(self.names).split(",")) + ">0"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether one of them holds a text."""
        return any(isinstance(known.get(name), str) for name in self.names)


@dataclass(frozen=True, slots=True)
class NotAbove:
    """S102, P106: no figure is above its limit, row by row; `floored`: nor below 0."""

    figures: tuple[str, ...]
    limits: tuple[str, ...]
    message: str
    floored: bool = False

    def text(self, at: References) -> str:
        """SUMPRODUCT(ISNUMBER(x)*ISNUMBER(limit)*(x>limit))>0."""
        figures, limits = at.cells(self.figures), at.cells(self.limits)
        above = f"ISNUMBER({figures})*ISNUMBER({limits})*({figures}>{limits})"
        below = f"+ISNUMBER({figures})*({figures}<0)" if self.floored else ""
        return f"SUMPRODUCT({above}{below})>0"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether one of them is."""
        pairs = [
            (number(known.get(figure)), number(known.get(limit)))
            for figure, limit in zip(self.figures, self.limits, strict=True)
        ]
        return any(
            figure is not None and ((limit is not None and figure > limit) or (self.floored and figure < 0))
            for figure, limit in pairs
        )


@dataclass(frozen=True, slots=True)
class SumIsOneOf:
    """S101, S109: figures, if there are any, add up to one of some totals."""

    names: tuple[str, ...]
    totals: tuple[Decimal, ...]
    message: str

    def text(self, at: References) -> str:
        """AND(COUNT(…)>0,ROUND(SUM(…)-100,6)<>0)."""
        cells = at.cells(self.names)
        off = ",".join(f"ROUND(SUM({cells})-{plain(total)},{DUST})<>0" for total in self.totals)
        return f"AND(COUNT({cells})>0,{off})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether they add up to something else."""
        figures = numbers(self.names, known)
        return bool(figures) and round_half_up(sum(figures, ZERO), DUST) not in self.totals


@dataclass(frozen=True, slots=True)
class SumHolds:
    """A101, A102: a total is the sum of its parts (`bounded`: or above it) within rounding, if all are there.

    `slack` is in the unit of the form.
    """

    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    slack: Decimal
    message: str
    bounded: bool = False

    @property
    def _all(self) -> tuple[str, ...]:
        return (self.total, *self.plus, *self.minus)

    def text(self, at: References) -> str:
        """AND(COUNT(…)=n,ABS(ROUND(SUM(…)-SUM(…)-t,6))>slack)."""
        parts = f"SUM({at.cells(self.plus)})" + (f"-SUM({at.cells(self.minus)})" if self.minus else "")
        gap = f"ROUND({parts}-{at.cell(self.total)},{DUST})"
        gap = gap if self.bounded else f"ABS({gap})"
        return f"AND(COUNT({at.cells(self._all)})={len(self._all)},{gap}>{plain(self.slack)})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether the gap is too wide."""
        if len(numbers(self._all, known)) < len(self._all):
            return False
        plus, minus, total = (
            sum(numbers(names, known), ZERO) for names in (self.plus, self.minus, (self.total,))
        )
        gap = plus - minus - total
        return (gap if self.bounded else abs(gap)) > self.slack


@dataclass(frozen=True, slots=True)
class GradeFits:
    """S107: the grade is the one that the score earns. `cuts` are grades from the best with their least."""

    grade: str
    score: str
    cuts: tuple[tuple[str, Decimal], ...]
    places: int
    message: str

    def text(self, at: References) -> str:
        """AND(g<>"",ISNUMBER(s),g<>IF(s>=90,"优",…))."""
        grade, score = at.cell(self.grade), at.cell(self.score)
        earned = f'"{self.cuts[-1][0]}"'
        for name, least in reversed(self.cuts[:-1]):
            earned = f'IF(ROUND(N({score}),{self.places})>={plain(least)},"{name}",{earned})'
        return f"AND({grade}<>{_QUOTED_BLANK},ISNUMBER({score}),{grade}<>{earned})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether it is another."""
        grade, score = known.get(self.grade, BLANK), number(known.get(self.score))
        if grade == BLANK or score is None:
            return False
        points = round_half_up(score, self.places)
        return grade != next((name for name, least in self.cuts if points >= least), self.cuts[-1][0])


def batches(checks: Sequence[Check]) -> tuple[tuple[Check, ...], ...]:
    """The checks by the cell that carries them."""
    return tuple(tuple(checks[start : start + _AT_ONCE]) for start in range(0, len(checks), _AT_ONCE))


def verdict_text(checks: Sequence[Check], inputs: Sequence[str], at: References) -> str:
    """The formula of a check cell: nothing filled in yet, the first thing that is wrong, or passed."""
    text = f'"{PASSED}"'
    for check in reversed(checks):
        text = f'IF({check.text(at)},"{WRONG}{check.message}",{text})'
    return f'IF(COUNTA({at.cells(inputs)})=0,"{OPEN}",{text})'


def verdict(checks: Sequence[Check], inputs: Sequence[str], known: Mapping[str, Filling]) -> str:
    """What a check cell says now."""
    if all(known.get(name, BLANK) == BLANK for name in inputs):
        return OPEN
    failed = next((check for check in checks if check.fails(known)), None)
    return f"{WRONG}{failed.message}" if failed else PASSED


_QUOTED_BLANK = '""'
