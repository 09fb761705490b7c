"""Forms as filled in: what stands in their cells, what was inferred in reading them, what became of them.

And the same forms with other figures put into them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from jixiao.domain.amounts import ZERO, MoneyUnit, exact_number, step_of
from jixiao.domain.forms import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.quantities import Actual, Target
    from jixiao.domain.supplements import Question


class Basis(StrEnum):
    """Why something was taken for what it is, though no known word says so."""

    STRUCTURE = "structure"
    """By its place and by what stands in its row or column."""
    LIKENESS = "likeness"
    """By a known word that it is nearly written like."""
    UNIT = "unit"
    """A unit of money by the figures that have to agree."""
    NAME = "name"
    """A department, project or year that does not stand where it belongs, or nearly the same name."""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A label that was taken for nothing, though it stands where labels stand: a header without a column."""

    ref: CellRef
    text: str


@dataclass(frozen=True, slots=True)
class Inference:
    """One thing inferred while reading a form.

    `ref` and `text` are the cell and its words as printed. `address` is what they were taken for, as in
    layouts: a field ("department"), a row ("funds.total"), a column of every row ("funds..executed",
    "indicators..target"), a table ("funds") or "" (the whole form); `title` is its Chinese
    name. `reason` is one Chinese clause that says why, `certainty` in percent how surely.
    """

    basis: Basis
    ref: CellRef
    text: str
    address: str
    title: str
    reason: str
    certainty: int


@dataclass(frozen=True, slots=True)
class Term:
    """One label text on the forms of one kind in a round.

    `address` is what it was taken for (see Inference), "" where it was taken for nothing; `title` that
    place's Chinese name, `reason` one clause that says why, `certainty` in percent; `places` where it stands.
    """

    form: str
    text: str
    address: str
    title: str
    reason: str
    certainty: int
    places: tuple[CellRef, ...]


T = TypeVar("T")


class State(StrEnum):
    """What a cell turned out to hold: five different things, none of them a silent zero."""

    NUMBER = "number"
    TEXT = "text"
    BLANK = "blank"
    DASH = "dash"
    """"-", "—" or "/": the department says there is nothing; counts as nil in sums only."""
    ERROR = "error"
    UNSTORED = "unstored"
    """A formula without a stored value."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of a submission.

    `text` is what the department sees in the cell; `value` the figure in 万元, percent points, score points
    or plain number, None unless state is NUMBER; `step` the unit of its last printed digit. `as_text`: the
    figure is written as text, so that formulas of the sheet leave it out.
    """

    ref: CellRef
    state: State
    text: str = ""
    value: Decimal | None = None
    step: Decimal | None = None
    as_text: bool = False

    @property
    def is_empty(self) -> bool:
        """Blank or a dash: nothing was reported."""
        return self.state is State.BLANK or self.state is State.DASH  # no set: enums hash in Python


def figure_of(entry: Entry | None) -> Decimal | None:
    """The figure in a cell; a dash says that there is nothing; None where it is not known."""
    if entry is None:
        return None
    return ZERO if entry.state is State.DASH else entry.value


@dataclass(frozen=True, slots=True)
class Line:
    """A row of figures: a budget line or another table's row.

    `item` is the layout's name for it ("total", "carryover") or, in a LIST, the normalised printed name.
    """

    table: str
    item: str
    label: str
    ref: CellRef
    entries: Mapping[str, Entry]

    def value(self, column: str) -> Decimal | None:
        """The figure in a column, None where it is not known."""
        entry = self.entries.get(column)
        return entry.value if entry else None

    def cell(self, column: str) -> CellRef:
        """The cell in a column, the row itself where it has none there."""
        entry = self.entries.get(column)
        return entry.ref if entry else self.ref


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row 绩效指标. `entries` holds target, actual, weight, self_score, reason as read.

    A `detail` (其中：城区) breaks the indicator above it down: it has no points, and none are asked of it.
    """

    ref: CellRef
    level1: str
    level2: str
    level3: str
    target: Target
    actual: Actual
    entries: Mapping[str, Entry]
    detail: bool = False

    @property
    def weight(self) -> Decimal | None:
        """分值."""
        return self._value("weight")

    @property
    def weight_cell(self) -> CellRef:
        """The cell of the weight, which other indicators may share; the own row where there is none."""
        entry = self.entries.get("weight")
        return entry.ref if entry and entry.value is not None else self.ref

    def shares_points(self, other: Indicator) -> bool:
        """Whether one cell holds both weights, or both scores."""
        if self.weight_cell == other.weight_cell:
            return True
        own, others = self.entries.get("self_score"), other.entries.get("self_score")
        return bool(own and others and own.value is not None and own.ref == others.ref)

    @property
    def self_score(self) -> Decimal | None:
        """得分 as the department wrote it."""
        return self._value("self_score")

    @property
    def reason(self) -> str:
        """偏差原因分析及改进措施, "" where none was given."""
        entry = self.entries.get("reason")
        return entry.text if entry and (entry.state is State.TEXT or entry.state is State.NUMBER) else ""

    def is_extra(self, words: Collection[str]) -> bool:
        """Whether its points come on top of the whole, or are taken from it: one of `words` names its row."""
        return _is_extra(self.level1, self.level2, self.level3, tuple(words))

    @property
    def name(self) -> str:
        """What to call the indicator in a sentence."""
        return self.level3 or self.level2 or self.level1

    def cell(self, column: str) -> CellRef:
        """The cell in a column, the row itself where it has none there."""
        entry = self.entries.get(column)
        return entry.ref if entry else self.ref

    def _value(self, column: str) -> Decimal | None:
        entry = self.entries.get(column)
        return entry.value if entry else None


@lru_cache(maxsize=4096)
def _is_extra(level1: str, level2: str, level3: str, words: tuple[str, ...]) -> bool:
    """By the names alone: asked several times of each row, and departments' rows are named alike."""
    named = any(word in level for word in words for level in (level1, level2))
    return named or level3.startswith(words)


def bundle(rows: Iterable[T], indicator_of: Callable[[T], Indicator]) -> Iterator[tuple[T, ...]]:
    """Neighbours together that share a weight or a score cell: points are given for them as a whole."""
    found: list[T] = []
    for row in rows:
        if found and not indicator_of(row).shares_points(indicator_of(found[-1])):
            yield tuple(found)
            found = []
        found.append(row)
    if found:
        yield tuple(found)


@dataclass(frozen=True, slots=True)
class Group:
    """A first-level indicator as printed, with the weight its name announces: 产出指标（50分）."""

    level1: str
    ref: CellRef
    declared_weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One filled form found in one sheet of one file.

    `fields` by layout name; `department`, `implementer`, `project` are normalised names, "" where unknown;
    `year` is the one printed on the form.
    """

    submission_id: str
    form: str
    scope: Scope
    file: str
    sheet: str
    sha256: str
    department: str
    implementer: str
    project: str
    year: int | None
    fields: Mapping[str, Entry]
    lines: tuple[Line, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    groups: tuple[Group, ...] = ()
    total: Mapping[str, Entry] = field(default_factory=dict)
    """The 总分 row: weight and self_score."""
    title: CellRef | None = None
    year_cell: CellRef | None = None
    """Where a year stands that no field states: in the title or below it."""
    questions: tuple[Question, ...] = ()
    """Of a survey's answer sheet."""
    unrecognised: tuple[Unrecognised, ...] = ()
    inferences: tuple[Inference, ...] = ()
    """What was read otherwise than by a known word, in reading order: what rests on it is a warning."""
    sender: Inference | None = None
    """Who may have sent a form that names no department (address "department"), if nothing better tells."""
    formulas: frozenset[CellRef] | None = None
    """Of a form made as a blank form, the cells that still compute themselves; None where nobody can tell."""
    units: Mapping[str, MoneyUnit] = field(default_factory=dict)
    """The unit that a table ("funds"), a column ("funds..executed") or a row of it ("funds.total") is printed
    in; "" the unit of the fields."""

    @property
    def printed_year(self) -> int | None:
        """The year that the form states itself; one that was inferred accuses nobody."""
        return None if any(each.address == "year" for each in self.inferences) else self.year

    @property
    def year_ref(self) -> CellRef | None:
        """Where its year stands: in a field, in or below the title; the title where nothing states one."""
        stated = self.fields.get("year")
        return stated.ref if stated and not stated.is_empty else self.year_cell or self.title

    @property
    def bundles(self) -> tuple[tuple[Indicator, ...], ...]:
        """The indicators by points: one each, or several rows over which a weight or score cell is merged."""
        return tuple(bundle(self.indicators, lambda each: each))

    def cell(self, field: str) -> CellRef | None:
        """The cell of a field, None where the form has none."""
        entry = self.fields.get(field)
        return entry.ref if entry else None

    def line(self, table: str, item: str) -> Line | None:
        """A row by table and item name."""
        for line in self.lines:
            if line.item == item and line.table == table:
                return line
        return None

    def unit_of(self, table: str, item: str, column: str) -> MoneyUnit:
        """The unit that an amount is printed in: its column's, else its row's, else its table's."""
        keys = (f"{table}..{column}", f"{table}.{item}", table)
        found = (self.units[key] for key in keys if key in self.units)
        return next(found, MoneyUnit.WAN)

    @property
    def subject_name(self) -> str:
        """The project's name on a project form, the department's on any other."""
        return self.project if self.scope is Scope.PROJECT else self.department


class Status(StrEnum):
    """What became of a submission, or of a file or sheet that gave none."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    SUPERSEDED = "superseded"
    UNEVALUATED = "unevaluated"
    """Our evaluation of its department failed: neither accepted nor returned."""
    UNREADABLE = "unreadable"
    UNRECOGNISED = "unrecognised"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of a file or sheet that gave no submission, and why (in Chinese)."""

    file: str
    sheet: str
    sha256: str
    status: Status
    reason: str


def addressed(submission: Submission) -> dict[str, Entry]:
    """Every cell by what it holds, wherever it stands: a field, a row's or an indicator's column, a total.

    `field`, `table.item.column`, `indicators.level1/name.column`, `total.column`; of rows of one name the
    second is told apart by its number, in the order of the form.
    """
    found = dict(submission.fields)
    met: Counter[str] = Counter()
    rows = [(f"{line.table}.{line.item}", line.entries) for line in submission.lines]
    rows += [(f"indicators.{each.level1}/{each.name}", each.entries) for each in submission.indicators]
    for name, entries in rows:
        met[name] += 1
        row = name if met[name] == 1 else f"{name}#{met[name]}"
        found |= {f"{row}.{column}": entry for column, entry in entries.items()}
    return found | {f"total.{column}": entry for column, entry in submission.total.items()}


_PLAIN = str.maketrans({",": None, "−": "-", "%": None})


def figure_value(figure: str) -> Decimal | None:
    """The number that a figure in a sentence stands for (1,492.00, −0.50, 95.00%); None for words.

    >>> figure_value("−1,492.00")
    Decimal('-1492.00')
    """
    return exact_number(figure.translate(_PLAIN))


def put_figures(submission: Submission, figures: Mapping[CellRef, str]) -> Submission:
    """The form as it would be with other figures (as printed in sentences) in some of its cells.

    A form on whose sheet none of these cells stands is returned as it is.
    """
    if not any((ref.file, ref.sheet) == (submission.file, submission.sheet) for ref in figures):
        return submission

    def put(entries: Mapping[str, Entry]) -> dict[str, Entry]:
        return {name: _put(entry, figures.get(entry.ref)) for name, entry in entries.items()}

    return replace(
        submission,
        fields=put(submission.fields),
        lines=tuple(replace(line, entries=put(line.entries)) for line in submission.lines),
        indicators=tuple(replace(each, entries=put(each.entries)) for each in submission.indicators),
        total=put(submission.total),
    )


def _put(entry: Entry, figure: str | None) -> Entry:
    if figure is None:
        return entry
    value = figure_value(figure)
    if value is None:
        return replace(entry, state=State.TEXT, text=figure, value=None)
    text = f"{value}%" if "%" in entry.text else str(value)
    return replace(entry, state=State.NUMBER, text=text, value=value, step=step_of(value), as_text=False)
