"""Targets and actuals as parsed, built directly."""

from __future__ import annotations

from decimal import Decimal

from jixiao.domain.amounts import step_of
from jixiao.domain.quantities import Actual, ActualKind, Comparator, Quantity, Target, TargetKind


def quantity(figure: str, unit: str = "") -> Quantity:
    value = Decimal(figure)
    return Quantity(value, unit, step_of(value))


def at_least(figure: str, unit: str = "") -> Target:
    return Target(f"≥{figure}{unit}", TargetKind.AT_LEAST, low=quantity(figure, unit))


def at_most(figure: str, unit: str = "") -> Target:
    return Target(f"≤{figure}{unit}", TargetKind.AT_MOST, high=quantity(figure, unit))


def equal(figure: str, unit: str = "") -> Target:
    exact = quantity(figure, unit)
    return Target(f"={figure}{unit}", TargetKind.EQUAL, low=exact, high=exact)


def unsigned(figure: str, unit: str = "") -> Target:
    return Target(f"{figure}{unit}", TargetKind.UNSIGNED, low=quantity(figure, unit))


def between(low: str, high: str, unit: str = "") -> Target:
    text = f"{low}-{high}{unit}"
    return Target(text, TargetKind.BETWEEN, low=quantity(low, unit), high=quantity(high, unit))


def zero() -> Target:
    return Target("0", TargetKind.ZERO, low=quantity("0"), high=quantity("0"))


def words(text: str) -> Target:
    return Target(text, TargetKind.QUALITATIVE, words=text)


def relative(text: str) -> Target:
    return Target(text, TargetKind.RELATIVE, words=text)


def figure(value: str, unit: str = "", sign: Comparator | None = None) -> Actual:
    text = f"{'＞' if sign else ''}{value}{unit}"
    return Actual(text, ActualKind.FIGURE, quantity(value, unit), sign)


def said(text: str, level: str = "reached") -> Actual:
    return Actual(text, ActualKind.WORDS, words=text, level=level)


def nothing() -> Actual:
    return Actual("", ActualKind.BLANK)
