"""The names of the summary workbook's own sheets, which no form's layout may give to another one."""

from __future__ import annotations

OWN_SHEETS = frozenset(
    {
        *(
            "说明",
            "部门汇总",
            "项目汇总",
            "综合得分",
            "预算执行",
            "指标明细",
            "审核发现",
            "报送情况",
            "评分规则",
        ),
        *("关键指标", "内部考核", "满意度调查", "账表核对", "待确认用语"),
    }
)
