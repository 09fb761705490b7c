"""Identities of a layout bound to one form: which cells have to make up which.

What a layout asks is laid out once: every address with its title and kind, every slot with its columns. A
form only brings its rows to it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from jixiao.audit.arithmetic.equations import Equation, Figure
from jixiao.audit.arithmetic.rows import free_parts, outer_rows
from jixiao.domain.figure_address import COLUMN, ITEM, FigureAddress
from jixiao.domain.forms import TableKind, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import FormLayout, Identity, TableLayout
    from jixiao.domain.submissions import Line, Submission


def equations_of(
    submission: Submission, layout: FormLayout, identities: Sequence[Identity] | None = None
) -> Iterator[Equation]:
    """Every equation that the identities, those of the layout if none are given, ask of the form.

    A slot ({item}, {column}) in the total gives an equation for each of its values; one that only the parts
    have gives a part for each. A cell merged over several rows counts once.
    """
    lines = {(line.table, line.item): line for line in reversed(submission.lines)}
    form = _Form(submission, lines, layout)
    for identity in layout.identities if identities is None else identities:
        yield from _laid_out(identity, layout).equations(form)


class _Form(NamedTuple):
    """A form with its lines by table and item, the first of several alike."""

    submission: Submission
    lines: Mapping[tuple[str, str], Line]
    layout: FormLayout


class _Row(NamedTuple):
    """What {item} stands for: a row's name, and in a LIST its line, since two may have the same name."""

    item: str
    line: Line | None = None


_NO_ROW = _Row(ITEM)


class _Place(NamedTuple):
    """An address of an identity with one column, and what the layout says of it."""

    address: FigureAddress
    title: str
    heading: str
    kind: ValueKind
    rows: Mapping[str, str]
    """What the layout calls the rows of its table, by name."""

    @classmethod
    def of(cls, address: FigureAddress, layout: FormLayout) -> _Place:
        known = address.layout(layout)
        title = known.title if known else address.column
        kind = known.kind if known else ValueKind.TEXT
        items = (item for table in layout.tables if table.name == address.table for item in table.items)
        rows = {item.name: item.title for item in items}
        return cls(address, title, known.title if known else "", kind, rows)

    def figure(self, form: _Form, row: _Row, beside: str | None = None) -> Figure:
        """The figure that stands there on a form, in the row that {item} stands for.

        `beside` is the item of the total that it is a part of.
        """
        table, item, column = address = self.address
        line = None
        if ITEM in item:
            line = row.line if row.line and row.line.table == table else None
            item = item.replace(ITEM, row.item)
            address = FigureAddress(table, item, column)
        line = line or form.lines.get((table, item))
        entry = (line.entries if line else {} if table else form.submission.fields).get(column)
        called = self.rows.get(item, "")
        return Figure(address, entry, self.title, self.heading, self.kind, line, called, item == beside)


class _Side(NamedTuple):
    """One member of an identity: a place for each of its columns, and whose rows it stands for."""

    places: tuple[_Place, ...]
    is_free: bool
    has_item: bool


class _Columns(NamedTuple):
    """An identity for one of the columns of its total, or for none."""

    total: _Place
    plus: tuple[_Side, ...]
    minus: tuple[_Side, ...]
    alternatives: tuple[_Side, ...]


class _LaidOut(NamedTuple):
    """An identity with everything about it that is the same on all forms of a kind."""

    identity: Identity
    by_column: tuple[_Columns, ...]
    table: TableLayout | None
    free_table: TableLayout | None

    def equations(self, form: _Form) -> Iterator[Equation]:
        identity = self.identity
        by_row = identity.total.has_item_slot
        added = () if by_row else self._added_rows(form)
        free = self._free_rows(form)
        if added is None or free is None or (not free and all(each.is_free for each in identity.plus)):
            return
        for row, columns in product(self._rows(form) if by_row else (_NO_ROW,), self.by_column):
            total = columns.total.figure(form, row)
            rows = _Rows(form, row, added, free)
            plus, minus, alternatives = (
                rows.figures(side, total) for side in (columns.plus, columns.minus, columns.alternatives)
            )
            yield Equation(identity, total, plus, minus, alternatives)

    def _rows(self, form: _Form) -> tuple[_Row, ...]:
        """The rows that {item} stands for one after the other: the identity's own, else all of the table."""
        if self.identity.items:
            return tuple(map(_Row, self.identity.items))
        if self.table is None:
            return ()
        if self.table.kind is TableKind.LINES:
            return tuple(_Row(item.name) for item in self.table.items)
        lines = form.submission.lines
        return tuple(_Row(line.item, line) for line in lines if line.table == self.table.name)

    def _added_rows(self, form: _Form) -> tuple[_Row, ...] | None:
        """The rows that {item} stands for as parts; None where a list does not say which to add."""
        rows = self._rows(form)
        lines = [row.line for row in rows if row.line]
        if not lines or self.table is None:
            return rows
        columns = [each.name for each in self.table.columns if each.kind is not ValueKind.TEXT]
        outer = outer_rows([line for line in lines if line.item != self.identity.total.item], columns)
        return None if outer is None else tuple(_Row(line.item, line) for line in outer)

    def _free_rows(self, form: _Form) -> tuple[_Row, ...] | None:
        """The free lines that are parts of the total; none where it asks for none, None if undecided."""
        if self.free_table is None:
            return ()
        lines = free_parts(self.free_table, form.submission)
        return None if lines is None else tuple(_Row(line.item, line) for line in lines)


class _Rows(NamedTuple):
    """The rows of one equation: that of the total, those added to it, the free lines that `*` stands for."""

    form: _Form
    row: _Row
    added: Sequence[_Row]
    free: Sequence[_Row]

    def figures(self, sides: Iterable[_Side], total: Figure) -> tuple[Figure, ...]:
        """The members of one side of an equation, without the total itself.

        A cell that rows share through a merge counts once; several fields in a cell are several.
        """
        found: list[Figure] = []
        seen: set[CellRef] = set()
        for side in sides:
            for row, place in product(self._rows(side), side.places):
                figure = place.figure(self.form, row, total.address.item)
                ref = figure.ref
                if ref is not None:
                    if ref in seen and figure.address.table:
                        continue
                    seen.add(ref)
                if figure.address != total.address:
                    found.append(figure)
        return tuple(found)

    def _rows(self, side: _Side) -> Sequence[_Row]:
        """The rows that a member stands for."""
        if side.is_free:
            return self.free
        return self.added if side.has_item and self.row is _NO_ROW else (self.row,)


@lru_cache(maxsize=4096)
def _laid_out(identity: Identity, layout: FormLayout) -> _LaidOut:
    spread = identity.total.has_column_slot
    columns = identity.columns if spread else (COLUMN,)
    tables = {table.name: table for table in layout.tables}
    free = next((each.table for each in identity.plus if each.is_free), None)
    return _LaidOut(
        identity,
        tuple(_for_column(identity, layout, column, each_part=not spread) for column in columns),
        tables.get(identity.item_table),
        tables[free] if free is not None else None,
    )


def _for_column(identity: Identity, layout: FormLayout, column: str, *, each_part: bool) -> _Columns:
    """The identity for one column of its total; `each_part`: a part stands for all columns by itself."""

    def side(address: FigureAddress) -> _Side:
        with_item = FigureAddress(address.table, ITEM, address.column) if address.is_free else address
        wide = each_part and address.has_column_slot and not address.is_free
        spread = with_item.spread((ITEM,), identity.columns if wide else (column,))
        places = tuple(_Place.of(each, layout) for each in spread)
        return _Side(places, address.is_free, address.has_item_slot)

    return _Columns(
        _Place.of(identity.total.fill(COLUMN, column), layout),
        tuple(map(side, identity.plus)),
        tuple(map(side, identity.minus)),
        tuple(map(side, identity.alternatives)),
    )
