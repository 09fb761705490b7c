"""Targets and actuals from words of the field and signs of none, compared with each other."""

from __future__ import annotations

import random
from decimal import Decimal

from jixiao.extraction.actuals import parse_actual
from jixiao.extraction.targets import parse_target
from jixiao.scoring.indicators import compare
from tests.builders.lexicon import LEXICON
from tests.extraction.test_language_laws import ODD, WORDS, WRITTEN
from tests.hostile.extremes import TEXTS

_EXCEEDED_FROM = Decimal("1.3")
_PIECES = (*WORDS, *WRITTEN, *ODD, *TEXTS)
_MOST = 8


def compared(seed: int) -> None:
    """Read a generated target and an actual beside it, and compare them; raises what they raise."""
    chance = random.Random(seed)  # noqa: S311 no secret
    wanted, reported = (
        "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, _MOST))) for _ in range(2)
    )
    if chance.random() < 0.1:
        reported = wanted
    target = parse_target(wanted, percent_format=False, lexicon=LEXICON, year=2024)
    actual = parse_actual(reported, percent_format=False, lexicon=LEXICON, target=target, year=2024)
    compare(target, actual, _EXCEEDED_FROM)
