"""Sheets that departments send along and that are no self-evaluation: read as none, accused of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.layouts.content import YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from jixiao.domain.cells import Position
    from tests.layouts.canvas import Typed
    from tests.layouts.content import Content

Cells = dict["Position", "Typed"]


def _cells(rows: Sequence[Sequence[str | Decimal | None]]) -> Cells:
    return {
        (row, column): (value, "")
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    }


def _names(content: Content) -> list[list[str | Decimal | None]]:
    return [["项目名称", content.project or "业务工作经费"], ["主管部门", content.department]]


def _declaration(content: Content) -> Cells:
    """The targets that were declared with the budget: no actuals, no scores."""
    return _cells(
        [
            [f"{YEAR}年度项目支出绩效目标申报表"],
            *_names(content),
            ["项目资金（万元）", "年度资金总额", content.whole.amounts["initial_budget"]],
            [None, "其中：财政拨款", content.whole.amounts["initial_budget"]],
            ["年度目标", "完成年度工作任务。"],
            ["一级指标", "二级指标", "三级指标", "指标值"],
            *(
                [row.level1, row.level2, row.name, f"{row.sign}{row.target or row.words}"]
                for row in content.rows
            ),
        ]
    )


def _monitoring(content: Content) -> Cells:
    """How far things were in July."""
    return _cells(
        [
            [f"{YEAR}年1-7月项目支出绩效目标运行监控表"],
            *_names(content),
            ["年度资金总额", "年初预算数", "1-7月执行数", "1-7月执行率", "全年预计执行数"],
            [
                None,
                content.whole.amounts["initial_budget"],
                content.whole.amounts["executed"] / 2,
                "50%",
                None,
            ],
            [
                "一级指标",
                "二级指标",
                "三级指标",
                "年度指标值",
                "1-7月执行情况",
                "全年预计完成情况",
                "偏差原因",
            ],
            *(
                [
                    row.level1,
                    row.level2,
                    row.name,
                    f"{row.sign}{row.target or row.words}",
                    "正常推进",
                    "能够完成",
                ]
                for row in content.rows
            ),
        ]
    )


def _directory(_content: Content) -> Cells:
    titles = ("部门整体支出绩效自评表", "项目支出绩效自评表", "项目支出绩效自评报告")
    return _cells([["目　录"], *([f"附件{number}", title] for number, title in enumerate(titles, start=1))])


def _report(content: Content) -> Cells:
    """The report beside the form, pasted into a sheet."""
    whole = content.whole.amounts
    spent = f"全年预算数{whole['annual_budget']}万元，执行数{whole['executed']}万元。"
    return _cells(
        [
            [f"{YEAR}年度项目支出绩效自评报告"],
            [f"一、项目概况。{content.department}组织实施，{spent}"],
            ["二、绩效目标完成情况。各项产出指标、效益指标均已完成，服务对象满意度指标达到预期。"],
            ["三、存在问题及改进措施。部分合同支付较慢，下一步加快进度。"],
        ]
    )


FOREIGN: Final[Mapping[str, Callable[[Content], Cells]]] = {
    "declaration": _declaration,
    "monitoring": _monitoring,
    "directory": _directory,
    "report": _report,
}
"""By their name in the parts."""
