"""The consolidated workbook: its sheets in order, and the sheet 说明 before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.appraisals import appraisal_sheet
from jixiao.consolidation.budget_lines import budget_sheet
from jixiao.consolidation.comparisons import comparison_sheets
from jixiao.consolidation.composites import composite_sheet
from jixiao.consolidation.departments import department_sheet
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.filings import count_filings
from jixiao.consolidation.findings import finding_sheet
from jixiao.consolidation.followups import mended_sheet
from jixiao.consolidation.indicators import indicator_sheet
from jixiao.consolidation.key_figures import measure_sheet
from jixiao.consolidation.overviews import overview_sheets
from jixiao.consolidation.projects import project_sheet
from jixiao.consolidation.ranking import rank_departments
from jixiao.consolidation.reconciliations import reconciliation_sheet
from jixiao.consolidation.rules import rule_sheet
from jixiao.consolidation.submissions import submission_sheet
from jixiao.consolidation.surveys import survey_sheet
from jixiao.consolidation.terms import term_sheet
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.findings import Severity
from jixiao.domain.report import ColumnSpec, Link, SheetSpec, Tone, Toned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Evaluation


def summary_sheets(
    evaluation: Evaluation, edition: Edition, dossiers: Sequence[Dossier] | None = None
) -> tuple[SheetSpec, ...]:
    """All sheets; departments stand in the order of their rank on each of them.

    `dossiers` may be passed where they have been gathered already.
    """
    gathered = gather_dossiers(evaluation) if dossiers is None else dossiers
    ranking = rank_departments(gathered, edition.round.scheme)
    ranked = [each.dossier for each in ranking]
    sheets = (
        department_sheet(ranking, edition),
        *_money_sheets(evaluation, ranked, edition),
        indicator_sheet(ranked, edition),
        finding_sheet(evaluation, edition),
        submission_sheet(evaluation, edition),
        *mended_sheet(evaluation, edition),
        rule_sheet(edition),
        *term_sheet(evaluation, edition),
        *overview_sheets(ranked, edition),
        *comparison_sheets(ranked, edition),
        *measure_sheet(evaluation, edition),
        *appraisal_sheet(evaluation, edition),
        *survey_sheet(evaluation, edition),
        *reconciliation_sheet(evaluation, edition),
    )
    return (cover_sheet(evaluation, edition, sheets), *sheets)


def _money_sheets(evaluation: Evaluation, ranked: Sequence[Dossier], edition: Edition) -> Iterator[SheetSpec]:
    """Projects, composites and budgets; none of them under a scheme that scores by standards alone.

    Its departments send no projects and no budget lines, so that these sheets would be empty in every round.
    """
    scheme = edition.round.scheme
    if scheme.scores_by_criteria:
        return
    yield project_sheet(ranked, edition)
    if scheme.composite:
        composites = [dossier.composite for dossier in ranked if dossier.composite]
        yield composite_sheet(composites, edition, evaluation.unfiled)
    yield budget_sheet(ranked, edition)


def cover_sheet(evaluation: Evaluation, edition: Edition, sheets: Sequence[SheetSpec]) -> SheetSpec:
    """The first sheet; `sheets` are those that follow, each linked."""
    rows = (
        *_about(evaluation, edition),
        *_scores(),
        *_colours(),
        *((Link(sheet.name, sheet=sheet.name), sheet.about) for sheet in sheets),
        ("程序版本", f"jixiao {edition.version}"),
        *((("生成时间", f"{edition.created:%Y-%m-%d %H:%M}"),) if edition.created else ()),
    )
    return SheetSpec(
        name="说明",
        title=edition.title("汇总说明"),
        note="先看“部门汇总”，再按需要点击下列工作表名查看明细；各表标题下均注明单位和读法。",
        columns=(ColumnSpec("项目"), ColumnSpec("内容", wrap=100)),
        rows=rows,
        filtered=False,
        single_page=True,
    )


def _about(evaluation: Evaluation, edition: Edition) -> tuple[tuple[Content, ...], ...]:
    scheme = edition.round.scheme
    counts = "、".join(
        f"{SEVERITIES[level].text} {sum(finding.severity is level for finding in evaluation.findings)} 项"
        for level in Severity
    )
    return (
        ("评价批次", edition.round.name),
        ("评价年度", f"{edition.round.year}年度"),
        ("评价方案", f"{scheme.title}（{scheme.jurisdiction}）"),
        ("依据", "；".join(scheme.regulations)),
        ("报送", _sent(evaluation)),
        ("审核发现", counts),
        ("单位", "金额为万元，得分为分；比例和执行率为百分数。空白表示不掌握，不等于零。"),
    )


def _sent(evaluation: Evaluation) -> str:
    """How much came, and by the roster how much should have."""
    sent = f"{len(evaluation.departments)} 个部门、{len(evaluation.submissions)} 张报送表"
    owed = count_filings(evaluation.filings)
    return f"{sent}；{owed}" if owed else sent


def _scores() -> tuple[tuple[Content, ...], ...]:
    return (
        ("自评得分", "部门在自评表上填写的得分。"),
        ("核算得分", "按评分规则计算的得分；规则不能确定的部分沿用自评得分。"),
        ("采用得分", "财政部门继续使用的得分：自评得分成立的用自评得分，与规则不符的用核算得分。"),
        ("部门得分", "综合得分（各表按资金占比加权）；没有的为部门整体得分；有表无法计分的留空，不排名。"),
        ("可核实比例", "分值中能够按规则和所填数据直接核定得分的比例；其余须由人工判断。"),
    )


def _colours() -> tuple[tuple[Content, ...], ...]:
    return (
        (SEVERITIES[Severity.BLOCKING], "文件或报送表不能使用，须修改后重报。"),
        (SEVERITIES[Severity.ERROR], "数据有误或与规则不符，须修改后重报。"),
        (SEVERITIES[Severity.WARNING], "值得核实，不影响报送。"),
        (SEVERITIES[Severity.INFO], "供参考，或须由人工判断。"),
        (Toned("通过", Tone.GOOD), "没有须修改的问题。"),
    )
