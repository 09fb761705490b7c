"""The sheet 项目汇总: one project a row, with the pooled rate and the mean of the rates below."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.consolidation.findings import FindingCounts
from jixiao.consolidation.totals import (
    balance,
    base_content,
    computed_total,
    funds,
    live_mean,
    pooled_rate,
    quotient,
    rate,
    rate_column,
    sound_total,
    subtotal,
    sum_known,
    total_contents,
    total_remark,
)
from jixiao.domain.findings import Severity
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme


def project_sheet(dossiers: Sequence[Dossier], edition: Edition) -> SheetSpec:
    """The sheet; departments in the order given, projects in the round's."""
    columns = (
        *(ColumnSpec("部门"), ColumnSpec("项目")),
        *(ColumnSpec("自评得分", Kind.SCORE), ColumnSpec("核算得分", Kind.SCORE)),
        *(ColumnSpec("采用得分", Kind.SCORE), ColumnSpec("等级", Kind.MARK)),
        *(ColumnSpec("全年预算数", Kind.AMOUNT), ColumnSpec("全年执行数", Kind.AMOUNT)),
        rate_column("执行率", edition.round.scheme),
        *(
            ColumnSpec("结余", Kind.AMOUNT),
            ColumnSpec("发现数", Kind.COUNT),
            SOURCES,
        ),
        *(ColumnSpec("满分", Kind.SCORE), ColumnSpec("说明", wrap=36)),
    )
    figures = [each for dossier in dossiers for each in project_figures(dossier, edition.round.scheme)]
    return SheetSpec(
        name="项目汇总",
        about=say("一行一个项目：得分、预算执行、结余和发现数"),
        title=edition.title(say("项目汇总")),
        note=edition.note(
            say(
                "一行一个项目；自评得分只列表上印有的总分；末两行的执行率分别按资金合计（预算数、执行数齐全的项目）和各项目简单平均计算。"
            )
        ),
        columns=columns,
        rows=tuple(row for dossier in dossiers for row in _rows(dossier, edition)),
        totals=project_totals(figures),
        fixed=2,
        empty=say("本批次没有项目支出绩效自评表。"),
        banded=True,
    )


def _rows(dossier: Dossier, edition: Edition) -> Iterator[tuple[Content, ...]]:
    counts = FindingCounts(dossier.findings)
    for card in dossier.projects:
        submission = card.submission
        budget, executed = funds(card)
        accepted = card.total.accepted_score
        yield (
            *(shown_department(dossier.department), submission.project),
            *(*total_contents(card, edition.round.scheme), accepted),
            None if accepted is None else edition.round.scheme.grade_of(accepted),
            *(budget, executed, rate(executed, budget), balance(executed, budget)),
            sum(counts.on_form(submission, severity) for severity in Severity),
            edition.source(submission.file, submission.sheet),
            *(base_content(card, edition.round.scheme), total_remark(card, edition.round.scheme)),
        )


class ProjectFigures(NamedTuple):
    """What a project gives to the whole round: amounts in 万元, scores where they may go into an average.

    `wrong` counts what has to be mended on its form.
    """

    name: str
    wrong: int
    budget: Decimal | None
    executed: Decimal | None
    self_score: Decimal | None
    computed_score: Decimal | None
    accepted_score: Decimal | None


def project_figures(dossier: Dossier, scheme: Scheme) -> tuple[ProjectFigures, ...]:
    """Those of a department's projects."""
    counts = FindingCounts(dossier.findings)
    return tuple(
        ProjectFigures(
            card.submission.project,
            sum(counts.on_form(card.submission, each) for each in (Severity.BLOCKING, Severity.ERROR)),
            *funds(card),
            sound_total(card, scheme),
            computed_total(card, scheme),
            card.total.accepted_score,
        )
        for card in dossier.projects
    )


def project_totals(figures: Sequence[ProjectFigures]) -> tuple[tuple[Content, ...], ...]:
    """The closing rows over the projects of all departments; none without a project."""
    if not figures:
        return ()
    money = [(each.budget, each.executed) for each in figures]
    budget, executed = sum_known(first for first, _ in money), sum_known(second for _, second in money)
    left = sum_known(None if first is None or second is None else first - second for first, second in money)
    return (
        (
            *(say("合计"), say("执行率＝执行合计÷预算合计"), None, None, None, None),
            *(subtotal("全年预算数", budget), subtotal("全年执行数", executed), pooled_rate(money)),
            *(subtotal("结余", left), None, None, None, None),
        ),
        (
            *(say("平均"), say("执行率＝各项目执行率的简单平均")),
            live_mean("自评得分", [each.self_score for each in figures]),
            live_mean("核算得分", [each.computed_score for each in figures]),
            live_mean("采用得分", [each.accepted_score for each in figures]),
            *(None, None, None),
            live_mean("执行率", [quotient(second, first) for first, second in money]),
            *(None, None, None, None, None),
        ),
    )
