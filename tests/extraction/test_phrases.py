"""Tests of jixiao.extraction.phrases."""

from __future__ import annotations

import pytest

from jixiao.domain.text_keys import normalise
from jixiao.extraction.phrases import tidy
from tests.builders.lexicon import LEXICON


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("≥ ９５ ％", "≥95%"),
        ("１，２３４．５", "1,234.5"),
        ("三 级\n指\u3000标\t", "三级指标"),
        ("12 3次", "12 3次"),
        ("≥5\n10", "≥5 10"),
        ("－８９．２９％", "-89.29%"),
        ("10—20", "10-20"),
        ("10～20", "10~20"),
        ("＞＝3", ">=3"),
        ("5㎡", "5m2"),
        ("10²", "10²"),
        ("①完成", "①完成"),
        ("½", "½"),
        ("“三公”经费", "三公经费"),
        ("\u200b\ufeff95%\u200d", "95%"),
        ("【万元】", "(万元)"),
        ("", ""),
    ],
)
def test_one_spelling_for_every_way_to_type_it(text: str, spelled: str) -> None:
    assert normalise(text) == spelled


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("═100%", "=100%"),
        ("》95%", ">95%"),
        ("》=95%", ">=95%"),
        ("〉＝95%", ">=95%"),
        ("≥＝95%", ">=95%"),
        ("≥≥95%", ">=95%"),
        ("＝＞95%", ">=95%"),
        ("⩾95%", ">=95%"),
        ("《5%", "<5%"),
        ("≤＜5%", "<=5%"),
        ("100%%", "100%"),
        ("5‰‰", "5‰"),
        ("无合规无", "合规"),
        ("/合规/", "合规"),
        ("无95%无", "95%"),
        ("印发《办法》1份", "印发1份"),
        ("印发《办法》≥=1份", "印发>=1份"),
        ("≥95%", "≥95%"),
        ("≥≤95%", "≥≤95%"),
        ("<>5", "<>5"),
        ("无", "无"),
        ("无事故", "无事故"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_what_was_typed_is_brought_to_what_is_meant(text: str, meant: str) -> None:
    assert tidy(normalise(text), LEXICON) == meant
