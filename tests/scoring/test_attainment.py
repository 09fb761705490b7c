from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jixiao.domain.quantities import (
    Actual,
    ActualKind,
    Comparator,
    Comparison,
    Quantity,
    Side,
    Target,
    TargetKind,
    Verdict,
)
from jixiao.scoring.indicators import compare

EXCEEDED_FROM = Decimal("1.3")


def number(value: str, unit: str = "") -> Quantity:
    return Quantity(Decimal(value), unit)


def figure(value: str, unit: str = "", sign: Comparator | None = None) -> Actual:
    return Actual(value, ActualKind.FIGURE, number(value, unit), sign)


def judge(target: Target, actual: Actual) -> tuple[Verdict, str]:
    found = compare(target, actual, EXCEEDED_FROM)
    return found.verdict, "" if found.attainment is None else f"{found.attainment:.4f}"


@pytest.mark.parametrize(
    ("kind", "strict", "value", "expected"),
    [
        (TargetKind.AT_LEAST, False, "10", (Verdict.MET, "1.0000")),
        (TargetKind.AT_LEAST, True, "10", (Verdict.MISSED, "1.0000")),
        (TargetKind.AT_LEAST, False, "9.999", (Verdict.MISSED, "0.9999")),
        (TargetKind.AT_LEAST, False, "12.99", (Verdict.MET, "1.2990")),
        (TargetKind.AT_LEAST, False, "13", (Verdict.EXCEEDED, "1.3000")),
        (TargetKind.AT_LEAST, False, "-5", (Verdict.MISSED, "-0.5000")),
        (TargetKind.UNSIGNED, False, "9", (Verdict.MISSED, "0.9000")),
        (TargetKind.UNSIGNED, False, "20", (Verdict.EXCEEDED, "2.0000")),
        (TargetKind.EQUAL, False, "10", (Verdict.MET, "1.0000")),
        (TargetKind.EQUAL, False, "9", (Verdict.MISSED, "0.9000")),
        (TargetKind.EQUAL, False, "11", (Verdict.UNDETERMINED, "")),
        (TargetKind.AT_MOST, False, "10", (Verdict.MET, "1.0000")),
        (TargetKind.AT_MOST, True, "10", (Verdict.MISSED, "1.0000")),
        (TargetKind.AT_MOST, False, "12.5", (Verdict.MISSED, "0.8000")),
        (TargetKind.AT_MOST, False, "1", (Verdict.MET, "10.0000")),
        (TargetKind.AT_MOST, False, "0", (Verdict.MET, "")),
        (TargetKind.AT_MOST, False, "-1", (Verdict.MET, "")),
    ],
)
def test_figures_at_and_around_the_boundary(
    kind: TargetKind, *, strict: bool, value: str, expected: tuple[Verdict, str]
) -> None:
    bound = number("10", "次")
    maximum = kind is TargetKind.AT_MOST
    target = Target("", kind, low=None if maximum else bound, high=bound if maximum else None, strict=strict)
    assert judge(target, figure(value, "次")) == expected


def test_the_first_source_documents_savings_rate() -> None:
    target = Target("≥5%", TargetKind.AT_LEAST, low=number("5", "%"))
    assert compare(target, figure("-89.29", "%"), EXCEEDED_FROM) == Comparison(
        Verdict.MISSED, Decimal("-17.858")
    )


@pytest.mark.parametrize("value", ["100", "120"])
def test_a_hundred_percent_is_a_minimum(value: str) -> None:
    target = Target("100%", TargetKind.EQUAL, low=number("100", "%"), high=number("100", "%"))
    assert judge(target, figure(value, "%"))[0] is Verdict.MET


@pytest.mark.parametrize(
    ("fails", "value", "verdict"),
    [
        (None, "5", Verdict.MISSED),
        (None, "25", Verdict.MISSED),
        (Side.BELOW, "5", Verdict.MISSED),
        (Side.BELOW, "25", Verdict.UNDETERMINED),
        (Side.NONE, "5", Verdict.UNDETERMINED),
        (Side.NONE, "10", Verdict.MET),
        (Side.NONE, "20", Verdict.MET),
    ],
)
def test_ranges(fails: Side | None, value: str, verdict: Verdict) -> None:
    target = Target("10-20", TargetKind.BETWEEN, low=number("10"), high=number("20"), fails=fails)
    assert compare(target, figure(value), EXCEEDED_FROM).verdict is verdict


@pytest.mark.parametrize(
    ("low", "high", "value", "verdict"),
    [
        ("0", None, "0", Verdict.MET),
        ("0", None, "1", Verdict.MISSED),
        ("0", None, "-1", Verdict.UNDETERMINED),
        (None, "0", "-1", Verdict.MET),
        (None, "0", "1", Verdict.MISSED),
        ("0", "0", "2", Verdict.MISSED),
    ],
)
def test_nothing_may_happen(low: str | None, high: str | None, value: str, verdict: Verdict) -> None:
    target = Target(
        "0", TargetKind.ZERO, low=number(low) if low else None, high=number(high) if high else None
    )
    assert compare(target, figure(value), EXCEEDED_FROM) == Comparison(
        verdict, reason="目标为零，实际完成值为负数" if verdict is Verdict.UNDETERMINED else ""
    )


@pytest.mark.parametrize(
    ("strict", "sign", "value", "verdict"),
    [
        (False, Comparator.MORE, "3.5", Verdict.MET),
        (False, Comparator.AT_LEAST, "3.5", Verdict.MET),
        (False, Comparator.AT_LEAST, "3", Verdict.UNDETERMINED),
        (True, Comparator.AT_LEAST, "3.5", Verdict.UNDETERMINED),
        (True, Comparator.MORE, "3.5", Verdict.MET),
        (False, Comparator.LESS, "3.5", Verdict.MISSED),
        (False, Comparator.AT_MOST, "3.5", Verdict.UNDETERMINED),
        (True, Comparator.AT_MOST, "3.5", Verdict.MISSED),
        (False, Comparator.AT_MOST, "2", Verdict.MISSED),
    ],
)
def test_a_bound_decides_only_what_it_proves(
    *, strict: bool, sign: Comparator, value: str, verdict: Verdict
) -> None:
    target = Target("", TargetKind.AT_LEAST, low=number("3.5"), strict=strict)
    assert judge(target, figure(value, sign=sign)) == (verdict, "")


def test_different_units_are_named() -> None:
    target = Target("≥3万元", TargetKind.AT_LEAST, low=Quantity(Decimal(30000), "元", unit="万元"))
    actual = Actual("5次", ActualKind.FIGURE, Quantity(Decimal(5), "次", unit="次"))
    assert compare(target, actual, EXCEEDED_FROM) == Comparison(
        Verdict.UNDETERMINED, reason="单位不同：目标为“万元”，实际为“次”"
    )


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        (TargetKind.BLANK, ActualKind.BLANK, (Verdict.BLANK, "年度指标值未填")),
        (TargetKind.QUALITATIVE, ActualKind.BLANK, (Verdict.BLANK, "实际完成值未填")),
        (TargetKind.UNREADABLE, ActualKind.WORDS, (Verdict.UNDETERMINED, "年度指标值不能确定其数值")),
        (TargetKind.RELATIVE, ActualKind.WORDS, (Verdict.UNDETERMINED, "目标与表外的数比较，表内无从核对")),
        (TargetKind.QUALITATIVE, ActualKind.UNREADABLE, (Verdict.UNDETERMINED, "实际完成值不能确定其数值")),
        (TargetKind.QUALITATIVE, ActualKind.WORDS, (Verdict.QUALITATIVE, "从文字看不出完成程度")),
        (TargetKind.AT_LEAST, ActualKind.WORDS, (Verdict.UNDETERMINED, "目标是数值，实际完成值没有写出数值")),
        (
            TargetKind.DEADLINE,
            ActualKind.WORDS,
            (Verdict.UNDETERMINED, "目标是期限，实际完成值没有写出完成日期"),
        ),
    ],
)
def test_what_cannot_be_compared_says_why(
    target: TargetKind, actual: ActualKind, expected: tuple[Verdict, str]
) -> None:
    found = compare(Target("", target), Actual("", actual), EXCEEDED_FROM)
    assert (found.verdict, found.reason) == expected


def test_the_level_of_words_is_said() -> None:
    actual = Actual("提高", ActualKind.WORDS, words="提高", level="reached")
    assert compare(Target("提高", TargetKind.QUALITATIVE), actual, EXCEEDED_FROM) == Comparison(
        Verdict.QUALITATIVE, reason="“提高”读作达成预期"
    )


@pytest.mark.parametrize(
    ("since", "when", "verdict"),
    [
        (None, date(2024, 8, 31), Verdict.MET),
        (None, date(2024, 9, 1), Verdict.UNDETERMINED),
        (None, date(2024, 9, 30), Verdict.UNDETERMINED),
        (None, date(2024, 10, 1), Verdict.MISSED),
        (date(2024, 9, 20), date(2024, 10, 10), Verdict.UNDETERMINED),
        (date(2024, 10, 1), date(2024, 12, 31), Verdict.MISSED),
    ],
)
def test_deadlines_with_two_readings(since: date | None, when: date, verdict: Verdict) -> None:
    target = Target("9月前", TargetKind.DEADLINE, due=date(2024, 9, 30), due_surely=date(2024, 8, 31))
    actual = Actual("", ActualKind.DATE, when=when, since=since)
    assert compare(target, actual, EXCEEDED_FROM).verdict is verdict


def test_a_date_without_year_beside_one_with() -> None:
    target = Target("9月30日", TargetKind.DEADLINE, due=date(4, 9, 30), yearless=True)
    actual = Actual("2024年8月", ActualKind.DATE, when=date(2024, 8, 31))
    assert compare(target, actual, EXCEEDED_FROM) == Comparison(
        Verdict.UNDETERMINED, reason="目标与实际只有一方写明年份"
    )
