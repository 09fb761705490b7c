"""The round's report for the finance department: results, ranking, execution, common problems, their use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.totals import mean, pooled, quotient, sum_known
from jixiao.consolidation.uses import by_grade, is_proposed
from jixiao.consolidation.words import LEVELS
from jixiao.domain.amounts import HUNDRED, ZERO, plain, round_half_up, show, show_percent
from jixiao.domain.documents import Chapter, Column, Document, Heading, Paragraph, Run, Table, gap
from jixiao.domain.findings import Severity
from jixiao.domain.report import Kind
from jixiao.domain.spoken import numeral, one_line
from jixiao.language import say
from jixiao.reports.built_parts import POINTS, WAN, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.consolidation.uses import Tally
    from jixiao.domain.documents import Block
    from jixiao.domain.rounds import Round
    from jixiao.domain.scheme import Scheme
    from jixiao.reports.figures import DepartmentFacts

_MOST = 100
"""So many rows a table of departments or projects has at most: the summary workbook has them all."""
_FEW = 30
"""So many names a sentence lists."""
_MOST_PROBLEMS = 15
_STEP, _LOWEST = 5, 60
"""The width of an interval of scores, and the score below which all are one."""


class Ranked(NamedTuple):
    """A department that has a score to be ranked by, with its place; equals share one."""

    place: int
    facts: DepartmentFacts
    grade: str


@dataclass(frozen=True, slots=True)
class ReportedRound:
    """Everything that the report is made of; `titles` are those of finding codes, `summary` the workbook.

    `unused` counts files and sheets that gave no form.
    """

    round: Round
    departments: tuple[DepartmentFacts, ...]
    titles: Mapping[str, str]
    summary: str
    unused: int = 0
    tallies: tuple[Tally, ...] = ()
    """What follows of the results by the scheme's rules, counted."""

    @property
    def scheme(self) -> Scheme:
        """The scheme of the round."""
        return self.round.scheme

    @property
    def sent(self) -> tuple[DepartmentFacts, ...]:
        """The departments that sent anything."""
        return tuple(each for each in self.departments if each.sent)

    def source(self, sheet: str) -> str:
        """Where the figures of a table stand with their own cells."""
        return f"{self.summary} › {sheet}"


def rank(facts: ReportedRound) -> tuple[Ranked, ...]:
    """The departments with a score, the best first; those with projects alone only where nobody has more."""
    whole = any(each.has_overall for each in facts.departments)
    scored = [
        (each.score, each)
        for each in facts.departments
        if each.score is not None and (each.has_overall or not whole)
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1].department))
    places: dict[Decimal, int] = {}
    for place, (score, _) in enumerate(scored, start=1):
        places.setdefault(score, place)
    return tuple(Ranked(places[score], each, facts.scheme.grade_of(score)) for score, each in scored)


def round_report(facts: ReportedRound) -> Document:
    """The report. What is not known is a gap, and what the scheme says nothing of is said to be open."""
    ranking, round_ = rank(facts), facts.round
    parts = (
        (say("总体情况"), _overview(facts)),
        (say("评价结果"), _results(facts, ranking)),
        (say("预算执行情况"), _execution(facts)),
        (say("共性问题"), _problems(facts)),
        (say("评价结果应用建议"), _use(facts, ranking)),
        (say("有关说明"), _remarks(facts, ranking)),
    )
    chapters = [
        Chapter(title, (Heading(1, say("{number}、{title}", number=numeral(number), title=title)), *blocks))
        for number, (title, blocks) in enumerate(parts, start=1)
    ]
    closing = Chapter("", (Paragraph((gap(say("单位落款和成文日期")),)),))
    title = say(
        "{jurisdiction}\n{year}年度部门预算绩效评价总报告",
        jurisdiction=facts.scheme.jurisdiction,
        year=round_.year,
    )
    values = {
        "批次": one_line(round_.name),
        "年度": str(round_.year),
        "方案": facts.scheme.title,
        "地区": facts.scheme.jurisdiction,
        "部门数": str(len(facts.sent)),
    }
    return Document(title, (*chapters, closing), values)


def _text(said: str) -> Paragraph:
    return Paragraph((Run(said),))


def _overview(facts: ReportedRound) -> Iterator[Block]:
    yield Heading(2, say("（一）报送情况"))
    sent, forms = len(facts.sent), sum(each.forms for each in facts.sent)
    said = say("共收到{sent}个部门报送的自评材料，采用报送表{forms}张。", sent=sent, forms=forms)
    if due := sum(each.due for each in facts.departments):
        missing, late = (
            sum(getattr(each, name) for each in facts.departments) for name in ("missing", "late")
        )
        said += say("按名册应报{due}张，未报{missing}张，迟报{late}张。", due=due, missing=missing, late=late)
    if facts.unused:
        said += say("另有{unused}个文件或工作表不是可用的报送表。", unused=facts.unused)
    yield _text(said)
    lacking = [each.department for each in facts.departments if not each.sent]
    if lacking:
        yield _text(say("没有报送的部门{count}个：{lacking}。", count=len(lacking), lacking=_listed(lacking)))
    yield Heading(2, say("（二）审核情况"))
    yield from _audit(facts)


def _listed(names: Sequence[str]) -> str:
    more = say("等{count}个", count=len(names)) if len(names) > _FEW else ""
    return say("、").join(names[:_FEW]) + more


def _audit(facts: ReportedRound) -> Iterator[Block]:
    counts: dict[str, int] = defaultdict(int)
    for each in facts.departments:
        counts[each.status] += 1
    mend, verify = (
        sum(each.mend for each in facts.departments),
        sum(each.verify for each in facts.departments),
    )
    yield _text(
        say(
            "审核发现须修改的问题{mend}处，须核实的问题{verify}处。各部门的审核结论如下。",
            mend=mend,
            verify=verify,
        )
    )
    yield Table(
        caption=say("审核结论"),
        columns=(Column(say("结论")), Column(say("部门数"), Kind.COUNT), Column(say("占比"), Kind.RATE)),
        rows=tuple(
            (status, str(count), _share(count, len(facts.departments)))
            for status, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        source=facts.source(say("部门汇总、报送情况")),
    )


def _share(part: int | Decimal | None, whole: int | Decimal | None) -> str:
    return show_percent(Decimal(part) / whole) if part is not None and whole else ""


def _results(facts: ReportedRound, ranking: Sequence[Ranked]) -> Iterator[Block]:
    yield Heading(2, say("（一）得分和等级"))
    if not ranking:
        yield _text(say("没有可以计分的部门。"))
        return
    scores = [each.facts.score for each in ranking if each.facts.score is not None]
    average = round_half_up(sum(scores, ZERO) / len(scores), 2)
    yield _text(
        say(
            "可以计分的部门{count}个，平均{average}分，中位数{scores}分，"
            "最高{scores2}分（{department}），"
            "最低{scores3}分（{department2}）。",
            count=len(ranking),
            average=show(average),
            scores=show(_median(scores)),
            scores2=show(scores[0]),
            department=ranking[0].facts.department,
            scores3=show(scores[-1]),
            department2=ranking[-1].facts.department,
        )
    )
    if open_ones := sum(each.facts.mend > 0 for each in ranking):
        yield _text(
            say("其中{open_ones}个部门的报送表须修改后重报，其得分、等级和名次为暂定。", open_ones=open_ones)
        )
    yield _grades(facts, ranking)
    yield _intervals(facts, scores)
    yield Heading(2, say("（二）排名"))
    yield from _ranking(facts, ranking)


def _median(scores: Sequence[Decimal]) -> Decimal:
    middle = len(scores) // 2
    both = (scores[middle] + scores[-middle - 1]) / 2
    return round_half_up(both, 2)


def _grades(facts: ReportedRound, ranking: Sequence[Ranked]) -> Table:
    money = sum_known(each.facts.budget for each in ranking)
    rows = []
    above = ZERO
    for cut in facts.scheme.grades:
        own = [each for each in ranking if each.grade == cut.grade]
        budget = sum_known(each.facts.budget for each in own)
        title = (
            say("{low}分以上", low=plain(cut.low)) if cut.low else say("{above}分以下", above=plain(above))
        )
        counted = str(len(own)), _share(len(own), len(ranking))
        rows.append((cut.grade, title, *counted, shown(budget), _share(budget, money)))
        above = cut.low
    return Table(
        caption=say("等级分布"),
        columns=(
            *(
                Column(say("等级"), Kind.MARK),
                Column(say("分数"), Kind.MARK),
                Column(say("部门数"), Kind.COUNT),
            ),
            *(
                Column(say("占比"), Kind.RATE),
                Column(say("全年预算数"), Kind.AMOUNT),
                Column(say("占比"), Kind.RATE),
            ),
        ),
        rows=tuple(rows),
        unit=WAN,
        source=facts.source(say("部门汇总")),
    )


def _intervals(facts: ReportedRound, scores: Sequence[Decimal]) -> Table:
    """Intervals of five points down to 60; those above the best and below the worst are left out."""
    lows = range(100 - _STEP, _LOWEST - 1, -_STEP)
    titles = [
        say("{lows}（含）以上", lows=lows[0]),
        *(say("{low}（含）至{low2}", low=low, low2=low + _STEP) for low in lows[1:]),
        say("{lowest}以下", lowest=_LOWEST),
    ]
    bounds = [*lows, None]
    counts = [sum(_interval(score, lows) == low for score in scores) for low in bounds]
    filled = [at for at, count in enumerate(counts) if count]
    shown_ones = range(filled[0], filled[-1] + 1)
    return Table(
        caption=say("得分分布"),
        columns=(Column(say("分数段")), Column(say("部门数"), Kind.COUNT), Column(say("占比"), Kind.RATE)),
        rows=tuple((titles[at], str(counts[at]), _share(counts[at], len(scores))) for at in shown_ones),
        source=facts.source(say("部门汇总")),
    )


def _interval(score: Decimal, lows: Sequence[int]) -> int | None:
    """The lower end of a score's interval, None below all of them."""
    return next((low for low in lows if score >= low), None)


def _ranking(facts: ReportedRound, ranking: Sequence[Ranked]) -> Iterator[Block]:
    half = _MOST // 2
    listed = ranking if len(ranking) <= _MOST else (*ranking[:half], *ranking[-half:])
    if len(listed) < len(ranking):
        yield _text(
            say(
                "下表列出前{half}名和后{half}名，其余{count}个部门见《部门汇总》。",
                half=half,
                count=len(ranking) - len(listed),
            )
        )
    yield Table(
        caption=say("部门得分和排名"),
        columns=(
            *(Column(say("名次"), Kind.COUNT), Column(say("部门")), Column(say("得分"), Kind.SCORE)),
            *(
                Column(say("等级"), Kind.MARK),
                Column(say("全年预算数"), Kind.AMOUNT),
                Column(say("全年执行数"), Kind.AMOUNT),
            ),
            *(Column(say("执行率"), Kind.RATE), Column(say("主要扣分"))),
        ),
        rows=tuple(_ranked_row(each) for each in listed),
        unit=say("{wan}、{points}", wan=WAN, points=POINTS),
        source=facts.source(say("部门汇总")),
    )
    placed = {each.facts.department for each in ranking}
    rest = [each for each in facts.sent if each.department not in placed]
    if rest:
        reasons = say("；").join(
            say(
                "{department}（{remark}）",
                department=each.department,
                remark=each.remark or say("有报送表不能计分"),
            )
            for each in rest[:_MOST]
        )
        yield _text(say("没有名次的部门{count}个：{reasons}。", count=len(rest), reasons=reasons))


def _ranked_row(ranked: Ranked) -> tuple[str, ...]:
    own = ranked.facts
    rate = quotient(own.executed, own.budget)
    return (
        *(str(ranked.place), own.department, shown(own.score), ranked.grade),
        *(shown(own.budget), shown(own.executed), "" if rate is None else show_percent(rate), own.losses),
    )


class _Spent(NamedTuple):
    """Money of a department or of one of its projects ("" for the whole)."""

    department: str
    project: str
    budget: Decimal
    executed: Decimal

    @property
    def rate(self) -> Decimal:
        return self.executed / self.budget


def _spent(departments: Iterable[DepartmentFacts], *, projects: bool) -> Iterator[_Spent]:
    for each in departments:
        lines = (
            [(one.name, one.budget, one.executed) for one in each.projects]
            if projects
            else [("", each.budget, each.executed)]
        )
        for name, budget, executed in lines:
            if budget is not None and executed is not None and budget > 0:
                yield _Spent(each.department, name, budget, executed)


def _execution(facts: ReportedRound) -> Iterator[Block]:
    yield Heading(2, say("（一）总体执行"))
    whole = list(_spent(facts.sent, projects=False))
    if not whole:
        yield _text(say("没有预算数、执行数齐全的部门。"))
    else:
        yield _text(_totals(whole, say("部门")))
    projects = list(_spent(facts.sent, projects=True))
    if projects:
        yield _text(_totals(projects, say("有自评表的项目")))
    yield Heading(2, say("（二）执行偏低的部门和项目"))
    yield from _weak(facts, whole, projects)


def _totals(lines: Sequence[_Spent], what: str) -> str:
    money = [(each.budget, each.executed) for each in lines]
    budget, executed = (sum((pair[at] for pair in money), ZERO) for at in (0, 1))
    rate, average = pooled(money) or ZERO, mean([each.rate for each in lines]) or ZERO
    return say(
        "{count}个{what}全年预算合计{budget}万元，全年执行合计{executed}万元，"
        "按金额合计的执行率{rate}，执行率的简单平均{average}。",
        count=len(lines),
        what=what,
        budget=show(budget),
        executed=show(executed),
        rate=show_percent(rate),
        average=show_percent(average),
    )


def _weak(facts: ReportedRound, whole: Sequence[_Spent], projects: Sequence[_Spent]) -> Iterator[Block]:
    threshold = facts.scheme.execution.reason_below
    if threshold is None:
        yield _text(
            say("评价方案《{title}》没有规定执行率偏低的界限，本报告不列名单。", title=facts.scheme.title)
        )
        return
    low = [each for each in chain(whole, projects) if each.rate * HUNDRED < threshold]
    low.sort(key=lambda each: (each.rate, each.department, each.project))
    if not low:
        yield _text(say("没有执行率低于{threshold}%的部门和项目。", threshold=plain(threshold)))
        return
    left = sum((each.budget - each.executed for each in low if each.project), ZERO)
    departments = sum(not each.project for each in low)
    listed = say("，下表列出最低的{most}个", most=_MOST) if len(low) > _MOST else ""
    yield _text(
        say(
            "执行率低于{threshold}%的部门{departments}个、项目{count}个，其中项目未执行{left}万元{listed}。",
            threshold=plain(threshold),
            departments=departments,
            count=len(low) - departments,
            left=show(left),
            listed=listed,
        )
    )
    yield Table(
        caption=say("执行率偏低的部门和项目"),
        columns=(
            *(Column(say("部门")), Column(say("项目"))),
            *(Column(title, Kind.AMOUNT) for title in (say("全年预算数"), say("全年执行数"))),
            *(Column(say("执行率"), Kind.RATE), Column(say("未执行"), Kind.AMOUNT)),
        ),
        rows=tuple(
            (
                *(
                    each.department,
                    each.project or say("（部门整体）"),
                    show(each.budget),
                    show(each.executed),
                ),
                *(show_percent(each.rate), show(each.budget - each.executed)),
            )
            for each in low[:_MOST]
        ),
        unit=WAN,
        source=facts.source(say("部门汇总、项目汇总")),
    )


@dataclass(slots=True)
class _Common:
    """A kind of problem over the round; the example is its first department's."""

    title: str
    severity: Severity
    example: str
    departments: int = 0
    count: int = 0


def _problems(facts: ReportedRound) -> Iterator[Block]:
    found = sorted(_gathered(facts), key=lambda each: (-each.departments, -each.count, each.title))
    if not found:
        yield _text(say("审核没有发现须修改或须核实的问题。"))
        return
    listed = found[:_MOST_PROBLEMS]
    more = say("，下表列出最常见的{count}类", count=len(listed)) if len(found) > len(listed) else ""
    yield _text(
        say(
            "审核发现的问题共{count}类，按涉及部门数从多到少排列{more}；例子各取一处。",
            count=len(found),
            more=more,
        )
    )
    yield Table(
        caption=say("常见问题"),
        columns=(
            *(Column(say("问题")), Column(say("性质"), Kind.MARK), Column(say("部门数"), Kind.COUNT)),
            *(Column(say("处数"), Kind.COUNT), Column(say("例子"))),
        ),
        rows=tuple(
            (
                *(each.title, say("须核实") if each.severity is Severity.WARNING else say("须修改")),
                *(str(each.departments), str(each.count), each.example),
            )
            for each in listed
        ),
        source=facts.source(say("审核发现")),
    )
    yield Paragraph((gap(say("各类问题产生的原因和改进要求")),))


def _gathered(facts: ReportedRound) -> Iterator[_Common]:
    kinds: dict[str, _Common] = {}
    for each in facts.departments:
        for problem in each.problems:
            if problem.code not in kinds:
                title = facts.titles.get(problem.code, problem.code)
                example = say("{department}：{example}", department=each.department, example=problem.example)
                kinds[problem.code] = _Common(title, problem.severity, example)
            known = kinds[problem.code]
            if known.severity is not problem.severity:
                known.severity = min(known.severity, problem.severity, key=lambda severity: severity.rank)
            known.departments += 1
            known.count += problem.count
    yield from kinds.values()


def _use(facts: ReportedRound, ranking: Sequence[Ranked]) -> Iterator[Block]:
    yield Heading(2, say("（一）与预算安排挂钩"))
    scheme = facts.scheme
    graded, ruled = any(cut.use for cut in scheme.grades), bool(scheme.uses) and not is_proposed(scheme)
    if graded:
        yield _text(say("按评价方案《{title}》的规定，各等级的结果应用如下。", title=scheme.title))
    elif ruled:
        yield _text(say("按评价方案《{title}》的规定，结果应用如下。", title=scheme.title))
    else:
        yield _text(
            say(
                "评价方案《{title}》没有规定评价结果怎样与预算安排挂钩，"
                "本报告不提出增减预算的建议；下表按等级列出部门和资金，供研究。",
                title=scheme.title,
            )
        )
    if ruled and facts.tallies:
        yield _by_rule(facts)
    if graded or not ruled:
        yield _by_grade(facts, ranking)
    if not ruled:
        yield Paragraph((gap(say("结果应用的意见")),))
    yield Heading(2, say("（二）整改"))
    yield from _mending(facts)


def _by_rule(facts: ReportedRound) -> Table:
    """What the sheet 结果应用 decides, counted."""
    return Table(
        caption=say("按规则的结果应用"),
        columns=(
            *(Column(say("范围"), Kind.MARK), Column(say("结果应用"), Kind.MARK)),
            *(Column(say("个数"), Kind.COUNT), Column(say("全年预算数"), Kind.AMOUNT)),
            *(Column(say("压减金额"), Kind.AMOUNT), Column(say("部门"))),
        ),
        rows=tuple(
            (
                *(LEVELS[each.level], each.word, str(len(each.names)), shown(each.budget)),
                *(shown(each.reduction), _listed([*dict.fromkeys(map(one_line, each.names))])),
            )
            for each in facts.tallies
        ),
        unit=WAN,
        source=facts.source(say("结果应用")),
    )


def _by_grade(facts: ReportedRound, ranking: Sequence[Ranked]) -> Table:
    lines = (
        (each.facts.department, each.grade, (each.facts.budget, each.facts.executed)) for each in ranking
    )
    return Table(
        caption=say("按等级的结果应用"),
        columns=(
            *(
                Column(say("等级"), Kind.MARK),
                Column(say("应用规定")),
                Column(say("部门数"), Kind.COUNT),
            ),
            *(Column(say("全年预算数"), Kind.AMOUNT), Column(say("部门"))),
        ),
        rows=tuple(
            (
                *(each.grade, each.rule or say("方案未规定"), str(len(each.names))),
                *(shown(each.budget), _listed(each.names)),
            )
            for each in by_grade(lines, facts.scheme)
        ),
        unit=WAN,
        source=facts.source(say("部门汇总")),
    )


def _mending(facts: ReportedRound) -> Iterator[Block]:
    owing = [each for each in facts.departments if each.mend or each.missing]
    if not owing:
        yield _text(say("没有须修改或补报的部门。"))
        return
    owing.sort(key=lambda each: (-each.mend, -each.missing, each.department))
    listed = say("，下表列出须修改最多的{most}个", most=_MOST) if len(owing) > _MOST else ""
    yield _text(
        say(
            "须修改或补报的部门{count}个{listed}；逐条意见见各部门的审核反馈。",
            count=len(owing),
            listed=listed,
        )
    )
    yield Table(
        caption=say("须修改或补报的部门"),
        columns=(
            *(Column(say("部门")), Column(say("审核结论"), Kind.MARK)),
            *(
                Column(title, Kind.COUNT)
                for title in (say("须修改（处）"), say("请核实（处）"), say("缺报（张）"))
            ),
        ),
        rows=tuple(
            (each.department, each.status, str(each.mend), str(each.verify), str(each.missing))
            for each in owing[:_MOST]
        ),
        source=facts.source(say("部门汇总、报送情况")),
    )


def _remarks(facts: ReportedRound, ranking: Sequence[Ranked]) -> Iterator[Block]:
    scheme = facts.scheme
    yield _text(
        say(
            "1.评价依据：{regulations}。评价方案：{title}。",
            regulations=say("；").join(scheme.regulations),
            title=scheme.title,
        )
    )
    yield _text(
        say(
            "2.得分为采用得分：部门的自评得分与规则相符的用自评得分，不符的用按规则核算的得分；"
            "规则不能确定的部分沿用自评得分。部门得分有综合得分（各表按资金占比加权）的用综合得分。"
        )
    )
    shares = [each.facts.verified_share for each in ranking if each.facts.verified_share is not None]
    average = mean(shares)
    if average is not None:
        yield _text(
            say(
                "3.各部门分值中能够按规则和所填数据直接核定的比例，平均为{average}%；其余须由人工判断。",
                average=show(round_half_up(average, 2)),
            )
        )
    yield _text(say("4.金额单位为万元。报送表没有填的数不推算，也不作零处理，不计入合计和平均。"))
