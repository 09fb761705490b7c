"""What the page of a round says, in its internal and its public edition.

Everything is taken from sheets of the summary workbook, so that page and workbook can't disagree. The public
edition names the columns that it shows; a column that is new elsewhere stays out of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from jixiao.consolidation.budget_lines import budget_sheet
from jixiao.consolidation.charts import charts_of, column_of, figures_of, money_of
from jixiao.consolidation.departments import RANKING
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.feedback import derivation_sheet
from jixiao.consolidation.findings import finding_sheet
from jixiao.consolidation.front_page import CONCERNS
from jixiao.consolidation.projects import project_sheet
from jixiao.consolidation.published import (
    DETAILS,
    ITEMS,
    LISTED,
    PROJECTS,
    READING,
    decision_sheet,
    grade_sheet,
    named,
    public_states,
    published,
    published_component,
    published_text,
    selected,
    tally_sheet,
    with_state,
)
from jixiao.consolidation.rules import describe_scoring, rule_sheet
from jixiao.consolidation.scores import composite_sheet
from jixiao.consolidation.shares import Part, placed
from jixiao.consolidation.submissions import NOTHING_FILED, count_filings
from jixiao.consolidation.tidy import GROUPS
from jixiao.consolidation.totals import mean, pooled, quotient, sum_known
from jixiao.consolidation.uses import is_proposed
from jixiao.consolidation.words import component_title, form_titles
from jixiao.domain.amounts import HUNDRED, plain, round_half_up, show, show_percent
from jixiao.domain.report import Audience, ColumnSpec, Kind, Link, Page, SheetSpec, Tile, Toned
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.shares import Share
    from jixiao.consolidation.summary import Gathered
    from jixiao.consolidation.uses import Decision
    from jixiao.domain.references import FilingRecord
    from jixiao.domain.report import Block, Content, PageSpec
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme

TABLES = {
    "submissions": say("报送件：收到的每张表及其状态"),
    "budget_lines": say("资金行：预算、执行、结余和执行率"),
    "indicators": say("绩效指标：目标、实际、得分和核算过程"),
    "scores": say("得分：各表各部分的自评、核算和采用得分"),
    "composite": say("综合得分：资金占比和加权得分"),
    "findings": say("审核发现：位置、填报值、应为和处理建议"),
    "figures": say("数据：读取的每个数及其单元格"),
    "appraisal": say("内部考核"),
    "survey": say("满意度调查"),
    "measures": say("关键指标"),
    "roster": say("名册：应报、已报、迟报和未报"),
    "reconciliation": say("账表核对"),
    "sample": say("抽查复核：全部单位、风险分、累计金额和抽取结果"),
    "rectification": say("整改清单：要求、期限和整改状态"),
}
"""What a tidy table holds, for the list of files beside the page."""

_COUNTED = ("阻断", "错误", "提示")
_INTERNAL_REMARK = say("内部版：含审核发现和核算过程，不对外公开。")
_PUBLIC_REMARK = say("公开版：只列结果、排名、预算执行、结果应用和评价方法。{reading}", reading=READING)
_UNITS = say("单位：万元、分；空白表示不掌握，不等于零。")
_READING = say("由重到轻排列：阻断和错误须修改后重报，提示请核实，说明供参考。")


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What a page needs of the whole round.

    `departments` is the finished sheet 部门汇总; `causes` counts the findings that are no mere notes by code;
    `concerns` are what needs attention, as 总览 lists it; `files` are beside the page, by path with what they
    hold; `feedback` are by department the paths of the workbooks that go back.
    """

    departments: SheetSpec
    filings: Sequence[FilingRecord]
    causes: Mapping[str, int]
    concerns: tuple[Block, ...]
    files: Sequence[tuple[str, str]]
    feedback: Mapping[str, str]
    decisions: Sequence[Decision] = ()
    """What follows of the results by the scheme's rules."""


def round_facts(
    gathered: Gathered,
    sheets: Sequence[SheetSpec],
    front: PageSpec,
    feedback: Mapping[str, str],
    files: Sequence[tuple[str, str]],
) -> RoundFacts:
    """What the finished sheets of the summary workbook give; for `feedback` and `files` see `RoundFacts`."""
    return RoundFacts(
        departments=next(sheet for sheet in sheets if sheet.name == RANKING),
        filings=gathered.evaluation.filings,
        causes=gathered.causes,
        concerns=tuple(block for block in front.blocks if block.title in CONCERNS),
        files=files,
        feedback={shown_department(name): file for name, file in feedback.items()},
    )


def round_page(facts: RoundFacts, edition: Edition, audience: Audience) -> Page:
    """The page of a round for an audience; what each department's own view says comes separately."""
    internal = audience is Audience.INTERNAL
    sheet = facts.departments if internal else named(facts.departments)
    listing = selected(sheet, (*LISTED, *_COUNTED, "状态") if internal else LISTED)
    details = without(sheet, ("部门",)) if internal else selected(sheet, DETAILS)
    states = tuple(column_of(sheet, "状态"))
    if not internal:
        states = public_states(sheet)
        listing, details = with_state(listing, states), with_state(details, states)
    scheme = edition.round.scheme
    causes = Counter[str]()
    for code, count in facts.causes.items():
        causes[edition.titles.get(code, code)] += count
    return Page(
        audience=audience,
        title=say("{year}年度预算绩效自评结果", year=edition.round.year),
        subtitle=say(
            "{name}　{title}（{jurisdiction}）",
            name=edition.round.name,
            title=scheme.title,
            jurisdiction=scheme.jurisdiction,
        ),
        stamp=say("单位：万元、分　{stamp}", stamp=edition.stamp).strip(),
        remark=_INTERNAL_REMARK if internal else _PUBLIC_REMARK,
        tiles=tuple(_tiles(replace(facts, departments=sheet), edition, states, internal=internal)),
        charts=tuple(charts_of(sheet, causes if internal else {}, scheme)),
        concerns=facts.concerns if internal else (),
        use=grade_sheet(sheet, scheme),
        decided=tuple(_decided(facts.decisions, scheme, internal=internal)),
        listing=listing,
        details=details,
        departments=tuple(str(name) for name in column_of(sheet, "部门")),
        feedback=facts.feedback if internal else {},
        rules=rule_sheet(replace(edition, created=None), None if internal else describe_scoring(scheme)),
        files=tuple((Link(path, file=path), title) for path, title in facts.files) if internal else (),
        version=edition.version,
    )


def _decided(decisions: Sequence[Decision], scheme: Scheme, *, internal: bool) -> Iterator[SheetSpec]:
    """What follows by the rules; what is merely proposed to the office is nobody else's."""
    if internal or not is_proposed(scheme):
        yield from tally_sheet(decisions, scheme)
    if not internal:
        yield from decision_sheet(decisions, scheme)


def without(sheet: SheetSpec, titles: Sequence[str]) -> SheetSpec:
    """A sheet without these columns, in its own order."""
    return selected(sheet, [column.title for column in sheet.columns if column.title not in titles])


def _tiles(
    facts: RoundFacts, edition: Edition, states: Sequence[Content], *, internal: bool
) -> Iterator[Tile]:
    sheet = facts.departments
    sent = sum(state != NOTHING_FILED for state in column_of(sheet, "状态"))
    owed = count_filings(facts.filings).rstrip("。") if internal else ""
    counts = Counter(state.text if isinstance(state, Toned) else str(state) for state in states)
    notes = say("，").join(
        say("{state} {count} 个", state=state, count=count) for state, count in counts.items()
    )
    yield Tile(
        say("报送部门"),
        say("{sent} / {count} 个", sent=sent, count=len(sheet.rows)),
        tuple(filter(None, (notes, owed))),
    )
    yield from _score_tiles(figures_of(sheet, "采用得分"))
    yield from _money_tiles(sheet, edition)
    if internal:
        blocking, errors, warnings = (
            sum(int(count or 0) for count in figures_of(sheet, title)) for title in _COUNTED
        )
        yield Tile(
            say("须修改"),
            say("{blocking} 处", blocking=blocking + errors),
            (say("另有 {warnings} 处须核实", warnings=warnings),),
        )


def _score_tiles(scores: Sequence[Decimal | None]) -> Iterator[Tile]:
    known = [score for score in scores if score is not None]
    average = mean(scores)
    if average is None:
        return
    notes = [
        say("最高 {known}，最低 {known2}", known=_points(max(known)), known2=_points(min(known))),
        say("中位数 {known}", known=_points(median(known))),
    ]
    if len(known) < len(scores):
        notes.append(say("{count} 个部门没有得分，未计入", count=len(scores) - len(known)))
    yield Tile(say("平均得分"), _points(average), tuple(notes))


def _money_tiles(sheet: SheetSpec, edition: Edition) -> Iterator[Tile]:
    """Money and execution by their two names: pooled, and the plain mean over departments."""
    money = money_of(sheet)
    budget, executed = sum_known(first for first, _ in money), sum_known(second for _, second in money)
    rates = [quotient(second, first) for first, second in money]
    whole, average = pooled(money), mean(rates)
    if budget is None or executed is None or whole is None or average is None:
        return
    lacking = sum(None in pair for pair in money)
    notes = [say("全年执行数 {executed}", executed=_points(executed))]
    notes.append(
        say("{lacking} 个部门的金额不全", lacking=lacking)
        if lacking
        else say("结余 {budget}", budget=_points(budget - executed))
    )
    yield Tile(say("全年预算数（万元）"), _points(budget), tuple(notes))
    asked = edition.round.scheme.execution.reason_below
    told = [say("各部门简单平均 {average}", average=show_percent(average))]
    if asked is not None:
        below = sum(rate is not None and rate < asked / HUNDRED for rate in rates)
        told.append(say("低于 {asked}% 的 {below} 个部门", asked=plain(asked), below=below))
    yield Tile(say("执行率（资金合计）"), show_percent(whole), tuple(told))


def _points(figure: Decimal) -> str:
    return show(round_half_up(figure, 2))


def department_views(
    share: Share, dossier: Dossier, nothing: Evaluation, edition: Edition
) -> dict[Audience, tuple[SheetSpec, ...]]:
    """What a department's own view shows in each edition: its rows of the workbook's sheets.

    Findings stand first: they are what somebody has to do. Other sheets without rows are left out. `nothing`
    is an evaluation without findings, for the heads of sheets.
    """
    money = tuple(_money_sheets(share, edition))
    wanted = {"项目汇总": PROJECTS, "综合得分": ITEMS}
    internal = (*money, derivation_sheet(replace(dossier, composite=None), edition))
    public = (
        *(published(sheet, wanted[sheet.name]) for sheet in money if sheet.name in wanted),
        component_sheet(dossier, edition),
    )
    found = _findings(_rows_of(share, finding_sheet(nothing, edition)))
    return {
        Audience.INTERNAL: (found, *(sheet for sheet in internal if sheet.rows)),
        Audience.PUBLIC: tuple(sheet for sheet in public if sheet.rows),
    }


def _rows_of(share: Share, head: SheetSpec) -> SheetSpec:
    parts = (Part(head.name, group) for group in range(GROUPS))
    return placed(head, [share.sheets[part] for part in parts if part in share.sheets])


def _findings(sheet: SheetSpec) -> SheetSpec:
    """What is to be done first, the number that it is asked for by last."""
    titles = [column.title for column in sheet.columns if column.title not in {"部门", "编号"}]
    return replace(selected(sheet, [*titles, "编号"]), note=_READING)


def _money_sheets(share: Share, edition: Edition) -> Iterator[SheetSpec]:
    """Projects, composite and budget lines, without the department's name in each row."""
    for head in (project_sheet((), edition), composite_sheet((), edition), budget_sheet((), edition)):
        yield replace(without(_rows_of(share, head), ("部门",)), note=_UNITS)


def component_sheet(dossier: Dossier, edition: Edition) -> SheetSpec:
    """得分构成: the accepted score of each form by its parts."""
    titles = form_titles(edition.round.scheme)
    scored = [card for card in dossier.cards if card.submission.scope.is_scored]
    rows = [
        (
            published_text(card.submission.project) or titles.get(card.submission.form, card.submission.form),
            *(published_component(part.component, edition.round.scheme), part.weight, part.accepted_score),
        )
        for card in scored
        for part in card.components
    ]
    return SheetSpec(
        name="得分构成",
        title=say("得分构成"),
        note=say("单位：分"),
        columns=(
            *(ColumnSpec("表/项目"), ColumnSpec("组成")),
            *(ColumnSpec("分值", Kind.SCORE), ColumnSpec("采用得分", Kind.SCORE)),
        ),
        rows=tuple(rows),
        strong=frozenset(place for place, row in enumerate(rows) if row[1] == component_title("total")),
    )
