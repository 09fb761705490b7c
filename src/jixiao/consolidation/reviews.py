"""The sheets 审核发现, 报送情况 and 评分规则: what was found, what was sent, by which rules it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.counts import FindingCounts
from jixiao.consolidation.filings import count_filings, filing_marks, missing_rows
from jixiao.consolidation.remarks import remark
from jixiao.consolidation.rules import describe_scheme
from jixiao.consolidation.words import SEVERITIES, STATUSES, form_titles
from jixiao.domain.findings import Severity
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.domain.submissions import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.rules import RuleRow
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Evaluation, ReportedFinding

_COUNTED = (Severity.BLOCKING, Severity.ERROR, Severity.WARNING)


def finding_sheet(evaluation: Evaluation, edition: Edition) -> SheetSpec:
    """审核发现: one finding a row, worst first."""
    titles = form_titles(edition.round.scheme)
    findings = sorted(evaluation.findings, key=lambda finding: finding.severity.rank)
    columns = (
        *(ColumnSpec("编号"), ColumnSpec("级别", Kind.MARK)),
        *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("表", wrap=16)),
        *(ColumnSpec("单元格", wrap=60), ColumnSpec("指标/栏目", wrap=24)),
        *(ColumnSpec("填报值", wrap=20), ColumnSpec("应为", wrap=20)),
        *(ColumnSpec("问题", wrap=48), ColumnSpec("处理建议")),
    )
    return SheetSpec(
        name="审核发现",
        about="一行一个问题：在哪里、填的什么、应为什么、怎样处理",
        title=edition.title("审核发现"),
        note=edition.note("由重到轻排列：阻断和错误须修改后重报，提示请核实，说明供参考。"),
        columns=columns,
        rows=tuple(_finding_row(finding, titles, edition) for finding in findings),
        fixed=2,
        empty="本批次各表未发现问题。",
        banded=True,
    )


def _finding_row(
    finding: ReportedFinding, titles: Mapping[str, str], edition: Edition
) -> tuple[Content, ...]:
    return (
        *(finding.finding_id, SEVERITIES[finding.severity], finding.department, finding.project),
        titles.get(finding.form, finding.form),
        edition.source(finding.file, finding.sheet, finding.cell) if finding.file else None,
        *(finding.label, finding.reported, finding.expected, remark(finding), finding.suggestion),
    )


def submission_sheet(evaluation: Evaluation, edition: Edition) -> SheetSpec:
    """报送情况: one file and sheet a row, with what became of it and why; by the roster also what is owed."""
    titles = form_titles(edition.round.scheme)
    counts = FindingCounts(evaluation.findings)
    marks = filing_marks(evaluation)
    rows: list[tuple[Content, ...]] = []
    for submission in evaluation.submissions:
        status = evaluation.statuses[submission.submission_id]
        found = {level: counts.on_form(submission, level) for level in _COUNTED}
        rows.append(
            (
                *(submission.file, submission.sheet, submission.department),
                *(titles.get(submission.form, submission.form), STATUSES[status], _reason(status, found)),
                marks.get(submission.submission_id),
            )
        )
    rows += missing_rows(evaluation)
    rows += [
        (outcome.file, outcome.sheet, None, None, STATUSES[outcome.status], outcome.reason, None)
        for outcome in evaluation.outcomes
    ]
    columns = (
        *(ColumnSpec("文件"), ColumnSpec("工作表"), ColumnSpec("部门"), ColumnSpec("表种")),
        *(ColumnSpec("状态", Kind.MARK), ColumnSpec("原因"), ColumnSpec("应报情况", Kind.MARK)),
    )
    width = len(columns) if evaluation.filings else len(columns) - 1
    owed = count_filings(evaluation.filings)
    return SheetSpec(
        name="报送情况",
        about="收到的每个文件和工作表，以及处理结果",
        title=edition.title("报送情况"),
        note=edition.note(
            f"{owed}一行一张工作表；没有识别出报送表的文件和工作表列在后面，并写明原因。", unit=""
        ),
        columns=columns[:width],
        rows=tuple(row[:width] for row in rows),
        fixed=2,
        empty="本批次没有收到文件。",
    )


def _reason(status: Status, found: Mapping[Severity, int]) -> str:
    if status is Status.SUPERSEDED:
        return "同一报送表另有一份被采用"
    words = [f"{SEVERITIES[level].text} {count} 项" for level, count in found.items() if count]
    return "、".join(words)


def rule_sheet(edition: Edition, rules: Sequence[RuleRow] | None = None) -> SheetSpec:
    """评分规则: the rules in words; all of the scheme's unless some are named."""
    described = describe_scheme(edition.round.scheme) if rules is None else rules
    return SheetSpec(
        name="评分规则",
        about="本次评价采用的规则",
        title=edition.title("评分规则"),
        note=f"{edition.round.scheme.title}　{edition.stamp}可对照依据逐条核对。",
        columns=tuple(ColumnSpec(title) for title in ("规则", "适用", "方法", "参数", "依据")),
        rows=tuple(rule.words for rule in described),
        empty="本方案没有评分规则。",
    )
