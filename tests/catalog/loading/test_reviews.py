"""The tables `sample` and `uses` of a scheme: read as written, each fault named once at its line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import load_scheme, validate_file
from jixiao.catalog.loading.seeds import scheme_path, seeds_folder
from jixiao.domain.forms import Scope
from jixiao.domain.reviews import Level, Outcome, RiskFact, SampledMoney, SampleRule, Strata, UseRule
from tests.builders.seeds import line_of, write_more, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = """
[sample]
title = "抽查"
basis = "办法第九条"
scopes = ["project"]
money = "executed"
strata = "code"
digits = 3
money_share = 60.5
risk_share = 5
[sample.weights]
errors = 2.5
late = 1
"""
USES = """
[uses.cut]
title = "连续两年低"
outcome = "reduce"
text = "压减"
basis = "办法第十条"
levels = ["project"]
rate_below = 60
last_rate_below = 60
reduce = 20
[uses.best]
title = "甲等"
outcome = "keep"
basis = "办法第十条"
grades = ["甲"]
errors_from = 3
"""


def test_both_are_read_as_written(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_more(tmp_path, SAMPLE + USES))
    weights = dict.fromkeys(RiskFact, Decimal(0))
    weights |= {RiskFact.ERRORS: Decimal("2.5"), RiskFact.LATE: Decimal(1)}
    assert scheme.reviews.sample == SampleRule(
        title="抽查",
        basis="办法第九条",
        scopes=(Scope.PROJECT,),
        money=SampledMoney.EXECUTED,
        strata=Strata.CODE,
        digits=3,
        count=None,
        money_share=Decimal("60.5"),
        risk_from=None,
        risk_share=Decimal(5),
        most=Decimal(30),
        weights=weights,
    )
    cut = UseRule(
        *("cut", "连续两年低", Outcome.REDUCE, "压减", "办法第十条", (Level.PROJECT,)),
        rate_below=Decimal(60),
        last_rate_below=Decimal(60),
        reduce=Decimal(20),
    )
    best = UseRule("best", "甲等", Outcome.KEEP, "", "办法第十条", grades=("甲",), errors_from=3)
    assert scheme.uses == (cut, best)


def test_a_scheme_without_them_chooses_nobody_and_decides_nothing(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    assert (scheme.reviews.sample, scheme.uses) == (None, ())


FAULTS = [
    (
        'scopes = ["project"]',
        'scopes = ["basic_data"]',
        "sample.scopes[1]",
        "不认识“basic_data”，可用：overall、project、scoring_table。",
    ),
    (
        'money = "executed"',
        'money = "initial"',
        "sample.money",
        "不认识“initial”，可用：annual_budget、executed。",
    ),
    (
        "money_share = 60.5",
        "money_share = 101",
        "sample.money_share",
        "“money_share”是百分数，不能大于 100，现为 101。",
    ),
    ("money_share = 60.5", "", "sample", "“count”（每层抽取个数）和“money_share”（金额占比）至少要有一项。"),
    ("money_share = 60.5", "count = 0", "sample.count", "“count”应在 1 与 1000000 之间，现为 0。"),
    ("digits = 3", "", "sample.digits", "缺少“digits”（整数）。"),
    ("errors = 2.5", "errors = -1", "sample.weights.errors", "“errors”不能为负数，现为 -1。"),
    (
        "late = 1",
        "lates = 1",
        "sample.weights.lates",
        "不认识的键“lates”，此处可用：blocking、errors、warnings、execution、unverified、late、signals、resent、eased、money。",
    ),
    ('basis = "办法第九条"', "", "sample.basis", "缺少“basis”（文字）。"),
    ('outcome = "keep"', 'outcome = "best"', "uses.best.outcome", "不认识“best”，可用：keep、mend、reduce。"),
    ('grades = ["甲"]', 'grades = ["丁"]', "uses.best.grades[1]", "没有名为“丁”的等级，可用：甲、乙。"),
    (
        'grades = ["甲"]',
        "reduce = 5",
        "uses.best.reduce",
        '只有压减（outcome = "reduce"）的规则才能写“reduce”（压减比例）。',
    ),
    (
        'levels = ["project"]',
        "rate_from = 60",
        "uses.cut.rate_from",
        "“rate_from”（60）应小于“rate_below”（60）。",
    ),
    (
        "errors_from = 3",
        "errors_from = 0",
        "uses.best.errors_from",
        "“errors_from”应在 1 与 1000000 之间，现为 0。",
    ),
    ("rate_below = 60\nlast_rate_below = 60\n", "", "", ""),
    (
        'levels = ["project"]\nrate_below = 60\nlast_rate_below = 60\n',
        "",
        "uses.best",
        "“连续两年低”没有条件、总是适用，排在它后面的“甲等”用不到；请调整顺序。",
    ),
]


@pytest.mark.parametrize(("old", "new", "key", "message"), FAULTS)
def test_one_fault_one_problem(tmp_path: Path, old: str, new: str, key: str, message: str) -> None:
    assert (SAMPLE + USES).count(old) == 1
    seeds = write_more(tmp_path, (SAMPLE + USES).replace(old, new))
    path = scheme_path("bluestone", seeds)
    found = [(each.key, each.message) for each in validate_file(path, seeds)]
    assert found == ([(key, message)] if key else [])
    if new:
        assert [each.line for each in validate_file(path, seeds)] == [line_of(path, new.splitlines()[-1])]


def test_proposals_for_grades_that_a_scheme_calls_otherwise_are_idle(tmp_path: Path) -> None:
    """What the national scheme proposes for 优, 良, 中, 差 is not for a scheme with other grades."""
    own = tmp_path / "schemes" / "own.toml"
    own.parent.mkdir(parents=True)
    grades = "".join(f'[[grades]]\ngrade = "{name}"\nlow = {low}\n' for name, low in (("好", 60), ("坏", 0)))
    own.write_text(f'extends = "national"\ntitle = "本地"\njurisdiction = "某地"\n{grades}', encoding="utf-8")
    assert validate_file(own, tmp_path, seeds_folder()) == ()
    assert [rule.id for rule in load_scheme("own", tmp_path, seeds_folder()).uses] == ["mend_first"]
    with own.open("a", encoding="utf-8") as file:
        file.write(
            '[uses.own]\ntitle = "好"\noutcome = "keep"\nbasis = "某办法"\ngrades = ["优"]\nproposed = true\n'
        )
    (problem,) = validate_file(own, tmp_path, seeds_folder())
    assert (problem.key, problem.message) == ("uses.own.grades[1]", "没有名为“优”的等级，可用：好、坏。")


@pytest.mark.parametrize("scheme_id", ["national", "hunan-provincial", "yueyang-municipal"])
def test_what_we_ship_is_said_to_be_the_offices_own_to_decide(scheme_id: str) -> None:
    scheme = load_scheme(scheme_id, seeds_folder())
    assert scheme.reviews.sample
    assert "由财政部门自行确定" in scheme.reviews.sample.basis
    assert all(rule.proposed and "所列制度没有规定" in rule.basis for rule in scheme.uses)
    assert all(rule.reduce is None for rule in scheme.uses)
