"""The sheet 满意度调查 and survey.csv: what questionnaires give, beside what the forms state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.domain.amounts import HUNDRED, round_half_up
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec, Tone, Toned
from jixiao.domain.supplements import Agreement
from jixiao.language import say
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content, Row, Table
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.supplements import Question, Survey, SurveyRate

_KNOWN_AGREEMENTS = [each.value for each in Agreement]


class Surveys(TidyTable, table="survey"):
    """survey.csv: a question of a survey, or its composite, rates in percent."""

    department: str
    project: str
    kind: str
    question: str
    scale: str = pa.Field(nullable=True)
    questionnaires: int
    answers: int
    rate: Figure = pa.Field(nullable=True)
    satisfied_rate: Figure = pa.Field(nullable=True)
    reported: str = pa.Field(nullable=True)
    agreement: str = pa.Field(nullable=True)
    note: str
    file: str
    sheet: str
    cell: str

    @pa.dataframe_check(name="survey.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("kind").is_in(["question", "composite"]), pl.col("agreement").is_in(_KNOWN_AGREEMENTS)),
            *(pl.col("rate").is_between(0, 100), pl.col("satisfied_rate").is_between(0, 100)),
            pl.col("cell").str.contains(CELL),
        )


_AGREEMENTS = {
    Agreement.AGREES: Toned(say("一致"), Tone.GOOD),
    Agreement.DIFFERS: Toned(say("不一致"), Tone.DOUBT),
    Agreement.OPEN: Toned(say("未核对"), Tone.NOTE),
}
_COMPOSITE = say("综合满意度")


def survey_table(evaluation: Evaluation) -> Table:
    """A row a question and one for the composite of each survey; rates in percent."""
    rows = [row for survey in evaluation.surveys for row in _records(survey)]
    return Surveys.of(tuple(rows))


def _records(survey: Survey) -> Iterator[Row]:
    form, comparison = survey.submission, survey.comparison
    for question, rate in survey.questions:
        yield (
            *(form.department, form.project, "question", question.text),
            *(question.scale.title if question.scale else None, survey.count, rate.answers),
            *(_percent(rate.rate, survey), _percent(rate.satisfied, survey), None, None, _remark(question)),
            *(form.file, form.sheet, question.ref.a1),
        )
    whole = survey.composite
    yield (
        *(form.department, form.project, "composite", _COMPOSITE, None, survey.count, whole.answers),
        *(_percent(whole.rate, survey), _percent(whole.satisfied, survey)),
        *(_reported(survey), comparison.agreement.value, _note(survey), form.file, form.sheet, ""),
    )


def survey_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """The sheet, where the round has surveys: a row a question, the composite of each survey below them."""
    if not evaluation.surveys:
        return
    rows: list[tuple[Content, ...]] = []
    composites: set[int] = set()
    for survey in evaluation.surveys:
        rows += [_question_row(survey, question, rate, edition) for question, rate in survey.questions]
        composites.add(len(rows))
        rows.append(_composite_row(survey, edition))
    yield replace(survey_head(edition), rows=tuple(rows), strong=frozenset(composites))


def survey_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="满意度调查",
        about=say("一行一道题：由答卷核算的满意度，与自评表所填的核对"),
        title=edition.title(say("满意度调查")),
        note=edition.note(
            say(
                "满意度＝答案占满分比例的平均，综合满意度为全部有效答案的平均；"
                "结论指自评表所填满意度按其小数位数是否与问卷相符。"
            ),
            unit=say("百分数"),
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("题目")),
            *(ColumnSpec("量表", wrap=32), ColumnSpec("答案数", Kind.COUNT), ColumnSpec("满意度", Kind.RATE)),
            *(ColumnSpec("满意答案占比", Kind.RATE), ColumnSpec("自评表填报"), ColumnSpec("结论", Kind.MARK)),
            *(ColumnSpec("说明"), SOURCES),
        ),
        rows=(),
        fixed=3,
    )


def _question_row(
    survey: Survey, question: Question, rate: SurveyRate, edition: Edition
) -> tuple[Content, ...]:
    form = survey.submission
    return (
        *(shown_department(form.department), form.project, question.text),
        *(question.scale.title if question.scale else None, rate.answers),
        *(_fraction(rate.rate, survey), _fraction(rate.satisfied, survey), None, None, _remark(question)),
        edition.source(form.file, form.sheet, question.ref.a1),
    )


def _composite_row(survey: Survey, edition: Edition) -> tuple[Content, ...]:
    form, whole, comparison = survey.submission, survey.composite, survey.comparison
    indicator = comparison.indicator
    source = edition.source(form.file, form.sheet)
    if indicator is not None:
        actual = indicator.entries.get("actual")
        ref = actual.ref if actual else indicator.ref
        source = edition.source(ref.file, ref.sheet, ref.a1)
    return (
        *(shown_department(form.department), form.project, _COMPOSITE, None, whole.answers),
        *(_fraction(whole.rate, survey), _fraction(whole.satisfied, survey)),
        *(_reported(survey), _AGREEMENTS[comparison.agreement], _note(survey), source),
    )


def _remark(question: Question) -> str:
    """Why a question gives no rate, or which of its answers do not count."""
    strange = len(question.answers) - len(question.shares)
    return (
        say("{strange} 个答案不在量表之内，未计入", strange=strange)
        if question.scale and strange
        else question.reason
    )


def _reported(survey: Survey) -> str | None:
    """The form's figure as printed."""
    indicator = survey.comparison.indicator
    return f"{indicator.name} {indicator.actual.text}" if indicator else None


def _note(survey: Survey) -> str:
    """How many questionnaires there are, and by which way of counting the form agrees, or why it is open."""
    comparison = survey.comparison
    said = (
        say("按{reading}相符", reading=comparison.reading)
        if comparison.agreement is Agreement.AGREES
        else comparison.reading
    )
    return say("；").join(filter(None, (say("有效答卷 {count} 份", count=survey.count), said)))


def _percent(rate: Decimal | None, survey: Survey) -> Decimal | None:
    return None if rate is None else round_half_up(rate, survey.places)


def _fraction(rate: Decimal | None, survey: Survey) -> Decimal | None:
    return None if rate is None else round_half_up(rate, survey.places) / HUNDRED
