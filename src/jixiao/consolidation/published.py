"""What is published（公开）: the columns that may be, the one list of them; and the workbook 绩效自评公开.

Whatever is public is chosen by name here and nowhere else: a column that is new elsewhere stays inside. Texts
that departments wrote are published in two places alone, as names of departments and of projects, and without
what in them is a person's: telephone numbers, addresses for mail, numbers of identity cards, and whoever
stands behind a word like 联系人.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.consolidation.charts import column_of, money_of
from jixiao.consolidation.departments import RANKING
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.measures import live_mean, pooled_rate, quotient, rate, rate_column, subtotal, sum_known
from jixiao.consolidation.projects import project_sheet
from jixiao.consolidation.rules import describe_scoring, rule_sheet
from jixiao.consolidation.uses import (
    PROVISIONAL,
    SETTLED,
    UNSCORED,
    is_proposed,
    marked,
    marked_state,
    settled_state,
    tallied,
)
from jixiao.consolidation.words import LEVELS, STATUSES, UNKNOWN_DEPARTMENT
from jixiao.domain.report import ColumnSpec, Formula, Kind, Link, SheetSpec, Toned
from jixiao.domain.submissions import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.summary import Gathered
    from jixiao.consolidation.uses import Decision
    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme

LISTED = ("名次", "部门", "采用得分", "等级", "全年预算数", "全年执行数", "执行率")
"""Of 部门汇总, in the list of departments."""
DETAILS = ("名次", "采用得分", "等级", "全年预算数", "全年执行数", "执行率", "项目数")
"""Of 部门汇总, for one department."""
PROJECTS = ("项目", "采用得分", "等级", "全年预算数", "全年执行数", "执行率")
"""Of 项目汇总."""
ITEMS = ("项目", "资金", "占比", "得分", "加权得分")
"""Of 综合得分."""
STATE = "结果"
"""Whether a score stands: 已审核, 暂定, 未定."""
READING = (
    f"“{PROVISIONAL}”的得分在部门报送材料补正后可能调整，“{UNSCORED}”的尚无得分。"
)
_SOURCES = "来源：各部门报送的自评表"
_NEVER_PUBLIC = "（略）"
_PERSONAL = re.compile(
    r"[（(]?\s*(?:联\s*系\s*人|负\s*责\s*人|填\s*报\s*人|填\s*表\s*人|经\s*办\s*人?|审\s*核\s*人|联\s*系\s*方\s*式"
    r"|联\s*系\s*电\s*话|电\s*话|手\s*机|座\s*机|传\s*真|邮\s*箱|身\s*份\s*证\s*号?码?)\s*[:：].*"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\d)\d{17}[\dXx](?!\d)"
    r"|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"
    r"|(?<!\d)[（(]?0\d{2,3}[)）]?[- —－]?\d{7,8}(?:[- 转]\d{1,5})?(?!\d)",
    re.DOTALL,
)


def published_text(text: str) -> str:
    """A name as it may be published."""
    return _PERSONAL.sub(_NEVER_PUBLIC, text)


def selected(sheet: SheetSpec, titles: Sequence[str]) -> SheetSpec:
    """A sheet with these columns alone, in this order; those that it does not have are left out."""
    places = {column.title: place for place, column in enumerate(sheet.columns)}
    kept = [places[title] for title in titles if title in places]
    return replace(
        sheet,
        columns=tuple(sheet.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in sheet.rows),
        totals=(),
    )


def published(sheet: SheetSpec, titles: Sequence[str]) -> SheetSpec:
    """The same for the public: its texts as they may be published, and nothing that leads anywhere."""
    chosen = selected(sheet, titles)
    return replace(chosen, rows=tuple(tuple(map(_published, row)) for row in chosen.rows))


def _published(content: Content) -> Content:
    if isinstance(content, Link):
        return published_text(content.text)
    return published_text(content) if isinstance(content, str) else content


def named(sheet: SheetSpec) -> SheetSpec:
    """部门汇总 without forms that name no department: nothing is published of them."""
    names = column_of(sheet, "部门")
    rows = zip(sheet.rows, names, strict=True)
    return replace(sheet, rows=tuple(row for row, name in rows if name != UNKNOWN_DEPARTMENT))


def public_states(sheet: SheetSpec) -> tuple[Toned, ...]:
    """Whether each department's result stands; what it has still to mend is between it and us."""
    accepted = STATUSES[Status.ACCEPTED]
    pairs = zip(column_of(sheet, "状态"), column_of(sheet, "采用得分"), strict=True)
    return tuple(_state(score, settled=state == accepted) for state, score in pairs)


def _state(score: Content, *, settled: bool) -> Toned:
    if score is None:
        return marked_state(UNSCORED)
    return marked_state(SETTLED if settled else PROVISIONAL)


def with_state(sheet: SheetSpec, states: Sequence[Content]) -> SheetSpec:
    """A sheet with the state of each row as its last column."""
    rows = tuple((*row, state) for row, state in zip(sheet.rows, states, strict=True))
    return replace(sheet, columns=(*sheet.columns, ColumnSpec(STATE, Kind.MARK)), rows=rows)


def grade_sheet(sheet: SheetSpec, scheme: Scheme) -> SheetSpec:
    """Of each grade what the scheme rules, and whom and how much money it concerns."""
    ruled = any(cut.use for cut in scheme.grades)
    rows: list[tuple[Content, ...]] = []
    for grade in by_grade(zip(column_of(sheet, "部门"), column_of(sheet, "等级"), money_of(sheet), strict=True), scheme):
        rule = [grade.rule or "方案未规定"] if ruled else []
        rows.append((grade.grade, *rule, len(grade.names), grade.budget, grade.executed))
    return SheetSpec(
        name="结果应用",
        title="结果应用",
        note=f"《{scheme.title}》{_RULED if ruled else _NOT_RULED}",
        columns=(
            ColumnSpec("等级", Kind.MARK),
            *([ColumnSpec("应用规定")] if ruled else []),
            *(ColumnSpec("部门数", Kind.COUNT), ColumnSpec("全年预算数", Kind.AMOUNT)),
            ColumnSpec("全年执行数", Kind.AMOUNT),
        ),
        rows=tuple(rows),
    )
