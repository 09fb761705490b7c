"""The sheet 说明: what the workbook is, what its words and colours mean, and where things are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.filings import count_filings
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.findings import Severity
from jixiao.domain.report import ColumnSpec, Link, SheetSpec, Tone, Toned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Evaluation


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
