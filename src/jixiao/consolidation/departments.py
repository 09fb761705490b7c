"""The sheet 部门汇总: one department a row, by accepted score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.edition import is_criterion, shown_department
from jixiao.consolidation.ranking import main_losses, rank_department
from jixiao.consolidation.submissions import department_status
from jixiao.consolidation.totals import (
    funds,
    live_mean,
    mean,
    pooled,
    pooled_rate,
    quotient,
    rate,
    rate_column,
    subtotal,
    sum_known,
    total_contents,
)
from jixiao.consolidation.words import FATES, SEVERITIES
from jixiao.domain.amounts import HUNDRED
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Fate
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.language import SHEET, say, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.ranking import RankedDepartment
    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme

RANKING = "部门汇总"
_COUNTED = {"阻断": Severity.BLOCKING, "错误": Severity.ERROR, "提示": Severity.WARNING}


_READING = say(
    "按采用得分从高到低排列；自评得分只列表上印有的总分；名次、执行率和合计为公式；执行率过低的标“低”。"
)
_BY_PROJECTS = say(
    "只有项目自评表的部门，金额为各项目之和，得分按项目资金加权；有部门报送整体自评表的，这些部门不参加排名。"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A department's line of the sheet without its place, and what the closing rows need of it.

    `projects` counts its project forms, `counts` its findings in the order of the columns; `alone`: it has
    project forms and no form for the whole.
    """

    ranked: RankedDepartment
    contents: tuple[Content, ...]
    projects: int
    counts: tuple[int, ...]
    alone: bool
    status: Toned


class Standings(NamedTuple):
    """A department's line where projects may stand for a department, and where they may not."""

    by_projects: Standing
    by_form: Standing
    has_overall: bool


def standings_of(dossier: Dossier, scheme: Scheme) -> Standings:
    """Both lines of one department."""
    by_projects = _standing(dossier, scheme, by_projects=True)
    overall = dossier.overall is not None
    return Standings(
        by_projects, by_projects if overall else _standing(dossier, scheme, by_projects=False), overall
    )


def rank(standings: Sequence[Standings]) -> tuple[Standing, ...]:
    """Departments by accepted score, the best first; without a score last; equals by name.

    Departments with project forms alone are ranked where nobody has more: beside departments whose overall
    form counts their score would say something else.
    """
    by_form = any(each.has_overall for each in standings)
    lines = (each.by_form if by_form else each.by_projects for each in standings)
    return tuple(sorted(lines, key=lambda line: line.ranked.place))


def _standing(dossier: Dossier, scheme: Scheme, *, by_projects: bool) -> Standing:
    ranked = rank_department(dossier, scheme, by_projects=by_projects)
    return Standing(
        ranked,
        _contents(dossier, ranked, scheme),
        len(dossier.projects),
        tuple(dossier.count(severity) for severity in _COUNTED.values()),
        dossier.overall is None and bool(dossier.projects),
        department_status(dossier),
    )


_MOST_COMPARED = 200_000_000
"""So many names a workbook compares in some seconds when it is opened."""


def department_sheet(ranking: Sequence[Standing], edition: Edition, findings: int = 0) -> SheetSpec:
    """The sheet; `ranking` are sorted by accepted score, the best first.

    Counts are live unless there are so many departments and `findings` that opening the workbook would take
    minutes.
    """
    live = len(ranking) * findings * len(_COUNTED) <= _MOST_COMPARED
    columns = (
        *(ColumnSpec("名次", Kind.COUNT), ColumnSpec("部门")),
        *(ColumnSpec("自评得分", Kind.SCORE), ColumnSpec("核算得分", Kind.SCORE)),
        *(ColumnSpec("采用得分", Kind.SCORE), ColumnSpec("等级", Kind.MARK)),
        *(ColumnSpec("可核实比例", Kind.RATE), ColumnSpec("部门整体得分", Kind.SCORE)),
        *(ColumnSpec("项目数", Kind.COUNT), ColumnSpec("项目平均得分", Kind.SCORE)),
        *(ColumnSpec("全年预算数", Kind.AMOUNT), ColumnSpec("全年执行数", Kind.AMOUNT)),
        rate_column("执行率", edition.round.scheme),
        *(ColumnSpec(title, Kind.COUNT) for title in _COUNTED),
        *(ColumnSpec("状态", Kind.MARK), ColumnSpec("主要扣分", wrap=30)),
        *(
            ColumnSpec("项目平均执行率", Kind.RATE, folded=True),
            ColumnSpec("项目合计执行率", Kind.RATE, folded=True),
        ),
        *(ColumnSpec("说明", wrap=30), ColumnSpec("免予修改", Kind.COUNT)),
    )
    ranks: dict[Decimal | None, int] = {}
    for place, line in enumerate(ranking, start=1):
        ranks.setdefault(line.ranked.accepted_score, place)
    return SheetSpec(
        name=RANKING,
        about=say("一行一个部门：名次、得分、等级、预算执行、审核发现数和主要扣分"),
        title=edition.title(spoken(RANKING, SHEET)),
        note=edition.note(_READING + (_BY_PROJECTS if any(line.alone for line in ranking) else "")),
        columns=columns,
        rows=tuple(_row(line, ranks[line.ranked.accepted_score], live=live) for line in ranking),
        totals=(_total(ranking), _means(ranking)) if ranking else (),
        fixed=2,
        empty=say("本批次没有可汇总的部门。"),
        banded=True,
    )


def _row(line: Standing, place: int, *, live: bool) -> tuple[Content, ...]:
    contents = line.contents if live else tuple(map(_settled, line.contents))
    if (unplaced := line.ranked.unplaced) is not None:
        return Toned(unplaced.word, Tone.NOTE), *contents
    return Formula("RANK([采用得分],[采用得分:])", place), *contents


def _settled(content: Content) -> Content:
    """A count over 审核发现 as the number that it is."""
    return content.value if isinstance(content, Formula) and "审核发现!" in content.text else content


def _contents(dossier: Dossier, ranked: RankedDepartment, scheme: Scheme) -> tuple[Content, ...]:
    return (
        shown_department(dossier.department),
        *(*_scores(dossier, ranked, scheme), _accepted(dossier, ranked), ranked.grade),
        None if ranked.verified_share is None else ranked.verified_share / HUNDRED,
        ranked.overall_score,
        *_projects(dossier),
        *_money(dossier, ranked),
        *_counts(dossier),
        department_status(dossier),
        main_losses(dossier),
        *_rates(dossier),
        *(_remark(ranked), dossier.excused or None),
    )


def _remark(ranked: RankedDepartment) -> str:
    """What a reader has to know of the row; where it has no rank, why."""
    return say("；").join(filter(None, (ranked.remark, ranked.unplaced.reason if ranked.unplaced else "")))


def _scores(dossier: Dossier, ranked: RankedDepartment, scheme: Scheme) -> tuple[Content, Content]:
    """Printed and computed; of the overall form alone even what is no score to go on with, as a word."""
    overall = dossier.overall
    if overall is None or dossier.composite is not None:
        return ranked.self_score, ranked.computed_score
    return total_contents(overall, scheme)


def _accepted(dossier: Dossier, ranked: RankedDepartment) -> Content:
    """Live, from where it comes: the composite's total on its sheet, else the overall form's in this row."""
    score, composite = ranked.accepted_score, dossier.composite
    if score is None:
        return None
    if composite is None:
        return Formula("[部门整体得分]", score) if score == ranked.overall_score else score
    if composite.score != score or not is_criterion(shown_department(dossier.department)):
        return score
    return Formula(_COMPOSITE, score)


_COMPOSITE = 'SUMIFS([综合得分!加权得分:],[综合得分!部门:],[部门],[综合得分!项目:],"合计")'


def _counts(dossier: Dossier) -> tuple[Content, ...]:
    """How many findings of each severity there are, live where their sheet names the department as here.

    Those that are waived or accepted stand there as well and are taken away.
    """
    counts = tuple(dossier.count(severity) for severity in _COUNTED.values())
    if not dossier.department or not is_criterion(dossier.department):
        return counts
    excused = {each.severity for each in dossier.findings if each.excused}
    return tuple(
        Formula(_count_of(severity, excused=severity in excused), count)
        for severity, count in zip(_COUNTED.values(), counts, strict=True)
    )


def _count_of(severity: Severity, *, excused: bool) -> str:
    """The formula; of those that are excused, 整改 begins with what was decided."""
    own = f'[审核发现!部门:],[部门],[审核发现!级别:],"{SEVERITIES[severity].text}"'
    decided = [f',[审核发现!整改:],"{FATES[fate]}*"' for fate in Fate if fate.is_excused] if excused else []
    return f"COUNTIFS({own})" + "".join(f"-COUNTIFS({own}{each})" for each in decided)


def _named_projects(dossier: Dossier) -> bool:
    """Whether the department has rows in 项目汇总 that formulas find by its name."""
    return bool(dossier.projects) and is_criterion(shown_department(dossier.department))


def _projects(dossier: Dossier) -> tuple[Content, Content]:
    """Number of projects and mean of their accepted scores, live where the department's name allows it."""
    count, average = len(dossier.projects), mean([card.total.accepted_score for card in dossier.projects])
    if not _named_projects(dossier):
        return count, average
    live_count = Formula("COUNTIF([项目汇总!部门:],[部门])", count)
    if average is None:
        return live_count, None
    return live_count, Formula("AVERAGEIF([项目汇总!部门:],[部门],[项目汇总!采用得分:])", average)


def _money(dossier: Dossier, ranked: RankedDepartment) -> tuple[Content, Content, Content]:
    """Budget, executed and rate; of projects alone live sums, and no rate where an amount is not known."""
    budget, executed = ranked.annual_budget, ranked.executed
    if dossier.overall:
        return budget, executed, rate(executed, budget)
    whole = all(None not in funds(card) for card in dossier.projects)
    amounts: tuple[Content, Content] = (budget, executed)
    if _named_projects(dossier):
        amounts = _project_sum("全年预算数", budget), _project_sum("全年执行数", executed)
    return *amounts, rate(executed, budget) if whole else None


def _project_sum(title: str, value: Decimal | None) -> Content:
    return None if value is None else Formula(f"SUMIF([项目汇总!部门:],[部门],[项目汇总!{title}:])", value)


def _rates(dossier: Dossier) -> tuple[Content, Content]:
    """The plain mean of the projects' execution rates, and the rate of their money together."""
    money = [funds(card) for card in dossier.projects]
    rates = [quotient(executed, budget) for budget, executed in money]
    average, whole = mean(rates), pooled(money)
    if average is None or whole is None or not _named_projects(dossier):
        return average, whole
    live_mean = Formula("AVERAGEIF([项目汇总!部门:],[部门],[项目汇总!执行率:])", average)
    if None in rates:
        return live_mean, whole
    executed, budget = (
        f"SUMIF([项目汇总!部门:],[部门],[项目汇总!{title}:])" for title in ("全年执行数", "全年预算数")
    )
    return live_mean, Formula(f"{executed}/{budget}", whole)


def _total(ranking: Sequence[Standing]) -> tuple[Content, ...]:
    departments = [line.ranked for line in ranking]
    budget = sum_known(ranked.annual_budget for ranked in departments)
    executed = sum_known(ranked.executed for ranked in departments)
    projects = sum(line.projects for line in ranking)
    money = [(ranked.annual_budget, ranked.executed) for ranked in departments if ranked.has_money]
    return (
        *(None, say("合计"), None, None, None, None, None, None, subtotal("项目数", projects), None),
        *(subtotal("全年预算数", budget), subtotal("全年执行数", executed), pooled_rate(money)),
        *(
            subtotal(title, sum(line.counts[place] for line in ranking))
            for place, title in enumerate(_COUNTED)
        ),
        *(None, None, None, None, None, None),
    )


def _means(ranking: Sequence[Standing]) -> tuple[Content, ...]:
    departments = [line.ranked for line in ranking]
    return (
        *(None, say("各部门简单平均")),
        live_mean("自评得分", [ranked.self_score for ranked in departments]),
        live_mean("核算得分", [ranked.computed_score for ranked in departments]),
        live_mean("采用得分", [ranked.accepted_score for ranked in departments]),
        *(None, None),
        live_mean("部门整体得分", [ranked.overall_score for ranked in departments]),
        *(None, None, None, None),
        live_mean("执行率", [quotient(ranked.executed, ranked.annual_budget) for ranked in departments]),
        *(None, None, None, None, None, None, None, None, None),
    )
