from __future__ import annotations

import pytest

from jixiao.extraction.hints import is_lower_better, unit_hint
from tests.builders.lexicon import LEXICON


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
