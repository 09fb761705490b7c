"""A layout's identities among the cells of a blank form: totals compute themselves, the rest is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.blanks.checks import SumHolds
from jixiao.blanks.formulas import Rate, Sum
from jixiao.domain.amounts import rounding_slack
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import IdentityKind, TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jixiao.blanks.checks import Check
    from jixiao.blanks.formulas import Formula
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
