from __future__ import annotations

import pytest

from jixiao.extraction.signs import tidy
from jixiao.extraction.spelling import normalise
from tests.builders.lexicon import LEXICON


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
