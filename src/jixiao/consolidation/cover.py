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

_CONTENTS = {
    "部门汇总": "一行一个部门：名次、得分、等级、预算执行、审核发现数和主要扣分",
    "项目汇总": "一行一个项目：得分、预算执行、结余和发现数",
    "综合得分": "各部门综合得分的计算：资金占比和加权得分",
    "预算执行": "一行一个资金行：预算、执行、结余和执行率",
    "指标明细": "一行一个绩效指标：目标、实际、得分和核算过程",
    "审核发现": "一行一个问题：在哪里、填的什么、应为什么、怎样处理",
    "报送情况": "收到的每个文件和工作表，以及处理结果",
    "评分规则": "本次评价采用的规则",
    "关键指标": "一行一个指标：控制率、节约率、占比、执行率等，由各表的数计算，不计分",
    "内部考核": "一行一个处室：各季度和年度预算执行率、名次",
    "满意度调查": "一行一道题：由答卷核算的满意度，与自评表所填的核对",
    "账表核对": "一行一个数：自评表与财政账面数的核对",
}


def cover_sheet(evaluation: Evaluation, edition: Edition, sheets: Sequence[SheetSpec]) -> SheetSpec:
    """The first sheet; `sheets` are those that follow, each linked."""
    rows = (
        *_about(evaluation, edition),
        *_scores(),
        *_colours(),
        *((Link(sheet.name, sheet=sheet.name), _CONTENTS[sheet.name]) for sheet in sheets),
        ("程序版本", f"jixiao {edition.version}"),
        ("生成时间", f"{edition.created:%Y-%m-%d %H:%M}"),
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
