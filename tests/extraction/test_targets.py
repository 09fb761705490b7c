"""Tests of jixiao.extraction.targets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.cells import CellError, UnstoredFormula
from jixiao.domain.quantities import Actual, ActualKind, Comparator, Quantity, Side, Target, TargetKind
from jixiao.extraction.targets import is_lower_better, parse_actual, parse_target, unit_hint
from tests.builders.lexicon import LEXICON

if TYPE_CHECKING:
    from jixiao.domain.cells import Value


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("开展培训（次）", "次"),
        ("非法集资案件追赃挽损金额\n（万元）", "万元"),
        ("公众微信号阅读量(万次)", "万次"),
        ("金额（单位：万元）", "万元"),
        ("排查企业（家）（含分支）", "家"),
        ("满意度（％）", "%"),
        ("运维费（本级）", ""),
        ("1年以上陈案审结率", ""),
        ("", ""),
    ],
)
def test_the_unit_in_a_name(name: str, unit: str) -> None:
    assert unit_hint(name, LEXICON) == unit


@pytest.mark.parametrize(
    ("level2", "name", "lower"),
    [
        ("成本指标", "培训总成本", True),
        ("质量指标", "用户投诉次数", True),
        ("成本指标", "公用经费节约率", False),
        ("质量指标", "投诉办结数", False),
        ("数量指标", "培训次数", False),
        ("数量指标", "高血压随访控制数", False),
        ("产出指标", "财政供养人员控制率", None),
        ("成本指标", "成本控制率", None),
        ("质量指标", "预算偏差率", None),
        ("质量指标", "重点支出占比", None),
        ("经济效益指标", "三公经费增长率", None),
    ],
)
def test_whether_less_is_better(level2: str, name: str, *, lower: bool | None) -> None:
    assert is_lower_better(level2, name, LEXICON) is lower


UNREADABLE: list[Value] = [
    CellError("#DIV/0!"),
    UnstoredFormula("=B2/C2"),
    True,
    time(1, 1),
    timedelta(hours=2),
    Decimal("NaN"),
    Decimal("Infinity"),
]


def target(text: Value | None, *, percent: bool = False, hint: str = "", lower: bool = False) -> Target:
    return parse_target(text, percent, LEXICON, unit_hint=hint, lower_is_better=lower)


def actual(text: Value | None, wanted: Target, *, percent: bool = False, hint: str = "") -> Actual:
    return parse_actual(text, percent, LEXICON, wanted, unit_hint=hint)


@pytest.mark.parametrize(
    ("text", "kind", "low", "high", "strict"),
    [
        ("≥ 95 %", TargetKind.AT_LEAST, "95%", "", False),
        ("＞3.5", TargetKind.AT_LEAST, "3.5", "", True),
        ("95%以上", TargetKind.AT_LEAST, "95%", "", False),
        ("不得低于95%", TargetKind.AT_LEAST, "95%", "", False),
        ("达到95%", TargetKind.AT_LEAST, "95%", "", False),
        ("提高到95%", TargetKind.AT_LEAST, "95%", "", False),
        ("≦2%", TargetKind.AT_MOST, "", "2%", False),
        ("低于2%", TargetKind.AT_MOST, "", "2%", True),
        ("不超过 5 ‰", TargetKind.AT_MOST, "", "0.5%", False),
        ("3次以内", TargetKind.AT_MOST, "", "3次", False),
        ("=5次", TargetKind.EQUAL, "5次", "", False),
        ("100%", TargetKind.EQUAL, "100%", "", False),
        ("12次", TargetKind.UNSIGNED, "12次", "", False),
        ("10-20次", TargetKind.BETWEEN, "10次", "20次", False),
        ("5万-10万次", TargetKind.BETWEEN, "50000次", "100000次", False),
        ("-5%~5%", TargetKind.BETWEEN, "-5%", "5%", False),
        ("不少于3次，不超过5次", TargetKind.BETWEEN, "3次", "5次", False),
        ("0", TargetKind.ZERO, "0", "", False),
        ("=0次", TargetKind.ZERO, "0次", "", False),
        ("≤0", TargetKind.ZERO, "", "0", False),
        ("<0", TargetKind.ZERO, "", "0", True),
        ("零投诉", TargetKind.ZERO, "0", "", False),
        ("≥全省平均水平", TargetKind.RELATIVE, "", "", False),
        ("较上年增长", TargetKind.RELATIVE, "", "", False),
        ("高于全国平均5个百分点", TargetKind.RELATIVE, "", "", False),
        ("持续提升", TargetKind.QUALITATIVE, "", "", False),
        ("—", TargetKind.BLANK, "", "", False),
        ("指标1", TargetKind.BLANK, "", "", False),
        ("≥提高", TargetKind.UNREADABLE, "", "", False),
        ("≥5次≤3次", TargetKind.UNREADABLE, "", "", False),
        ("≥5%以内", TargetKind.UNREADABLE, "", "", False),
        ("约100次", TargetKind.UNREADABLE, "", "", False),
        ("落实2024年中央1号文件", TargetKind.UNREADABLE, "", "", False),
        ("2024.12", TargetKind.UNREADABLE, "", "", False),
    ],
)
def test_what_targets_say(text: str, kind: TargetKind, low: str, high: str, *, strict: bool) -> None:
    found = target(text)
    assert (found.kind, shown(found.low), shown(found.high), found.strict) == (kind, low, high, strict)
    assert found.text == text


def shown(quantity: Quantity | None) -> str:
    return f"{quantity.value.normalize():f}{quantity.dimension}" if quantity else ""


@pytest.mark.parametrize(
    ("text", "lower", "kind", "fails"),
    [
        ("12次", False, TargetKind.UNSIGNED, None),
        ("95%", False, TargetKind.UNSIGNED, None),
        ("2%", False, TargetKind.UNSIGNED, Side.NONE),
        ("15天", False, TargetKind.UNSIGNED, Side.NONE),
        ("50万元", False, TargetKind.UNSIGNED, Side.NONE),
        ("1000元/人", False, TargetKind.UNSIGNED, Side.NONE),
        ("-5", False, TargetKind.UNSIGNED, Side.NONE),
        ("2024", False, TargetKind.UNSIGNED, Side.NONE),
        ("增长5%", False, TargetKind.UNSIGNED, None),
        ("70万元", True, TargetKind.AT_MOST, None),
        ("2次", True, TargetKind.AT_MOST, None),
        ("5%", True, TargetKind.UNSIGNED, Side.NONE),
        ("100%", True, TargetKind.EQUAL, Side.NONE),
        ("下降5%", True, TargetKind.UNSIGNED, Side.NONE),
        ("10-20次", False, TargetKind.BETWEEN, Side.BELOW),
        ("3-5天", False, TargetKind.BETWEEN, Side.NONE),
        ("≥3次且≤5次", False, TargetKind.BETWEEN, None),
    ],
)
def test_which_side_of_a_figure_is_a_miss(
    text: str, *, lower: bool, kind: TargetKind, fails: Side | None
) -> None:
    found = target(text, lower=lower)
    assert (found.kind, found.fails) == (kind, fails)


def test_number_cells() -> None:
    assert target(Decimal("0.95"), percent=True) == Target(
        "95%", TargetKind.UNSIGNED, low=Quantity(Decimal(95), "%", Decimal(1))
    )
    assert target(Decimal(12), hint="次").low == Quantity(Decimal(12), "次", Decimal(1))
    assert actual(Decimal("0.9703"), target("≥95%"), percent=True).quantity == Quantity(
        Decimal("97.03"), "%", Decimal("0.01")
    )


def test_date_cells() -> None:
    due = Target("2024-12-31", TargetKind.DEADLINE, due=date(2024, 12, 31), due_surely=date(2024, 12, 31))
    assert target(date(2024, 12, 31)) == due
    assert target(datetime(2024, 12, 31, 0, 0)) == due  # noqa: DTZ001 - cells know no time zone
    assert actual(date(2024, 11, 20), due) == Actual("2024-11-20", ActualKind.DATE, when=date(2024, 11, 20))


@pytest.mark.parametrize("value", UNREADABLE)
def test_cells_that_hold_neither_figure_nor_words(value: Value) -> None:
    assert target(value).kind is TargetKind.UNREADABLE
    assert actual(value, target("≥3")).kind is ActualKind.UNREADABLE


def test_blank_cells() -> None:
    assert target(None) == Target("", TargetKind.BLANK)
    assert actual(None, target("≥3")) == Actual("", ActualKind.BLANK)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("＞3.5", Comparator.MORE),
        ("≥3.5", Comparator.AT_LEAST),
        ("3.5以下", Comparator.AT_MOST),
        ("=3.5", None),
        ("达到3.5", None),
        ("3.5", None),
    ],
)
def test_a_repeated_sign_is_kept(text: str, sign: Comparator | None) -> None:
    found = actual(text, target("≥3"))
    assert (found.kind, found.sign) == (ActualKind.FIGURE, sign)
    assert found.quantity == Quantity(Decimal("3.5"), "", Decimal("0.1"))


def test_a_generic_counter_takes_the_targets_unit() -> None:
    wanted = target("≥20家")
    assert actual("31个", wanted).quantity == Quantity(Decimal(31), "家")
    assert actual("31人", wanted).quantity == Quantity(Decimal(31), "人")


def test_an_actual_known_by_its_quarter_runs_over_days() -> None:
    found = actual("2024年三季度", target("2024年9月前"))
    assert (found.since, found.when) == (date(2024, 7, 1), date(2024, 9, 30))
    early = actual("2024年9月前完成", target("2024年底"))
    assert (early.since, early.when) == (date.min, date(2024, 9, 30))
