"""The feedback workbook of a department: what to change, how its scores came about, the rules used."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.findings import remark
from jixiao.consolidation.rules import GRADES, OVERSHOOT, describe_scheme, rule_sheet
from jixiao.consolidation.totals import funds, mean, quotient, reported_total, sum_known
from jixiao.consolidation.words import EXECUTION, SEVERITIES, VERDICTS, component_title, form_titles
from jixiao.domain.amounts import HUNDRED, plain, round_half_up, show
from jixiao.domain.findings import Severity
from jixiao.domain.own_sheets import ANSWER, NUMBER
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec, Tone, Toned
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.rules import RuleRow
    from jixiao.domain.report import Content, Link
    from jixiao.domain.scores import Composite, ScoreCard


ACCEPTED = say("已认可")
"""In place of how bad it is: a finding that was waived, or whose explanation was accepted."""
_ROOM_TO_ANSWER = 24
_READING = say("核算得分空白的由人工判断，采用得分沿用自评得分。")


class Sources(Protocol):
    """How places are told on a sheet: as links or as words."""

    def source(self, file: str, sheet: str = "", cell: str = "") -> Link | str:
        """Where a figure comes from."""


def feedback_sheets(dossier: Dossier, edition: Edition) -> tuple[SheetSpec, ...]:
    """审核意见, 得分核算 and the rules that were used; where nothing was sent, what is owed and no more."""
    if not dossier.submissions:
        return (opinion_sheet(dossier, edition, edition),)
    sheets = (
        opinion_sheet(dossier, edition, edition),
        derivation_sheet(dossier, edition),
        rule_sheet(edition, _used_rules(dossier, edition)),
    )
    return tuple(replace(sheet, addressee=dossier.department) for sheet in sheets)


def opinion_sheet(dossier: Dossier, edition: Edition, sources: Sources) -> SheetSpec:
    """审核意见: the verdict in one line, then what to change, worst first, and room for the answers."""
    rows = tuple(
        (
            *(number, Toned(ACCEPTED, Tone.NOTE) if finding.excused else SEVERITIES[finding.severity]),
            sources.source(finding.file, finding.sheet, finding.cell) if finding.file else None,
            *(finding.label, finding.reported, finding.expected, remark(finding), finding.suggestion),
            *(finding.finding_id, finding.answer or None),
        )
        for number, finding in enumerate(dossier.findings, start=1)
    )
    return SheetSpec(
        name="审核意见",
        title=say(
            "{department}　{year}年度预算绩效自评审核意见",
            department=shown_department(dossier.department),
            year=edition.round.year,
        ),
        note=verdict(dossier),
        tone=Tone.BAD if dossier.returned or dossier.missing else Tone.GOOD,
        columns=(
            *(ColumnSpec("序号", Kind.COUNT), ColumnSpec("级别", Kind.MARK), ColumnSpec("位置", wrap=60)),
            *(ColumnSpec("指标/栏目", wrap=30), ColumnSpec("填报值", wrap=20), ColumnSpec("应为", wrap=20)),
            *(ColumnSpec("问题", wrap=48), ColumnSpec("处理建议")),
            *(ColumnSpec(NUMBER, muted=True), ColumnSpec(ANSWER, wrap=30, least=_ROOM_TO_ANSWER)),
        ),
        rows=rows,
        fixed=3,
        empty=say("各表未发现需要修改或核实的问题，感谢配合。"),
        filtered=bool(rows),
        addressee=dossier.department,
    )


def verdict(
    dossier: Dossier, how: str = say("请按下表在原表上改正后重新报送"), *, listed: bool = True
) -> str:
    """未报送, 请修改后重报, 未报齐 or 通过, with how much there is to do, and how to mend it.

    `listed`: a table with all of it follows.
    """
    if not dossier.submissions:
        where = say("下表所列") if listed else say("以下要求")
        return say("报送情况：未报送。尚未收到贵单位的报送表，请按{where}尽快补报。", where=where)
    if dossier.unevaluated:
        return say("审核结论：尚未审核。程序未能审核贵单位的报送表，不是填报差错，不需要修改，请等候通知。")
    verify, missing = dossier.count(Severity.WARNING), dossier.missing
    if dossier.returned:
        tasks = say("须修改 {mend} 处", mend=dossier.mend) + (
            say("，另有 {verify} 处请一并核实", verify=verify) if verify else ""
        )
        lacking = say("另缺 {missing} 张报送表，请一并补报。", missing=missing) if missing else ""
        return say("审核结论：请修改后重报。{tasks}；{how}。{lacking}", tasks=tasks, how=how, lacking=lacking)
    if missing:
        where = say("下表") if listed else say("以下要求")
        return say("审核结论：未报齐，缺 {missing} 张报送表，请按{where}补报。", missing=missing, where=where)
    if verify:
        return say("审核结论：通过。另有 {verify} 处请核实，如确有差错请更正后重新报送。", verify=verify)
    told = say("下表各条仅供了解，不需要修改。感谢配合。") if dossier.findings and listed else ""
    return say("审核结论：通过。{told}", told=told)


def derivation_sheet(dossier: Dossier, edition: Edition) -> SheetSpec:
    """得分核算: each score with its derivation, form by form, then the composite."""
    rows: list[tuple[Content, ...]] = []
    totals: set[int] = set()
    titles = form_titles(edition.round.scheme)
    for card in dossier.cards:
        submission = card.submission
        if not submission.scope.is_scored:
            continue
        name = submission.project or titles.get(submission.form, submission.form)
        rows += _card_rows(card, name)
        totals.add(len(rows) - 1)
    if dossier.composite:
        rows += _composite_rows(dossier.composite)
        totals.add(len(rows) - 1)
    return SheetSpec(
        name="得分核算",
        title=say(
            "{department}　{year}年度得分核算",
            department=shown_department(dossier.department),
            year=edition.round.year,
        ),
        note=say(
            "单位：分　{stamp}{reading}{dossier}",
            stamp=edition.stamp,
            reading=_READING,
            dossier=_rates(dossier),
        ),
        columns=(
            *(ColumnSpec("表/项目"), ColumnSpec("指标"), ColumnSpec("年度指标值"), ColumnSpec("实际完成值")),
            *(ColumnSpec("分值", Kind.SCORE), ColumnSpec("自评得分", Kind.SCORE)),
            *(ColumnSpec("核算得分", Kind.SCORE), ColumnSpec("采用得分", Kind.SCORE)),
            *(ColumnSpec("结论", Kind.MARK), ColumnSpec("核算过程")),
        ),
        rows=tuple(rows),
        strong=frozenset(totals),
        fixed=2,
        empty=say("没有可核算的报送表。"),
    )


def _rates(dossier: Dossier) -> str:
    """Both ways to speak of the projects' execution, called what they are; nothing for fewer than two."""
    money = [funds(card) for card in dossier.projects]
    budget, executed = sum_known(first for first, _ in money), sum_known(second for _, second in money)
    pooled = quotient(executed, budget)
    average = mean([quotient(second, first) for first, second in money])
    if len(money) <= 1 or pooled is None or average is None:
        return ""
    pooled, average = (round_half_up(value * HUNDRED, 2) for value in (pooled, average))
    return say(
        "项目执行率：按资金合计 {pooled}%，各项目简单平均 {average}%。",
        pooled=show(pooled),
        average=show(average),
    )


def _card_rows(card: ScoreCard, name: str) -> Iterator[tuple[Content, ...]]:
    if card.execution:
        line, award = card.execution.line, card.execution.award
        weight, score = line.value("weight"), line.value("self_score")
        scores = (weight, score, award.score, award.accepted(score))
        yield name, EXECUTION, None, None, *scores, None, award.derivation
    for scored, weight in chain.from_iterable(stake.rows for stake in card.all_stakes):
        indicator, award = scored.indicator, scored.award
        score = indicator.self_score
        yield (
            *(name, indicator.name, indicator.target.text, indicator.actual.text),
            *(weight, score, award.score, award.accepted(score)),
            *(VERDICTS[scored.comparison.verdict], award.derivation),
        )
    total = card.total
    verified = (
        ""
        if total.verified_share is None
        else say("可核实比例 {verified_share}%", verified_share=plain(total.verified_share))
    )
    yield (
        *(name, component_title(total.component), None, None),
        *(total.weight, reported_total(card), total.computed_score, total.accepted_score),
        *(card.computed_grade, verified),
    )


def _composite_rows(composite: Composite) -> Iterator[tuple[Content, ...]]:
    *items, whole = composite.items
    for item in items:
        derivation = say(
            "占比 {share_percent}%（{funds} ÷ {funds2}）",
            share_percent=show(item.share_percent),
            funds=show(item.funds),
            funds2=show(whole.funds),
        )
        if item.score is not None:
            derivation += say("，该表得分 {score}", score=show(item.score))
        derivation += say("；{note}", note=item.note) if item.note else ""
        yield (
            say("综合得分"),
            item.item,
            None,
            None,
            None,
            None,
            *(item.weighted_score,) * 2,
            None,
            derivation,
        )
    score = composite.score
    yield say("综合得分"), say("合计"), None, None, None, None, score, score, composite.grade, whole.note


def _used_rules(dossier: Dossier, edition: Edition) -> list[RuleRow]:
    """The rules by which this department was scored; grades and over-fulfilment apply to every form."""
    scheme = edition.round.scheme
    used = {scored.award.rule for card in dossier.cards for scored in card.indicators}
    used |= {card.execution.award.rule for card in dossier.cards if card.execution}
    used |= {scheme.composite.id} if scheme.composite and dossier.composite else set()
    used |= {GRADES, OVERSHOOT} if dossier.cards else set()
    used |= {f"weights.{card.submission.scope.value}" for card in dossier.cards}
    return [rule for rule in describe_scheme(scheme) if rule.id in used]
