from __future__ import annotations

import pytest

from jixiao.consolidation.rules import describe_scheme
from jixiao.consolidation.words import describe_criterion
from tests.builders.scoring_tables import SCHEME

CRITERIA = {criterion.id: criterion for criterion in SCHEME.criteria}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "staff_control",
            [
                "标准 100%，高于标准每个百分点扣 0.5 分",
                "不足一个百分点的不扣",
                "在职人员控制率＝实有人数÷人员编制",
            ],
        ),
        (
            "three_public_change",
            [
                "标准 0%，高于标准每个百分点扣 0.5 分",
                "不足一个百分点的不扣",
                "“三公经费”变动率＝（三公经费合计－（报送表没有））÷（报送表没有）",
            ],
        ),
        (
            "budget_adjustment",
            ["≤0% 得 3", "≤10% 得 2", "≤20% 得 1", "≤30% 得 0.5", "其余得 0", "预算调整率（报送表没有）"],
        ),
        ("payment_progress", ["每例扣 0.5 分", "未按进度下达资金的专项数（报送表没有）"]),
        ("balance", ["没有得 3，不超过得 2，超过得 0", "累计结余与上年结转比较"]),
        ("asset_rules", ["有资产管理制度且合法、合规、完整 2 分", "制度得到有效执行 1 分"]),
        ("growth_pole", ["部门可换成个性化指标"]),
    ],
)
def test_a_standard_in_words(name: str, words: list[str]) -> None:
    assert list(describe_criterion(CRITERIA[name], SCHEME)) == words


def test_a_scheme_of_standards_shows_no_rules_for_targets_and_no_composite() -> None:
    rows = describe_scheme(SCHEME)
    ids = [row.id for row in rows]
    assert ids[0] == "weights.scoring_table"
    assert ids[1 : len(CRITERIA) + 1] == list(CRITERIA)
    assert ids[len(CRITERIA) + 1] == "grades"
    assert not {"execution", "composite", "overshoot", *(rule.id for rule in SCHEME.rules)} & set(ids)
    assert {row.applies for row in rows if row.id in CRITERIA} == {"部门整体支出绩效评价评分表"}
