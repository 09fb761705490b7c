"""Sheets written down as they look: a line a row, cells between bars, `<` and `^` for merges.

>>> sheet('''
... 项目资金（万元） | <          | 全年预算数 | 执行率
... ^               | 年度资金总额 | 420.00    | 92.86%
... ''').value(1, 0)
'项目资金（万元）'

A cell is typed as into Excel: `420.00` is a number shown with two decimals, `92.86%` a fraction in percent
format, an apostrophe in front keeps text as text, `#DIV/0!` is an error, `⏎` a line break inside the cell.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.cells import Area, Grid
from tests.drawing.drawing import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Position, Value

FILE, NAME = "虚构局.xlsx", "Sheet1"
_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?")
_LEFT, _ABOVE = "<", "^"

PROJECT = """
2024年度项目支出绩效自评表 | < | < | < | < | < | < | <
项目支出名称 | < | 虚构管网改造项目 | < | < | < | < | <
主管部门 | < | 虚构水务局 | < | 实施单位 | 虚构管网处 | < | <
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 400.00 | 420.00 | 390.00 | 10 | 92.86% | 9.29
^ | 其中：当年财政拨款 | 380.00 | 400.00 | 370.00 | — | — | —
^ | 上年结转资金 | 20.00 | 20.00 | 20.00 | — | — | —
^ | 其他资金 | 0 | 0 | 0 | — | — | —
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 改造老旧管网。 | < | < | 老旧管网改造完成。 | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标（50分） | 数量指标 | 改造管网（公里） | ≥36公里 | 37.5公里 | 20 | 20 |
^ | ^ | 更换水表（只） | ≥2000只 | 2,150只 | 10 | 10 |
^ | 质量指标 | 验收合格率 | 100% | 100% | 20 | 20 |
效益指标（30分） | 社会效益指标 | 居民用水条件 | 改善 | 改善 | 30 | 30 |
满意度指标（10分） | 服务对象满意度指标 | 居民满意度 | ≥90% | 92% | 10 | 10 |
总分 | < | < | < | < | 100 | 99.29 |
"""
"""A correct project form, 8 columns: 390 / 420 = 92.86 % → 9.29; total 99.29."""

TITLE_ROW, NAME_ROW, DEPARTMENT_ROW, FUNDS_HEADER, TOTAL_LINE, *_ = PROJECT.strip("\n").split("\n")
HEADER_ROW = PROJECT.strip("\n").split("\n")[10]
TOTAL_ROW = PROJECT.strip("\n").split("\n")[-1]

Rows = list[list[str]]
"""The texts of a sheet, before they are typed; all rows equally long."""


def rows_of(text: str) -> Rows:
    """The cells of a drawn sheet; blank lines before the first row and after the last are dropped."""
    rows = [[cell.strip(" ") for cell in line.split("|")] for line in text.strip("\n").split("\n")]
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def sheet(text: str | Rows, *, name: str = NAME) -> Grid:
    """The grid that a drawn sheet reads as."""
    rows = rows_of(text) if isinstance(text, str) else text
    values: dict[Position, Value] = {}
    formats: dict[Position, str] = {}
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            value, number_format = _typed(cell)
            if value is not None:
                values[row, column] = value
            if number_format:
                formats[row, column] = number_format
    return Grid(FILE, name, values, tuple(_areas(rows)), formats)


def project(*changes: tuple[str, str]) -> str:
    """The correct project form with some of its texts replaced, each of which stands there once."""
    text = PROJECT
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times")
        text = text.replace(old, new)
    return text


def before(row: str, *others: str) -> tuple[str, str]:
    """A change that puts rows before the one that begins with a text."""
    return row, "\n".join((*others, row))


def placed(grid: Grid, values: Mapping[Position, Value]) -> Grid:
    """The same sheet with further cells."""
    return replace(grid, values={**grid.values, **values})


def _typed(cell: str) -> tuple[Value | None, str]:
    if cell in {_LEFT, _ABOVE}:
        return None, ""
    if number := _NUMBER.fullmatch(cell):
        return Decimal(cell), "0." + "0" * len(number[1]) if number[1] else ""
    return typed(cell.replace("⏎", "\n"))


def _areas(rows: Sequence[Sequence[str]]) -> list[Area]:
    """Merged ranges: `<` belongs to the cell on its left, `^` to the one above, a block to its corner."""
    corners: dict[Position, Position] = {}
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            beside = {_LEFT: (row, column - 1), _ABOVE: (row - 1, column)}.get(cell, (row, column))
            corners[row, column] = corners.get(beside, (row, column))
    areas: dict[Position, Area] = {}
    for (row, column), (top, left) in corners.items():
        old = areas.get((top, left), Area(top, left, top, left))
        areas[top, left] = Area(top, left, max(old.bottom, row), max(old.right, column))
    return [area for area in areas.values() if (area.top, area.left) != (area.bottom, area.right)]
