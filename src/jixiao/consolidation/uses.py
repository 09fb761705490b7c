"""What results are used for（结果应用）: the scheme's rules on departments and projects, and the sheet.

The first rule all of whose conditions hold decides. What is not known leaves a condition open, and a rule
with an open condition leaves the result open: nothing that comes after it may decide in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.edition import SOURCES, shown_department
from jixiao.consolidation.totals import funds, quotient, rate, rate_column, sum_known
from jixiao.consolidation.words import LEVELS, OUTCOMES
from jixiao.domain.amounts import HUNDRED, round_half_up, show
from jixiao.domain.findings import OUR_MISTAKES, Severity
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.domain.reviews import Level, Outcome
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jixiao.consolidation.departments import Standing
    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.totals import Money
    from jixiao.domain.cells import CellRef
    from jixiao.domain.report import Content
    from jixiao.domain.reviews import UseRule
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard

SHEET = say("结果应用")
OPEN, UNRULED = say("未定"), say("没有适用的规则")


@dataclass(frozen=True, slots=True)
class Result:
    """What rules look at, of a department or one of its projects (`project` "": the department).

    Scores in points, amounts in 万元, `last_rate` in percent; None: not known. `errors` have to be mended
    still. `cells` say where the figures stand, by name; the score of a composite stands in none.
    """

    department: str
    project: str
    score: Decimal | None
    budget: Decimal | None
    executed: Decimal | None
    errors: int
    last_score: Decimal | None = None
    last_rate: Decimal | None = None
    cells: Mapping[str, CellRef] | None = None

    @property
    def level(self) -> Level:
        """Whose result it is."""
        return Level.PROJECT if self.project else Level.DEPARTMENT

    @property
    def rate(self) -> Decimal | None:
        """The execution rate in percent, not rounded."""
        found = quotient(self.executed, self.budget)
        return None if found is None else found * HUNDRED


def results_of(evaluation: Evaluation, dossier: Dossier) -> tuple[Result, ...]:
    """A department's own result, its score still open, then those of its projects."""
    overall = dossier.overall
    wrong = sum(map(_is_open, dossier.findings))
    last = {
        row.label: row.before
        for row in evaluation.followup.years.get(dossier.department, ())
        if not row.project
    }
    rate_before = _figure(last.get("执行率"))
    own = Result(
        *(dossier.department, "", None, None, None, wrong),
        last_score=_figure(last.get("采用得分")),
        last_rate=None if rate_before is None else rate_before * HUNDRED,
        cells=_cells(overall, scored=dossier.composite is None) if overall else {},
    )
    return (own, *(_project(card, dossier) for card in dossier.projects))


def _is_open(finding: ReportedFinding) -> bool:
    """Whether a department has something to mend still."""
    asked = finding.severity in {Severity.BLOCKING, Severity.ERROR} and finding.code not in OUR_MISTAKES
    return asked and not finding.excused


def _figure(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _project(card: ScoreCard, dossier: Dossier) -> Result:
    form = card.submission
    wrong = sum(
        _is_open(each) and (each.file, each.sheet, each.project) == (form.file, form.sheet, form.project)
        for each in dossier.findings
    )
    return Result(
        *(dossier.department, form.project, card.total.accepted_score, *funds(card), wrong),
        cells=_cells(card, scored=True),
    )


def _cells(card: ScoreCard, *, scored: bool) -> dict[str, CellRef]:
    """Where total and amounts stand; the total only where the score is the form's."""
    form = card.submission
    entries = {"score": form.total.get("self_score") or form.fields.get("total_score")} if scored else {}
    if card.execution:
        line = card.execution.line
        entries |= {name: line.entries.get(name) for name in ("annual_budget", "executed")}
    return {name: entry.ref for name, entry in entries.items() if entry}


class Decision(NamedTuple):
    """What follows of a result: the rule that decided, or why none could, and the figures looked at."""

    result: Result
    rule: UseRule | None
    undecided: str
    grounds: str
    grade: str
    state: str

    @property
    def word(self) -> str:
        """保持, 整改, 压减, the jurisdiction's own words, or that nothing is decided."""
        if self.rule is None:
            return OPEN if self.undecided != UNRULED else say("未规定")
        return OUTCOMES[self.rule.outcome].text if self.rule.outcome else self.rule.text

    @property
    def reduction(self) -> Decimal | None:
        """By how much 万元 the budget is cut; None where no rule says how much."""
        if self.rule is None or self.rule.reduce is None or self.result.budget is None:
            return None
        return self.result.budget * self.rule.reduce / HUNDRED


def decide(results: Iterable[Result], ranking: Sequence[Standing], scheme: Scheme) -> tuple[Decision, ...]:
    """What follows of all results, departments first in the order of their rank; nothing without rules."""
    if not scheme.uses:
        return ()
    found: dict[str, list[Result]] = {}
    for each in results:
        found.setdefault(each.department, []).append(each)
    departments: list[Decision] = []
    projects: list[Decision] = []
    for line in ranking:
        ranked = line.ranked
        for each in found.get(ranked.department, ()):
            if each.project:
                projects.append(_decided(each, line, scheme))
            else:
                own = replace(
                    each,
                    score=ranked.accepted_score,
                    budget=ranked.annual_budget,
                    executed=ranked.executed,
                )
                departments.append(_decided(own, line, scheme))
    return (*departments, *projects)


def _decided(result: Result, line: Standing, scheme: Scheme) -> Decision:
    grade = "" if result.score is None else scheme.grade_of(result.score)
    state = settled_state(result.score, settled=line.status.tone is Tone.GOOD and not result.errors)
    for rule in scheme.uses:
        if result.level not in rule.levels:
            continue
        asked = list(_conditions(rule, result, grade))
        if any(holds is False for holds, _ in asked):
            continue
        said = [(holds, tell()) for holds, tell in asked]
        grounds = say("；").join(each for _, each in said) or say("其余情形")
        open_ones = [each for holds, each in said if holds is None]
        if open_ones:
            undecided = say(
                "“{title}”是否适用不能确定：{open_ones}",
                title=rule.title,
                open_ones=say("、").join(open_ones),
            )
            return Decision(result, None, undecided, grounds, grade, state)
        return Decision(result, rule, "", grounds, grade, state)
    return Decision(result, None, UNRULED, "", grade, state)


SETTLED, PROVISIONAL, UNSCORED = say("已审核"), say("暂定"), say("未定")


def settled_state(score: Decimal | None, *, settled: bool) -> str:
    """Whether a score stands: what has still to be mended may change it."""
    if score is None:
        return UNSCORED
    return SETTLED if settled else PROVISIONAL


_Condition = tuple[bool | None, "Callable[[], str]"]
"""Whether a condition holds (None: not known), and what tells the figure that it looks at."""


def _conditions(rule: UseRule, result: Result, grade: str) -> Iterator[_Condition]:
    """All conditions of a rule with what the result says to them."""
    score = partial(_placed, say("采用得分"), result.score, result, "score")
    if rule.grades:
        yield grade in rule.grades if grade else None, partial(_graded, grade, score)
    if rule.score_from is not None or rule.score_below is not None:
        yield _within(result.score, rule.score_from, rule.score_below), score
    if rule.rate_from is not None or rule.rate_below is not None:
        rate = partial(_placed, say("执行率"), result.rate, result, "executed", "annual_budget")
        yield _within(result.rate, rule.rate_from, rule.rate_below), rate
    if rule.last_score_below is not None:
        last = partial(_of_last_year, say("上年得分"), result.last_score)
        yield _within(result.last_score, None, rule.last_score_below), last
    if rule.last_rate_below is not None:
        last = partial(_of_last_year, say("上年执行率"), result.last_rate)
        yield _within(result.last_rate, None, rule.last_rate_below), last
    if rule.errors_from is not None:
        yield result.errors >= rule.errors_from, partial(_owed, result.errors)


def _graded(grade: str, score: Callable[[], str]) -> str:
    return say("等级 {grade}（{score}）", grade=grade, score=score()) if grade else score()


def _owed(errors: int) -> str:
    return say("未改正的问题 {errors} 项", errors=errors)


def _of_last_year(title: str, figure: Decimal | None) -> str:
    return f"{title} {say('台账里没有上年的结果') if figure is None else show(figure)}"


def _within(figure: Decimal | None, low: Decimal | None, high: Decimal | None) -> bool | None:
    if figure is None:
        return None
    return (low is None or figure >= low) and (high is None or figure < high)


def _placed(title: str, figure: Decimal | None, result: Result, *names: str) -> str:
    """A figure with the cells that it rests on: 执行率 62.00%（附件2!F6、E6）."""
    if figure is None:
        return say("{title}未定", title=title) if names == ("score",) else say("{title}不掌握", title=title)
    unit = "" if names == ("score",) else "%"
    refs = [result.cells[name] for name in names if result.cells and name in result.cells]
    places = (
        say("（{sheet}!{a1}）", sheet=refs[0].sheet, a1=say("、").join(ref.a1 for ref in refs))
        if refs
        else ""
    )
    return f"{title} {show(round_half_up(figure, 2))}{unit}{places}"


def use_sheet(decisions: Sequence[Decision], edition: Edition) -> Iterator[SheetSpec]:
    """结果应用: one department or project a row; no sheet where no rule was applied."""
    scheme = edition.round.scheme
    if not decisions:
        return
    columns = (
        *(ColumnSpec("范围", Kind.MARK), ColumnSpec("部门", wrap=22), ColumnSpec("项目", wrap=24)),
        *(ColumnSpec("采用得分", Kind.SCORE), ColumnSpec("等级", Kind.MARK)),
        *(ColumnSpec("全年预算数", Kind.AMOUNT), ColumnSpec("全年执行数", Kind.AMOUNT)),
        *(rate_column("执行率", scheme), ColumnSpec("未改正问题", Kind.COUNT)),
        *(
            ColumnSpec(SHEET, Kind.MARK),
            ColumnSpec("压减比例", Kind.RATE),
            ColumnSpec("压减金额", Kind.AMOUNT),
        ),
        *(ColumnSpec("适用的规则", wrap=22), ColumnSpec("依据的数", wrap=34), ColumnSpec("措施", wrap=26)),
        *(ColumnSpec("得分状态", Kind.MARK), SOURCES),
    )
    sheet = SheetSpec(
        name=SHEET,
        about=say("一行一个部门或项目：按哪条规则、依据哪些数得出保持、整改或压减，涉及多少资金"),
        title=edition.title(SHEET),
        note=edition.note(reading_of(scheme)),
        columns=columns,
        rows=tuple(_row(each, edition) for each in decisions),
        totals=tuple(_totals(decisions, scheme)),
        fixed=3,
        empty=say("没有部门。"),
        banded=True,
    )
    yield reduced(sheet, scheme)


def reduced(sheet: SheetSpec, scheme: Scheme) -> SheetSpec:
    """The sheet without its columns for cuts where no rule says how much is cut."""
    if any(rule.reduce is not None for rule in scheme.uses):
        return sheet
    kept = [column.title not in {"压减比例", "压减金额"} for column in sheet.columns]
    return replace(
        sheet,
        columns=tuple(compress(sheet.columns, kept)),
        rows=tuple(tuple(compress(row, kept)) for row in sheet.rows),
        totals=tuple(tuple(compress(row, kept)) for row in sheet.totals),
    )


def is_proposed(scheme: Scheme) -> bool:
    """Whether its rules on the use of results are proposals alone: no regulation asks for them."""
    return all(rule.proposed for rule in scheme.uses)


def reading_of(scheme: Scheme) -> str:
    """What the rules rest on, and how to read what they give."""
    basis = (
        say(
            "《{title}》没有规定评价结果怎样与预算安排挂钩，下列各条只是供研究的建议，采用与否由财政部门决定。",
            title=scheme.title,
        )
        if is_proposed(scheme)
        else say("按《{title}》规定的结果应用。", title=scheme.title)
    )
    return say(
        "{basis}从上到下第一条全部条件都符合的规则适用；条件所需的数不掌握的写“{open}”，不推定。"
        "“暂定”的得分在报送材料补正后可能变动。部门的金额含其项目，两者不相加。",
        basis=basis,
        open=OPEN,
    )


def _row(decision: Decision, edition: Edition) -> tuple[Content, ...]:
    result, rule = decision.result, decision.rule
    share = rule.reduce if rule else None
    ref = next(iter((result.cells or {}).values()), None)
    return (
        *(LEVELS[result.level], shown_department(result.department), result.project or None),
        *(result.score, decision.grade or None, result.budget, result.executed),
        *(rate(result.executed, result.budget), result.errors, marked(decision)),
        *(None if share is None else share / HUNDRED, _reduced(decision)),
        *(rule.title if rule else decision.undecided, decision.grounds or None),
        *((rule.text or None) if rule else None, marked_state(decision.state)),
        edition.source(ref.file, ref.sheet, ref.a1) if ref else None,
    )


def marked(decision: Decision) -> Toned | str:
    """The word for what follows, coloured."""
    rule = decision.rule
    if rule is None:
        return Toned(decision.word, Tone.NOTE)
    return OUTCOMES[rule.outcome] if rule.outcome else rule.text


def marked_state(state: str) -> Toned:
    """Whether a score stands, coloured."""
    return Toned(state, {SETTLED: Tone.GOOD, PROVISIONAL: Tone.DOUBT}.get(state, Tone.NOTE))


def _reduced(decision: Decision) -> Content:
    amount = decision.reduction
    return None if amount is None else Formula("[全年预算数]*[压减比例]", amount)


class Tally(NamedTuple):
    """Departments, each as often as it has such projects where it is about these, and the money (万元)."""

    level: Level
    word: str
    names: tuple[str, ...]
    budget: Decimal | None
    reduction: Decimal | None


def tallied(decisions: Sequence[Decision], scheme: Scheme) -> tuple[Tally, ...]:
    """The decisions by level and by what follows; what the rules know and concerns nobody is there too."""
    found: list[Tally] = []
    for level in Level:
        own = [each for each in decisions if each.result.level is level]
        for word in _words(own, scheme) if own else ():
            same = [each for each in own if each.word == word]
            budget = sum_known(each.result.budget for each in same)
            reduction = sum_known(each.reduction for each in same)
            names = tuple(shown_department(each.result.department) for each in same)
            found.append(Tally(level, word, names, budget, reduction))
    return tuple(found)


def _words(decisions: Sequence[Decision], scheme: Scheme) -> list[str]:
    """What may follow: kept, to mend, reduced, words of the jurisdiction's own, then what is open."""
    rules = sorted(scheme.uses, key=lambda rule: _ORDER[rule.outcome] if rule.outcome else len(_ORDER))
    words = (OUTCOMES[rule.outcome].text if rule.outcome else rule.text for rule in rules)
    return list(dict.fromkeys((*words, *(each.word for each in decisions))))


class GradeUse(NamedTuple):
    """Of a grade what the scheme rules ("" nothing), and whom and how much money (万元) it concerns."""

    grade: str
    rule: str
    names: tuple[str, ...]
    budget: Decimal | None
    executed: Decimal | None


def by_grade(lines: Iterable[tuple[str, str, Money]], scheme: Scheme) -> tuple[GradeUse, ...]:
    """The grades of the scheme, each with the departments that have it; `lines` are name, grade and money."""
    given = list(lines)
    found: list[GradeUse] = []
    for cut in scheme.grades:
        own = [(name, money) for name, grade, money in given if grade == cut.grade]
        amounts = (sum_known(money[place] for _, money in own) for place in (0, 1))
        found.append(GradeUse(cut.grade, cut.use, tuple(name for name, _ in own), *amounts))
    return tuple(found)


_ORDER = {outcome: place for place, outcome in enumerate(Outcome)}


def _totals(decisions: Sequence[Decision], scheme: Scheme) -> Iterator[tuple[Content, ...]]:
    """Live counts and sums; departments apart from projects, whose money theirs holds."""
    for level in Level:
        own = [each for each in decisions if each.result.level is level]
        for word in _words(own, scheme):
            same = [each for each in own if each.word == word]
            if not same:
                continue
            wanted = f"[范围:],[范围],[{SHEET}:],[{SHEET}]"
            budget, executed, reduced = (
                sum_known(amounts)
                for amounts in (
                    [each.result.budget for each in same],
                    [each.result.executed for each in same],
                    [each.reduction for each in same],
                )
            )
            yield (
                *(
                    LEVELS[level],
                    say("合计"),
                    Formula(f'COUNTIFS({wanted})&"{say(" 个")}"', f"{len(same)}{say(' 个')}"),
                    None,
                    None,
                ),
                *(
                    _live(title, wanted, amount)
                    for title, amount in (("全年预算数", budget), ("全年执行数", executed))
                ),
                *(None, None, word, None, _live("压减金额", wanted, reduced)),
                *(None, None, None, None, None),
            )


def _live(title: str, wanted: str, value: Decimal | None) -> Content:
    return None if value is None else Formula(f"SUMIFS([{title}:],{wanted})", value)
