"""Tests of jixiao.extraction.regions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.text_keys import label_key
from jixiao.extraction.regions import (
    cut_region,
    declared_points,
    declared_unit,
    inline_values,
    is_numbering,
    next_labels,
    printed_aliases,
    printed_year,
    relative_years,
)
from tests.builders.sheets import sheet


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("其中： 当年财政 拨款（万元）：", "当年财政拨款"),
        ("产出指标\n(50 分)", "产出指标"),
        ("（一）年度资金总额", "年度资金总额"),
        ("3.上年结转资金", "上年结转资金"),
        ("十二、其他资金", "其他资金"),
        ("2.5倍", "2.5倍"),
        ("　得　分　", "得分"),
        ("执行率％", "执行率%"),
        ("**年度指标值**", "年度指标值"),
        ("（万元）", ""),
    ],
)
def test_label_key(text: str, key: str) -> None:
    assert label_key(text) == key


@pytest.mark.parametrize(
    ("key", "aliases"),
    [
        ("全年执行数", ()),
        ("全年执行数b", ("全年执行数",)),
        ("执行率b/a", ("执行率",)),
        ("执行率=b/a×100%", ("执行率",)),
        ("执行率×100%", ("执行率",)),
        ("{year}年全年预算数", ("全年预算数", "年全年预算数")),
        ("{year}年度预算数", ("年度预算数", "度预算数", "预算数")),
        ("{last_year}年执行数", ()),
        ("abc", ()),
    ],
)
def test_aliases(key: str, aliases: tuple[str, ...]) -> None:
    assert printed_aliases(key) == aliases


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("主管部门：虚构局", (("主管部门", "虚构局"),)),
        ("其中：基本支出：12.5", (("基本支出", "12.5"),)),
        ("主管部门：", ()),
        ("主管部门", ()),
        (
            "主管部门：虚构局  填报日期：5月1日",
            (("主管部门", "虚构局 填报日期:5月1日".replace(" ", "  ")), ("填报日期", "5月1日")),
        ),
        ("联系电话：  填报日期：5月1日", (("联系电话", "填报日期:5月1日"), ("填报日期", "5月1日"))),
    ],
)
def test_values_in_the_label_s_cell(text: str, values: tuple[tuple[str, str], ...]) -> None:
    assert inline_values(text) == values


def test_labels_inside_a_value_need_a_gap_before_them() -> None:
    assert next_labels("虚构局；实施单位：虚构处") == (("实施单位", 4, 9),)
    assert next_labels("虚构局实施单位：虚构处") == (("虚构局实施单位", 0, 8),)
    assert next_labels("比例1:3") == ()


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024年度项目支出绩效自评表", 2024),
        ("（2024）", 2024),
        ("二〇二四年度", 2024),
        ("二○二四年", 2024),
        ("二零二四年度", 2024),
        ("2023—2024年度", 2024),
        ("2023年和2024年", None),
        ("120246年", None),
        ("自评表", None),
    ],
)
def test_printed_year(text: str, year: int | None) -> None:
    assert printed_year(text) == year


def test_years_become_relative() -> None:
    assert relative_years("2023年决算数与2024年预算数", 2024) == "{last_year}年决算数与{year}年预算数"
    assert relative_years("2024年预算数", None) == "2024年预算数"


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("产出指标（50分）", "50"),
        ("产出指标（12.5分）", "12.5"),
        ("效益指标 30 分", "30"),
        ("产出指标", None),
    ],
)
def test_declared_points(text: str, points: str | None) -> None:
    assert declared_points(text) == (Decimal(points) if points else None)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", MoneyUnit.WAN),
        ("金额单位：元", MoneyUnit.YUAN),
        ("项目资金（元）", MoneyUnit.YUAN),
        ("项目资金\n(万元)", MoneyUnit.WAN),
        ("单位：人民币亿元", MoneyUnit.YI),
        ("单位：元/人", None),
        ("单位名称：元氏县虚构局", None),
        ("实施单位", None),
    ],
)
def test_declared_unit(text: str, unit: MoneyUnit | None) -> None:
    assert declared_unit(text) == unit


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("1 | 2 | 3", True),
        ("栏次 | 1 | 2 | 3", True),
        ("甲 | 乙 | 1 | 2 | 3", True),
        ("(1) | （2） | (3)", True),
        ("① | ② | ③", True),
        ("A | B | C | D=C/B", True),
        ("1 | 2", False),
        ("2 | 3 | 4", False),
        ("培训人数 | 1 | 2 | 3", False),
        ("1 | 2 | 4", False),
    ],
)
def test_a_row_of_consecutive_numbers_numbers_the_columns(row: str, numbers: bool) -> None:  # noqa: FBT001
    grid = sheet(f"题 | 名 | 值\n{row}")
    assert is_numbering(1, cut_region(grid, 0, grid.height, None)) is numbers
