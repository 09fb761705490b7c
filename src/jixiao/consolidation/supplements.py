"""Sent beside the forms: the sheets 内部考核 and 满意度调查, appraisal.csv and survey.csv."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.domain.amounts import HUNDRED, plain, round_half_up
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.domain.supplements import Agreement
from jixiao.language import say, spoken
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content, Row, Table
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.supplements import Appraisal, AppraisalRule, DivisionRate, Question, Survey, SurveyRate

QUARTERS = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")


class Appraisals(TidyTable, table="appraisal"):
    """appraisal.csv: a division of a department, rates in percent."""

    department: str
    division: str
    first_quarter: Figure = pa.Field(nullable=True)
    second_quarter: Figure = pa.Field(nullable=True)
    third_quarter: Figure = pa.Field(nullable=True)
    fourth_quarter: Figure = pa.Field(nullable=True)
    annual_rate: Figure = pa.Field(nullable=True)
    rank: int = pa.Field(nullable=True)
    reported_annual_rate: Figure = pa.Field(nullable=True)
    reported_rank: int = pa.Field(nullable=True)
    derivation: str
    file: str
    sheet: str
    cell: str

    @pa.dataframe_check(name="appraisal.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            pl.col("annual_rate").is_null() == pl.col("rank").is_null(),
            *(pl.col("rank") >= 1, pl.col("cell").str.contains(CELL)),
        )


_ANNUAL = "年度执行率"
_UNKNOWN = say("没有可用的{}，年度执行率不掌握，不参加排名")


def appraisal_table(evaluation: Evaluation) -> Table:
    """Rates in percent; empty where they are not known."""
    rule = evaluation.round.scheme.appraisal
    rows = [
        (
            *(appraisal.submission.department, each.line.label),
            *(each.line.value(quarter) for quarter in QUARTERS),
            *(each.annual, each.rank),
            *(each.line.value(rule.annual), each.printed_rank),
            *(each.derivation, each.line.ref.file, each.line.ref.sheet, each.line.ref.a1),
        )
        for appraisal in evaluation.appraisals
        if rule
        for each in _ranked(appraisal)
    ]
    return Appraisals.of(tuple(rows))


def appraisal_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """The sheet, where the round has such data; divisions in the order of their rank."""
    rule = evaluation.round.scheme.appraisal
    if rule is None or not evaluation.appraisals:
        return
    titles = _titles(evaluation.round.scheme, rule)
    rows = tuple(
        _row(appraisal, each, rule, titles, edition)
        for appraisal in evaluation.appraisals
        for each in _ranked(appraisal)
    )
    yield replace(appraisal_head(rule, edition), rows=rows)


def appraisal_head(rule: AppraisalRule, edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    titles = _titles(edition.round.scheme, rule)
    weighted = say("＋").join(f"{titles[column]}×{plain(weight)}" for column, weight in rule.weights.items())
    return SheetSpec(
        name="内部考核",
        about=say("一行一个处室：各季度和年度预算执行率、名次"),
        title=edition.title(say("处室预算执行内部考核")),
        note=edition.note(
            say(
                "{annual}＝{weighted}；名次在本部门内排列，相同的并列。",
                annual=spoken(_ANNUAL),
                weighted=weighted,
            ),
            unit=say("百分数"),
        ),
        columns=(
            *(ColumnSpec("部门"), ColumnSpec("处室"), ColumnSpec("名次", Kind.COUNT)),
            *(ColumnSpec(titles[column], Kind.RATE) for column in rule.weights),
            *(ColumnSpec(_ANNUAL, Kind.RATE, bar=True), ColumnSpec("填报的年度执行率", Kind.RATE)),
            *(
                ColumnSpec("填报的名次", Kind.COUNT),
                ColumnSpec("核算过程"),
                SOURCES,
            ),
        ),
        rows=(),
        fixed=2,
        banded=True,
    )


def _titles(scheme: Scheme, rule: AppraisalRule) -> Mapping[str, str]:
    return {column.name: column.title for column in scheme.form(rule.form).table(rule.table).columns}


def _ranked(appraisal: Appraisal) -> list[DivisionRate]:
    """By rank, in printed order among equals; those without a rank last."""
    last = len(appraisal.divisions) + 1
    return sorted(appraisal.divisions, key=lambda each: last if each.rank is None else each.rank)


def _row(
    appraisal: Appraisal, each: DivisionRate, rule: AppraisalRule, titles: Mapping[str, str], edition: Edition
) -> tuple[Content, ...]:
    submission, line = appraisal.submission, each.line
    missing = _UNKNOWN.format(say("、").join(titles[column] for column in each.missing))
    return (
        *(shown_department(submission.department), line.label, _rank(each)),
        *(_share_of_hundred(line.value(column)) for column in rule.weights),
        _annual(each, rule, titles),
        _share_of_hundred(line.value(rule.annual)),
        each.printed_rank,
        each.derivation or missing,
        edition.source(submission.file, submission.sheet, line.ref.a1),
    )


def _rank(each: DivisionRate) -> Content:
    """Live: one more than the divisions of the department that have a higher annual rate."""
    if each.rank is None:
        return None
    return Formula(f"SUMPRODUCT(([部门:]=[部门])*([{_ANNUAL}:]>[{_ANNUAL}]))+1", each.rank)


def _annual(each: DivisionRate, rule: AppraisalRule, titles: Mapping[str, str]) -> Content:
    if each.annual is None:
        return None
    terms = "+".join(f"[{titles[column]}]*{plain(weight)}" for column, weight in rule.weights.items())
    return Formula(f"ROUND({terms},{rule.places + 2})", each.annual / HUNDRED)


def _share_of_hundred(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / HUNDRED


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
        ref = indicator.cell("actual")
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
