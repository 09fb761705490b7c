"""The consolidated workbook: its sheets in order, the page 总览 before them and the sheet 说明 behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from jixiao.consolidation.budget_lines import budget_sheet
from jixiao.consolidation.comparisons import comparison_names, comparison_sheet
from jixiao.consolidation.departments import department_sheet, rank
from jixiao.consolidation.findings import FindingCounts, finding_sheet, signal_sheet
from jixiao.consolidation.front_page import front_page
from jixiao.consolidation.indicators import indicator_sheet
from jixiao.consolidation.key_figures import key_figure_sheet, measure_head
from jixiao.consolidation.overviews import overview_names, overview_sheet
from jixiao.consolidation.projects import project_sheet, project_totals
from jixiao.consolidation.reconciliations import reconciliation_head
from jixiao.consolidation.rectification import last_year_head, mended_head, rectification_head
from jixiao.consolidation.rules import rule_sheet
from jixiao.consolidation.samples import sample_sheet
from jixiao.consolidation.sampling import draw
from jixiao.consolidation.scores import composite_sheet
from jixiao.consolidation.submissions import count_filings, explain_outcomes, submission_sheet, told
from jixiao.consolidation.supplements import appraisal_head, survey_head
from jixiao.consolidation.terms import term_sheet, unite_terms
from jixiao.consolidation.uses import decide, use_sheet
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Followup
from jixiao.domain.report import ColumnSpec, Link, SheetSpec, Tone, Toned
from jixiao.language import say, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.sampling import Sample
    from jixiao.consolidation.shares import Facts
    from jixiao.consolidation.uses import Decision
    from jixiao.domain.report import Content, PageSpec
    from jixiao.domain.rounds import Evaluation


@dataclass(frozen=True, slots=True)
class Gathered:
    """A round's facts: its departments', by name, and what concerns none of them.

    `evaluation` holds the round's forms (they may be light) with statuses, outcomes and filings, and of
    the findings those on no department; `counts` are of all findings.
    """

    evaluation: Evaluation
    facts: tuple[Facts, ...]
    counts: FindingCounts

    @property
    def causes(self) -> Counter[str]:
        """How many findings of each code ask for something: all but those that are only said."""
        own = self.evaluation.findings
        counts = Counter(each.code for each in own if each.severity is not Severity.INFO)
        for facts in self.facts:
            counts.update(facts.causes)
        return counts


def gather(evaluation: Evaluation, facts: Sequence[Facts]) -> Gathered:
    """Put the facts of the departments to what concerns none of them; `facts` stand by department's name."""
    counts = FindingCounts(evaluation.findings)
    for each in facts:
        counts.add(each.counts)
    said = [*told(evaluation.findings), *(each for own in facts for each in own.told)]
    whole = replace(
        evaluation,
        statuses={name: status for each in facts for name, status in each.statuses.items()},
        outcomes=tuple(explain_outcomes(evaluation.outcomes, said)),
        filings=tuple(record for each in facts for record in each.filings),
        followup=Followup(progress={each.department: each.progress for each in facts if each.progress}),
    )
    return Gathered(whole, tuple(facts), counts)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What follows of a round: whom to examine again, and what its results are used for."""

    sample: Sample | None
    decisions: tuple[Decision, ...]


def review(gathered: Gathered, edition: Edition) -> Reviewed:
    """Both, by the scheme's rules; the sample is drawn with the edition's seed."""
    facts, scheme = gathered.facts, edition.round.scheme
    candidates = (each for own in facts for each in own.candidates)
    ranking = rank([each.standings for each in facts])
    results = (each for own in facts for each in own.results)
    return Reviewed(draw(candidates, scheme, edition.seed), decide(results, ranking, scheme))


class RoundRows(Protocol):
    """The rows of all departments on the sheets of a round."""

    def has(self, sheet: str) -> bool:
        """Whether any department has rows on a sheet."""

    def place(self, sheet: SheetSpec, departments: Sequence[str | None], groups: int = 1) -> SheetSpec:
        """A sheet with their rows in that order: all of the first group, then all of the next.

        None stands for the rows that concern no department.
        """


def summary_sheets(
    gathered: Gathered,
    rows: RoundRows,
    edition: Edition,
    reviewed: Reviewed | None = None,
    closing: Callable[[Sequence[SheetSpec]], Iterable[SheetSpec]] = lambda _: (),
) -> tuple[SheetSpec, ...]:
    """All sheets; departments stand in the order of their rank wherever their order is free.

    `reviewed` is what follows of the round, where it is known already; `closing` gives the sheets that follow
    from all others.
    """
    facts = gathered.facts
    reviewed = reviewed or review(gathered, edition)
    silent = sum(not each.statuses for each in facts)
    ranking = rank([each.standings for each in facts])
    ranked = [each.ranked.department for each in ranking]
    by_name, own = [each.department for each in facts], {each.department: each for each in facts}
    in_order = [own[name] for name in ranked]
    nothing, place = replace(gathered.evaluation, findings=()), rows.place
    sheets = (
        department_sheet(ranking, edition, gathered.counts.by_severity.total()),
        *(place(sheet, ranked) for sheet in _money_sheets(in_order, edition)),
        place(indicator_sheet((), edition), ranked),
        place(finding_sheet(nothing, edition), [None, *by_name], len(Severity)),
        submission_sheet(gathered.evaluation, edition, gathered.counts),
        rule_sheet(edition),
        *(place(head, [None, *by_name]) for head in (rectification_head(edition),) if rows.has(head.name)),
        *use_sheet(reviewed.decisions, edition),
        *sample_sheet(reviewed.sample, edition, silent),
        *signal_sheet([signal for each in facts for signal in each.signals], edition),
        *term_sheet(unite_terms(term for each in facts for term in each.terms), edition),
        *key_figure_sheet([(each.department, each.figures) for each in in_order], edition),
        *_overview_sheets(in_order, edition),
        *(place(sheet, ranked) for sheet in _comparison_sheets(in_order, edition)),
        *(place(head, by_name) for head in _heads(edition) if rows.has(head.name)),
    )
    sheets = (*sorted(sheets, key=_interest), *closing(sheets))
    return (*sheets, legend_sheet(gathered, edition, sheets))


_ORDER = (
    *("部门汇总", "项目汇总", "审核发现", "整改清单", "整改情况", "报送情况", "结果应用", "抽查复核"),
    *("值得一看", "关键指标", ""),
    *("预算执行", "综合得分", "去年对比", "账表核对", "内部考核", "满意度调查"),
    *("指标明细", "关键指标明细", "评分规则", "待确认用语"),
)
"""The sheets as they are asked for: results, what is to be done, comparisons, then what these come from.

"" stands for those that a form's layout names.
"""


def _interest(sheet: SheetSpec) -> int:
    return _ORDER.index(sheet.name if sheet.name in _ORDER else "")


def _money_sheets(facts: Sequence[Facts], edition: Edition) -> Iterator[SheetSpec]:
    """Projects, composites and budgets; none of them under a scheme that scores by standards alone.

    Its departments send no projects and no budget lines, so that these sheets would be empty in every round.
    """
    scheme = edition.round.scheme
    if scheme.scores_by_criteria:
        return
    totals = project_totals([project for each in facts for project in each.projects])
    yield replace(project_sheet((), edition), totals=totals)
    if scheme.composite:
        yield composite_sheet((), edition)
    yield budget_sheet((), edition)


def _overview_sheets(facts: Sequence[Facts], edition: Edition) -> Iterator[SheetSpec]:
    for name in overview_names(edition.round.scheme):
        if rows := [each.overviews[name] for each in facts if name in each.overviews]:
            yield overview_sheet(name, rows, edition)


def _comparison_sheets(facts: Sequence[Facts], edition: Edition) -> Iterator[SheetSpec]:
    for name in comparison_names(edition.round.scheme):
        if items := [item for each in facts for item in each.items.get(name, ())]:
            yield comparison_sheet(name, items, edition)


def _heads(edition: Edition) -> Iterator[SheetSpec]:
    """The sheets that a round has only where it has rows for them."""
    rule = edition.round.scheme.appraisal
    yield mended_head(edition)
    yield last_year_head(edition)
    yield measure_head(edition)
    yield from (appraisal_head(rule, edition),) if rule else ()
    yield survey_head(edition)
    yield reconciliation_head(edition)


def summary_page(
    gathered: Gathered, edition: Edition, sheets: Sequence[SheetSpec], files: Mapping[str, str]
) -> PageSpec:
    """The page before the sheets; `files` are the departments' feedback workbooks beside this one."""
    ranking = rank([each.standings for each in gathered.facts])
    return front_page(gathered, ranking, edition, sheets, files)


def legend_sheet(gathered: Gathered, edition: Edition, sheets: Sequence[SheetSpec]) -> SheetSpec:
    """The last sheet: what the words and colours of the others mean, each of them linked."""
    rows = (
        *_about(gathered, edition),
        *_scores(),
        *_colours(),
        *((Link(sheet.shown, sheet=sheet.shown), sheet.about) for sheet in sheets),
        (say("程序版本"), f"jixiao {edition.version}"),
        *(((say("生成时间"), f"{edition.created:%Y-%m-%d %H:%M}"),) if edition.created else ()),
    )
    return SheetSpec(
        name="说明",
        title=edition.title(say("汇总说明")),
        note=say("先看“部门汇总”，再按需要点击下列工作表名查看明细；各表标题下均注明单位和读法。"),
        columns=(ColumnSpec(spoken("项目", "item")), ColumnSpec("内容", wrap=100)),
        rows=rows,
        filtered=False,
        single_page=True,
    )


def _about(gathered: Gathered, edition: Edition) -> tuple[tuple[Content, ...], ...]:
    scheme, found = edition.round.scheme, gathered.counts.by_severity
    counts = say("、").join(
        say("{text} {found} 项", text=SEVERITIES[level].text, found=found[level]) for level in Severity
    )
    return (
        (say("评价批次"), edition.round.name),
        (say("评价年度"), say("{year}年度", year=edition.round.year)),
        (
            say("评价方案"),
            say("{title}（{jurisdiction}）", title=scheme.title, jurisdiction=scheme.jurisdiction),
        ),
        (say("依据"), say("；").join(scheme.regulations)),
        (say("报送"), _sent(gathered.evaluation)),
        (say("审核发现"), counts),
        (say("单位"), say("金额为万元，得分为分；比例和执行率为百分数。空白表示不掌握，不等于零。")),
    )


def _sent(evaluation: Evaluation) -> str:
    """How much came, and by the roster how much should have."""
    sent = say(
        "{count} 个部门、{count2} 张报送表",
        count=len(evaluation.departments),
        count2=len(evaluation.submissions),
    )
    owed = count_filings(evaluation.filings)
    return say("{sent}；{owed}", sent=sent, owed=owed) if owed else sent


def _scores() -> tuple[tuple[Content, ...], ...]:
    return (
        (say("自评得分"), say("部门在自评表上填写的得分。")),
        (say("核算得分"), say("按评分规则计算的得分；规则不能确定的部分沿用自评得分。")),
        (say("采用得分"), say("财政部门继续使用的得分：自评得分成立的用自评得分，与规则不符的用核算得分。")),
        (
            say("部门得分"),
            say("综合得分（各表按资金占比加权）；没有的为部门整体得分；有表无法计分的留空，不排名。"),
        ),
        (say("可核实比例"), say("分值中能够按规则和所填数据直接核定得分的比例；其余须由人工判断。")),
    )


def _colours() -> tuple[tuple[Content, ...], ...]:
    return (
        (SEVERITIES[Severity.BLOCKING], say("文件或报送表不能使用，须修改后重报。")),
        (SEVERITIES[Severity.ERROR], say("数据有误或与规则不符，须修改后重报。")),
        (SEVERITIES[Severity.WARNING], say("值得核实，不影响报送。")),
        (SEVERITIES[Severity.INFO], say("供参考，或须由人工判断。")),
        (Toned(say("通过"), Tone.GOOD), say("没有须修改的问题。")),
    )
