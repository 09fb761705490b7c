"""What a table's rows are made of: the cells under its header words, the label left of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import step_of
from jixiao.domain.forms import ColumnLayout, TableLayout, ValueKind
from jixiao.domain.submissions import Entry, Line, State
from jixiao.domain.text_keys import label_key
from jixiao.extraction.entries import points_in_one, read_entry, reading_of
from jixiao.extraction.regions import without_numbering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.amounts import MoneyUnit
    from jixiao.domain.cells import CellRef, Position
    from jixiao.domain.submissions import Inference
    from jixiao.extraction.headers import Header
    from jixiao.extraction.regions import Region
    from jixiao.extraction.views import FormView

_FEW = 2
"""So many numbers in a row may count up by chance."""
TOTAL = "total"
"""The item of a row that totals the others."""


@dataclass(frozen=True, slots=True)
class Read:
    """A table's lines, what was inferred in reading them, and the grid rows that are theirs."""

    lines: tuple[Line, ...]
    inferences: tuple[Inference, ...] = ()
    rows: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row below a header: its label with the cell that holds it, and its entries by column name.

    `own_label` is the label where it begins in this row (one merged from above heads a block, or another
    row), `key` its key, "" where the row has none; `figures` are the entries of columns that hold figures.
    """

    number: int
    label: str
    label_ref: CellRef | None
    ref: CellRef
    entries: Mapping[str, Entry]
    kinds: Mapping[str, ValueKind]
    own_label: str
    key: str
    figures: Mapping[str, Entry]

    @property
    def name_ref(self) -> CellRef:
        """The cell of the own label, the row's first figure where it has none."""
        return self.label_ref if self.label_ref and self.own_label else self.ref

    @property
    def has_figures(self) -> bool:
        """Whether any figure stands in the row."""
        return any(entry.state is State.NUMBER for entry in self.figures.values())

    def value(self, column: str) -> Decimal | None:
        """The figure in a column, None where it is not known."""
        entry = self.entries.get(column)
        return entry.value if entry else None

    def line(self, table: str, item: str) -> Line:
        """The row as a line of a submission."""
        return Line(table, item, self.label, self.ref, self.entries)


def sections(headers: Sequence[Header], end: int, region: Region) -> Iterator[tuple[Header, Sequence[int]]]:
    """Each header with the rows that it governs: those below it that hold anything, up to the next header.

    A row that only numbers the columns is none of them.
    """
    tops = [*(header.top for header in headers), end]
    for header, top in zip(headers, tops[1:], strict=True):
        first, last = bisect_right(region.rows, header.bottom), bisect_left(region.rows, top)
        yield header, without_numbering(region.rows[first:last], region)


def read_cell(
    row: int, span: tuple[int, int], kind: ValueKind, view: FormView, unit: MoneyUnit | None = None
) -> Entry:
    """The first shown value of a row in a column's span; its first cell where all are blank."""
    first, last = span
    for column in range(first, last + 1) if first < last else ():
        if not view.is_blank(row, column):
            return view.entry(row, column, kind, unit)
    return view.entry(row, first, kind, unit)


def with_points_apart(
    entries: Mapping[str, Entry], header: Header, *, score_first: bool
) -> Mapping[str, Entry]:
    """The entries with points and score each, where one column holds both: 20/19.5."""
    if "weight" not in header.spans or header.spans["weight"] != header.spans.get("self_score"):
        return entries
    both = entries["weight"]
    parts = points_in_one(both.text)
    if parts is None:
        return entries
    weight, score = parts_of(both, (parts[1], parts[0]) if score_first else parts)
    return {**entries, "weight": weight, "self_score": score}


def parts_of(both: Entry, parts: tuple[str, str]) -> tuple[Entry, Entry]:
    """The two numbers of a cell as entries of their own, at its place."""
    one, other = (
        Entry(both.ref, State.NUMBER, text, Decimal(text), step_of(Decimal(text)), as_text=True)
        for text in parts
    )
    return one, other


@dataclass(frozen=True, slots=True)
class Shape:
    """What all rows below a header have in common: its table's columns that it has, with their kinds."""

    table: TableLayout
    header: Header
    columns: tuple[ColumnLayout, ...] = field(init=False)
    kinds: Mapping[str, ValueKind] = field(init=False)

    def __post_init__(self) -> None:
        """Look the columns up once a header, not once a row."""
        columns = tuple(column for column in self.table.columns if column.name in self.header.spans)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "kinds", {column.name: column.kind for column in columns})


def row_of(row: int, shape: Shape, view: FormView) -> PrintedRow:
    """A row's label, its first cell and its entries, amounts in the units that their cells declare."""
    table, header, columns, kinds = shape.table, shape.header, shape.columns, shape.kinds
    units, spans = view.units.get(table.name), header.spans
    entries = {
        name: read_cell(
            row,
            spans[name],
            kind,
            view,
            units.of(name, row) if units and kind is ValueKind.AMOUNT else None,
        )
        for name, kind in kinds.items()
    }
    entries = {**with_points_apart(entries, header, score_first=False)}
    cell = _label_cell(row, header, view)
    grid = view.region.grid
    label = view.region.texts[cell].strip() if cell else ""
    if cell is None or cell[0] != row or _names_block(cell, header, view):
        for name, named in _named_inside(entries, columns, header, table, view).items():
            entries[name] = named.figure
            cell, label = named.place, named.label
    label_ref = grid.ref(*cell) if cell else None
    own_label = label if label_ref and label_ref.row == row else ""
    return PrintedRow(
        number=row,
        label=label,
        label_ref=label_ref,
        ref=grid.ref(row, header.left),
        entries=entries,
        kinds=kinds,
        own_label=own_label,
        key=label_key(own_label),
        figures={name: entry for name, entry in entries.items() if kinds[name] is not ValueKind.TEXT},
    )


def _names_block(cell: Position, header: Header, view: FormView) -> bool:
    """Whether a label left of a row only repeats the one that stands beside the header."""
    key = view.region.keys.get(cell)
    beside = {view.region.grid.anchor(row, cell[1]) for row in range(header.top, header.bottom + 1)}
    return any(view.region.keys.get(at) == key for at in beside)


class _Named(NamedTuple):
    """An amount with the name of its row before it, beside it or in the same cell: 其中：财政拨款：300."""

    label: str
    place: Position
    figure: Entry


def _named_inside(
    entries: Mapping[str, Entry],
    columns: Sequence[ColumnLayout],
    header: Header,
    table: TableLayout,
    view: FormView,
) -> dict[str, _Named]:
    """By column the amounts of a row that each have its name before them; none unless all say the same."""
    found: dict[str, _Named] = {}
    for column in columns:
        entry = entries[column.name]
        if column.kind is ValueKind.AMOUNT and entry.state is State.TEXT:
            units = view.units.get(table.name)
            unit = units.of(column.name, entry.ref.row) if units else None
            named = _in_cell(entry, unit, view) or _beside(
                entry, _right_of(entry, header.spans[column.name], header, view), unit, view
            )
            found |= {column.name: named} if named else {}
    return found if len({label_key(each.label) for each in found.values()}) == 1 else {}


def _in_cell(entry: Entry, unit: MoneyUnit | None, view: FormView) -> _Named | None:
    """The name and the figure behind its colon."""
    label, colon, value = entry.text.replace("：", ":").rpartition(":")
    if not colon or not label_key(label):
        return None
    reading = reading_of(ValueKind.AMOUNT, unit or view.unit, view.lexicon)
    figure = read_entry(value.strip(), "", entry.ref, reading)
    return _Named(label, (entry.ref.row, entry.ref.column), figure) if figure.state is State.NUMBER else None


def _beside(entry: Entry, places: Iterable[int], unit: MoneyUnit | None, view: FormView) -> _Named | None:
    """The name and the first figure right of it."""
    at = (entry.ref.row, entry.ref.column)
    figures = (view.entry(entry.ref.row, column, ValueKind.AMOUNT, unit) for column in places)
    figure = next((each for each in figures if each.state is State.NUMBER and each.ref.row == at[0]), None)
    return _Named(entry.text.strip(), at, figure) if figure and label_key(entry.text) else None


def _right_of(entry: Entry, span: tuple[int, int], header: Header, view: FormView) -> Iterator[int]:
    """The columns of a span right of a cell; where it has only that one, the next if no word heads it."""
    yield from range(entry.ref.column + 1, span[1] + 1)
    grid, beside = view.region.grid, span[1] + 1
    taken = any(left <= beside <= right for left, right in header.spans.values())
    if span[0] == span[1] and not taken and grid.value(header.bottom, beside) is None:
        yield beside


def _label_cell(row: int, header: Header, view: FormView) -> Position | None:
    """The text in the column that names rows, else the nearest left of a row's figures.

    Numbers of rows (行次) are no labels.
    """
    if header.naming is not None:
        at = view.region.grid.anchor(row, header.naming)
        if view.region.texts.get(at, "").strip():
            return at
    texts = view.region.texts
    for at in reversed(view.region.anchors(row)[: header.left]):
        text = texts.get(at)
        if text and (text := text.strip()) and not text.isdigit():
            return at
    return None
