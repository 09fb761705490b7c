"""The sheet 整改情况: findings of earlier submissions that are gone, and how."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.words import FATES, form_titles
from jixiao.domain.followups import Fate
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec, Tone, Toned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.followups import Traced
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
        about="一行一个已消除的问题：上次填的什么、应为什么、现在是什么",
        title=edition.title("整改情况"),
        note=edition.note(
            "各部门最近一次报送所消除的问题，以前各次的见 jixiao history；仍未改正的见“审核发现”。"
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
