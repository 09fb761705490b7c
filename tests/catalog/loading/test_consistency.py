from __future__ import annotations

from decimal import Decimal

from jixiao.catalog.loading.consistency import METHOD_PARAMETERS, refute_parameters
from jixiao.domain.quantities import TargetKind
from jixiao.domain.scheme import Method, ScoringRule


def test_a_method_takes_its_own_parameters_and_needs_all_of_them() -> None:
    rule = ScoringRule(
        "r",
        "规则",
        frozenset({TargetKind.AT_MOST}),
        Method.BAND,
        "依据",
        {"slope": Decimal(1), "odd": Decimal(2)},
    )
    assert refute_parameters(rule, {Method.BAND: frozenset({"slope", "floor"})}) == {
        "odd": "方法 band 没有参数“odd”，可用：floor、slope。",
        "floor": "方法 band 缺少参数“floor”。",
    }
    assert refute_parameters(rule, {Method.BAND: frozenset({"slope", "odd"})}) == {}


def test_every_method_says_which_parameters_it_takes() -> None:
    assert set(METHOD_PARAMETERS) == set(Method)
