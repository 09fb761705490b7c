"""Sheets that form layouts mark as overviews: a department a row, what its form states side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.totals import subtotal, sum_known
from jixiao.domain.amounts import HUNDRED
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.forms import ColumnLayout, FieldLayout, FormLayout, TableLayout
    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Line, Submission

TOTAL = "total"
SOURCE = "数据取自"
_KINDS = {ValueKind.AMOUNT: Kind.AMOUNT, ValueKind.PERCENT: Kind.RATE, ValueKind.SCORE: Kind.SCORE}
_REFERENCE_MARKS = str.maketrans(":!@[]", "：！＠［］")
"""What formulas set references apart with, in a title that a layout may give."""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """What one department gives to an overview: its figures by column, and which of its forms state them."""

    department: str
    values: Mapping[str, Decimal]
    source: str


def overview_rows(dossier: Dossier, scheme: Scheme) -> dict[str, OverviewRow]:
    """A department's rows by sheet; none where it has no figure for one."""
    return {
        name: row
        for name in overview_names(scheme)
        if (row := _overview_row(dossier, _places_by_form(name, scheme), scheme))
    }


def overview_names(scheme: Scheme) -> tuple[str, ...]:
    """The sheets that the layouts of the scheme name."""
    return tuple(dict.fromkeys(name for form in scheme.forms for name in form.overviews))


def overview_sheet(name: str, rows: Sequence[OverviewRow], edition: Edition) -> SheetSpec:
    """The sheet of that name; what nobody filled in has no column."""
    columns = [
        _Column(title, layout, tuple(row.values.get(title) for row in rows))
        for title, layout in _columns(name, edition.round.scheme).items()
        if any(title in row.values for row in rows)
    ]
    contents = [column.contents for column in columns]
    return SheetSpec(
        name=name,
        about=say("一行一个部门：各部门报送表上的基础数据并列"),
        title=edition.title(name),
        note=edition.note(
            say("一行一个部门，原填的数并列；栏目名先写事项、再写内容；合计为公式，随筛选变化。"),
            unit=say("万元（人数等见栏目名）"),
        ),
        columns=(
            ColumnSpec("部门", wrap=24),
            *(ColumnSpec(column.title, column.kind) for column in columns),
            ColumnSpec(SOURCE, wrap=36),
        ),
        rows=tuple(
            (shown_department(row.department), *(column[place] for column in contents), row.source)
            for place, row in enumerate(rows)
        ),
        totals=((say("合计"), *(column.total() for column in columns), None),),
        banded=True,
    )


def total_line(form: Submission, table: TableLayout) -> Line | None:
    """The row that stands for the whole of a LIST: its total, or its only row; None where nobody can tell."""
    rows = [line for line in form.lines if line.table == table.name]
    total = next((line for line in rows if line.item == TOTAL), None)
    return rows[0] if total is None and len(rows) == 1 else total


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a figure of the sheet stands on one kind of form; a field has neither table nor item."""

    title: str
    layout: FieldLayout | ColumnLayout
    table: TableLayout | None = None
    item: str = ""

    def value(self, form: Submission) -> Decimal | None:
        if self.table is None:
            entry = form.fields.get(self.layout.name)
            return entry.value if entry else None
        listed = self.table.kind is TableKind.LIST
        line = total_line(form, self.table) if listed else form.line(self.table.name, self.item)
        return line.value(self.layout.name) if line else None


def _places(layout: FormLayout, name: str) -> Iterator[_Place]:
    """What a form gives to the sheet of that name: every row of LINES, the total row of a LIST."""
    for known in layout.fields:
        if known.overview == name:
            yield _Place(_title(known), known)
    for table in layout.tables:
        if table.overview == name:
            columns = [column for column in table.columns if column.kind is not ValueKind.TEXT]
            rows = [(item.name, item.title) for item in table.items] or [("", table.title)]
            yield from (
                _Place(_title(column, above), column, table, item)
                for item, above in rows
                for column in columns
            )


def _places_by_form(name: str, scheme: Scheme) -> dict[str, tuple[_Place, ...]]:
    return {layout.id: tuple(_places(layout, name)) for layout in scheme.forms}


def _columns(name: str, scheme: Scheme) -> dict[str, FieldLayout | ColumnLayout]:
    """The sheet's columns by title, in the layouts' order: two places of one title are one column."""
    columns: dict[str, FieldLayout | ColumnLayout] = {}
    for place in (each for places in _places_by_form(name, scheme).values() for each in places):
        columns.setdefault(place.title, place.layout)
    return columns


def _overview_row(
    dossier: Dossier, places_by_form: Mapping[str, tuple[_Place, ...]], scheme: Scheme
) -> OverviewRow | None:
    """A department's figures; of two forms with the same one the first counts, the other is named."""
    values: dict[str, Decimal] = {}
    used: dict[str, Submission] = {}
    unused: dict[str, Submission] = {}
    for layout, places in places_by_form.items():
        for form in dossier.current(layout) if places else ():
            for place in places:
                value = place.value(form)
                if value is not None:
                    (unused if place.title in values else used)[form.submission_id] = form
                    values.setdefault(place.title, value)
    return OverviewRow(dossier.department, values, _source(used, unused, scheme)) if used else None


def _source(used: Mapping[str, Submission], unused: Mapping[str, Submission], scheme: Scheme) -> str:
    """《基础数据表》（附件1）; and which further form states some of the figures."""
    text = say("、").join(named(form, scheme) for form in used.values())
    others = say("、").join(named(form, scheme) for key, form in unused.items() if key not in used)
    return say("{text}；{others}也填了其中的数，未采用", text=text, others=others) if others else text


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the sheet: what its figures are, and each department's, None where it has none."""

    title: str
    layout: FieldLayout | ColumnLayout
    values: tuple[Decimal | None, ...]

    @property
    def kind(self) -> Kind:
        whole = all(value == value.to_integral_value() for value in self.values if value is not None)
        return _KINDS.get(self.layout.kind, Kind.COUNT if whole else Kind.AMOUNT)

    @property
    def contents(self) -> list[Content]:
        """The department's cells."""
        if self.kind is not Kind.RATE:
            return list(self.values)
        return [None if value is None else value / HUNDRED for value in self.values]

    def total(self) -> Content:
        """The sum, of what can be added up."""
        if self.kind not in {Kind.AMOUNT, Kind.COUNT}:
            return None
        return subtotal(self.title, sum_known(self.values))


def _title(known: FieldLayout | ColumnLayout, above: str = "") -> str:
    """The row's name over the column's, with its unit where that is no money and no rate."""
    unit = "" if known.kind in _KINDS else known.figure_unit
    own = say("{title}（{unit}）", title=known.title, unit=unit) if unit else known.title
    return f"{above}\n{own}".strip().translate(_REFERENCE_MARKS)


def named(form: Submission, scheme: Scheme) -> str:
    """《部门整体支出绩效评价基础数据表》（附件1）."""
    return say("《{title}》（{sheet}）", title=scheme.form(form.form).title, sheet=form.sheet)
