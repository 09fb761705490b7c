"""The sheets 关键指标 and 关键指标明细 and measures.csv: the scheme's measures, compared and derived."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, is_criterion, shown_department
from jixiao.consolidation.findings import Disputes
from jixiao.consolidation.totals import live_mean, mean
from jixiao.domain.amounts import HUNDRED, show, show_percent
from jixiao.domain.relations import MeasureKind
from jixiao.domain.report import ColumnSpec, Formula, Kind, Link, SheetSpec, Tone, Toned
from jixiao.domain.submissions import Basis
from jixiao.language import SHEET, say, spoken
from jixiao.schemas.tidy import Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

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


class KeyFigure(NamedTuple):
    """What a measure gives for a department as a whole: percent points, 万元 or a number; None: not known."""

    measure: str
    title: str
    kind: MeasureKind
    value: Decimal | None
    disputed: bool

    @property
    def shown(self) -> Decimal | None:
        """A percentage as a fraction."""
        return self.value / HUNDRED if self.value is not None and self.kind.is_percentage else self.value

    @property
    def column(self) -> str:
        """The column of 关键指标明细 that holds it."""
        return "比率" if self.kind.is_percentage else "个数" if self.is_count else "金额"

    @property
    def is_count(self) -> bool:
        """Whether it counts something."""
        return self.kind is MeasureKind.COUNT_BELOW


def key_figures(evaluation: Evaluation) -> tuple[KeyFigure, ...]:
    """Those of the one department of an evaluation; measures of single projects are not among them."""
    disputes = Disputes(evaluation.findings)
    return tuple(
        KeyFigure(
            *(each.measure.id, each.measure.title, each.measure.kind, each.value),
            any(True for _ in disputes.about(each.refs)),
        )
        for each in evaluation.measures
        if not each.project
    )


Compared = Sequence[tuple[str, Sequence[KeyFigure]]]
"""Departments with their figures."""


def key_figure_sheet(departments: Compared, edition: Edition) -> Iterator[SheetSpec]:
    """关键指标: departments side by side, a column a measure; how each came about is on 关键指标明细."""
    measures = {each.title: each for _, own in departments for each in own}
    if not measures:
        return
    columns = [
        ColumnSpec(each.title, Kind.RATE if each.kind.is_percentage else _NUMBERS[each.is_count])
        for each in measures.values()
    ]
    yield SheetSpec(
        name="关键指标",
        about=say("一行一个部门：控制率、节约率、占比、执行率等关键指标并列比较，不计分"),
        title=edition.title(spoken("关键指标", SHEET)),
        note=edition.note(
            say(
                "各部门并列，只列示，不计分；“不掌握”的缺数，带“疑”的依据的数有疑问；"
                "末行为各部门简单平均，不含这两种。计算过程见“关键指标明细”。"
            ),
            unit=say("万元、个"),
        ),
        columns=(ColumnSpec("部门", wrap=24), *columns),
        rows=tuple(_compared(name, own, list(measures)) for name, own in departments if own),
        totals=((say("各部门简单平均"), *_averages(departments, list(measures))),),
        banded=True,
    )


_NUMBERS = {True: Kind.COUNT, False: Kind.AMOUNT}


def _compared(name: str, own: Sequence[KeyFigure], titles: Sequence[str]) -> tuple[Content, ...]:
    found = {each.title: each for each in own}
    live = bool(name) and is_criterion(name)
    return (shown_department(name), *(_figure(found.get(title), live=live) for title in titles))


def _figure(figure: KeyFigure | None, *, live: bool) -> Content:
    """The figure, live; one in doubt as a word, which no average counts."""
    if figure is None:
        return None
    if figure.shown is None:
        return _UNKNOWN
    if figure.disputed:
        percentage = figure.kind.is_percentage
        shown = show_percent(figure.shown) if percentage else show(figure.shown, 0 if figure.is_count else 2)
        return Toned(say("疑 {figure}", figure=shown), Tone.DOUBT)
    if not live or not is_criterion(figure.title) or _UNREFERABLE.search(figure.title):
        return figure.shown
    whose = '[关键指标明细!部门:],[部门],[关键指标明细!项目:],"="'
    which = f'[关键指标明细!指标:],"{figure.title}"'
    return Formula(f"AVERAGEIFS([关键指标明细!{figure.column}:],{whose},{which})", figure.shown)


_UNREFERABLE = re.compile(r'[\[\]"!@:]')
"""What no reference to a column may hold."""


def _averages(departments: Compared, titles: Sequence[str]) -> Iterator[Content]:
    known: dict[str, list[Decimal | None]] = defaultdict(list)
    for _, own in departments:
        for figure in own:
            known[figure.title].append(None if figure.disputed else figure.shown)
    for title in titles:
        yield mean(known[title]) if _UNREFERABLE.search(title) else live_mean(title, known[title])


def measure_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="关键指标明细",
        about=say("一行一个指标：控制率、节约率、占比、执行率等，由各表的数计算，不计分"),
        title=edition.title(spoken("关键指标明细", SHEET)),
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
    known = ((place.address, scheme.find_form(place.form)) for place in places)
    return next(filter(None, (address.unit(form) for address, form in known if form)), "")


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
    places = [f"{sheet}!{say('、').join(found)}" for sheet, found in cells.items()]
    text = say("；").join(places[:_MOST_SHEETS]) + (
        say("；等 {count} 张表", count=len(places)) if len(places) > _MOST_SHEETS else ""
    )
    first = edition.source(each.refs[0].file, each.refs[0].sheet, each.refs[0].a1)
    return replace(first, text=text) if isinstance(first, Link) else text
