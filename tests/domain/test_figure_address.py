from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import ValueKind
from tests.builders.schemes import OVERALL
from tests.builders.worked import worked_overall

FORM = worked_overall()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("basic_expenditure", FigureAddress("", "", "basic_expenditure")),
        ("funds.total.executed", FigureAddress("funds", "total", "executed")),
        ("projects.平台3.0升级.executed", FigureAddress("projects", "平台3.0升级", "executed")),
    ],
)
def test_parse(text: str, address: FigureAddress) -> None:
    assert FigureAddress.parse(text) == address


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("basic_expenditure", "2291.01"),
        ("funds.total.executed", "4943.35"),
        ("government_fund", None),
        ("nowhere", None),
        ("funds.other.executed", None),
        ("funds.total.balance", None),
    ],
)
def test_value(text: str, value: str | None) -> None:
    assert FigureAddress.parse(text).value(FORM) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("basic_expenditure", ValueKind.AMOUNT, "基本支出"),
        ("funds.total.execution_rate", ValueKind.PERCENT, "执行率"),
        ("nowhere", ValueKind.TEXT, "nowhere"),
        ("nowhere.total.executed", ValueKind.TEXT, "executed"),
    ],
)
def test_layout(text: str, kind: ValueKind, title: str) -> None:
    address = FigureAddress.parse(text)
    assert (address.kind(OVERALL), address.title(OVERALL)) == (kind, title)
