"""The sheets 整改情况 (findings of earlier submissions that are gone, and how) and 去年对比."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.words import FATES, form_titles
from jixiao.domain.followups import Fate
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec, Tone, Toned
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.followups import Traced, YearRow
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Evaluation

_TONES = {Fate.MENDED_AS_ASKED: Tone.GOOD, Fate.MENDED: Tone.GOOD, Fate.DROPPED: Tone.NOTE}


def mended_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """One finding a row, department by department; nothing where none is gone."""
    titles = form_titles(edition.round.scheme)
    rows = [_row(name, each, titles) for name, gone in evaluation.followup.closed.items() for each in gone]
    if rows:
        yield replace(mended_head(edition), rows=tuple(rows))


def mended_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="整改情况",
        about=say("一行一个已消除的问题：上次填的什么、应为什么、现在是什么"),
        title=edition.title(say("整改情况")),
        note=edition.note(
            say("各部门最近一次报送所消除的问题，以前各次的见 jixiao history；仍未改正的见“审核发现”。")
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("表", wrap=16)),
            *(
                ColumnSpec("指标/栏目", wrap=24),
                ColumnSpec("上次填报值", wrap=20),
                ColumnSpec("应为", wrap=20),
            ),
            *(ColumnSpec("现填报值", wrap=20), ColumnSpec("结果", Kind.MARK), ColumnSpec("问题", wrap=48)),
            *(ColumnSpec("提出日期", Kind.MARK), ColumnSpec("说明", wrap=24), ColumnSpec("编号")),
        ),
        rows=(),
        banded=True,
    )


def _row(department: str, gone: Traced, titles: Mapping[str, str]) -> tuple[Content, ...]:
    return (
        *(shown_department(department), gone.project, titles.get(gone.form, gone.form), gone.label),
        *(gone.reported, gone.expected, gone.now or None),
        Toned(FATES[gone.fate], _TONES[gone.fate]),
        *(gone.statement, gone.since[:10], gone.note or None, gone.finding_id),
    )


def last_year_sheet(evaluation: Evaluation, edition: Edition) -> Iterator[SheetSpec]:
    """What departments were the year before; nothing where last year's round is not there."""
    rows = [_year_row(name, each) for name, found in evaluation.followup.years.items() for each in found]
    if rows:
        yield replace(last_year_head(edition), rows=tuple(rows))


def last_year_head(edition: Edition) -> SheetSpec:
    """The sheet without its rows."""
    return SheetSpec(
        name="去年对比",
        about=say("一行一项：得分、预算执行与上年相比，取消或放宽的指标"),
        title=edition.title(say("去年对比")),
        note=edition.note(
            say(
                "上年数取自台账中上年批次的最后一次结果；部门按名称（含名册中的曾用名）对应，"
                "名称只是相近的另有提示；项目、指标名称相同的才比较。只供参考。"
            )
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("指标/内容", wrap=30)),
            *(
                ColumnSpec("上年", Kind.AMOUNT),
                ColumnSpec("本年", Kind.AMOUNT),
                ColumnSpec("变动", Kind.AMOUNT),
            ),
            *(ColumnSpec("上年率", Kind.RATE), ColumnSpec("本年率", Kind.RATE)),
            *(ColumnSpec("上年目标", wrap=20), ColumnSpec("本年目标", wrap=20), ColumnSpec("说明", wrap=24)),
        ),
        rows=(),
        fixed=2,
        banded=True,
    )


def _year_row(department: str, row: YearRow) -> tuple[Content, ...]:
    """Amounts and scores, rates, or words: each in columns of its own kind."""
    figures, rates, words = (row.before, row.now, row.change), (row.before, row.now), (row.before, row.now)
    return (
        *(shown_department(department), row.project or None, row.label),
        *(_number(each) if row.figure and not row.rate else None for each in figures),
        *(_number(each) if row.rate else None for each in rates),
        *(None if row.figure else each or None for each in words),
        row.note or None,
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
