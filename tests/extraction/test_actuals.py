from __future__ import annotations

import pytest

from jixiao.extraction.actuals import keeps_deadline, level_of
from tests.builders.lexicon import LEXICON


@pytest.mark.parametrize(
    ("words", "target", "level"),
    [
        ("显著提升", "提升", "reached"),
        ("全部落实到位", "落实", "reached"),
        ("不断完善", "完善", "reached"),
        ("良好", "良好", "reached"),
        ("良好", "优秀", ""),
        ("较好", "显著", ""),
        ("初步建成", "建成", "partly"),
        ("初步建成", "初步建成并运行", "reached"),
        ("未达标", "达标", "missed"),
        ("没有明显改善", "改善", "missed"),
        ("效果不显著", "显著", "missed"),
        ("未按时完成", "及时", "missed"),
        ("尚未完成", "完成", "missed"),
        ("无明显问题", "完善", ""),
        ("部分未完成", "完成", ""),
        ("完成不了", "完成", ""),
        ("是否完成", "完成", ""),
        ("无不提高", "提高", ""),
        ("下降", "提高", ""),
        ("有效降低", "下降", "reached"),
        ("有所下降", "下降", "partly"),
        ("成本降低", "优化", ""),
        ("", "提高", ""),
        ("提高", "", "reached"),
    ],
)
def test_levels(words: str, target: str, level: str) -> None:
    assert level_of(words, target, LEXICON) == level


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("按时完成", "reached"),
        ("已按期完成", "reached"),
        ("提前完成", "reached"),
        ("未按时完成", "missed"),
        ("基本按时完成", ""),
        ("已完成", ""),
        ("拟按时完成", ""),
    ],
)
def test_words_for_a_deadline(words: str, level: str) -> None:
    assert keeps_deadline(words, LEXICON) == level
