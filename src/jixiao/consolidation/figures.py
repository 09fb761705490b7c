"""figures.csv: every figure that was read, with its cell, whatever form it stands on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

import pandera.polars as pa
import polars as pl

from jixiao.domain.amounts import round_half_up
from jixiao.domain.forms import Scope, TableKind, ValueKind
from jixiao.domain.submissions import State, Status
from jixiao.language import say
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandera.api.polars.types import PolarsData

    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.report import Row
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.submissions import Entry, Submission
    from jixiao.domain.supplements import Survey, SurveyRate

_SCOPES = [each.value for each in Scope]
_STATUSES = [each.value for each in Status]


class Figures(TidyTable, table="figures"):
    """figures.csv: a figure and its cell, amounts in 万元, rates in percent points; of a grade the word."""

    department: str
    form: str
    block: str
    item: str
    column: str
    value: Figure = pa.Field(nullable=True)
    unit: str
    cell: str
    scope: str
    project: str
    year: int = pa.Field(nullable=True)
    file: str
    sheet: str
    title: str
    text: str
    status: str

    @pa.dataframe_check(name="figures.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(
                pl.col("title") != "",
                pl.col("block") != "",
                pl.col("column") != "",
                pl.col("cell").str.contains(CELL),
            ),
            *(pl.col("scope").is_in(_SCOPES), pl.col("status").is_in(_STATUSES)),
            pl.col("value").is_not_null() | (pl.col("text") != ""),
        )


FIELDS: Final = "fields"
"""The block of what stands beside a label of its own, in no table."""
VALUE: Final = "value"
"""The column of a field."""
_GRADE = "grade"
"""The one field whose figure is a word."""
_TOTAL = "total"
_COPIES = say("份")


class _Figure(NamedTuple):
    """A figure within its form; `title` in Chinese, `text` as printed (of a grade all there is)."""

    block: str
    item: str
    column: str
    value: Decimal | None
    unit: str
    ref: CellRef | None
    title: str
    text: str


def figure_rows(evaluation: Evaluation) -> Iterator[Row]:
    """Fields, tables, the row of totals, weights that first-level names declare, what surveys count up to.

    The weights and scores of indicators are in indicators.csv. `block`, `item` and `column` are those of the
    form's layout, as addresses in schemes name them; amounts are in 万元, rates in percent points.
    """
    surveys = {each.submission.submission_id: each for each in evaluation.surveys}
    for form in evaluation.submissions:
        layout = evaluation.round.scheme.form(form.form)
        status = evaluation.statuses[form.submission_id].value
        survey = surveys.get(form.submission_id)
        for figure in (*figures_of(form, layout), *(_counted(survey, layout) if survey else ())):
            yield (
                *(form.department, form.form, figure.block, figure.item, figure.column, figure.value),
                *(
                    figure.unit,
                    figure.ref.a1 if figure.ref else "",
                    form.scope.value,
                    form.project,
                    form.year,
                ),
                *(form.file, form.sheet, figure.title, figure.text, status),
            )


def figures_of(form: Submission, layout: FormLayout) -> Iterator[_Figure]:
    """Every figure of one form, field by field and table by table in the order of reading."""
    yield from _fields(form, layout)
    yield from _lines(form, layout)
    yield from _totals(form, layout)
    yield from _declared(form, layout)


def _fields(form: Submission, layout: FormLayout) -> Iterator[_Figure]:
    for field in layout.fields:
        entry = form.fields.get(field.name)
        if entry is None:
            continue
        if entry.state is State.NUMBER:
            yield _figure((FIELDS, field.name, VALUE), entry, field.figure_unit, field.title)
        elif field.name == _GRADE and entry.state is State.TEXT:
            yield _figure((FIELDS, field.name, VALUE), entry, "", field.title)


def _lines(form: Submission, layout: FormLayout) -> Iterator[_Figure]:
    columns = {(table.name, column.name): column for table in layout.tables for column in table.columns}
    titles = {table.name: table.title for table in layout.tables}
    for line in form.lines:
        for name, entry in line.entries.items():
            if entry.state is State.NUMBER:
                column = columns.get((line.table, name))
                title = "·".join((titles[line.table], line.label, column.title if column else name))
                yield _figure(
                    (line.table, line.item, name), entry, column.figure_unit if column else "", title
                )


def _totals(form: Submission, layout: FormLayout) -> Iterator[_Figure]:
    table = _indicators(layout)
    for name, entry in form.total.items():
        if entry.state is State.NUMBER and table is not None:
            title = say("{title}·总分·{title2}", title=table.title, title2=table.column(name).title)
            yield _figure((table.name, _TOTAL, name), entry, table.column(name).figure_unit, title)


def _declared(form: Submission, layout: FormLayout) -> Iterator[_Figure]:
    """产出指标（50分）: the weight of a first-level indicator that its name declares."""
    table = _indicators(layout)
    for group in form.groups:
        if group.declared_weight is not None and table is not None:
            title = f"{table.title}·{group.level1}·{table.column('weight').title}"
            unit = ValueKind.SCORE.unit
            yield _Figure(
                *(table.name, group.level1, "weight", group.declared_weight, unit, group.ref, title, "")
            )


def _indicators(layout: FormLayout) -> TableLayout | None:
    return next((table for table in layout.tables if table.kind is TableKind.INDICATORS), None)


def _figure(place: tuple[str, str, str], entry: Entry, unit: str, title: str) -> _Figure:
    block, item, column = place
    return _Figure(block, item, column, entry.value, unit, entry.ref, title, entry.text)


def _counted(survey: Survey, layout: FormLayout) -> Iterator[_Figure]:
    """How often each question was answered and the rate that this gives; of the whole survey the same."""
    table = next(table for table in layout.tables if table.kind is TableKind.ANSWERS)
    for question, rate in survey.questions:
        yield from _survey_figures(table, question.text, rate, survey.places, question.ref)
    yield _Figure(
        *(table.name, _TOTAL, "questionnaires", Decimal(survey.count), _COPIES, None),
        *(say("{title}·有效答卷", title=table.title), ""),
    )
    yield from _survey_figures(table, _TOTAL, survey.composite, survey.places, None)


def _survey_figures(
    table: TableLayout, item: str, rate: SurveyRate, places: int, ref: CellRef | None
) -> Iterator[_Figure]:
    name = f"{table.title}·{say('综合') if item == _TOTAL else item}"
    yield _Figure(
        table.name,
        item,
        "answers",
        Decimal(rate.answers),
        say("个"),
        ref,
        say("{name}·答案数", name=name),
        "",
    )
    if rate.rate is not None:
        value = round_half_up(rate.rate, places)
        yield _Figure(
            table.name, item, "rate", value, ValueKind.PERCENT.unit, ref, say("{name}·满意度", name=name), ""
        )
