"""Forms as data: the layouts by whose words a form is known, its figures found and a blank one arranged."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.figure_address import FigureAddress
    from jixiao.domain.submissions import Line
    from jixiao.domain.supplements import AnswersLayout


GAP = "-"


@dataclass(frozen=True, slots=True)
class BlankRow:
    """One line of a blank form: some fields side by side, some texts side by side, or a whole table.

    Among `fields`, GAP leaves room for one.
    `caption` is printed to the left of it; a table without one is called by its title. `tall` leaves room for
    several sentences.
    """

    fields: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    table: str = ""
    caption: str = ""
    tall: bool = False


@dataclass(frozen=True, slots=True)
class BlankIndicator:
    """An indicator that every department's form has, by its three names, and how it is scored."""

    level1: str
    level2: str
    level3: str
    standard: str = ""


@dataclass(frozen=True, slots=True)
class BlankLayout:
    """What a blank form shows, where it departs from what any form gets.

    `rows` in printed order (empty: all fields and tables in a usual order); fields that no row names are left
    out. `columns` by table are those that are printed. `groups` are the rows of an INDICATORS table: by
    first-level name, the number of rows of each second-level one; `indicators` are those printed in them.
    `list_rows` by table is the number of rows of a LIST. `help` by field or `table.column` is what the
    department reads while the cell is selected.
    """

    rows: tuple[BlankRow, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    indicators: tuple[BlankIndicator, ...] = ()
    list_rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Scope(StrEnum):
    """What a form evaluates."""

    OVERALL = "overall"
    PROJECT = "project"
    COMPOSITE = "composite"
    SCORING_TABLE = "scoring_table"
    BASIC_DATA = "basic_data"
    SUPPORT = "support"
    """Material beside the forms (internal appraisal, survey): evaluated by itself, without a score card."""
    DETAIL = "detail"
    """A table of details behind the other forms: audited, never scored."""
    REFERENCE = "reference"
    """No department's form: a list that the finance department keeps itself (roster, accounts)."""

    @property
    def is_scored(self) -> bool:
        """Whether its forms carry points; the others only give figures."""
        return self is Scope.OVERALL or self is Scope.PROJECT or self is Scope.SCORING_TABLE


class ValueKind(StrEnum):
    """What a cell is meant to hold; decides how its text is read."""

    TEXT = "text"
    AMOUNT = "amount"
    """Money, converted from the form's unit to 万元."""
    NUMBER = "number"
    SCORE = "score"
    PERCENT = "percent"
    """In percent points: 95.54 for 95.54 %."""
    YEAR = "year"

    @property
    def unit(self) -> str:
        """The unit that its figures are kept in; "" where only the layout can know."""
        return _UNITS.get(self._value_, "")


_UNITS = {ValueKind.AMOUNT.value: "万元", ValueKind.PERCENT.value: "%", ValueKind.SCORE.value: "分"}

SIGNED_NEVER = ("initial_budget", "carryover", "annual_budget", "executed", "weight")
"""Columns, whatever the form, in which nothing can be negative."""


class Direction(StrEnum):
    """Where a label's value stands."""

    RIGHT = "right"
    BELOW = "below"
    INLINE = "inline"
    """Nowhere but behind the label's colon: 按收入性质分：2030.12. Else the label is a heading."""


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """A labelled single value. `labels` are synonyms; matching ignores spaces, colons and brackets.

    `required`: every such form has the label. `filled`: where the label stands, a value has to stand with it.
    `unit` is that of a plain number (人); `overview` the sheet of the summary workbook that shows the figure
    for every department, "" for none.
    `choices` are the words it can hold, by which it is known where it stands without a label: 优 beside the
    total. `fallback` are labels that name it where no other does: 省级主管部门 beside 市县主管部门 is the one
    above it. `stands_for` is the cell (funds.total.executed) that it is on a form without that table.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    kind: ValueKind = ValueKind.TEXT
    direction: Direction = Direction.RIGHT
    required: bool = False
    choices: tuple[str, ...] = ()
    stands_for: str = ""
    filled: bool = False
    unit: str = ""
    overview: str = ""
    fallback: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    """Parts of words that point to it where they stand alone with a text, and no known word does."""

    @property
    def figure_unit(self) -> str:
        """The unit of its figure: that of its kind, or of a plain number its own."""
        return self.kind.unit or self.unit


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """A column of a table by its header words.

    `labels` may hold {year} and {last_year}. A `spanned` column (target) is joined from all cells that its
    header spans, and from the columns named in `parts` where they stand apart: the first of them is what
    goes before its figure (operator), the others after it (unit), in whatever order the form prints them.
    `unit` is that of a plain number (人).
    Where the column named in `adjusted` is filled in, its value holds instead. A form without a `variant`
    column is a legitimate template of its own: that is said, never held against it.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    kind: ValueKind = ValueKind.TEXT
    required: bool = False
    spanned: bool = False
    parts: tuple[str, ...] = ()
    adjusted: str = ""
    variant: bool = False
    stems: tuple[str, ...] = ()
    """Parts of words that point to this column where no known word and no figures tell."""
    unit: str = ""

    @property
    def figure_unit(self) -> str:
        """The unit of its figures: that of its kind, or of plain numbers its own."""
        return self.kind.unit or self.unit


@dataclass(frozen=True, slots=True)
class ItemLayout:
    """A row of a table that has a fixed name: 年度资金总额, 上年结转资金.

    `stems` are parts of words that point to it where no known word tells: 结转 to 上年结转资金. A `variant`
    stands on other places' forms of this kind: it is read, and blank forms do not print it.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    required: bool = False
    stems: tuple[str, ...] = ()
    variant: bool = False


class TableKind(StrEnum):
    """What a table's rows become."""

    LINES = "lines"
    """Rows with fixed names (`items`), one Line each."""
    LIST = "list"
    """Rows named by the department (projects, divisions), one Line each."""
    INDICATORS = "indicators"
    ANSWERS = "answers"
    """An answer sheet of a survey, one questionnaire a row; its questions are found, see AnswersLayout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonLayout:
    """Which figures of a table compare this year's spending with last year's and with the budget.

    `sheet` is the sheet of the summary workbook that shows them. In LINES `items` are rows, and `prior`,
    `budget` and `executed` columns ("" where the form has no such column). In a LIST `items` are columns of
    its total row, all of them this year's spending.
    """

    sheet: str
    items: tuple[str, ...]
    prior: str = ""
    budget: str = ""
    executed: str = ""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table: header words of its columns, and for LINES the names of its rows.

    `total_labels` name the row that closes an INDICATORS or LIST table. `budget` says that the rows are
    budget lines of budget_lines.csv. In a LIST that `repeats` names, rows of one name all count, and a row
    without a name goes on with the one above; rows named by `skipped_labels` (小计) are no rows. A LIST stops
    at a row that holds one of the words `ends`. Rows of INDICATORS named by `shared_weights` that leave the
    weight blank share that of the row above, as if the cell were merged. With `free_items` every further row
    of LINES that carries amounts is a line under its own printed name; `*` stands for these in identities.
    Columns headed by `ignored_labels` hold nothing that is read; rows of INDICATORS named by `narratives`
    (存在问题) are texts below the table. A column of LINES headed by one of `naming` (任务名称) names rows:
    each is a line of its own then, a total is not asked for. Figures under headings that begin with one of
    `past` (上年) or name an earlier year than the form's are not read. `overview` is the sheet of the summary
    workbook that shows the table's figures for every department, of a LIST those of its total row; "" for
    none.
    """

    name: str
    title: str
    kind: TableKind
    columns: tuple[ColumnLayout, ...]
    items: tuple[ItemLayout, ...] = ()
    total_labels: tuple[str, ...] = ()
    budget: bool = False
    required: bool = True
    repeats: bool = False
    skipped_labels: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    shared_weights: tuple[str, ...] = ()
    ignored_labels: tuple[str, ...] = ()
    narratives: tuple[str, ...] = ()
    free_items: bool = False
    naming: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    answers: AnswersLayout | None = None
    """How the questions of an ANSWERS table are found."""
    overview: str = ""
    comparison: ComparisonLayout | None = None

    def __hash__(self) -> int:
        """By identity, as a form's: what is worked out from its words is worked out once."""
        return id(self)

    def column(self, name: str) -> ColumnLayout:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


class IdentityKind(StrEnum):
    """What has to hold between figures of one form."""

    SUM = "sum"
    """total = plus − minus, within the rounding of the printed figures."""
    AT_MOST = "at_most"
    """The sum of the parts does not exceed the total (其中 rows)."""
    RATIO = "ratio"
    """total (percent) = plus[0] / plus[1] × 100, rounded half-up."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An equation over addresses of one form.

    An address is `field` or `table.item.column`. In each, `{item}` and `{column}` stand for every item or
    column named in `items` / `columns` (all items of the table where `items` is empty). An item `*` stands
    for all free lines of the table that are parts of its whole, not a selection from another. A SUM also
    holds where the parts make up one of `alternatives` in place of the total, a RATIO where one is the base.
    """

    id: str
    title: str
    kind: IdentityKind
    total: FigureAddress
    plus: tuple[FigureAddress, ...]
    minus: tuple[FigureAddress, ...] = ()
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    alternatives: tuple[FigureAddress, ...] = ()

    @property
    def members(self) -> tuple[FigureAddress, ...]:
        """The total and its parts."""
        return (self.total, *self.plus, *self.minus)

    @property
    def item_table(self) -> str:
        """The table whose rows {item} stands for, "" where no address has that slot."""
        return next((each.table for each in self.members if each.has_item_slot), "")


@dataclass(frozen=True, slots=True)
class FormLayout:
    """One kind of form: how to know it and where its figures stand, by words only.

    `titles` are words of its title, `excludes` words whose presence in the title rules it out. `levels`
    maps the usual names of first- and second-level indicators to the variants they are printed in. `blank`
    says how a blank form is arranged.
    """

    id: str
    title: str
    scope: Scope
    titles: tuple[str, ...]
    fields: tuple[FieldLayout, ...]
    tables: tuple[TableLayout, ...]
    identities: tuple[Identity, ...] = ()
    excludes: tuple[str, ...] = ()
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blank: BlankLayout = field(default_factory=BlankLayout)

    def __hash__(self) -> int:
        """By identity: layouts are made once, so that what is worked out from one is worked out once."""
        return id(self)

    @property
    def compares_targets(self) -> bool:
        """Whether its indicators have targets, not only a standard to be scored by."""
        return _compares_targets(self)

    @property
    def budget_tables(self) -> frozenset[str]:
        """The names of the tables whose rows are budget lines."""
        return _budget_tables(self)

    @property
    def overviews(self) -> tuple[str, ...]:
        """The sheets of the summary workbook that show its figures for every department, each once."""
        marks = (*(each.overview for each in self.fields), *(each.overview for each in self.tables))
        return tuple(dict.fromkeys(filter(None, marks)))

    def budget_column(self, line: Line) -> str:
        """The column that a line's execution rate rests on: the budget left after pooled money, where filled.

        Source: the form's own ratio (`alternatives`), as the transfer forms of the national rules print it.
        """
        place = (line.table, "execution_rate")
        ratios = (each for each in self.identities if each.kind is IdentityKind.RATIO)
        own = (each for each in ratios if (each.total.table, each.total.column) == place)
        others = (
            address.column for ratio in own if ratio.total.has_item_slot for address in ratio.alternatives
        )
        return next((column for column in others if line.value(column)), "annual_budget")

    def find_table(self, name: str) -> TableLayout | None:
        """The table of that name, None where the form has none."""
        return next((table for table in self.tables if table.name == name), None)

    def table(self, name: str) -> TableLayout:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)


@lru_cache(maxsize=256)
def _budget_tables(layout: FormLayout) -> frozenset[str]:
    return frozenset(table.name for table in layout.tables if table.budget)


@lru_cache(maxsize=256)
def _compares_targets(layout: FormLayout) -> bool:
    return any(column.name == "target" for table in layout.tables for column in table.columns)
