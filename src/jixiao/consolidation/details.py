"""The sheets 预算执行 and 指标明细: every budget line and every indicator with where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.measures import balance, quotient, rate, rate_column
from jixiao.consolidation.words import VERDICTS
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec
from jixiao.domain.scores import Stake
from jixiao.domain.submissions import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import IndicatorScore
    from jixiao.domain.submissions import Line, Submission

_MONEY = ("执行", "全年预算")
_AMOUNTS = ("initial_budget", "carryover", "adjustment", "annual_budget", "executed", "balance")


def budget_sheet(dossiers: Sequence[Dossier], edition: Edition) -> SheetSpec:
    """预算执行: one budget line a row; lines without any figure are left out."""
    budgets = budget_tables(edition.round.scheme)
    columns = (
        *(ColumnSpec("部门"), ColumnSpec("项目"), ColumnSpec("资金行")),
        *(ColumnSpec("年初", Kind.AMOUNT), ColumnSpec("结转", Kind.AMOUNT), ColumnSpec("调整", Kind.AMOUNT)),
        *(
            ColumnSpec("全年预算", Kind.AMOUNT),
            ColumnSpec("执行", Kind.AMOUNT),
            ColumnSpec("结余", Kind.AMOUNT),
        ),
        *(rate_column("执行率", edition.round.scheme), ColumnSpec("差异率", Kind.RATE)),
    )
    return SheetSpec(
        name="预算执行",
        about="一行一个资金行：预算、执行、结余和执行率",
        title=edition.title("预算执行"),
        note=edition.note(
            "一行一个资金行，“其中”行已含在总额内，不再合计；差异率＝结余÷全年预算；执行率过低的标“低”。"
        ),
        columns=columns,
        rows=tuple(row for dossier in dossiers for row in _budget_rows(dossier, budgets)),
        fixed=2,
        empty="本批次没有资金数据。",
        banded=True,
    )


def budget_tables(scheme: Scheme) -> dict[str, frozenset[str]]:
    """The names of the budget tables of every form, by form id."""
    return {form.id: frozenset(table.name for table in form.tables if table.budget) for form in scheme.forms}


def _budget_rows(dossier: Dossier, budgets: Mapping[str, frozenset[str]]) -> Iterator[tuple[Content, ...]]:
    for submission in dossier.submissions:
        if dossier.statuses[submission.submission_id] is Status.SUPERSEDED:
            continue
        for line in submission.lines:
            if line.table in budgets[submission.form]:
                yield from _budget_row(submission, line)


def _budget_row(submission: Submission, line: Line) -> Iterator[tuple[Content, ...]]:
    initial, carryover, adjustment, annual, executed, left = (line.value(name) for name in _AMOUNTS)
    if all(amount is None for amount in (initial, carryover, adjustment, annual, executed, left)):
        return
    yield (
        *(shown_department(submission.department), submission.project, line.label),
        *(initial, carryover, adjustment, annual, executed),
        balance(executed, annual, _MONEY) if left is None else left,
        rate(executed, annual, _MONEY),
        _gap(executed, annual),
    )


def _gap(executed: Decimal | None, annual: Decimal | None) -> Content:
    """What was not spent of the annual budget, as a fraction of it."""
    spent = quotient(executed, annual)
    if spent is None:
        return None
    return Formula('IF([全年预算]>0,([全年预算]-[执行])/[全年预算],"")', 1 - spent)


def indicator_sheet(dossiers: Sequence[Dossier], edition: Edition) -> SheetSpec:
    """指标明细: one indicator a row, with how its score came about."""
    columns = (
        *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("一级", wrap=12)),
        *(ColumnSpec("二级", wrap=14), ColumnSpec("三级指标", wrap=26)),
        *(ColumnSpec("年度指标值", wrap=18), ColumnSpec("实际完成值", wrap=18)),
        *(ColumnSpec(title, Kind.SCORE) for title in ("分值", "自评得分", "核算得分")),
        *(ColumnSpec("结论", Kind.MARK), ColumnSpec("核算过程"), ColumnSpec("偏差原因", wrap=30)),
        ColumnSpec("来源", wrap=60),
    )
    return SheetSpec(
        name="指标明细",
        about="一行一个绩效指标：目标、实际、得分和核算过程",
        title=edition.title("指标明细"),
        note=edition.note("核算得分空白的，按规则只能给出区间或须由人工判断，见“核算过程”。", unit="分"),
        columns=columns,
        rows=tuple(
            _indicator_row(card.submission, scored, weight, edition)
            for dossier in dossiers
            for card in dossier.cards
            for stake in Stake.of(card.indicators)
            for scored, weight in stake.rows
        ),
        fixed=2,
        empty="本批次没有绩效指标。",
        banded=True,
    )


def _indicator_row(
    submission: Submission, scored: IndicatorScore, weight: Decimal | None, edition: Edition
) -> tuple[Content, ...]:
    indicator, ref = scored.indicator, scored.indicator.ref
    return (
        *(shown_department(submission.department), submission.project),
        *(indicator.level1, indicator.level2, indicator.level3, indicator.target.text, indicator.actual.text),
        *(weight, indicator.self_score, scored.award.score, VERDICTS[scored.comparison.verdict]),
        *(scored.award.derivation, indicator.reason, edition.source(ref.file, ref.sheet, ref.a1)),
    )
