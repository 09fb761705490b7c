from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.extraction.grammar import grammar_of
from jixiao.extraction.numerals import read_numeral, spell_figure
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
