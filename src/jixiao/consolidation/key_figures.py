"""The sheet 关键指标 and measures.csv: the scheme's measures of every department, each with its figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.consolidation.findings import Disputes
from jixiao.domain.amounts import HUNDRED
from jixiao.domain.inferences import Basis
from jixiao.domain.relations import MeasureKind
from jixiao.domain.report import ColumnSpec, Formula, Kind, Link, SheetSpec, Tone, Toned
from jixiao.language import say
from jixiao.schemas.tidy import Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.cells import CellRef
    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.relations import Measure, MeasuredValue
    from jixiao.domain.report import Content, Table
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme

_MEASURE_KINDS = [each.value for each in MeasureKind]


class Measures(TidyTable, table="measures"):
    """measures.csv: a measure of a department or of one of its projects."""

    department: str
    project: str
    measure: str
    title: str
    kind: str
    value: Figure = pa.Field(nullable=True)
    unit: str
    numerator: Figure = pa.Field(nullable=True)
    denominator: Figure = pa.Field(nullable=True)
    derivation: str
    sources: str
    operand_unit: str
    disputed: str

    @pa.dataframe_check(name="measures.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("kind").is_in(_MEASURE_KINDS), pl.col("denominator") > 0, pl.col("derivation") != ""),
        )


_MOST_SHEETS = 3
"""The cells of so many sheets are named; measures over all projects have more."""
_UNKNOWN = Toned(say("不掌握"), Tone.NOTE)


def measure_table(evaluation: Evaluation) -> Table:
    """Percentages in percent points, amounts in 万元; `sources` lists the cells as file#sheet!cell.

    `disputed` lists those of them that a finding calls wrong, with its id.
    """
    disputes = Disputes(evaluation.findings)
    rows = tuple(
        (
            *(each.department, each.project, each.measure.id, each.measure.title, each.measure.kind.value),
            *(each.value, each.measure.unit, each.numerator, each.denominator, each.derivation),
            say("；").join(_address(ref) for ref in each.refs),
            operand_unit(each.measure, evaluation.round.scheme),
            say("；").join(f"{_address(ref)} {found.finding_id}" for ref, found in disputes.about(each.refs)),
        )
        for each in evaluation.measures
    )
    return Measures.of(rows)


def measure_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """The sheet, where the scheme's measures concern the forms that came; what is not known says why."""
    if not evaluation.measures:
        return
    disputes, units = Disputes(evaluation.findings), _settled_units(evaluation)
    rows = (
        (*_row(each, edition), *_reservations(each, edition, disputes, units)) for each in evaluation.measures
    )
    yield replace(measure_head(edition), rows=tuple(rows))


def measure_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="关键指标",
        about=say("一行一个指标：控制率、节约率、占比、执行率等，由各表的数计算，不计分"),
        title=edition.title(say("关键指标")),
        note=edition.note(
            say(
                "由各表的数计算，只列示，不计分；缺数的不推算，计算过程写明缺什么；依据的数有疑问的，末列写明。"
            ),
            unit="",
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("指标", wrap=34)),
            *(ColumnSpec("分子", Kind.AMOUNT), ColumnSpec("分母", Kind.AMOUNT)),
            *(ColumnSpec("比率", Kind.RATE), ColumnSpec("金额", Kind.AMOUNT), ColumnSpec("个数", Kind.COUNT)),
            *(
                ColumnSpec("单位", Kind.MARK),
                ColumnSpec("计算过程", wrap=48),
                ColumnSpec("计算办法", wrap=30),
            ),
            *(
                SOURCES,
                ColumnSpec("数据单位", Kind.MARK),
                ColumnSpec("存疑", wrap=24),
            ),
        ),
        rows=(),
        fixed=3,
        banded=True,
    )


def _row(each: MeasuredValue, edition: Edition) -> tuple[Content, ...]:
    kind = each.measure.kind
    counted = kind is MeasureKind.COUNT_BELOW
    return (
        *(shown_department(each.department), each.project, each.measure.title),
        *(each.numerator, each.denominator),
        _rate(each) if kind.is_percentage else None,
        None if kind.is_percentage or counted else each.value,
        int(each.value) if counted and each.value is not None else None,
        _UNKNOWN if each.value is None else each.measure.unit,
        *(each.derivation, each.measure.basis, _source(each, edition)),
    )


def operand_unit(measure: Measure, scheme: Scheme) -> str:
    """The unit of what a measure is made of: 万元, 人; 分子/分母 where they differ, "" where nobody knows."""
    sides = (_unit((*measure.of, *measure.less), scheme), _unit((*measure.base, *measure.whole), scheme))
    return "/".join(dict.fromkeys(filter(None, sides)))


def _unit(places: Iterable[FormAddress], scheme: Scheme) -> str:
    forms = {form.id: form for form in scheme.forms}
    units = (place.address.unit(forms[place.form]) for place in places if place.form in forms)
    return next(filter(None, units), "")


def _settled_units(evaluation: Evaluation) -> Mapping[tuple[str, str], str]:
    """By file and sheet, in which unit its amounts were read where nobody printed it."""
    return {
        (each.file, each.sheet): say(
            "《{sheet}》{title}：{reason}", sheet=each.sheet, title=inference.title, reason=inference.reason
        )
        for each in evaluation.submissions
        for inference in each.inferences
        if inference.basis is Basis.UNIT
    }


def _reservations(
    each: MeasuredValue, edition: Edition, disputes: Disputes, units: Mapping[tuple[str, str], str]
) -> tuple[Content, Content]:
    """The unit of the figures, and what speaks against them: cells that findings dispute, inferred units."""
    doubts = [
        say(
            "《{sheet}》{a1} 见审核发现 {finding_id}", sheet=ref.sheet, a1=ref.a1, finding_id=found.finding_id
        )
        for ref, found in disputes.about(each.refs)
    ]
    shown = doubts[:_MOST_SHEETS]
    shown += [say("等 {count} 格", count=len(doubts))] if len(doubts) > len(shown) else []
    inferred = dict.fromkeys(units.get((ref.file, ref.sheet), "") for ref in each.refs)
    said = say("；").join(filter(None, (*shown, *inferred)))
    return operand_unit(each.measure, edition.round.scheme), Toned(said, Tone.DOUBT) if said else None


def _address(ref: CellRef) -> str:
    return f"{ref.file}#{ref.sheet}!{ref.a1}"


def _rate(each: MeasuredValue) -> Content:
    """Live where the row has what is divided."""
    if each.value is None:
        return None
    fraction = each.value / HUNDRED
    if each.numerator is None:
        return fraction
    return Formula(f"ROUND([分子]/[分母],{each.measure.places + 2})", fraction)


def _source(each: MeasuredValue, edition: Edition) -> Content:
    """The cells by sheet; the link leads to the first of them."""
    if not each.refs:
        return None
    cells: dict[str, list[str]] = {}
    for ref in each.refs:
        cells.setdefault(ref.sheet, []).append(ref.a1)
    places = [f"{sheet}!{'、'.join(found)}" for sheet, found in cells.items()]
    text = say("；").join(places[:_MOST_SHEETS]) + (
        say("；等 {count} 张表", count=len(places)) if len(places) > _MOST_SHEETS else ""
    )
    first = edition.source(each.refs[0].file, each.refs[0].sheet, each.refs[0].a1)
    return replace(first, text=text) if isinstance(first, Link) else text
