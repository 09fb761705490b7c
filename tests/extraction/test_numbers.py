"""Tests of jixiao.extraction.numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.quantities import Quantity
from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.numbers import (
    Measure,
    parse_quantity,
    read_hint,
    read_numeral,
    read_stored,
    spell_figure,
)
from tests.builders.lexicon import LEXICON

GRAMMAR = grammar_of(LEXICON)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十三", 23),
        ("一百", 100),
        ("百", 100),
    ],
)
def test_numerals_up_to_a_hundred(text: str, value: int) -> None:
    assert read_numeral(text, GRAMMAR) == Decimal(value)


@pytest.mark.parametrize("text", ["三五", "二〇", "十十", "二十三四", "零十", "三百", "一百二"])
def test_no_numeral_that_is_read(text: str) -> None:
    assert read_numeral(text, GRAMMAR) is None


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("三次", "3次"),
        ("不少于十二场", "不少于12场"),
        ("百分之九十五以上", "百分之95以上"),
        ("完成三期", "完成3期"),
        ("一次性", "一次性"),
        ("三公经费", "三公经费"),
        ("第一名", "第1名"),
        ("五位一体", "五位一体"),
        ("三", "三"),
        ("三次5个", "三次5个"),
    ],
)
def test_numerals_are_read_only_with_a_unit_and_nothing_else(text: str, spelled: str) -> None:
    assert spell_figure(text, GRAMMAR) == spelled


@pytest.mark.parametrize(
    ("text", "value", "dimension", "step"),
    [
        ("5.8万亿", "5800000000000", "", "100000000000"),
        ("７,４３４.２", "7434.2", "", "0.1"),
        ("2部", "2", "部", "1"),
        ("-89.29%", "-89.29", "%", "0.01"),
        ("－5", "-5", "", "1"),
        ("+6.2%", "6.2", "%", "0.1"),
        ("（1,234.50）", "-1234.50", "", "0.01"),
        ("6.5次/10万公顷", "6.5", "次/10万公顷", "0.1"),
        ("0.5‰", "0.05", "%", "0.01"),
        ("1,234.56 万元", "12345600", "元", "100"),
        ("3.2亿立方米", "320000000", "立方米", "10000000"),
        ("2小时", "7200", "秒", "3600"),
        ("2年", "24", "个月", "12"),
        ("12（次）", "12", "次", "1"),
        ("5个百分点", "5", "百分点", "1"),
        ("4.9万场次", "49000", "次", "1000"),
        ("30千米", "30000", "米", "1000"),
        (".5", "0.5", "", "0.1"),
    ],
)
def test_a_figure_with_its_unit(text: str, value: str, dimension: str, step: str) -> None:
    assert parse_quantity(text, LEXICON) == Quantity(Decimal(value), dimension, Decimal(step))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "约500",
        "500左右",
        "100以上",
        "≥3",
        "12 3",
        "1,23",
        "1,234,5",
        "1.2.3",
        "--5",
        "-+5",
        "007",
        "(3)",
        "10²",
        "5G",
        "3元钱",
        "1:1",
        "10-20",
        "9" * 21,
        "NaN",
        "Infinity",
        "1e5",
        "٣",
        "三",
    ],
)
def test_no_exact_figure(text: str) -> None:
    assert parse_quantity(text, LEXICON) is None


def test_what_a_unit_was_printed_as_is_kept() -> None:
    found = parse_quantity("5.8万次", LEXICON)
    assert found is not None
    assert (found.unit, found.scale, found.is_bare) == ("万次", Decimal(10000), False)
    bare = parse_quantity("5.8", LEXICON)
    assert bare is not None
    assert (bare.unit, bare.scale, bare.is_bare) == ("", Decimal(1), True)


@pytest.mark.parametrize(
    ("stored", "percent", "hint", "value", "dimension"),
    [
        ("0.97", True, "", "97", "%"),
        ("1", True, "次", "100", "%"),
        ("97", False, "%", "97", "%"),
        ("0.97", False, "%", "0.97", ""),
        ("0", False, "%", "0", "%"),
        ("3.5", False, "万元", "35000", "元"),
        ("0.9500000000000001", True, "", "95", "%"),
        ("5173.990000000001", False, "", "5173.99", ""),
        ("1E+300", False, "", "1E+300", ""),
    ],
)
def test_a_number_cell(stored: str, percent: bool, hint: str, value: str, dimension: str) -> None:  # noqa: FBT001 - a table's column
    found = read_stored(Decimal(stored), percent=percent, hint=read_hint(hint, LEXICON))
    assert found is not None
    assert (found.value, found.dimension) == (Decimal(value), dimension)


@pytest.mark.parametrize("stored", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_a_number_cell_without_a_number(stored: str) -> None:
    assert read_stored(Decimal(stored), percent=False, hint=Measure()) is None


@pytest.mark.parametrize("hint", ["", "本级", "3次", "1", "含税"])
def test_a_hint_that_is_no_unit(hint: str) -> None:
    assert read_hint(hint, LEXICON) == Measure()


def test_the_cells_own_unit_goes_before_the_names() -> None:
    hint = read_hint("万次", LEXICON)
    assert hint.quantity(Decimal(3)) == Quantity(Decimal(30000), "次", Decimal(10000))
    scaled = Measure(factor=Decimal(100000000), printed="亿", scaled=True)
    assert scaled.within(hint, Decimal(1)).quantity(Decimal(1)).value == Decimal(100000000)
    assert scaled.within(hint, Decimal(1)).dimension == "次"
    other = Measure("人", printed="人")
    assert other.within(hint, Decimal(1)) is other
