"""The sheet 总览: the round on one printed page, for whoever reads nothing else.

Every figure is a live formula over the sheets that it comes from; the charts take theirs from small tables
right of the page, which are formulas too. So all of it follows what officers edit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import is_criterion, shown_department
from jixiao.consolidation.totals import mean, pooled, quotient, sum_known
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.amounts import HUNDRED, show
from jixiao.domain.findings import Severity
from jixiao.domain.report import (
    Area,
    Block,
    ChartKind,
    ChartSpec,
    ColumnSpec,
    Formula,
    Kind,
    Link,
    PageSpec,
    Tone,
)
from jixiao.language import SHEET, say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.departments import Standing
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.projects import ProjectFigures
    from jixiao.consolidation.summary import Gathered
    from jixiao.domain.report import Content, SheetSpec
    from jixiao.domain.scheme import Scheme

NAME = "总览"
CONCERNS = ("需要关注的部门", "需要关注的项目")
_MOST = 10
"""So many departments and projects need attention at most."""
_WIDTH = 12
"""Columns of the printed grid."""
_DATA = _WIDTH + 1
"""The first column of what the charts are drawn from."""
_CHART_ROWS = 10
_BARS = 10
_STEPS = (60, 70, 80, 90, 95)
"""Where the classes of scores begin; the lowest holds what is below the first."""


@dataclass(frozen=True, slots=True)
class _Concern:
    """What needs attention: how urgent, the worst least, and why in words."""

    urgency: tuple[int, int, Decimal, Decimal]
    contents: tuple[Content, ...]


def front_page(
    gathered: Gathered,
    ranking: Sequence[Standing],
    edition: Edition,
    sheets: Sequence[SheetSpec],
    files: Mapping[str, str],
) -> PageSpec:
    """The page; `ranking` as in 部门汇总, `sheets` follow it, `files` are departments' feedback workbooks."""
    scheme = edition.round.scheme
    data = _chart_data(gathered, ranking, edition)
    figures = _figures(gathered, ranking)
    charts_at = figures.first_row + len(figures.rows) + 1
    charts = tuple(_charts(data, charts_at))
    lists_at = charts[-1].area.row + _CHART_ROWS + 1
    departments = _departments(gathered, ranking, scheme, files, lists_at)
    projects_at = departments.first_row + max(len(departments.rows), 1) + 1
    projects = _projects(gathered, scheme, projects_at)
    contents_at = projects.first_row + max(len(projects.rows), 1) + 1
    contents = _contents(sheets, contents_at)
    return PageSpec(
        name=NAME,
        about=say("本批次一页看完：报送、资金、得分分布、需要关注的部门和项目"),
        title=edition.title(spoken(NAME, SHEET)),
        note=edition.note(say("各数均为公式，随各表变化；图表数据在本页右侧。"), unit=say("万元、分")),
        shape=(contents.first_row + len(contents.rows), _WIDTH),
        blocks=(figures, departments, projects, contents, *data),
        charts=charts,
    )


def _figures(gathered: Gathered, ranking: Sequence[Standing]) -> Block:
    """The round's figures, three to a row."""
    known = [each for each in _figures_of(gathered, ranking) if each[2] is not None]
    rows: list[tuple[Content, ...]] = []
    kinds: dict[tuple[int, int], Kind] = {}
    for at in range(0, len(known), 3):
        three = known[at : at + 3]
        kinds |= {(len(rows), 2 * place + 1): kind for place, (_, kind, _) in enumerate(three)}
        cells = [cell for title, _, content in three for cell in (title, content)]
        rows.append((*cells, *(None,) * (6 - len(cells))))
    columns = (ColumnSpec("项目", Kind.MARK), ColumnSpec("数", Kind.AMOUNT)) * 3
    return Block("基本情况", 2, 0, columns, (2, 2) * 3, tuple(rows), headed=False, kinds=kinds)


def _figures_of(gathered: Gathered, ranking: Sequence[Standing]) -> Iterator[tuple[str, Kind, Content]]:
    departments = [line.ranked for line in ranking]
    money = [(each.annual_budget, each.executed) for each in departments]
    rates = [quotient(executed, budget) for budget, executed in money]
    owed = [each for each in gathered.evaluation.filings if each.due]
    yield say("部门（个）"), Kind.COUNT, Formula("COUNTA([部门汇总!部门:])", len(ranking))
    yield say("报送表（张）"), Kind.COUNT, len(gathered.evaluation.submissions)
    projects = sum(line.projects for line in ranking)
    yield say("项目（个）"), Kind.COUNT, Formula("SUM([部门汇总!项目数:])", projects)
    if owed:
        yield say("应报（张）"), Kind.COUNT, sum(each.due for each in owed)
        yield say("未报（张）"), Kind.COUNT, sum(each.missing for each in owed)
        yield say("迟报（张）"), Kind.COUNT, sum(len(each.late) for each in owed)
    for place, title in enumerate(("全年预算数", "全年执行数")):
        amount = sum_known(pair[place] for pair in money)
        yield (
            say("{title}（万元）", title=spoken(title, "item")),
            Kind.AMOUNT,
            _live(f"SUM([部门汇总!{title}:])", amount),
        )
    yield say("合计执行率"), Kind.RATE, _live(_POOLED, pooled(money))
    accepted = mean([each.accepted_score for each in departments])
    yield say("平均采用得分"), Kind.SCORE, _live("AVERAGE([部门汇总!采用得分:])", accepted)
    yield say("平均执行率"), Kind.RATE, _live("AVERAGE([部门汇总!执行率:])", mean(rates))
    returned = sum(line.status.tone is Tone.BAD for line in ranking)
    yield say("退回、未报（个部门）"), Kind.COUNT, Formula(_returned_formula(ranking), returned)
    for place, title in enumerate(("阻断", "错误", "提示")):
        count = sum(line.counts[place] for line in ranking)
        yield (
            say("{title}（项）", title=spoken(title)),
            Kind.COUNT,
            Formula(f"SUM([部门汇总!{title}:])", count),
        )


_BUDGET, _EXECUTED = "[部门汇总!全年预算数:]", "[部门汇总!全年执行数:]"
_WHOLE = f'{_BUDGET},">0",{_EXECUTED},"<>"'
_POOLED = f"SUMIFS({_EXECUTED},{_WHOLE})/SUMIFS({_BUDGET},{_WHOLE})"


def _returned_formula(ranking: Sequence[Standing]) -> str:
    words = sorted({line.status.text for line in ranking if line.status.tone is Tone.BAD})
    return "+".join(f'COUNTIF([部门汇总!状态:],"{word}")' for word in words) or "0"


def _live(formula: str, value: Decimal | None) -> Content:
    return None if value is None else Formula(formula, value)


def _chart_data(gathered: Gathered, ranking: Sequence[Standing], edition: Edition) -> tuple[Block, ...]:
    """The tables that charts are drawn from, one below the other right of the page."""
    scheme = edition.round.scheme
    tables = (
        ("等级分布", ("等级", "部门数", "全年预算数"), _grades(ranking, scheme)),
        ("得分分布", ("得分", "部门数"), _classes(ranking)),
        ("执行率最低的部门", ("部门", "执行率"), _lowest(ranking)),
        ("最多的问题", ("问题", "项数"), _causes(gathered, edition.titles)),
    )
    kinds = {"部门数": Kind.COUNT, "项数": Kind.COUNT, "全年预算数": Kind.AMOUNT, "执行率": Kind.RATE}
    blocks: list[Block] = []
    row = 2
    for title, headers, rows in tables:
        columns = tuple(ColumnSpec(header, kinds.get(header, Kind.TEXT)) for header in headers)
        blocks.append(Block(title, row, _DATA, columns, (3, *(1 for _ in headers[1:])), tuple(rows)))
        row = blocks[-1].first_row + len(blocks[-1].rows) + 1
    return tuple(blocks)


def _grades(ranking: Sequence[Standing], scheme: Scheme) -> Iterator[tuple[Content, ...]]:
    for cut in scheme.grades:
        own = [line.ranked for line in ranking if line.ranked.grade == cut.grade]
        money = sum_known(each.annual_budget for each in own)
        is_grade = f'[部门汇总!等级:],"{cut.grade}"'
        yield (
            cut.grade,
            Formula(f"COUNTIF({is_grade})", len(own)),
            Formula(f"SUMIF({is_grade},[部门汇总!全年预算数:])", 0 if money is None else money),
        )


def _classes(ranking: Sequence[Standing]) -> Iterator[tuple[Content, ...]]:
    scores = [line.ranked.accepted_score for line in ranking]
    known = [score for score in scores if score is not None]
    column = "[部门汇总!采用得分:]"
    yield (
        say("{steps} 以下", steps=_STEPS[0]),
        Formula(f'COUNTIF({column},"<{_STEPS[0]}")', sum(score < _STEPS[0] for score in known)),
    )
    for low, high in zip(_STEPS, (*_STEPS[1:], None), strict=True):
        count = sum(low <= score and (high is None or score < high) for score in known)
        upper = "" if high is None else f',{column},"<{high}"'
        title = say("{low} 以上", low=low) if high is None else f"{low}–{high}"
        yield title, Formula(f'COUNTIFS({column},">={low}"{upper})', count)


def _lowest(ranking: Sequence[Standing]) -> Iterator[tuple[Content, ...]]:
    rates = [
        (rate, line.ranked.department)
        for line in ranking
        if (rate := quotient(line.ranked.executed, line.ranked.annual_budget)) is not None
    ]
    for rate, department in sorted(rates)[:_BARS]:
        name = shown_department(department)
        live = Formula(f'SUMIF([部门汇总!部门:],"{name}",[部门汇总!执行率:])', rate)
        yield name, live if is_criterion(name) and '"' not in name else rate


def _causes(gathered: Gathered, titles: Mapping[str, str]) -> Iterator[tuple[Content, ...]]:
    for code, count in sorted(gathered.causes.items(), key=lambda each: (-each[1], each[0]))[:_BARS]:
        own = f'[审核发现!编号:],"{code}-*"'
        formula = f'COUNTIFS({own},[审核发现!级别:],"<>{SEVERITIES[Severity.INFO].text}")'
        yield say("{code}（{code2}）", code=titles.get(code, ""), code2=code), Formula(formula, count)


def _charts(data: Sequence[Block], row: int) -> Iterator[ChartSpec]:
    """Three above, two below."""
    grades, scores, lowest, causes = data
    column, bar = ChartKind.COLUMN, ChartKind.BAR
    upper, lower = row, row + _CHART_ROWS
    yield ChartSpec("等级（部门数）", column, grades.title, "部门数", Area(upper, 0, _CHART_ROWS, 4))
    yield ChartSpec("各等级资金（万元）", column, grades.title, "全年预算数", Area(upper, 4, _CHART_ROWS, 4))
    yield ChartSpec("得分分布（部门数）", column, scores.title, "部门数", Area(upper, 8, _CHART_ROWS, 4))
    yield ChartSpec("执行率最低的部门", bar, lowest.title, "执行率", Area(lower, 0, _CHART_ROWS, 6))
    yield ChartSpec("最多的问题（项）", bar, causes.title, "项数", Area(lower, 6, _CHART_ROWS, 6))


def _departments(
    gathered: Gathered, ranking: Sequence[Standing], scheme: Scheme, files: Mapping[str, str], row: int
) -> Block:
    owed = Counter[str]()
    for record in gathered.evaluation.filings:
        owed[record.department] += record.missing
    concerns = [_concern(line, owed[line.ranked.department], scheme, files) for line in ranking]
    columns = (
        *(ColumnSpec("部门"), ColumnSpec("采用得分", Kind.SCORE), ColumnSpec("执行率", Kind.RATE)),
        *(ColumnSpec("错误", Kind.COUNT), ColumnSpec("状态", Kind.MARK), ColumnSpec("为什么")),
    )
    return Block(
        title=CONCERNS[0],
        row=row,
        column=0,
        columns=columns,
        spans=(4, 1, 1, 1, 1, 4),
        rows=_worst(concerns),
        empty=say("没有需要特别关注的部门。"),
    )


def _worst(concerns: Sequence[_Concern | None]) -> tuple[tuple[Content, ...], ...]:
    known = sorted((each for each in concerns if each), key=lambda each: each.urgency)
    return tuple(each.contents for each in known[:_MOST])


def _concern(line: Standing, missing: int, scheme: Scheme, files: Mapping[str, str]) -> _Concern | None:
    """Why a department needs attention; None where it does not."""
    ranked, (blocking, errors, _) = line.ranked, line.counts
    rate = quotient(ranked.executed, ranked.annual_budget)
    why = [
        *([say("阻断 {blocking} 项", blocking=blocking)] if blocking else []),
        *([say("未报 {missing} 张", missing=missing)] if missing else []),
        *([say("错误 {errors} 项", errors=errors)] if errors else []),
        *_low(rate, scheme),
        *(
            [say("等级为{grade}", grade=ranked.grade)]
            if ranked.grade and ranked.grade == scheme.grades[-1].grade
            else []
        ),
    ]
    if not why:
        return None
    name = shown_department(ranked.department)
    file = files.get(ranked.department, "")
    contents = (
        Link(name, file=file) if file else name,
        *(ranked.accepted_score, rate, errors, line.status, say("；").join(why)),
    )
    return _Concern(_urgency(blocking + missing, errors, rate, ranked.accepted_score), contents)


def _urgency(
    worst: int, errors: int, rate: Decimal | None, score: Decimal | None
) -> tuple[int, int, Decimal, Decimal]:
    return -worst, -errors, HUNDRED if rate is None else rate, HUNDRED if score is None else score


def _low(rate: Decimal | None, scheme: Scheme) -> list[str]:
    below = scheme.execution.reason_below
    if rate is None or below is None or rate * HUNDRED >= below:
        return []
    return [say("执行率低于 {below}%", below=show(below))]


def _projects(gathered: Gathered, scheme: Scheme, row: int) -> Block:
    concerns = [
        _project_concern(facts.department, project, scheme)
        for facts in gathered.facts
        for project in facts.projects
    ]
    columns = (
        *(ColumnSpec("项目"), ColumnSpec("部门"), ColumnSpec("采用得分", Kind.SCORE)),
        *(ColumnSpec("执行率", Kind.RATE), ColumnSpec("为什么")),
    )
    return Block(
        title=CONCERNS[1],
        row=row,
        column=0,
        columns=columns,
        spans=(4, 3, 1, 1, 3),
        rows=_worst(concerns),
        empty=say("没有需要特别关注的项目。"),
    )


def _project_concern(department: str, project: ProjectFigures, scheme: Scheme) -> _Concern | None:
    rate = quotient(project.executed, project.budget)
    score, last = project.accepted_score, scheme.grades[-1].grade
    why = [
        *([say("须改正 {wrong} 项", wrong=project.wrong)] if project.wrong else []),
        *_low(rate, scheme),
        *([say("等级为{last}", last=last)] if score is not None and scheme.grade_of(score) == last else []),
    ]
    if not why:
        return None
    contents = (project.name, shown_department(department), score, rate, say("；").join(why))
    return _Concern(_urgency(0, project.wrong, rate, score), contents)


def _contents(sheets: Sequence[SheetSpec], row: int) -> Block:
    """Links to all sheets, six to a row."""
    links: list[Content] = [Link(sheet.shown, sheet=sheet.shown) for sheet in sheets if not sheet.hidden]
    links += [None] * (-len(links) % 6)
    rows = tuple(tuple(links[at : at + 6]) for at in range(0, len(links), 6))
    return Block("各表", row, 0, (ColumnSpec("表", Kind.MARK),) * 6, (2,) * 6, rows, headed=False)
