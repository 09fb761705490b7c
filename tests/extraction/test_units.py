"""Which unit of money holds for a block, a column, a row: the nearest declaration."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.amounts import MoneyUnit
from tests.builders.readings import read
from tests.builders.sheets import FUNDS_HEADER, TITLE_ROW, project, sheet

UNITLESS = FUNDS_HEADER.replace("（万元）", "")


@pytest.mark.parametrize(
    ("changes", "executed", "unit"),
    [
        ([(FUNDS_HEADER, UNITLESS)], "390", MoneyUnit.WAN),
        ([(FUNDS_HEADER, FUNDS_HEADER.replace("万元", "元"))], "0.039", MoneyUnit.YUAN),
        ([(FUNDS_HEADER, UNITLESS), (TITLE_ROW, f"{TITLE_ROW}\n单位：元")], "0.039", MoneyUnit.YUAN),
        ([(FUNDS_HEADER, UNITLESS.replace("全年执行数", "全年执行数（元）"))], "0.039", MoneyUnit.WAN),
        ([(FUNDS_HEADER, UNITLESS), ("年度资金总额", "年度资金总额（元）")], "0.039", MoneyUnit.WAN),
        ([(FUNDS_HEADER, UNITLESS), ("改造管网（公里）", "改造管网（亿元）")], "390", MoneyUnit.WAN),
        ([("390.00 | 10", "3900000元 | 10")], "390", MoneyUnit.WAN),
        ([("390.00 | 10", "390.00万元 | 10")], "390", MoneyUnit.WAN),
    ],
)
def test_the_nearest_declaration_holds(
    changes: list[tuple[str, str]], executed: str, unit: MoneyUnit
) -> None:
    submission = read(sheet(project(*changes))).submission
    found = submission.line("funds", "total")
    assert found is not None
    assert found.value("executed") == Decimal(executed)
    assert submission.units["funds"] is unit


def test_a_column_s_own_unit_is_kept() -> None:
    submission = read(
        sheet(project((FUNDS_HEADER, UNITLESS.replace("全年执行数", "全年执行数（元）"))))
    ).submission
    assert submission.units["funds..executed"] is MoneyUnit.YUAN


def test_two_units_for_the_same_figures_are_one_question() -> None:
    text = project((TITLE_ROW, f"{TITLE_ROW}\n |  |  |  |  |  |  | 单位：元"))
    assert read(sheet(text)).marks == {("V104", "")}


@pytest.mark.parametrize(
    "changes",
    [
        [("虚构水务局 | <", "虚构水务局 | 补助标准（元）")],
        [("改造管网（公里）", "改造管网（元）")],
        [("年度总体目标 |", "年度总体目标（元） |")],
        [(TITLE_ROW, f"{TITLE_ROW}\n补助标准（元） | 500 |  |  |  |  |  | ")],
        [
            (TITLE_ROW, f"{TITLE_ROW}\n |  |  |  |  |  |  | 单位：元"),
            ("400.00 | 420.00 | 390.00", "400万元 | 420万元 | 390万元"),
            ("380.00 | 400.00 | 370.00", "380万元 | 400万元 | 370万元"),
            ("20.00 | 20.00 | 20.00", "20万元 | 20万元 | 20万元"),
        ],
    ],
    ids=[
        "an unrelated label",
        "an indicator's name",
        "another block",
        "a label's own",
        "each figure says it",
    ],
)
def test_a_unit_that_concerns_no_figure_raises_no_question(changes: list[tuple[str, str]]) -> None:
    assert "V104" not in {code for code, _ in read(sheet(project(*changes))).marks}
    found = read(sheet(project(*changes))).submission.line("funds", "total")
    assert found is not None
    assert found.value("executed") == Decimal(390)
