"""A scoring table of the invented province, with standards of its own: more data beside its other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.builders.province import Cell

FORM = """\
title = "机关运行评分单"
scope = "scoring_table"
titles = ["机关运行评分单"]

[fields.department]
title = "机关"
labels = ["机关名称"]
required = true

[fields.staff]
title = "在岗"
labels = ["在岗人数"]
kind = "number"

[fields.posts]
title = "核定"
labels = ["核定人数"]
kind = "number"

[tables.indicators]
title = "评分单"
kind = "indicators"
total_labels = ["合计得分"]

[tables.indicators.columns.level1]
title = "大类"
labels = ["大类"]

[tables.indicators.columns.level2]
title = "小类"
labels = ["小类"]

[tables.indicators.columns.level3]
title = "条目"
labels = ["条目"]
required = true

[tables.indicators.columns.standard]
title = "判分办法"
labels = ["判分办法"]

[tables.indicators.columns.weight]
title = "满分"
labels = ["满分"]
kind = "score"
required = true

[tables.indicators.columns.self_score]
title = "自判"
labels = ["自判"]
kind = "score"
required = true

[tables.indicators.columns.reason]
title = "说明"
labels = ["说明"]

[levels]
"运行" = ["运行类"]
"""

SCHEME = """\
extends = "qinglan"
title = "青岚省机关运行评分方案"
jurisdiction = "青岚省（虚构）"
forms = ["qinglan-table"]
remove = ["weights.qinglan"]

[weights.table]
scopes = ["scoring_table"]
total = 20
groups = { "运行" = 20 }
fixed = true

[criteria.staff]
title = "人员控制"
labels = ["人员控制"]
weight = 12
method = "points_off"
operands = { title = "人员控制率", of = "qinglan-table:staff", base = "qinglan-table:posts" }
worse = "above"
parameters = { standard = 100, points = 0.4 }
pro_rata = true
basis = "办法附表一"

[criteria.order]
title = "运行秩序"
labels = ["运行秩序"]
weight = 8
method = "judged"
basis = "办法附表一"
"""

ROWS: tuple[tuple[Cell, ...], ...] = (
    ("2025年度机关运行评分单",),
    ("机关名称", "青岚省虚构林业局", "在岗人数", 86, "核定人数", 80),
    ("大类", "小类", "条目", "判分办法", "满分", "自判", "说明"),
    ("运行", "配置", "人员控制", "100%以内满分，每超1个百分点扣0.4分", 12, 9, "划转人员"),
    (None, "秩序", "运行秩序", "由评审组判定", 8, 8),
    ("合计得分", None, None, None, 20, 17),
)
"""86 / 80 = 107.5 %: 12 − 7.5 × 0.4 = 9."""


def write_standards(folder: Path) -> None:
    """The form and the scheme, beside those of the guide."""
    (folder / "seeds" / "forms" / "qinglan-table.toml").write_text(FORM, encoding="utf-8")
    (folder / "seeds" / "schemes" / "qinglan-table.toml").write_text(SCHEME, encoding="utf-8")


def write_table(path: Path, changes: Mapping[str, Cell]) -> Path:
    """The scoring table, with some cells changed; returns its path."""
    book = Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    for cell, value in changes.items():
        book.worksheets[0][cell] = value
    book.save(path)
    return path
