"""The sheet 内部考核 and appraisal.csv: how the divisions of each department spent what they were given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.domain.amounts import HUNDRED, plain
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec
from jixiao.language import say, spoken
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content, Table
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.supplements import Appraisal, AppraisalRule, DivisionRate

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
        *(_fraction(line.value(column)) for column in rule.weights),
        _annual(each, rule, titles),
        _fraction(line.value(rule.annual)),
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


def _fraction(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / HUNDRED
