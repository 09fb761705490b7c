"""Sheets, tables and pages of an output as values: what they say, not how a library or a browser shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from jixiao.language import COLUMN, SHEET, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.blanks import InputRule


class Audience(StrEnum):
    """Whom an edition of the page is for."""

    INTERNAL = "internal"
    """The finance department: everything that the summary workbook says."""
    PUBLIC = "public"
    """Everybody: results, ranking, execution, use of results and method."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures at the top, with what has to be known beside it."""

    label: str
    figure: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its lengths are fractions of the chart's width, 0 to 1, None where nothing is known.

    `inner` is the part of `length` that is filled, None: all of it; `figures` are its row of the chart's
    table; `marked`: below what the scheme asks for; `department`: whose page it leads to.
    """

    label: str
    figures: tuple[str, ...]
    length: Decimal | None
    inner: Decimal | None = None
    marked: bool = False
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that is a table at the same time; `columns` head the labels and the figures.

    `reference` is a line at a fraction of the width, said in `note`; `edges` are the limits of the classes of
    a histogram, one more than there are bars.
    """

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    bars: tuple[Bar, ...]
    reference: Decimal | None = None
    edges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """All that a page says of the whole round.

    `concerns` are the departments and projects that need attention, with why; `use` what results are
    for by grade, `decided` what follows of them by the scheme's rules.
    `listing` has one department a row, `details` the same departments with what else is known of each, in the
    same order; `departments` are their names, `feedback` leads from these to their workbooks.
    """

    audience: Audience
    title: str
    subtitle: str
    stamp: str
    remark: str
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...]
    concerns: tuple[Block, ...]
    use: SheetSpec
    decided: tuple[SheetSpec, ...]
    listing: SheetSpec
    details: SheetSpec
    departments: tuple[str, ...]
    feedback: Mapping[str, str]
    rules: SheetSpec
    files: tuple[tuple[Link, str], ...]
    version: str


Cell = Decimal | str | int | None
"""Amounts in 万元, rates in percent points, scores in points; None means not known, never zero."""

Row = tuple[Cell, ...]
"""One value for each column of its table, in their order."""


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables in `data/`: its file's name without ending, columns and rows in a fixed order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, name: str) -> list[Cell]:
        """All values of one column."""
        position = self.columns.index(name)
        return [row[position] for row in self.rows]


class ColumnWords(NamedTuple):
    """What a column of a table is called, what it means, and the unit of its figures ("" without one)."""

    title: str
    meaning: str
    unit: str


class Kind(StrEnum):
    """What a column holds; decides number format and alignment."""

    TEXT = "text"
    MARK = "mark"
    """A short word, centred: a grade, a status."""
    AMOUNT = "amount"
    SCORE = "score"
    RATE = "rate"
    """A fraction shown in percent: 0.9554 as 95.54 %."""
    COUNT = "count"


class Tone(StrEnum):
    """The colour that goes with a word; the word alone must say the same."""

    BAD = "bad"
    DOUBT = "doubt"
    NOTE = "note"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Toned:
    """A word with a colour behind it."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads elsewhere: to a `sheet` of its own workbook, or to a `file` relative to it."""

    text: str
    sheet: str = ""
    file: str = ""
    place: str = ""
    """Inside `file`: 'sheet'!D12; on `sheet`: D12."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value it gives now.

    In `text`, `[列]` is that column's cell in the same row, `[列:]` all its data rows, `[列@3]` its data row
    3 (from 0), `[列@3:7]` rows 3 to 7, and `[表!列:]` all data rows of a column on another sheet.
    """

    text: str
    value: Decimal | int | str


Content = Decimal | int | str | Toned | Link | Formula | None
"""What a cell can hold; None stays blank."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column: its header, what it holds, a bar behind its rates, the fraction below which one is marked.

    `wrap`: longer text takes several lines; in characters, of which a Chinese one counts two.
    """

    title: str
    kind: Kind = Kind.TEXT
    bar: bool = False
    low: Decimal | None = None
    wrap: int = 40
    muted: bool = False
    """Grey: there to be read, not to be changed."""
    least: int = 0
    """Characters that it is wide at least, for what is still to be written in it."""
    nought: bool = False
    """Whatever is not 0 is marked: a difference that must not be."""
    folded: bool = False
    """Out of sight until it is unfolded, and not printed: where a figure comes from."""
    verbatim: bool = False
    """Read back by its title, whatever language is spoken."""

    @property
    def header(self) -> str:
        """The title as it is read; formulas and code go by `title`."""
        return self.title if self.verbatim else spoken(self.title, COLUMN)


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet with one table of two columns or more.

    `name` is at most 31 characters; `note` one line on unit, source and how to read it; `totals` are closing
    rows; `strong` the data rows that are subtotals; `fixed` the number of columns that stay in sight;
    `empty` what stands in place of rows when there are none; `filtered` whether the header carries a filter;
    `banded` whether every other row is tinted; `single_page` whether it is printed on one page; `about` one
    line for the workbook's list of sheets.
    """

    name: str
    title: str
    note: str
    columns: tuple[ColumnSpec, ...]
    rows: tuple[tuple[Content, ...], ...]
    totals: tuple[tuple[Content, ...], ...] = ()
    tone: Tone | None = None
    """The colour of the note, where it is a verdict."""
    strong: frozenset[int] = field(default_factory=frozenset)
    fixed: int = 1
    empty: str = ""
    filtered: bool = True
    banded: bool = False
    single_page: bool = False
    hidden: bool = False
    about: str = ""
    inputs: Mapping[tuple[int, int], InputRule] = field(default_factory=dict)
    """What may be entered where, by data row and column, both from 0; on sheets that come back edited."""
    row_kinds: Mapping[int, Kind] = field(default_factory=dict)
    """By data row, from 0, what its amounts are instead: a count among sums of money."""
    addressee: str | None = None
    """The department that the sheet goes back to, which it carries as a name defined on it."""
    verbatim: bool = False
    """Read back by its name, whatever language is spoken."""

    @property
    def shown(self) -> str:
        """The name as it is read; formulas and code go by `name`."""
        return self.name if self.verbatim else spoken(self.name, SHEET)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is written at a cell of somebody else's workbook: a colour, a note, a link to our sheet.

    `row` and `column` from 0; `back` is the data row of our first sheet, from 0, that tells of the cell.
    """

    sheet: str
    row: int
    column: int
    tone: Tone
    text: str
    back: int


class Part(StrEnum):
    """What a paragraph of a letter is; decides its look."""

    ADDRESS = "address"
    BODY = "body"
    HEADING = "heading"
    ITEM = "item"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Letter:
    """One printed page: a title and paragraphs. `addressee`: see SheetSpec."""

    name: str
    title: str
    addressee: str
    paragraphs: tuple[tuple[Part, str], ...]


class ChartKind(StrEnum):
    """Upright columns for an ordered few, lying bars for named many."""

    COLUMN = "column"
    BAR = "bar"


class Area(NamedTuple):
    """A rectangle of a page's grid, rows and columns from 0."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Block:
    """A small table on a page: a caption, column headers unless it has none, and rows below.

    `spans` are the grid columns that each of its columns takes; `row` and `column` where its caption stands.
    """

    title: str
    row: int
    column: int
    columns: tuple[ColumnSpec, ...]
    spans: tuple[int, ...]
    rows: tuple[tuple[Content, ...], ...]
    headed: bool = True
    empty: str = ""
    kinds: Mapping[tuple[int, int], Kind] = field(default_factory=dict)
    """What single cells hold, by row and column of the block, where it is not what their column holds."""

    @property
    def first_row(self) -> int:
        """The grid row of its first data row."""
        return self.row + (2 if self.headed else 1)


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A native chart of a block's column `values` by its first column; it follows what is edited there."""

    title: str
    kind: ChartKind
    block: str
    values: str
    area: Area


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A sheet that is printed on one page: blocks and charts on a grid of equal columns.

    `shape` are the rows and columns that are printed; what stands right of them is there for the charts.
    """

    name: str
    title: str
    note: str
    shape: tuple[int, int]
    blocks: tuple[Block, ...]
    charts: tuple[ChartSpec, ...]
    about: str = ""
