"""The parts of a department's report that are built from its forms and scores, one function each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jixiao.consolidation.ranking import rank_department
from jixiao.consolidation.scores import spread_carryover
from jixiao.consolidation.totals import funds, quotient
from jixiao.consolidation.words import EXECUTION, VERDICTS, component_title, form_titles
from jixiao.domain.amounts import HUNDRED, ZERO, plain, round_half_up, show, show_percent
from jixiao.domain.documents import Column, Paragraph, PartKind, Run, Table, doubt, gap
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.quantities import Verdict
from jixiao.domain.report import Kind, Toned
from jixiao.domain.spoken import one_line, spoken_name
from jixiao.domain.submissions import State
from jixiao.language import say
from jixiao.reports.figures import printed, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.ranking import RankedDepartment
    from jixiao.domain.cells import CellRef
    from jixiao.domain.documents import Block, Part
    from jixiao.domain.forms import ColumnLayout
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Award, ComponentScore, IndicatorScore, ScoreCard
    from jixiao.domain.submissions import Entry, Line, Submission
    from jixiao.reports.figures import Doubts

_KINDS = {
    ValueKind.AMOUNT: Kind.AMOUNT,
    ValueKind.SCORE: Kind.SCORE,
    ValueKind.PERCENT: Kind.RATE,
    ValueKind.NUMBER: Kind.COUNT,
}
WAN = say("万元")
POINTS = say("分")


@dataclass(frozen=True)
class Subject:
    """The department that a report is about, with the evaluation that holds it alone.

    What several of its parts ask for is worked out once.
    """

    dossier: Dossier
    evaluation: Evaluation

    @property
    def scheme(self) -> Scheme:
        """The scheme of the round."""
        return self.evaluation.round.scheme

    @cached_property
    def overall(self) -> ScoreCard | None:
        """The card for the whole department."""
        return self.dossier.overall

    @cached_property
    def ranked(self) -> RankedDepartment:
        """Its scores."""
        return rank_department(self.dossier, self.scheme)

    @cached_property
    def cards(self) -> tuple[ScoreCard, ...]:
        """The card for the whole department, if there is one, then those of its projects."""
        return (*((self.overall,) if self.overall else ()), *self.dossier.projects)

    @cached_property
    def losses(self) -> tuple[tuple[ScoreCard, LostPoints], ...]:
        """What was lost on each of its forms."""
        return tuple((card, loss) for card in self.cards for loss in losses_of(card))

    def name(self, card: ScoreCard) -> str:
        """What to call a form: the project's name, else its title."""
        form = card.submission
        return one_line(form.project) or form_titles(self.scheme).get(form.form, form.form)


def table_of(
    form: Submission, name: str, subject: Subject, part: Part
) -> tuple[Table, tuple[CellRef, ...]] | None:
    """A table of a form with the columns that have figures, and the cells of these; None without any."""
    layout = next(table for table in subject.scheme.form(form.form).tables if table.name == name)
    lines = [
        line for line in form.lines if line.table == name and (not part.items or line.item in part.items)
    ]
    columns = [
        column
        for column in layout.columns
        if column.kind is not ValueKind.TEXT and any(line.value(column.name) is not None for line in lines)
    ]
    if not columns:
        return None
    used = [entry for line in lines for column in columns if (entry := line.entries.get(column.name))]
    refs = tuple(entry.ref for entry in used)
    title = next((each.title for each in layout.columns if each.name == "item"), say("项目"))
    table = Table(
        caption=part.caption or layout.title,
        columns=(Column(title), *(Column(_head(column), _KINDS[column.kind]) for column in columns)),
        rows=tuple((spoken_name(line.label), *(_cell(line, column) for column in columns)) for line in lines),
        unit=WAN if any(column.kind is ValueKind.AMOUNT for column in columns) else "",
        strong=frozenset(
            number
            for number, line in enumerate(lines)
            if line.item == (layout.items[0].name if layout.kind is TableKind.LINES else "total")
        ),
        source=sources(refs),
    )
    return table, refs


def _head(column: ColumnLayout) -> str:
    unit = "" if column.kind is ValueKind.AMOUNT else column.figure_unit
    return say("{title}（{unit}）", title=column.title, unit=unit) if unit else column.title


def _cell(line: Line, column: ColumnLayout) -> str:
    return printed(line.entries.get(column.name), column.kind)


def _money_refs(card: ScoreCard) -> tuple[CellRef, ...]:
    """The cells of its annual budget and of what was executed."""
    return _execution_refs(card, "annual_budget", "executed")


def _execution_refs(card: ScoreCard, *names: str) -> tuple[CellRef, ...]:
    """The cells of its execution's line that are filled."""
    line = card.execution.line if card.execution else None
    return _filled(line.entries.get(name) for name in names) if line else ()


def _filled(entries: Iterable[Entry | None]) -> tuple[CellRef, ...]:
    """The cells of those that are neither blank nor a dash."""
    return tuple(entry.ref for entry in entries if entry and not entry.is_empty)


def projects(subject: Subject, part: Part, doubts: Doubts) -> Iterator[Block]:
    """One project with a form of its own a row: budget, executed, rate, balance; the whole below."""
    cards = [card for card in subject.dossier.projects if any(each is not None for each in funds(card))]
    if not cards:
        return
    money = [funds(card) for card in cards]
    rows = [(subject.name(card), *_money_cells(*pair)) for card, pair in zip(cards, money, strict=True)]
    complete = all(None not in pair for pair in money)
    if complete and len(cards) > 1:
        budget, executed = (sum((pair[at] or ZERO for pair in money), ZERO) for at in (0, 1))
        rows.append((say("合计"), *_money_cells(budget, executed)))
    refs = [ref for card in cards for ref in _money_refs(card)]
    yield Table(
        caption=part.caption,
        columns=(
            Column(say("项目名称")),
            *(Column(title, Kind.AMOUNT) for title in (say("全年预算数"), say("全年执行数"))),
            *(Column(say("执行率"), Kind.RATE), Column(say("结余"), Kind.AMOUNT)),
        ),
        rows=tuple(rows),
        unit=WAN,
        strong=frozenset({len(cards)}) if len(rows) > len(cards) else frozenset(),
        source=sources(refs),
    )
    yield from doubts.about(refs)


def _money_cells(budget: Decimal | None, executed: Decimal | None) -> tuple[str, str, str, str]:
    rate = quotient(executed, budget)
    left = None if budget is None or executed is None else budget - executed
    return shown(budget), shown(executed), show_percent(rate) if rate is not None else "", shown(left)


def shown(value: Decimal | None) -> str:
    """A figure, "" where it is not known."""
    return "" if value is None else show(value)


def weak(subject: Subject, _part: Part, doubts: Doubts) -> Iterator[Block]:
    """Forms executed below the scheme's threshold; nothing where it has none or nobody is below."""
    threshold = subject.scheme.execution.reason_below
    if threshold is None:
        return
    for card in subject.cards:
        budget, executed = funds(card)
        rate = quotient(executed, budget)
        if rate is None or rate * HUNDRED >= threshold or budget is None or executed is None:
            continue
        refs = _money_refs(card)
        said = say(
            "{card}：全年预算{budget}万元，全年执行{executed}万元，"
            "执行率{rate}，低于{threshold}%，结余{budget2}万元。",
            card=subject.name(card),
            budget=show(budget),
            executed=show(executed),
            rate=show_percent(rate),
            threshold=plain(threshold),
            budget2=show(budget - executed),
        )
        yield Paragraph((Run(said), *_why(_execution_reason(card))), sources(refs))
        yield from doubts.about(refs)


def _execution_reason(card: ScoreCard) -> str:
    entry = card.submission.fields.get("reason")
    own = card.execution.line.entries.get("reason") if card.execution else None
    found = next((each for each in (entry, own) if each and each.state is State.TEXT), None)
    return _sentence(found.text) if found else ""


def _why(reason: str) -> tuple[Run, ...]:
    return (Run(say("原因：{reason}", reason=reason)),) if reason else (gap(say("原因（报送表未填）")),)


def _sentence(text: str) -> str:
    """A department's own words as the end of a sentence."""
    words = one_line(text).strip()
    return words if not words or words.endswith(("。", "！", "？", "；")) else say("{words}。", words=words)


def missed(subject: Subject, _part: Part, _doubts: Doubts) -> Iterator[Block]:
    """Indicators that missed their targets, each with the department's own reason."""
    for card in subject.cards:
        for scored in card.indicators:
            if scored.comparison.verdict is not Verdict.MISSED:
                continue
            own = scored.indicator
            said = say(
                "{card}“{name}”：{scored}，未达成。",
                card=subject.name(card),
                name=one_line(own.name),
                scored=_against(scored),
            )
            yield Paragraph((Run(said), *_why(_sentence(own.reason))), sources(_row_refs(scored)))


def _against(scored: IndicatorScore) -> str:
    """What stands against what; of an indicator without a target, how its score came about."""
    own = scored.indicator
    if not own.target.text:
        return one_line(scored.award.derivation).rstrip("。")
    return say(
        "年度指标值{text}，实际完成值{text2}", text=one_line(own.target.text), text2=one_line(own.actual.text)
    )


def _row_refs(scored: IndicatorScore) -> tuple[CellRef, ...]:
    return _filled(map(scored.indicator.entries.get, ("target", "actual", "weight", "self_score")))


def indicators(subject: Subject, part: Part, doubts: Doubts) -> Iterator[Block]:
    """The indicators of the form for the whole department, with points and what became of them."""
    card = subject.overall
    if card is None or not card.indicators:
        return
    aimed = any(scored.indicator.target.text for scored in card.indicators)
    rows: list[tuple[str, ...]] = []
    refs: list[CellRef] = []
    for stake in card.stakes:
        for scored, weight in stake.rows:
            own = scored.indicator
            refs += _row_refs(scored)
            targets = (one_line(own.target.text), one_line(own.actual.text)) if aimed else ()
            verdict = VERDICTS[scored.comparison.verdict]
            rows.append(
                (
                    *(
                        say("／").join(filter(None, map(one_line, (own.level1, own.level2)))),
                        one_line(own.name),
                    ),
                    *targets,
                    *(shown(weight), shown(own.self_score)),
                    *((verdict.text if isinstance(verdict, Toned) else verdict,) if aimed else ()),
                )
            )
    yield Table(
        caption=part.caption,
        columns=(
            *(Column(title) for title in (say("一级／二级指标"), say("三级指标"))),
            *((Column(say("年度指标值"), Kind.MARK), Column(say("实际完成值"), Kind.MARK)) if aimed else ()),
            *(Column(say("分值"), Kind.SCORE), Column(say("自评得分"), Kind.SCORE)),
            *((Column(say("核对"), Kind.MARK),) if aimed else ()),
        ),
        rows=tuple(rows),
        unit=POINTS,
        source=sources(refs),
    )
    yield from doubts.about(refs)


def result(subject: Subject, _part: Part, doubts: Doubts) -> Iterator[Block]:
    """The department's score and grade; a gap where one of its forms has no score to go on with."""
    year = subject.evaluation.round.year
    ranked = subject.ranked
    score = ranked.accepted_score
    if score is None:
        yield Paragraph((gap(say("自评得分和等级（有报送表不能计分，改正后才能得出）")),))
        return
    how = say("各表得分按资金占比加权") if subject.dossier.composite else say("按自评表核算")
    if subject.overall is None:
        how = say("各项目得分按资金加权")
    said = say(
        "{year}年度绩效自评得分{score}分（{how}），评价等级为“{grade}”。",
        year=year,
        score=show(score),
        how=how,
        grade=ranked.grade,
    )
    refs = _composite_refs(subject) if subject.dossier.composite else _total_refs(subject)
    yield Paragraph((Run(said),), sources(refs))
    yield from _otherwise(subject, ranked.self_score, score)
    overall = subject.overall
    total = overall.submission.total.get("self_score") if overall else None
    yield from doubts.about([total.ref] if total else [])


def _total_refs(subject: Subject) -> tuple[CellRef, ...]:
    """The printed totals of the forms that the score is made of."""
    overall = subject.overall
    cards = (overall,) if overall else subject.dossier.projects
    return _filled(card.submission.total.get("self_score") for card in cards)


def _otherwise(subject: Subject, printed_score: Decimal | None, score: Decimal) -> Iterator[Block]:
    """What the department printed itself, where that is another score."""
    if printed_score is not None and printed_score != score:
        where = say("综合评分表") if subject.dossier.composite else say("自评表")
        said = say(
            "{where}所填得分为 {printed_score} 分，与按规则核算的 {score} 分不一致",
            where=where,
            printed_score=show(printed_score),
            score=show(score),
        )
        yield Paragraph((doubt(said),))


def composite(subject: Subject, part: Part, _doubts: Doubts) -> Iterator[Block]:
    """The composite item by item, carry-over spread over the projects that it is made of."""
    rule, found = subject.scheme.composite, subject.dossier.composite
    if rule is None or found is None:
        return
    unfiled = subject.evaluation.unfiled.get(subject.dossier.department, ())
    *items, whole = spread_carryover(found, unfiled, rule).items
    rows = [
        (
            *(one_line(item.item), show(item.funds), shown(item.score) or "—"),
            *(f"{show(item.share_percent)}%", shown(item.weighted_score) or "—", one_line(item.note)),
        )
        for item in items
    ]
    total = (f"{show(whole.share_percent)}%", shown(whole.weighted_score))
    rows.append((say("合计"), show(whole.funds), "", *total, ""))
    yield Table(
        caption=part.caption,
        columns=(
            *(Column(say("项目名称")), Column(say("财政资金"), Kind.AMOUNT), Column(say("得分"), Kind.SCORE)),
            *(Column(say("资金占比"), Kind.RATE), Column(say("加权得分"), Kind.SCORE), Column(say("备注"))),
        ),
        rows=tuple(rows),
        unit=say("万元、分"),
        strong=frozenset({len(items)}),
        source=sources(_composite_refs(subject)),
    )


def _composite_refs(subject: Subject) -> list[CellRef]:
    """The funds and totals of all forms that it is made of."""
    rule = subject.scheme.composite
    found: list[CellRef] = []
    for card in subject.cards if rule else ():
        form = card.submission
        address = rule.overall_funds if card is subject.overall else rule.project_funds  # type: ignore[union-attr]
        found += _filled((address.entry(form), form.total.get("self_score")))
    lines = subject.evaluation.unfiled.get(subject.dossier.department, ())
    executed = (line.entries.get(rule.project_funds.column) for line in lines) if rule else ()
    return [*found, *_filled(executed)]


def components(subject: Subject, _part: Part, _doubts: Doubts) -> Iterator[Block]:
    """Points by component of the form for the whole department, with what was lost and why."""
    card = subject.overall
    lost = [loss for own, loss in subject.losses if own is card]
    for number, component in enumerate(card.components[:-1] if card else (), start=1):
        if card is None or component.weight is None or component.accepted_score is None:
            continue
        runs = [Run(_points(number, component))]
        if component.component == "execution":
            runs += _execution_loss(card, component)
        else:
            runs += [run for loss in lost if loss.level1 == component.component for run in _said(loss)]
        yield Paragraph(tuple(runs), sources(_component_refs(card, component)))
        yield from _differs(component)


def _points(number: int, component: ComponentScore) -> str:
    weight, score = component.weight, component.accepted_score
    name = component_title(component.component)
    text = say(
        "{number}.{name}，分值{weight}分，得分{score}分",
        number=number,
        name=one_line(name),
        weight=_whole_points(weight),
        score=_whole_points(score),
    )
    if weight and score is not None:
        text += say("，得分率{score}%", score=_whole_points(round_half_up(score * HUNDRED / weight, 2)))
    return say("{text}。", text=text)


def _whole_points(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _differs(component: ComponentScore) -> Iterator[Block]:
    own, accepted = component.self_score, component.accepted_score
    if own is not None and accepted is not None and own != accepted:
        name = component_title(component.component)
        said = say(
            "{name}自评得分 {own} 分，核算后采用 {accepted} 分",
            name=name,
            own=_whole_points(own),
            accepted=_whole_points(accepted),
        )
        yield Paragraph((doubt(said),))


def _component_refs(card: ScoreCard, component: ComponentScore) -> list[CellRef]:
    if component.component == "execution" and card.execution:
        return list(_execution_refs(card, *_EXECUTION_COLUMNS))
    return [
        ref
        for scored in card.indicators
        if scored.indicator.level1 == component.component
        for ref in _row_refs(scored)[-2:]
    ]


@dataclass(frozen=True, slots=True)
class LostPoints:
    """Points lost on a form: `against` says in words what stood against what; cells in `refs`."""

    name: str
    level1: str
    against: str
    weight: Decimal
    score: Decimal
    reason: str
    refs: tuple[CellRef, ...]

    @property
    def points(self) -> Decimal:
        """How many."""
        return self.weight - self.score


_EXECUTION_COLUMNS = ("annual_budget", "executed", "weight", "self_score")


def losses_of(card: ScoreCard) -> Iterator[LostPoints]:
    """What was lost on a form, execution first; what is not known is no loss."""
    if card.execution:
        line, award, rate = card.execution.line, card.execution.award, card.execution.rate
        if lost := _lost(line.value("weight"), line.value("self_score"), award):
            against = say("执行率{rate}%", rate=show(rate)) if rate is not None else ""
            refs = _execution_refs(card, *_EXECUTION_COLUMNS)
            yield LostPoints(one_line(EXECUTION), "", against, *lost, _execution_reason(card), refs)
    for stake in card.stakes:
        if lost := _lost(stake.weight, stake.self_score, stake.award):
            rows = [scored for scored, _ in stake.rows]
            against = say("；").join(dict.fromkeys(filter(None, map(_against, rows))))
            reason = next((each.indicator.reason for each in rows if each.indicator.reason), "")
            refs = tuple(ref for each in rows for ref in _row_refs(each))
            yield LostPoints(one_line(stake.name), stake.level1, against, *lost, _sentence(reason), refs)


def _lost(weight: Decimal | None, own: Decimal | None, award: Award) -> tuple[Decimal, Decimal] | None:
    """The points and what of them is accepted, where that is less."""
    score = award.accepted(own)
    return None if weight is None or score is None or score >= weight else (weight, score)


def _execution_loss(card: ScoreCard, component: ComponentScore) -> list[Run]:
    budget, executed = funds(card)
    rate = card.execution.rate if card.execution else None
    if component.accepted_score == component.weight or budget is None or executed is None or rate is None:
        return []
    return [
        Run(
            say(
                "扣分原因：全年预算{budget}万元，全年执行{executed}万元，执行率{rate}%。",
                budget=show(budget),
                executed=show(executed),
                rate=show(rate),
            )
        )
    ]


def _said(loss: LostPoints) -> tuple[Run, ...]:
    against = say("{against}，", against=loss.against) if loss.against else ""
    said = say(
        "扣分：{name}，{against}扣{points}分。",
        name=loss.name,
        against=against,
        points=_whole_points(loss.points),
    )
    return (Run(said), *_why(loss.reason))


def losses(subject: Subject, part: Part, doubts: Doubts) -> Iterator[Block]:
    """Every loss on every form with its reason; a gap where the department gave none."""
    found = [(subject.name(card), loss) for card, loss in subject.losses]
    if not found:
        if subject.cards:
            yield Paragraph((Run(say("各表没有扣分。")),))
        return
    refs = [ref for _, loss in found for ref in loss.refs]
    yield Table(
        caption=part.caption,
        columns=(
            *(Column(say("表/项目")), Column(say("指标")), Column(say("目标和实际"))),
            *(Column(title, Kind.SCORE) for title in (say("分值"), say("得分"), say("扣分"))),
            Column(say("原因")),
        ),
        rows=tuple(
            (
                *(name, loss.name, loss.against),
                *(_whole_points(loss.weight), _whole_points(loss.score), _whole_points(loss.points)),
                loss.reason or gap(say("原因")),
            )
            for name, loss in found
        ),
        unit=POINTS,
        source=sources(refs),
    )
    yield from doubts.about(refs)


BUILDERS: Mapping[PartKind, Callable[[Subject, Part, Doubts], Iterator[Block]]] = {
    PartKind.PROJECTS: projects,
    PartKind.WEAK: weak,
    PartKind.MISSED: missed,
    PartKind.INDICATORS: indicators,
    PartKind.RESULT: result,
    PartKind.COMPOSITE: composite,
    PartKind.COMPONENTS: components,
    PartKind.LOSSES: losses,
}
