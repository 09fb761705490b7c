"""Identities of a layout spelled out for one form: which cells have to make up which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from jixiao.audit.arithmetic.equations import Equation, Figure
from jixiao.audit.arithmetic.rows import free_parts, outer_rows
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.spoken import spoken_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jixiao.audit.subject import Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import Identity
    from jixiao.domain.submissions import Line

_ITEM, _COLUMN = "{item}", "{column}"
_FREE = "*"


def equations_of(subject: Subject) -> Iterator[Equation]:
    """Every equation that the layout's identities ask of the form.

    A slot ({item}, {column}) in the total gives an equation for each of its values; one that only the parts
    have gives a part for each. A cell merged over several rows counts once.
    """
    for identity in subject.layout.identities:
        added = () if _ITEM in identity.total else _added_rows(identity, subject)
        free = _free_rows(identity, subject)
        if added is None or free is None or (not free and all(map(_is_free, identity.plus))):
            continue
        rows = _rows(identity, subject) if _ITEM in identity.total else (_Row(_ITEM),)
        columns = identity.columns if _COLUMN in identity.total else (_COLUMN,)
        for row, column in product(rows, columns):
            yield _Speller(identity, subject, row, column, added, free).equation()


class _Row(NamedTuple):
    """What {item} stands for: a row's name, and in a LIST its line, since two may have the same name."""

    item: str
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class _Speller:
    """Spells out one equation: for one row and column of the total, or neither; parts add `added` rows.

    `free` are the lines that the item `*` stands for.
    """

    identity: Identity
    subject: Subject
    row: _Row
    column: str
    added: Sequence[_Row]
    free: Sequence[_Row]

    def equation(self) -> Equation:
        total = self._figure(self.identity.total, self.row, self.column)
        plus, minus, alternatives = (
            tuple(_distinct(self._named(each, total) for each in self._spell(side)))
            for side in (self.identity.plus, self.identity.minus, self.identity.alternatives)
        )
        return Equation(
            self.identity, total, _without(plus, total), _without(minus, total), _without(alternatives, total)
        )

    def _spell(self, addresses: Sequence[str]) -> Iterator[Figure]:
        for text in addresses:
            if _is_free(text):
                yield from (self._figure(text.replace(_FREE, _ITEM), row, self.column) for row in self.free)
                continue
            rows = self.added if self.row.item == _ITEM and _ITEM in text else (self.row,)
            columns = self.identity.columns if self.column == _COLUMN and _COLUMN in text else (self.column,)
            yield from (self._figure(text, row, column) for row, column in product(rows, columns))

    def _figure(self, text: str, row: _Row, column: str) -> Figure:
        subject = self.subject
        address = FigureAddress.parse(text.replace(_ITEM, row.item).replace(_COLUMN, column))
        line = row.line if _ITEM in text and row.line and row.line.table == address.table else None
        line = line or subject.submission.line(address.table, address.item)
        entry = line.entries.get(address.column) if line else address.entry(subject.submission)
        title = address.title(subject.layout)
        return Figure(
            address=address,
            entry=entry,
            name=spoken_name(line.label) if line else self._row_title(address) or title,
            label=subject.line_label(line, address.column) if line else title,
            kind=address.kind(subject.layout),
            missing=line is not None and address.column not in line.entries,
        )

    def _row_title(self, address: FigureAddress) -> str:
        """What the layout calls a row that the form lacks."""
        tables = (each for each in self.subject.layout.tables if each.name == address.table)
        return next((item.title for table in tables for item in table.items if item.name == address.item), "")

    def _named(self, figure: Figure, total: Figure) -> Figure:
        """A figure in the total's row is called by its column, another by its row."""
        if figure.address.item != total.address.item:
            return figure
        return replace(figure, name=figure.address.title(self.subject.layout))


def _distinct(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The figures, a cell that rows share through a merge once; several fields in a cell are several."""
    seen: set[CellRef] = set()
    for figure in figures:
        if figure.ref is None or not figure.address.table or figure.ref not in seen:
            yield figure
        if figure.ref is not None:
            seen.add(figure.ref)


def _without(figures: Iterable[Figure], total: Figure) -> tuple[Figure, ...]:
    return tuple(each for each in figures if each.address != total.address)


def _rows(identity: Identity, subject: Subject) -> tuple[_Row, ...]:
    """The rows that {item} stands for one after the other: the identity's own, else all of the table."""
    if identity.items:
        return tuple(_Row(item) for item in identity.items)
    name = _table_of(identity)
    table = next((each for each in subject.layout.tables if each.name == name), None)
    if table is None or table.kind is TableKind.LINES:
        return tuple(_Row(item.name) for item in table.items) if table else ()
    return tuple(_Row(line.item, line) for line in subject.submission.lines if line.table == name)


def _is_free(address: str) -> bool:
    return FigureAddress.parse(address).item == _FREE


def _free_rows(identity: Identity, subject: Subject) -> tuple[_Row, ...] | None:
    """The free lines that are parts of the total; none where it asks for none, None if undecided."""
    table = next((FigureAddress.parse(each).table for each in identity.plus if _is_free(each)), None)
    if table is None:
        return ()
    lines = free_parts(subject.layout.table(table), subject.submission)
    return None if lines is None else tuple(_Row(line.item, line) for line in lines)


def _added_rows(identity: Identity, subject: Subject) -> tuple[_Row, ...] | None:
    """The rows that {item} stands for as parts of a total; None where a list does not say which to add."""
    rows = _rows(identity, subject)
    lines = [row.line for row in rows if row.line]
    if not lines:
        return rows
    table = subject.layout.table(_table_of(identity))
    columns = [each.name for each in table.columns if each.kind is not ValueKind.TEXT]
    total = FigureAddress.parse(identity.total).item
    outer = outer_rows([line for line in lines if line.item != total], columns)
    return None if outer is None else tuple(_Row(line.item, line) for line in outer)


def _table_of(identity: Identity) -> str:
    addresses = (identity.total, *identity.plus, *identity.minus)
    return next((each.partition(".")[0] for each in addresses if _ITEM in each), "")
